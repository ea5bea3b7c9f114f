//! Messages of each level.

use apache_module::{Request, Status, log};

apache_module::exports! {
    functions: { logging; }
}

fn logging(r: &Request) -> Status {
    //: r:emerg
    log!(r, APLOG_EMERG, "of level emerg");

    //: r:alert
    log!(r, APLOG_ALERT, "of level alert");

    //: r:crit
    log!(r, APLOG_CRIT, "of level crit");

    //: r:err
    log!(r, APLOG_ERR, "of level err");

    //: r:warn
    log!(r, APLOG_WARNING, "of level warn");

    //: r:notice
    log!(r, APLOG_NOTICE, "of level notice");

    //: r:info
    log!(r, APLOG_INFO, "of level info");

    //: r:debug
    log!(r, APLOG_DEBUG, "of level debug");

    //: r:trace1
    log!(r, APLOG_TRACE1, "of level trace1");

    //: r:trace2
    log!(r, APLOG_TRACE2, "of level trace2");

    //: r:trace3
    log!(r, APLOG_TRACE3, "of level trace3");

    //: r:trace4
    log!(r, APLOG_TRACE4, "of level trace4");

    //: r:trace5
    log!(r, APLOG_TRACE5, "of level trace5");

    //: r:trace6
    log!(r, APLOG_TRACE6, "of level trace6");

    //: r:trace7
    log!(r, APLOG_TRACE7, "of level trace7");

    //: r:trace8
    log!(r, APLOG_TRACE8, "of level trace8");

    // What could be taken for a format, and for two lines.
    log!(r, APLOG_INFO, "100 %s %d %n\nand a second line\t\"quoted\"");
    r.write("logged\n");
    Status::OK
}
