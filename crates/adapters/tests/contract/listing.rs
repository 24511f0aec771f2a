use myashes_domain::builds::{BuildFilter, BuildQuery, Owner, Period, Scope, Sort, Visibility};
use myashes_domain::page::{PageRequest, Position};
use myashes_domain::session::SessionHash;
use myashes_domain::text::{SearchTerm, fold_term};
use myashes_domain::votes::VoteAction;

use crate::support::{TestContext, caller, page, promises};

promises!(
    every_sort_is_strict_and_ties_go_to_the_newest,
    cursors_visit_every_build_once_in_every_sort,
    filters_narrow_and_unknown_values_give_nothing,
    a_search_is_literal_and_folded,
    short_terms_find_starts_of_words,
    long_terms_are_compared_to_their_end,
    what_grows_when_folded_is_stored_cut_and_found,
    hidden_builds_are_in_no_public_list,
    the_owner_lists_every_visibility,
    every_filter_narrows_ones_own_builds,
    popular_ranks_by_the_stars_of_the_votes_within_the_period,
    popular_compares_stars_then_votes_then_age,
    unrated_builds_come_last_by_rating,
    resembling_builds_are_found_behind_exact_ones,
    totals_of_a_search_are_counted,
    a_list_that_is_held_whole_says_how_long_it_is,
);

fn query(sort: Sort, filter: BuildFilter, page: PageRequest) -> BuildQuery {
    BuildQuery { filter, sort, page }
}

pub async fn ranks(stage: &TestContext, sort: Sort) -> Vec<(String, f64)> {
    let query = query(sort, BuildFilter::all(Scope::Public), page(1, 100));
    let rows = stage.storage.builds.list(&query).await.unwrap().builds;
    rows.into_iter().map(|(build, key)| (build.content.name, key.rank)).collect()
}

async fn names(stage: &TestContext, sort: Sort, filter: BuildFilter) -> Vec<String> {
    let rows = stage.storage.builds.list(&query(sort, filter, page(1, 100))).await.unwrap().builds;
    rows.into_iter().map(|(build, _)| build.content.name).collect()
}

fn all() -> BuildFilter {
    BuildFilter::all(Scope::Public)
}

async fn every_sort_is_strict_and_ties_go_to_the_newest(stage: TestContext) {
    let loved = stage.build("loved").await.summary.id;
    stage.clock.advance_seconds(1);
    let liked = stage.build("liked").await.summary.id;
    stage.clock.advance_seconds(1);
    stage.build("old").await;
    stage.clock.advance_seconds(1);
    stage.build("new").await;
    for n in 0..9 {
        stage.cast(&loved, &format!("l{n}"), 5).await;
    }
    for n in 0..10 {
        stage.cast(&liked, &format!("k{n}"), 4).await;
    }
    assert_eq!(names(&stage, Sort::Newest, all()).await, ["new", "old", "liked", "loved"]);
    assert_eq!(names(&stage, Sort::Rating, all()).await, ["loved", "liked", "new", "old"]);
    assert_eq!(names(&stage, Sort::Popular, all()).await, ["liked", "loved", "new", "old"]);
    assert_eq!(names(&stage, Sort::Trending, all()).await, ["liked", "loved", "new", "old"]);
}

