use std::sync::Arc;

use myashes_domain::Error;
use myashes_domain::accounts::Claimed;
use myashes_domain::builds::{Build, BuildFilter, Scope};
use myashes_domain::write_options::{
    IdempotencyKey, IdempotencyRecord, RecordSubject, StoredResponse, WriteOptions, WriteOutcome,
};

use crate::support::{TestContext, caller, player, promises};

promises!(
    the_first_answer_is_replayed,
    another_body_under_the_same_key_is_refused,
    an_answer_expires_after_a_day,
    a_refused_write_keeps_no_answer,
    parallel_writes_under_one_key_leave_one_row,
    refusals_are_kept_on_request,
    what_is_kept_of_one_caller_is_bounded,
    of_two_answers_under_one_key_a_claim_keeps_the_players,
    a_claim_and_the_players_writes_under_the_same_key_do_not_meet,
);

fn key(stage: &TestContext, body: u8) -> IdempotencyKey {
    IdempotencyKey {
        caller: caller("s").fingerprint(),
        key: "k-1".into(),
        fingerprint: [body; 32],
        at: myashes_domain::clock::Clock::now(&*stage.clock),
    }
}

fn idempotency(stage: &TestContext, body: u8) -> WriteOptions<Build> {
    let render = |build: &Build| StoredResponse {
        status: 201,
        location: Some(format!("/api/v1/builds/{}", build.summary.id)),
        body: build.summary.content.name.clone(),
        subject: Some(RecordSubject::Build(build.summary.id.clone())),
    };
    Some(IdempotencyRecord { key: key(stage, body), render: Arc::new(render) }).into()
}

async fn create(stage: &TestContext, name: &str, body: u8) -> myashes_domain::Result<WriteOutcome<Build>> {
    stage.storage.builds.create(stage.draft(name), idempotency(stage, body)).await
}

async fn total(stage: &TestContext) -> u64 {
    stage.storage.builds.count(&BuildFilter::all(Scope::Public)).await.unwrap().count
}

async fn the_first_answer_is_replayed(stage: TestContext) {
    let WriteOutcome::Executed(build) = create(&stage, "one", 1).await.unwrap() else {
        panic!("nothing to replay yet")
    };
    let WriteOutcome::Replayed(answer) = create(&stage, "two", 1).await.unwrap() else {
        panic!("not replayed")
    };
    let location = Some(format!("/api/v1/builds/{}", build.summary.id));
    assert_eq!(answer, StoredResponse { status: 201, location, body: "one".into(), subject: None });
    assert_eq!(stage.storage.idempotency.find(&key(&stage, 1)).await.unwrap(), Some(answer));
    assert_eq!(total(&stage).await, 1);
}

async fn another_body_under_the_same_key_is_refused(stage: TestContext) {
    create(&stage, "one", 1).await.unwrap();
    assert!(matches!(create(&stage, "one", 2).await, Err(Error::IdempotencyKeyReused)));
    assert!(matches!(
        stage.storage.idempotency.find(&key(&stage, 2)).await,
        Err(Error::IdempotencyKeyReused)
    ));
    assert_eq!(total(&stage).await, 1);
}

async fn an_answer_expires_after_a_day(stage: TestContext) {
    create(&stage, "one", 1).await.unwrap();
    stage.clock.advance_seconds(24 * 3600);
    assert_eq!(stage.storage.idempotency.find(&key(&stage, 2)).await.unwrap(), None);
    assert!(matches!(create(&stage, "two", 2).await.unwrap(), WriteOutcome::Executed(_)));
    assert!(matches!(create(&stage, "three", 2).await.unwrap(), WriteOutcome::Replayed(_)));
    assert_eq!(total(&stage).await, 2);
}

async fn a_refused_write_keeps_no_answer(stage: TestContext) {
    let taken = stage.draft("taken");
    stage.create(taken.clone()).await;
    let refused = stage.storage.builds.create(taken, idempotency(&stage, 1)).await;
    assert!(matches!(refused, Err(Error::IdTaken)));
    assert_eq!(stage.storage.idempotency.find(&key(&stage, 1)).await.unwrap(), None);
}

