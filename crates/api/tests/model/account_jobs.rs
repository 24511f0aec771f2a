//! An accepted claim or erasure changes nothing any more once a response has reported that it is finished.

use std::sync::Arc;

use myashes_adapters::system::SystemClock;
use myashes_domain::accounts::{AccountJobKind, AccountService, Claimed, Erasure};
use myashes_domain::clock::Clock;
use myashes_domain::session::{Caller, Player, SessionHash};
use myashes_testkit::DatabaseKind;
use serde_json::json;

use crate::attacks::{erase, many_builds, on_each_database, service, stop};
use crate::consistency::assert_consistent;
use crate::support::players::player;
use crate::support::{TestServer, session};

const VOTER: u32 = 1;

fn caller(player: Option<&str>) -> Caller {
    let player = player.map(|id| Player {
        player_id: id.to_owned(),
        steam_id: None,
        display_name: None,
        tier: "free".into(),
        roles: vec![],
    });
    Caller { session: SessionHash::of(&session(VOTER)), player }
}

async fn vote(server: &TestServer, build: &str) {
    let request = server.put(&format!("/builds/{build}/vote")).session(VOTER);
    request.json(&json!({"rating": 4})).await.expect(200);
}

/// The background job may begin its next batch after a response has reported the end of the erasure.
async fn a_finished_erasure_takes_no_vote_that_follows_it(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    let builds = many_builds(&server, 3).await;
    for build in &builds {
        vote(&server, build).await;
    }
    let storage = server.database.storage();
    let accounts = AccountService::new(Arc::clone(&storage.accounts), Arc::new(SystemClock));
    let begun = storage.accounts.erase(&caller(None), 1, SystemClock.now()).await.unwrap();
    assert_eq!(begun, Erasure::More, "a batch of one leaves something");
    assert_eq!(erase(&server, VOTER).await.last(), Some(&200));
    assert_eq!(server.database.count("SELECT count(*) FROM votes").await, 0);
    vote(&server, &builds[0]).await;
    assert!(accounts.resume(AccountJobKind::Erasure, &caller(None)).await.unwrap(), "it is finished");
    assert_eq!(server.database.count("SELECT count(*) FROM votes").await, 1, "the vote after it stays");
    assert_consistent(&server.database).await;
    stop(server).await;
}

/// The same of a claim: what the session does afterwards without the player stays its own.
async fn a_finished_claim_takes_no_vote_that_follows_it(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    let builds = many_builds(&server, 4).await;
    for build in &builds[..3] {
        vote(&server, build).await;
    }
    let storage = server.database.storage();
    let accounts = AccountService::new(Arc::clone(&storage.accounts), Arc::new(SystemClock));
    let claimer = caller(Some("claimer"));
    let first = storage.accounts.claim(&claimer, Claimed::default(), 1, SystemClock.now(), None).await;
    assert!(!first.unwrap().executed().expect("no key").finished, "a batch of one leaves something");
    let body = json!({"session_id": session(VOTER)});
    let claim = server.post("/builds/auth/claim").session(VOTER).bearer(&player("claimer"));
    claim.json(&body).await.expect(200);
    let claimed = "SELECT count(*) FROM votes WHERE player_id = 'claimer'";
    assert_eq!(server.database.count(claimed).await, 3);
    vote(&server, &builds[3]).await;
    assert!(accounts.resume(AccountJobKind::Claim, &claimer).await.unwrap(), "it is finished");
    assert_eq!(server.database.count(claimed).await, 3, "the vote after it stays the session's");
    assert_consistent(&server.database).await;
    stop(server).await;
}

on_each_database! {
    a_finished_erasure_takes_no_vote_that_follows_it:
        a_finished_erasure_takes_no_vote_that_follows_it_on_sqlite,
        a_finished_erasure_takes_no_vote_that_follows_it_on_postgres;
    a_finished_claim_takes_no_vote_that_follows_it:
        a_finished_claim_takes_no_vote_that_follows_it_on_sqlite,
        a_finished_claim_takes_no_vote_that_follows_it_on_postgres;
}