async fn cursors_visit_every_build_once_in_every_sort(stage: TestContext) {
    let mut ids = vec![];
    for n in 0..13 {
        if n % 3 == 0 {
            stage.clock.advance_seconds(1);
        }
        ids.push(stage.build(&format!("b{n}")).await.summary.id);
    }
    for (n, id) in ids.iter().enumerate() {
        for voter in 0..n % 4 {
            stage.cast(id, &format!("v{voter}"), (n % 5) as i64 + 1).await;
        }
    }
    for sort in [Sort::Newest, Sort::Rating, Sort::Popular, Sort::Trending] {
        let whole = names(&stage, sort, all()).await;
        let (mut seen, mut position) = (vec![], Position::Page(1));
        loop {
            let query = query(sort, all(), PageRequest { position, limit: 4 });
            let rows = stage.storage.builds.list(&query).await.unwrap().builds;
            let more = rows.len() > 4;
            seen.extend(rows.iter().take(4).map(|(build, _)| build.content.name.clone()));
            if !more {
                break;
            }
            position = Position::After(rows[3].1);
        }
        assert_eq!(seen, whole, "{sort:?}");
        assert_eq!(seen.len(), 13);
        let second = query(sort, all(), page(2, 4));
        let second: Vec<String> = stage
            .storage
            .builds
            .list(&second)
            .await
            .unwrap()
            .builds
            .into_iter()
            .take(4)
            .map(|(it, _)| it.content.name)
            .collect();
        assert_eq!(second, whole[4..8], "{sort:?}");
    }
}

async fn filters_narrow_and_unknown_values_give_nothing(stage: TestContext) {
    stage.build("knight").await;
    let mut other = stage.draft("oracle");
    other.content.primary_archetype = "cleric".into();
    other.content.secondary_archetype = "mage".into();
    other.content.class_name = "Oracle".into();
    other.content.race = "dunir".into();
    other.content.tags = vec!["healer".into()];
    other.game_version = "alpha-3".into();
    stage.create(other).await;
    let cases = [
        (BuildFilter { primary_archetype: vec!["cleric".into()], ..all() }, "oracle"),
        (BuildFilter { secondary_archetype: vec!["fighter".into()], ..all() }, "knight"),
        (BuildFilter { race: vec!["dunir".into()], ..all() }, "oracle"),
        (BuildFilter { class_name: vec!["nigh".into()], ..all() }, "knight"),
        (
            BuildFilter { class_name: vec![fold_term("class_name", "ORA").unwrap().unwrap()], ..all() },
            "oracle",
        ),
        (BuildFilter { tag: vec!["healer".into()], ..all() }, "oracle"),
        (BuildFilter { game_version: vec!["alpha-3".into()], ..all() }, "oracle"),
        (BuildFilter { tag: vec!["pvp".into()], race: vec!["vek".into()], ..all() }, "knight"),
    ];
    for (filter, expected) in cases {
        assert_eq!(names(&stage, Sort::Rating, filter.clone()).await, [expected], "{filter:?}");
        assert_eq!(stage.storage.builds.count(&filter).await.unwrap().count, 1, "{filter:?}");
    }
    for nothing in [
        BuildFilter { race: vec!["gnome".into()], ..all() },
        BuildFilter { tag: vec!["%".into()], ..all() },
        BuildFilter { class_name: vec!["%".into()], ..all() },
        BuildFilter { is_template: Some(true), ..all() },
    ] {
        assert!(names(&stage, Sort::Newest, nothing.clone()).await.is_empty(), "{nothing:?}");
        assert_eq!(stage.storage.builds.count(&nothing).await.unwrap().count, 0, "{nothing:?}");
    }
}

fn search(term: &str) -> BuildFilter {
    BuildFilter { search: SearchTerm::parse(term).unwrap(), ..all() }
}

async fn a_search_is_literal_and_folded(stage: TestContext) {
    stage.build("100% Ｆｕｌｌ Tank_Build \"quoted\" (x)").await;
    stage.build("Plain").await;
    for hit in ["100%", "full", "TANK_b", "\"quo", "k_build", "%  FULL", "(x)", "Knight", "vek"] {
        let found = names(&stage, Sort::Newest, search(hit)).await;
        assert!(found.iter().any(|name| name.starts_with("100%")), "{hit} found {found:?}");
    }
    for miss in ["50%", "a_k", "__n", "ta%k", "' OR 1=1 --"] {
        assert!(names(&stage, Sort::Newest, search(miss)).await.is_empty(), "{miss}");
    }
}

