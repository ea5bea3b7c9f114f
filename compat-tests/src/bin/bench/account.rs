//! CPU time of a server with all that it starts, by a control group of Linux; knows no requests. httpd doesn't wait for
//! its CGI programs, so that their time is lost to whoever asks about its processes.

use anyhow::{Context, Result};
use compat_tests::server::Server;
use std::fs;
use std::path::PathBuf;

/// Where groups are made, and the file that tells a group's time: of the second version, and of the first.
const PLACES: [(&str, &str); 2] = [("/sys/fs/cgroup", "cpu.stat"), ("/sys/fs/cgroup/cpuacct", "cpuacct.usage")];

/// A group of processes whose time is counted together.
pub struct Account {
    dir: PathBuf,
    told: &'static str,
}

impl Account {
    /// A group of a server's processes, and of those that they will start. `None` where this system lets nobody make one.
    pub fn open(server: &Server) -> Option<Account> {
        PLACES.iter().find_map(|(place, told)| {
            let dir = PathBuf::from(place).join(format!("mod_wasm-bench-{}", std::process::id()));
            fs::create_dir(&dir).ok()?;
            let account = Account { dir, told };
            account.micros().ok()?;
            let enter = |pid: i32| fs::write(account.dir.join("cgroup.procs"), pid.to_string()).is_ok();
            // The parent first: children that it makes from now on are in the group already.
            let entered = enter(server.pid()) && server.children().into_iter().all(enter);
            entered.then_some(account)
        })
    }

    /// User and system time of all of them so far, also of those that have ended, in microseconds.
    pub fn micros(&self) -> Result<f64> {
        let text = fs::read_to_string(self.dir.join(self.told))?;
        let micros = text.lines().find_map(|line| line.strip_prefix("usage_usec "));
        match micros {
            Some(micros) => micros.parse().context("cpu.stat"),
            None => Ok(text.trim().parse::<f64>().context("cpuacct.usage")? / 1e3),
        }
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        // As long as one of the processes lives the group stays, which harms nobody.
        let _ = fs::remove_dir(&self.dir);
    }
}
