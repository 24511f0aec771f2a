//! What the figures were measured on, and who else was at work there.

use std::fmt;
use std::fs;

use anyhow::{Context, Result};

#[derive(Clone, Debug)]
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    pub memory_gib: u64,
    /// Of the last minute, before or after the bench: work besides it shows here.
    pub load: f64,
}

impl Machine {
    pub fn look() -> Result<Self> {
        let processors = read("/proc/cpuinfo")?;
        let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let memory = read("/proc/meminfo")?;
        let kib = number_behind(&memory, "MemTotal:").context("/proc/meminfo says nothing of MemTotal")?;
        let load = read("/proc/loadavg")?;
        Ok(Self {
            processor: model.map_or("an unnamed processor", |(_, name)| name).to_owned(),
            cores: std::thread::available_parallelism().context("how many cores there are")?.get(),
            memory_gib: kib / (1 << 20),
            load: load.split(' ').next().and_then(|it| it.parse().ok()).context("/proc/loadavg")?,
        })
    }

    /// A load from before the bench that its figures suffer from.
    pub fn shared(&self) -> bool {
        self.load > 0.5
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} cores of {}, {} GiB. All of them are shared by the service, PostgreSQL, Redis and the load \
             generators. Load average before: {}",
            self.cores, self.processor, self.memory_gib, self.load
        )?;
        if self.shared() { write!(f, " (others were at work here: trust ratios only)") } else { Ok(()) }
    }
}

/// The number of KiB, or of whatever else, behind a name at the start of a line.
pub fn number_behind(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

fn read(file: &str) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {file}: the bench needs Linux"))
}

#[cfg(test)]
mod tests {
    use super::number_behind;

    #[test]
    fn the_number_is_that_of_the_named_line() {
        let status = "VmHWM:\t   20480 kB\nVmRSS:\t   10240 kB\n";
        assert_eq!(number_behind(status, "VmRSS:"), Some(10_240));
        assert_eq!(number_behind(status, "VmSwap:"), None);
    }
}