async fn short_terms_find_starts_of_words(stage: TestContext) {
    stage.build("Iron Wall").await;
    for hit in ["i", "wa", "Ir", "kn"] {
        assert_eq!(names(&stage, Sort::Popular, search(hit)).await, ["Iron Wall"], "{hit}");
    }
    for miss in ["r", "al", "ll"] {
        assert!(names(&stage, Sort::Popular, search(miss)).await.is_empty(), "{miss}");
    }
}

async fn long_terms_are_compared_to_their_end(stage: TestContext) {
    let text = "the quick brown fox jumps over the lazy dog and is never seen again by anybody else at all";
    stage.build(text).await;
    for hit in [text, &text[4..], "quick brown fox jumps over", "\u{ff51}uick brown FOX jumps"] {
        assert_eq!(names(&stage, Sort::Newest, search(hit)).await, [text], "{hit}");
    }
    for miss in ["the quick brown fox jumps under", "the quick brown fox jumps over the lazy cat"] {
        assert!(names(&stage, Sort::Newest, search(miss)).await.is_empty(), "{miss}");
        assert_eq!(stage.storage.builds.count(&search(miss)).await.unwrap().count, 0, "{miss}");
    }
}

async fn what_grows_when_folded_is_stored_cut_and_found(stage: TestContext) {
    let growing = "\u{fdfa}";
    let mut draft = stage.draft(&growing.repeat(100));
    draft.content.description = Some(growing.repeat(2_000));
    draft.search_text = draft.content.search_text(&stage.game);
    stage.create(draft).await;
    let longest = stage.database.count("SELECT CAST(max(length(search_text)) AS bigint) FROM builds").await;
    assert!(longest <= 20_000, "{longest} characters");
    for sort in [Sort::Newest, Sort::Popular] {
        assert_eq!(names(&stage, sort, search(&growing.repeat(5))).await.len(), 1);
    }
}

async fn hidden_builds_are_in_no_public_list(stage: TestContext) {
    for visibility in [Visibility::Unlisted, Visibility::Private] {
        let mut draft = stage.draft("hidden");
        draft.content.visibility = visibility;
        stage.create(draft).await;
    }
    for sort in [Sort::Newest, Sort::Rating, Sort::Popular, Sort::Trending] {
        assert!(names(&stage, sort, all()).await.is_empty());
    }
    assert!(names(&stage, Sort::Newest, search("hidden")).await.is_empty());
    let tagged = BuildFilter { tag: vec!["pvp".into()], ..all() };
    assert!(names(&stage, Sort::Newest, tagged.clone()).await.is_empty());
    assert_eq!(stage.storage.builds.count(&tagged).await.unwrap().count, 0);
    assert_eq!(stage.storage.builds.count(&search("hidden")).await.unwrap().count, 0);
    assert!(stage.storage.builds.most_voted(Period::All, stage.now(), 5, true).await.unwrap().is_empty());
    assert!(stage.storage.builds.rank_matches(&search("hiden"), 10).await.unwrap().places.is_empty());
}

async fn the_owner_lists_every_visibility(stage: TestContext) {
    let mut draft = stage.draft("private of the session");
    draft.content.visibility = Visibility::Private;
    stage.create(draft).await;
    let mut claimed = stage.draft("the player's");
    claimed.owner = Owner { player_id: Some("p".into()), ..claimed.owner };
    stage.create(claimed).await;
    let session = SessionHash::of("s");
    let mine = |player: Option<&str>| {
        BuildFilter::all(Scope::OwnedBy { session, player_id: player.map(str::to_owned) })
    };
    assert_eq!(names(&stage, Sort::Newest, mine(None)).await, ["private of the session"]);
    assert_eq!(stage.storage.builds.count(&mine(None)).await.unwrap().count, 1);
    let mut both = names(&stage, Sort::Newest, mine(Some("p"))).await;
    both.sort();
    assert_eq!(both, ["private of the session", "the player's"]);
}

