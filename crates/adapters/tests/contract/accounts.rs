use std::collections::BTreeSet;

use myashes_domain::accounts::{AccountJobKind, Claimed, Erasure, ExportKind};
use myashes_domain::analytics::PopularRequest;
use myashes_domain::builds::{BuildFilter, Scope};
use myashes_domain::session::{Caller, SessionHash};
use myashes_domain::votes::VoteAction;
use myashes_domain::write_options::WriteOutcome;
use myashes_testkit::search_record;

use crate::support::{TestContext, caller, player, promises, rating};

promises!(
    a_claim_takes_the_sessions_builds_and_votes,
    of_a_double_vote_the_players_own_stays,
    a_claim_takes_nothing_of_others,
    an_export_holds_everything_of_the_caller_and_no_hash,
    every_column_of_a_build_is_exported_or_named_here,
    an_erasure_leaves_every_aggregate_exact,
    a_caller_counts_until_the_last_search_of_a_query_is_erased,
    a_claim_in_batches_takes_everything_once,
    a_job_left_behind_is_taken_over_once_and_ends_with_its_last_batch,
    a_claim_and_an_erasure_at_once_take_back_each_vote_once,
    claims_of_two_sessions_by_one_player_at_once_keep_one_vote,
);

async fn claim(stage: &TestContext, caller: &Caller) -> Claimed {
    claim_batch(stage, caller, Claimed::default(), 200).await
}

async fn claim_batch(stage: &TestContext, caller: &Caller, so_far: Claimed, limit: u32) -> Claimed {
    let claimed = stage.storage.accounts.claim(caller, so_far, limit, stage.now(), None).await.unwrap();
    let WriteOutcome::Executed(claimed) = claimed else { panic!("a claim without a key was replayed") };
    claimed
}

async fn a_claim_takes_the_sessions_builds_and_votes(stage: TestContext) {
    let build = stage.build("mine").await;
    let other = stage.build("voted on").await.summary.id;
    stage.cast(&other, "s", 4).await;
    let me = player("s", "p");
    let claimed = claim(&stage, &me).await;
    assert!(claimed.builds.contains(&build.summary.id));
    assert_eq!(claimed.votes, 1);
    let after = stage.storage.builds.find(&build.summary.id).await.unwrap().unwrap();
    assert!(after.summary.owned_by(&me) && !after.summary.owned_by(&caller("s")));
    assert_eq!(after.summary.created_by(), "Name of p");
    assert_eq!(after.summary.updated_at, build.summary.updated_at);
    assert_eq!((after.revision, after.tally_revision), (build.revision, build.tally_revision + 1));
    let elsewhere = stage.storage.votes.view(&other, &player("elsewhere", "p")).await.unwrap().unwrap();
    assert_eq!(elsewhere.your_rating, Some(rating(4)));
    assert_eq!(claim(&stage, &me).await, Claimed { finished: true, ..Claimed::default() });
}

async fn of_a_double_vote_the_players_own_stays(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    stage.cast(&id, "s2", 1).await;
    stage.vote(&id, &player("s1", "p"), VoteAction::Cast(rating(5))).await.unwrap();
    claim(&stage, &player("s2", "p")).await;
    let view = stage.storage.votes.view(&id, &player("s2", "p")).await.unwrap().unwrap();
    assert_eq!((view.tally.vote_count(), view.tally.rating_sum(), view.your_rating), (1, 5, Some(rating(5))));
}

async fn a_claim_takes_nothing_of_others(stage: TestContext) {
    stage.build("of session s").await;
    assert_eq!(claim(&stage, &player("another", "p")).await.builds, []);
    claim(&stage, &player("s", "p")).await;
    assert_eq!(claim(&stage, &player("s", "q")).await.builds, [], "what has a player stays theirs");
}

async fn search(stage: &TestContext, caller: &Caller, query: &str) {
    let record = search_record(caller, query, stage.now());
    stage.storage.analytics.record(record, None).await.unwrap();
}

