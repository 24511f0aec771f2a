//! Stands in for the older service: the routes that the front end calls, on a database of its schema.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use serde_json::{Value, json};

use super::machine::program;
use super::stand_in::{self, Request, Response};

/// A build as it is listed and shown.
const BUILD: &str = "jsonb_build_object('build_id', build_id, 'name', name, 'description', description, \
    'primary_archetype', primary_archetype, 'secondary_archetype', secondary_archetype, 'class_name', class_name, \
    'race', race, 'is_template', is_template, 'vote_count', vote_count, \
    'rating', CASE WHEN vote_count > 0 THEN round((rating_sum / vote_count)::numeric, 1) END, \
    'created_at', to_char(created_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US'))";

/// The same among popular builds.
const POPULAR_BUILD: &str = "jsonb_build_object('build_id', build_id, 'name', name, 'class_name', class_name, \
    'race', race, 'vote_count', vote_count, 'rating', round((rating_sum / vote_count)::numeric, 1))";

const NOW: &str = "now() AT TIME ZONE 'UTC'";

/// Serves the database at `url` on a port of 127.0.0.1 until the test ends, and returns the port.
pub fn serve(url: &str) -> u16 {
    let database = Mutex::new(Database::connect(url));
    let (address, _) = stand_in::serve(move |request| answer(request, &database));
    address.rsplit_once(':').unwrap().1.parse().unwrap()
}

/// One session of psql.
struct Database {
    _psql: Child,
    statements: ChildStdin,
    rows: BufReader<ChildStdout>,
}

