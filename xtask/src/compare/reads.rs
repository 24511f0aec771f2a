//! The reads that are sent to both services.

use anyhow::{Context, Result};

use super::difference::{Mode, between};
use super::{Compared, Pair};
use crate::smoke::client::{Answer, ORIGIN};

/// Name, path, and how closely the answers have to agree. `{build}` and `{template}` are ids that the older
/// service lists first.
const READS: [(&str, &str, Mode); 33] = [
    ("list", "/api/v1/builds", Mode::Values),
    ("list: second page", "/api/v1/builds?page=2&limit=5", Mode::Values),
    ("list: one item", "/api/v1/builds?limit=1", Mode::Values),
    ("list: by rating", "/api/v1/builds?sort=rating&limit=50", Mode::Values),
    ("list: by votes", "/api/v1/builds?sort=popular&limit=50", Mode::Values),
    ("list: of an archetype", "/api/v1/builds?primary_archetype=tank", Mode::Values),
    (
        "list: of two archetypes",
        "/api/v1/builds?primary_archetype=tank&secondary_archetype=cleric",
        Mode::Values,
    ),
    ("list: of an archetype in capitals", "/api/v1/builds?primary_archetype=TANK", Mode::Values),
    ("list: of a race", "/api/v1/builds?race=vek", Mode::Values),
    ("list: of a class", "/api/v1/builds?class_name=Knight", Mode::Values),
    ("list: templates", "/api/v1/builds?is_template=true", Mode::Values),
    ("list: search", "/api/v1/builds?search=tank", Mode::Values),
    ("list: search without a match", "/api/v1/builds?search=zzzzzzzz", Mode::Values),
    ("list: empty parameters", "/api/v1/builds?race=&search=", Mode::Values),
    ("list: limit out of range", "/api/v1/builds?limit=1000", Mode::Shape),
    ("list: page out of range", "/api/v1/builds?page=0", Mode::Shape),
    ("list: unknown sort", "/api/v1/builds?sort=unknown", Mode::Shape),
    ("list: trailing slash", "/api/v1/builds/", Mode::Values),
    ("popular", "/api/v1/builds/popular", Mode::Values),
    ("popular: of all time", "/api/v1/builds/popular?period=all&limit=20", Mode::Values),
    ("popular: unknown period", "/api/v1/builds/popular?period=century", Mode::Shape),
    ("templates", "/api/v1/builds/templates", Mode::Values),
    ("build", "/api/v1/builds/{build}", Mode::Values),
    ("build: template", "/api/v1/builds/{template}", Mode::Values),
    ("build: absent", "/api/v1/builds/b_00000000", Mode::Shape),
    ("build: malformed id", "/api/v1/builds/no-build", Mode::Shape),
    ("identity of the caller", "/api/v1/builds/auth/status", Mode::Values),
    ("state of the builds", "/api/v1/builds/health/status", Mode::Values),
    ("popular queries", "/api/v1/analytics/popular-queries?days=90&limit=50", Mode::Shape),
    ("popular queries: out of range", "/api/v1/analytics/popular-queries?days=0", Mode::Shape),
    ("feedback as a stranger", "/api/v1/admin/feedback", Mode::Shape),
    ("unknown path", "/api/v1/unknown", Mode::Shape),
    ("wrong method", "/api/v1/feedback", Mode::Shape),
];

/// The older admin dashboard's.
const ADMIN_READS: [(&str, &str); 6] = [
    ("admin: feedback", "/api/v1/admin/feedback?limit=5"),
    ("admin: negative feedback", "/api/v1/admin/feedback/negative"),
    ("admin: statistics", "/api/v1/admin/feedback/stats"),
    ("admin: summary", "/api/v1/admin/feedback/summary?days=30"),
    ("admin: patterns", "/api/v1/admin/feedback/patterns?days=30"),
    ("admin: trends", "/api/v1/admin/feedback/trends?days=7"),
];

pub fn compare(pair: &Pair, admin: Option<&str>) -> Result<Vec<Compared>> {
    let build = first_id(pair, "/api/v1/builds?limit=1", "builds")?;
    let template = first_id(pair, "/api/v1/builds/templates", "templates")?;
    let mut compared = Vec::new();
    for (case, path, mode) in READS {
        let Some(path) = filled(path, build.as_deref(), template.as_deref()) else {
            println!("  left out  {case}: the older service has none");
            continue;
        };
        compared.push(exchange(pair, case, &path, &[("Origin", ORIGIN)], mode)?);
    }
    let bad = [("Origin", ORIGIN), ("Authorization", "Bearer not-a-token")];
    compared.push(exchange(pair, "identity: a bad token", "/api/v1/builds/auth/status", &bad, Mode::Shape)?);
    match admin.map(|token| format!("Bearer {token}")) {
        Some(token) => {
            let headers = [("Origin", ORIGIN), ("Authorization", token.as_str())];
            for (case, path) in ADMIN_READS {
                compared.push(exchange(pair, case, path, &headers, Mode::Shape)?);
            }
        }
        None => println!("  left out  the admin's reads: {} is not set", super::ADMIN_VARIABLE),
    }
    Ok(compared)
}

fn exchange(
    pair: &Pair,
    case: &'static str,
    path: &str,
    headers: &[(&str, &str)],
    mode: Mode,
) -> Result<Compared> {
    let old = pair.old.send("GET", path, headers, None)?;
    let new = pair.new.send("GET", path, headers, None)?;
    Ok((case, between(pair, &old, &new, mode, |_, _| {})))
}

fn first_id(pair: &Pair, path: &str, list: &str) -> Result<Option<String>> {
    let answer: Answer =
        pair.old.get(path)?.with_status(200).with_context(|| format!("the older service, {path}"))?;
    let body = answer.json()?;
    Ok(body[list][0]["build_id"].as_str().map(str::to_owned))
}

/// The path with its ids; `None` when there is no such id.
fn filled(path: &str, build: Option<&str>, template: Option<&str>) -> Option<String> {
    let mut path = path.to_owned();
    for (mark, id) in [("{build}", build), ("{template}", template)] {
        if path.contains(mark) {
            path = path.replace(mark, id?);
        }
    }
    Some(path)
}
