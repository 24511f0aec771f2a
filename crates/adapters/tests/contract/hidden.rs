use std::sync::Arc;

use myashes_domain::Error;
use myashes_domain::accounts::{Claimed, Erasure, ExportKind};
use myashes_domain::builds::{
    Build, BuildFilter, BuildQuery, NewBuild, Owner, Period, Rewrite, Scope, Sort, Visibility,
};
use myashes_domain::ids::{BuildId, ReportId};
use myashes_domain::moderation::{AdminBuildFilter, Report};
use myashes_domain::session::Caller;
use myashes_domain::text::SearchTerm;
use myashes_domain::votes::VoteAction;
use myashes_domain::write_options::{WriteOptions, WriteOutcome};

use crate::support::{TestContext, caller, page, player, promises, rating};

promises!(
    a_hidden_build_leaves_whatever_is_public_and_comes_back,
    every_port_agrees_on_who_sees_a_build,
    hiding_a_hidden_build_changes_nothing,
    a_build_that_was_not_public_is_restored_as_it_was,
    a_rewrite_does_not_show_a_hidden_build,
    a_hidden_template_stays_hidden_when_its_file_changes,
    a_claim_and_an_erasure_treat_a_hidden_build_as_any,
);

const EVERY: [Visibility; 3] = [Visibility::Public, Visibility::Unlisted, Visibility::Private];

async fn set_hidden(stage: &TestContext, id: &BuildId, hidden: bool) -> Build {
    let audit = WriteOptions::audit(stage.audit());
    let written = stage.storage.builds.set_hidden(id, hidden, audit).await.unwrap();
    written.executed().expect("no idempotency key")
}

fn public() -> BuildFilter {
    BuildFilter::all(Scope::Public)
}

/// The ids of a list, and its total.
async fn listed(stage: &TestContext, filter: BuildFilter) -> (Vec<BuildId>, u64) {
    let query = BuildQuery { filter: filter.clone(), sort: Sort::Newest, page: page(1, 100) };
    let found = stage.storage.builds.list(&query).await.unwrap();
    let total = stage.storage.builds.count(&filter).await.unwrap().count;
    (found.builds.into_iter().map(|(build, _)| build.id).collect(), total)
}

/// How often the build turns up in each public list, and in each total.
async fn public_sightings(stage: &TestContext, id: &BuildId) -> Vec<(usize, u64)> {
    let term = SearchTerm::parse("shown").unwrap();
    let filters = [
        public(),
        BuildFilter { search: term.clone(), ..public() },
        BuildFilter { tag: vec!["pvp".into()], ..public() },
        BuildFilter { race: vec!["vek".into()], ..public() },
        BuildFilter { search: term, race: vec!["vek".into()], tag: vec!["pvp".into()], ..public() },
    ];
    let mut seen = vec![];
    for filter in filters {
        let (ids, total) = listed(stage, filter.clone()).await;
        seen.push((ids.iter().filter(|it| *it == id).count(), total));
        if filter.search.is_some() {
            let found = stage.storage.builds.rank_matches(&filter, 10).await.unwrap();
            seen.push((found.places.len(), total));
        }
    }
    for period in [Period::Day, Period::All] {
        let ids = stage.storage.builds.most_voted(period, stage.now(), 10, true).await.unwrap();
        seen.push((ids.iter().filter(|it| *it == id).count(), ids.len() as u64));
    }
    let ready = stage.storage.builds.public_by_ids(std::slice::from_ref(id)).await.unwrap();
    seen.push((ready.len(), ready.len() as u64));
    seen
}

