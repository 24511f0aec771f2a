use myashes_adapters::doctor::Doctor;
use myashes_domain::accounts::ExportKind;
use myashes_domain::analytics::{AddressKey, PopularRequest};
use myashes_domain::clock::Day;
use myashes_domain::retention::Cutoffs;
use myashes_domain::write_options::{IdempotencyKey, StoredResponse};
use myashes_testkit::search_record;

use crate::support::{TestContext, caller, promises};

promises!(
    what_is_old_goes_in_batches_and_what_is_young_stays,
    a_kind_that_cannot_be_deleted_does_not_hold_back_the_others,
    nothing_goes_where_everything_is_kept,
    the_key_of_addresses_goes_when_its_day_is_over,
);

async fn fill(stage: &TestContext) {
    for n in 0..5 {
        let record = search_record(&caller("s"), &format!("query {n}"), stage.now());
        stage.storage.analytics.record(record, None).await.unwrap();
        let key = IdempotencyKey { caller: [n; 32], key: "k".into(), fingerprint: [0; 32], at: stage.now() };
        let answer = StoredResponse { status: 404, location: None, body: String::new(), subject: None };
        stage.storage.idempotency.keep(&key, &answer).await.unwrap();
    }
}

async fn counted(stage: &TestContext) -> usize {
    let request = PopularRequest { since: Day(0), search_mode: None, min_callers: 1, limit: 50 };
    stage.storage.analytics.popular(request).await.unwrap().len()
}

async fn what_is_old_goes_in_batches_and_what_is_young_stays(stage: TestContext) {
    fill(&stage).await;
    for name in ["a", "b", "c", "d", "e"] {
        let record = search_record(&caller(name), "a query of many", stage.now());
        stage.storage.analytics.record(record, None).await.unwrap();
    }
    stage.clock.advance_seconds(100 * 86_400);
    let young = caller("s");
    let record = search_record(&young, "young", stage.now());
    stage.storage.analytics.record(record, None).await.unwrap();
    let cutoffs = Cutoffs::at(stage.now(), 90, 365);
    let options = stage.database.options();
    let mut doctor = Doctor::open(&options, &stage.game, cutoffs.searches).await.unwrap();
    for n in 1.. {
        let deleted = stage.storage.retention.delete_expired(&cutoffs, 2).await.unwrap();
        if deleted == 0 {
            break;
        }
        assert!(
            deleted <= 6,
            "a batch has two searches, two roll-ups and two answers at most, and had {deleted}"
        );
        let findings = doctor.examine().await.unwrap();
        assert!(findings.is_clean(), "after batch {n}: {findings}");
    }
    assert_eq!(counted(&stage).await, 1);
    assert_eq!(stage.exported(&young, ExportKind::Searches).await.len(), 1);
}

async fn a_kind_that_cannot_be_deleted_does_not_hold_back_the_others(stage: TestContext) {
    fill(&stage).await;
    stage.clock.advance_seconds(1000 * 86_400);
    stage.database.execute("ALTER TABLE feedback RENAME TO unreadable").await.unwrap();
    let cutoffs = Cutoffs::at(stage.now(), 90, 365);
    let mut batches = 0;
    while let Ok(deleted) = stage.storage.retention.delete_expired(&cutoffs, 2).await {
        assert!(deleted > 0, "the failure is reported in the end");
        batches += 1;
    }
    assert!(batches > 1, "the first failure ended it");
    assert_eq!(counted(&stage).await, 0);
}

async fn nothing_goes_where_everything_is_kept(stage: TestContext) {
    fill(&stage).await;
    stage.clock.advance_seconds(1000 * 86_400);
    let mut cutoffs = Cutoffs::at(stage.now(), 0, 0);
    cutoffs.answers = Day(0).start();
    assert_eq!(stage.storage.retention.delete_expired(&cutoffs, 100).await.unwrap(), 0);
    assert_eq!(counted(&stage).await, 5);
}

async fn the_key_of_addresses_goes_when_its_day_is_over(stage: TestContext) {
    let key = async |day, fresh: u8| {
        stage.storage.analytics.address_key(day, AddressKey([fresh; 32])).await.unwrap()
    };
    let today = stage.now().day();
    assert_eq!(key(today, 1).await, AddressKey([1; 32]));
    assert_eq!(key(today, 2).await, AddressKey([1; 32]), "the first one stays");
    let kept = Cutoffs::at(today.start(), 0, 0);
    assert_eq!(stage.storage.retention.delete_expired(&kept, 100).await.unwrap(), 0);
    // Searches of the day before may still be on their way.
    let midnight = Day(today.0 + 1).start();
    assert_eq!(stage.storage.retention.delete_expired(&Cutoffs::at(midnight, 0, 0), 100).await.unwrap(), 0);
    let over = Cutoffs::at(midnight.plus_seconds(3_600), 0, 0);
    assert_eq!(stage.storage.retention.delete_expired(&over, 100).await.unwrap(), 1);
    assert_eq!(key(today, 3).await, AddressKey([3; 32]), "nothing is left of the first one");
}
