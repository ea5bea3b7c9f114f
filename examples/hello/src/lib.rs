//! A module of its own directive, one hook and one filter: `HelloGreeting Hi` puts `X-Hello: Hi` on every answer and,
//! where `SetOutputFilter HELLO` asks for it, turns the body into capitals.

use apache_module::{Directive, Event, Filter, Flow, Merge, Request, Status};

apache_module::module! {
    name: "mod_hello.c",
    dir_config: Config,
    directives: {
        "HelloGreeting", TAKE1, OR_FILEINFO, dir: set_greeting, "what the answers say";
    },
    hooks: { fixups: say_hello; },
    output_filters: { "HELLO", FTYPE_RESOURCE: capitals; },
}

#[derive(Default)]
struct Config {
    greeting: Option<String>,
}

impl Merge for Config {
    fn merge(&self, add: &Config) -> Config {
        Config { greeting: add.greeting.clone().or_else(|| self.greeting.clone()) }
    }
}

fn set_greeting(directive: &Directive, config: &mut Config) -> Result<(), String> {
    config.greeting = Some(directive.word());
    Ok(())
}

fn say_hello(r: &Request) -> Status {
    let (config, ()) = get_module_config(r);
    let Some(greeting) = &config.greeting else { return Status::DECLINED };
    r.headers_out().set("X-Hello", greeting);
    Status::OK
}

fn capitals(f: &mut Filter, _: &Request, event: Event) -> Flow {
    let Event::Data(_) = event else { return Flow::Pass };
    f.write(f.read().to_ascii_uppercase());
    Flow::Replace
}
