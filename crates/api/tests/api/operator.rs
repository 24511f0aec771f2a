//! Commands of the program as an operator runs them.

use std::process::{Output, Stdio};

use myashes_domain::session::SessionId;
use myashes_testkit::{DatabaseKind, TestDatabase};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::on_both;
use crate::support::{knight, session};

fn program(database: &TestDatabase, arguments: &[&str], more: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_myashes"));
    command.env_clear().env("DATABASE_URL", &database.url).envs(more.iter().copied()).args(arguments);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

async fn run(database: &TestDatabase, arguments: &[&str], more: &[(&str, &str)]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = program(database, arguments, more).output().await.unwrap();
    (status.code(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
}

const PRODUCTION: &[(&str, &str)] = &[("ENV", "production"), ("ALLOW_SQLITE_IN_PRODUCTION", "true")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revert_in_production_needs_yes_and_takes_it() {
    let database = TestDatabase::sqlite().await;
    let (code, said) = run(&database, &["migrate", "--revert", "1"], PRODUCTION).await;
    assert!(code == Some(2) && said.contains("--yes"), "{code:?}: {said}");
    let (code, said) = run(&database, &["migrate", "--revert", "1", "--yes"], PRODUCTION).await;
    assert!(code == Some(0) && said.contains("reverted"), "{code:?}: {said}");
    let (code, said) = run(&database, &["migrate"], PRODUCTION).await;
    assert!(code == Some(0) && said.contains("applied"), "{code:?}: {said}");
    for contradiction in [&["--revert", "1", "--status"][..], &["--dry-run", "--status"], &["--yes"]] {
        let (code, said) = run(&database, &[&["migrate"], contradiction].concat(), PRODUCTION).await;
        assert_eq!(code, Some(2), "{contradiction:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seed_before_migrate_names_the_command_to_run() {
    let database = TestDatabase::unmigrated(DatabaseKind::Sqlite).await.unwrap();
    let (code, said) = run(&database, &["seed"], &[("MIGRATE_ON_START", "false")]).await;
    assert!(code == Some(1) && said.contains("run: myashes migrate"), "{code:?}: {said}");
    let (code, said) = run(&database, &["seed"], &[]).await;
    assert!(code == Some(0) && said.contains("templates"), "{code:?}: {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_misspelt_variable_is_warned_about() {
    let database = TestDatabase::sqlite().await;
    let (code, said) = run(&database, &["migrate", "--status"], &[("RATE_LIMIT_READ", "5")]).await;
    assert!(code == Some(0) && said.contains("did you mean RATE_LIMIT_READS?"), "{code:?}: {said}");
}

/// All that a service logs at this level while it is used, from its start to its end.
async fn log_at(level: &str, database: TestDatabase) -> String {
    let more = [
        ("LOG_LEVEL", level),
        ("LOG_FORMAT", "json"),
        ("PORT", "0"),
        ("MIGRATE_ON_START", "true"),
        ("SHUTDOWN_GRACE", "0"),
    ];
    let mut child =
        program(&database, &["serve"], &more).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut log = String::new();
    let port = loop {
        let line = lines.next_line().await.unwrap().unwrap_or_else(|| panic!("it ended: {log}"));
        log.push_str(&line);
        let entry: Value = serde_json::from_str(&line).unwrap_or_default();
        if entry["message"] == "serving" {
            break entry["port"].as_u64().unwrap();
        }
    };
    let rest = tokio::spawn(async move {
        let mut rest = String::new();
        while let Ok(Some(line)) = lines.next_line().await {
            rest.push_str(&line);
            rest.push('\n');
        }
        rest
    });
    let client = reqwest::Client::new();
    let post = async |path: &str, key: &str, body: Value| {
        let url = format!("http://127.0.0.1:{port}/api/v1{path}");
        let request = client.post(url).header("x-session-id", session(7)).header("idempotency-key", key);
        assert_eq!(request.json(&body).send().await.unwrap().status(), 201, "{path}");
    };
    let feedback = json!({"query": "canary-question", "response_snippet": "canary-answer", "rating": "up",
        "search_mode": "quick"});
    post("/feedback", "canary-key-1", feedback).await;
    let search = json!({"query": "canary-search", "search_mode": "quick", "result_count": 0});
    post("/analytics/search", "canary-key-2", search).await;
    post("/builds", "canary-key-3", knight("canary-name")).await;
    let list = format!("http://127.0.0.1:{port}/api/v1/builds?search=canary-term");
    assert_eq!(client.get(list).send().await.unwrap().status(), 200);
    let pid = Pid::from_raw(i32::try_from(child.id().unwrap()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    child.wait().await.unwrap();
    log + &rest.await.unwrap()
}

on_both! {
    async fn no_level_of_the_log_shows_what_users_send(server) {
        let hash = SessionId::parse(&session(7)).unwrap().hash().0;
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let bytes = format!("{}, {}, {}, {}", hash[0], hash[1], hash[2], hash[3]);
        for level in ["debug", "trace", "info,tokio_postgres=trace"] {
            let log = log_at(level, TestDatabase::existing(&server.database.url)).await;
            assert!(log.contains("stopping"), "{level}: the log is one");
            for canary in ["canary", &session(7), &hex, &bytes] {
                assert!(!log.contains(canary), "{level}: {canary} is in the log");
            }
            // The keys are used once in each round.
            server.delete("/me").session(7).await;
        }
    }
}
