//! Chromium, as tests start it through chromedriver.

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use myashes_servers::Chromedriver;
use serde_json::json;

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    On,
    Off,
}

/// Starts Chromium.
pub async fn open(driver: &Chromedriver, script: Script) -> Client {
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
        .connect(&driver.url())
        .await
        .expect("chromedriver starts Chromium")
}
