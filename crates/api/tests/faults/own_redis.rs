//! A Redis of a test's own, to be killed and frozen.

use myashes_testkit::skip_without;
use std::process::{Child, Command, Stdio};

use rustix::process::Signal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::processes::{self, MOMENT, lasting_port};

pub struct OwnRedis {
    child: Option<Child>,
    port: u16,
}

impl OwnRedis {
    /// `None` where Redis is not installed, which CI does not let pass.
    pub async fn start() -> Option<Self> {
        let mut redis = Self { child: None, port: lasting_port() };
        if let Err(error) = redis.spawn() {
            return skip_without(&format!("redis-server ({error})"));
        }
        redis.answers().await;
        Some(redis)
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Sends a command, and returns the answer as it is.
    pub async fn say(&self, command: &str) -> String {
        self.send(command).await.expect("it answers")
    }

    pub fn kill(&mut self) {
        let mut child = self.child.take().expect("it runs");
        child.kill().expect("a child of this process");
        child.wait().expect("a child of this process");
    }

    /// Starts it again, with nothing of what it held.
    pub async fn restart(&mut self) {
        self.spawn().expect("it started before");
        self.answers().await;
    }

    pub fn freeze(&self) {
        processes::signal(self.child.as_ref().expect("it runs").id(), Signal::STOP);
    }

    pub fn thaw(&self) {
        processes::signal(self.child.as_ref().expect("it runs").id(), Signal::CONT);
    }

    fn spawn(&mut self) -> std::io::Result<()> {
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--port", &self.port.to_string()]);
        command.args(["--save", "", "--appendonly", "no"]).stdout(Stdio::null()).stderr(Stdio::null());
        self.child = Some(command.spawn()?);
        Ok(())
    }

    async fn answers(&self) {
        while !self.ping().await.unwrap_or(false) {
            tokio::time::sleep(MOMENT).await;
        }
    }

    async fn ping(&self) -> std::io::Result<bool> {
        Ok(self.send("PING").await?.contains("+PONG"))
    }

    async fn send(&self, command: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().ok();
            child.wait().ok();
        }
    }
}
