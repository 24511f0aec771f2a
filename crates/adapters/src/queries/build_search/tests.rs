use diesel::sql_types::BigInt;
use futures_util::future::BoxFuture;
use myashes_domain::builds::Scope;
use myashes_domain::text::SearchTerm;
use myashes_testkit::{DatabaseKind, TestDatabase};

use super::super::db::boxed;
use super::super::matching::holding_any;
use super::super::order::Compared;
use super::super::{KIND, connect};
use super::*;
use crate::sql::prepared_sql::PreparedSql;
use crate::storage::StorageOptions;

/// Builds, the last of which is the newest. Every tenth holds the term.
const BUILDS: i64 = 300;

async fn stored() -> Option<TestDatabase> {
    let database = TestDatabase::new(KIND).await?;
    let (instant, yes, no) = match KIND {
        DatabaseKind::Postgres => ("timestamptz '2026-01-01' + interval '1 minute' * n", "true", "false"),
        DatabaseKind::Sqlite => ("1767225600000000 + 60000000 * n", "1", "0"),
    };
    let numbers = format!(
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {BUILDS})"
    );
    // Ratings are in another order than the row numbers.
    let sql = format!(
        "INSERT INTO facets (listed, primary_archetype, secondary_archetype, class_name, class_folded, race, is_template, \
         game_version, builds) VALUES ({yes}, 'tank', 'fighter', 'Knight', 'knight', 'vek', {no}, 'v', {BUILDS}); \
         INSERT INTO builds (id, build_id, name, primary_archetype, secondary_archetype, class_name, race, visibility, \
         game_version, search_text, created_at, updated_at) {numbers} SELECT n, 'b_' || (10000000 + n), 'x', 'tank', \
         'fighter', 'Knight', 'vek', 'public', 'v', CASE WHEN n % 10 = 0 THEN '  wolf ' ELSE '  bear ' END, {instant}, \
         {instant} FROM numbers; \
         INSERT INTO build_tags (tag, build, listed) {numbers} SELECT 'tag' || (n % 3), n, {yes} FROM numbers \
         UNION ALL SELECT 'even', n, {yes} FROM numbers WHERE n % 2 = 0; \
         INSERT INTO build_ranks (build, facet, listed, created_at, bayesian, trend) {numbers} SELECT n, (SELECT id FROM \
         facets), {yes}, {instant}, n * 7 % 300, -1 FROM numbers"
    );
    TestDatabase::execute(&database, &sql).await.unwrap();
    Some(database)
}

fn wolves() -> BuildFilter {
    BuildFilter { search: SearchTerm::parse("wolf").unwrap(), ..BuildFilter::all(Scope::Public) }
}

fn rows(keys: &[SortKey]) -> Vec<i64> {
    keys.iter().map(|key| key.row).collect()
}

async fn read<T: Send + 'static>(
    database: &TestDatabase,
    query: fn(&mut Conn, ()) -> BoxFuture<'_, DbResult<T>>,
) -> myashes_domain::Result<T> {
    connect(&StorageOptions::of_test(&database.url)).unwrap().read_report((), query).await
}

