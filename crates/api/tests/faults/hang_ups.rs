//! F6: clients that hang up in the middle of their request, or before its answer.

use std::sync::Arc;
use std::time::Duration;

use myashes_testkit::{DatabaseKind, Dice, TestDatabase};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::load::{Load, session};
use crate::service::Service;
use crate::verdict::broken_promises;

/// How many hang on at a time.
const AT_ONCE: usize = 64;

async fn survives(kind: DatabaseKind, clients: u32) {
    let Some(database) = TestDatabase::new(kind).await else { return };
    let mut dice = Dice::new("hang_ups");
    let service = Service::start(&database.url, &[]).await;
    let load = Load::on(&service.url()).await;
    let build = database.texts("SELECT build_id AS line FROM builds").await.swap_remove(0);
    let (mut tasks, slots) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
    for number in 0..clients {
        let place = Arc::clone(&slots).acquire_owned().await.expect("it is never closed");
        let (request, port) = (request(&build, number, &mut dice), service.port);
        let sent = dice.index(request.len() + 1).max(1);
        // Half of them send all and hang up while it is executed, after 0 to 8 ms.
        let sent = if dice.below(2) == 0 { request.len() } else { sent };
        let hang_up_after = Duration::from_micros(dice.below(8000));
        tasks.spawn(async move {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("it listens");
            stream.write_all(&request.as_bytes()[..sent]).await.ok();
            tokio::time::sleep(hang_up_after).await;
            drop(stream);
            drop(place);
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("a client that hangs up");
    }
    load.caught_up().await;
    // More at once than there are connections: had any been lost, some would wait in vain.
    for round in 0..4 {
        let (one, other) = tokio::join!(load.one_of_each(round), load.one_of_each(1000 + round));
        let answers = [one, other].concat();
        assert!(answers.iter().all(|(_, status, _)| (200..300).contains(status)), "{answers:?}");
    }
    database.assert_no_open_transaction().await;
    let broken = broken_promises(&database).await;
    assert!(broken.is_empty(), "{broken:?}");
    let lost = doubled(&database).await;
    assert!(lost.is_empty(), "{lost:?}");
    service.assert_never_panicked();
}

/// What each asked for at most once and is there twice.
async fn doubled(database: &TestDatabase) -> Vec<String> {
    database.texts("SELECT query AS line FROM searches GROUP BY query HAVING count(*) > 1").await
}

fn request(build: &str, number: u32, dice: &mut Dice) -> String {
    let (path, body) = match dice.below(4) {
        0 => (
            "/builds".to_owned(),
            format!(
                "{{\"name\": \"hung up {number}\", \"primary_archetype\": \"tank\", \"race\": \"vek\", \
             \"secondary_archetype\": \"fighter\", \"tags\": [\"a\", \"b\"]}}"
            ),
        ),
        1 => (
            "/analytics/search".to_owned(),
            format!("{{\"query\": \"hung up {number}\", \"search_mode\": \"deep\", \"result_count\": 1}}"),
        ),
        _ => (format!("/builds/{build}/vote"), "{\"rating\": 4}".to_owned()),
    };
    let (me, length) = (session(8, u64::from(number)), body.len());
    format!(
        "POST /api/v1{path} HTTP/1.1\r\nHost: x\r\nX-Session-ID: {me}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_who_hang_up_break_nothing_on_sqlite() {
    survives(DatabaseKind::Sqlite, 500).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_who_hang_up_break_nothing_on_postgres() {
    survives(DatabaseKind::Postgres, 500).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 10,000 clients"]
async fn ten_thousand_who_hang_up_break_nothing_on_sqlite() {
    survives(DatabaseKind::Sqlite, 10_000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 10,000 clients"]
async fn ten_thousand_who_hang_up_break_nothing_on_postgres() {
    survives(DatabaseKind::Postgres, 10_000).await;
}
