//! `cargo xtask compare` between a stand-in that answers as the older service does and one that answers as this
//! one does.
#![expect(clippy::unwrap_used, reason = "what is missing here fails the test, and should")]

mod stand_in;

use std::sync::Mutex;

use myashes_servers::Folder;
use serde_json::{Value, json};
use stand_in::{Request, Response, Seen};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Service {
    Older,
    Newer,
    /// The newer one, which forgot a field.
    WithoutClassName,
    /// The newer one, on another data set.
    OtherData,
    /// The newer one, which lets strangers change builds.
    Open,
}

/// Builds that were made: id, session, name.
type Builds = Mutex<Vec<(String, String, String)>>;

fn start(service: Service) -> (String, Seen) {
    let builds = Builds::default();
    stand_in::serve(move |request| answer(request, service, &builds))
}

fn answer(request: &Request, service: Service, builds: &Builds) -> Response {
    let mut response = route(request, service, builds);
    let session = request.header("x-session-id").unwrap_or_default();
    response = response.with("X-Session-ID", session);
    if service != Service::Older {
        response = response.with("Cache-Control", "private, no-cache");
    }
    match request.header("origin") {
        Some(origin) => response
            .with("Access-Control-Allow-Origin", origin)
            .with("Access-Control-Allow-Credentials", "true"),
        None => response,
    }
}

fn route(request: &Request, service: Service, builds: &Builds) -> Response {
    let older = service == Service::Older;
    let list = |items: Value| json!({"total": items.as_array().unwrap().len(), "builds": items, "page": 1, "limit": 20, "has_more": false});
    let of_two = |first: Value, second: Value| list(json!([first, second]));
    match (request.method.as_str(), request.route()) {
        ("GET", "/api/v1/builds/") if older => Response::json(307, "").with("Location", "/api/v1/builds"),
        ("GET", "/api/v1/builds" | "/api/v1/builds/") => {
            match request.path.split_once('?').map_or("", |(_, q)| q) {
                "limit=1000" | "page=0" => error(422, "validation_error", service),
                "sort=unknown" if !older => error(422, "validation_error", service),
                // A lone five does not come first any more.
                "sort=rating&limit=50" if !older => {
                    Response::json(200, of_two(item("b_00000002", service), item("b_00000001", service)))
                }
                "search=zzzzzzzz" => Response::json(200, list(json!([]))),
                _ => Response::json(200, of_two(item("b_00000001", service), item("b_00000002", service))),
            }
        }
        ("GET", "/api/v1/builds/popular") if request.path.contains("century") => {
            error(422, "validation_error", service)
        }
        ("GET", "/api/v1/builds/popular") => Response::json(
            200,
            json!({"builds": [item("b_00000001", service)], "period": "week", "count": 1}),
        ),
        ("GET", "/api/v1/builds/templates") => {
            Response::json(200, json!({"templates": [item("b_tank0001", service)], "count": 1}))
        }
        ("GET", "/api/v1/builds/b_00000001" | "/api/v1/builds/b_tank0001") => {
            Response::json(200, item(request.route().rsplit('/').next().unwrap(), service))
        }
        ("GET", "/api/v1/builds/auth/status") => match request.header("authorization") {
            Some(_) => error(401, "authentication_failed", service),
            None => {
                Response::json(200, json!({"authenticated": false, "player_id": null, "tier": "anonymous"}))
            }
        },
        ("GET", "/api/v1/builds/health/status") => {
            Response::json(200, json!({"status": "operational", "auth_required_for_writes": false}))
        }
        ("GET", "/api/v1/analytics/popular-queries") if request.path.contains("days=0") => {
            error(422, "validation_error", service)
        }
        ("GET", "/api/v1/analytics/popular-queries") => Response::json(
            200,
            json!({"queries": [{"query": "tank", "count": 3, "search_mode": "quick"}], "period_days": 90}),
        ),
        ("GET", "/api/v1/admin/feedback") => error(401, "authentication_required", service),
        ("GET", "/api/v1/feedback") => {
            let allowed = if older { "POST" } else { "OPTIONS, POST" };
            error(405, "method_not_allowed", service).with("Allow", allowed)
        }
        _ => write(request, service, builds),
    }
}

/// The routes of a session that writes.
fn write(request: &Request, service: Service, builds: &Builds) -> Response {
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let session = request.header("x-session-id").unwrap_or_default().to_owned();
    let mut builds = builds.lock().unwrap();
    let parts: Vec<&str> = request.route().trim_start_matches("/api/v1/").split('/').collect();
    let found = parts.get(1).and_then(|id| builds.iter().position(|(known, ..)| known == id));
    match (request.method.as_str(), &parts[..]) {
        ("POST", ["builds"]) if body["name"] == "" || body["race"].is_null() => {
            error(422, "validation_error", service)
        }
        ("POST", ["builds"]) => {
            let id = format!("b_made{:04}", builds.len());
            builds.push((id.clone(), session, body["name"].as_str().unwrap().to_owned()));
            Response::json(201, item(&id, service))
        }
        ("POST", ["feedback"]) if body["rating"] == "middle" => error(422, "validation_error", service),
        ("POST", ["feedback"]) => {
            Response::json(201, json!({"feedback_id": "f_00000001", "received_at": time(service)}))
        }
        ("POST", ["analytics", "search"]) if body["result_count"] == -1 => {
            error(422, "validation_error", service)
        }
        ("POST", ["analytics", "search"]) => Response::json(201, json!({"recorded": true})),
        ("POST", ["builds", _, "vote"]) => match (found, &body["rating"]) {
            (None, _) => error(404, "build_not_found", service),
            (Some(_), rating) if rating == 5 => error(409, "already_voted", service),
            (Some(_), rating) if rating != 4 => error(422, "validation_error", service),
            (Some(at), _) => Response::json(
                200,
                json!({"build_id": builds[at].0, "your_rating": 4, "avg_rating": 4.0, "vote_count": 1}),
            ),
        },
        (_, ["builds", _]) => {
            let Some(at) = found else { return error(404, "build_not_found", service) };
            if builds[at].1 != session && service != Service::Open {
                return error(404, "build_not_found", service);
            }
            match request.method.as_str() {
                "PATCH" if body["name"] == "" => return error(422, "validation_error", service),
                "PATCH" => builds[at].2 = body["name"].as_str().unwrap_or(&builds[at].2).to_owned(),
                "DELETE" => {
                    let (id, ..) = builds.remove(at);
                    return Response::json(200, json!({"build_id": id, "deleted": true}));
                }
                _ => {}
            }
            Response::json(200, item(&builds[at].0, service))
        }
        _ => error(404, "not_found", service),
    }
}

