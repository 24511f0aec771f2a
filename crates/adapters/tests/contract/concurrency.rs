use std::sync::Arc;

use myashes_domain::Error;
use myashes_domain::page::ListPage;
use myashes_domain::session::Caller;
use myashes_domain::votes::{VoteAction, VoteRequest};

use crate::support::{TestContext, caller, page, promises, rating};

promises!(
    a_thousand_votes_at_once_are_all_counted,
    one_session_voting_in_parallel_leaves_one_vote,
    votes_and_deletes_at_once_neither_hang_nor_leave_orphans,
);

async fn a_thousand_votes_at_once_are_all_counted(stage: TestContext) {
    let id = stage.build("hot").await.summary.id;
    let tasks: Vec<_> = (0..1000)
        .map(|n| {
            let caller = Caller { session: stage.random_session(), player: None };
            let action = VoteAction::Cast(rating(n % 5 + 1));
            let request = VoteRequest { build: id.clone(), caller, action, at: stage.now() };
            let votes = Arc::clone(&stage.storage.votes);
            tokio::spawn(async move { votes.vote(request, None).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let build = stage.storage.builds.find(&id).await.unwrap().unwrap();
    assert_eq!((build.summary.tally.vote_count(), build.summary.tally.rating_sum()), (1000, 3000));
    let mut sum = 0;
    for number in 1..=10 {
        let ListPage { items: votes, total, .. } =
            stage.storage.votes.of_build(&id, page(number, 100).into()).await.unwrap().unwrap();
        assert_eq!((votes.len(), total), (100, 1000));
        sum += votes.iter().map(|vote| vote.rating.stars()).sum::<i64>();
    }
    assert_eq!(sum, 3000);
}

async fn one_session_voting_in_parallel_leaves_one_vote(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    let tasks: Vec<_> = (0..64)
        .map(|n| {
            let action = VoteAction::Cast(rating(n % 5 + 1));
            let request = VoteRequest { build: id.clone(), caller: caller("one"), action, at: stage.now() };
            let votes = Arc::clone(&stage.storage.votes);
            tokio::spawn(async move { votes.vote(request, None).await })
        })
        .collect();
    let mut cast = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => cast += 1,
            Err(Error::AlreadyVoted(Some(_))) => {}
            Err(other) => panic!("{other}"),
        }
    }
    let ListPage { items: votes, total, .. } =
        stage.storage.votes.of_build(&id, page(1, 10).into()).await.unwrap().unwrap();
    assert_eq!((cast, votes.len(), total), (1, 1, 1));
}

async fn votes_and_deletes_at_once_neither_hang_nor_leave_orphans(stage: TestContext) {
    for round in 0..5 {
        let id = stage.build(&format!("short-lived {round}")).await.summary.id;
        let mut tasks: Vec<_> = (0..20)
            .map(|_| {
                let caller = Caller { session: stage.random_session(), player: None };
                let action = VoteAction::Cast(rating(5));
                let request = VoteRequest { build: id.clone(), caller, action, at: stage.now() };
                let votes = Arc::clone(&stage.storage.votes);
                tokio::spawn(async move { votes.vote(request, None).await.map(|_| ()) })
            })
            .collect();
        let (builds, deleted) = (Arc::clone(&stage.storage.builds), id.clone());
        tasks.push(tokio::spawn(async move {
            let nothing = myashes_domain::write_options::WriteOptions::default();
            builds.delete(&deleted, std::sync::Arc::new(|_| Ok(())), nothing).await.map(|_| ())
        }));
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) | Err(Error::BuildNotFound(_)) => {}
                Err(other) => panic!("{other}"),
            }
        }
        assert!(stage.storage.builds.find(&id).await.unwrap().is_none());
    }
}
