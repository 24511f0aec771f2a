//! Whole lists by relevance: over a caller's own builds, page by page, and of what the tags alone hold.

use std::collections::BTreeSet;

use myashes_domain::builds::{BuildFilter, BuildList, BuildQuery, Scope, Sort, Visibility};
use myashes_domain::page::{MAX_COUNTED, Total};
use myashes_domain::session::SessionHash;

use crate::support::{TestContext, page, promises};
use crate::unkind_builds::{ROWS, Row, reference, search, service, store, unkind_rows};

promises!(
    ones_own_builds_are_ranked_and_no_others,
    numbered_pages_go_on_behind_the_ranked_builds,
    the_best_rated_of_many_builds_with_a_tag_come_first,
    words_are_found_in_tags_however_these_are_spelled,
);

async fn listed(stage: &TestContext, filter: &BuildFilter, number: u32, limit: u32) -> BuildList {
    let query = BuildQuery { filter: filter.clone(), sort: Sort::Relevance, page: page(number, limit) };
    service(stage).list(&query).await.unwrap()
}

fn ids(list: &BuildList) -> Vec<&str> {
    list.builds.iter().map(|build| build.id.as_str()).collect()
}

fn names(list: &BuildList) -> Vec<&str> {
    list.builds.iter().map(|build| build.content.name.as_str()).collect()
}

async fn ones_own_builds_are_ranked_and_no_others(stage: TestContext) {
    for name in ["Wall of Iron", "Wolf", "Iron Wall"] {
        let mut draft = stage.draft(name);
        draft.content.visibility = Visibility::Private;
        stage.create(draft).await;
    }
    let mut other = stage.draft("Iron Wall of another caller");
    other.owner.session = Some(SessionHash::of("other"));
    stage.create(other).await;
    let mine = |term| {
        let scope = Scope::OwnedBy { session: SessionHash::of("s"), player_id: None };
        BuildFilter { scope, ..search(term) }
    };
    for (term, expected) in [
        ("iron wall", &["Iron Wall", "Wall of Iron"][..]),
        ("irom wall", &["Iron Wall"]),
        ("pvp", &["Iron Wall", "Wolf", "Wall of Iron"]),
        ("another", &[]),
    ] {
        let list = listed(&stage, &mine(term), 1, 20).await;
        assert_eq!(names(&list), expected, "{term}");
        let total = Total { count: expected.len() as u64, capped: false };
        assert_eq!((list.total, list.next_cursor), (total, None), "{term}");
    }
    // More than are ranked: the others follow by rating.
    for n in 0..210 {
        let mut draft = stage.draft(&format!("Spire {n}"));
        draft.content.visibility = Visibility::Unlisted;
        stage.create(draft).await;
    }
    let pages = [1, 2, 3].map(|number| (number, mine("spire")));
    let mut found = BTreeSet::new();
    for (number, filter) in pages {
        let list = listed(&stage, &filter, number, 100).await;
        assert_eq!(list.total, Total { count: 210, capped: false });
        found.extend(names(&list).into_iter().map(str::to_owned));
    }
    assert_eq!(found.len(), 210);
}

async fn numbered_pages_go_on_behind_the_ranked_builds(stage: TestContext) {
    store(&stage, &unkind_rows(ROWS)).await;
    for limit in [100, 30] {
        let mut found = BTreeSet::new();
        let pages = 600 / limit;
        for number in 1..=pages {
            let list = listed(&stage, &search("everywhere"), number, limit).await;
            assert!(list.next_cursor.is_some(), "page {number} by {limit}");
            found.extend(ids(&list).into_iter().map(str::to_owned));
        }
        assert_eq!(found.len(), 600, "by {limit}");
    }
}

async fn the_best_rated_of_many_builds_with_a_tag_come_first(stage: TestContext) {
    let rows = unkind_rows(ROWS);
    store(&stage, &rows).await;
    let best = |rows: &[Row], filter: &BuildFilter| -> Vec<String> {
        let tagged = BuildFilter { search: None, ..filter.clone() };
        reference(rows, &tagged, Sort::Rating).into_iter().take(20).map(str::to_owned).collect()
    };
    for filter in [search("pvp"), BuildFilter { race: vec!["vek".into()], ..search("pvp") }] {
        let list = listed(&stage, &filter, 1, 20).await;
        assert_eq!(ids(&list), best(&rows, &filter), "{filter:?}");
        assert_eq!(list.total, Total { count: MAX_COUNTED, capped: true });
    }
    // Of another tag's builds those that have this one, too.
    let both = BuildFilter { tag: vec!["pvp".into()], ..search("tag7") };
    let list = listed(&stage, &both, 1, 100).await;
    let expected = reference(&rows, &BuildFilter { tag: vec!["tag7".into()], ..search("") }, Sort::Rating);
    assert!(!expected.is_empty() && expected.iter().all(|id| ids(&list).contains(id)), "{:?}", ids(&list));
}

async fn words_are_found_in_tags_however_these_are_spelled(stage: TestContext) {
    for (name, tags) in [
        ("Quiet", &["raid", "main-tank"][..]),
        ("Calm", &["naïve", "burst"]),
        ("Still", &["raid", "py'rai", "大火"]),
        ("Mute", &["été", "solo"]),
        ("Hushed", &["ete", "solo"]),
    ] {
        let mut draft = stage.draft(name);
        draft.content.tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        stage.create(draft).await;
    }
    // All builds are compared where they are few, else those with tags that may fit.
    for others in [0, 1_100] {
        for n in 0..others {
            stage.build(&format!("Spire {n}")).await;
        }
        for (term, expected) in [
            ("raid main-tank", &["Quiet"][..]),
            ("maintank raid", &["Quiet"]),
            ("naive burst", &["Calm"]),
            ("raid pyrai", &["Still"]),
            ("raid 大火", &["Still"]),
            ("大火", &["Still"]),
            ("solo été", &["Hushed", "Mute"]),
            ("solo raid", &[]),
        ] {
            let list = listed(&stage, &search(term), 1, 20).await;
            assert_eq!(names(&list), expected, "{term} among {others} others");
        }
    }
}