fn compare_windows(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<[Compared; 5]>> {
    boxed(async move {
        let filter = wolves();
        let list = List { filter: &filter, facets: None };
        let wanted = |access| matching(&filter, access);
        let mut of = async |sort, take, most| {
            let window = PageWindow::first(take);
            compare(conn, || list.in_order(20), sort, window, (wanted, most)).await
        };
        Ok([
            of(Sort::Newest, 100, 100).await?,
            of(Sort::Newest, 300, 3).await?,
            of(Sort::Rating, 20, 20).await?,
            of(Sort::Rating, 20, 1).await?,
            of(Sort::Rating, 1_000, 1_000).await?,
        ])
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_lie_together_and_rows_that_do_not_are_compared_alike() {
    let Some(database) = stored().await else { return };
    let [dense, first, scattered, cut, all] = read(&database, compare_windows).await.unwrap();
    assert_eq!(rows(&dense.matches), (21..=30).rev().map(|n| n * 10).collect::<Vec<_>>());
    assert_eq!((dense.rows, dense.last.unwrap().row), (100, 201));
    assert_eq!((rows(&first.matches), first.last.unwrap().row), (vec![300, 290, 280], 1));
    // The rating of build `n` is `n * 7 % 300`, so that the build of a rating is `rating * 43 % 300`.
    let by_rating: Vec<i64> = (1..BUILDS).rev().map(|rating| rating * 43 % BUILDS).collect();
    assert_eq!(scattered.rows, 20);
    assert_eq!(scattered.last.unwrap().row, by_rating[19]);
    let wolves: Vec<i64> = by_rating.iter().copied().chain([BUILDS]).filter(|n| n % 10 == 0).collect();
    assert_eq!(rows(&scattered.matches), wolves[..2]);
    assert_eq!((cut.rows, rows(&cut.matches)), (20, wolves[..1].to_vec()));
    assert_eq!((all.rows, rows(&all.matches)), (BUILDS, wolves));
}

fn scan_twice(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<Vec<(u64, Matches)>>> {
    boxed(async move {
        let filter = wolves();
        let list = List { filter: &filter, facets: None };
        let window = PageWindow { after: None, skip: 2, take: 11 };
        let (mut progress, mut found) = (ScanProgress::new(window, false, 50), vec![]);
        for most in [17, 10_000] {
            list.scan(conn, &mut progress, most, Sort::Newest, window).await?;
            found.push((progress.scanned, progress.found(window)));
        }
        Ok(found)
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_scan_goes_on_where_a_short_one_has_ended() {
    let Some(database) = stored().await else { return };
    let found = read(&database, scan_twice).await.unwrap();
    let (scanned, short) = &found[0];
    // Several of them count as one: the first 17 rows as so many, and then that many for each that is left.
    let several = i64::try_from(dialect::DENSE_ROWS).unwrap();
    let last = BUILDS - 16 - several * (17 - (17 + several - 1) / several);
    assert_eq!((*scanned, short.rest.unwrap().row), (17, last));
    assert_eq!(rows(&short.places), (last / 10 + 1..=28).rev().map(|n| n * 10).collect::<Vec<_>>());
    let (scanned, long) = &found[1];
    assert_eq!((*scanned, long.rest), (17 + 100 / dialect::DENSE_ROWS, None));
    assert_eq!(rows(&long.places), (18..=28).rev().map(|n| n * 10).collect::<Vec<_>>());
}

/// Builds as each of three ways finds them: in the order of creation, and by rating.
type FoundByWays = [[Vec<i64>; 3]; 2];

fn compare_tags(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<Vec<FoundByWays>>> {
    boxed(async move {
        let tag = |tag: &str| tag.to_owned();
        let mut found = vec![];
        for (tags, tag_mode) in [
            (vec![tag("tag1")], TagMode::All),
            (vec![tag("tag1"), tag("tag2")], TagMode::Any),
            (vec![tag("tag1"), tag("even")], TagMode::All),
            (vec![tag("tag1"), tag("tag2")], TagMode::All),
        ] {
            let filter = BuildFilter { tag: tags, tag_mode, ..BuildFilter::all(Scope::Public) };
            let list = List { filter: &filter, facets: None };
            let mut of = async |sort, access: Option<RowAccess<'_>>| {
                let wanted = |of_scan| matching(&filter, access.unwrap_or(of_scan));
                let window = PageWindow::first(9);
                let compared = compare(conn, || list.in_order(20), sort, window, (wanted, 9)).await?;
                DbResult::Ok(rows(&compared.matches))
            };
            let listed = match tag_mode {
                TagMode::Any => &filter.tag[..],
                TagMode::All => &filter.tag[..1],
            };
            let mut by_sort = [Sort::Newest, Sort::Rating].map(|_| [vec![], vec![], vec![]]);
            for (ways, sort) in by_sort.iter_mut().zip([Sort::Newest, Sort::Rating]) {
                let all = [None, Some(RowAccess::ByOthers), Some(RowAccess::ByTags(listed))];
                for (way, access) in ways.iter_mut().zip(all) {
                    *way = of(sort, access).await?;
                }
            }
            found.push(by_sort);
        }
        Ok(found)
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tags_are_looked_up_row_by_row_as_they_are_by_their_lists() {
    let Some(database) = stored().await else { return };
    let found = read(&database, compare_tags).await.unwrap();
    let expected = [
        [vec![298, 295, 292], vec![214, 85, 256]],
        [vec![299, 298, 296, 295, 293, 292], vec![257, 214, 128, 85, 299, 256]],
        [vec![298, 292], vec![214, 256]],
        [vec![], vec![]],
    ];
    assert_eq!(found, expected.map(|sorts| sorts.map(|rows| [rows.clone(), rows.clone(), rows])));
}

fn narrowed_by_facets(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<(Statistics, bool)>> {
    boxed(async move {
        let text = |n: u64| ("  oak ".to_owned(), n.is_multiple_of(10).then(|| "77".to_owned()));
        let sample = TermSample::new((0..4_000).map(text).collect(), 1_000_000, true);
        let filter = BuildFilter { creator: Some("77".to_owned()), ..BuildFilter::all(Scope::Public) };
        let list = List::of_facets(&filter, (vec![1], 8_000));
        let (statistics, access) = list.statistics(conn, Some(&sample), Sort::Newest).await?;
        Ok((statistics, matches!(access, RowAccess::ByFacets)))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn facets_that_let_few_builds_through_give_the_candidates() {
    let Some(database) = stored().await else { return };
    let (statistics, by_facets) = read(&database, narrowed_by_facets).await.unwrap();
    // Of the creator are 100,000, and more rows would be scanned than a scan compares.
    assert_eq!((statistics.candidates, statistics.matches, by_facets), (8_000, 800, true));
    assert!(search_plan::counts_by_index(&statistics, MAX_COUNTED + 1));
}

fn kept_statements(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<i64>> {
    boxed(async move {
        let words =
            ["stormborn", "keystone", "wander", "mantle", "verdict", "thistle", "lantern", "otter", "quill"];
        let text = |n: usize| (format!("  {}  {} ", words[n % 9], words[n * n % 7]), None);
        let sample = TermSample::new((0..500).map(text).collect(), 100_000, true);
        for word in words {
            let term = SearchTerm::parse(word).unwrap().unwrap();
            let _: Vec<i64> =
                holding_any(public_rows(), &term.slip_pieces(), Some(&sample)).load(conn).await?;
        }
        let kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%search_text%'";
        Ok(PreparedSql::<(), BigInt>::new(kept, ()).get_result(conn).await?)
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_connection_keeps_the_statements_of_misspelled_words() {
    if KIND != DatabaseKind::Postgres {
        return;
    }
    let Some(database) = stored().await else { return };
    // The statement that counts them.
    assert_eq!(read(&database, kept_statements).await.unwrap(), 1);
}

/// What is collected with so many keys of the sort compared, and without.
fn collect_with_keys(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<Vec<[Option<Matches>; 2]>>> {
    boxed(async move {
        let filter = wolves();
        let list = List::open(conn, &filter).await?;
        let mut found = vec![];
        for sort in [Sort::Rating, Sort::Popular, Sort::Trending] {
            let ends =
                list.collect(conn, (RowAccess::ByTerm(None), 30, None), sort, PageWindow::first(30)).await?;
            let ends: Vec<SortKey> = ends.map(|all| all.places).unwrap_or_default();
            let windows = [
                PageWindow::first(5),
                PageWindow { after: None, skip: 4, take: 5 },
                PageWindow { after: None, skip: 25, take: 10 },
                PageWindow { after: Some(ends[9]), skip: 0, take: 5 },
                PageWindow { after: Some(ends[27]), skip: 0, take: 5 },
            ];
            for (window, most, keys) in
                windows.iter().flat_map(|it| [(it, 30, 300), (it, 30, 60), (it, 29, 300)])
            {
                let mut ways = [None, None];
                for (way, keys) in ways.iter_mut().zip([None, Some(keys)]) {
                    *way = list.collect(conn, (RowAccess::ByTerm(None), most, keys), sort, *window).await?;
                }
                found.push(ways);
            }
        }
        Ok(found)
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn matches_are_found_among_keys_as_they_are_one_by_one() {
    let Some(database) = stored().await else { return };
    let found = read(&database, collect_with_keys).await.unwrap();
    assert_eq!(found.len(), 45);
    for (case, [by_rows, by_keys]) in found.into_iter().enumerate() {
        // Those of the last third are more than may be collected.
        assert_eq!((by_rows.is_none(), &by_keys), (case % 3 == 2, &by_rows), "{case}");
    }
}
