//! `cargo xtask smoke` against a stand-in that answers as the service would, and once as a badly set up proxy does.
#![expect(clippy::unwrap_used, reason = "what is missing here fails the test, and should")]

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

const SITE: &str = "https://myashes.ai";

/// What the stand-in does wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    DoubledCors,
    AnyOrigin,
    NotSeeded,
}

/// Every request line that came in.
type Seen = Arc<Mutex<Vec<String>>>;

fn stand_in(fault: Fault) -> (String, Seen) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Seen::default();
    let noted = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream, fault, &noted);
        }
    });
    (url, seen)
}

fn answer(stream: TcpStream, fault: Fault, seen: &Seen) {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    reader.read_line(&mut request).unwrap();
    let mut origin = None;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim().split_once(": ") else { break };
        if name.eq_ignore_ascii_case("origin") {
            origin = Some(value.to_owned());
        }
    }
    let mut words = request.split_whitespace();
    let (method, path) = (words.next().unwrap(), words.next().unwrap().to_owned());
    seen.lock().unwrap().push(format!("{method} {path}"));
    let (status, body) = if method == "OPTIONS" { (200, "") } else { body(&path, fault) };
    let mut head = format!("HTTP/1.1 {status} -\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
    head += "X-Session-ID: sess_000000000000000000000000\r\nCache-Control: private, no-cache\r\n";
    if let Some(origin) = origin.filter(|origin| origin == SITE || fault == Fault::AnyOrigin) {
        let allowed = format!("Access-Control-Allow-Origin: {origin}\r\n");
        head += &allowed.repeat(if fault == Fault::DoubledCors { 2 } else { 1 });
        head += "Access-Control-Allow-Credentials: true\r\nAccess-Control-Expose-Headers: X-Session-ID\r\n";
        head += "Access-Control-Allow-Methods: GET, POST, PATCH\r\nAccess-Control-Max-Age: 7200\r\n";
    }
    reader.into_inner().write_all(format!("{head}\r\n{body}").as_bytes()).unwrap();
}

fn body(path: &str, fault: Fault) -> (u16, &'static str) {
    match path.split('?').next().unwrap() {
        "/" => (200, r#"{"name": "myashes", "version": "0.1.0"}"#),
        "/health" => (200, r#"{"status": "healthy"}"#),
        "/ready" => (200, "{}"),
        "/api/v1/builds" => (200, r#"{"builds": [], "total": 0}"#),
        "/api/v1/builds/popular" => (200, r#"{"builds": [], "period": "week", "count": 0}"#),
        "/api/v1/builds/templates" if fault == Fault::NotSeeded => (200, r#"{"templates": [], "count": 0}"#),
        "/api/v1/builds/templates" => (200, r#"{"templates": [{}], "count": 1}"#),
        "/api/v1/game" => (200, r#"{"archetypes": [{}]}"#),
        "/api/v1/builds/b_00000000" => (404, r#"{"error": "build_not_found", "status": 404}"#),
        _ => (404, r#"{"error": "not_found", "status": 404}"#),
    }
}

fn smoke(url: &str, further: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.args(["smoke", "--url", url]).args(further).env("NO_PROXY", "127.0.0.1").output();
    let Output { status, stdout, stderr } = output.unwrap();
    (status.success(), String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap())
}

/// The checks that failed.
fn failures(output: &str) -> Vec<&str> {
    output.lines().filter(|line| line.trim_start().starts_with("failed")).collect()
}

#[test]
fn a_sound_service_passes_and_is_only_read_from() {
    let (url, seen) = stand_in(Fault::None);
    let (success, output) = smoke(&url, &["--read-only"]);
    assert!(success, "{output}");
    let wrote =
        seen.lock().unwrap().iter().any(|line| !line.starts_with("GET") && !line.starts_with("OPTIONS"));
    assert!(!wrote, "{:?}", seen.lock().unwrap());
}

#[test]
fn headers_that_a_proxy_adds_once_more_are_seen() {
    let (url, _) = stand_in(Fault::DoubledCors);
    let (success, output) = smoke(&url, &["--read-only"]);
    assert!(!success);
    assert!(failures(&output).iter().any(|line| line.contains("is there 2 times")), "{output}");
}

#[test]
fn an_answer_to_any_origin_is_seen() {
    let (url, _) = stand_in(Fault::AnyOrigin);
    let (_, output) = smoke(&url, &["--read-only"]);
    assert_eq!(failures(&output).len(), 1, "{output}");
    assert!(output.contains("https://elsewhere.example"), "{output}");
}

#[test]
fn a_database_that_was_not_seeded_is_seen() {
    let (url, _) = stand_in(Fault::NotSeeded);
    let (_, output) = smoke(&url, &["--read-only"]);
    assert!(failures(&output)[0].contains("seed was not run"), "{output}");
}

#[test]
fn a_round_trip_that_fails_at_its_first_step_goes_no_further() {
    let (url, seen) = stand_in(Fault::None);
    let (success, output) = smoke(&url, &[]);
    assert!(!success);
    assert!(output.contains("answers 200 and not 201"), "{output}");
    assert!(!seen.lock().unwrap().iter().any(|line| line.starts_with("PATCH") || line.starts_with("DELETE")));
}

#[test]
fn nothing_that_is_no_address_is_tried() {
    let (success, output) = smoke("127.0.0.1:8000", &[]);
    assert!(!success);
    assert!(output.contains("expected http://… or https://…"), "{output}");
}
