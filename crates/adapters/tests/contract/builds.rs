use std::sync::Arc;

use myashes_domain::Error;
use myashes_domain::builds::{BuildFilter, Rewrite, Scope, Visibility};
use myashes_domain::ids::BuildId;
use myashes_domain::write_options::WriteOptions;

use crate::support::{TestContext, promises};

promises!(
    a_stored_build_loads_as_it_was,
    a_taken_id_is_reported_and_not_an_error,
    a_rewrite_moves_the_revision_once,
    a_rewrite_that_changes_nothing_leaves_the_revision,
    a_refusal_within_the_write_changes_nothing,
    hiding_a_build_takes_it_out_of_the_count,
    a_deleted_build_takes_its_votes_along,
    a_template_is_put_once_and_follows_its_file,
    old_rows_load_though_todays_rules_refuse_them,
);

async fn total(stage: &TestContext) -> u64 {
    stage.storage.builds.count(&BuildFilter::all(Scope::Public)).await.unwrap().count
}

async fn a_stored_build_loads_as_it_was(stage: TestContext) {
    let mut draft = stage.draft("Ünïcode ⚔ build");
    draft.content.description = Some("two\nlines".into());
    draft.content.tags = vec!["pvp".into(), "wörld".into()];
    draft.owner.player_id = Some("p1".into());
    draft.owner.display_name = Some("Intrepid".into());
    let created = stage.create(draft.clone()).await;
    let found = stage.storage.builds.find(&draft.id).await.unwrap().unwrap();
    assert_eq!(found, created);
    assert_eq!((&found.summary.content, &found.build_data), (&draft.content, &draft.build_data));
    assert_eq!(found.summary.owner, draft.owner);
    assert_eq!(found.summary.created_at, draft.created_at);
    assert_eq!((found.revision, found.tally_revision), (1, 0));
    assert_eq!(stage.storage.builds.find(&BuildId::parse("b_missing").unwrap()).await.unwrap(), None);
}

async fn a_taken_id_is_reported_and_not_an_error(stage: TestContext) {
    let draft = stage.draft("First");
    stage.create(draft.clone()).await;
    let again = stage.storage.builds.create(draft, WriteOptions::default()).await;
    assert!(matches!(again, Err(Error::IdTaken)));
    assert_eq!(total(&stage).await, 1);
}

async fn a_rewrite_moves_the_revision_once(stage: TestContext) {
    let build = stage.build("Before").await;
    stage.clock.advance_seconds(60);
    let at = stage.now();
    let decide = Arc::new(move |build: &myashes_domain::builds::Build| {
        let mut content = build.summary.content.clone();
        content.name = "After".into();
        content.race = "dunir".into();
        content.tags = vec!["solo".into()];
        Ok(Rewrite { content, build_data: build.build_data.clone(), search_text: "  after".into(), at })
    });
    let after = stage.storage.builds.update(&build.summary.id, decide).await.unwrap();
    assert_eq!(
        (after.summary.content.name.as_str(), after.summary.content.race.as_str(), after.revision),
        ("After", "dunir", 2)
    );
    assert_eq!(after.summary.updated_at, at);
    assert_eq!(after.summary.created_at, build.summary.created_at);
    let of_race = |race: &str| BuildFilter { race: vec![race.into()], ..BuildFilter::all(Scope::Public) };
    assert_eq!(stage.storage.builds.count(&of_race("vek")).await.unwrap().count, 0);
    assert_eq!(stage.storage.builds.count(&of_race("dunir")).await.unwrap().count, 1);
    let tagged = BuildFilter { tag: vec!["solo".into()], ..BuildFilter::all(Scope::Public) };
    assert_eq!(stage.storage.builds.count(&tagged).await.unwrap().count, 1);
}

async fn a_rewrite_that_changes_nothing_leaves_the_revision(stage: TestContext) {
    let build = stage.build("Same").await;
    stage.clock.advance_seconds(60);
    let at = stage.now();
    let decide = Arc::new(move |build: &myashes_domain::builds::Build| {
        Ok(Rewrite {
            content: build.summary.content.clone(),
            build_data: build.build_data.clone(),
            search_text: String::new(),
            at,
        })
    });
    let after = stage.storage.builds.update(&build.summary.id, decide).await.unwrap();
    assert_eq!(after, build);
}

async fn a_refusal_within_the_write_changes_nothing(stage: TestContext) {
    let build = stage.build("Mine").await;
    let id = &build.summary.id;
    let refused = stage.storage.builds.update(id, Arc::new(|_| Err(Error::NotOwner))).await;
    assert!(matches!(refused, Err(Error::NotOwner)));
    let refused =
        stage.storage.builds.delete(id, Arc::new(|_| Err(Error::NotOwner)), WriteOptions::default()).await;
    assert!(matches!(refused, Err(Error::NotOwner)));
    assert_eq!(stage.storage.builds.find(id).await.unwrap().unwrap(), build);
}

async fn hiding_a_build_takes_it_out_of_the_count(stage: TestContext) {
    let build = stage.build("Shown").await;
    assert_eq!(total(&stage).await, 1);
    let at = stage.now();
    let hide = Arc::new(move |build: &myashes_domain::builds::Build| {
        let mut content = build.summary.content.clone();
        content.visibility = Visibility::Private;
        Ok(Rewrite { content, build_data: build.build_data.clone(), search_text: "  shown".into(), at })
    });
    stage.storage.builds.update(&build.summary.id, hide).await.unwrap();
    assert_eq!(total(&stage).await, 0);
}

async fn a_deleted_build_takes_its_votes_along(stage: TestContext) {
    let build = stage.build("Deleted").await;
    let id = build.summary.id.clone();
    stage.cast(&id, "voter", 5).await;
    let delete = || stage.storage.builds.delete(&id, Arc::new(|_| Ok(())), WriteOptions::default());
    delete().await.unwrap();
    assert_eq!(total(&stage).await, 0);
    assert!(stage.storage.builds.find(&id).await.unwrap().is_none());
    assert!(stage.storage.votes.of_build(&id, crate::support::page(1, 10).into()).await.unwrap().is_none());
    assert!(matches!(delete().await, Err(Error::BuildNotFound(_))));
}

async fn a_template_is_put_once_and_follows_its_file(stage: TestContext) {
    let mut template = stage.draft("Template");
    template.is_template = true;
    template.owner = myashes_domain::builds::Owner::default();
    assert!(stage.storage.builds.put_template(template.clone()).await.unwrap());
    assert!(!stage.storage.builds.put_template(template.clone()).await.unwrap());
    stage.cast(&template.id, "voter", 5).await;
    template.content.name = "Better template".into();
    assert!(stage.storage.builds.put_template(template.clone()).await.unwrap());
    let listed = stage.storage.builds.templates().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].content.name.as_str(), listed[0].tally.vote_count()), ("Better template", 1));
}

async fn old_rows_load_though_todays_rules_refuse_them(stage: TestContext) {
    let mut draft = stage.draft("old");
    draft.content.name = "n".repeat(500);
    draft.content.class_name = "A removed class".into();
    draft.content.race = "removed".into();
    draft.content.tags = (0..40).map(|n| format!("tag {n}")).collect();
    let created = stage.create(draft.clone()).await;
    assert_eq!((&created.summary.content, &created.build_data), (&draft.content, &draft.build_data));
}
