//! Every failure in every place of an extension: the answer, one line in the log, others undisturbed, the same child, its
//! memory, and each failure counted.
use host_api::hooks::Shape;

use crate::ground::Ground;
use crate::guest::{FAILURES, failing, limits};
use crate::mpm;
use crate::place::{Ends, Place, fails_everywhere, surroundings};

/// The guests, one for each place, and the lines that load them.
fn places(ground: &Ground) -> (Vec<Place>, String) {
    let (mut places, mut own) = (Vec::new(), String::new());
    let mut add = |name: &str, wat: &str, said: String, ends: Ends, values: &[(&str, &str)]| {
        own += &ground.module_with(name, &failing(name, wat, values), &limits());
        let guest = format!("{name}_module");
        places.push(Place {
            name: name.to_owned(),
            said: format!("{guest} failed in {said}: "),
            guest,
            target: None,
            ends,
        });
    };
    let hooks = host_api::hooks::HOOKS.iter().filter(|hook| !matches!(hook.shape, Shape::Config | Shape::Server));
    for hook in hooks.map(|hook| hook.name) {
        let ends = match hook {
            "log_transaction" => Ends::Served,
            // What is logged of a request that fails is what an id is for.
            "insert_error_filter" | "generate_log_id" => Ends::NotFound,
            "note_auth_failure" => Ends::Unauthorized,
            "check_user_id" | "auth_checker" => Ends::Authenticating,
            _ => Ends::Error,
        };
        add(hook, "hook", format!("ap_hook_{hook}"), ends, &[("HOOK", hook)]);
    }
    add("written", "handler", "ap_hook_handler".into(), Ends::Error, &[]);
    for (name, event, chunk, ends) in [
        ("out_start", "0", "0", Ends::Error),
        ("out_data", "1", "0", Ends::Error),
        ("out_later", "1", "3", Ends::CutOff),
        ("out_end", "3", "0", Ends::Error),
    ] {
        add(name, "output_filter", format!("filter {name}"), ends, &[("EVENT", event), ("CHUNK", chunk)]);
    }
    for (name, event) in [("in_start", "0"), ("in_data", "1"), ("in_end", "3")] {
        add(name, "input_filter", format!("filter {name}"), Ends::Posted, &[("EVENT", event)]);
    }
    (places, own)
}

#[test]
fn every_failure_in_every_place() {
    let ground = Ground::new(mpm());
    let (places, modules) = places(&ground);
    ground.configure(&(modules + &surroundings(&ground)));
    let server = ground.start();
    fails_everywhere(&ground, &server, &places, &FAILURES.iter().collect::<Vec<_>>(), 4);
    server.stop().unwrap();
}