async fn a_hidden_build_leaves_whatever_is_public_and_comes_back(stage: TestContext) {
    let id = stage.build("Shown").await.summary.id;
    stage.cast(&id, "voter", 5).await;
    let before = public_sightings(&stage, &id).await;
    assert!(before.iter().all(|seen| *seen == (1, 1)), "{before:?}");

    let hidden = set_hidden(&stage, &id, true).await;
    assert!(hidden.summary.hidden);
    assert_eq!(
        (hidden.summary.content.visibility, hidden.summary.tally.vote_count()),
        (Visibility::Public, 1)
    );
    let during = public_sightings(&stage, &id).await;
    assert!(during.iter().all(|seen| *seen == (0, 0)), "{during:?}");
    let owned = BuildFilter::all(Scope::OwnedBy { session: caller("s").session, player_id: None });
    assert_eq!(listed(&stage, owned).await, (vec![id.clone()], 1));
    let all =
        stage.storage.moderation.builds(&AdminBuildFilter::default(), page(1, 10).into()).await.unwrap();
    assert_eq!((all.items[0].build.id.clone(), all.items[0].build.hidden, all.total), (id.clone(), true, 1));

    let restored = set_hidden(&stage, &id, false).await;
    assert!(!restored.summary.hidden);
    assert_eq!(public_sightings(&stage, &id).await, before);
    let lines = stage.storage.moderation.audit(page(1, 10).into()).await.unwrap();
    assert_eq!(lines.total, 2);
}

/// The rule: owners see all they own, others what is neither private nor hidden; votes want it not hidden.
async fn every_port_agrees_on_who_sees_a_build(stage: TestContext) {
    let owners = [
        (
            "a session",
            Owner { session: Some(caller("s").session), ..Owner::default() },
            vec![caller("s"), player("s", "p")],
        ),
        (
            "a player",
            Owner { session: Some(caller("s").session), player_id: Some("p".into()), ..Owner::default() },
            vec![player("s", "p"), player("elsewhere", "p")],
        ),
        ("a template", Owner::default(), vec![]),
    ];
    let callers = [caller("s"), caller("t"), player("s", "p"), player("elsewhere", "p"), player("t", "q")];
    let mut voter = 0;
    for visibility in EVERY {
        for hidden in [false, true] {
            for (whose, owner, of_owner) in &owners {
                let mut draft: NewBuild = stage.draft("any");
                (draft.content.visibility, draft.owner) = (visibility, owner.clone());
                draft.is_template = *whose == "a template";
                let id = stage.create(draft).await.summary.id;
                set_hidden(&stage, &id, hidden).await;
                let (ids, _) = listed(&stage, public()).await;
                let is_listed = ids.contains(&id);
                assert_eq!(is_listed, visibility == Visibility::Public && !hidden, "{visibility:?} {hidden}");
                for asking in &callers {
                    voter += 1;
                    let seen = of_owner.contains(asking) || (visibility != Visibility::Private && !hidden);
                    let case = format!("{visibility:?}, hidden {hidden}, of {whose}, as {asking:?}");
                    assert_eq!(observed(&stage, &id, asking).await, (seen, seen, seen && !hidden), "{case}");
                }
            }
        }
    }
    assert_eq!(voter, 90);
}

/// Whether the caller sees the build, may report it, and may vote on it.
async fn observed(stage: &TestContext, id: &BuildId, asking: &Caller) -> (bool, bool, bool) {
    let build = stage.storage.builds.find(id).await.unwrap().unwrap();
    let report = Report {
        id: ReportId::generate(&stage.entropy),
        build: id.clone(),
        reason: "r".into(),
        reported_at: stage.now(),
        resolved_at: None,
    };
    let reported = match stage.storage.moderation.report(report, asking, None).await {
        Ok(_) => true,
        Err(Error::BuildNotFound(_)) => false,
        Err(other) => panic!("{other}"),
    };
    let viewed = stage.storage.votes.view(id, asking).await.unwrap().is_some();
    let voted = match stage.vote(id, asking, VoteAction::Put(rating(3))).await {
        Ok(_) | Err(Error::AlreadyVoted(_)) => true,
        Err(Error::BuildNotFound(_)) => false,
        Err(other) => panic!("{other}"),
    };
    assert_eq!(viewed, voted, "a vote is seen where it can be cast");
    (build.summary.visible_to(asking), reported, voted)
}

async fn hiding_a_hidden_build_changes_nothing(stage: TestContext) {
    let build = stage.build("B").await;
    let id = build.summary.id.clone();
    let first = set_hidden(&stage, &id, true).await;
    assert_eq!((first.revision, first.tally_revision), (build.revision, build.tally_revision + 1));
    assert_eq!(first.summary.updated_at, build.summary.updated_at);
    assert_eq!(set_hidden(&stage, &id, true).await, first);
    let back = set_hidden(&stage, &id, false).await;
    assert_eq!(set_hidden(&stage, &id, false).await, back);
    assert_eq!(listed(&stage, public()).await.1, 1);
    let absent = BuildId::parse("b_absent").unwrap();
    let missing = stage.storage.builds.set_hidden(&absent, true, WriteOptions::default()).await;
    assert!(matches!(missing, Err(Error::BuildNotFound(_))));
}

