use myashes_domain::builds::{
    Build, BuildFilter, BuildQuery, FacetField, NewBuild, Rewrite, Scope, Sort, SuggestionKind, TagMode,
    ValueCount, Visibility,
};
use myashes_domain::ids::BuildId;
use myashes_domain::write_options::WriteOptions;
use std::sync::Arc;

use crate::support::{TestContext, page, promises};

promises!(
    several_values_of_a_filter_are_any_of_them,
    tags_are_any_or_all_of_them,
    a_creator_lists_the_public_builds_of_a_player,
    a_facet_ignores_its_own_filter,
    facets_of_matches_are_counted,
    tags_are_counted_through_every_change_of_a_build,
    facets_are_counted_through_every_change_of_a_build,
    tags_are_listed_by_their_beginning,
    the_vocabulary_holds_what_is_listed,
);

fn all() -> BuildFilter {
    BuildFilter::all(Scope::Public)
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

fn draft(stage: &TestContext, name: &str, race: &str, tags: &[&str]) -> NewBuild {
    let mut draft = stage.draft(name);
    draft.content.race = race.into();
    draft.content.tags = texts(tags);
    draft
}

async fn names(stage: &TestContext, filter: BuildFilter) -> Vec<String> {
    let query = BuildQuery { filter: filter.clone(), sort: Sort::Newest, page: page(1, 100) };
    let listed = stage.storage.builds.list(&query).await.unwrap();
    let names: Vec<String> = listed.builds.into_iter().map(|(build, _)| build.content.name).collect();
    assert_eq!(stage.storage.builds.count(&filter).await.unwrap().count, names.len() as u64, "{filter:?}");
    names
}

async fn three(stage: &TestContext) {
    stage.create(draft(stage, "one", "vek", &["pvp", "solo"])).await;
    stage.clock.advance_seconds(1);
    stage.create(draft(stage, "two", "dunir", &["pvp"])).await;
    stage.clock.advance_seconds(1);
    stage.create(draft(stage, "three", "pyrai", &["raid"])).await;
}

async fn several_values_of_a_filter_are_any_of_them(stage: TestContext) {
    three(&stage).await;
    for (races, expected) in [
        (&["vek", "pyrai"][..], &["three", "one"][..]),
        (&["dunir"], &["two"]),
        (&["gnome", "dunir"], &["two"]),
        (&["gnome", "elf"], &[]),
        (&[], &["three", "two", "one"]),
    ] {
        assert_eq!(names(&stage, BuildFilter { race: texts(races), ..all() }).await, expected, "{races:?}");
    }
    let classes = BuildFilter { class_name: texts(&["wizard", "nigh"]), ..all() };
    assert_eq!(names(&stage, classes).await.len(), 3);
}

async fn tags_are_any_or_all_of_them(stage: TestContext) {
    three(&stage).await;
    for (tags, tag_mode, expected) in [
        (&["pvp", "solo"][..], TagMode::All, &["one"][..]),
        (&["pvp", "solo"], TagMode::Any, &["two", "one"]),
        (&["solo", "raid"], TagMode::Any, &["three", "one"]),
        (&["solo", "raid"], TagMode::All, &[]),
        (&["pvp", "none"], TagMode::All, &[]),
    ] {
        let filter = BuildFilter { tag: texts(tags), tag_mode, ..all() };
        assert_eq!(names(&stage, filter).await, expected, "{tags:?} {tag_mode:?}");
    }
}

async fn a_creator_lists_the_public_builds_of_a_player(stage: TestContext) {
    for (name, steam_id, visibility) in [
        ("theirs", Some("7"), Visibility::Public),
        ("private", Some("7"), Visibility::Private),
        ("another's", Some("8"), Visibility::Public),
        ("anonymous", None, Visibility::Public),
    ] {
        let mut draft = stage.draft(name);
        draft.owner.player_id = steam_id.map(|id| format!("player-{id}"));
        draft.owner.steam_id = steam_id.map(str::to_owned);
        draft.content.visibility = visibility;
        stage.create(draft).await;
    }
    let by = |creator: &str| BuildFilter { creator: Some(creator.into()), ..all() };
    assert_eq!(names(&stage, by("7")).await, ["theirs"]);
    assert_eq!(names(&stage, BuildFilter { tag: texts(&["pvp"]), ..by("8") }).await, ["another's"]);
    assert!(names(&stage, by("9")).await.is_empty());
}

async fn facet(stage: &TestContext, filter: &BuildFilter, field: FacetField) -> Vec<(String, u64)> {
    let facets = stage.storage.builds.facets(filter).await.unwrap();
    assert!(!facets.approximate);
    facets.values[&field].iter().map(|it| (it.value.clone(), it.count)).collect()
}

fn counts(values: &[(&str, u64)]) -> Vec<(String, u64)> {
    values.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
}

async fn a_facet_ignores_its_own_filter(stage: TestContext) {
    three(&stage).await;
    let vek = BuildFilter { race: texts(&["vek"]), ..all() };
    let races = counts(&[("dunir", 1), ("pyrai", 1), ("vek", 1)]);
    assert_eq!(facet(&stage, &vek, FacetField::Race).await, races);
    assert_eq!(facet(&stage, &vek, FacetField::ClassName).await, counts(&[("Knight", 1)]));
    assert_eq!(facet(&stage, &vek, FacetField::Tag).await, counts(&[("pvp", 1), ("solo", 1)]));
    assert_eq!(facet(&stage, &all(), FacetField::Tag).await, counts(&[("pvp", 2), ("raid", 1), ("solo", 1)]));
    let pvp = BuildFilter { tag: texts(&["pvp"]), ..all() };
    assert_eq!(facet(&stage, &pvp, FacetField::Race).await, counts(&[("dunir", 1), ("vek", 1)]));
    assert_eq!(facet(&stage, &pvp, FacetField::Tag).await.len(), 3);
}

async fn facets_of_matches_are_counted(stage: TestContext) {
    three(&stage).await;
    let term = myashes_domain::text::SearchTerm::parse("t").unwrap();
    let filter = BuildFilter { search: term, tag: texts(&["pvp"]), ..all() };
    assert_eq!(facet(&stage, &filter, FacetField::Race).await, counts(&[("dunir", 1)]));
    assert_eq!(facet(&stage, &filter, FacetField::Tag).await, counts(&[("pvp", 1), ("raid", 1)]));
    for n in 0..12 {
        stage.create(draft(&stage, &format!("tall {n}"), "vek", &[&format!("tag {n:02}")])).await;
    }
    let filter = BuildFilter { tag: vec![], ..filter };
    assert_eq!(facet(&stage, &filter, FacetField::Tag).await.len(), 10, "the ten most frequent");
}

async fn tags(stage: &TestContext) -> Vec<(String, u64)> {
    let tags = stage.storage.builds.tags("", 100).await.unwrap();
    tags.into_iter().map(|ValueCount { value, count }| (value, count)).collect()
}

async fn change(
    stage: &TestContext,
    id: &BuildId,
    change: impl Fn(&mut myashes_domain::builds::BuildContent) + Send + Sync + 'static,
) {
    let at = stage.now();
    let decide = Arc::new(move |build: &Build| {
        let mut content = build.summary.content.clone();
        change(&mut content);
        Ok(Rewrite { content, build_data: build.build_data.clone(), search_text: "  x ".into(), at })
    });
    stage.storage.builds.update(id, decide).await.unwrap();
}

async fn tags_are_counted_through_every_change_of_a_build(stage: TestContext) {
    let one = stage.create(draft(&stage, "one", "vek", &["pvp", "solo"])).await.summary.id;
    let two = stage.create(draft(&stage, "two", "vek", &["pvp"])).await.summary.id;
    let builds = &stage.storage.builds;
    assert_eq!(tags(&stage).await, counts(&[("pvp", 2), ("solo", 1)]));
    change(&stage, &one, |content| content.visibility = Visibility::Private).await;
    assert_eq!(tags(&stage).await, counts(&[("pvp", 1)]));
    assert!(!builds.fold_counts().await.unwrap(), "no more than one batch");
    assert_eq!(tags(&stage).await, counts(&[("pvp", 1)]));
    change(&stage, &one, |content| content.tags = texts(&["raid", "pvp"])).await;
    change(&stage, &one, |content| content.visibility = Visibility::Public).await;
    assert_eq!(tags(&stage).await, counts(&[("pvp", 2), ("raid", 1)]));
    builds.fold_counts().await.unwrap();
    builds.set_hidden(&two, true, WriteOptions::default()).await.unwrap();
    assert_eq!(tags(&stage).await, counts(&[("pvp", 1), ("raid", 1)]));
    builds.set_hidden(&two, false, WriteOptions::default()).await.unwrap();
    builds.delete(&one, Arc::new(|_: &Build| Ok(())), WriteOptions::default()).await.unwrap();
    assert_eq!(tags(&stage).await, counts(&[("pvp", 1)]));
    builds.fold_counts().await.unwrap();
    assert_eq!(tags(&stage).await, counts(&[("pvp", 1)]));
    assert_eq!(stage.database.count("SELECT count(*) FROM tag_changes").await, 0);
    assert_eq!(stage.database.count("SELECT count(*) FROM tag_counts").await, 1, "none of no builds");
}

async fn facets_are_counted_through_every_change_of_a_build(stage: TestContext) {
    let races = async || facet(&stage, &all(), FacetField::Race).await;
    let totals = async |race: &str| {
        let filter = BuildFilter { race: texts(&[race]), ..all() };
        let total = stage.storage.builds.count(&filter).await.unwrap().count;
        assert_eq!(total, names(&stage, filter).await.len() as u64, "{race}");
        total
    };
    let one = stage.create(draft(&stage, "one", "vek", &[])).await.summary.id;
    let two = stage.create(draft(&stage, "two", "vek", &[])).await.summary.id;
    let builds = &stage.storage.builds;
    assert_eq!(races().await, counts(&[("vek", 2)]));
    assert!(!builds.fold_counts().await.unwrap(), "no more than one batch");
    assert_eq!((races().await, totals("vek").await), (counts(&[("vek", 2)]), 2));
    change(&stage, &one, |content| content.race = "dunir".into()).await;
    assert_eq!((totals("vek").await, totals("dunir").await), (1, 1));
    assert_eq!(races().await, counts(&[("dunir", 1), ("vek", 1)]));
    change(&stage, &one, |content| content.visibility = Visibility::Private).await;
    builds.fold_counts().await.unwrap();
    assert_eq!((races().await, totals("dunir").await), (counts(&[("vek", 1)]), 0));
    builds.set_hidden(&two, true, WriteOptions::default()).await.unwrap();
    assert_eq!(races().await, []);
    builds.set_hidden(&two, false, WriteOptions::default()).await.unwrap();
    builds.delete(&one, Arc::new(|_: &Build| Ok(())), WriteOptions::default()).await.unwrap();
    builds.delete(&two, Arc::new(|_: &Build| Ok(())), WriteOptions::default()).await.unwrap();
    assert_eq!((races().await, totals("vek").await), (vec![], 0));
    builds.fold_counts().await.unwrap();
    assert_eq!((races().await, totals("vek").await), (vec![], 0));
    assert_eq!(stage.database.count("SELECT count(*) FROM facet_changes").await, 0);
    assert_eq!(stage.database.count("SELECT count(*) FROM facets WHERE builds <> 0").await, 0);
}

async fn tags_are_listed_by_their_beginning(stage: TestContext) {
    for n in 0..5 {
        let tags: &[&str] = if n % 2 == 0 { &["raid", "ramp"] } else { &["raid", "été"] };
        stage.create(draft(&stage, &format!("b{n}"), "vek", tags)).await;
        if n == 2 {
            stage.storage.builds.fold_counts().await.unwrap();
        }
    }
    let found = |prefix: &'static str, limit| {
        let builds = Arc::clone(&stage.storage.builds);
        async move {
            let tags = builds.tags(prefix, limit).await.unwrap();
            tags.into_iter().map(|it| (it.value, it.count)).collect::<Vec<_>>()
        }
    };
    assert_eq!(found("ra", 5).await, counts(&[("raid", 5), ("ramp", 3)]));
    assert_eq!(found("ra", 1).await, counts(&[("raid", 5)]));
    assert_eq!(found("", 1).await, counts(&[("raid", 5)]));
    assert_eq!(found("é", 5).await, counts(&[("été", 2)]));
    assert_eq!(found("raids", 5).await, []);
    assert_eq!(found("%", 5).await, []);
}