async fn an_export_holds_everything_of_the_caller_and_no_hash(stage: TestContext) {
    let id = stage.build("mine").await.summary.id;
    let me = caller("s");
    stage.cast(&id, "s", 4).await;
    search(&stage, &me, "what").await;
    let builds = stage.exported(&me, ExportKind::Builds).await;
    assert_eq!(builds[0]["build_id"], id.as_str());
    assert_eq!(builds[0]["build_data"]["skills"][1], 2);
    let votes = stage.exported(&me, ExportKind::Votes).await;
    assert_eq!((&votes[0]["build_id"], &votes[0]["rating"]), (&id.as_str().into(), &4.into()));
    let searches = stage.exported(&me, ExportKind::Searches).await;
    assert_eq!(searches[0]["query"], "what");
    let hash = format!("{:?}", SessionHash::of("s").0);
    for kind in ExportKind::ALL.iter().copied() {
        assert!(!format!("{:?}", stage.exported(&me, kind).await).contains(&hash), "{kind:?}");
        assert!(stage.exported(&caller("x"), kind).await.is_empty(), "{kind:?}");
    }
    for n in 0..30 {
        stage.build(&format!("more {n}")).await;
    }
    let names: BTreeSet<_> =
        stage.exported(&me, ExportKind::Builds).await.iter().map(|it| it["name"].to_string()).collect();
    assert_eq!(names.len(), 31, "every page");
    // A player's things come behind those of the session, which fill their last page.
    let both = player("s", "p");
    let mut draft = stage.draft("of the player");
    draft.owner.player_id = Some("p".into());
    stage.create(draft).await;
    stage.build("the thirty-second").await;
    let builds = stage.exported(&both, ExportKind::Builds).await;
    let last = builds.last().map(|it| it["name"].clone());
    assert_eq!((builds.len(), last), (33, Some("of the player".into())));
    assert_eq!(stage.exported(&player("x", "p"), ExportKind::Builds).await.len(), 1);
    assert_eq!(stage.exported(&player("s", "q"), ExportKind::Builds).await.len(), 32);
}

async fn every_column_of_a_build_is_exported_or_named_here(stage: TestContext) {
    // The owner themselves, what follows from the rest, and what counts changes.
    let left_out = ["id", "session", "player_id", "is_template", "search_text", "revision"];
    stage.build("mine").await;
    let builds = stage.exported(&caller("s"), ExportKind::Builds).await;
    let exported: BTreeSet<&str> = builds[0].as_object().unwrap().keys().map(String::as_str).collect();
    let columns = stage.database.columns().await;
    let columns: BTreeSet<&str> =
        columns.iter().filter_map(|column| column.strip_prefix("builds.")).collect();
    let expected: BTreeSet<&str> = columns.into_iter().filter(|column| !left_out.contains(column)).collect();
    assert_eq!(exported, expected);
}

async fn an_erasure_leaves_every_aggregate_exact(stage: TestContext) {
    let mut draft = stage.draft("someone else's");
    draft.owner.session = Some(SessionHash::of("else"));
    let kept = stage.create(draft).await.summary.id;
    stage.cast(&kept, "x", 2).await;
    for n in 0..5 {
        let mine = stage.build(&format!("mine {n}")).await.summary.id;
        stage.cast(&mine, "x", 5).await;
    }
    let me = player("s", "p");
    claim(&stage, &me).await;
    stage.vote(&kept, &me, VoteAction::Cast(rating(5))).await.unwrap();
    for caller in [&me, &caller("x")] {
        search(&stage, caller, "shared query").await;
    }
    let mut batches = 1;
    while stage.storage.accounts.erase(&me, 2, stage.now()).await.unwrap() == Erasure::More {
        batches += 1;
    }
    assert!(batches >= 3, "five builds in batches of two");
    let view = stage.storage.votes.view(&kept, &caller("x")).await.unwrap().unwrap();
    assert_eq!((view.tally.vote_count(), view.tally.rating_sum()), (1, 2));
    assert_eq!(stage.storage.builds.count(&BuildFilter::all(Scope::Public)).await.unwrap().count, 1);
    let request = PopularRequest { since: stage.now().day(), search_mode: None, min_callers: 1, limit: 5 };
    let popular = stage.storage.analytics.popular(request).await.unwrap();
    assert_eq!(popular[0].count, 1);
    let two = PopularRequest { min_callers: 2, ..request };
    assert!(
        stage.storage.analytics.popular(two).await.unwrap().is_empty(),
        "the erased caller counts no more"
    );
    for kind in ExportKind::ALL.iter().copied() {
        assert!(stage.exported(&me, kind).await.is_empty(), "{kind:?}");
    }
}

async fn a_caller_counts_until_the_last_search_of_a_query_is_erased(stage: TestContext) {
    let me = caller("s");
    for query in ["asked again", "a", "b", "c", "d", "asked again"] {
        search(&stage, &me, query).await;
    }
    let request = PopularRequest { since: stage.now().day(), search_mode: None, min_callers: 1, limit: 9 };
    let mut counts = vec![];
    loop {
        let erased = stage.storage.accounts.erase(&me, 2, stage.now()).await.unwrap();
        let popular = stage.storage.analytics.popular(request).await.unwrap();
        let callers = stage.database.count("SELECT count(*) FROM search_callers").await;
        counts.push((popular.len() as i64, callers));
        if erased == Erasure::Done {
            break;
        }
    }
    assert_eq!(counts, [(4, 4), (2, 2), (0, 0), (0, 0)]);
}

