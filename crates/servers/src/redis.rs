//! A Redis (or Valkey), in memory only.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::{Folder, ServerProcess, for_test, free_port, redis_binary};

pub struct Redis {
    process: Option<ServerProcess>,
    program: PathBuf,
    port: u16,
    /// Empty without one.
    password: String,
    folder: Folder,
}

impl Redis {
    /// Starts one with a password; `None` where it is not installed.
    pub fn start() -> Result<Option<Self>> {
        let folder = Folder::for_server("redis")?;
        let password = folder.password()?;
        Self::start_in(folder, password)
    }

    /// A test's, without a password. `None` where it is not installed, which CI does not let pass.
    pub fn for_test() -> Option<Self> {
        let started = Folder::for_server("redis").and_then(|folder| Self::start_in(folder, String::new()));
        for_test("redis-server", started)
    }

    fn start_in(folder: Folder, password: String) -> Result<Option<Self>> {
        let Some(program) = redis_binary() else { return Ok(None) };
        let port = free_port();
        // In a file, so that the password is in no list of processes.
        let mut settings = format!(
            "bind 127.0.0.1\nport {port}\nsave \"\"\nappendonly no\nrdbcompression no\nlogfile log\n"
        );
        if !password.is_empty() {
            settings += &format!("requirepass {password}\n");
        }
        folder.write("redis.conf", &settings)?;
        let mut redis = Self { process: None, program, port, password, folder };
        redis.launch()?;
        Ok(Some(redis))
    }

    pub fn url(&self) -> String {
        match &*self.password {
            "" => format!("redis://127.0.0.1:{}/", self.port),
            password => format!("redis://default:{password}@127.0.0.1:{}/0", self.port),
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Where `SAVE` writes to.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Sends a command, and returns the answer in the form of the protocol.
    pub fn execute(&self, command: &str) -> String {
        exchange(self.port, &self.password, command).expect("Redis answers")
    }

    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts it again, with nothing of what it held.
    pub fn restart(&mut self) {
        self.launch().expect("Redis starts");
    }

    pub fn freeze(&self) {
        self.process.as_ref().expect("it runs").freeze();
    }

    pub fn thaw(&self) {
        self.process.as_ref().expect("it runs").thaw();
    }

    fn launch(&mut self) -> Result<()> {
        let mut command = self.folder.command(&self.program);
        command.arg("redis.conf").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = self.process.insert(ServerProcess::spawn(&mut command)?);
        process
            .wait_until(|| answers(self.port, &self.password))
            .with_context(|| std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default())
    }
}

/// Whether a Redis on this port answers; `password` is empty without one.
pub fn answers(port: u16, password: &str) -> bool {
    exchange(port, password, "PING").is_ok_and(|answer| answer.contains("+PONG"))
}

fn exchange(port: u16, password: &str, command: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    let hello = if password.is_empty() { String::new() } else { format!("AUTH {password}\r\n") };
    stream.write_all(format!("{hello}{command}\r\nQUIT\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
