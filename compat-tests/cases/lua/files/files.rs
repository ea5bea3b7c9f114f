//! Files and folders.

use crate::show::tell as show;
use apache_module::file::{self, APR_FPROT_OS_DEFAULT};
use apache_module::{Request, Status, stat};

apache_module::exports! {
    functions: { files; }
}

fn files(r: &Request) -> Status {
    let documents = r.document_root().unwrap_or_default();
    let below = |name: &str| [&documents[..], b"/../space", name.as_bytes()].concat();

    //: r:stat
    let info = stat::stat(&[&documents[..], b"/lines.txt"].concat()).ok();
    show(r, "size", info.as_ref().map(|info| info.size));
    show(r, "mtime", info.as_ref().map(|info| info.mtime));
    show(r, "filetype", info.as_ref().map(|info| i64::from(info.filetype)));
    show(r, "nothing there", stat::stat(&below("/none")).ok().map(|info| info.size));

    //: r:mkdir
    show(r, "mkdir", file::mkdir(&below("/one"), APR_FPROT_OS_DEFAULT).is_ok());
    show(r, "again", file::mkdir(&below("/one"), APR_FPROT_OS_DEFAULT).is_ok());
    show(r, "without its parent", file::mkdir(&below("/two/three"), APR_FPROT_OS_DEFAULT).is_ok());

    //: r:mkrdir
    show(r, "mkrdir", file::mkrdir(&below("/two/three"), APR_FPROT_OS_DEFAULT).is_ok());

    //: r:touch
    show(r, "touch", file::touch(&below("/file"), Some(1000000000000000)).is_ok());
    show(r, "touched", stat::stat(&below("/file")).ok().map(|info| info.mtime));
    show(r, "touch of nothing", file::touch(&below("/none"), Some(0)).is_ok());

    //: r:get_direntries
    let mut entries = file::get_direntries(&below("")).unwrap_or_default();
    entries.sort();
    show(r, "entries", entries.join(&b" "[..]));
    show(r, "entries of nothing", file::get_direntries(&below("/none")).ok().map(|_| "some"));

    //: r:rmdir
    show(r, "rmdir", file::rmdir(&below("/one")).is_ok());
    show(r, "rmdir of a full one", file::rmdir(&below("/two")).is_ok());
    Status::OK
}
