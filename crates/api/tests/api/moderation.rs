//! What admins do.

use serde_json::{Value, json};

use crate::on_both;
use crate::support::players::{ADMIN_STEAM_ID, PLAYERS, admin_player, player, token_with};
use crate::support::{TestServer, knight, masked, session};

async fn feedback(server: &TestServer, query: &str, rating: &str) -> String {
    let body = json!({"query": query, "response_snippet": "=answer", "rating": rating, "search_mode": "smart",
        "comment": "-comment"});
    let reply = server.post("/feedback").session(1).json(&body).await.expect(201);
    reply.json()["feedback_id"].as_str().unwrap().to_owned()
}

on_both! {
    async fn without_any_way_to_be_admin_there_are_no_admin_routes(server) {
        for request in [server.get("/admin/feedback"), server.get("/admin/audit").header("x-admin-token", "x")] {
            assert_eq!(request.await.expect(404).error(), "not_found");
        }
    }
}

on_both! {
    with PLAYERS
    async fn admins_are_known_by_token_role_or_steam_id(server) {
        let steam = token_with(json!({"sub": "s", "steam_id": ADMIN_STEAM_ID}));
        server.get("/admin/audit").admin().await.expect(200);
        server.get("/admin/audit").bearer(&admin_player()).await.expect(200);
        server.get("/admin/audit").bearer(&steam).await.expect(200);
        assert_eq!(server.get("/admin/audit").await.expect(401).error(), "authentication_required");
        let wrong = server.get("/admin/audit").header("x-admin-token", "wrong").await.expect(403);
        assert_eq!(wrong.error(), "admin_required");
        server.get("/admin/audit").bearer(&player("p1")).await.expect(403);
        server.get("/admin/audit").header("x-steam-id", ADMIN_STEAM_ID).await.expect(401);
        let body = server.post("/admin/analytics/hidden-queries").raw("{").await.expect(401);
        assert_eq!(body.error(), "authentication_required", "before the body is looked at");
    }
}

on_both! {
    with PLAYERS
    async fn feedback_is_listed_filtered_reviewed_and_summed_up(server) {
        let (liked, disliked) = (feedback(server, "Best tank", "up").await, feedback(server, "Worst HEALER", "down").await);
        let list = |query: &'static str| server.get(&format!("/admin/feedback?{query}")).admin();
        let all = list("").await.expect(200);
        insta::assert_snapshot!("admin_feedback", masked(&all.text));
        assert!(!all.text.contains(&session(1)));
        for (query, expected) in [
            ("rating=down", vec![&disliked]), ("query_search=healer", vec![&disliked]), ("reviewed=true", vec![]),
            ("search_mode=deep", vec![]), ("date_from=2000-01-01&date_to=2099-12-31", vec![&disliked, &liked]),
            ("date_from=2099-01-01", vec![]), ("limit=1&page=2", vec![&liked]), ("flagged=false&rating=up", vec![&liked]),
        ] {
            let found = list(query).await.expect(200).json();
            let ids: Vec<&str> = found["items"].as_array().unwrap().iter().map(|it| it["feedback_id"].as_str().unwrap()).collect();
            assert_eq!(ids, expected, "{query}");
        }
        let review = server.post(&format!("/admin/feedback/{disliked}/review")).admin()
            .json(&json!({"reviewed_by": "Ann", "flagged_for_cleanup": true, "cleanup_issue_url": "https://x.example/1"}));
        let reviewed = review.await.expect(200).json();
        assert_eq!((&reviewed["reviewed"], &reviewed["reviewed_by"]), (&json!(true), &json!("Ann")));
        assert_eq!(list("flagged=true").await.json()["total"], 1);
        assert_eq!(server.get(&format!("/admin/feedback/{disliked}")).admin().await.expect(200).json(), reviewed);
        let summary = server.get("/admin/feedback/summary").admin().await.expect(200);
        insta::assert_snapshot!("feedback_summary", masked(&summary.text));
        let patterns = server.get("/admin/feedback/patterns?days=1").admin().await.expect(200);
        insta::assert_snapshot!("feedback_patterns", patterns.text);
        let trends = server.get("/admin/feedback/trends?days=3").admin().await.expect(200).json();
        let days = trends["data"].as_array().unwrap();
        assert_eq!(days.len(), 3);
        assert_eq!((&days[2]["positive"], &days[2]["negative"], &days[2]["total"]), (&json!(1), &json!(1), &json!(2)));
        assert_eq!(days[0]["total"], 0);
        let back = server.delete(&format!("/admin/feedback/{disliked}/review")).admin().await.expect(200).json();
        assert_eq!(back["reviewed"], false);
        assert_eq!(server.get("/admin/feedback/f_missing").admin().await.expect(404).error(), "feedback_not_found");
        let bad = server.post(&format!("/admin/feedback/{liked}/review")).admin().json(&json!({"cleanup_issue_url": "javascript:x"}));
        assert_eq!(bad.await.expect(422).faults(), ["cleanup_issue_url:url", "reviewed_by:required"]);
        let bad = list("date_from=yesterday&rating=x&limit=0&days=x").await.expect(422);
        assert_eq!(bad.faults(), ["date_from:format", "limit:range", "rating:one_of"]);
    }
}

