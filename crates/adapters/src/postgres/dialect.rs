//! What is said differently in PostgreSQL: locks, trigrams, and batches over arrays (batches.rs).

use std::collections::BTreeSet;
use std::time::Duration;

use diesel::dsl::SqlTypeOf;
use diesel::helper_types::AsExprOf;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Integer, Nullable, Text};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection as _};
use myashes_domain::clock::{Day, Timestamp};
use myashes_domain::ids::BuildId;
use myashes_domain::session::Caller;
use myashes_domain::text::like_contains;
use myashes_domain::write_options::IdempotencyKey;

pub use super::batches::{lock_and_read, record_batch, record_searches, vote_batch};
use super::queries::matching::{Condition, RowsOf};
use super::queries::popular_queries::Candidate;
use super::queries::rows::{RankRow, SummaryRow};
use super::queries::term_sample::Trigram;
use super::queries::vote_batch::Locking;
pub use super::vote_storage::store_votes;
use super::{Backend, Conn};
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::{PreparedSql, Verbatim};
use crate::sql::schema::{build_ranks, builds};
use crate::sql::types::{Instant, SqlTimestamp};

/// Batches that are under way at once: votes are carried out while others commit; searches, cheap each, gain more
/// from larger batches (docs/BENCHMARKS.md).
pub const VOTE_LANES: usize = 2;
pub const SEARCH_LANES: usize = 1;

/// Statistics are kept up by the database itself.
pub const AFTER_ANALYZE: &[&str] = &[];

/// Takes an idempotency key for the transaction; false when another transaction holds it.
pub async fn try_lock_key(conn: &mut Conn, key: &IdempotencyKey) -> DbResult<bool> {
    use sha2::{Digest, Sha256};
    let digest = Sha256::new().chain_update(key.caller).chain_update(&key.key).finalize();
    try_advisory_lock(conn, i64::from_be_bytes(std::array::from_fn(|i| digest[i]))).await
}

/// Takes the advisory lock of this key for the transaction; false when another transaction holds it.
pub async fn try_advisory_lock(conn: &mut Conn, key: i64) -> DbResult<bool> {
    let lock: PreparedSql<_, Bool> =
        PreparedSql::new("SELECT pg_try_advisory_xact_lock($1)", (key.into_sql::<BigInt>(),));
    Ok(lock.get_result(conn).await?)
}

/// Takes it as soon as no other transaction holds it.
pub async fn advisory_lock(conn: &mut Conn, key: i64) -> DbResult<()> {
    let lock: PreparedSql<_> =
        PreparedSql::new("SELECT pg_advisory_xact_lock($1)", (key.into_sql::<BigInt>(),));
    lock.execute(conn).await?;
    Ok(())
}

/// Locks score rows in the order of their numbers, and reads them.
pub async fn lock_ranks(conn: &mut Conn, rows: &[i64], locking: Locking) -> DbResult<Vec<(i64, RankRow)>> {
    let locked = build_ranks::table
        .filter(build_ranks::build.eq_any(rows))
        .order_by(build_ranks::build)
        .select((build_ranks::build, RankRow::as_select()))
        .for_no_key_update();
    match locking {
        Locking::Wait => Ok(locked.load(conn).await?),
        Locking::Skip => Ok(locked.skip_locked().load(conn).await?),
    }
}

/// Holds back other claims and erasures of the same session or player until the end of the transaction.
pub async fn lock_account(conn: &mut Conn, caller: &Caller) -> DbResult<()> {
    for number in account_locks(caller) {
        advisory_lock(conn, number).await?;
    }
    Ok(())
}

/// The numbers of the advisory locks of a session and of its player, in the order in which they are taken.
fn account_locks(caller: &Caller) -> BTreeSet<i64> {
    let number = |digest: [u8; 32]| i64::from_be_bytes(std::array::from_fn(|i| digest[i]));
    caller.fingerprints().map(number).into()
}