fn item(id: &str, service: Service) -> Value {
    let mut build = json!({
        "build_id": id, "name": "Iron Chapel", "primary_archetype": "tank", "secondary_archetype": "cleric",
        "class_name": "Paladin", "race": "dunir", "rating": 4.5, "vote_count": 2, "created_at": time(service),
    });
    match service {
        Service::Older => {}
        Service::WithoutClassName => drop(build.as_object_mut().unwrap().remove("class_name")),
        Service::OtherData => build["vote_count"] = json!(3),
        Service::Newer | Service::Open => build["tags"] = json!(["pve"]),
    }
    build
}

fn time(service: Service) -> &'static str {
    if service == Service::Older { "2026-01-14T09:30:00.123456" } else { "2026-01-14T09:30:00.123456Z" }
}

fn error(status: u16, code: &str, service: Service) -> Response {
    let message = if service == Service::Older { "Not possible" } else { "is not possible" };
    Response::json(status, json!({"error": code, "message": message, "status": status}))
}

fn compare(old: &str, new: &str, further: &[&str]) -> (bool, String) {
    stand_in::xtask(&[&["compare", "--old", old, "--new", new], further].concat())
}

/// The lines that say what was not expected.
fn unexpected(output: &str) -> Vec<&str> {
    output.lines().filter(|line| line.trim_start().starts_with("DIFFERS")).collect()
}

#[test]
fn expected_differences_pass_and_are_listed_with_their_reason() {
    let ((old, _), (new, seen)) = (start(Service::Older), start(Service::Newer));
    let (success, output) = compare(&old, &new, &[]);
    assert!(success, "{output}");
    assert!(output.contains("list: by rating: body builds[]: order: the Bayesian mean"), "{output}");
    assert!(output.contains("list: unknown sort: status"), "{output}");
    assert!(
        seen.lock().unwrap().iter().all(|line| line.starts_with("GET ")),
        "it wrote without being asked to"
    );
}

#[test]
fn a_missing_field_and_another_value_are_not_expected() {
    for (service, place) in [
        (Service::WithoutClassName, "body builds[].class_name: missing (2 times)"),
        (Service::OtherData, "body builds[].vote_count: value (2 times): old 2, new 3"),
    ] {
        let ((old, _), (new, _)) = (start(Service::Older), start(service));
        let (success, output) = compare(&old, &new, &[]);
        assert!(!success);
        assert!(unexpected(&output).iter().any(|line| line.contains(place)), "{output}");
    }
}

#[test]
fn a_difference_that_no_file_names_is_not_expected() {
    let ((old, _), (new, _)) = (start(Service::Older), start(Service::Newer));
    let folder = Folder::for_caller("expected").unwrap();
    let file = folder.path().join("expected.toml");
    std::fs::write(&file, "").unwrap();
    let (success, output) = compare(&old, &new, &["--expected", file.to_str().unwrap()]);
    assert!(!success);
    assert!(unexpected(&output).iter().any(|line| line.contains("header Cache-Control")), "{output}");
    assert!(output.contains("differences are not expected"), "{output}");
}

#[test]
fn a_session_that_writes_removes_its_builds_and_says_what_stays() {
    let ((old, old_seen), (new, new_seen)) = (start(Service::Older), start(Service::Newer));
    let (success, output) = compare(&old, &new, &["--writes"]);
    assert!(success, "{output}");
    assert!(output.contains("stays: at both: one feedback and one search"), "{output}");
    for seen in [old_seen, new_seen] {
        let seen = seen.lock().unwrap();
        let count = |line: &str| seen.iter().filter(|seen| *seen == line).count();
        // The stranger's attempt, the owner's, and the check that it is deleted.
        assert_eq!(count("DELETE /api/v1/builds/b_made0000"), 2, "{seen:?}");
        assert_eq!(seen.last().unwrap(), "GET /api/v1/builds/b_made0000");
    }
}

#[test]
fn a_service_that_lets_strangers_write_is_seen() {
    let ((old, _), (new, _)) = (start(Service::Older), start(Service::Open));
    let (success, output) = compare(&old, &new, &["--writes"]);
    assert!(!success);
    let place = "writes: a stranger changes it: status: old 404, new 200";
    assert!(unexpected(&output).iter().any(|line| line.contains(place)), "{output}");
}

#[test]
fn writes_to_another_host_are_refused_before_anything_is_sent() {
    let (old, seen) = start(Service::Older);
    let (success, output) = compare(&old, "https://service.invalid", &["--writes"]);
    assert!(!success);
    assert!(output.contains("--allow-writes-to service.invalid"), "{output}");
    assert!(seen.lock().unwrap().is_empty());
}
