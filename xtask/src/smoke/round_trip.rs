//! A build from its making to its end, and what a visitor sends besides.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::Report;
use super::client::Client;

pub fn checks(client: &Client, report: &mut Report) {
    let created = create(client);
    let path = created.as_ref().ok().cloned();
    report.note("POST /api/v1/builds makes one", created);
    if let Some(path) = path {
        report.note("its owner reads it", read(client, &path));
        report.note("PATCH changes it, and nothing else", change(client, &path));
        report.note("a vote is cast once", vote(client, &path));
        report.note("a vote is withdrawn", withdraw(client, &path));
        report.note("DELETE takes it away", delete(client, &path));
    }
    report.note("POST /api/v1/feedback is taken", feedback(client));
    report.note("POST /api/v1/analytics/search is recorded", search(client));
    report.note("bad input is named by field", refused(client));
}

/// Private, so that no visitor ever meets it.
fn build() -> Value {
    json!({
        "name": "Smoke test", "primary_archetype": "tank", "secondary_archetype": "fighter", "race": "vek",
        "visibility": "private", "tags": ["smoke"],
    })
}

fn create(client: &Client) -> Result<String> {
    let answer = client.send("POST", "/api/v1/builds", &[], Some(&build()))?.with_status(201)?;
    let body = answer.json()?;
    ensure!(body["class_name"] == "Knight", "the class of tank and fighter is {}", body["class_name"]);
    Ok(format!("/api/v1/builds/{}", body["build_id"].as_str().context("there is no build_id")?))
}

fn read(client: &Client, path: &str) -> Result<String> {
    let answer = client.get(path)?.with_status(200)?;
    ensure!(answer.json()?["name"] == "Smoke test", "it has another name");
    Ok(answer.single("ETag")?.to_owned())
}

fn change(client: &Client, path: &str) -> Result<String> {
    let body = json!({"name": "Smoke test, changed"});
    let body = client.send("PATCH", path, &[], Some(&body))?.with_status(200)?.json()?;
    ensure!(body["name"] == "Smoke test, changed" && body["race"] == "vek", "it is now {body}");
    Ok(String::new())
}

fn vote(client: &Client, path: &str) -> Result<String> {
    let path = format!("{path}/vote");
    let body = client.send("POST", &path, &[], Some(&json!({"rating": 4})))?.with_status(200)?.json()?;
    ensure!(body["your_rating"] == 4 && body["vote_count"] == 1, "the answer is {body}");
    let again = client.send("POST", &path, &[], Some(&json!({"rating": 5})))?.with_status(409)?.json()?;
    ensure!(again["error"] == "already_voted", "the second vote is answered with {again}");
    Ok("then already_voted".into())
}

fn withdraw(client: &Client, path: &str) -> Result<String> {
    let body = client.send("DELETE", &format!("{path}/vote"), &[], None)?.with_status(200)?.json()?;
    ensure!(body["vote_count"] == 0 && body["your_rating"].is_null(), "the answer is {body}");
    Ok(String::new())
}

fn delete(client: &Client, path: &str) -> Result<String> {
    let body = client.send("DELETE", path, &[], None)?.with_status(200)?.json()?;
    ensure!(body["deleted"] == true, "the answer is {body}");
    client.get(path)?.with_status(404)?;
    Ok("then 404".into())
}

fn feedback(client: &Client) -> Result<String> {
    let body = json!({
        "query": "smoke test", "response_snippet": "smoke test", "rating": "up", "search_mode": "quick",
    });
    let body = client.send("POST", "/api/v1/feedback", &[], Some(&body))?.with_status(201)?.json()?;
    Ok(body["feedback_id"].as_str().context("there is no feedback_id")?.to_owned())
}

fn search(client: &Client) -> Result<String> {
    let body = json!({"query": "smoke test", "search_mode": "quick", "result_count": 1});
    let body = client.send("POST", "/api/v1/analytics/search", &[], Some(&body))?.with_status(201)?.json()?;
    ensure!(body["recorded"] == true, "the answer is {body}");
    Ok(String::new())
}

fn refused(client: &Client) -> Result<String> {
    let mut bad = build();
    bad["name"] = json!("");
    bad["tags"] = json!("no list");
    let body = client.send("POST", "/api/v1/builds", &[], Some(&bad))?.with_status(422)?.json()?;
    let errors = body["details"]["errors"].as_array().context("there are no details.errors")?;
    let named = |field: &str| errors.iter().any(|error| error["field"] == field);
    ensure!(named("name") && named("tags"), "not every fault is named: {body}");
    Ok("validation_error".into())
}