async fn a_build_that_was_not_public_is_restored_as_it_was(stage: TestContext) {
    for visibility in [Visibility::Unlisted, Visibility::Private] {
        let mut draft = stage.draft("B");
        draft.content.visibility = visibility;
        let build = stage.create(draft).await;
        set_hidden(&stage, &build.summary.id, true).await;
        let restored = set_hidden(&stage, &build.summary.id, false).await;
        assert_eq!(restored.summary, build.summary);
    }
    assert_eq!(listed(&stage, public()).await, (vec![], 0));
}

async fn a_rewrite_does_not_show_a_hidden_build(stage: TestContext) {
    let mut draft = stage.draft("B");
    draft.content.visibility = Visibility::Private;
    let id = stage.create(draft).await.summary.id;
    set_hidden(&stage, &id, true).await;
    let at = stage.now();
    let publish = Arc::new(move |build: &Build| {
        let mut content = build.summary.content.clone();
        (content.visibility, content.race) = (Visibility::Public, "dunir".into());
        Ok(Rewrite { content, build_data: build.build_data.clone(), search_text: "  b".into(), at })
    });
    let after = stage.storage.builds.update(&id, publish).await.unwrap();
    assert!(after.summary.hidden);
    assert_eq!(listed(&stage, public()).await, (vec![], 0));
    set_hidden(&stage, &id, false).await;
    let of_race = BuildFilter { race: vec!["dunir".into()], ..public() };
    assert_eq!(listed(&stage, of_race).await, (vec![id], 1));
}

async fn a_hidden_template_stays_hidden_when_its_file_changes(stage: TestContext) {
    let mut template = stage.draft("Template");
    (template.is_template, template.owner) = (true, Owner::default());
    stage.storage.builds.put_template(template.clone()).await.unwrap();
    set_hidden(&stage, &template.id, true).await;
    assert_eq!(stage.storage.builds.templates().await.unwrap(), []);
    template.content.name = "Better template".into();
    assert!(stage.storage.builds.put_template(template.clone()).await.unwrap());
    assert_eq!(stage.storage.builds.templates().await.unwrap(), []);
    let restored = set_hidden(&stage, &template.id, false).await;
    assert_eq!(stage.storage.builds.templates().await.unwrap(), [restored.summary]);
}

async fn a_claim_and_an_erasure_treat_a_hidden_build_as_any(stage: TestContext) {
    let id = stage.build("B").await.summary.id;
    stage.cast(&id, "voter", 5).await;
    stage.cast(&id, "s", 4).await;
    set_hidden(&stage, &id, true).await;
    let me = player("s", "p");
    let claim = stage.storage.accounts.claim(&me, Claimed::default(), 200, stage.now(), None);
    let WriteOutcome::Executed(claimed) = claim.await.unwrap() else { panic!("replayed") };
    assert_eq!((claimed.builds, claimed.votes), (vec![id.clone()], 1));
    let (builds, votes) =
        (stage.exported(&me, ExportKind::Builds).await, stage.exported(&me, ExportKind::Votes).await);
    assert_eq!((&builds[0]["hidden"], votes.len()), (&true.into(), 1));
    assert!(stage.storage.builds.find(&id).await.unwrap().unwrap().summary.hidden);
    while stage.storage.accounts.erase(&caller("voter"), 10, stage.now()).await.unwrap() == Erasure::More {}
    let build = stage.storage.builds.find(&id).await.unwrap().unwrap();
    assert_eq!(build.summary.tally.vote_count(), 1);
    while stage.storage.accounts.erase(&me, 10, stage.now()).await.unwrap() == Erasure::More {}
    assert!(stage.storage.builds.find(&id).await.unwrap().is_none());
    assert_eq!(stage.database.count("SELECT CAST(sum(builds) AS bigint) FROM facet_parts").await, 0);
}
