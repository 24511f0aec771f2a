//! Searches over data as people make it, held against a naive reference; slips of typing; folding.

use std::sync::Arc;

use myashes_domain::builds::relevance::rank;
use myashes_domain::builds::{BuildFilter, BuildQuery, BuildService, Scope, Sort, TagMode, Visibility};
use myashes_domain::page::{MAX_COUNTED, PageRequest, Position, decode_cursor};
use myashes_domain::text::{SearchTerm, searchable};

use crate::support::{TestContext, page, promises};

promises!(
    every_slip_of_one_letter_finds_the_build,
    builds_that_are_not_listed_take_no_candidates_place,
    pieces_of_different_words_and_fields_stay_apart,
    texts_are_found_as_people_type_them,
    relevance_goes_by_tier_then_rating,
    every_plan_finds_what_a_naive_search_finds,
    a_term_that_is_everywhere_in_pieces_is_looked_for_in_parts,
    what_most_builds_hold_is_found_behind_all_that_lack_it,
);

fn search(term: &str) -> BuildFilter {
    BuildFilter { search: SearchTerm::parse(term).unwrap(), ..BuildFilter::all(Scope::Public) }
}

fn service(stage: &TestContext) -> BuildService {
    let clock = Arc::new(myashes_testkit::ManualClock::new());
    let entropy = Arc::new(myashes_testkit::SequenceEntropy::default());
    BuildService::new(Arc::clone(&stage.storage.builds), Arc::new(stage.game.clone()), clock, entropy)
}

