//! The error texts of directives.

use super::{Site, error};

#[test]
fn errors_are_the_native_ones() {
    for (line, text) in [
        ("RewriteRule", "RewriteRule: bad argument line ''"),
        ("RewriteRule x", "RewriteRule: bad argument line 'x'"),
        ("RewriteRule x y L", "RewriteRule: bad flag delimiters"),
        ("RewriteRule x y [X]", "RewriteRule: unknown flag 'X'"),
        ("RewriteRule x y [backrefnoplus]", "RewriteRule: unknown flag 'backrefnoplus'"),
        ("RewriteRule x y []", "RewriteRule: unknown flag ''"),
        ("RewriteRule x y [R=418]", "RewriteRule: invalid HTTP response code '418' for flag 'R'"),
        ("RewriteRule x y [R=99]", "RewriteRule: invalid HTTP response code '99' for flag 'R'"),
        ("RewriteRule x y [BNE]", "RewriteRule: flag 'BNE' wants a list of characters (i.e. [BNE=...])"),
        ("RewriteRule ( y", "RewriteRule: cannot compile regular expression '('"),
        ("RewriteCond x", "RewriteCond: bad argument line 'x'"),
        ("RewriteCond x y [L]", "RewriteCond: unknown flag 'L'"),
        ("RewriteCond x !(", "RewriteCond: cannot compile regular expression '('"),
        ("RewriteCond expr syntax", "RewriteCond: cannot compile expression \"syntax\" syntax error near 'syntax'"),
        ("RewriteOptions inherit nope", "RewriteOptions: unknown option 'nope'"),
        ("RewriteBase /x", "RewriteBase: only valid in per-directory config files"),
        ("RewriteMap m txt:none", "RewriteMap: file for map m not found:/root/none"),
        ("RewriteMap m dbm", "RewriteMap: bad map:dbm"),
        ("RewriteMap m dbm=x", "RewriteMap: bad map:dbm=x"),
        ("RewriteMap m int:none", "RewriteMap: internal map not found:none"),
        ("RewriteMap m dbd:select", "RewriteMap types dbd and fastdbd require mod_dbd!"),
    ] {
        assert_eq!(error(line), text, "{line}");
    }
}

#[test]
fn odd_flags_that_native_takes() {
    Site::of(&[
        "RewriteRule x y [dummy]",
        "RewriteRule x y [F=1,END=1]",
        "RewriteRule x y [N=abc]",
        "RewriteRule x y [E,CO]",
        "RewriteRule x y [R=204]",
        "RewriteRule x y [QSA,QSD,qslast]",
        "RewriteRule x y [R=nonsense]",
        "RewriteRule x y [unsafePREFIXstat,UnsafeAllow3F,UNC]",
        "RewriteRule x y \"[ L , NC ]\"",
        "RewriteRule \"x y\" 'a b' [NE]",
        "RewriteCond a -lt",
        "RewriteCond %{TIME} -ne5 [NC]",
    ]);
}
