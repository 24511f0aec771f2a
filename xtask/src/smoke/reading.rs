//! What can be seen without leaving a trace.

use anyhow::{Context, Result, ensure};

use super::client::{Answer, Client, ORIGIN};
use super::{Outcome, Report};

const ALLOWED_ORIGIN: &str = "Access-Control-Allow-Origin";

/// Well-formed, and too short to be given to a build.
const NO_BUILD: &str = "/api/v1/builds/b_00000000";

/// What is tried, and how.
type Check = (&'static str, fn(&Client) -> Result<String>);

pub fn checks(client: &Client, report: &mut Report) {
    report.note("GET /api/v1/health answers", health(client));
    report.note("GET /api/v1/health/db: the database", database(client));
    let outside: [Check; 2] = [("GET / names the service", root), ("GET /ready: database and schema", ready)];
    let forwarded = all_is_forwarded(client);
    for (name, check) in outside {
        if forwarded {
            report.note(name, check(client));
        } else {
            report.add(name, Outcome::NotChecked("this address forwards /api/* alone".into()));
        }
    }
    report.note("GET /api/v1/builds lists", builds(client));
    report.note("GET /api/v1/builds/popular answers", popular(client));
    report.note("GET /api/v1/builds/templates is seeded", templates(client));
    report.note("GET /api/v1/game has the class matrix", game(client));
    report.note("an absent build is a 404 of the one shape", absent(client));
    if let Some(page) = page_path(client) {
        report.add("the page of a build, and its card", page_and_card(client, &page));
    }
    report.note("a session comes back, privately", session(client));
    report.note("CORS: an allowed origin, each header once", cors(client));
    report.note("CORS: an error has the headers, too", cors_on_error(client));
    report.note("CORS: the preflight", preflight(client));
    report.add("CORS: Idempotency-Key and If-Match pass", newer_headers(client));
    report.note("CORS: a foreign origin gets nothing", foreign(client));
}

fn root(client: &Client) -> Result<String> {
    let body = client.get("/")?.with_status(200)?.json()?;
    let part = |key: &str| body[key].as_str().with_context(|| format!("there is no {key}"));
    Ok(format!("{} {}", part("name")?, part("version")?))
}

fn health(client: &Client) -> Result<String> {
    let body = client.get("/api/v1/health")?.with_status(200)?.json()?;
    let status = body["status"].as_str().context("there is no status")?;
    ensure!(status != "unhealthy", "the service is {status}: {}", body["dependencies"]);
    Ok(status.to_owned())
}

fn database(client: &Client) -> Result<String> {
    client.get("/api/v1/health/db")?.with_status(200)?;
    Ok("answers".into())
}

/// The path of a template's page, where share links point to pages.
fn page_path(client: &Client) -> Option<String> {
    let templates = client.get("/api/v1/builds/templates").ok()?.json().ok()?;
    let id = templates["templates"][0]["build_id"].as_str()?;
    let build = client.get(&format!("/api/v1/builds/{id}")).ok()?.json().ok()?;
    let link = build["share_url"].as_str()?;
    let (_, rest) = link.split_once("://")?;
    let path = &rest[rest.find('/')?..];
    path.ends_with(&format!("/b/{id}")).then(|| path.to_owned())
}

fn page_and_card(client: &Client, page: &str) -> Outcome {
    let tried = || -> Result<Outcome> {
        let answer = client.get(page)?;
        if answer.status == 404 {
            return Ok(Outcome::NotChecked(format!("{page} is not served at this address")));
        }
        let answer = answer.with_status(200)?;
        let kind = answer.single("Content-Type")?;
        ensure!(kind.starts_with("text/html"), "{page} is {kind}");
        answer.single("Content-Security-Policy")?;
        let card = client.send("HEAD", &format!("{page}/card.png"), &[], None)?.with_status(200)?;
        let kind = card.single("Content-Type")?;
        ensure!(kind == "image/png", "the card is {kind}");
        Ok(Outcome::Passed(page.to_owned()))
    };
    tried().unwrap_or_else(Outcome::Failed)
}

/// Whether paths outside of `/api/` reach the service; a proxy may forward those alone.
fn all_is_forwarded(client: &Client) -> bool {
    let health = client.get("/health").and_then(|answer| answer.with_status(200)?.json());
    health.is_ok_and(|body| body["status"].is_string())
}

fn ready(client: &Client) -> Result<String> {
    client.get("/ready")?.with_status(200)?;
    Ok("ready".into())
}

fn builds(client: &Client) -> Result<String> {
    let body = client.get("/api/v1/builds?limit=1")?.with_status(200)?.json()?;
    body["builds"].as_array().context("there is no list")?;
    Ok(format!("{} public builds", body["total"].as_u64().context("there is no total")?))
}

fn popular(client: &Client) -> Result<String> {
    let body = client.get("/api/v1/builds/popular")?.with_status(200)?.json()?;
    Ok(format!(
        "{} of the {}",
        body["count"].as_u64().context("there is no count")?,
        body["period"].as_str().unwrap_or("?")
    ))
}

fn templates(client: &Client) -> Result<String> {
    let body = client.get("/api/v1/builds/templates")?.with_status(200)?.json()?;
    let count = body["count"].as_u64().context("there is no count")?;
    ensure!(count > 0, "there is no template: seed was not run");
    Ok(format!("{count} templates"))
}

fn game(client: &Client) -> Result<String> {
    let body = client.get("/api/v1/game")?.with_status(200)?.json()?;
    let archetypes = body["archetypes"].as_array().context("there are no archetypes")?.len();
    ensure!(archetypes > 0, "there are no archetypes");
    Ok(format!("{archetypes} archetypes"))
}

fn absent(client: &Client) -> Result<String> {
    let body = client.get(NO_BUILD)?.with_status(404)?.json()?;
    ensure!(body["error"] == "build_not_found" && body["status"] == 404, "the body is {body}");
    Ok("build_not_found".into())
}

fn session(client: &Client) -> Result<String> {
    let answer = client.get("/api/v1/builds?limit=1")?;
    let session = answer.single("X-Session-ID")?;
    let sent = session.strip_prefix("sess_").is_some_and(|hex| hex.len() == 24);
    ensure!(sent, "the session is {session:?}");
    let cache = answer.single("Cache-Control")?;
    ensure!(cache.contains("private") || cache.contains("no-store"), "a shared cache may keep it: {cache}");
    Ok(cache.to_owned())
}

fn cors(client: &Client) -> Result<String> {
    let answer =
        client.send("GET", "/api/v1/builds?limit=1", &[("Origin", ORIGIN)], None)?.with_status(200)?;
    let origin = allowed_origin(&answer)?;
    ensure!(answer.single("Access-Control-Allow-Credentials")? == "true", "credentials are not allowed");
    let exposed = answer.single("Access-Control-Expose-Headers")?.to_ascii_lowercase();
    ensure!(exposed.contains("x-session-id"), "X-Session-ID is not exposed");
    Ok(origin)
}

/// The allowed origin, once. A proxy that adds the headers to a service that does so too makes every browser
/// refuse the answer, whether it adds a line or extends the one that is there.
fn allowed_origin(answer: &Answer) -> Result<String> {
    let advice = "the proxy and the service both answer for CORS: let one of them do it (OPERATIONS, CORS)";
    let origin = answer.single(ALLOWED_ORIGIN);
    let doubled = answer.header(ALLOWED_ORIGIN).len() > 1;
    let origin = if doubled { origin.context(advice)? } else { origin? };
    ensure!(!origin.contains(','), "{ALLOWED_ORIGIN} has two values, {origin}: {advice}");
    ensure!(origin == ORIGIN, "the allowed origin is {origin}");
    Ok(origin.to_owned())
}

fn cors_on_error(client: &Client) -> Result<String> {
    let answer = client.send("GET", NO_BUILD, &[("Origin", ORIGIN)], None)?.with_status(404)?;
    allowed_origin(&answer).context("a browser cannot read errors")
}

fn preflight(client: &Client) -> Result<String> {
    let answer = ask_preflight(client, "content-type,x-session-id")?;
    ensure!((200..300).contains(&answer.status), "answers {}", answer.status);
    allowed_origin(&answer)?;
    let methods = answer.header("Access-Control-Allow-Methods").join(",");
    ensure!(methods.contains("PATCH"), "PATCH is not among the allowed methods: {methods}");
    Ok(answer.header("Access-Control-Max-Age").join(", "))
}

/// Request headers that the older front end does not send. A proxy with a list of its own may not have them.
fn newer_headers(client: &Client) -> Outcome {
    let answer = match ask_preflight(client, "idempotency-key,if-match") {
        Ok(answer) => answer,
        Err(error) => return Outcome::Failed(error),
    };
    let allowed = answer.header("Access-Control-Allow-Headers").join(",").to_ascii_lowercase();
    let names: Vec<&str> = allowed.split(',').map(str::trim).collect();
    let blocked = ["idempotency-key", "if-match"].into_iter().filter(|name| !names.contains(name));
    let blocked = blocked.collect::<Vec<_>>().join(" and ");
    if blocked.is_empty() {
        return Outcome::Passed(String::new());
    }
    Outcome::Warning(format!(
        "a browser may not send {blocked}: add them to the proxy's list (OPERATIONS, CORS)"
    ))
}

fn ask_preflight(client: &Client, headers: &str) -> Result<Answer> {
    let headers = [
        ("Origin", ORIGIN),
        ("Access-Control-Request-Method", "PATCH"),
        ("Access-Control-Request-Headers", headers),
    ];
    client.send("OPTIONS", NO_BUILD, &headers, None)
}

fn foreign(client: &Client) -> Result<String> {
    let foreign = "https://elsewhere.example";
    let answer = client.send("GET", "/api/v1/builds?limit=1", &[("Origin", foreign)], None)?;
    // A proxy may name the site in every answer, which browsers take for a refusal.
    let allowed = answer.header(ALLOWED_ORIGIN);
    ensure!(
        allowed.iter().all(|origin| ![foreign, "*"].contains(origin)),
        "it gets {}",
        allowed.join(" and ")
    );
    Ok(String::new())
}
