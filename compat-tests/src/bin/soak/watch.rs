//! The server's processes while it is loaded: which there are, their memory and their open files, sampled; knows no request.

use compat_tests::process::{open_files, private_kilobytes};
use compat_tests::server::Server;
use std::time::{Duration, Instant};

/// Samples of a run.
const SAMPLES: u32 = 240;

/// What all children use together.
#[derive(Clone, Copy)]
pub struct Sample {
    pub kilobytes: u64,
    pub files: u64,
}

/// The children of a server for some time.
pub struct Watch<'s> {
    server: &'s Server,
    time: Duration,
    /// Those that were there at the beginning.
    pub children: Vec<i32>,
    /// Those that were gone, or new, at some time.
    pub changed: Vec<i32>,
    pub samples: Vec<Sample>,
}

impl<'s> Watch<'s> {
    pub fn new(server: &'s Server, time: Duration) -> Watch<'s> {
        // httpd starts them one after the other.
        std::thread::sleep(Duration::from_millis(1_500));
        Watch { server, time, children: server.children(), changed: Vec::new(), samples: Vec::new() }
    }

    /// Looks again and again until the time is up.
    pub fn until_the_end(&mut self) {
        let began = Instant::now();
        for i in 1..=SAMPLES {
            std::thread::sleep((self.time * i / SAMPLES).saturating_sub(began.elapsed()));
            let now = self.server.children();
            let changed = self
                .children
                .iter()
                .filter(|pid| !now.contains(pid))
                .chain(now.iter().filter(|pid| !self.children.contains(pid)));
            let changed: Vec<i32> = changed.filter(|pid| !self.changed.contains(pid)).copied().collect();
            self.changed.extend(changed);
            let sum = |of: fn(i32) -> u64| now.iter().map(|pid| of(*pid)).sum();
            self.samples.push(Sample { kilobytes: sum(private_kilobytes), files: sum(open_files) });
        }
    }

    /// The median of a quarter of the samples, the first being 0.
    pub fn median(&self, quarter: usize, of: fn(&Sample) -> u64) -> u64 {
        let length = self.samples.len() / 4;
        let mut values: Vec<u64> = self.samples[quarter * length..(quarter + 1) * length].iter().map(of).collect();
        values.sort_unstable();
        values.get(length / 2).copied().unwrap_or(0)
    }
}
