//! The command line of the comparison: `scripts/run` calls it after a build.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use compat_tests::compare::{Ending, Options, run};
use compat_tests::server::Flavour;

/// Serves a configuration of Apache httpd twice, with native modules and with their WebAssembly ports, sends the same
/// requests to both, and shows what is the same and what differs.
#[derive(Parser)]
#[command(bin_name = "scripts/run", after_help = AFTER)]
struct Arguments {
    /// A whole httpd.conf, or a file with some directives [default: the example that ships]
    config: Option<PathBuf>,
    /// A file of requests, as text or .json [default: derived from the configuration]
    requests: Option<PathBuf>,
    /// Leave the WebAssembly server running on 127.0.0.1, to try by hand
    #[arg(long)]
    serve: bool,
    /// Print the requests instead of sending them, in the form of a file of requests
    #[arg(long)]
    list: bool,
    /// Load a module that the configuration doesn't, on both sides: --enable headers
    #[arg(long, value_name = "MODULE")]
    enable: Vec<String>,
    /// How many requests to derive at most
    #[arg(long, default_value_t = 400)]
    limit: usize,
    /// The folder for the report
    #[arg(long, default_value = "report")]
    report: PathBuf,
    /// The kind of the left server
    #[arg(long, value_enum, default_value = "native")]
    left: Kind,
    /// The kind of the right server: native shows what varies by itself
    #[arg(long, value_enum, default_value = "wasm")]
    right: Kind,
}

const AFTER: &str = "Exit status: 0 if all answers are the same, 1 if some differ, 2 if the comparison could not be made.\n\n\
A file of requests holds them separated by lines that start with ###, on which a name may follow:\n\n  \
### the front page\n  GET / HTTP/1.1\n  Host: www.example.org\n\n  ### a form\n  # port: 8080\n  \
POST /form\n  Host: www.example.org\n\n  name=value\n\n\
A request line without a protocol gets HTTP/1.1, a Host and a Content-Length where they are missing; one with a\n\
protocol is sent as it stands. `# port:` and `# address:` name a Listen of the configuration other than the first.\n\
As .json: [{\"name\": \"…\", \"method\": \"GET\", \"host\": \"www.example.org\", \"path\": \"/\",\n\
\"headers\": [[\"Accept\", \"text/html\"]], \"body\": \"…\", \"port\": 8080}, …]; all but path may be left out.";

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Native,
    Wasm,
}

impl From<Kind> for Flavour {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Native => Self::Native,
            Kind::Wasm => Self::Wasm,
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = Options {
        config: arguments.config,
        requests: arguments.requests,
        enable: arguments.enable,
        sides: [arguments.left.into(), arguments.right.into()],
        limit: arguments.limit,
        report: arguments.report,
        list: arguments.list,
        serve: arguments.serve,
    };
    match run(&options) {
        Ok(Ending::Same) => ExitCode::SUCCESS,
        Ok(Ending::Differs) => ExitCode::from(1),
        Ok(Ending::Refused) => ExitCode::from(2),
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}
