//! The checks of this suite are checked: each kind of damage is done once, and must be seen.

use myashes_testkit::{Dice, TestDatabase};

use crate::ledger::{Fate, Kind};
use crate::load::{Load, OnNoAnswer};
use crate::service::Service;
use crate::verdict::violations;

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_damage_is_seen() {
    let database = TestDatabase::sqlite().await;
    let mut service = Service::start(&database.url, &[]).await;
    let load = Load::on(&service.url()).await;
    let running = load.start(4, OnNoAnswer::Continue, &mut Dice::new("checker"));
    running.answers(200).await;
    running.stop().await;
    service.kill();
    assert_eq!(violations(&load.ledger, &database).await, Vec::<String>::new());

    let one_search = "(SELECT max(id) FROM searches)";
    for (damage, seen) in [
        (format!("DELETE FROM searches WHERE id = {one_search}"), "was Acknowledged and is there 0 times"),
        ("UPDATE search_days SET searches = searches + 1".into(), "searches that are rolled up wrong"),
        (
            "INSERT INTO feedback (feedback_id, query, query_folded, response_snippet, rating, search_mode, \
             session, received_at) SELECT 'f_2', query, query_folded, response_snippet, rating, search_mode, \
             session, received_at FROM feedback LIMIT 1"
                .into(),
            "is there 2 times",
        ),
        (
            "DELETE FROM votes WHERE id = (SELECT max(id) FROM votes)".into(),
            "tallies that differ from the votes",
        ),
        (
            "UPDATE vote_days SET votes = votes + 1, rating_sum = rating_sum + 1, weight = weight + 16777216"
                .into(),
            "tallies that differ from the days",
        ),
        ("UPDATE votes SET rating = rating % 5 + 1".into(), "expected one of"),
        ("UPDATE build_ranks SET bayesian = bayesian + 0.001".into(), "scores that differ from the tallies"),
        ("UPDATE facets SET builds = builds + 1".into(), "facets that count wrong"),
        ("DELETE FROM build_tags WHERE tag = 'two'".into(), "builds without their two tags"),
        ("UPDATE builds SET name = 'another' WHERE id = 1".into(), "was never asked for"),
        ("DELETE FROM build_ranks WHERE build = 1".into(), "builds without a rank"),
    ] {
        database.execute(&damage).await.expect("the damage is done");
        let found = violations(&load.ledger, &database).await;
        assert!(found.iter().any(|line| line.contains(seen)), "{damage}: {found:#?}");
    }
    let query = database.texts("SELECT query AS line FROM searches LIMIT 1").await.swap_remove(0);
    load.ledger.learn(Kind::Search, &query, Fate::Refused);
    let found = violations(&load.ledger, &database).await;
    assert!(found.iter().any(|line| line.contains("was Refused and is there 1 times")), "{found:#?}");
}
