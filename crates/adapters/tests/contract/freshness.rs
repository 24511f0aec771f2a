//! Public lists while builds change: what is shown was public when it was read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use myashes_adapters::{Storage, StorageOptions};
use myashes_domain::builds::{
    Build, BuildContent, BuildFilter, BuildQuery, BuildRepository, FacetField, NewBuild, Period, Rewrite,
    Scope, Sort, Visibility,
};
use myashes_domain::ids::BuildId;
use myashes_domain::text::SearchTerm;
use myashes_domain::write_options::WriteOptions;
use myashes_testkit::DatabaseKind;

use crate::support::{TestContext, page, promises};
use crate::unkind_builds::service_over;

promises!(
    a_build_that_is_no_longer_public_is_not_read_for_a_list,
    private_text_is_in_no_list_while_a_build_changes,
    a_search_may_miss_a_new_build_and_shows_none_that_is_not_public,
);

fn public() -> BuildFilter {
    BuildFilter::all(Scope::Public)
}

fn search(term: &str) -> BuildFilter {
    BuildFilter { search: Some(SearchTerm::parse(term).unwrap().unwrap()), ..public() }
}

fn first_page(sort: Sort, filter: BuildFilter, limit: u32) -> BuildQuery {
    BuildQuery { filter, sort, page: page(1, limit) }
}

async fn names(builds: &dyn BuildRepository, query: &BuildQuery) -> Vec<String> {
    let listed = builds.list(query).await.unwrap();
    listed.builds.into_iter().map(|(build, _)| build.content.name).collect()
}

/// Makes a build private under a name that no other caller may see, or public under another.
async fn rewrite(stage: &TestContext, id: &BuildId, visibility: Visibility, name: &str) {
    let (game, name) = (stage.game.clone(), name.to_owned());
    let decide = move |build: &Build| {
        let content = BuildContent { visibility, name: name.clone(), ..build.summary.content.clone() };
        let build_data = build.build_data.clone();
        Ok(Rewrite {
            search_text: content.search_text(&game),
            content,
            build_data,
            at: build.summary.created_at,
        })
    };
    stage.storage.builds.update(id, Arc::new(decide)).await.unwrap();
}

async fn a_build_that_is_no_longer_public_is_not_read_for_a_list(stage: TestContext) {
    let id = stage.build("once public").await.summary.id;
    stage.build("stays").await;
    // The first step of a list: sort keys of builds that are public at that time.
    let listed = stage.storage.builds.list(&first_page(Sort::Newest, public(), 100)).await.unwrap();
    let places: Vec<_> = listed.builds.into_iter().map(|(_, key)| key).collect();
    rewrite(&stage, &id, Visibility::Private, "secret").await;
    let found = stage.storage.builds.load_by_keys(&Scope::Public, &places).await.unwrap();
    assert_eq!(found.into_iter().map(|(build, _)| build.content.name).collect::<Vec<_>>(), ["stays"]);
}

/// Everything that lists show at one moment, and what a search for private text finds.
async fn shown(builds: &dyn BuildRepository, stage: &TestContext) -> Vec<String> {
    let mut shown = vec![];
    for sort in [Sort::Newest, Sort::Rating, Sort::Popular, Sort::Trending] {
        shown.extend(names(builds, &first_page(sort, public(), 20)).await);
    }
    shown.extend(names(builds, &first_page(Sort::Newest, search("words"), 20)).await);
    let resembling = builds.rank_matches(&search("words"), 20).await.unwrap();
    let resembling = builds.load_by_keys(&Scope::Public, &resembling.places).await.unwrap();
    shown.extend(resembling.into_iter().map(|(build, _)| build.content.name));
    let popular = builds.most_voted(Period::All, stage.now(), 5, false).await.unwrap();
    shown.extend(builds.public_by_ids(&popular).await.unwrap().into_iter().map(|build| build.content.name));
    let found = names(builds, &first_page(Sort::Newest, search("secret"), 20)).await;
    shown.extend(found.into_iter().map(|name| format!("{name}, by a search for a secret")));
    shown
}

/// Changes a build between public and private while `builds` is read.
async fn change_while_listing(stage: TestContext, builds: Arc<dyn BuildRepository>) {
    let id = stage.build("shown words").await.summary.id;
    stage.build("other words").await;
    stage.cast(&id, "voter", 5).await;
    let (stage, done) = (Arc::new(stage), Arc::new(AtomicBool::new(false)));
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (stage, builds, done) = (Arc::clone(&stage), Arc::clone(&builds), Arc::clone(&done));
            tokio::spawn(async move {
                let mut rounds = 0;
                while !done.load(Ordering::Acquire) {
                    for name in shown(&*builds, &stage).await {
                        assert!(["shown words", "other words"].contains(&name.as_str()), "{name}");
                    }
                    rounds += 1;
                }
                rounds
            })
        })
        .collect();
    for _ in 0..150 {
        rewrite(&stage, &id, Visibility::Private, "secret words").await;
        rewrite(&stage, &id, Visibility::Public, "shown words").await;
    }
    done.store(true, Ordering::Release);
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
}