/// Stores candidates of a day that has none.
pub async fn insert_candidates(
    conn: &mut Conn,
    day: Day,
    candidates: &[Candidate],
    at: Timestamp,
) -> DbResult<()> {
    let insert: PreparedSql<_> = PreparedSql::new(
        "INSERT INTO popular_candidates (day, search_mode, query_key, searches, callers, collected_at) \
         SELECT $1, c.search_mode, c.query_key, c.searches, c.callers, $2 FROM unnest($3, $4, $5, $6) AS c \
         (search_mode, query_key, searches, callers)",
        (
            day.0.into_sql::<Integer>(),
            SqlTimestamp(at).into_sql::<Instant>(),
            candidates.iter().map(|it| it.mode.as_str()).collect::<Vec<_>>().into_sql::<Array<Text>>(),
            candidates.iter().map(|it| it.key.as_slice()).collect::<Vec<_>>().into_sql::<Array<Binary>>(),
            candidates.iter().map(|it| it.searches).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
            candidates.iter().map(|it| it.callers).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
        ),
    );
    insert.execute(conn).await?;
    Ok(())
}

/// A condition of searches and reports that ends a statement whose time is over: the server does that by itself.
pub const WITHIN_TIMEOUT: Verbatim = Verbatim("true");

/// How the keys of a scan are held that are read several times: to read an index once more takes less time.
pub const KEYS_OF_AN_INDEX: Verbatim = Verbatim("NOT MATERIALIZED");

/// So many rows with successive numbers are compared in the time that one takes which is looked up by itself; some more here.
pub const DENSE_ROWS: u64 = 4;

/// The builds of a short list of row numbers, each of which is looked up.
pub const AMONG_ROWS: &str = "builds.id = ANY(ARRAY($1))";

/// Builds of a range among those of it that have a tag, which are read once. As a join it would be planned to compare each with
/// each, where the statistics know of few of either yet.
pub const AMONG_TAGGED: &str = "(builds.id IN ($1)) IS TRUE";

/// Bounds the statements that follow on this connection.
pub async fn set_statement_timeout(conn: &mut Conn, timeout: Duration) -> DbResult<()> {
    Ok(conn.batch_execute(&format!("SET statement_timeout = {}", timeout.as_millis())).await?)
}

/// The day of an instant, for counting feedback by day.
pub const FEEDBACK_BY_DAY: &str = "SELECT CAST(floor(extract(epoch FROM received_at) / 86400) AS integer), count(*) FILTER (WHERE rating \
     = 'up'), count(*) FILTER (WHERE rating = 'down') FROM feedback WHERE received_at >= $1 GROUP BY 1 \
     ORDER BY 1";

#[diesel::declare_sql_function]
extern "SQL" {
    fn unnest(array: Array<Integer>) -> Integer;
}

/// Whether a score row is filed under one of the facets, for rows that are read in the order of a sort. Behind this
/// subquery the planner neither sees the facets nor can it use their index: one plan serves all lists, and it is by
/// the index of the sort. From `= ANY` it makes plans for each array, and once it has met expensive ones, it may keep a
/// general plan that sorts everything which is filed there.
pub fn filed_under(
    facets: Vec<i32>,
) -> Box<dyn BoxableExpression<build_ranks::table, Backend, SqlType = Bool>> {
    Box::new(build_ranks::facet.eq_any(diesel::select(unnest(facets))).eq(true))
}

/// Those of the builds that are there. The array stands behind a subquery, where the planner does not see how long
/// it is: it would rather plan anew for each length than use one plan for all.
pub async fn look_up(
    conn: &mut Conn,
    ids: &[BuildId],
) -> DbResult<Vec<(SummaryRow, RankRow, Option<String>)>> {
    type Of<Row> = <Row as Selectable<Backend>>::SelectExpression;
    type Found = (SqlTypeOf<Of<SummaryRow>>, SqlTypeOf<Of<RankRow>>, Nullable<Text>);
    let summary = <SummaryRow as Selectable<Backend>>::construct_selection();
    let columns = (summary, <RankRow as Selectable<Backend>>::construct_selection(), builds::build_data);
    let found: PreparedSql<_, Found> = PreparedSql::new(
        "SELECT $1 FROM builds JOIN build_ranks ON build_ranks.build = builds.id WHERE builds.build_id = \
         ANY((SELECT $2)::text[])",
        (columns, ids.iter().map(BuildId::as_str).collect::<Vec<_>>().into_sql::<Array<Text>>()),
    );
    Ok(found.load(conn).await?)
}

