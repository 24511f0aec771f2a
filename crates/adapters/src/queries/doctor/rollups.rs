//! Checks the daily roll-ups of searches against the ranked events, for every day whose events are all still stored.
//! The addresses of callers cannot be derived, so they are left unchanged.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use diesel_async::RunQueryDsl;
use myashes_domain::analytics::{MAX_MIN_CALLERS, SPARE_CALLERS, count_key};
use myashes_domain::clock::Day;
use myashes_domain::write_options::{WriteOptions, WriteOutcome};

use super::super::db::boxed;
use super::super::{Conn, transaction};
use super::schema;
use crate::findings::{Check, Findings, Standard};
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::schema::{search_callers, search_days};
use crate::sql::types::{Instant, SqlTimestamp, text_key};

/// Mode, key and spelling key.
type RollupKey = (String, Vec<u8>, Vec<u8>);
/// Folded query, spelling, searches, searches without a result.
type Count = (String, String, i64, i64);
/// Mode and key.
type QueryKey = (String, Vec<u8>);
/// A query and a caller.
type CallerKey = (QueryKey, Vec<u8>);

/// The roll-up of one day.
#[derive(Default, PartialEq, Eq)]
struct RolledDay {
    counts: BTreeMap<RollupKey, Count>,
    callers: BTreeMap<QueryKey, BTreeSet<Vec<u8>>>,
}

/// Examines every day whose searches are all stored.
pub async fn examine(conn: &mut Conn, standard: Standard<'_>, findings: &mut Findings) -> DbResult<()> {
    let ends: PreparedSql<_, (Nullable<Instant>, Nullable<Instant>)> = PreparedSql::new(
        "SELECT min(searched_at), max(searched_at) FROM searches WHERE search_mode <> $1",
        ("".into_sql::<Text>(),),
    );
    let (oldest, newest): (Option<SqlTimestamp>, Option<SqlTimestamp>) = ends.get_result(conn).await?;
    let (Some(oldest), Some(newest)) = (oldest, newest) else { return Ok(()) };
    let kept = standard.searches_kept_since.map_or(i32::MIN, |since| since.day().0).max(oldest.0.day().0);
    let mut days: BTreeSet<i32> =
        search_days::table.select(search_days::day).distinct().load(conn).await?.into_iter().collect();
    days.extend(oldest.0.day().0..=newest.0.day().0);
    for day in days.into_iter().filter(|day| *day >= kept) {
        let (stored, right) = (stored(conn, day).await?, events(conn, day).await?);
        if compare(day, &stored, &right, findings) {
            findings.days.insert(day);
        }
    }
    Ok(())
}

/// Rebuilds a day's roll-up, locked against concurrent writes.
pub async fn repair(conn: &mut Conn, day: i32) -> DbResult<()> {
    let done = transaction(conn, WriteOptions::default(), move |conn| {
        boxed(async move {
            schema::lock_roll_ups(conn).await?;
            let right = events(conn, day).await?;
            write(conn, day, right).await
        })
    });
    done.await.map(|done: WriteOutcome<()>| drop(done))
}

fn compare(day: i32, stored: &RolledDay, right: &RolledDay, findings: &mut Findings) -> bool {
    let mut wrong = false;
    let keys: BTreeSet<&RollupKey> = stored.counts.keys().chain(right.counts.keys()).collect();
    for key in keys {
        let (found, expected) = (stored.counts.get(key), right.counts.get(key));
        if found != expected {
            wrong = true;
            let spelling = found.or(expected).map(|count| count.1.as_str()).unwrap_or_default();
            let subject = format!("searches for {spelling:?} ({}) on {}", key.0, Day(day));
            findings.fault(Check::SearchDays, subject, shown(found), shown(expected));
        }
    }
    let asked: BTreeSet<&QueryKey> = stored.callers.keys().chain(right.callers.keys()).collect();
    let none = BTreeSet::new();
    for key in asked {
        let (found, expected) =
            (stored.callers.get(key).unwrap_or(&none), right.callers.get(key).unwrap_or(&none));
        // Of many callers any of them are kept, as long as they are enough. An erasure removes some and chooses no others
        // in their place: the next searches do.
        let enough = expected.len().min(SPARE_CALLERS as usize).div_ceil(2);
        if found.len() < enough || !found.is_subset(expected) {
            wrong = true;
            let subject = format!("callers of a query ({}) on {}", key.0, Day(day));
            findings.fault(Check::SearchCallers, subject, found.len(), expected.len());
        }
    }
    wrong
}

fn shown(count: Option<&Count>) -> String {
    match count {
        Some((folded, _, searches, zeros)) => {
            format!("{searches} searches, {zeros} without a result, folded {folded:?}")
        }
        None => "none".to_owned(),
    }
}

