//! A session that writes, with data of its own, at both services; its builds are removed at the end.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::difference::{Mode, between};
use super::{Compared, Pair};
use crate::smoke::client::{Answer, Client, ORIGIN};

/// Name, method, path below `/api/v1`, body. `{build}` is the session's own build.
type Step = (&'static str, &'static str, &'static str, Option<Value>);

/// After the build was made, and before it is removed.
fn steps() -> Vec<Step> {
    vec![
        ("writes: read it", "GET", "/builds/{build}", None),
        ("writes: change it", "PATCH", "/builds/{build}", Some(json!({"name": "Comparison, changed"}))),
        ("writes: change nothing", "PATCH", "/builds/{build}", Some(json!({}))),
        ("writes: change it badly", "PATCH", "/builds/{build}", Some(json!({"name": ""}))),
        ("writes: vote", "POST", "/builds/{build}/vote", Some(json!({"rating": 4}))),
        ("writes: vote again", "POST", "/builds/{build}/vote", Some(json!({"rating": 5}))),
        ("writes: vote without stars", "POST", "/builds/{build}/vote", Some(json!({"rating": "up"}))),
        ("writes: vote on nothing", "POST", "/builds/b_00000000/vote", Some(json!({"rating": 4}))),
        ("writes: a build without a name", "POST", "/builds", Some(build(""))),
        ("writes: a build of no archetype", "POST", "/builds", Some(json!({"name": "Comparison"}))),
        ("writes: feedback", "POST", "/feedback", Some(feedback("up"))),
        ("writes: feedback in the middle", "POST", "/feedback", Some(feedback("middle"))),
        ("writes: search", "POST", "/analytics/search", Some(search(json!(3)))),
        ("writes: search with a negative result", "POST", "/analytics/search", Some(search(json!(-1)))),
    ]
}

/// What a stranger tries on the build.
fn strangers_steps() -> Vec<Step> {
    vec![
        ("writes: a stranger reads it", "GET", "/builds/{build}", None),
        ("writes: a stranger changes it", "PATCH", "/builds/{build}", Some(json!({"name": "Mine"}))),
        ("writes: a stranger removes it", "DELETE", "/builds/{build}", None),
    ]
}

/// Private, so that no visitor ever meets it.
fn build(name: &str) -> Value {
    json!({
        "name": name, "description": "Made by cargo xtask compare.", "primary_archetype": "tank",
        "secondary_archetype": "fighter", "race": "vek", "is_public": false, "tags": ["comparison"],
        "build_data": {"skills": []},
    })
}

fn feedback(rating: &str) -> Value {
    json!({"query": "comparison", "response_snippet": "comparison", "rating": rating, "search_mode": "quick"})
}

fn search(result_count: Value) -> Value {
    json!({"query": "comparison", "search_mode": "quick", "result_count": result_count})
}

/// How the exchanges of the session differ, and what no request can remove.
pub fn compare(pair: &Pair) -> Result<(Vec<Compared>, Vec<String>)> {
    let mut own = Own { old: None, new: None };
    let outcome = replay(pair, &mut own);
    // Whatever happened above, no build stays.
    let mut left_behind = Vec::new();
    for (name, client, build) in [("old", &pair.old, &own.old), ("new", &pair.new, &own.new)] {
        if let Some(build) = build
            && let Err(error) = remove(client, build)
        {
            left_behind.push(format!("the build {build} at the {name} service: {error:#}"));
        }
    }
    let compared = outcome.with_context(|| left_behind.join("; "))?;
    left_behind.push("at both: one feedback and one search by the words \"comparison\"".into());
    Ok((compared, left_behind))
}

/// The ids of the session's build.
struct Own {
    old: Option<String>,
    new: Option<String>,
}

impl Own {
    fn id(&self, old: bool) -> &str {
        let id = if old { &self.old } else { &self.new };
        id.as_deref().unwrap_or("b_none")
    }
}

fn replay(pair: &Pair, own: &mut Own) -> Result<Vec<Compared>> {
    let made = |client: &Client| send(client, "POST", "/builds", Some(&build("Comparison")));
    let id =
        |answer: &Answer| answer.json().ok().and_then(|body| Some(body["build_id"].as_str()?.to_owned()));
    let old = made(&pair.old)?;
    own.old = id(&old);
    let new = made(&pair.new)?;
    own.new = id(&new);
    let mut compared = vec![beside(pair, own, "writes: make a build", &old, &new)];
    for step in steps() {
        compared.push(exchange(pair, own, step)?);
    }
    let strangers = Pair { old: pair.old.stranger()?, new: pair.new.stranger()? };
    for step in strangers_steps() {
        compared.push(exchange(&strangers, own, step)?);
    }
    compared.push(exchange(pair, own, ("writes: remove it", "DELETE", "/builds/{build}", None))?);
    compared.push(exchange(pair, own, ("writes: read what was removed", "GET", "/builds/{build}", None))?);
    Ok(compared)
}

fn exchange(pair: &Pair, own: &Own, (case, method, path, body): Step) -> Result<Compared> {
    let old = send(&pair.old, method, &path.replace("{build}", own.id(true)), body.as_ref())?;
    let new = send(&pair.new, method, &path.replace("{build}", own.id(false)), body.as_ref())?;
    Ok(beside(pair, own, case, &old, &new))
}

fn beside(pair: &Pair, own: &Own, case: &'static str, old: &Answer, new: &Answer) -> Compared {
    (case, between(pair, old, new, Mode::Copies, |body, old| hide(body, own.id(old))))
}

fn send(client: &Client, method: &str, path: &str, body: Option<&Value>) -> Result<Answer> {
    client.send(method, &format!("/api/v1{path}"), &[("Origin", ORIGIN)], body)
}

/// Deletes the build unless it is deleted already.
fn remove(client: &Client, build: &str) -> Result<()> {
    let path = format!("/builds/{build}");
    if send(client, "GET", &path, None)?.status != 404 {
        send(client, "DELETE", &path, None)?.with_status(200)?;
    }
    Ok(())
}

/// Takes the ids of new things out of a body.
fn hide(value: &mut Value, build: &str) {
    match value {
        Value::String(text) if text.contains(build) => *text = text.replace(build, "<build>"),
        Value::String(text) if text.starts_with("f_") && text.len() <= 12 => "<feedback>".clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, build)),
        Value::Object(map) => map.values_mut().for_each(|value| hide(value, build)),
        _ => {}
    }
}