async fn found(stage: &TestContext, term: &str, sort: Sort) -> Vec<String> {
    let query = BuildQuery { filter: search(term), sort, page: page(1, 100) };
    let list = service(stage).list(&query).await.unwrap();
    list.builds.into_iter().map(|build| build.name).collect()
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

/// Rows of unkind data: enough that no plan holds all of them.
const ROWS: usize = 5_000;

/// A build of the unkind data, and what is expected of it.
struct Row {
    id: String,
    text: String,
    race: &'static str,
    tags: Vec<String>,
    steam_id: Option<&'static str>,
    votes: i64,
    listed: bool,
}

fn unkind_rows(count: usize) -> Vec<Row> {
    let row = |n: usize| {
        let mut words = vec!["everywhere", "solorai", "aidraid", "raidsol"];
        // The newest tenth lacks it; the oldest hundredth has it alone; half; one of few; in pieces only.
        let with = [
            (n < count * 9 / 10, "newlack"),
            (n < count / 100, "oldonly"),
            (n.is_multiple_of(2), "halfterm"),
            (n % 2_500 == 17, "rareterm"),
        ];
        words.extend(with.into_iter().filter(|(has, _)| *has).map(|(_, word)| word));
        let name = match n % 5 {
            0 => "暗黑龙骑士",
            1 => "Воин Света",
            2 => "Fire🔥Wall",
            _ => "Iron Knight",
        };
        let description = words.join(" ");
        Row {
            id: format!("b_{n:08x}"),
            text: searchable(&[
                (name, 100),
                ("Knight", 100),
                ("vek", 100),
                ("Vek", 100),
                (&description, 2_000),
            ]),
            race: if n.is_multiple_of(3) { "vek" } else { "dunir" },
            tags: vec!["pvp".into(), format!("tag{}", n % 200)],
            steam_id: (n.is_multiple_of(10)).then_some("77"),
            votes: if n.is_multiple_of(100) { (n / 100 % 7) as i64 + 1 } else { 0 },
            listed: n % 25 != 3,
        }
    };
    (0..count).map(row).collect()
}

async fn store(stage: &TestContext, rows: &[Row]) {
    let (time, yes, no) = match stage.database.kind {
        myashes_testkit::DatabaseKind::Postgres => {
            ("timestamptz '2026-01-01' + interval '1 minute' * ", "true", "false")
        }
        myashes_testkit::DatabaseKind::Sqlite => ("1767225600000000 + 60000000 * ", "1", "0"),
    };
    let facet = |listed: &str, race: &str| {
        format!("(SELECT id FROM facets WHERE race = '{race}' AND listed = {listed})")
    };
    let mut sql = String::new();
    for race in ["vek", "dunir"] {
        for listed in [yes, no] {
            sql += &format!(
                "INSERT INTO facets (listed, primary_archetype, secondary_archetype, class_name, class_folded, race, \
                 is_template, game_version) VALUES ({listed}, 'tank', 'fighter', 'Knight', 'knight', '{race}', {no}, 'v');"
            );
        }
    }
    stage.database.execute(&sql).await.unwrap();
    for (chunk, rows) in rows.chunks(500).enumerate() {
        let (mut builds, mut ranks, mut tags) = (vec![], vec![], vec![]);
        for (at, row) in rows.iter().enumerate() {
            let n = chunk * 500 + at;
            let visibility = if row.listed { "public" } else { "private" };
            let listed = if row.listed { yes } else { no };
            let steam = row.steam_id.map_or("NULL".to_owned(), |id| format!("'{id}'"));
            builds.push(format!(
                "({id}, '{0}', '{0}', 'tank', 'fighter', 'Knight', '{1}', '{visibility}', 'v', '{2}', {steam}, {time}{n}, {time}{n})",
                row.id, row.race, row.text, id = n + 1
            ));
            let (bayesian, trend) =
                if row.votes > 0 { (3.0 + row.votes as f64 / 10.0, row.votes as f64) } else { (-1.0, -1.0) };
            ranks.push(format!(
                "({id}, {}, {listed}, {time}{n}, {bayesian:.1}, {trend:.1}, {})",
                facet(listed, row.race),
                row.votes,
                id = n + 1
            ));
            tags.extend(row.tags.iter().map(|tag| format!("('{tag}', {}, {listed})", n + 1)));
        }
        let sql = format!(
            "INSERT INTO builds (id, build_id, name, primary_archetype, secondary_archetype, class_name, race, visibility, \
             game_version, search_text, steam_id, created_at, updated_at) VALUES {};\
             INSERT INTO build_ranks (build, facet, listed, created_at, bayesian, trend, stars_5) VALUES {};\
             INSERT INTO build_tags (tag, build, listed) VALUES {};",
            builds.join(","),
            ranks.join(","),
            tags.join(",")
        );
        stage.database.execute(&sql).await.unwrap();
    }
    let count = "UPDATE facets SET builds = (SELECT count(*) FROM build_ranks r WHERE r.facet = facets.id)";
    stage.database.execute(count).await.unwrap();
}

/// What a list must hold, in order.
fn reference<'a>(rows: &'a [Row], filter: &BuildFilter, sort: Sort) -> Vec<&'a str> {
    let matches = |row: &&(usize, &'a Row)| {
        let row = row.1;
        let has = |tag: &String| row.tags.contains(tag);
        let tagged = match filter.tag_mode {
            TagMode::All => filter.tag.iter().all(has),
            TagMode::Any => filter.tag.is_empty() || filter.tag.iter().any(has),
        };
        row.listed
            && tagged
            && (filter.race.is_empty() || filter.race.iter().any(|race| race == row.race))
            && filter.creator.as_deref().is_none_or(|creator| row.steam_id == Some(creator))
            && filter.search.as_ref().is_none_or(|term| row.text.contains(term.needle()))
    };
    let all: Vec<(usize, &Row)> = rows.iter().enumerate().collect();
    let mut found: Vec<&(usize, &Row)> = all.iter().filter(matches).collect();
    let value = |row: &Row| if sort == Sort::Newest { 0 } else { row.votes };
    found.sort_by_key(|(n, row)| std::cmp::Reverse((value(row), *n)));
    found.into_iter().map(|(_, row)| row.id.as_str()).collect()
}

/// Ids of the first items of a list, by following its cursors.
async fn walk(
    stage: &TestContext,
    filter: &BuildFilter,
    sort: Sort,
    limit: u32,
    most: usize,
) -> (Vec<String>, u64, bool) {
    let service = service(stage);
    let mut query = BuildQuery { filter: filter.clone(), sort, page: page(1, limit) };
    let (mut ids, mut total, mut was_partial) = (vec![], 0, false);
    for _ in 0..200 {
        let list = service.list(&query).await.unwrap();
        if ids.is_empty() && !was_partial {
            total = list.total.count;
        }
        was_partial |= list.partial;
        ids.extend(list.builds.iter().map(|build| build.id.as_str().to_owned()));
        let Some(cursor) = list.next_cursor.filter(|_| ids.len() < most) else { break };
        let key = decode_cursor(&cursor, &query.binding()).unwrap();
        query.page = PageRequest { position: Position::After(key), limit };
        // Does not move what is there.
        if ids.len() == limit as usize {
            stage.clock.advance_seconds(1);
        }
    }
    (ids, total, was_partial)
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
