//! Lists by random filters, sorts and page sizes, held against a naive reference while builds are created, deleted,
//! hidden and voted on between their pages.

use std::collections::HashSet;
use std::sync::Arc;

use myashes_domain::builds::{Build, BuildFilter, BuildQuery, Sort, TagMode};
use myashes_domain::ids::BuildId;
use myashes_domain::page::{MAX_COUNTED, PageRequest, Position, decode_cursor};
use myashes_domain::write_options::WriteOptions;
use myashes_testkit::Dice;

use crate::support::{TestContext, page, promises};
use crate::unkind_builds::{ROWS, Row, reference, search, service, store, unkind_rows, walk};

promises!(lists_agree_with_a_naive_reference_while_builds_change);

const CASES: usize = 30;

/// Pages of one list between which builds change.
const PAGES: usize = 6;

const TERMS: [&str; 11] = [
    "everywhere",
    "newlack",
    "oldonly",
    "halfterm",
    "rareterm",
    "written",
    "龙骑",
    "воин",
    "🔥",
    "ir",
    "nowhere",
];

fn any_filter(dice: &mut Dice) -> BuildFilter {
    let mut filter = search(if dice.below(3) == 0 { "" } else { TERMS[dice.index(TERMS.len())] });
    if dice.below(3) == 0 {
        filter.race = vec![["vek", "dunir"][dice.index(2)].into()];
    }
    if dice.below(4) == 0 {
        filter.creator = Some("77".into());
    }
    let tags = [0, 0, 1, 2, 3][dice.index(5)];
    filter.tag = (0..tags).map(|_| format!("tag{}", dice.below(200))).collect();
    if dice.below(2) == 0 {
        filter.tag.push("pvp".into());
        filter.tag_mode = [TagMode::Any, TagMode::All][dice.index(2)];
    }
    filter.normalized()
}

/// The builds as they should be stored, and those that a write has touched.
struct Written<'a> {
    stage: &'a TestContext,
    rows: Vec<Row>,
    touched: HashSet<String>,
}

impl Written<'_> {
    /// Any write.
    async fn write(&mut self, dice: &mut Dice) {
        match dice.below(4) {
            0 => self.create(dice).await,
            1 => self.delete(dice).await,
            2 => self.hide(dice).await,
            _ => self.vote(dice).await,
        }
    }

    /// One of the builds that are listed, more often a new one.
    fn listed(&mut self, dice: &mut Dice) -> usize {
        loop {
            let back = dice.index(self.rows.len()).min(dice.index(self.rows.len()));
            let at = self.rows.len() - 1 - back;
            if self.rows[at].listed {
                self.touched.insert(self.rows[at].id.clone());
                return at;
            }
        }
    }

    async fn create(&mut self, dice: &mut Dice) {
        self.stage.clock.advance_seconds(1);
        let mut draft = self.stage.draft("written Iron Knight");
        draft.content.description = Some("everywhere halfterm".into());
        draft.content.race = ["vek", "dunir"][dice.index(2)].into();
        draft.content.tags = vec!["pvp".into(), format!("tag{}", dice.below(200))];
        let build = self.stage.create(draft).await;
        let race = if build.summary.content.race == "vek" { "vek" } else { "dunir" };
        let text = build.summary.content.search_text(&self.stage.game);
        let id = build.summary.id.to_string();
        self.touched.insert(id.clone());
        self.rows.push(Row {
            id,
            text,
            race,
            tags: build.summary.content.tags,
            steam_id: None,
            votes: 0,
            listed: true,
        });
    }

    async fn delete(&mut self, dice: &mut Dice) {
        let at = self.listed(dice);
        let id = BuildId::parse(&self.rows[at].id).unwrap();
        self.stage
            .storage
            .builds
            .delete(&id, Arc::new(|_: &Build| Ok(())), WriteOptions::default())
            .await
            .unwrap();
        self.rows[at].listed = false;
    }

    async fn hide(&mut self, dice: &mut Dice) {
        let at = self.listed(dice);
        let id = BuildId::parse(&self.rows[at].id).unwrap();
        let audited = WriteOptions::audit(self.stage.audit());
        self.stage.storage.builds.set_hidden(&id, true, audited).await.unwrap();
        self.rows[at].listed = false;
    }

    async fn vote(&mut self, dice: &mut Dice) {
        let at = self.listed(dice);
        let id = BuildId::parse(&self.rows[at].id).unwrap();
        self.rows[at].votes += 1;
        self.stage.cast(&id, &format!("voter {}", self.rows[at].votes), 5).await;
    }
}

async fn lists_agree_with_a_naive_reference_while_builds_change(stage: TestContext) {
    let rows = unkind_rows(ROWS);
    store(&stage, &rows).await;
    let mut dice = Dice::new("list_walks");
    let mut written = Written { stage: &stage, rows, touched: HashSet::new() };
    for _ in 0..CASES {
        // The reference does not know what a vote does to a trend.
        let sort = [Sort::Newest, Sort::Rating, Sort::Popular][dice.index(3)];
        let filter = any_filter(&mut dice);
        let limit = 1 + dice.below(60) as u32;
        let before = written.rows.len();
        let (ids, has_ended) = walk_with_writes(&mut written, &filter, sort, limit, &mut dice).await;

        // What no write has touched is there once and in order; what one has touched may be.
        let known: HashSet<&str> = written.rows.iter().map(|row| row.id.as_str()).collect();
        assert!(ids.iter().all(|id| known.contains(id.as_str())), "{filter:?} {sort:?}");
        let untouched = |id: &&str| !written.touched.contains(*id);
        let found: Vec<&str> = ids.iter().map(String::as_str).filter(untouched).collect();
        let expected: Vec<&str> =
            reference(&written.rows, &filter, sort).into_iter().filter(untouched).collect();
        let length = if has_ended { expected.len() } else { found.len() };
        assert_eq!(found, expected[..length], "{filter:?} {sort:?} by {limit}, {before} builds before");

        // Without writes, it is the builds as they are now.
        let expected = reference(&written.rows, &filter, sort);
        let most = PAGES * limit as usize;
        let (ids, total, was_partial) = walk(&stage, &filter, sort, limit, most).await;
        let length = if ids.len() < most { expected.len() } else { ids.len() };
        assert_eq!(ids, expected[..length], "{filter:?} {sort:?} by {limit}, at rest");
        let counted = expected.len() as u64;
        let counted = if filter.is_narrow() { counted.min(MAX_COUNTED) } else { counted };
        assert!(total == counted || was_partial, "{filter:?} {sort:?}: {total}, not {counted}");
        written.touched.clear();
    }
}

/// The ids of the first pages of a list, with writes before each page but the first, and whether it has no more pages.
async fn walk_with_writes(
    written: &mut Written<'_>,
    filter: &BuildFilter,
    sort: Sort,
    limit: u32,
    dice: &mut Dice,
) -> (Vec<String>, bool) {
    let service = service(written.stage);
    let mut query = BuildQuery { filter: filter.clone(), sort, page: page(1, limit) };
    let mut ids = vec![];
    for _ in 0..PAGES {
        let list = service.list(&query).await.unwrap();
        ids.extend(list.builds.iter().map(|build| build.id.as_str().to_owned()));
        let Some(cursor) = list.next_cursor else { return (ids, true) };
        let key = decode_cursor(&cursor, &query.binding()).unwrap();
        query.page = PageRequest { position: Position::After(key), limit };
        for _ in 0..dice.below(4) {
            written.write(dice).await;
        }
    }
    (ids, false)
}
