//! Bodies as they pass.

use apache_module::{Event, Filter, Flow, Request};

apache_module::exports! {
    filters: { filters_upper; filters_drop; filters_declines; filters_in; }
}

// Capitals, with something before and after.
fn filters_upper(f: &mut Filter, _: &Request, event: Event) -> Flow {
    match event {
        //: coroutine.yield
        Event::Start => f.write("(before)\n"),
        //: bucket
        Event::Data(_) => {
            f.write(f.read().to_ascii_uppercase());
            return Flow::Replace;
        }

        Event::Eos => f.write("(after)\n"),
        Event::Flush => {}
    }
    Flow::Pass
}

// Chunks that vanish.
fn filters_drop(f: &mut Filter, _: &Request, event: Event) -> Flow {
    match event {
        Event::Data(_) => return Flow::Replace,
        Event::Eos => f.write("dropped\n"),
        Event::Start | Event::Flush => {}
    }
    Flow::Pass
}

// Not for this request.
fn filters_declines(f: &mut Filter, r: &Request, event: Event) -> Flow {
    if event == Event::Start {
        if r.args().as_deref() == Some(b"no") {
            return Flow::Remove;
        }
        f.write("(yes)\n");
    }
    Flow::Pass
}

// What a client sends.
fn filters_in(f: &mut Filter, _: &Request, event: Event) -> Flow {
    match event {
        Event::Data(_) => {
            f.write(f.read().to_ascii_uppercase());
            return Flow::Replace;
        }
        Event::Eos => f.write("&end=added"),
        Event::Start | Event::Flush => {}
    }
    Flow::Pass
}
