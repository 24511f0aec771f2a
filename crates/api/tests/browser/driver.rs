//! chromedriver, which starts Chromium and passes commands on to it.

use std::process::Stdio;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use myashes_testkit::skip_without;
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    On,
    Off,
}

/// A running chromedriver. It ends when it is stopped or dropped, and Chromium with it.
pub struct Driver {
    port: u16,
    child: Child,
    // Open as long as chromedriver may write to it.
    _output: Lines<BufReader<ChildStdout>>,
    _folder: TempDir,
}

impl Driver {
    /// Starts chromedriver on a free port. `None` where it is not installed, which CI does not let pass.
    pub async fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").env("HOME", folder.path()).env("TMPDIR", folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let Ok(mut child) = command.spawn() else {
            return skip_without("chromedriver");
        };
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = loop {
            let line = output.next_line().await.unwrap().expect("chromedriver names its port");
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').parse().unwrap();
            }
        };
        Some(Self { port, child, _output: output, _folder: folder })
    }

    /// Starts Chromium.
    pub async fn open(&self, script: Script) -> Client {
        let mut arguments = vec![
            "--headless=new",
            // Chromium ends when chromedriver does, since it takes its commands through a pipe.
            "--remote-debugging-pipe",
            "--window-size=1280,800",
            "--disable-gpu",
            "--disable-dev-shm-usage",
        ];
        if rustix::process::geteuid().is_root() {
            arguments.push("--no-sandbox");
        }
        let blocked = 2;
        let preferences = match script {
            Script::On => json!({}),
            Script::Off => json!({"profile.managed_default_content_settings.javascript": blocked}),
        };
        let capabilities = json!({
            "browserName": "chrome",
            // A test's own certificate has no authority.
            "acceptInsecureCerts": true,
            "goog:chromeOptions": {"args": arguments, "prefs": preferences},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        });
        ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .expect("chromedriver starts Chromium")
    }

    pub async fn stop(mut self) {
        self.child.kill().await.unwrap();
    }
}
