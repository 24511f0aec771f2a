//! Searches over data as people make it, held against a naive reference; slips of typing; folding.

use std::sync::Arc;

use myashes_adapters::doctor::Doctor;
use myashes_domain::builds::relevance::rank;
use myashes_domain::builds::{
    Build, BuildContent, BuildFilter, BuildQuery, Rewrite, Scope, Sort, TagMode, Visibility,
};
use myashes_domain::page::{MAX_COUNTED, Total};
use myashes_domain::text::SearchTerm;
use myashes_testkit::DatabaseKind;
use tokio_postgres::NoTls;

use crate::support::{TestContext, page, promises};
use crate::unkind_builds::{ROWS, reference, search, service, store, unkind_rows, walk};

promises!(
    every_slip_of_one_letter_finds_the_build,
    builds_that_are_not_listed_take_no_candidates_place,
    pieces_of_different_words_and_fields_stay_apart,
    texts_are_found_as_people_type_them,
    relevance_goes_by_tier_then_rating,
    all_builds_of_a_short_list_are_compared_with_a_term,
    every_plan_finds_what_a_naive_search_finds,
    a_term_that_is_everywhere_in_pieces_is_looked_for_in_parts,
    what_most_builds_hold_is_found_behind_all_that_lack_it,
    texts_that_were_changed_leave_nothing_in_the_index,
);

async fn found(stage: &TestContext, term: &str, sort: Sort) -> Vec<String> {
    let query = BuildQuery { filter: search(term), sort, page: page(1, 100) };
    let list = service(stage).list(&query).await.unwrap();
    list.builds.into_iter().map(|build| build.content.name).collect()
}

async fn every_slip_of_one_letter_finds_the_build(stage: TestContext) {
    let names = [
        "Supreme",
        "Wall",
        "Siren",
        "Archon",
        "Mantle",
        "Keystone",
        "Verdict",
        "Thistle",
        "Stormborn",
        "Wanderer",
        "Iron Wall",
        "Silent Tide",
        "Salted Otter",
        "Gilded Banner",
        "Hollow Drum",
    ];
    for name in names {
        stage.build(name).await;
    }
    for name in names {
        let letters: Vec<char> = name.to_lowercase().chars().collect();
        for at in [1, letters.len() / 2, letters.len() - 1] {
            let mut slips = vec![letters.clone(); 4];
            slips[0].remove(at);
            slips[1].insert(at, letters[at]);
            slips[2][at] = if letters[at] == 'x' { 'y' } else { 'x' };
            slips[3].swap(at - 1, at);
            for slip in slips {
                let slip: String = slip.into_iter().collect();
                if slip.trim().chars().count() < 4 {
                    continue;
                }
                let found = found(&stage, &slip, Sort::Relevance).await;
                assert!(found.iter().any(|it| it == name), "{slip} found {found:?}, not {name}");
            }
        }
    }
}

async fn builds_that_are_not_listed_take_no_candidates_place(stage: TestContext) {
    for n in 0..40 {
        let mut draft = stage.draft(&format!("Supreme {n}"));
        draft.content.visibility = if n % 2 == 0 { Visibility::Private } else { Visibility::Unlisted };
        stage.create(draft).await;
    }
    // 1,200 more of them, as rows of their own.
    let copied = "INSERT INTO builds (build_id, name, primary_archetype, secondary_archetype, class_name, race, visibility, \
                  game_version, search_text, created_at, updated_at) SELECT 'b_' || (10000000 + a.id * 100 + b.id), \
                  a.name, a.primary_archetype, a.secondary_archetype, a.class_name, a.race, a.visibility, \
                  a.game_version, a.search_text, a.created_at, a.updated_at FROM builds a, builds b WHERE b.id <= 30";
    stage.database.execute(copied).await.unwrap();
    stage.build("Supreme Wall of the Deep").await;
    assert_eq!(found(&stage, "suprme", Sort::Relevance).await, ["Supreme Wall of the Deep"]);
    assert_eq!(found(&stage, "supreme", Sort::Newest).await, ["Supreme Wall of the Deep"]);
}

async fn pieces_of_different_words_and_fields_stay_apart(stage: TestContext) {
    let mut draft = stage.draft("(solo) y");
    draft.content.description = Some("z (raid)".into());
    stage.create(draft).await;
    for sort in [Sort::Newest, Sort::Relevance] {
        assert!(found(&stage, "solo raid", sort).await.is_empty());
        assert!(found(&stage, "y z", sort).await.is_empty());
        assert_eq!(found(&stage, "solo y", sort).await, ["(solo) y"]);
        assert_eq!(found(&stage, "raid", sort).await, ["(solo) y"]);
    }
}

