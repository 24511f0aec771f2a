//! Three faults that were answered with errors or with what was not so: changes of facets at once, reports on a build
//! that goes, and a withdrawal by a caller of two identities.

use std::sync::Arc;

use myashes_testkit::DatabaseKind;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::attacks::{on_each_database, service, stop};
use crate::consistency::assert_consistent;
use crate::support::client::Request;
use crate::support::players::player;
use crate::support::{Reply, knight, session};

/// Sends all requests at once.
pub async fn at_once(requests: Vec<Request>) -> Vec<Reply> {
    let mut asked = JoinSet::new();
    for (index, request) in requests.into_iter().enumerate() {
        asked.spawn(async move { (index, request.await) });
    }
    let mut replies = asked.join_all().await;
    replies.sort_by_key(|(index, _)| *index);
    replies.into_iter().map(|(_, reply)| reply).collect()
}

#[track_caller]
pub fn assert_statuses(replies: &[Reply], allowed: &[u16]) {
    let other: Vec<(u16, &str)> = replies
        .iter()
        .filter(|reply| !allowed.contains(&reply.status))
        .map(|reply| (reply.status, reply.text.as_str()))
        .collect();
    let shown = &other[..other.len().min(3)];
    assert!(other.is_empty(), "{} of {} answers, such as {shown:?}", other.len(), replies.len());
}

/// Owners toggle a build each, in turn and all at once, between the same facets.
async fn owners_change_facets_at_once(kind: DatabaseKind, owners: u32, rounds: usize) {
    let Some(server) = service(kind, &[]).await else { return };
    let mut toggling = JoinSet::new();
    for owner in 0..owners {
        let build = server.build(owner, &knight("Toggled")).await;
        let server = Arc::clone(&server);
        toggling.spawn(async move {
            let mut replies = vec![];
            for round in 0..rounds {
                // Half of the time visibility, then race.
                let patch = match (round / (rounds / 2), round % 2) {
                    (0, 0) => json!({"visibility": "private"}),
                    (0, _) => json!({"visibility": "public"}),
                    (_, 0) => json!({"race": "kaelar"}),
                    (_, _) => json!({"race": "vek"}),
                };
                let request = server.patch(&format!("/builds/{build}")).session(owner);
                replies.push(request.json(&patch).await);
            }
            replies
        });
    }
    let replies: Vec<Reply> = toggling.join_all().await.into_iter().flatten().collect();
    assert_statuses(&replies, &[200]);
    assert_consistent(&server.database).await;
    stop(server).await;
}

async fn two_owners_change_facets_at_once(kind: DatabaseKind) {
    owners_change_facets_at_once(kind, 2, 100).await;
}

async fn twelve_owners_change_facets_at_once(kind: DatabaseKind) {
    owners_change_facets_at_once(kind, 12, 60).await;
}

/// Six callers report a build while its owner deletes it.
async fn reports_on_a_build_that_goes_are_filed_or_not_found(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    for _ in 0..40 {
        let build = server.build(1, &knight("Reported")).await;
        let report = |number| {
            let request = server.post(&format!("/builds/{build}/report")).session(number);
            request.json(&json!({"reason": "spam"}))
        };
        let mut requests: Vec<Request> = (10..16).map(report).collect();
        requests.insert(3, server.delete(&format!("/builds/{build}")).session(1));
        let mut replies = at_once(requests).await;
        assert_eq!(replies.remove(3).status, 200);
        assert_statuses(&replies, &[202, 404]);
    }
    assert_consistent(&server.database).await;
    stop(server).await;
}

/// A session changes its votes while a player claims them.
async fn votes_that_change_while_they_are_claimed_count_as_they_are_stored(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    let mut builds = vec![];
    for number in 0..6 {
        builds.push(server.build(900 + number, &knight("Voted on")).await);
    }
    for round in 0..40 {
        let vote = |build: &String, stars: u8| {
            let vote = server.put(&format!("/builds/{build}/vote")).session(round);
            vote.json(&json!({"rating": stars}))
        };
        assert_statuses(&at_once(builds.iter().map(|build| vote(build, 1)).collect()).await, &[200]);
        let claim = server.post("/builds/auth/claim").session(round).bearer(&player(&format!("p{round}")));
        let mut requests = vec![claim.json(&json!({"session_id": session(round)}))];
        requests.extend(
            (2..6)
                .flat_map(|stars| builds.iter().map(move |build| (build, stars)))
                .map(|(build, stars)| vote(build, stars)),
        );
        // What is the player's by then is not for the session to change.
        assert_statuses(&at_once(requests).await, &[200, 409]);
    }
    assert_consistent(&server.database).await;
    stop(server).await;
}

/// A vote as anonymous here and another as player elsewhere: taken back by who is both.
async fn a_withdrawal_takes_both_votes_of_a_caller_back(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    let build = server.build(9, &knight("Voted on twice")).await;
    let (path, token) = (format!("/builds/{build}/vote"), player("p1"));
    server.put(&path).session(1).json(&json!({"rating": 2})).await.expect(200);
    server.put(&path).session(2).bearer(&token).json(&json!({"rating": 5})).await.expect(200);
    let both = || server.delete(&path).session(1).bearer(&token);
    let withdrawn = both().await.expect(200).json();
    assert_eq!((&withdrawn["your_rating"], &withdrawn["vote_count"]), (&Value::Null, &json!(0)));
    let seen = server.get(&path).session(1).bearer(&token).await.expect(200).json();
    assert_eq!((&seen["your_rating"], &seen["vote_count"]), (&Value::Null, &json!(0)));
    // Without the session's vote, and without the player's, it is the other's that goes.
    for (number, identity) in [(1, None), (2, Some(&token))] {
        let vote = server.put(&path).session(number).json(&json!({"rating": 3}));
        let vote = identity.into_iter().fold(vote, |vote, token| vote.bearer(token));
        vote.await.expect(200);
        assert_eq!(both().await.expect(200).json()["vote_count"], 0);
    }
    assert_consistent(&server.database).await;
    stop(server).await;
}

on_each_database! {
    votes_that_change_while_they_are_claimed_count_as_they_are_stored:
        votes_that_change_while_they_are_claimed_count_as_they_are_stored_on_sqlite,
        votes_that_change_while_they_are_claimed_count_as_they_are_stored_on_postgres;
    two_owners_change_facets_at_once:
        two_owners_change_facets_at_once_on_sqlite,
        two_owners_change_facets_at_once_on_postgres;
    twelve_owners_change_facets_at_once:
        twelve_owners_change_facets_at_once_on_sqlite,
        twelve_owners_change_facets_at_once_on_postgres;
    reports_on_a_build_that_goes_are_filed_or_not_found:
        reports_on_a_build_that_goes_are_filed_or_not_found_on_sqlite,
        reports_on_a_build_that_goes_are_filed_or_not_found_on_postgres;
    a_withdrawal_takes_both_votes_of_a_caller_back:
        a_withdrawal_takes_both_votes_of_a_caller_back_on_sqlite,
        a_withdrawal_takes_both_votes_of_a_caller_back_on_postgres;
}
