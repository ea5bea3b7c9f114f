//! Leaves the Wasm server running, to be tried by hand.

use anyhow::Result;
use tempfile::TempDir;

use super::Ending;
use super::expand::Configuration;
use super::house::House;
use super::sandbox::{Addresses, Net};
use super::survey::Survey;
use crate::server::Flavour;

/// Starts the configuration with its ported modules as guests on 127.0.0.1, and says how to reach and to stop it.
pub fn serve(configuration: &Configuration, survey: &Survey, folder: TempDir) -> Result<Ending> {
    let net = Net(0);
    let addresses = Addresses::choose(configuration, &[net])?;
    let house = House::build(Flavour::Wasm, configuration, &addresses, net, &folder.path().join("server"))?;
    let test = house.config_test()?;
    if test.code != Some(0) {
        eprintln!("httpd refuses this configuration:\n\n{}", test.stderr);
        return Ok(Ending::Refused);
    }
    let server = house.start()?;
    println!("\nThis configuration is served with {} as WebAssembly:\n", list(&house.ported));
    for host in &survey.hosts {
        let port = host.port.or_else(|| addresses.ports().first().copied());
        let Some(at) = port.and_then(|port| addresses.connect(net, host.address.as_deref(), port)) else { continue };
        let name = host.names.first().map_or("localhost", String::as_str);
        if name == "localhost" {
            println!("    curl -i http://{at}/");
        } else {
            println!("    curl -i http://{at}/ -H 'Host: {name}'");
        }
    }
    println!("\nerror log:  {}", house.site.error_log.display());
    println!("to stop it: kill {}; rm -r {}", server.pid(), folder.path().display());
    // Both outlive this command.
    server.leave();
    let _ = folder.keep();
    Ok(Ending::Same)
}

fn list(ported: &[String]) -> String {
    if ported.is_empty() { "nothing".into() } else { ported.join(", ") }
}