/// Whether a build's searched text holds the needle, for rows that are found otherwise: no index is used for that. With
/// `LIKE` the planner may prefer its bitmap, which takes a tenth of a second for a frequent term.
pub fn holds(needle: &str) -> PreparedSql<(AsExprOf<String, Text>,), Bool> {
    PreparedSql::new("strpos(builds.search_text, $1) > 0", (needle.to_owned().into_sql::<Text>(),))
}

/// Whether `pg_trgm` has three characters of a text in its index: they are of one word, or the space before or behind it.
/// What a letter is depends on the database's locale beyond ASCII.
pub fn is_indexed(trigram: &Trigram) -> bool {
    is_of_a_word(trigram, |c| c.is_ascii_alphanumeric())
}

/// The same in a locale that knows all letters, as estimates assume.
pub fn may_be_indexed(trigram: &Trigram) -> bool {
    is_of_a_word(trigram, char::is_alphanumeric)
}

fn is_of_a_word(trigram: &Trigram, is_letter: fn(char) -> bool) -> bool {
    match *trigram {
        [' ', ' ', one] => is_letter(one),
        [' ', one, two] | [one, two, ' '] => is_letter(one) && is_letter(two),
        all => all.into_iter().all(is_letter),
    }
}

/// Those of the builds that the index finds by all pieces of one of the groups.
pub fn indexed_by_any(of: RowsOf<'static>, groups: &[Vec<String>]) -> RowsOf<'static> {
    let like = |piece: &String| -> Condition {
        Box::new(builds::search_text.like(like_contains(piece)).escape('\\'))
    };
    let all = |group: &Vec<String>| group.iter().map(like).reduce(|a, b| Box::new(a.and(b)));
    match groups.iter().filter_map(all).reduce(|a, b| Box::new(a.or(b))) {
        Some(any) => of.filter(any),
        None => of.filter(false.into_sql::<Bool>()),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::BoxFuture;
    use myashes_domain::builds::{BuildFilter, Scope, Sort};
    use myashes_domain::text::SearchTerm;
    use myashes_testkit::TestDatabase;

    use super::super::queries::db::boxed;
    use super::super::queries::matching::{RowAccess, matching, public_matching};
    use super::super::queries::order::{PageWindow, Planning, compare, sorted};
    use super::super::queries::term_sample::trigrams;
    use super::super::{KIND, connect};
    use super::*;
    use crate::storage::StorageOptions;

    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        line: String,
    }

    #[test]
    fn spaces_are_indexed_beside_a_word() {
        let indexed: Vec<String> =
            trigrams("an  oak  of  🔥  x  été").filter(is_indexed).map(String::from_iter).collect();
        assert_eq!(indexed, ["an ", "  o", " oa", "oak", "ak ", "  o", " of", "of ", "  x"]);
    }

    /// The plan for any values of the statement with this part, which the connection has prepared.
    async fn general_plan(conn: &mut Conn, part: &str, values: &str) -> DbResult<String> {
        let name: PreparedSql<_, Text> = PreparedSql::new(
            "SELECT quote_ident(name) FROM pg_prepared_statements WHERE statement LIKE $1",
            (like_contains(part).into_sql::<Text>(),),
        );
        let name: String = name.get_result(conn).await?;
        conn.batch_execute("SET plan_cache_mode = force_generic_plan").await?;
        let explain = format!("EXPLAIN EXECUTE {name} ({values})");
        let lines: Vec<Line> = diesel::sql_query(explain).load(conn).await?;
        Ok(lines.into_iter().map(|it| it.line).collect::<Vec<_>>().join("\n"))
    }

    fn plan_of_a_list(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<String>> {
        boxed(async move {
            let ranks = build_ranks::table.filter(build_ranks::listed).into_boxed::<Backend>();
            let ranks = ranks.filter(filed_under(vec![1, 2]));
            sorted(conn, (ranks, Planning::Once), Sort::Rating, PageWindow::first(21)).await?;
            general_plan(conn, "bayesian", "'{1,2}', true, 21, 0").await
        })
    }

    fn plan_of_a_scan(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<String>> {
        boxed(async move {
            let filter = BuildFilter {
                search: SearchTerm::parse("wolf").unwrap(),
                tag: vec!["pvp".to_owned()],
                creator: Some("77".to_owned()),
                ..BuildFilter::all(Scope::Public)
            };
            let wanted = |access| matching(&filter, access);
            let window = PageWindow::first(2_000);
            // PostgreSQL plans the first five for their values, then compares costs.
            for _ in 0..8 {
                let ranks = || {
                    (build_ranks::table.filter(build_ranks::listed).into_boxed::<Backend>(), Planning::Once)
                };
                compare(conn, ranks, Sort::Rating, window, (wanted, 2_000)).await?;
            }
            let kept: PreparedSql<_, BigInt> = PreparedSql::new(
                "SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE $1",
                ("%strpos%".into_sql::<Text>(),),
            );
            let kept: i64 = kept.get_result(conn).await?;
            assert!(kept > 0, "a plan is kept");
            let values = "2000, 0, 1, 0, 'wolf', 'pvp', '77', 'wolf', '{pvp}', '77', 2000, 2000";
            general_plan(conn, "strpos", values).await
        })
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_scan_finds_each_build_by_its_row_number() {
        let Some(database) = TestDatabase::new(KIND).await else { return };
        let db = connect(&StorageOptions::of_test(&database.url));
        let plan = db.unwrap().read((), plan_of_a_scan).await.unwrap();
        let by_row =
            plan.contains("Index Scan using builds_pkey") && plan.contains("using build_ranks_rating");
        // The list of a tag is read in the range alone, or each build's own row of it is looked up.
        let of_tag =
            ["(build = builds", "(build >= ", "using build_tags_pkey"].map(|it| plan.matches(it).count());
        assert_eq!(of_tag, [1, 1, 2], "{plan}");
        assert!(plan.contains("hashed SubPlan"), "{plan}");
        assert!(by_row && plan.contains("strpos") && !plan.contains("builds_s"), "{plan}");
    }

    fn plan_of_a_creators_tag(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<String>> {
        boxed(async move {
            let filter = BuildFilter {
                tag: vec!["pvp".to_owned()],
                creator: Some("77".to_owned()),
                ..BuildFilter::all(Scope::Public)
            };
            let found: Vec<i64> = public_matching(&filter, RowAccess::ByCreator).load(conn).await?;
            assert!(found.is_empty());
            general_plan(conn, "IS TRUE", "'pvp', '77'").await
        })
    }

    /// Statistics that know of no tag and no creator yet would make the planner compare all that both have.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_tag_is_looked_up_for_each_candidate() {
        let Some(database) = TestDatabase::new(KIND).await else { return };
        let db = connect(&StorageOptions::of_test(&database.url));
        let plan = db.unwrap().read((), plan_of_a_creators_tag).await.unwrap();
        assert!(plan.contains("builds_steam") && plan.contains("SubPlan"), "{plan}");
        assert!(!plan.contains("Join") && !plan.contains("Nested Loop"), "{plan}");
    }

    /// The planner keeps such a plan once it has met values for which plans of their own would cost more.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_list_of_facets_is_read_in_the_order_of_its_sort_whatever_was_asked_for_before() {
        let Some(database) = TestDatabase::new(KIND).await else { return };
        let many = "SET session_replication_role = replica; INSERT INTO build_ranks (build, facet, listed, \
                    created_at, bayesian, trend) SELECT n, n % 2000, true, now() - n * interval '1 s', 0, 0 FROM \
                    generate_series(1, 20000) AS n; ANALYZE build_ranks";
        TestDatabase::execute(&database, many).await.unwrap();
        let db = connect(&StorageOptions::of_test(&database.url));
        let plan = db.unwrap().read((), plan_of_a_list).await.unwrap();
        assert!(plan.contains("using build_ranks_rating") && !plan.contains("Sort"), "{plan}");
    }
}
