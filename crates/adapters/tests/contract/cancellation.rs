use std::sync::Arc;
use std::time::Duration;

use myashes_domain::page::ListPage;
use myashes_domain::session::Caller;
use myashes_domain::votes::{VoteAction, VoteRequest};

use crate::support::{TestContext, promises, rating};

promises!(callers_that_hang_up_break_nothing);

/// Drops the future of a write at every stage: the write itself is finished or was never begun, its connection is
/// returned in a known state, and the tally equals the votes.
async fn callers_that_hang_up_break_nothing(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    for n in 0..300_u64 {
        let caller = Caller { session: stage.random_session(), player: None };
        let request =
            VoteRequest { build: id.clone(), caller, action: VoteAction::Cast(rating(3)), at: stage.now() };
        let votes = Arc::clone(&stage.storage.votes);
        let timeout = Duration::from_micros(n * 20);
        drop(tokio::time::timeout(timeout, votes.vote(request, None)).await);
    }
    // All writes that have begun are finished before this last vote gets its lock.
    let view = stage.cast(&id, "last", 3).await;
    let ListPage { total, .. } =
        stage.storage.votes.of_build(&id, crate::support::page(1, 1).into()).await.unwrap().unwrap();
    assert!(total >= view.tally.vote_count() as u64);
    stage.database.assert_no_open_transaction().await;
    let build = stage.storage.builds.find(&id).await.unwrap().unwrap();
    assert_eq!(stage.database.count("SELECT count(*) FROM votes").await, build.summary.tally.vote_count());
}
