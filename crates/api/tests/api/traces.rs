//! Traces: a `traceparent` goes in, its trace comes out at the collector and at the identity platform.

use std::process::Stdio;
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// What the collector and the identity platform were sent.
#[derive(Default)]
struct Seen {
    spans: Mutex<Vec<u8>>,
    parents: Mutex<Vec<String>>,
}

impl Seen {
    fn holds(&self, wanted: &[u8]) -> bool {
        self.spans.lock().unwrap().windows(wanted.len()).any(|part| part == wanted)
    }
}

async fn collect(seen: web::Data<Seen>, spans: web::Bytes) -> HttpResponse {
    seen.spans.lock().unwrap().extend_from_slice(&spans);
    HttpResponse::Ok().finish()
}

async fn identify(seen: web::Data<Seen>, request: HttpRequest) -> HttpResponse {
    let parent = request.headers().get("traceparent").map(|it| it.to_str().unwrap().to_owned());
    seen.parents.lock().unwrap().extend(parent);
    let player =
        json!({"valid": true, "playerId": "p1", "steamId": "7", "steamDisplayName": "A", "tier": "free"});
    HttpResponse::Ok().json(json!({"data": {"validateToken": player}}))
}

/// A collector and an identity platform behind one port.
fn outside(seen: &web::Data<Seen>) -> String {
    let seen = seen.clone();
    let table = move || {
        App::new()
            .app_data(seen.clone())
            .route("/v1/traces", web::post().to(collect))
            .route("/graphql", web::post().to(identify))
    };
    let server = HttpServer::new(table).workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
    let address = server.addrs()[0];
    tokio::spawn(server.run());
    format!("http://{address}")
}

/// The real program in a folder of its own, and its log line by line.
struct Program {
    child: Child,
    log: Lines<BufReader<ChildStderr>>,
    url: String,
    _folder: TempDir,
}

impl Program {
    async fn start(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_myashes"))
            .current_dir(folder.path())
            .env_clear()
            .envs([("PORT", "0"), ("LOG_FORMAT", "json")])
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let log = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut program = Self { child, log, url: String::new(), _folder: folder };
        program.url = format!("http://127.0.0.1:{}", program.line("serving").await["port"]);
        program
    }

    /// The next line with this message.
    async fn line(&mut self, message: &str) -> Value {
        loop {
            let line = self.log.next_line().await.unwrap().expect("the program goes on logging");
            let line: Value = serde_json::from_str(&line).expect("a log of JSON");
            if line["message"] == message {
                return line;
            }
        }
    }

    fn get(&self, path: &str) -> reqwest::RequestBuilder {
        reqwest::Client::new().get(format!("{}{path}", self.url))
    }

    /// Asks it to stop, and waits until it has.
    async fn stop(mut self) {
        let pid = Pid::from_raw(self.child.id().unwrap().try_into().unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        assert!(self.child.wait().await.unwrap().success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trace_goes_through_the_service_to_the_collector_and_the_identity_platform() {
    let seen = web::Data::from(Arc::new(Seen::default()));
    let outside = outside(&seen);
    let mut program =
        Program::start(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &outside), ("IDENTITY_URL", &outside)]).await;

    let request = program.get("/api/v1/builds?search=canary-text").header("traceparent", PARENT);
    let reply = request.header("authorization", "Bearer canary-token").send().await.unwrap();
    assert_eq!(reply.status(), 200);
    assert_eq!(program.line("request").await["trace_id"], TRACE);
    program.get("/api/v1/game").header("traceparent", "nonsense").send().await.unwrap();
    let own = program.line("request").await["trace_id"].as_str().expect("a trace of its own").to_owned();
    assert_ne!(own, TRACE);

    // On shutdown the program sends the spans that it still holds.
    program.stop().await;
    for id in [TRACE, &own] {
        let bytes: Vec<u8> =
            (0..16).map(|n| u8::from_str_radix(&id[2 * n..2 * n + 2], 16).unwrap()).collect();
        assert!(seen.holds(&bytes), "the trace {id} is missing");
    }
    for name in ["GET /api/v1/builds", "GET /api/v1/game", "database", "identity", "myashes"] {
        assert!(seen.holds(name.as_bytes()), "{name} is missing");
    }
    assert!(!seen.holds(b"canary"), "spans hold no text of callers");
    let parents = seen.parents.lock().unwrap().clone();
    assert!(!parents.is_empty() && parents.iter().all(|it| it.contains(TRACE)), "{parents:?}");
    assert!(parents.iter().all(|it| it != PARENT), "the platform's parent is the service's span");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callers_trace_is_logged_where_nothing_collects_spans() {
    let mut program = Program::start(&[]).await;
    program.get("/api/v1/game").header("traceparent", PARENT).send().await.unwrap();
    assert_eq!(program.line("request").await["trace_id"], TRACE);
    program.get("/api/v1/game").send().await.unwrap();
    assert!(program.line("request").await.get("trace_id").is_none());
    program.stop().await;
}
