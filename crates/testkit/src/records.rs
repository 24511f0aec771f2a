//! Records as services hand them to storage.

use myashes_domain::analytics::{CountedAddress, SearchQuery, SearchRecord};
use myashes_domain::builds::{BuildDraft, BuildName};
use myashes_domain::clock::Timestamp;
use myashes_domain::feedback::SearchMode;
use myashes_domain::game::GamePack;
use myashes_domain::session::Caller;

/// A quick search with one result, by a caller whose address counts as the caller's own.
///
/// # Panics
///
/// When the query is none.
#[must_use]
pub fn search_record(caller: &Caller, query: &str, at: Timestamp) -> SearchRecord {
    SearchRecord {
        query: SearchQuery::parse(query).expect("a query"),
        search_mode: SearchMode::Quick,
        result_count: 1,
        session: caller.session,
        player_id: caller.player_id().map(str::to_owned),
        caller: caller.fingerprint(),
        at,
        ranked: true,
        address: CountedAddress::Own,
        min_callers: 1,
    }
}

/// A public build of a tank and fighter without a description, tags and data.
///
/// # Panics
///
/// When the name is none, or the game has no such build.
#[must_use]
pub fn build_draft(game: &GamePack, name: &str) -> BuildDraft {
    let archetype = |id| game.archetype("archetype", id).expect("an archetype");
    BuildDraft::new(
        BuildName::parse(name).expect("a name"),
        archetype("tank"),
        archetype("fighter"),
        game.race("race", "vek").expect("a race"),
    )
}