async fn a_search_may_miss_a_new_build_and_shows_none_that_is_not_public(stage: TestContext) {
    let open = || {
        let options = StorageOptions { cache_lifetime: Duration::from_hours(1), ..stage.database.options() };
        Storage::open(&options).unwrap().builds
    };
    let (builds, of_other_process) = (open(), open());
    let found = async |filter: BuildFilter| {
        let listed = names(&*builds, &first_page(Sort::Newest, filter.clone(), 20)).await;
        let ranked = builds.rank_matches(&filter, 20).await.unwrap();
        let ranked = builds.load_by_keys(&Scope::Public, &ranked.places).await.unwrap().len();
        (listed, ranked, builds.count(&filter).await.unwrap().count)
    };
    let create = async |name: &str| {
        builds.create(stage.draft(name), WriteOptions::default()).await.unwrap();
    };
    let hide = async |builds: &dyn BuildRepository, name: &str| {
        let listed = builds.list(&first_page(Sort::Newest, public(), 20)).await.unwrap().builds;
        let (build, _) = listed.into_iter().find(|(build, _)| build.content.name == name).unwrap();
        builds.set_hidden(&build.id, true, WriteOptions::default()).await.unwrap();
    };
    for name in ["wall one", "wall two"] {
        create(name).await;
    }
    let both = (vec!["wall two".to_owned(), "wall one".to_owned()], 2, 2);
    assert_eq!(found(search("wall")).await, both);
    create("wall three").await;
    assert_eq!(found(search("wall")).await, both, "it was searched for a moment ago");
    assert_eq!(found(public()).await.0.len(), 3, "lists without a search show it at once");
    assert_eq!(found(search("wall three")).await.2, 1, "as do other searches");

    hide(&*of_other_process, "wall one").await;
    let one = (vec!["wall two".to_owned()], 1, 2);
    assert_eq!(found(search("wall")).await, one, "what another process has hidden is counted, and not shown");
    hide(&*builds, "wall two").await;
    assert_eq!(found(search("wall")).await, (vec!["wall three".to_owned()], 1, 1));
}

async fn private_text_is_in_no_list_while_a_build_changes(stage: TestContext) {
    let builds = Arc::clone(&stage.storage.builds);
    change_while_listing(stage, builds).await;
}

/// Storage whose lists are found on `replica`.
fn with_replica(stage: &TestContext, replica: &TestContext) -> Arc<dyn BuildRepository> {
    let options = StorageOptions { read_url: Some(replica.database.url.clone()), ..stage.database.options() };
    Storage::open(&options).unwrap().builds
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn private_text_is_in_no_list_of_a_replica_while_a_build_changes() {
    let Some(stage) = TestContext::on(DatabaseKind::Postgres).await else { return };
    let builds = with_replica(&stage, &stage);
    change_while_listing(stage, builds).await;
}

/// A replica may lag by seconds, so a database that has missed the last changes stands for one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_lagging_replica_finds_is_read_on_the_primary() {
    let Some(primary) = TestContext::on(DatabaseKind::Postgres).await else { return };
    let Some(replica) = TestContext::on(DatabaseKind::Postgres).await else { return };
    let hidden = (0..30).map(|_| ("public", "secret"));
    for (name, now) in [("old text", "new text"), ("kept", "kept")].into_iter().chain(hidden) {
        let mut draft = replica.draft(name);
        if now == "secret" {
            draft.content.tags = vec!["secret".into()];
        }
        replica.create(draft.clone()).await;
        replica.cast(&draft.id, "s", 5).await;
        let mut draft = NewBuild { content: BuildContent { name: now.into(), ..draft.content }, ..draft };
        if now == "secret" {
            draft.content.visibility = Visibility::Private;
        }
        let id = primary.create(draft).await.summary.id;
        primary.cast(&id, "s", 5).await;
    }
    let builds = with_replica(&primary, &replica);
    for sort in [Sort::Newest, Sort::Popular] {
        assert_eq!(names(&*builds, &first_page(sort, public(), 10)).await, ["kept", "new text"]);
        let one = names(&*builds, &first_page(sort, public(), 1)).await;
        assert_eq!(one, ["kept", "new text"], "the one more shows that there is more");
    }
    let ids = builds.most_voted(Period::Week, primary.now(), 20, false).await.unwrap();
    assert_eq!(ids.len(), 20);
    assert!(builds.public_by_ids(&ids).await.unwrap().is_empty(), "the most voted ones are private by now");
    let service = service_over(&primary, Arc::clone(&builds));
    for (limit, expected) in [(1, &["kept"][..]), (2, &["kept", "new text"]), (20, &["kept", "new text"])] {
        let popular = service.popular(Period::Week, limit, false).await.unwrap();
        assert_eq!(popular.iter().map(|build| &build.content.name[..]).collect::<Vec<_>>(), expected);
    }
    let tags = builds.tags("", 30).await.unwrap();
    let facets = builds.facets(&public()).await.unwrap();
    for tags in [tags, facets.values[&FacetField::Tag].clone()] {
        assert_eq!(tags.iter().map(|tag| &tag.value[..]).collect::<Vec<_>>(), ["pvp"]);
    }
    let found = builds.rank_matches(&search("vek"), 100).await.unwrap();
    let found = builds.load_by_keys(&Scope::Public, &found.places).await.unwrap();
    assert!(found.len() == 2 && found.iter().all(|(build, _)| build.content.name != "secret"));
}
