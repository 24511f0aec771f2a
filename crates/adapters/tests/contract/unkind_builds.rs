//! Builds that are unkind to searches, lists of them walked by their cursors, and a naive reference for both.

use std::sync::Arc;

use myashes_domain::builds::{BuildFilter, BuildQuery, BuildRepository, BuildService, Scope, Sort, TagMode};
use myashes_domain::page::{PageRequest, Position, decode_cursor};
use myashes_domain::ranking::Ranking;
use myashes_domain::text::{SearchTerm, searchable};

use crate::support::{TestContext, page};

pub fn search(term: &str) -> BuildFilter {
    BuildFilter { search: SearchTerm::parse(term).unwrap(), ..BuildFilter::all(Scope::Public) }
}

pub fn service(stage: &TestContext) -> BuildService {
    service_over(stage, Arc::clone(&stage.storage.builds))
}

/// The same over another repository.
pub fn service_over(stage: &TestContext, builds: Arc<dyn BuildRepository>) -> BuildService {
    let clock = Arc::new(myashes_testkit::ManualClock::new());
    let entropy = Arc::new(myashes_testkit::SequenceEntropy::default());
    BuildService::new(builds, Arc::new(stage.game.clone()), clock, entropy)
}

/// Rows of unkind data: enough that no plan holds all of them.
pub const ROWS: usize = 5_000;

/// A build of the unkind data, and what is expected of it.
pub struct Row {
    pub id: String,
    pub text: String,
    pub race: &'static str,
    pub tags: Vec<String>,
    pub steam_id: Option<&'static str>,
    pub votes: i64,
    pub listed: bool,
}

pub fn unkind_rows(count: usize) -> Vec<Row> {
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

pub async fn store(stage: &TestContext, rows: &[Row]) {
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
            let stored_tags = serde_json::to_string(&row.tags).unwrap();
            let steam = row.steam_id.map_or("NULL".to_owned(), |id| format!("'{id}'"));
            builds.push(format!(
                "({id}, '{0}', '{0}', 'tank', 'fighter', 'Knight', '{1}', '{visibility}', '{tags}', 'v', '{2}', {steam}, {time}{n}, {time}{n})",
                row.id, row.race, row.text, id = n + 1, tags = stored_tags
            ));
            let bayesian = Ranking::default().bayesian(5 * row.votes, row.votes);
            let trend = if row.votes > 0 { row.votes as f64 } else { -1.0 };
            ranks.push(format!(
                "({id}, {}, {listed}, {time}{n}, {bayesian}, {trend:.1}, {})",
                facet(listed, row.race),
                row.votes,
                id = n + 1
            ));
            tags.extend(row.tags.iter().map(|tag| format!("('{tag}', {}, {listed})", n + 1)));
        }
        let sql = format!(
            "INSERT INTO builds (id, build_id, name, primary_archetype, secondary_archetype, class_name, race, visibility, \
             tags, game_version, search_text, steam_id, created_at, updated_at) VALUES {};\
             INSERT INTO build_ranks (build, facet, listed, created_at, bayesian, trend, stars_5) VALUES {};\
             INSERT INTO build_tags (tag, build, listed) VALUES {};",
            builds.join(","),
            ranks.join(","),
            tags.join(",")
        );
        stage.database.execute(&sql).await.unwrap();
    }
    if stage.database.kind == myashes_testkit::DatabaseKind::Postgres {
        let next = format!("SELECT setval(pg_get_serial_sequence('builds', 'id'), {})", rows.len());
        stage.database.execute(&next).await.unwrap();
    }
    let count = "UPDATE facets SET builds = (SELECT count(*) FROM build_ranks r WHERE r.facet = facets.id)";
    stage.database.execute(count).await.unwrap();
}

/// What a list must hold, in order.
pub fn reference<'a>(rows: &'a [Row], filter: &BuildFilter, sort: Sort) -> Vec<&'a str> {
    let BuildFilter {
        scope: _,
        search,
        race,
        tag,
        tag_mode,
        creator,
        class_name,
        primary_archetype,
        secondary_archetype,
        is_template,
        game_version,
    } = filter;
    let by_what_all_have = [class_name, primary_archetype, secondary_archetype, game_version];
    assert!(is_template.is_none() && by_what_all_have.iter().all(|it| it.is_empty()));
    let matches = |row: &&(usize, &'a Row)| {
        let row = row.1;
        let has = |tag: &String| row.tags.contains(tag);
        let tagged = match tag_mode {
            TagMode::All => tag.iter().all(has),
            TagMode::Any => tag.is_empty() || tag.iter().any(has),
        };
        row.listed
            && tagged
            && (race.is_empty() || race.iter().any(|race| race == row.race))
            && creator.as_deref().is_none_or(|creator| row.steam_id == Some(creator))
            && search.as_ref().is_none_or(|term| row.text.contains(term.needle()))
    };
    let all: Vec<(usize, &Row)> = rows.iter().enumerate().collect();
    let mut found: Vec<&(usize, &Row)> = all.iter().filter(matches).collect();
    let value = |row: &Row| if sort == Sort::Newest { 0 } else { row.votes };
    found.sort_by_key(|(n, row)| std::cmp::Reverse((value(row), *n)));
    found.into_iter().map(|(_, row)| row.id.as_str()).collect()
}

/// Ids of the first items of a list, by following its cursors.
pub async fn walk(
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
