//! The golden run: one request after the other over every route, its errors and its headers, recorded in
//! `snapshots/`. A change of any answer is a change of that file. Ids, instants, versions and counts of limits are
//! placeholders.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use reqwest::Method;
use serde_json::Value;

use crate::on_both;
use crate::support::client::Reply;
use crate::support::players::{ADMIN_TOKEN, PLAYERS, player};
use crate::support::{TestServer, session};

/// A line is `CALLER METHOD PATH`, then a body where there is one; a name before `=` keeps the id of the answer.
/// Callers are `1` to `9` (sessions), `p` (a player), `a` (the admin's token) and `-` (neither session nor token).
const RUN: &str = include_str!("golden_run.txt");

on_both! {
    with LIMITED
    async fn every_answer_is_as_recorded(server) {
        while server.request(Method::GET, "/ready").await.status != 200 {
            tokio::task::yield_now().await;
        }
        let mut ids = BTreeMap::new();
        let mut record = String::new();
        for line in RUN.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (name, step) = match line.split_once(" = ") {
                Some((name, step)) => (Some(name), step),
                None => (None, line),
            };
            let reply = send(server, &filled(step, &ids)).await;
            if let Some(name) = name {
                ids.insert(name.to_owned(), id_in(&reply).unwrap_or_else(|| panic!("{line}: {}", reply.text)));
            }
            writeln!(record, "> {step}\n{}", shown(&reply)).unwrap();
        }
        insta::assert_snapshot!("golden_run", record);
    }
}

/// As for players, with limits that nothing here reaches.
const LIMITED: &[(&str, &str)] = &{
    let mut all = [("", ""); PLAYERS.len() + 7];
    let mut at = 0;
    while at < PLAYERS.len() {
        all[at] = PLAYERS[at];
        at += 1;
    }
    let limits = [
        ("RATE_LIMIT_ENABLED", "true"),
        ("RATE_LIMIT_READS", "100000"),
        ("RATE_LIMIT_LISTS", "100000"),
        ("RATE_LIMIT_WRITES", "100000"),
        ("RATE_LIMIT_CREATES", "100000"),
        ("RATE_LIMIT_VOTES", "100000"),
        ("BACKEND_CORS_ORIGINS", "https://myashes.ai"),
    ];
    let mut own = 0;
    while own < limits.len() {
        all[at + own] = limits[own];
        own += 1;
    }
    all
};

async fn send(server: &TestServer, step: &str) -> Reply {
    let (head, body) =
        step.split_once(" {").map_or((step, None), |(head, rest)| (head, Some(format!("{{{rest}"))));
    let mut words = head.split(' ');
    let (caller, method, path) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
    let mut request = server.request(method.parse::<Method>().unwrap(), path);
    request = match caller {
        "-" => request,
        "a" => request.session(90).header("x-admin-token", ADMIN_TOKEN),
        "p" => request.session(91).bearer(&player("golden")),
        number => request.session(number.parse().unwrap()),
    };
    for header in words {
        let (name, value) = header.split_once(':').unwrap();
        request = request.header(name, value);
    }
    match body {
        Some(body) => request.raw(body).await,
        None => request.await,
    }
}

fn filled(step: &str, ids: &BTreeMap<String, String>) -> String {
    ids.iter().fold(step.to_owned(), |step, (name, id)| step.replace(&format!("<{name}>"), id))
}

fn id_in(reply: &Reply) -> Option<String> {
    let json = reply.json();
    let fields = ["build_id", "feedback_id", "report_id"];
    let named = fields.iter().find_map(|field| json[*field].as_str().map(str::to_owned));
    let listed = || Some(json["items"][0]["vote_id"].as_i64()?.to_string());
    let cursor = || json["next_cursor"].as_str().map(str::to_owned);
    named.or_else(listed).or_else(cursor)
}

fn shown(reply: &Reply) -> String {
    let mut text = format!("{}\n", reply.status);
    let mut headers: Vec<String> = reply
        .headers
        .iter()
        .filter(|(name, _)| *name != "date" && *name != "content-length")
        .map(|(name, value)| format!("{name}: {}", header(name.as_str(), value.to_str().unwrap())))
        .collect();
    headers.sort();
    headers.iter().for_each(|header| writeln!(text, "{header}").unwrap());
    match serde_json::from_str::<Value>(&reply.text) {
        Ok(document) if document.get("openapi").is_some() => text.push_str("<the OpenAPI document>\n"),
        Ok(mut json) => {
            mask("", &mut json);
            writeln!(text, "{}", serde_json::to_string_pretty(&json).unwrap()).unwrap();
        }
        Err(_) if reply.text.is_empty() => {}
        Err(_) => text.push_str("<text>\n"),
    }
    text
}

fn header(name: &str, value: &str) -> String {
    match name {
        "etag" | "x-request-id" => format!("<{name}>"),
        "x-session-id" if (1..=91).all(|number| value != session(number)) => "<new session>".into(),
        "x-ratelimit-remaining" | "x-ratelimit-reset" => "<number>".into(),
        "ratelimit" => value.split(';').next().unwrap().to_owned(),
        _ => string(value),
    }
}

fn string(value: &str) -> String {
    let random = |prefix: &str, length: usize| {
        let start = value.find(prefix)?;
        let end = start + prefix.len() + length;
        let tail = value.get(start + prefix.len()..end)?;
        (tail.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            .then(|| format!("{}<{prefix}>{}", &value[..start], &value[end..]))
    };
    if value.len() == 27 && value.starts_with("20") && value.ends_with('Z') {
        return "<instant>".into();
    }
    if value.len() == 10 && value.starts_with("20") && value.as_bytes()[4] == b'-' {
        return "<day>".into();
    }
    let ids = [("v_", 24), ("b_", 10), ("f_", 10), ("r_", 10)];
    ids.into_iter().find_map(|(prefix, length)| random(prefix, length)).unwrap_or_else(|| value.to_owned())
}

fn mask(name: &str, json: &mut Value) {
    match json {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| mask(name, value)),
        Value::Array(items) => items.iter_mut().for_each(|item| mask(name, item)),
        Value::String(text) => {
            *text = match name {
                "request_id" | "next_cursor" | "version" | "database" | "backend" => format!("<{name}>"),
                _ => string(text),
            };
        }
        Value::Number(_) | Value::Null
            if name.contains("latency") || name.contains("uptime") || name == "vote_id" =>
        {
            *json = Value::String(format!("<{name}>"));
        }
        _ => {}
    }
}