async fn every_filter_narrows_ones_own_builds(stage: TestContext) {
    let mut other = stage.draft("the other");
    other.content.visibility = Visibility::Private;
    other.content.primary_archetype = "mage".into();
    other.content.secondary_archetype = "mage".into();
    other.content.class_name = "Archwizard".into();
    other.content.race = "dunir".into();
    other.content.tags = vec!["raid".into()];
    other.game_version = "other".into();
    other.owner.steam_id = Some("77".into());
    stage.create(other).await;
    stage.build("the one").await;
    let mine = || BuildFilter::all(Scope::OwnedBy { session: SessionHash::of("s"), player_id: None });
    assert_eq!(names(&stage, Sort::Newest, mine()).await.len(), 2);
    for filter in [
        BuildFilter { search: SearchTerm::parse("the other").unwrap(), ..mine() },
        BuildFilter { class_name: vec!["wizard".into()], ..mine() },
        BuildFilter { primary_archetype: vec!["mage".into()], ..mine() },
        BuildFilter { secondary_archetype: vec!["mage".into()], ..mine() },
        BuildFilter { race: vec!["dunir".into(), "niküa".into()], ..mine() },
        BuildFilter { tag: vec!["raid".into()], ..mine() },
        BuildFilter { game_version: vec!["other".into()], ..mine() },
        BuildFilter { creator: Some("77".into()), ..mine() },
    ] {
        for sort in [Sort::Newest, Sort::Rating, Sort::Popular, Sort::Trending] {
            assert_eq!(names(&stage, sort, filter.clone()).await, ["the other"], "{filter:?} {sort:?}");
        }
        assert_eq!(stage.storage.builds.count(&filter).await.unwrap().count, 1, "{filter:?}");
    }
    let templates = BuildFilter { is_template: Some(true), ..mine() };
    assert!(names(&stage, Sort::Newest, templates).await.is_empty());
    let others = BuildFilter { is_template: Some(false), ..mine() };
    assert_eq!(names(&stage, Sort::Newest, others).await.len(), 2);
}

async fn popular(stage: &TestContext, period: Period) -> Vec<String> {
    let ids = stage.storage.builds.most_voted(period, stage.now(), 5, false).await.unwrap();
    let found = stage.storage.builds.public_by_ids(&ids).await.unwrap();
    found.into_iter().map(|build| build.content.name).collect()
}

async fn popular_ranks_by_the_stars_of_the_votes_within_the_period(stage: TestContext) {
    stage.build("unrated").await;
    for period in [Period::Day, Period::Week, Period::Month, Period::All] {
        assert!(popular(&stage, period).await.is_empty(), "{period:?}");
    }
    let old = stage.build("old favourite").await.summary.id;
    for n in 0..5 {
        stage.cast(&old, &format!("o{n}"), 5).await;
    }
    stage.clock.advance_seconds(10 * 86_400);
    let new = stage.build("new star").await.summary.id;
    stage.cast(&new, "n0", 4).await;
    assert_eq!(popular(&stage, Period::Week).await, ["new star"]);
    assert_eq!(popular(&stage, Period::Day).await, ["new star"]);
    assert_eq!(popular(&stage, Period::Month).await, ["old favourite", "new star"]);
    assert_eq!(popular(&stage, Period::All).await, ["old favourite", "new star"]);
    stage.vote(&new, &caller("n0"), VoteAction::Withdraw).await.unwrap();
    assert!(popular(&stage, Period::Week).await.is_empty(), "a withdrawn vote does not count");
}