async fn stored(conn: &mut Conn, day: i32) -> DbResult<RolledDay> {
    let mut rolled = RolledDay::default();
    let counts: Vec<(RollupKey, Count)> = search_days::table
        .filter(search_days::day.eq(day))
        .select((
            (search_days::search_mode, search_days::query_key, search_days::spelling_key),
            (
                search_days::query_folded,
                search_days::spelling,
                search_days::searches,
                search_days::zero_results,
            ),
        ))
        .load(conn)
        .await?;
    rolled.counts.extend(counts);
    let callers: Vec<(QueryKey, Vec<u8>)> = search_callers::table
        .filter(search_callers::day.eq(day))
        .select(((search_callers::search_mode, search_callers::query_key), search_callers::caller))
        .load(conn)
        .await?;
    for (asked, caller) in callers {
        rolled.callers.entry(asked).or_default().insert(caller);
    }
    Ok(rolled)
}

/// The roll-up that a day's events come to.
async fn events(conn: &mut Conn, day: i32) -> DbResult<RolledDay> {
    let (from, until) = (SqlTimestamp(Day(day).start()), SqlTimestamp(Day(day + 1).start()));
    let grouped: PreparedSql<_, (Text, Text, Binary, BigInt, BigInt)> = PreparedSql::new(
        "SELECT query, search_mode, caller, count(*), count(*) FILTER (WHERE result_count = 0) FROM \
         searches WHERE ranked AND searched_at >= $1 AND searched_at < $2 GROUP BY query, search_mode, \
         caller",
        (from.into_sql::<Instant>(), until.into_sql::<Instant>()),
    );
    let grouped: Vec<(String, String, Vec<u8>, i64, i64)> = grouped.load(conn).await?;
    let mut rolled = RolledDay::default();
    let mut folds: HashMap<String, (String, Vec<u8>, Vec<u8>)> = HashMap::new();
    for (query, mode, caller, searches, zeros) in grouped {
        let (folded, key, spelling_key) = folds
            .entry(query.clone())
            .or_insert_with(|| {
                let folded = count_key(&query);
                let key = text_key(&folded);
                (folded, key, text_key(&query))
            })
            .clone();
        rolled.callers.entry((mode.clone(), key.clone())).or_default().insert(caller);
        let count = rolled.counts.entry((mode, key, spelling_key)).or_insert((folded, query, 0, 0));
        count.2 += searches;
        count.3 += zeros;
    }
    Ok(rolled)
}

/// The addresses that the callers of a day have brought.
async fn addresses(conn: &mut Conn, day: i32) -> DbResult<HashMap<CallerKey, Option<Vec<u8>>>> {
    let rows: Vec<(CallerKey, Option<Vec<u8>>)> = search_callers::table
        .filter(search_callers::day.eq(day))
        .select((
            ((search_callers::search_mode, search_callers::query_key), search_callers::caller),
            search_callers::address,
        ))
        .load(conn)
        .await?;
    Ok(rows.into_iter().collect())
}

async fn write(conn: &mut Conn, day: i32, right: RolledDay) -> DbResult<()> {
    let addresses = addresses(conn, day).await?;
    diesel::delete(search_days::table.filter(search_days::day.eq(day))).execute(conn).await?;
    diesel::delete(search_callers::table.filter(search_callers::day.eq(day))).execute(conn).await?;
    for ((mode, key, spelling_key), (folded, spelling, searches, zeros)) in right.counts {
        diesel::insert_into(search_days::table)
            .values((
                search_days::day.eq(day),
                search_days::search_mode.eq(mode),
                search_days::query_key.eq(key),
                search_days::spelling_key.eq(spelling_key),
                search_days::query_folded.eq(folded),
                search_days::spelling.eq(spelling),
                search_days::searches.eq(searches),
                search_days::zero_results.eq(zeros),
            ))
            .execute(conn)
            .await?;
    }
    for ((mode, key), callers) in right.callers {
        // A caller that was missing brings no address that counts; those who have brought one come first.
        let none = || Some(vec![]);
        let address =
            |caller| addresses.get(&((mode.clone(), key.clone()), caller)).cloned().unwrap_or_else(none);
        let mut callers: Vec<(Option<Vec<u8>>, Vec<u8>)> =
            callers.into_iter().map(|caller| (address(caller.clone()), caller)).collect();
        callers.sort_by_key(|(address, _)| *address == none());
        for (address, caller) in callers.into_iter().take(MAX_MIN_CALLERS as usize) {
            diesel::insert_into(search_callers::table)
                .values((
                    search_callers::day.eq(day),
                    search_callers::search_mode.eq(&mode),
                    search_callers::query_key.eq(&key),
                    search_callers::caller.eq(caller),
                    search_callers::address.eq(address),
                ))
                .execute(conn)
                .await?;
        }
    }
    Ok(())
}