async fn texts_are_found_as_people_type_them(stage: TestContext) {
    let cases = [
        ("Kaelár's Pride", &["kaelar", "Kaelár", "kaelars", "KAELÁR’S pride"][..]),
        ("Wrath of Py'Rai", &["pyrai", "py-rai", "PY'RAI"]),
        ("İSTANBUL Nights", &["istanbul", "İstanbul", "ıstanbul"]),
        ("暗黑龙骑士", &["龙骑", "骑", "黑龙骑", "暗黑龙骑士"]),
        ("Воин Света", &["воин", "СВЕТ"]),
        ("Fire🔥Wall", &["🔥", "fire🔥", "🔥wall"]),
        ("Straße of ﬁre", &["strasse", "fire", "STRASSE of"]),
        ("C++ 100% R&D", &["c++", "100%", "r&d"]),
        ("2.5 Metres", &["2.5", "2 5"]),
    ];
    for (name, _) in cases {
        stage.build(name).await;
    }
    for (name, terms) in cases {
        for term in terms {
            for sort in [Sort::Newest, Sort::Relevance] {
                let found = found(&stage, term, sort).await;
                assert!(found.iter().any(|it| it == name), "{term} found {found:?}");
            }
        }
    }
    assert!(found(&stage, "骑龙", Sort::Newest).await.is_empty());
    assert!(found(&stage, "25", Sort::Newest).await.is_empty());
}

async fn relevance_goes_by_tier_then_rating(stage: TestContext) {
    let described = |name: &str, class: &str, description: &str, tags: &[&str]| {
        let mut draft = stage.draft(name);
        draft.content.class_name = class.into();
        draft.content.description = Some(description.into());
        draft.content.tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        stage.create(draft)
    };
    described("Ashes", "Knight", "an iron wall", &[]).await;
    described("Embers", "Knight", "", &["iron", "wall"]).await;
    described("Iorn Wall", "Knight", "", &[]).await;
    described("Wall of Iron", "Knight", "", &[]).await;
    let loved = described("The Iron Wall", "Knight", "", &[]).await.summary.id;
    described("Iron Wall", "Knight", "", &[]).await;
    described("Nothing like it", "Knight", "", &[]).await;
    for n in 0..5 {
        stage.cast(&loved, &format!("v{n}"), 5).await;
    }
    let expected = ["The Iron Wall", "Iron Wall", "Wall of Iron", "Embers", "Ashes", "Iorn Wall"];
    assert_eq!(found(&stage, "iron wall", Sort::Relevance).await, expected);
    assert_eq!(found(&stage, "knihgt", Sort::Relevance).await.len(), 7);
}

/// Of a long list only those are that hold pieces of the term as one slip leaves them.
async fn all_builds_of_a_short_list_are_compared_with_a_term(stage: TestContext) {
    for tags in [&["raid"][..], &[]] {
        let mut draft = stage.draft("Stormborn Keystone");
        draft.content.tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        stage.create(draft).await;
    }
    let tagged = BuildFilter { tag: vec!["raid".into()], ..search("stromborn kyestone") };
    let query = BuildQuery { filter: tagged, sort: Sort::Relevance, page: page(1, 100) };
    assert_eq!(service(&stage).list(&query).await.unwrap().builds.len(), 1);
}

async fn every_plan_finds_what_a_naive_search_finds(stage: TestContext) {
    let rows = unkind_rows(ROWS);
    store(&stage, &rows).await;
    let terms = [
        "",
        "everywhere",
        "newlack",
        "oldonly",
        "halfterm",
        "rareterm",
        "龙骑",
        "воин",
        "🔥",
        "k",
        "ir",
        "nowhere",
    ];
    let mut case = 0;
    for term in terms {
        for sort in [Sort::Newest, Sort::Rating, Sort::Popular, Sort::Trending] {
            case += 1;
            let mut filter = search(term);
            match case % 6 {
                1 => filter.race = vec!["vek".into()],
                2 => filter.tag = vec!["tag10".into()],
                3 => filter.creator = Some("77".into()),
                4 => (filter.tag, filter.tag_mode) = (vec!["pvp".into(), "tag20".into()], TagMode::All),
                5 => filter.tag = vec!["tag1".into(), "tag2".into(), "pvp".into()],
                _ => {}
            }
            let expected = reference(&rows, &filter, sort);
            let limit = [7, 20, 100][case % 3];
            let most = 3 * limit as usize;
            let (ids, total, was_partial) = walk(&stage, &filter, sort, limit, most).await;
            assert_eq!(
                ids[..],
                expected[..expected.len().min(ids.len().max(most.min(expected.len())))],
                "{filter:?} {sort:?}"
            );
            let counted = if filter.is_narrow() {
                (expected.len() as u64).min(MAX_COUNTED)
            } else {
                expected.len() as u64
            };
            assert!(total == counted || was_partial, "{filter:?} {sort:?}: {total}, not {counted}");
        }
    }
}

