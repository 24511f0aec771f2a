//! A caller's votes on many builds. Those on builds where the caller cannot vote, or no longer, are left out.

use diesel::dsl::{AsSelect, InnerJoin, IntoBoxed, auto_type, exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::Error;
use myashes_domain::Result;
use myashes_domain::builds::Visibility;
use myashes_domain::clock::Timestamp;
use myashes_domain::ids::BuildId;
use myashes_domain::page::{PageRequest, Position, SortKey};
use myashes_domain::session::Caller;
use myashes_domain::votes::{CastVote, OwnVote, Rating, VoteView};

use super::rows::{RankRow, rating};
use super::vote_batch::{SubjectRow, subject};
use super::{Backend, Conn};
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, builds, votes};
use crate::sql::types::SqlTimestamp;

diesel::alias!(votes as votes_of_player: VotesOfPlayer);

/// Votes and their builds under conditions yet to be added to.
type VotesOnBuilds = IntoBoxed<'static, InnerJoin<votes::table, builds::table>, Backend>;

/// Votes on builds that take votes of the caller, by the rule of
/// [`myashes_domain::votes::BuildAccess::takes_votes_of`].
fn on_open_builds(caller: &Caller) -> VotesOnBuilds {
    let rows = votes::table.inner_join(builds::table).into_boxed::<Backend>();
    let rows = rows.filter(builds::hidden.eq(false));
    let shared = builds::visibility.ne(Visibility::Private.into_str());
    let of_session = builds::player_id.is_null().and(builds::session.eq(caller.session.0.to_vec()));
    match caller.player_id() {
        Some(player) => rows.filter(shared.or(of_session).or(builds::player_id.eq(player.to_owned()))),
        None => rows.filter(shared.or(of_session)),
    }
}

/// Builds with their scores, the session's unclaimed vote and the player's vote: of one instant, since it is one
/// statement. Without a player there is no vote of theirs.
#[auto_type]
fn with_votes_of(session: Vec<u8>, player: Option<String>) -> _ {
    let of_session =
        votes::build.eq(builds::id).and(votes::session.eq(session)).and(votes::player_id.is_null());
    let rank: AsSelect<RankRow, Backend> = RankRow::as_select();
    let on_build = votes_of_player.field(votes::build).eq(builds::id);
    let of_player = on_build.and(votes_of_player.field(votes::player_id).eq(player));
    builds::table
        .inner_join(build_ranks::table)
        .left_join(votes::table.on(of_session))
        .left_join(votes_of_player.on(of_player))
        .select((
            (
                builds::id,
                builds::build_id,
                builds::visibility,
                builds::hidden,
                builds::session,
                builds::player_id,
            ),
            rank,
            votes::rating.nullable(),
            votes_of_player.field(votes::rating).nullable(),
        ))
}

type BuildWithVotes = (SubjectRow, RankRow, Option<i16>, Option<i16>);

/// What the caller may see of the votes on a build.
pub async fn view(conn: &mut Conn, (id, caller): (BuildId, Caller)) -> DbResult<Option<VoteView>> {
    let query = with_votes_of(caller.session.0.to_vec(), caller.player_id().map(str::to_owned))
        .filter(builds::build_id.eq(id.as_str().to_owned()));
    let found: Option<BuildWithVotes> = query.first(conn).await.optional()?;
    Ok(found.map(|row| vote_view(row, &caller)).transpose()?.flatten())
}

/// The caller's ratings of these builds, by id.
pub async fn ratings(
    conn: &mut Conn,
    (ids, caller): (Vec<BuildId>, Caller),
) -> DbResult<Vec<(BuildId, Rating)>> {
    let ids: Vec<String> = ids.iter().map(|id| id.as_str().to_owned()).collect();
    let query = with_votes_of(caller.session.0.to_vec(), caller.player_id().map(str::to_owned))
        .filter(builds::build_id.eq_any(ids));
    let found: Vec<BuildWithVotes> = query.load(conn).await?;
    let views = found.into_iter().filter_map(|row| vote_view(row, &caller).transpose());
    let ratings = views.filter_map(|view| view.map(|it| Some((it.build, it.your_rating?))).transpose());
    let mut ratings = ratings.collect::<Result<Vec<_>>>()?;
    ratings.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
    Ok(ratings)
}

/// `None` for a build on which the caller cannot vote. The player's vote counts before the session's.
fn vote_view(
    (build, rank, of_session, of_player): BuildWithVotes,
    caller: &Caller,
) -> Result<Option<VoteView>> {
    let (build, (_, subject)) = subject(build)?;
    if !subject.takes_votes_of(caller) {
        return Ok(None);
    }
    let your_rating = of_player.or(of_session).map(rating).transpose()?;
    Ok(Some(VoteView { build: BuildId::stored(build), your_rating, tally: rank.tally() }))
}

/// All votes of the caller, newest first, one for each build.
pub async fn of_caller(
    conn: &mut Conn,
    (caller, page): (Caller, PageRequest),
) -> DbResult<Vec<(OwnVote, SortKey)>> {
    let unclaimed = votes::session.eq(caller.session.0.to_vec()).and(votes::player_id.is_null());
    let mut rows = on_open_builds(&caller);
    rows = match caller.player_id().map(str::to_owned) {
        Some(player) => {
            let of_player = votes_of_player
                .filter(votes_of_player.field(votes::build).eq(votes::build))
                .filter(votes_of_player.field(votes::player_id).eq(player.clone()));
            rows.filter(votes::player_id.eq(player).or(unclaimed.and(not(exists(of_player)))))
        }
        None => rows.filter(unclaimed),
    };
    if let Position::After(key) = page.position {
        let at = Timestamp::from_micros(key.created)
            .ok_or_else(|| Error::Unreadable("The cursor names no instant".into()))?;
        let earlier = votes::cast_at
            .lt(SqlTimestamp(at))
            .or(votes::cast_at.eq(SqlTimestamp(at)).and(votes::id.lt(key.row)));
        rows = rows.filter(earlier);
    }
    let found: Vec<(i64, SqlTimestamp, i16, String)> = rows
        .order_by((votes::cast_at.desc(), votes::id.desc()))
        .limit(i64::from(page.limit) + 1)
        .select((votes::id, votes::cast_at, votes::rating, builds::build_id))
        .load(conn)
        .await?;
    let own = found.into_iter().map(|(row, at, stars, build)| -> Result<_> {
        let vote = CastVote { rating: rating(stars)?, cast_at: at.0 };
        let vote = OwnVote { build: BuildId::stored(build), vote };
        Ok((vote, SortKey { rank: 0.0, created: at.0.micros(), row }))
    });
    Ok(own.collect::<Result<_>>()?)
}