async fn parallel_writes_under_one_key_leave_one_row(stage: TestContext) {
    let tries = (0..64).map(|_| {
        let (builds, draft, idempotency) =
            (Arc::clone(&stage.storage.builds), stage.draft("parallel"), idempotency(&stage, 1));
        tokio::spawn(async move { builds.create(draft, idempotency).await })
    });
    let mut created = 0;
    for task in tries.collect::<Vec<_>>() {
        match task.await.unwrap() {
            Ok(WriteOutcome::Executed(_)) => created += 1,
            Ok(WriteOutcome::Replayed(_)) | Err(Error::IdempotencyConflict) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((created, total(&stage).await), (1, 1));
}

async fn refusals_are_kept_on_request(stage: TestContext) {
    let answer = StoredResponse { status: 409, location: None, body: "{}".into(), subject: None };
    stage.storage.idempotency.keep(&key(&stage, 1), &answer).await.unwrap();
    let other = StoredResponse { status: 404, ..answer.clone() };
    stage.storage.idempotency.keep(&key(&stage, 1), &other).await.unwrap();
    assert_eq!(stage.storage.idempotency.find(&key(&stage, 1)).await.unwrap(), Some(answer));
}

async fn what_is_kept_of_one_caller_is_bounded(stage: TestContext) {
    let kept = async |key: &IdempotencyKey| stage.storage.idempotency.find(key).await.unwrap().is_some();
    let answer =
        |bytes: usize| StoredResponse { status: 404, location: None, body: "x".repeat(bytes), subject: None };
    let (large, too_large) = (key(&stage, 1), IdempotencyKey { key: "k-2".into(), ..key(&stage, 1) });
    stage.storage.idempotency.keep(&large, &answer(64 * 1024)).await.unwrap();
    stage.storage.idempotency.keep(&too_large, &answer(64 * 1024 + 1)).await.unwrap();
    assert!(kept(&large).await && !kept(&too_large).await);
    let other = IdempotencyKey { caller: [9; 32], ..key(&stage, 1) };
    stage.storage.idempotency.keep(&other, &answer(1)).await.unwrap();
    let of_caller = |n: u32| IdempotencyKey { key: format!("many-{n}"), ..key(&stage, 1) };
    for n in 0..1_000 {
        stage.clock.advance_seconds(1);
        stage.storage.idempotency.keep(&of_caller(n), &answer(1)).await.unwrap();
    }
    assert!(!kept(&large).await, "the oldest goes");
    assert!(kept(&of_caller(0)).await && kept(&of_caller(999)).await && kept(&other).await);
    assert_eq!(stage.database.count("SELECT count(*) FROM idempotency_records").await, 1_001);
}

async fn claim(stage: &TestContext, session: &str, id: &str) {
    let me = player(session, id);
    let claimed =
        stage.storage.accounts.claim(&me, Claimed::default(), 200, stage.now(), None).await.unwrap();
    assert!(matches!(claimed, WriteOutcome::Executed(claimed) if claimed.finished));
}

fn of_player(stage: &TestContext, id: &str, body: u8) -> IdempotencyKey {
    IdempotencyKey { caller: player("elsewhere", id).fingerprint(), ..key(stage, body) }
}

async fn of_two_answers_under_one_key_a_claim_keeps_the_players(stage: TestContext) {
    create(&stage, "of the session", 1).await.unwrap();
    let own = StoredResponse { status: 404, location: None, body: "of the player".into(), subject: None };
    stage.storage.idempotency.keep(&of_player(&stage, "p", 2), &own).await.unwrap();
    claim(&stage, "s", "p").await;
    assert_eq!(stage.storage.idempotency.find(&of_player(&stage, "p", 2)).await.unwrap(), Some(own));
    assert_eq!(stage.storage.idempotency.find(&key(&stage, 1)).await.unwrap(), None);
    create(&stage, "of the session again", 1).await.unwrap().executed().expect("nothing to replay");
    claim(&stage, "s", "q").await;
    let moved = stage.storage.idempotency.find(&of_player(&stage, "q", 1)).await.unwrap().unwrap();
    assert_eq!((moved.status, moved.body.as_str()), (201, "of the session again"));
    assert!(moved.location.is_some());
}

async fn a_claim_and_the_players_writes_under_the_same_key_do_not_meet(stage: TestContext) {
    for round in 0..20 {
        create(&stage, "B", 1).await.unwrap().executed().expect("nothing to replay");
        let id = format!("p{round}");
        let key = of_player(&stage, &id, 1);
        let own = StoredResponse { status: 404, location: None, body: "of the player".into(), subject: None };
        let (_, kept) =
            futures_util::join!(claim(&stage, "s", &id), stage.storage.idempotency.keep(&key, &own));
        kept.unwrap();
        assert!(stage.storage.idempotency.find(&key).await.unwrap().is_some(), "round {round}");
    }
}
