use myashes_domain::builds::Visibility;
use myashes_domain::ids::{BuildId, ReportId};
use myashes_domain::moderation::{AdminBuildFilter, Report};
use myashes_domain::page::ListPage;
use myashes_domain::write_options::WriteOptions;
use myashes_domain::{Error, Result};

use crate::support::{TestContext, caller, page, promises};

promises!(
    one_open_report_per_caller_and_build,
    a_resolved_report_allows_a_new_one,
    what_a_caller_cannot_see_cannot_be_reported,
    admins_list_builds_of_every_visibility,
    the_audit_log_is_append_only,
    the_audit_log_cannot_be_truncated,
);

fn report(stage: &TestContext, build: &BuildId) -> Report {
    Report {
        id: ReportId::generate(&stage.entropy),
        build: build.clone(),
        reason: "rude name".into(),
        reported_at: stage.now(),
        resolved_at: None,
    }
}

async fn file(stage: &TestContext, build: &BuildId, session: &str) -> Result<Report> {
    stage.storage.moderation.report(report(stage, build), &caller(session), None).await?.executed()
}

async fn one_open_report_per_caller_and_build(stage: TestContext) {
    let build = stage.build("B").await.summary.id;
    let first = file(&stage, &build, "a").await.unwrap();
    assert_eq!(file(&stage, &build, "a").await.unwrap(), first);
    assert_ne!(file(&stage, &build, "b").await.unwrap().id, first.id);
    let ListPage { items: open, total, .. } =
        stage.storage.moderation.reports(Some(false), page(1, 10).into()).await.unwrap();
    assert_eq!((open[0].clone(), total), (first, 2));
}

async fn a_resolved_report_allows_a_new_one(stage: TestContext) {
    let build = stage.build("B").await.summary.id;
    let first = file(&stage, &build, "a").await.unwrap();
    let resolve =
        || stage.storage.moderation.resolve(&first.id, stage.now(), WriteOptions::audit(stage.audit()));
    let resolved = resolve().await.unwrap().executed().unwrap();
    assert_eq!(resolved.resolved_at, Some(stage.now()));
    assert_ne!(file(&stage, &build, "a").await.unwrap().id, first.id);
    let ListPage { items: done, total, .. } =
        stage.storage.moderation.reports(Some(true), page(1, 10).into()).await.unwrap();
    assert_eq!((done[0].id.clone(), total), (first.id.clone(), 1));
    let absent = ReportId::parse("r_absent").unwrap();
    let missing = stage.storage.moderation.resolve(&absent, stage.now(), WriteOptions::default()).await;
    assert!(matches!(missing, Err(Error::NotFound)));
}

async fn what_a_caller_cannot_see_cannot_be_reported(stage: TestContext) {
    let mut draft = stage.draft("hidden");
    draft.content.visibility = Visibility::Private;
    let build = stage.create(draft).await.summary.id;
    for id in [&build, &BuildId::parse("b_absent").unwrap()] {
        assert!(matches!(file(&stage, id, "stranger").await, Err(Error::BuildNotFound(_))));
    }
    file(&stage, &build, "s").await.expect("its owner sees it");
}

async fn admins_list_builds_of_every_visibility(stage: TestContext) {
    let plain = stage.build("plain").await.summary.id;
    stage.clock.advance_seconds(1);
    let mut draft = stage.draft("hidden");
    draft.content.visibility = Visibility::Private;
    stage.create(draft).await;
    file(&stage, &plain, "a").await.unwrap();
    let list = async |reported| {
        let ListPage { items: builds, total, .. } = stage
            .storage
            .moderation
            .builds(&AdminBuildFilter { reported }, page(1, 10).into())
            .await
            .unwrap();
        assert_eq!(builds.len() as u64, total);
        builds.into_iter().map(|it| (it.build.content.name, it.open_reports)).collect::<Vec<_>>()
    };
    assert_eq!(list(None).await, [("hidden".to_owned(), 0), ("plain".to_owned(), 1)]);
    assert_eq!(list(Some(true)).await, [("plain".to_owned(), 1)]);
    assert_eq!(list(Some(false)).await, [("hidden".to_owned(), 0)]);
}

async fn the_audit_log_is_append_only(stage: TestContext) {
    stage.storage.analytics.hide("x", stage.now(), WriteOptions::audit(stage.audit())).await.unwrap();
    for statement in ["UPDATE audit_log SET actor = 'another'", "DELETE FROM audit_log"] {
        assert!(stage.database.execute(statement).await.is_err(), "{statement} went through");
    }
    let ListPage { items: lines, total, .. } =
        stage.storage.moderation.audit(page(1, 10).into()).await.unwrap();
    assert_eq!((lines[0].actor.as_str(), &*lines[0].action, total), ("token:admin", "test", 1));
}

/// Row 11 of the security review. SQLite knows no TRUNCATE; its optimised `DELETE` without a condition is one.
async fn the_audit_log_cannot_be_truncated(stage: TestContext) {
    stage.storage.analytics.hide("x", stage.now(), WriteOptions::audit(stage.audit())).await.unwrap();
    for statement in
        ["TRUNCATE audit_log", "TRUNCATE audit_log RESTART IDENTITY CASCADE", "DELETE FROM audit_log"]
    {
        assert!(stage.database.execute(statement).await.is_err(), "{statement} went through");
    }
    assert_eq!(stage.database.count("SELECT count(*) FROM audit_log").await, 1);
}