async fn popular_compares_stars_then_votes_then_age(stage: TestContext) {
    // Name and the stars of its votes: five of one star count less than three of four.
    let builds: [(&str, &[i64]); 6] = [
        ("older of two", &[3]),
        ("newer of two", &[3]),
        ("one vote", &[5]),
        ("five of one star", &[1, 1, 1, 1, 1]),
        ("three of four stars", &[4, 4, 4]),
        ("unrated", &[]),
    ];
    for (name, stars) in builds {
        stage.clock.advance_seconds(1);
        let id = stage.build(name).await.summary.id;
        for (n, stars) in stars.iter().enumerate() {
            stage.cast(&id, &format!("{name} {n}"), *stars).await;
        }
    }
    let expected = ["three of four stars", "five of one star", "one vote", "newer of two", "older of two"];
    for period in [Period::Day, Period::Week, Period::Month, Period::All] {
        assert_eq!(popular(&stage, period).await, expected, "{period:?}");
    }
}

async fn unrated_builds_come_last_by_rating(stage: TestContext) {
    let worst = stage.build("worst").await.summary.id;
    stage.clock.advance_seconds(1);
    let emptied = stage.build("emptied").await.summary.id;
    stage.clock.advance_seconds(1);
    stage.build("unrated").await;
    for n in 0..20 {
        stage.cast(&worst, &format!("w{n}"), 1).await;
    }
    stage.cast(&emptied, "e", 5).await;
    assert_eq!(names(&stage, Sort::Rating, all()).await, ["emptied", "worst", "unrated"]);
    stage.vote(&emptied, &caller("e"), VoteAction::Withdraw).await.unwrap();
    assert_eq!(names(&stage, Sort::Rating, all()).await, ["worst", "unrated", "emptied"]);
}

async fn resembling_builds_are_found_behind_exact_ones(stage: TestContext) {
    let mut wizard = stage.draft("Storm caller");
    wizard.content.class_name = "Archwizard".into();
    wizard.content.race = "pyrai".into();
    stage.create(wizard).await;
    stage.build("Someone else").await;
    for slip in ["archwizzard", "pirai", "archwizard", "pyrai"] {
        let found = stage.storage.builds.rank_matches(&search(slip), 10).await.unwrap();
        assert_eq!(found.rest, None);
        assert!(found.places.iter().all(|key| key.rank > 0.0));
        let builds = stage.storage.builds.load_by_keys(&Scope::Public, &found.places).await.unwrap();
        assert!(builds.iter().any(|(build, _)| build.content.name == "Storm caller"), "{slip}");
    }
}

async fn totals_of_a_search_are_counted(stage: TestContext) {
    for n in 0..7 {
        stage.build(&format!("count me {n}")).await;
    }
    let some = stage.storage.builds.rank_matches(&search("count me"), 5).await.unwrap();
    assert_eq!((some.places.len(), some.rest.is_some()), (5, true), "there are more than were asked for");
    let total = stage.storage.builds.count(&search("count me")).await.unwrap();
    assert_eq!((total.count, total.capped), (7, false));
}

async fn a_list_that_is_held_whole_says_how_long_it_is(stage: TestContext) {
    for n in 0..7 {
        let mut draft = stage.draft(&format!("number {n}"));
        draft.content.race = if n < 3 { "vek" } else { "dunir" }.into();
        stage.create(draft).await;
    }
    for sort in [Sort::Newest, Sort::Rating, Sort::Popular, Sort::Trending] {
        let of_race = BuildFilter { race: vec!["dunir".into()], ..all() };
        let found = stage.storage.builds.list(&query(sort, of_race.clone(), page(2, 2))).await.unwrap();
        let total = found.total.unwrap();
        assert_eq!((total.count, total.capped), (4, false), "{sort:?}");
        let names: Vec<&str> = found.builds.iter().map(|(build, _)| build.content.name.as_str()).collect();
        assert_eq!(names, ["number 4", "number 3"], "{sort:?}");
        let after = PageRequest { position: Position::After(found.builds[0].1), limit: 5 };
        let rest = stage.storage.builds.list(&query(sort, of_race, after)).await.unwrap();
        assert_eq!(rest.builds.len(), 1, "{sort:?}");
    }
}
