//! A window of Chromium, used as a reader uses it: by the mouse and the keyboard.

use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use reqwest::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

pub const TAB: char = '\u{e004}';
pub const ENTER: char = '\u{e007}';
pub const RIGHT: char = '\u{e014}';
pub const DOWN: char = '\u{e015}';
pub const SPACE: char = ' ';

/// A debug build on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);
const PERIOD: Duration = Duration::from_millis(50);

#[derive(Clone)]
pub struct Browser(Client);

impl Browser {
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    pub async fn open(&self, url: &str) {
        self.0.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Waits until the page has this element.
    pub async fn wait(&self, locator: Locator<'_>) -> Element {
        let found = self.0.wait().at_most(DEADLINE).every(PERIOD).for_element(locator).await;
        found.unwrap_or_else(|error| panic!("{locator:?}: {error}"))
    }

    /// Waits for the element and clicks at its centre.
    pub async fn click(&self, locator: Locator<'_>) {
        let element = serde_json::to_value(self.wait(locator).await).unwrap();
        let scroll = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
        self.0.execute(scroll, vec![element.clone()]).await.unwrap();
        let mouse = json!({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [
            {"type": "pointerMove", "duration": 0, "origin": element, "x": 0, "y": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]});
        self.command("actions", json!({"actions": [mouse]})).await;
    }

    /// Presses keys one after the other, wherever the focus is.
    pub async fn press(&self, keys: &[char]) {
        let strokes =
            keys.iter().flat_map(|key| ["keyDown", "keyUp"].map(|it| json!({"type": it, "value": key})));
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": strokes.collect::<Vec<_>>()});
        self.command("actions", json!({"actions": [keyboard]})).await;
    }

    /// Replaces the text of a field.
    pub async fn enter(&self, locator: Locator<'_>, text: &str) {
        let field = self.wait(locator).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// The value of a JavaScript expression.
    pub async fn eval(&self, expression: &str) -> Value {
        let value = self.0.execute(&format!("return {expression}"), vec![]).await;
        value.unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Runs a script that calls its last argument with the result.
    pub async fn eval_async(&self, script: &str) -> Value {
        self.0.execute_async(script, vec![]).await.unwrap()
    }

    /// Runs statements.
    pub async fn run(&self, script: &str) {
        self.0.execute(script, vec![]).await.unwrap();
    }

    /// The text of the first element that a CSS selector finds.
    pub async fn text(&self, css: &str) -> String {
        let text = self.eval(&format!("document.querySelector({css:?}).textContent.trim()")).await;
        text.as_str().unwrap().to_owned()
    }

    /// The targets of the links that a CSS selector finds.
    pub async fn links(&self, css: &str) -> Vec<String> {
        let links =
            self.eval(&format!("Array.from(document.querySelectorAll({css:?}), it => it.href)")).await;
        serde_json::from_value(links).unwrap()
    }

    pub async fn count(&self, css: &str) -> usize {
        let count = self.eval(&format!("document.querySelectorAll({css:?}).length")).await;
        usize::try_from(count.as_u64().unwrap()).unwrap()
    }

    /// Sets the width of the page in CSS pixels.
    pub async fn resize(&self, width: u32) {
        let metrics = json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Prefers a colour scheme, `dark` or `light`, and no motion, so that no transition is under way afterwards.
    pub async fn prefer(&self, scheme: &str) {
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// Errors of the console since the last call.
    pub async fn errors(&self) -> Vec<String> {
        let entries = self.log("browser").await;
        let errors = entries.iter().filter(|it| it["level"] == "SEVERE");
        errors.map(|it| it["message"].as_str().unwrap().to_owned()).collect()
    }

    /// Asserts that the only errors of the console since the last call are answers with this status.
    pub async fn expect_refusals(&self, status: u16) {
        let errors = self.errors().await;
        let refusal = format!("status of {status} ");
        assert!(!errors.is_empty() && errors.iter().all(|it| it.contains(&refusal)), "{errors:?}");
    }

    /// URLs of requests over the network since the last call.
    pub async fn requests(&self) -> Vec<String> {
        let mut urls = vec![];
        for entry in self.log("performance").await {
            let event: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            let event = &event["message"];
            if event["method"] == "Network.requestWillBeSent" {
                urls.push(event["params"]["request"]["url"].as_str().unwrap().to_owned());
            }
        }
        urls.retain(|url| url.starts_with("http") || url.starts_with("ws"));
        urls
    }

    /// Where the window is and what it shows, for the message of a failed test.
    pub async fn describe(&self) -> String {
        let page = "[location.href, document.body.innerText.slice(0, 2000)]";
        let page = self.0.execute(&format!("return {page}.join('\\n')"), vec![]).await;
        page.ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Ends Chromium.
    pub async fn close(&self) {
        self.0.clone().close().await.ok();
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let entries = self.command("se/log", json!({"type": kind})).await;
        entries.as_array().unwrap().clone()
    }

    async fn devtools(&self, name: &str, parameters: Value) {
        self.command("goog/cdp/execute", json!({"cmd": name, "params": parameters})).await;
    }

    async fn command(&self, path: &'static str, body: Value) -> Value {
        let answer = self.0.issue_cmd(Command { path, body }).await;
        answer.unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

/// A command of WebDriver or of chromedriver that fantoccini has no method for.
#[derive(Debug)]
struct Command {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