async fn a_claim_in_batches_takes_everything_once(stage: TestContext) {
    let others: Vec<_> = {
        let mut ids = vec![];
        for n in 0..5 {
            let mut draft = stage.draft(&format!("of another {n}"));
            draft.owner.session = Some(SessionHash::of("else"));
            ids.push(stage.create(draft).await.summary.id);
        }
        ids
    };
    for id in &others {
        stage.cast(id, "s", 4).await;
    }
    for n in 0..3 {
        stage.build(&format!("mine {n}")).await;
    }
    let me = player("s", "p");
    let mut claimed = Claimed::default();
    let mut batches = 0;
    while !claimed.finished {
        claimed = claim_batch(&stage, &me, claimed, 2).await;
        batches += 1;
    }
    assert!(batches >= 3, "five votes in batches of two");
    assert_eq!((claimed.builds.len(), claimed.votes), (3, 5));
    assert_eq!(stage.database.count("SELECT count(*) FROM votes WHERE player_id = 'p'").await, 5);
    assert_eq!(stage.database.count("SELECT count(*) FROM account_jobs").await, 0);
}

async fn a_job_left_behind_is_taken_over_once_and_ends_with_its_last_batch(stage: TestContext) {
    for n in 0..5 {
        stage.build(&format!("mine {n}")).await;
    }
    let me = caller("s");
    let accounts = &stage.storage.accounts;
    assert_eq!(accounts.erase(&me, 2, stage.now()).await.unwrap(), Erasure::More);
    let later = stage.now().plus_seconds(60);
    assert_eq!(accounts.take_job(stage.now().plus_seconds(-1), later).await.unwrap(), None, "it is at work");
    let (one, two) =
        futures_util::join!(accounts.take_job(stage.now(), later), accounts.take_job(stage.now(), later));
    let taken: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
    assert_eq!(taken.len(), 1);
    assert_eq!((taken[0].kind, &taken[0].caller), (AccountJobKind::Erasure, &me));
    while accounts.erase(&taken[0].caller, 2, later).await.unwrap() == Erasure::More {}
    assert_eq!(accounts.take_job(later.plus_seconds(60), later).await.unwrap(), None);
    assert_eq!(stage.database.count("SELECT count(*) FROM builds").await, 0);
}

async fn a_claim_and_an_erasure_at_once_take_back_each_vote_once(stage: TestContext) {
    for round in 0..20 {
        let id = stage.build("B").await.summary.id;
        stage.cast(&id, "stranger", 5).await;
        let session = format!("voter {round}");
        stage.cast(&id, &session, 1).await;
        let me = player(&session, "p");
        let accounts = &stage.storage.accounts;
        let erase = || accounts.erase(&me, 200, stage.now());
        let claim = accounts.claim(&me, Claimed::default(), 200, stage.now(), None);
        let (claimed, first, second) = futures_util::join!(claim, erase(), erase());
        claimed.unwrap();
        let mut erased = [first.unwrap(), second.unwrap()];
        while erased.contains(&Erasure::More) {
            erased = [erase().await.unwrap(); 2];
        }
        erase().await.unwrap();
        let view = stage.storage.votes.view(&id, &me).await.unwrap().unwrap();
        assert_eq!((view.tally.stars, view.your_rating), ([0, 0, 0, 0, 1], None), "round {round}");
    }
}

async fn claims_of_two_sessions_by_one_player_at_once_keep_one_vote(stage: TestContext) {
    for round in 0..20 {
        let id = stage.build("B").await.summary.id;
        let sessions = [format!("a{round}"), format!("b{round}")];
        let owner = format!("p{round}");
        for session in &sessions {
            stage.cast(&id, session, 4).await;
        }
        let claims = sessions.iter().map(|session| {
            let (stage, me) = (&stage, player(session, &owner));
            async move {
                let mut claimed = Claimed::default();
                while !claimed.finished {
                    claimed = claim_batch(stage, &me, claimed, 200).await;
                }
            }
        });
        futures_util::future::join_all(claims).await;
        let view = stage.storage.votes.view(&id, &player("elsewhere", &owner)).await.unwrap().unwrap();
        assert_eq!((view.tally.vote_count(), view.your_rating), (1, Some(rating(4))), "round {round}");
    }
}
