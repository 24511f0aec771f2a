//! Who may do what, as a table: one row for each route, one column for each kind of caller.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;

use crate::on_both;
use crate::support::players::{PLAYERS, admin_player, player};
use crate::support::{TestServer, knight, session};

/// The build of a row's path: whose it is, and what is asked of it.
#[derive(Clone, Copy)]
enum Build {
    /// Public, of session 1.
    OfSession,
    /// Private, of player `owner`.
    OfPlayer,
    /// Public and of session 1, but hidden by an admin.
    Hidden,
}

use Build::{Hidden, OfPlayer, OfSession};

struct Row {
    route: &'static str,
    build: Build,
    body: Option<&'static str>,
    /// Anonymous, another session, the owning session or player, another player, an admin.
    expected: [u16; 5],
}

const fn row(route: &'static str, build: Build, body: Option<&'static str>, expected: [u16; 5]) -> Row {
    Row { route, build, body, expected }
}

const NEW: Option<&str> =
    Some(r#"{"name":"n","primary_archetype":"tank","secondary_archetype":"tank","race":"vek"}"#);
const CHANGE: Option<&str> = Some(r#"{"name":"changed"}"#);
const VOTE: Option<&str> = Some(r#"{"rating":3}"#);
const REASON: Option<&str> = Some(r#"{"reason":"r"}"#);
const FEEDBACK: Option<&str> =
    Some(r#"{"query":"q","response_snippet":"s","rating":"up","search_mode":"deep"}"#);
const SEARCH: Option<&str> = Some(r#"{"query":"q","search_mode":"deep","result_count":1}"#);
const REVIEWED: Option<&str> = Some(r#"{"reviewed":true}"#);
const FLAG: Option<&str> = Some(r#"{"reason":"Wrong on two counts","priority":"high"}"#);
const REVIEW: Option<&str> = Some(r#"{"reviewed_by":"a"}"#);
const QUERY: Option<&str> = Some(r#"{"query":"hide"}"#);
const NEVER_HIDDEN: Option<&str> = Some(r#"{"query":"never hidden"}"#);

const ANYBODY: [u16; 5] = [200; 5];
const ADMINS: [u16; 5] = [401, 401, 401, 403, 200];

/// `{feedback}`, `{report}` and `{vote_id}` stand for things that are there.
const TABLE: &[Row] = &[
    row("GET /api/v1/builds", OfSession, None, ANYBODY),
    row("POST /api/v1/builds", OfSession, NEW, [201; 5]),
    row("GET /api/v1/builds/popular", OfSession, None, ANYBODY),
    row("GET /api/v1/builds/suggest?q=kni", OfSession, None, ANYBODY),
    row("GET /api/v1/builds/tags", OfSession, None, ANYBODY),
    row("GET /api/v1/builds/templates", OfSession, None, ANYBODY),
    row("GET /api/v1/builds/mine", OfSession, None, ANYBODY),
    row("GET /api/v1/builds/{id}", OfSession, None, ANYBODY),
    row("GET /api/v1/builds/{id}", OfPlayer, None, [404, 404, 200, 404, 404]),
    row("GET /api/v1/builds/{id}", Hidden, None, [404, 404, 200, 404, 200]),
    row("PATCH /api/v1/builds/{id}", Hidden, CHANGE, [404, 404, 403, 404, 404]),
    row("DELETE /api/v1/builds/{id}", Hidden, None, [404, 404, 200, 404, 404]),
    row("POST /api/v1/builds/{id}/vote", Hidden, VOTE, [404; 5]),
    row("PUT /api/v1/builds/{id}/vote", Hidden, VOTE, [404; 5]),
    row("DELETE /api/v1/builds/{id}/vote", Hidden, None, [404; 5]),
    row("GET /api/v1/builds/{id}/vote", Hidden, None, [404; 5]),
    row("POST /api/v1/builds/{id}/report", Hidden, REASON, [404, 404, 202, 404, 404]),
    row("PATCH /api/v1/builds/{id}", OfSession, CHANGE, [403, 403, 200, 403, 403]),
    row("PATCH /api/v1/builds/{id}", OfPlayer, CHANGE, [404, 404, 200, 404, 404]),
    row("DELETE /api/v1/builds/{id}", OfSession, None, [403, 403, 200, 403, 403]),
    row("DELETE /api/v1/builds/{id}", OfPlayer, None, [404, 404, 200, 404, 404]),
    row("POST /api/v1/builds/{id}/vote", OfSession, VOTE, ANYBODY),
    row("POST /api/v1/builds/{id}/vote", OfPlayer, VOTE, [404, 404, 200, 404, 404]),
    row("PUT /api/v1/builds/{id}/vote", OfPlayer, VOTE, [404, 404, 200, 404, 404]),
    row("PUT /api/v1/builds/{id}/vote", OfSession, VOTE, ANYBODY),
    row("DELETE /api/v1/builds/{id}/vote", OfPlayer, None, [404, 404, 200, 404, 404]),
    row("DELETE /api/v1/builds/{id}/vote", OfSession, None, ANYBODY),
    row("GET /api/v1/builds/{id}/vote", OfPlayer, None, [404, 404, 200, 404, 404]),
    row("GET /api/v1/builds/{id}/vote", OfSession, None, ANYBODY),
    row("POST /api/v1/builds/{id}/report", OfSession, REASON, [202; 5]),
    row("POST /api/v1/builds/{id}/report", OfPlayer, REASON, [404, 404, 202, 404, 404]),
    row("GET /api/v1/me/votes", OfSession, None, ANYBODY),
    row("GET /api/v1/me/votes?build_ids=b_x", OfSession, None, ANYBODY),
    row("POST /api/v1/feedback", OfSession, FEEDBACK, [201; 5]),
    row("POST /api/v1/analytics/search", OfSession, SEARCH, [201; 5]),
    row("GET /api/v1/analytics/popular-queries", OfSession, None, ANYBODY),
    row("GET /api/v1/builds/auth/status", OfSession, None, ANYBODY),
    row("POST /api/v1/builds/auth/claim", OfPlayer, Some("own session"), [401, 401, 200, 200, 200]),
    row("GET /api/v1/me/export", OfSession, None, ANYBODY),
    row("DELETE /api/v1/me", OfSession, None, ANYBODY),
    row("GET /api/v1/game", OfSession, None, ANYBODY),
    row("GET /api/v1/admin/feedback", OfSession, None, ADMINS),
    row("GET /api/v1/admin/feedback/negative", OfSession, None, ADMINS),
    row("GET /api/v1/admin/feedback/stats", OfSession, None, ADMINS),
    row("PATCH /api/v1/admin/feedback/{id}", OfSession, REVIEWED, ADMINS),
    row("POST /api/v1/admin/feedback/{id}/flag", OfSession, FLAG, ADMINS),
    row("GET /api/v1/admin/feedback/summary", OfSession, None, ADMINS),
    row("GET /api/v1/admin/feedback/patterns", OfSession, None, ADMINS),
    row("GET /api/v1/admin/feedback/trends", OfSession, None, ADMINS),
    row("GET /api/v1/admin/feedback/export", OfSession, None, ADMINS),
    row("GET /api/v1/admin/feedback/{id}", OfSession, None, ADMINS),
    row("POST /api/v1/admin/feedback/{id}/review", OfSession, REVIEW, ADMINS),
    row("DELETE /api/v1/admin/feedback/{id}/review", OfSession, None, ADMINS),
    row("GET /api/v1/admin/analytics/trends", OfSession, None, ADMINS),
    row("GET /api/v1/admin/analytics/zero-results", OfSession, None, ADMINS),
    row("GET /api/v1/admin/analytics/hidden-queries", OfSession, None, ADMINS),
    row("POST /api/v1/admin/analytics/hidden-queries", OfSession, QUERY, [401, 401, 401, 403, 201]),
    row("DELETE /api/v1/admin/analytics/hidden-queries", OfSession, NEVER_HIDDEN, [401, 401, 401, 403, 404]),
    row("GET /api/v1/admin/limited-networks", OfSession, None, ADMINS),
    row("GET /api/v1/admin/builds", OfSession, None, ADMINS),
    row("POST /api/v1/admin/builds/{id}/hide", OfSession, None, ADMINS),
    row("POST /api/v1/admin/builds/{id}/hide", OfPlayer, None, [401, 401, 403, 403, 200]),
    row("POST /api/v1/admin/builds/{id}/restore", Hidden, None, ADMINS),
    row("GET /api/v1/admin/builds/{id}/votes", Hidden, None, ADMINS),
    row("GET /api/v1/admin/builds/{id}/votes", OfSession, None, ADMINS),
    row("DELETE /api/v1/admin/builds/{id}/votes?rating=1", OfSession, None, ADMINS),
    row("DELETE /api/v1/admin/builds/{id}/votes?rating=1", Hidden, None, ADMINS),
    row("DELETE /api/v1/admin/builds/{id}/votes/{vote_id}", OfSession, None, ADMINS),
    row("DELETE /api/v1/admin/builds/{id}", OfPlayer, None, [401, 401, 403, 403, 200]),
    row("GET /api/v1/admin/reports", OfSession, None, ADMINS),
    row("POST /api/v1/admin/reports/{id}/resolve", OfSession, None, ADMINS),
    row("GET /api/v1/admin/audit", OfSession, None, ADMINS),
    row("GET /", OfSession, None, ANYBODY),
    row("GET /health", OfSession, None, ANYBODY),
    row("GET /health/db", OfSession, None, ANYBODY),
    row("GET /ready", OfSession, None, ANYBODY),
    row("GET /metrics", OfSession, None, ANYBODY),
    row("GET /openapi.json", OfSession, None, ANYBODY),
    row("GET /api/v1/openapi.json", OfSession, None, ANYBODY),
    row("GET /docs", OfSession, None, ANYBODY),
    row("GET /docs/{file}", OfSession, None, ANYBODY),
    row("GET /api/v1/docs", OfSession, None, ANYBODY),
    row("GET /api/v1/docs/{file}", OfSession, None, ANYBODY),
    row("GET /api/v1/builds/health/status", OfSession, None, ANYBODY),
    row("GET /api/v1/health", OfSession, None, ANYBODY),
    row("GET /api/v1/health/db", OfSession, None, ANYBODY),
    row("GET /builds", OfSession, None, ANYBODY),
    row("GET /b/{id}", OfSession, None, ANYBODY),
    row("GET /b/{id}", OfPlayer, None, [404; 5]),
    row("GET /b/{id}", Hidden, None, [404; 5]),
    row("GET /b/{id}/card.png", OfSession, None, ANYBODY),
    row("GET /b/{id}/card.png", OfPlayer, None, [404; 5]),
    row("GET /b/{id}/card.png", Hidden, None, [404; 5]),
    row("GET /oembed", OfSession, None, [422; 5]),
    row("GET /feed.atom", OfSession, None, ANYBODY),
    row("GET /sitemap.xml", OfSession, None, ANYBODY),
    row("GET /sitemap/{part}", OfSession, None, ANYBODY),
    row("GET /robots.txt", OfSession, None, ANYBODY),
    row("GET /admin", OfSession, None, ANYBODY),
    row("GET /assets/{name}", OfSession, None, ANYBODY),
];

const CALLERS: [&str; 5] = ["anonymous", "another session", "the owner", "another player", "an admin"];

#[test]
fn every_route_has_a_row() {
    let rows: BTreeSet<String> =
        TABLE.iter().map(|row| row.route.split('?').next().unwrap().to_owned()).collect();
    let routes = myashes_api::routes::endpoints();
    let routes: BTreeSet<String> = routes.iter().map(|it| format!("{} {}", it.method, it.path)).collect();
    assert_eq!(rows, routes);
}

/// A fresh thing of each kind, so that no row depends on another; the path with their ids.
async fn path_of(server: &TestServer, row: &Row, owner: &str) -> String {
    let path = row.route.split_once(' ').unwrap().1;
    let asset = myashes_web::assets::by_key("base.css").unwrap().name;
    let path = path.replace("{file}", "swagger-ui.css").replace("{part}", "0.xml").replace("{name}", asset);
    if !path.contains('{') {
        return path;
    }
    let text = |reply: crate::support::Reply, field: &str| reply.json()[field].as_str().unwrap().to_owned();
    if path.contains("/admin/feedback/{id}") {
        let reply = server.post("/feedback").session(1).raw(FEEDBACK.unwrap()).await.expect(201);
        return path.replace("{id}", &text(reply, "feedback_id"));
    }
    let id = match row.build {
        OfSession => server.build(1, &knight("Of a session")).await,
        Hidden => {
            let id = server.build(1, &knight("Hidden")).await;
            server.post(&format!("/admin/builds/{id}/hide")).admin().await.expect(200);
            id
        }
        OfPlayer => {
            let mut body = knight("Of a player");
            body["visibility"] = json!("private");
            text(server.post("/builds").session(2).bearer(owner).json(&body).await.expect(201), "build_id")
        }
    };
    if path.contains("/admin/reports/") {
        let reply =
            server.post(&format!("/builds/{id}/report")).session(1).raw(REASON.unwrap()).await.expect(202);
        return path.replace("{id}", &text(reply, "report_id"));
    }
    if path.contains("{vote_id}") {
        server.put(&format!("/builds/{id}/vote")).session(1).raw(VOTE.unwrap()).await.expect(200);
        let votes = server.get(&format!("/admin/builds/{id}/votes")).admin().await.expect(200).json();
        let vote = votes["items"][0]["vote_id"].to_string();
        return path.replace("{id}", &id).replace("{vote_id}", &vote);
    }
    path.replace("{id}", &id)
}

on_both! {
    with PLAYERS
    async fn the_table_holds(server) {
        while server.request(Method::GET, "/ready").await.status != 200 {
            tokio::task::yield_now().await;
        }
        let (owner, other, admin) = (player("owner"), player("other"), admin_player());
        for row in TABLE {
            for (caller, expected) in row.expected.iter().enumerate() {
                let path = path_of(server, row, &owner).await;
                let method = row.route.split_once(' ').unwrap().0.parse().unwrap();
                // Votes and reports are one for each caller, so that every call comes in a session of its own.
                let number = match (caller, row.build) {
                    (2, OfSession | Hidden) => 1,
                    (2, OfPlayer) => 30,
                    (n, _) => 20 + u32::try_from(n).unwrap(),
                };
                let mut request = server.request(method, &path);
                if caller != 0 {
                    request = request.session(number);
                }
                request = match (caller, row.build) {
                    (2, OfPlayer) => request.bearer(&owner),
                    (3, _) => request.bearer(&other),
                    (4, _) => request.bearer(&admin),
                    _ => request,
                };
                if let Some(body) = row.body {
                    let own = json!({"session_id": session(number)}).to_string();
                    request = request.raw(body.replace("own session", &own));
                }
                let reply = request.await;
                assert_eq!(reply.status, *expected, "{} as {}: {}", row.route, CALLERS[caller], reply.text);
            }
        }
    }
}

on_both! {
    with PLAYERS
    async fn every_caller_can_read_templates_and_none_can_change_them(server) {
        // No route makes a template; the owner of a build cannot make one of it either.
        let id = server.build(1, &knight("Mine")).await;
        let claim = json!({"is_template": true, "name": "Official"});
        let build = server.patch(&format!("/builds/{id}")).session(1).json(&claim).await.expect(200).json();
        assert_eq!((&build["is_template"], &build["created_by"]), (&json!(false), &json!("anonymous")));
        assert_eq!(server.get("/builds/templates").await.json()["count"], 0);
    }
}
