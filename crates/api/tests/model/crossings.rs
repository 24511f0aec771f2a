//! Operations that meet on rows that one of them is about to change or remove: answers are those of some order,
//! never an internal error, and whatever is stored twice still agrees.

use std::sync::Arc;

use myashes_adapters::system::SystemClock;
use myashes_domain::builds::{BuildDraft, NewBuild, Owner, Tags};
use myashes_domain::clock::Clock;
use myashes_domain::game::GamePack;
use myashes_domain::ids::BuildId;
use myashes_domain::retention::Cutoffs;
use myashes_testkit::{DatabaseKind, build_draft};
use serde_json::{Value, json};

use crate::attacks::{erase, on_each_database, service, stop};
use crate::concurrent_changes::{assert_statuses, at_once};
use crate::consistency::assert_consistent;
use crate::support::client::Request;
use crate::support::{Reply, TestServer, knight};

/// Facet counts: builds are changed by their owner, who is erased, and removed by an admin, all at once.
async fn facets_count_builds_that_change_and_go(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    for round in 0..25 {
        let owner = 100 + round;
        let builds = [server.build(owner, &knight("A")).await, server.build(owner, &knight("B")).await];
        let patch =
            |build: &str, patch: Value| server.patch(&format!("/builds/{build}")).session(owner).json(&patch);
        let mut requests = vec![];
        for build in &builds {
            requests.push(patch(build, json!({"visibility": "private"})));
            requests.push(patch(build, json!({"race": "kaelar", "tags": ["pve"]})));
            requests.push(patch(build, json!({"primary_archetype": "mage", "visibility": "public"})));
        }
        requests.insert(2, server.delete(&format!("/builds/{}", builds[0])).session(owner));
        requests.insert(4, server.delete(&format!("/admin/builds/{}", builds[1])).admin());
        if round % 2 == 0 {
            requests.insert(3, server.delete("/me").session(owner));
        }
        assert_statuses(&at_once(requests).await, &[200, 202, 404]);
    }
    assert_consistent(&server.database).await;
    stop(server).await;
}

/// Roll-ups of searches: while callers search, others are erased.
async fn roll_ups_follow_searches_and_erasures(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    for _ in 0..15 {
        assert_statuses(&at_once(searches(&server)).await, &[201]);
        let mut requests = searches(&server);
        // Each caller twice, so that two erasures meet.
        requests.extend((0..6).chain(0..6).map(|number| server.delete("/me").session(number)));
        let replies = at_once(requests).await;
        assert_statuses(&replies[..SEARCHERS], &[201]);
        assert_statuses(&replies[SEARCHERS..], &[200, 202]);
    }
    erase_searchers(&server).await;
    assert_consistent(&server.database).await;
    stop(server).await;
}

const SEARCHERS: usize = 12;

fn searches(server: &TestServer) -> Vec<Request> {
    let search = |number: u32| {
        let query = ["tank", "Tank", "healer"][number as usize % 3];
        let body = json!({"query": query, "search_mode": "quick", "result_count": number % 2});
        server.post("/analytics/search").session(number).json(&body)
    };
    (0..12).map(search).collect()
}

/// Follows every erasure to its end.
async fn erase_searchers(server: &TestServer) {
    for number in 0..12 {
        erase(server, number).await;
    }
}

