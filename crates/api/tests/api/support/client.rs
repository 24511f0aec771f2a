//! Requests as sentences: `server.post("/builds").session(1).json(&body).await`.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::TestServer;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {:?}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of the error.
    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }

    /// The faults of a `validation_error`, as `field:code`.
    pub fn faults(&self) -> Vec<String> {
        let json = self.json();
        let errors = json["details"]["errors"].as_array().cloned().unwrap_or_default();
        errors
            .iter()
            .map(|it| format!("{}:{}", it["field"].as_str().unwrap(), it["code"].as_str().unwrap()))
            .collect()
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

/// A request to be.
pub struct Request(RequestBuilder);

impl TestServer {
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Any request, by its whole path.
    pub fn request(&self, method: Method, path: &str) -> Request {
        Request(self.client.request(method, self.url(path)))
    }

    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, &format!("/api/v1{path}"))
    }

    pub fn post(&self, path: &str) -> Request {
        self.request(Method::POST, &format!("/api/v1{path}"))
    }

    pub fn put(&self, path: &str) -> Request {
        self.request(Method::PUT, &format!("/api/v1{path}"))
    }

    pub fn patch(&self, path: &str) -> Request {
        self.request(Method::PATCH, &format!("/api/v1{path}"))
    }

    pub fn delete(&self, path: &str) -> Request {
        self.request(Method::DELETE, &format!("/api/v1{path}"))
    }

    /// Creates a build in a session; its id.
    pub async fn build(&self, session: u32, body: &Value) -> String {
        let reply = self.post("/builds").session(session).json(body).await.expect(201);
        reply.json()["build_id"].as_str().unwrap().to_owned()
    }
}

impl Request {
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    pub fn session(self, number: u32) -> Self {
        self.header("x-session-id", &super::session(number))
    }

    /// As the player of this token.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// As an admin, by the operator's token.
    pub fn admin(self) -> Self {
        self.header("x-admin-token", super::players::ADMIN_TOKEN)
    }

    /// With an idempotency key.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub fn json(self, body: &Value) -> Self {
        Self(self.0.json(body))
    }

    /// A body as it is, called JSON.
    pub fn raw(self, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.header("content-type", "application/json").body(body))
    }

    pub fn text(self, kind: &str, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.header("content-type", kind).body(body))
    }
}

impl IntoFuture for Request {
    type Output = Reply;
    type IntoFuture = Pin<Box<dyn Future<Output = Reply> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let response = self.0.send().await.expect("an answer");
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Reply { status, headers, text: response.text().await.expect("a whole body") }
        })
    }
}

/// A body for a snapshot: ids and instants differ from run to run.
pub fn masked(text: &str) -> String {
    let mut masked = String::new();
    for piece in text.split_inclusive('"') {
        let value = piece.trim_end_matches('"');
        let id = ["b_", "f_", "r_"].iter().any(|prefix| value.starts_with(prefix)) && value.len() == 12;
        let instant = value.len() == 27 && value.starts_with("20") && value.ends_with('Z');
        match (id, instant, value.split_once("?build=")) {
            (true, ..) => masked.push_str("[id]\""),
            (_, true, _) => masked.push_str("[instant]\""),
            (.., Some((site, _))) => masked.push_str(&format!("{site}?build=[id]\"")),
            _ => masked.push_str(piece),
        }
    }
    masked
}