on_both! {
    with PLAYERS
    async fn the_export_is_csv_that_no_spreadsheet_runs(server) {
        feedback(server, "@SUM(A1)", "down").await;
        feedback(server, "liked", "up").await;
        let reply = server.get("/admin/feedback/export").admin().await.expect(200);
        assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
        let lines: Vec<&str> = reply.text.split("\r\n").collect();
        assert_eq!(lines.len(), 3, "{}", reply.text);
        assert!(lines[1].contains(r#","'@SUM(A1)","'=answer","smart","'-comment","#), "{}", lines[1]);
    }
}

on_both! {
    with PLAYERS
    async fn queries_are_hidden_and_shown_again(server) {
        for (query, results) in [("rude word", 0), ("tank", 5)] {
            let body = json!({"query": query, "search_mode": "quick", "result_count": results});
            server.post("/analytics/search").session(1).json(&body).await.expect(201);
        }
        let popular = async || server.get("/analytics/popular-queries").await.json()["queries"].as_array().unwrap().len();
        assert_eq!(popular().await, 2);
        let zero = server.get("/admin/analytics/zero-results").admin().await.expect(200).json();
        assert_eq!(zero["queries"][0]["query"], "rude word");
        assert_eq!(zero["queries"].as_array().unwrap().len(), 1);
        let body = json!({"query": " RUDE  word "});
        let hidden = server.post("/admin/analytics/hidden-queries").admin().json(&body).await.expect(201).json();
        assert_eq!(hidden["query"], "rude word");
        assert_eq!(popular().await, 1);
        let list = server.get("/admin/analytics/hidden-queries").admin().await.expect(200).json();
        assert_eq!((&list["count"], &list["queries"][0]["query"]), (&json!(1), &json!("rude word")));
        server.delete("/admin/analytics/hidden-queries").admin().json(&body).await.expect(200);
        // Hiding a query takes effect at once; showing it again may take as long as the report is cached.
        while popular().await != 2 {
            tokio::task::yield_now().await;
        }
        server.delete("/admin/analytics/hidden-queries").admin().json(&body).await.expect(404);
    }
}

on_both! {
    with PLAYERS
    async fn reports_reach_the_queue_once_and_are_closed(server) {
        let id = server.build(1, &knight("Reported")).await;
        let report = || server.post(&format!("/builds/{id}/report")).session(2).json(&json!({"reason": "spam"}));
        let (first, second) = (report().await.expect(202).json(), report().await.expect(202).json());
        assert_eq!(first, second);
        let queue = server.get("/admin/reports?resolved=false").admin().await.expect(200).json();
        assert_eq!((&queue["total"], &queue["items"][0]["reason"]), (&json!(1), &json!("spam")));
        let builds = server.get("/admin/builds?reported=true").admin().await.expect(200).json();
        assert_eq!((&builds["total"], &builds["items"][0]["open_reports"]), (&json!(1), &json!(1)));
        let path = format!("/admin/reports/{}/resolve", first["report_id"].as_str().unwrap());
        let closed = server.post(&path).admin().await.expect(200).json();
        assert!(closed["resolved_at"].is_string());
        assert_eq!(server.post(&path).admin().await.expect(200).json(), closed);
        assert_eq!(server.get("/admin/builds?reported=true").admin().await.json()["total"], 0);
        server.post("/admin/reports/r_missing/resolve").admin().await.expect(404);
        let third = report().await.expect(202).json();
        assert_ne!(third["report_id"], first["report_id"]);
        server.post("/builds/b_missing/report").json(&json!({"reason": ""})).await.expect(404);
        let reply = server.post(&format!("/builds/{id}/report")).json(&json!({"reason": " "})).await.expect(422);
        assert_eq!(reply.faults(), ["reason:length"]);
    }
}

on_both! {
    with PLAYERS
    async fn builds_and_single_votes_are_removed_with_exact_aggregates(server) {
        let mut body = knight("Moderated");
        body["visibility"] = json!("private");
        let hidden = server.build(1, &body).await;
        let id = server.build(1, &knight("Voted")).await;
        for (voter, stars) in [(2, 1), (3, 5)] {
            server.put(&format!("/builds/{id}/vote")).session(voter).json(&json!({"rating": stars})).await.expect(200);
        }
        let builds = server.get("/admin/builds").admin().await.expect(200).json();
        assert_eq!(builds["total"], 2);
        let votes = server.get(&format!("/admin/builds/{id}/votes")).admin().await.expect(200);
        assert!(!votes.text.contains("sess"), "{}", votes.text);
        let worst = votes.json()["items"].as_array().unwrap().iter().find(|it| it["rating"] == 1).unwrap()["vote_id"].clone();
        let path = format!("/admin/builds/{id}/votes/{worst}");
        server.delete(&path).admin().await.expect(200);
        server.delete(&path).admin().await.expect(404);
        server.delete(&format!("/admin/builds/{id}/votes/x")).admin().await.expect(404);
        let build = server.get(&format!("/builds/{id}")).await.json();
        assert_eq!((&build["vote_count"], &build["rating"]), (&json!(1), &json!(5.0)));
        server.delete(&format!("/admin/builds/{hidden}")).admin().await.expect(200);
        server.get(&format!("/builds/{hidden}")).session(1).await.expect(404);
        server.delete(&format!("/admin/builds/{hidden}")).admin().await.expect(404);
    }
}

on_both! {
    with PLAYERS
    async fn a_missing_build_is_404_before_its_parameters_are_422_and_behind_400(server) {
        let id = server.build(1, &knight("Here")).await;
        for path in ["/admin/builds/{id}/votes?limit=0", "/admin/builds/{id}/votes?page=1&page=2", "/builds/{id}?viewer=banana"] {
            server.get(&path.replace("{id}", "b_zzzzzzzz")).admin().await.expect(404);
            server.get(&path.replace("{id}", &id)).admin().await.expect(422);
            server.get(&path.replace("{id}", "b_zzzzzzzz").replace('=', "=%zz")).admin().await.expect(400);
        }
        for path in ["/admin/builds/{id}?reason=%00", "/admin/builds/{id}/votes?rating=9"] {
            server.delete(&path.replace("{id}", "b_zzzzzzzz")).admin().await.expect(404);
            server.delete(&path.replace("{id}", &id)).admin().await.expect(422);
            server.delete(&path.replace("{id}", "b_zzzzzzzz").replace('=', "=%zz")).admin().await.expect(400);
        }
        for action in ["hide", "restore"] {
            server.post(&format!("/admin/builds/b_zzzzzzzz/{action}?reason=%00")).admin().await.expect(404);
        }
    }
}

on_both! {
    with PLAYERS
    async fn every_admin_write_is_in_the_audit_log_without_any_users_text(server) {
        let id = server.build(1, &knight("Canary name")).await;
        let said = feedback(server, "canary query", "down").await;
        server.post(&format!("/admin/feedback/{said}/review")).admin().json(&json!({"reviewed_by": "canary reviewer"})).await.expect(200);
        server.post("/admin/analytics/hidden-queries").bearer(&admin_player()).json(&json!({"query": "canary hidden"})).await.expect(201);
        server.delete(&format!("/admin/builds/{id}")).admin().await.expect(200);
        server.delete("/admin/builds/b_missing").admin().await.expect(404);
        let log = server.get("/admin/audit").admin().await.expect(200);
        let lines: Vec<(String, String)> = log.json()["items"].as_array().unwrap().iter()
            .map(|it| (it["actor"].as_str().unwrap().to_owned(), it["action"].as_str().unwrap().to_owned())).collect();
        let expected = [("token:admin", "build.delete"), ("player:boss", "analytics.hide_query"), ("token:admin", "feedback.review")];
        assert_eq!(lines, expected.map(|(actor, action)| (actor.to_owned(), action.to_owned())));
        assert!(!log.text.to_lowercase().contains("canary"), "{}", log.text);
        let page: Value = server.get("/admin/audit?limit=2&page=2").admin().await.expect(200).json();
        assert_eq!((&page["total"], &page["pages"], &page["items"].as_array().unwrap().len().into()), (&json!(3), &json!(2), &json!(1)));
    }
}
