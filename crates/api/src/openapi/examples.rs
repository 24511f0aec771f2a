//! Examples of requests and responses.

use serde_json::{Map, Value, json};

/// Responses of the service, by the name of their schema.
const RESPONSES: &str = include_str!("examples.json");

/// By the name of the schema.
pub fn of_schemas() -> Vec<(String, Value)> {
    let build_data = json!({"skills": ["shield_slam"], "level": 25});
    let build = json!({
        "build_id": "b_4f7k2m9q3x", "name": "Iron Wall", "description": "Holds the line",
        "primary_archetype": "tank", "secondary_archetype": "fighter", "class_name": "Knight", "race": "vek",
        "visibility": "public", "is_public": true, "is_template": false, "tags": ["pvp"],
        "build_data": build_data, "game_version": "early-access",
        "share_url": "https://myashes.ai/?build=b_4f7k2m9q3x", "created_at": "2026-01-14T09:30:00.123456Z",
        "updated_at": "2026-01-14T09:30:00.123456Z", "rating": 4.3, "vote_count": 12,
        "rating_distribution": [0, 1, 2, 2, 7], "created_by": "anonymous",
        "creator": {"display_name": "anonymous", "steam_id": null, "is_authenticated": false},
    });
    let error =
        json!({"error": "build_not_found", "message": "Build b_4f7k2m9q3x does not exist", "status": 404});
    let written = vec![
        ("Build", build),
        ("ErrorBody", error),
        (
            "NewBuild",
            json!({"name": "Iron Wall", "description": "Holds the line", "primary_archetype": "tank",
                "secondary_archetype": "fighter", "race": "vek", "visibility": "public", "tags": ["pvp"],
                "build_data": build_data}),
        ),
        ("BuildChanges", json!({"name": "Iron Wall II", "description": null})),
        ("NewVote", json!({"rating": 5})),
        ("Vote", json!({"build_id": "b_4f7k2m9q3x", "your_rating": 5, "avg_rating": 4.3, "vote_count": 12})),
        (
            "NewFeedback",
            json!({"query": "best tank build", "response_snippet": "A Knight is …", "rating": "up",
                "search_mode": "smart", "comment": "Helpful"}),
        ),
        (
            "FeedbackReceipt",
            json!({"feedback_id": "f_4f7k2m9q3x", "received_at": "2026-01-14T09:30:00.123456Z"}),
        ),
        ("NewSearch", json!({"query": "best tank build", "search_mode": "quick", "result_count": 7})),
        ("SearchRecorded", json!({"recorded": true})),
        ("Claim", json!({"session_id": "sess_0123456789abcdef01234567"})),
        (
            "Claimed",
            json!({"claimed_count": 1, "build_ids": ["b_4f7k2m9q3x"], "message": "Claimed 1 build(s) and 0 vote(s)"}),
        ),
        ("NewReport", json!({"reason": "An offensive name"})),
        ("NewReview", json!({"reviewed_by": "Ada", "flagged_for_cleanup": false})),
        ("FeedbackChanges", json!({"reviewed": true})),
        ("NewFlag", json!({"reason": "The answer names a removed class", "priority": "medium"})),
        ("QueryToHide", json!({"query": "a rude word"})),
        ("Erasure", json!({"status": "done"})),
        (
            "AuditLine",
            json!({"at": "2026-01-14T09:30:00.123456Z", "actor": "token:admin", "action": "build.hide",
                "target": "b_4f7k2m9q3x", "details": {}}),
        ),
    ];
    let responses: Map<String, Value> = serde_json::from_str(RESPONSES).expect("examples.json is an object");
    written.into_iter().map(|(name, example)| (name.to_owned(), example)).chain(responses).collect()
}

/// An error with this status.
pub fn of_error(status: &str) -> Value {
    let (error, message) = match status {
        "400" => ("bad_request", "The body is not JSON"),
        "401" => ("authentication_failed", "The token is invalid or has expired"),
        "403" => ("not_owner", "Only the owner of a build can change it"),
        "404" => ("build_not_found", "Build b_4f7k2m9q3x does not exist"),
        "405" => ("method_not_allowed", "This method is not allowed here; Allow lists those that are"),
        "408" => ("request_timeout", "The request body did not arrive in time"),
        "409" => ("already_voted", "This build has already been rated by this caller"),
        "412" => ("precondition_failed", "The build has changed since it was read"),
        "413" => ("payload_too_large", "The request body must be at most 65536 bytes"),
        "414" => ("uri_too_long", "The address must be at most 8192 bytes"),
        "415" => {
            ("unsupported_media_type", "The request body must be application/json in UTF-8, not compressed")
        }
        "422" => ("validation_error", "The request has 1 invalid field(s)"),
        "429" => ("rate_limited", "Too many requests"),
        "500" => ("internal_error", "Something went wrong on our side"),
        _ => ("service_unavailable", "The service cannot answer right now"),
    };
    let number: u16 = status.parse().unwrap_or(503);
    let mut body = json!({"error": error, "message": message, "status": number});
    match status {
        "409" => body["details"] = json!({"your_rating": 4, "cast_at": "2026-01-14T09:30:00.123456Z"}),
        "422" => {
            let fault = json!({"field": "rating", "code": "range", "message": "must be between 1 and 5"});
            body["details"] = json!({"errors": [fault]});
        }
        "429" => body["details"] = json!({"retry_after": 12, "limit": "lists"}),
        "500" | "503" => body["request_id"] = "0198c0de-7a1b-7c3d-8e4f-5a6b7c8d9e0f".into(),
        _ => {}
    }
    body
}