async fn the_vocabulary_holds_what_is_listed(stage: TestContext) {
    three(&stage).await;
    let mut private = draft(&stage, "four", "tulnar", &["secret"]);
    private.content.visibility = Visibility::Private;
    stage.create(private).await;
    let vocabulary = stage.storage.builds.vocabulary(&Arc::new(stage.game.clone())).await.unwrap();
    let of_kind = |kind| {
        let entries = vocabulary.entries().iter().filter(|it| it.kind == kind);
        entries.map(|it| it.text.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(of_kind(SuggestionKind::Class), ["Knight"]);
    assert_eq!(of_kind(SuggestionKind::Race), ["Dunir", "Py'rai", "Vek"]);
    assert_eq!(of_kind(SuggestionKind::Tag), ["pvp", "raid", "solo"]);
    let mut rows: Vec<i64> = vocabulary.entries().iter().flat_map(|it| it.builds.clone()).collect();
    assert_eq!(rows.len(), 3);
    rows.push(stage.storage.builds.last_row().await.unwrap());
    let tags = texts(&["pvp", "secret", "raid"]);
    let counts = stage.storage.builds.count_suggested(rows.clone(), tags.to_vec()).await.unwrap();
    assert!(counts.builds.len() == 3 && !counts.builds.contains(&rows[3]), "the last one is private");
    let tagged = |tag| counts.tags.get(tag).copied();
    assert_eq!((tagged("pvp"), tagged("raid"), tagged("secret")), (Some(2), Some(1), None));
}
