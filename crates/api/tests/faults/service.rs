//! The real binary as a process of its own, on a port that stays its own when it is started again.

use std::fs::File;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use myashes_servers::{MOMENT, ServerProcess, free_port};
use reqwest::Client;
use rustix::process::Signal;
use tempfile::TempDir;

/// A debug build on a busy machine.
const START: Duration = Duration::from_secs(60);

pub struct Service {
    pub port: u16,
    settings: Vec<(String, String)>,
    soft_limit: Option<u32>,
    process: Option<ServerProcess>,
    folder: TempDir,
    starts: u32,
}

impl Service {
    /// Starts on this database, without rate limits and with short logs; `more` comes on top. Returns once it
    /// is ready.
    pub async fn start(database: &str, more: &[(&str, &str)]) -> Self {
        let mut service = Self::new(database, more);
        service.restart().await;
        service
    }

    /// The same for a database that cannot be used: returns once it answers, ready or not.
    pub async fn start_unready(database: &str, more: &[(&str, &str)]) -> Self {
        let mut service = Self::new(database, more);
        service.spawn();
        service.wait_for("/health").await;
        service
    }

    /// The same with a soft limit of open files that the program finds when it starts.
    pub async fn start_limited(database: &str, soft_limit: Option<u32>) -> Self {
        let mut service = Self::new(database, &[]);
        service.soft_limit = soft_limit;
        service.restart().await;
        service
    }

    fn new(database: &str, more: &[(&str, &str)]) -> Self {
        let port = free_port();
        let usual = [
            ("HOST", "127.0.0.1"),
            ("PORT", &*port.to_string()),
            ("DATABASE_URL", database),
            ("MIGRATE_ON_START", "true"),
            ("RATE_LIMIT_ENABLED", "false"),
            ("LOG_FORMAT", "json"),
            ("LOG_LEVEL", "warn"),
            ("DB_POOL_SIZE", "8"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let folder = TempDir::new().expect("a temporary folder");
        let settings = usual.into_iter().chain(more).collect();
        Self { port, settings, soft_limit: None, process: None, folder, starts: 0 }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Bytes of memory that it holds, what the binary itself takes left out: that of a debug build is large.
    pub fn resident_memory(&self) -> u64 {
        let process = self.process.as_ref().expect("it runs").id();
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("its memory");
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().expect("a number");
        kib * 1024
    }

    /// Ends the process without any warning.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts again, and returns once it is ready.
    pub async fn restart(&mut self) {
        self.spawn();
        self.wait_for("/ready").await;
    }

    fn spawn(&mut self) {
        self.starts += 1;
        let log = File::create(self.folder.path().join(format!("{}.log", self.starts))).expect("a log");
        let mut command = match self.soft_limit {
            None => Command::new(env!("CARGO_BIN_EXE_myashes")),
            Some(limit) => {
                let mut shell = Command::new("/bin/sh");
                let script = format!("ulimit -S -n {limit} && exec \"$0\"");
                shell.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_myashes"));
                shell
            }
        };
        command.env_clear().envs(self.settings.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.process = Some(ServerProcess::spawn(&mut command).expect("the binary starts"));
    }

    /// Waits until this path is answered by 200.
    async fn wait_for(&mut self, path: &str) {
        let began = Instant::now();
        while !answers(self.port, path).await {
            assert!(began.elapsed() < START, "it does not get ready:\n{}", self.log());
            let process = self.process.as_mut().expect("it was just started");
            assert!(!process.has_ended(), "it ended:\n{}", self.log());
            tokio::time::sleep(MOMENT).await;
        }
    }

    /// Asks it to stop, and returns how it ended once it has.
    pub async fn terminate(&mut self) -> Option<i32> {
        let mut process = self.process.take().expect("it runs");
        tokio::task::spawn_blocking(move || process.end(Signal::TERM)).await.expect("it ends")
    }

    /// All that it has written, over all its lives.
    pub fn log(&self) -> String {
        let life = |number| std::fs::read_to_string(self.folder.path().join(format!("{number}.log")));
        (1..=self.starts).filter_map(|number| life(number).ok()).collect()
    }

    /// Waits until a line of its log holds all of this, and returns the line.
    pub async fn logs(&self, parts: &[&str]) -> String {
        let began = Instant::now();
        loop {
            let log = self.log();
            if let Some(line) = log.lines().find(|line| parts.iter().all(|part| line.contains(part))) {
                return line.to_owned();
            }
            assert!(began.elapsed() < START, "no line holds {parts:?}:\n{log}");
            tokio::time::sleep(MOMENT).await;
        }
    }

    /// The text of `/metrics`.
    pub async fn metrics(&self) -> String {
        let answer = reqwest::get(format!("{}/metrics", self.url())).await.expect("metrics");
        answer.text().await.expect("metrics")
    }

    /// Waits until its metrics have this line, and gives them.
    pub async fn shows(&self, line: &str) -> String {
        let began = Instant::now();
        loop {
            let metrics = self.metrics().await;
            if metrics.lines().any(|it| it == line) {
                return metrics;
            }
            assert!(began.elapsed() < START, "no metric is {line}:\n{metrics}");
            tokio::time::sleep(MOMENT).await;
        }
    }

    /// That nothing in it has panicked, in any of its lives.
    pub fn assert_never_panicked(&self) {
        let log = self.log();
        let panics: Vec<&str> = log.lines().filter(|line| line.contains("panicked")).collect();
        assert!(panics.is_empty(), "{panics:#?}");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.process = None;
        if std::thread::panicking() {
            let log = self.log();
            let skipped = log.lines().count().saturating_sub(20);
            let last: Vec<&str> = log.lines().skip(skipped).collect();
            eprintln!("the last lines of the service's log:\n{}", last.join("\n"));
        }
    }
}

/// Whether the service on this port says that it is ready.
pub async fn is_ready(port: u16) -> bool {
    answers(port, "/ready").await
}

async fn answers(port: u16, path: &str) -> bool {
    // Made once, since a client reads the system's certificates when it is made.
    static CLIENT: LazyLock<Client> = LazyLock::new(|| {
        // A connection for each question: one that is kept would be closed when its runtime, a test's, ends.
        Client::builder().pool_max_idle_per_host(0).build().expect("a client")
    });
    let asked = CLIENT.get(format!("http://127.0.0.1:{port}{path}"));
    let answer = asked.timeout(Duration::from_secs(2)).send().await;
    answer.is_ok_and(|answer| answer.status().as_u16() == 200)
}