async fn a_term_that_is_everywhere_in_pieces_is_looked_for_in_parts(stage: TestContext) {
    let mut rows = unkind_rows(ROWS);
    rows[3].listed = true;
    rows[3].text = rows[3].text.replace("raidsol", "soloraidsol");
    store(&stage, &rows).await;
    for sort in [Sort::Newest, Sort::Rating] {
        let expected = reference(&rows, &search("soloraid"), sort);
        assert_eq!(expected.len(), 1);
        let (ids, ..) = walk(&stage, &search("soloraid"), sort, 20, 100).await;
        assert_eq!(ids, expected, "{sort:?}");
    }
    assert!(rank(&SearchTerm::parse("x").unwrap().unwrap(), vec![]).is_empty());
}

/// More rows lack the term than a scan compares, and more hold it than are collected.
async fn what_most_builds_hold_is_found_behind_all_that_lack_it(stage: TestContext) {
    const HOLDING: usize = 12_000;
    let mut rows = unkind_rows(HOLDING + 5_000);
    for row in &mut rows[HOLDING..] {
        row.text = row.text.replace("everywhere", "elsewhere");
        row.votes = 0;
    }
    store(&stage, &rows).await;
    for sort in [Sort::Newest, Sort::Rating] {
        let filter = search("everywhere");
        let (ids, total, was_partial) = walk(&stage, &filter, sort, 20, 40).await;
        assert_eq!(ids, reference(&rows, &filter, sort)[..40], "{sort:?}");
        assert!(!was_partial && total == MAX_COUNTED, "{sort:?}: {total}");
    }
}

/// SQLite reads beside any lock.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_cannot_be_counted_in_time_has_more_than_is_counted() {
    let Some(stage) = TestContext::on(DatabaseKind::Postgres).await else { return };
    stage.build("Wolf").await;
    let (client, connection) = tokio_postgres::connect(&stage.database.url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("BEGIN; LOCK TABLE builds").await.unwrap();
    let builds = &stage.storage.builds;
    let count = |filter: BuildFilter| async move { builds.count(&filter).await };
    let (narrow, all) = tokio::join!(count(search("wolf")), count(BuildFilter::all(Scope::Public)));
    assert_eq!(narrow.unwrap(), Total { count: 0, capped: true });
    assert_eq!(all.unwrap(), Total { count: 1, capped: false }, "facets are counted");
    client.batch_execute("COMMIT").await.unwrap();
    let counted = builds.count(&search("wolf")).await.unwrap();
    assert_eq!(counted, Total { count: 1, capped: false }, "what was not counted is not kept");
}

async fn texts_that_were_changed_leave_nothing_in_the_index(stage: TestContext) {
    // Long texts whose few trigrams have many positions, and a short one.
    let texts = ["word ".repeat(390), "ward ".repeat(390), "x".to_owned()];
    let description = |turn: usize| texts.iter().cycle().nth(turn).cloned();
    let mut builds = vec![];
    for n in 0..20 {
        let mut draft = stage.draft(&format!("Spire {n}"));
        draft.content.description = description(n);
        builds.push(stage.create(draft).await.summary.id);
    }
    for turn in 1..6 {
        for (n, id) in builds.iter().enumerate() {
            let (game, at, description) = (stage.game.clone(), stage.now(), description(n + turn));
            let describe = Arc::new(move |build: &Build| {
                let content =
                    BuildContent { description: description.clone(), ..build.summary.content.clone() };
                let search_text = content.search_text(&game);
                Ok(Rewrite { content, build_data: build.build_data.clone(), search_text, at })
            });
            stage.storage.builds.update(id, describe).await.unwrap();
        }
    }
    let mut doctor = Doctor::open(&stage.database.options(), &stage.game, None).await.unwrap();
    let findings = doctor.examine().await.unwrap();
    assert!(findings.is_clean(), "{findings}");
}
