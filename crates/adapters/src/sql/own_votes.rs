//! A caller's votes on many builds. Those on builds where the caller cannot vote, or no longer, are left out.

use std::collections::BTreeMap;

use diesel::dsl::{InnerJoin, IntoBoxed, exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::Error;
use myashes_domain::Result;
use myashes_domain::builds::Visibility;
use myashes_domain::clock::Timestamp;
use myashes_domain::ids::BuildId;
use myashes_domain::page::{Key, PageRequest, Position};
use myashes_domain::session::Caller;
use myashes_domain::votes::{Ballot, OwnVote, Rating};

use super::rows::rating;
use super::{Backend, Conn};
use crate::sql::error::DbResult;
use crate::sql::schema::{builds, votes};
use crate::sql::types::At;

diesel::alias!(votes as votes_of_player: VotesOfPlayer);

/// Votes and their builds under conditions yet to be added to.
type VotesOnBuilds = IntoBoxed<'static, InnerJoin<votes::table, builds::table>, Backend>;

/// Votes on builds that take votes of the caller, by the rule of
/// [`myashes_domain::votes::Subject::takes_votes_of`].
fn on_open_builds(caller: &Caller) -> VotesOnBuilds {
    let rows = votes::table.inner_join(builds::table).into_boxed::<Backend>();
    let rows = rows.filter(builds::hidden.eq(false));
    let shared = builds::visibility.ne(Visibility::Private.name());
    let of_session = builds::player_id.is_null().and(builds::session.eq(caller.session.0.to_vec()));
    match caller.player_id() {
        Some(player) => rows.filter(shared.or(of_session).or(builds::player_id.eq(player.to_owned()))),
        None => rows.filter(shared.or(of_session)),
    }
}

/// The caller's ratings of these builds: the player's vote, else the session's unclaimed one.
pub async fn ratings(
    conn: &mut Conn,
    (ids, caller): (Vec<BuildId>, Caller),
) -> DbResult<Vec<(BuildId, Rating)>> {
    let rows = || {
        on_open_builds(&caller)
            .filter(builds::build_id.eq_any(ids.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>()))
            .select((builds::build_id, votes::rating))
    };
    let unclaimed: Vec<(String, i16)> = rows()
        .filter(votes::session.eq(caller.session.0.to_vec()))
        .filter(votes::player_id.is_null())
        .load(conn)
        .await?;
    let mut own: BTreeMap<String, i16> = unclaimed.into_iter().collect();
    if let Some(player) = caller.player_id() {
        let claimed: Vec<(String, i16)> =
            rows().filter(votes::player_id.eq(player.to_owned())).load(conn).await?;
        own.extend(claimed);
    }
    own.into_iter().map(|(id, stars)| Ok((BuildId::stored(id), rating(stars)?))).collect()
}

/// All votes of the caller, newest first, one for each build.
pub async fn of_caller(
    conn: &mut Conn,
    (caller, page): (Caller, PageRequest),
) -> DbResult<Vec<(OwnVote, Key)>> {
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
        let earlier = votes::cast_at.lt(At(at)).or(votes::cast_at.eq(At(at)).and(votes::id.lt(key.row)));
        rows = rows.filter(earlier);
    }
    let found: Vec<(i64, At, i16, String)> = rows
        .order_by((votes::cast_at.desc(), votes::id.desc()))
        .limit(i64::from(page.limit) + 1)
        .select((votes::id, votes::cast_at, votes::rating, builds::build_id))
        .load(conn)
        .await?;
    let own = found.into_iter().map(|(row, at, stars, build)| -> Result<_> {
        let ballot = Ballot { rating: rating(stars)?, cast_at: at.0 };
        let vote = OwnVote { build: BuildId::stored(build), ballot };
        Ok((vote, Key { rank: 0.0, created: at.0.micros(), row }))
    });
    Ok(own.collect::<Result<_>>()?)
}
