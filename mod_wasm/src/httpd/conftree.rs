//! http_config.h: ap_directive_t, the configuration as it was read, with all that it holds. Only read, and only while
//! requests are served.

use super::bindings::*;
use super::bytes::bytes;
use super::pool::Pool;
use super::request::Request;

/// One directive.
pub(crate) struct Directive {
    /// How many sections it stands in, from where the walk began.
    pub(crate) depth: usize,
    /// Its name, `<VirtualHost` for a section.
    pub(crate) name: &'static [u8],
    /// Its arguments as written.
    pub(crate) args: &'static [u8],
    /// Its file.
    pub(crate) file: &'static [u8],
    /// Its line.
    pub(crate) line: i32,
}

impl Directive {
    /// Its arguments as words, without their quotes (ap_getword_conf).
    pub(crate) fn words(&self, pool: Pool<'_>) -> Vec<Vec<u8>> {
        let mut rest = pool.strdup_cut(self.args).cast_const();
        let mut words = Vec::new();
        // SAFETY: a C string in the pool, of which ap_getword_conf goes on to the next word, until the NUL at its end.
        unsafe {
            while *rest != 0 {
                words.push(bytes(ap_getword_conf(pool.raw(), &mut rest)).unwrap_or_default().to_vec());
            }
        }
        words
    }
}

/// The whole configuration, sections before what they hold (http_config.h:ap_conftree).
pub(crate) fn all() -> Walk {
    // SAFETY: the tree lives as long as the configuration and is changed while that is read only.
    Walk { next: unsafe { ap_conftree }, depth: 0 }
}

impl Request<'_> {
    /// What the virtual host of the request holds; `None` in the main server, whose lines have no section. A virtual
    /// host knows its file and line (httpd.h:server_rec).
    pub(crate) fn virtual_host(self) -> Option<Walk> {
        // SAFETY: as in `all`; the request's server lives.
        unsafe {
            let server = self.server_raw();
            if (*server).is_virtual == 0 {
                return None;
            }
            let (file, line) = (bytes((*server).defn_name)?, (*server).defn_line_number);
            let mut walk = all();
            loop {
                let at = walk.next.as_ref()?;
                let found = walk.next()?;
                let is_it = found.line as u32 == line && found.file == file;
                if is_it && found.name.eq_ignore_ascii_case(b"<VirtualHost") {
                    return Some(Walk { next: at.first_child, depth: 0 });
                }
            }
        }
    }
}

/// A walk through directives, each before what it holds.
pub(crate) struct Walk {
    next: *mut ap_directive_t,
    depth: usize,
}

impl Iterator for Walk {
    type Item = Directive;

    fn next(&mut self) -> Option<Directive> {
        // SAFETY: nodes and their texts live as long as the configuration. The walk goes up only as often as it went down.
        unsafe {
            let at = self.next.as_ref()?;
            let directive = Directive {
                depth: self.depth,
                name: bytes(at.directive).unwrap_or_default(),
                args: bytes(at.args).unwrap_or_default(),
                file: bytes(at.filename).unwrap_or_default(),
                line: at.line_num,
            };
            self.next = at.first_child;
            self.depth += 1;
            let mut from = at;
            if self.next.is_null() {
                self.next = from.next;
                self.depth -= 1;
            }
            while self.next.is_null() && self.depth > 0 {
                let Some(parent) = from.parent.as_ref() else { break };
                from = parent;
                self.next = from.next;
                self.depth -= 1;
            }
            Some(directive)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ptr::null_mut;

    fn node(name: &'static std::ffi::CStr, line: i32) -> Box<ap_directive_t> {
        // SAFETY: a node of nothing but NULLs and zeros is valid.
        let mut node: Box<ap_directive_t> = Box::new(unsafe { std::mem::zeroed() });
        (node.directive, node.line_num) = (name.as_ptr(), line);
        node
    }

    #[test]
    fn sections_come_before_what_they_hold_and_the_walk_stays_inside() {
        let (mut outer, mut inner, mut deep, mut last, mut after) =
            (node(c"<A", 1), node(c"<B", 2), node(c"c", 3), node(c"d", 4), node(c"e", 5));
        outer.first_child = &mut *inner;
        outer.next = &mut *after;
        (inner.parent, inner.first_child, inner.next) = (&mut *outer, &mut *deep, &mut *last);
        (deep.parent, last.parent) = (&mut *inner, &mut *outer);
        let seen = |next: *mut ap_directive_t| Walk { next, depth: 0 }.map(|d| (d.depth, d.line)).collect::<Vec<_>>();
        assert_eq!(seen(&mut *outer), [(0, 1), (1, 2), (2, 3), (1, 4), (0, 5)]);
        assert_eq!(seen(&mut *inner), [(0, 2), (1, 3), (0, 4)]);
        assert_eq!(seen(&mut *deep), [(0, 3)]);
        assert_eq!(seen(null_mut()), []);
    }
}