/// Old searches are removed while their callers are erased.
async fn roll_ups_follow_erasures_and_retention(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    let storage = server.database.storage();
    let long_ago = match kind {
        DatabaseKind::Postgres => "searched_at - interval '100 days'",
        DatabaseKind::Sqlite => "searched_at - 8640000000000",
    };
    let cutoffs = Cutoffs::at(SystemClock.now(), 90, 0);
    for _ in 0..10 {
        for _ in 0..3 {
            assert_statuses(&at_once(searches(&server)).await, &[201]);
        }
        let aged = format!(
            "UPDATE searches SET searched_at = {long_ago}; UPDATE search_days SET day = day - 100; \
             UPDATE search_callers SET day = day - 100"
        );
        server.database.execute(&aged).await.unwrap();
        let retention = Arc::clone(&storage.retention);
        let sweeping = tokio::spawn(async move {
            while retention.delete_expired(&cutoffs, 7).await.expect("a sweep") > 0 {}
        });
        let erasures = (0..12).chain(0..6).map(|number| server.delete("/me").session(number)).collect();
        assert_statuses(&at_once(erasures).await, &[200, 202]);
        sweeping.await.expect("no error");
        erase_searchers(&server).await;
        while storage.retention.delete_expired(&cutoffs, 100).await.expect("a sweep") > 0 {}
        for table in ["searches", "search_days", "search_callers"] {
            assert_eq!(server.database.count(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
        }
    }
    stop(server).await;
}

/// Reports are filed again, closed by two admins at once, and go with their build.
async fn reports_are_closed_while_they_are_filed_again_and_go(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    for round in 0..30 {
        let build = server.build(1, &knight("Reported")).await;
        let report = || {
            let request = server.post(&format!("/builds/{build}/report")).session(10);
            request.json(&json!({"reason": "spam"}))
        };
        let id = report().await.expect(202).json()["report_id"].as_str().unwrap().to_owned();
        let resolve = || server.post(&format!("/admin/reports/{id}/resolve")).admin();
        let mut requests = vec![resolve(), report(), resolve(), report()];
        match round % 3 {
            0 => requests.push(server.delete(&format!("/builds/{build}")).session(1)),
            1 => requests.push(server.delete("/me").session(10)),
            _ => {}
        }
        assert_statuses(&at_once(requests).await, &[200, 202, 404]);
        let open = format!(
            "SELECT count(*) FROM reports r JOIN builds b ON b.id = r.build \
             WHERE b.build_id = '{build}' AND r.resolved_at IS NULL"
        );
        assert!(server.database.count(&open).await <= 1, "one open report for a caller and a build");
    }
    stop(server).await;
}

/// Feedback is reviewed by two admins while its author is erased.
async fn reviews_meet_the_erasure_of_their_feedback(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    for round in 0..30 {
        let author = 100 + round;
        let body = json!({"query": "q", "response_snippet": "a", "rating": "down", "search_mode": "quick"});
        let made = server.post("/feedback").session(author).json(&body).await.expect(201);
        let path = format!("/admin/feedback/{}/review", made.json()["feedback_id"].as_str().unwrap());
        let review = |by: &str| server.post(&path).admin().json(&json!({"reviewed_by": by}));
        let requests = vec![
            review("Ann"),
            server.delete("/me").session(author),
            review("Ben"),
            server.delete(&path).admin(),
        ];
        assert_statuses(&at_once(requests).await, &[200, 202, 404]);
        erase(&server, author).await;
    }
    assert_eq!(server.database.count("SELECT count(*) FROM feedback").await, 0);
    stop(server).await;
}

/// A client that tries again while its first request is running, and one that is erased meanwhile.
async fn a_retry_under_a_key_is_replayed_or_refused(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    let build = server.build(9, &knight("Voted on")).await;
    for round in 0..25 {
        let (caller, key) = (100 + round, format!("key-{round}"));
        let vote = || {
            let request = server.post(&format!("/builds/{build}/vote")).session(caller).key(&key);
            request.json(&json!({"rating": 4}))
        };
        let create = || server.post("/builds").session(caller).key("create").json(&knight("Once"));
        let replies = at_once(vec![vote(), create(), vote(), create(), vote(), create()]).await;
        let conflicts = |reply: &&Reply| reply.status == 409 && reply.error() == "idempotency_conflict";
        let carried_out: Vec<&Reply> = replies.iter().filter(|reply| !conflicts(reply)).collect();
        assert!(carried_out.iter().all(|it| matches!(it.status, 200 | 201)), "{carried_out:?}");
        let mut texts: Vec<&str> = carried_out.iter().map(|reply| reply.text.as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), 2, "round {round}: one answer to each key: {texts:?}");
        assert_eq!(server.get("/builds/mine").session(caller).await.expect(200).json()["total"], 1);
        if round % 3 == 0 {
            let replies = at_once(vec![vote(), server.delete("/me").session(caller), vote()]).await;
            assert_statuses(&replies, &[200, 202, 409]);
        }
    }
    assert_consistent(&server.database).await;
    stop(server).await;
}

/// A template is put in again, changed, while it is voted on.
async fn a_template_that_is_put_again_keeps_its_votes(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    let storage = server.database.storage();
    storage.builds.put_template(template(0)).await.unwrap();
    let path = format!("/builds/{TEMPLATE}/vote");
    for round in 1..=20_u32 {
        let builds = Arc::clone(&storage.builds);
        let putting = tokio::spawn(async move { builds.put_template(template(round)).await });
        let vote = |number: u32| {
            let request = server.put(&path).session(100 * round + number);
            request.json(&json!({"rating": number % 5 + 1}))
        };
        let mut requests: Vec<Request> = (0..8).map(vote).collect();
        requests.push(server.delete("/me").session(100 * (round - 1) + 1));
        assert_statuses(&at_once(requests).await, &[200, 202]);
        assert!(putting.await.unwrap().unwrap(), "it was changed");
    }
    assert_eq!(server.database.count("SELECT count(*) FROM votes").await, 8 * 20 - 19);
    assert_consistent(&server.database).await;
    stop(server).await;
}

const TEMPLATE: &str = "b_template1";

/// The template as the game's file has it in a round.
fn template(round: u32) -> NewBuild {
    let game = GamePack::parse(include_str!("../../../../game/ashes-of-creation.toml")).unwrap();
    let draft = BuildDraft {
        race: game.race("race", ["vek", "kaelar"][round as usize % 2]).unwrap(),
        tags: Tags::parse(&[["pvp", "pve", "solo"][round as usize % 3]]).unwrap(),
        ..build_draft(&game, &format!("Template of round {round}"))
    };
    let id = BuildId::parse(TEMPLATE).unwrap();
    NewBuild { is_template: true, ..draft.into_build(&game, id, Owner::default(), SystemClock.now()) }
}

/// A build is read by an admin, and its votes, while it goes.
async fn what_an_admin_reads_may_go_meanwhile(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    for _ in 0..30 {
        let build = server.build(1, &knight("Read")).await;
        server.put(&format!("/builds/{build}/vote")).session(2).json(&json!({"rating": 5})).await.expect(200);
        let votes = || server.get(&format!("/admin/builds/{build}/votes")).admin();
        let mut requests: Vec<Request> = (0..4).map(|_| votes()).collect();
        requests.push(server.delete(&format!("/builds/{build}")).session(1));
        requests.extend((0..4).map(|_| votes()));
        requests.push(server.get("/admin/builds").admin());
        requests.push(server.get(&format!("/builds/{build}/vote")).session(2));
        assert_statuses(&at_once(requests).await, &[200, 404]);
    }
    stop(server).await;
}

/// A voter looks at their vote while the build is deleted: the vote is there, or the build is not.
async fn a_vote_is_shown_until_its_build_goes(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    let mut without = 0;
    for _ in 0..100 {
        let build = server.build(1, &knight("Seen")).await;
        let path = format!("/builds/{build}/vote");
        server.put(&path).session(2).json(&json!({"rating": 5})).await.expect(200);
        let mut requests: Vec<Request> = (0..6).map(|_| server.get(&path).session(2)).collect();
        requests.insert(3, server.delete(&format!("/builds/{build}")).session(1));
        let mut replies = at_once(requests).await;
        assert_eq!(replies.remove(3).status, 200);
        assert_statuses(&replies, &[200, 404]);
        let shown = replies.iter().filter(|reply| reply.status == 200);
        without += shown.filter(|reply| reply.json()["your_rating"] != 5).count();
    }
    assert_eq!(without, 0, "answers of 200 without the vote");
    stop(server).await;
}

on_each_database! {
    a_vote_is_shown_until_its_build_goes:
        a_vote_is_shown_until_its_build_goes_on_sqlite,
        a_vote_is_shown_until_its_build_goes_on_postgres;
    facets_count_builds_that_change_and_go:
        facets_count_builds_that_change_and_go_on_sqlite,
        facets_count_builds_that_change_and_go_on_postgres;
    roll_ups_follow_searches_and_erasures:
        roll_ups_follow_searches_and_erasures_on_sqlite,
        roll_ups_follow_searches_and_erasures_on_postgres;
    roll_ups_follow_erasures_and_retention:
        roll_ups_follow_erasures_and_retention_on_sqlite,
        roll_ups_follow_erasures_and_retention_on_postgres;
    reports_are_closed_while_they_are_filed_again_and_go:
        reports_are_closed_while_they_are_filed_again_and_go_on_sqlite,
        reports_are_closed_while_they_are_filed_again_and_go_on_postgres;
    reviews_meet_the_erasure_of_their_feedback:
        reviews_meet_the_erasure_of_their_feedback_on_sqlite,
        reviews_meet_the_erasure_of_their_feedback_on_postgres;
    a_retry_under_a_key_is_replayed_or_refused:
        a_retry_under_a_key_is_replayed_or_refused_on_sqlite,
        a_retry_under_a_key_is_replayed_or_refused_on_postgres;
    a_template_that_is_put_again_keeps_its_votes:
        a_template_that_is_put_again_keeps_its_votes_on_sqlite,
        a_template_that_is_put_again_keeps_its_votes_on_postgres;
    what_an_admin_reads_may_go_meanwhile:
        what_an_admin_reads_may_go_meanwhile_on_sqlite,
        what_an_admin_reads_may_go_meanwhile_on_postgres;
}
