use myashes_domain::accounts::{Claimed, Erasure};
use myashes_domain::alongside::Written;
use myashes_domain::analytics::{PopularRequest, SearchQuery, SearchRecord};
use myashes_domain::builds::{BuildFilter, Scope};
use myashes_domain::feedback::SearchMode;
use myashes_domain::session::{Caller, SessionHash};
use myashes_domain::votes::VoteAction;

use crate::support::{Stage, caller, player, promises, rating};

promises!(
    a_claim_takes_the_sessions_builds_and_votes,
    of_a_double_vote_the_players_own_stays,
    a_claim_takes_nothing_of_others,
    an_export_holds_everything_of_the_caller_and_no_hash,
    an_erasure_leaves_every_aggregate_exact,
);

async fn claim(stage: &Stage, caller: &Caller) -> Claimed {
    let player = caller.player.as_ref().unwrap();
    let claimed = stage.storage.accounts.claim(caller.session, player, stage.now(), None).await.unwrap();
    let Written::Now(claimed) = claimed else { panic!("a claim without a key was replayed") };
    claimed
}

async fn a_claim_takes_the_sessions_builds_and_votes(stage: Stage) {
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
    assert_eq!(claim(&stage, &me).await, Claimed { builds: vec![], votes: 0 });
}

async fn of_a_double_vote_the_players_own_stays(stage: Stage) {
    let id = stage.build("B").await.summary.id;
    stage.cast(&id, "s2", 1).await;
    stage.vote(&id, &player("s1", "p"), VoteAction::Cast(rating(5))).await.unwrap();
    claim(&stage, &player("s2", "p")).await;
    let view = stage.storage.votes.view(&id, &player("s2", "p")).await.unwrap().unwrap();
    assert_eq!((view.tally.vote_count, view.tally.rating_sum, view.your_rating), (1, 5, Some(rating(5))));
}

async fn a_claim_takes_nothing_of_others(stage: Stage) {
    stage.build("of session s").await;
    assert_eq!(claim(&stage, &player("another", "p")).await.builds, []);
    claim(&stage, &player("s", "p")).await;
    assert_eq!(claim(&stage, &player("s", "q")).await.builds, [], "what has a player stays theirs");
}

async fn search(stage: &Stage, caller: &Caller, query: &str) {
    let record = SearchRecord {
        query: SearchQuery::parse(query).unwrap(),
        search_mode: SearchMode::Quick,
        result_count: 0,
        session: caller.session,
        player_id: caller.player_id().map(str::to_owned),
        caller: caller.fingerprint(),
        at: stage.now(),
    };
    stage.storage.analytics.record(record, None).await.unwrap();
}

async fn an_export_holds_everything_of_the_caller_and_no_hash(stage: Stage) {
    let id = stage.build("mine").await.summary.id;
    let me = caller("s");
    stage.cast(&id, "s", 4).await;
    search(&stage, &me, "what").await;
    let export = stage.storage.accounts.export(&me).await.unwrap();
    assert_eq!(export.builds[0]["build_id"], id.as_str());
    assert_eq!(export.builds[0]["build_data"]["skills"][1], 2);
    assert_eq!(export.votes[0]["build_id"], id.as_str());
    assert_eq!(export.votes[0]["rating"], 4);
    assert_eq!(export.searches[0]["query"], "what");
    let hash = SessionHash::of("s").0;
    assert!(!format!("{export:?}").contains(&format!("{:?}", hash)));
    let stranger = stage.storage.accounts.export(&caller("x")).await.unwrap();
    assert!(stranger.builds.is_empty() && stranger.votes.is_empty() && stranger.searches.is_empty());
}

async fn an_erasure_leaves_every_aggregate_exact(stage: Stage) {
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
    while stage.storage.accounts.erase(&me, 2).await.unwrap() == Erasure::More {
        batches += 1;
    }
    assert!(batches >= 3, "five builds in batches of two");
    let view = stage.storage.votes.view(&kept, &caller("x")).await.unwrap().unwrap();
    assert_eq!((view.tally.vote_count, view.tally.rating_sum), (1, 2));
    assert_eq!(stage.storage.builds.count(&BuildFilter::all(Scope::Public)).await.unwrap().count, 1);
    let request = PopularRequest { since: stage.now().day(), search_mode: None, min_callers: 1, limit: 5 };
    let popular = stage.storage.analytics.popular(request).await.unwrap();
    assert_eq!(popular[0].count, 1);
    let two = PopularRequest { min_callers: 2, ..request };
    assert!(
        stage.storage.analytics.popular(two).await.unwrap().is_empty(),
        "the erased caller counts no more"
    );
    let export = stage.storage.accounts.export(&me).await.unwrap();
    assert!(export.builds.is_empty() && export.votes.is_empty() && export.searches.is_empty());
}