impl Database {
    fn connect(url: &str) -> Self {
        let mut psql = Command::new(program("psql"));
        psql.args(["-X", "-q", "-A", "-t", url]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut psql = psql.spawn().unwrap();
        let (statements, rows) = (psql.stdin.take().unwrap(), BufReader::new(psql.stdout.take().unwrap()));
        Self { _psql: psql, statements, rows }
    }

    /// The last row of what a statement returns, if any: one JSON value.
    fn query(&mut self, statement: &str) -> Option<Value> {
        writeln!(self.statements, "{statement};\n\\echo end").unwrap();
        let mut found = None;
        loop {
            let mut line = String::new();
            self.rows.read_line(&mut line).unwrap();
            match line.trim() {
                "end" => return found,
                "" => {}
                row => found = Some(serde_json::from_str(row).unwrap()),
            }
        }
    }
}

fn answer(request: &Request, database: &Mutex<Database>) -> Response {
    let query = |statement: &str| database.lock().unwrap().query(statement);
    let path: Vec<&str> = request.route().trim_start_matches("/api/v1/").split('/').collect();
    let response = match (request.method.as_str(), &path[..]) {
        ("GET", ["builds", ""]) => Response::json(307, "").with("Location", "/api/v1/builds"),
        ("GET", ["builds"]) => list(request, query),
        ("GET", ["builds", "popular"]) => popular(request, query),
        ("GET", ["builds", "templates"]) => {
            let all = format!(
                "SELECT jsonb_build_object('templates', jsonb_agg({BUILD} ORDER BY class_name, name), 'count', count(*)) \
                 FROM builds WHERE is_template"
            );
            Response::json(200, query(&all).unwrap())
        }
        ("GET", ["builds", "auth", "status"]) => match request.header("authorization") {
            Some(_) => error(401, "authentication_failed"),
            None => {
                Response::json(200, json!({"authenticated": false, "player_id": null, "tier": "anonymous"}))
            }
        },
        ("GET", ["builds", "health", "status"]) => {
            Response::json(200, json!({"status": "operational", "auth_required_for_writes": false}))
        }
        ("GET", ["builds", id]) => {
            let build = format!("SELECT {BUILD} FROM builds WHERE build_id = {}", text(id));
            query(&build).map_or_else(absent, |build| Response::json(200, build))
        }
        ("GET", ["analytics", "popular-queries"]) if request.path.contains("days=0") => {
            error(422, "validation_error")
        }
        ("GET", ["analytics", "popular-queries"]) => {
            let queries = json!([{"query": "search 1", "count": 3, "search_mode": "quick"}]);
            Response::json(200, json!({"queries": queries, "period_days": 90}))
        }
        ("GET", ["admin", "feedback"]) => error(401, "authentication_required"),
        ("GET", ["feedback"]) => error(405, "method_not_allowed").with("Allow", "POST"),
        ("GET", _) => error(404, "not_found"),
        _ => write(request, &path, query),
    };
    match request.header("x-session-id") {
        Some(session) => response.with("X-Session-ID", session),
        None => response,
    }
}

fn list(request: &Request, mut query: impl FnMut(&str) -> Option<Value>) -> Response {
    let parameters = parameters(request);
    let number = |name: &str, usual: u32| parameters.get(name).map_or(Ok(usual), |value| value.parse());
    let (Ok(page @ 1..), Ok(limit @ 1..=100)) = (number("page", 1), number("limit", 20)) else {
        return error(422, "validation_error");
    };
    let mut which = "is_public".to_owned();
    for (name, value) in &parameters {
        which += &match *name {
            "primary_archetype" | "secondary_archetype" | "race" => format!(" AND {name} = {}", text(value)),
            "class_name" => format!(" AND class_name ILIKE {}", text(&format!("%{value}%"))),
            "is_template" => format!(" AND is_template = {value}"),
            "search" => {
                let pattern = text(&format!("%{value}%"));
                format!(" AND (name ILIKE {pattern} OR description ILIKE {pattern})")
            }
            _ => String::new(),
        };
    }
    let order = match parameters.get("sort") {
        Some(&"rating") => "rating_sum / nullif(vote_count, 0) DESC NULLS LAST, created_at DESC",
        Some(&"popular") => "vote_count DESC, created_at DESC",
        _ => "created_at DESC",
    };
    let offset = (page - 1) * limit;
    let page = format!(
        "SELECT jsonb_build_object('builds', coalesce(jsonb_agg(build ORDER BY place), '[]'), 'page', {page}, \
         'limit', {limit}, 'total', max(total), 'has_more', coalesce(max(total), 0) > {offset} + {limit}) \
         FROM (SELECT {BUILD} AS build, row_number() OVER (ORDER BY {order}, id DESC) AS place, \
         count(*) OVER () AS total FROM builds WHERE {which} ORDER BY place LIMIT {limit} OFFSET {offset}) listed"
    );
    let mut page = query(&page).unwrap();
    if page["total"].is_null() {
        page["total"] = json!(0);
    }
    Response::json(200, page)
}

fn popular(request: &Request, mut query: impl FnMut(&str) -> Option<Value>) -> Response {
    let parameters = parameters(request);
    let period = parameters.get("period").copied().unwrap_or("week");
    if !["day", "week", "month", "all"].contains(&period) {
        return error(422, "validation_error");
    }
    let limit = parameters.get("limit").copied().unwrap_or("5");
    let popular = format!(
        "SELECT jsonb_build_object('builds', jsonb_agg(build ORDER BY place), 'count', count(*), \
         'period', '{period}') FROM (SELECT {POPULAR_BUILD} AS build, row_number() OVER (ORDER BY rating_sum DESC, id) AS place \
         FROM builds WHERE is_public AND vote_count > 0 ORDER BY place LIMIT {limit}) listed"
    );
    Response::json(200, query(&popular).unwrap())
}

fn write(request: &Request, path: &[&str], mut query: impl FnMut(&str) -> Option<Value>) -> Response {
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let session = text(request.header("x-session-id").unwrap_or_default());
    let of = |key: &str| text(body[key].as_str().unwrap_or_default());
    let (status, statement) = match (request.method.as_str(), path) {
        ("POST", ["builds"]) => {
            let row = format!(
                "INSERT INTO builds (build_id, name, primary_archetype, secondary_archetype, class_name, race, \
                 session_id, created_at) VALUES ('b_' || substr(md5(random()::text), 1, 8), {}, {}, {}, 'Knight', {}, \
                 {session}, {NOW}) RETURNING {BUILD}",
                of("name"),
                of("primary_archetype"),
                of("secondary_archetype"),
                of("race")
            );
            (201, row)
        }
        ("PATCH", ["builds", id]) => {
            let row = format!(
                "UPDATE builds SET name = {}, updated_at = {NOW} WHERE build_id = {} AND session_id = {session} \
                 RETURNING {BUILD}",
                of("name"),
                text(id)
            );
            (200, row)
        }
        ("DELETE", ["builds", id]) => {
            let row = format!(
                "DELETE FROM builds WHERE build_id = {} AND session_id = {session} \
                 RETURNING jsonb_build_object('build_id', build_id, 'deleted', true)",
                text(id)
            );
            (200, row)
        }
        ("POST", ["builds", id, "vote"]) => {
            let stars = body["rating"].as_i64().unwrap_or_default();
            let rows = format!(
                "INSERT INTO build_votes (build_id, session_id, rating, created_at) \
                 VALUES ({0}, {session}, {stars}, {NOW}); \
                 UPDATE builds SET rating_sum = rating_sum + {stars}, vote_count = vote_count + 1 \
                 WHERE build_id = {0} RETURNING jsonb_build_object('build_id', build_id, 'your_rating', {stars}, \
                 'avg_rating', rating_sum / vote_count, 'vote_count', vote_count)",
                text(id)
            );
            (200, rows)
        }
        ("POST", ["feedback"]) => {
            let row = format!(
                "INSERT INTO feedback (feedback_id, query, response_snippet, search_mode, rating, session_id, created_at) \
                 VALUES ('f_' || substr(md5(random()::text), 1, 8), {}, {}, {}, {}, {session}, {NOW}) \
                 RETURNING jsonb_build_object('feedback_id', feedback_id, 'received_at', created_at)",
                of("query"),
                of("response_snippet"),
                of("search_mode"),
                of("rating")
            );
            (201, row)
        }
        _ => return error(404, "not_found"),
    };
    query(&statement).map_or_else(absent, |row| Response::json(status, row))
}

fn absent() -> Response {
    error(404, "build_not_found")
}

fn error(status: u16, code: &str) -> Response {
    Response::json(status, json!({"error": code, "message": "Not possible", "status": status}))
}

fn parameters(request: &Request) -> HashMap<&str, &str> {
    let query = request.path.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter_map(|pair| pair.split_once('=')).collect()
}

/// A text in SQL.
fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}
