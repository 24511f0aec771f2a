//! Votes that an admin removes together.

use std::collections::BTreeSet;
use std::pin::pin;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::TryStreamExt as _;
use myashes_domain::builds::Tally;
use myashes_domain::ids::BuildId;
use myashes_domain::ranking::Ranking;
use myashes_domain::votes::{Change, Vote, VoteFilter};

use super::rows::{VoteRow, row_of};
use super::vote_batch::{Locking, VoteBatch};
use super::{Backend, Conn};
use crate::sql::error::DbResult;
use crate::sql::schema::votes;
use crate::sql::types::within;

/// Removes the votes on a build that the filter picks, read under the lock of its score row, and counts them.
pub async fn remove_matching(
    conn: &mut Conn,
    build: &BuildId,
    filter: &VoteFilter,
    ranking: &Ranking,
) -> DbResult<Option<Tally>> {
    let Some(row) = row_of(conn, build).await? else { return Ok(None) };
    let mut batch = VoteBatch::lock(conn, &[row], Locking::Wait).await?;
    if batch.rows().is_empty() {
        return Ok(None);
    }
    let (mut removed, mut changes) = (Tally::default(), vec![]);
    for_each_matching(conn, row, filter, |vote| {
        removed.increment(vote.rating);
        changes.push(Change::Delete(vote));
    })
    .await?;
    if !changes.is_empty() {
        batch.read_days(conn, &BTreeSet::from([row])).await?;
        batch.apply(row, &changes, ranking);
        batch.store(conn).await?;
    }
    Ok(Some(removed))
}

/// Counts what [`remove_matching`] would remove.
pub async fn count_matching(
    conn: &mut Conn,
    (build, filter): (BuildId, VoteFilter),
) -> DbResult<Option<Tally>> {
    let Some(row) = row_of(conn, &build).await? else { return Ok(None) };
    let mut counted = Tally::default();
    for_each_matching(conn, row, &filter, |vote| counted.increment(vote.rating)).await?;
    Ok(Some(counted))
}

/// The database narrows votes down by time and rating; ids of voters are digests, which it does not have.
async fn for_each_matching(
    conn: &mut Conn,
    row: i64,
    filter: &VoteFilter,
    mut each: impl FnMut(Vote),
) -> DbResult<()> {
    let mut query =
        votes::table.filter(votes::build.eq(row)).select(VoteRow::as_select()).into_boxed::<Backend>();
    query = within!(query, votes::cast_at, filter);
    if let Some(rating) = filter.rating {
        query = query.filter(votes::rating.eq(rating.stars() as i16));
    }
    let mut rows = pin!(query.load_stream::<VoteRow>(conn).await?);
    while let Some(found) = rows.try_next().await? {
        let vote = found.vote()?;
        if filter.picks(&vote) {
            each(vote);
        }
    }
    Ok(())
}
