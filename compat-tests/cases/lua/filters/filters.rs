//! Bodies as they pass.

use apache_module::{Event, Filter, Flow, Request, Status};

apache_module::exports! {
    functions: { filters_echo; filters_chosen; }
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
        Event::Start | Event::Flush | Event::Eos => {}
    }
    Flow::Pass
}

fn filters_echo(r: &Request) -> Status {
    let body = r.body(1 << 20).unwrap_or_default();
    r.write([b"body: ", &body[..], b"\n"].concat());
    Status::OK
}

// Filters of a guest's own choice.
fn filters_chosen(r: &Request) -> Status {
    //: r:add_output_filter
    r.add_output_filter("FIXUP_HEADERS_OUT");

    //: r:add_input_filter
    let added = r.add_input_filter("SHOUT");
    r.write(format!("added: {added}\n"));
    r.write(format!("unknown: {}\n", r.add_input_filter("NO-SUCH")));
    filters_echo(r)
}
