//! What the database holds, in the test's own terms.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use myashes_domain::session::SessionHash;
use myashes_testkit::TestDatabase;

use crate::actors::{self, player_number, session_id};
use crate::admin::hex_of;
use crate::build_model::{StoredBuild, Visibility, race};

/// A vote as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVoteRow {
    pub id: i64,
    pub build: String,
    pub session: u32,
    pub player: Option<u32>,
    pub rating: u8,
}

/// The numbers of sessions, by their stored hash.
static SESSIONS: LazyLock<HashMap<String, u32>> = LazyLock::new(|| {
    let sessions = actors::sessions(&actors::groups());
    sessions.into_iter().map(|session| (hash_of(session), session)).collect()
});

fn hash_of(session: u32) -> String {
    SessionHash::of(&session_id(session)).0.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}

/// All votes, or those on one build.
pub async fn votes(database: &TestDatabase, build: Option<&str>) -> Vec<StoredVoteRow> {
    let session = hex_of(database, "v.session");
    let only = build.map(|id| format!("WHERE b.build_id = '{id}'")).unwrap_or_default();
    let query = format!(
        "SELECT v.id || ' ' || b.build_id || ' ' || {session} || ' ' || coalesce(v.player_id, '-') || ' ' \
         || v.rating AS line FROM votes v JOIN builds b ON b.id = v.build {only} ORDER BY v.id"
    );
    let lines = database.texts(&query).await;
    let row = |line: &String| {
        let fields: Vec<&str> = line.split(' ').collect();
        StoredVoteRow {
            id: fields[0].parse().expect("a number"),
            build: fields[1].to_owned(),
            session: SESSIONS[fields[2]],
            player: (fields[3] != "-").then(|| player_number(fields[3])),
            rating: fields[4].parse().expect("a rating"),
        }
    };
    lines.iter().map(row).collect()
}

/// All builds, by id. Whether one is hidden is not among what is read.
pub async fn builds(database: &TestDatabase) -> HashMap<String, StoredBuild> {
    let session = hex_of(database, "session");
    let query = format!(
        "SELECT build_id || ' ' || {session} || ' ' || coalesce(player_id, '-') || ' ' || visibility || ' ' \
         || race AS line FROM builds WHERE session IS NOT NULL"
    );
    let lines = database.texts(&query).await;
    let row = |line: &String| {
        let fields: Vec<&str> = line.split(' ').collect();
        let build = StoredBuild {
            visibility: Visibility::parse(fields[3]),
            race: race(fields[4]),
            hidden: false,
            session: SESSIONS[fields[1]],
            player: (fields[2] != "-").then(|| player_number(fields[2])),
        };
        (fields[0].to_owned(), build)
    };
    lines.iter().map(row).collect()
}
