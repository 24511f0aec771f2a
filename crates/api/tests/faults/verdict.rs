//! Whether a database holds what a ledger says: nothing acknowledged is lost or doubled, nothing refused is
//! there, and whatever is there is whole.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use myashes_domain::session::SessionHash;
use myashes_testkit::{DatabaseKind, TestDatabase};

use crate::ledger::{CastVote, Fate, Kind, Ledger, Pages};

/// Invariants of every database at any time, whichever process has written to it: queries that count violations.
/// Sums are taken from the smaller side, so that a row without a counterpart is found too.
const ALWAYS: [(&str, &str); 9] = [
    (
        "tallies that differ from the votes",
        "SELECT count(*) FROM build_ranks r WHERE r.vote_count <> (SELECT count(*) FROM votes v \
         WHERE v.build = r.build) OR r.rating_sum <> (SELECT coalesce(sum(v.rating), 0) FROM votes v \
         WHERE v.build = r.build)",
    ),
    (
        "tallies that differ from the days",
        "SELECT count(*) FROM build_ranks r WHERE r.vote_count <> (SELECT coalesce(sum(d.votes), 0) \
         FROM vote_days d WHERE d.build = r.build) OR r.rating_sum <> (SELECT coalesce(sum(d.rating_sum), 0) \
         FROM vote_days d WHERE d.build = r.build)",
    ),
    (
        "scores that differ from the tallies",
        "SELECT count(*) FROM build_ranks r WHERE abs(r.bayesian - CASE WHEN r.vote_count = 0 THEN -1.0 \
         ELSE (8.0 * 3.5 + r.rating_sum) / (8.0 + r.vote_count) END) > 0.000001",
    ),
    (
        "builds without a rank",
        "SELECT count(*) FROM builds b WHERE NOT EXISTS (SELECT 1 FROM build_ranks r WHERE r.build = b.id)",
    ),
    (
        "builds without their two tags",
        "SELECT count(*) FROM builds b WHERE (SELECT count(*) FROM build_tags t WHERE t.build = b.id) <> 2",
    ),
    (
        "facets that count wrong",
        "SELECT count(*) FROM facets f WHERE (SELECT sum(p.builds) FROM facet_parts p WHERE p.id = f.id) <> \
         (SELECT count(*) FROM build_ranks r WHERE r.facet = f.id)",
    ),
    (
        "searches that are rolled up wrong",
        "SELECT count(*) FROM (SELECT query, search_mode, count(*) AS many FROM searches \
         WHERE ranked GROUP BY query, search_mode) s WHERE s.many <> (SELECT coalesce(sum(d.searches), 0) \
         FROM search_days d WHERE d.spelling = s.query AND d.search_mode = s.search_mode)",
    ),
    (
        "roll-ups without their searches",
        "SELECT count(*) FROM search_days d WHERE NOT EXISTS (SELECT 1 FROM searches s \
         WHERE s.ranked AND s.query = d.spelling AND s.search_mode = d.search_mode)",
    ),
    (
        "idempotency records of builds that do not exist",
        "SELECT count(*) FROM idempotency_records x WHERE x.status = 201 AND x.location IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM builds b WHERE x.location LIKE '%' || b.build_id)",
    ),
];

/// Fails with all that is wrong.
pub async fn assert_clean(ledger: &Ledger, database: &TestDatabase) {
    let found = violations(ledger, database).await;
    assert!(found.is_empty(), "{} violations:\n{}", found.len(), found.join("\n"));
}

/// All that is wrong, a line each.
pub async fn violations(ledger: &Ledger, database: &TestDatabase) -> Vec<String> {
    let mut found = broken_promises(database).await;
    let stored = Stored::read(database).await;
    let pages = ledger.pages();
    found.extend(pages.contradictions.iter().cloned());
    found.extend(stored.against(&pages));
    found
}

/// What is wrong with the database alone.
pub async fn broken_promises(database: &TestDatabase) -> Vec<String> {
    let mut found = vec![];
    for (what, query) in ALWAYS {
        let count = database.count(query).await;
        if count != 0 {
            found.push(format!("{count} {what}"));
        }
    }
    found
}

struct Stored {
    texts: BTreeMap<(Kind, String), u32>,
    /// Ratings by build and hash of the session.
    ballots: BTreeMap<(String, String), i64>,
}

impl Stored {
    async fn read(database: &TestDatabase) -> Self {
        let mut texts = BTreeMap::new();
        for (kind, query) in [
            (Kind::Build, "SELECT name AS line FROM builds"),
            (Kind::Feedback, "SELECT query AS line FROM feedback"),
            (Kind::Search, "SELECT query AS line FROM searches"),
        ] {
            for text in database.texts(query).await {
                *texts.entry((kind, text)).or_default() += 1;
            }
        }
        let hash = match database.kind {
            DatabaseKind::Sqlite => "lower(hex(v.session))",
            DatabaseKind::Postgres => "encode(v.session, 'hex')",
        };
        let votes = format!(
            "SELECT b.build_id || ' ' || {hash} || ' ' || v.rating AS line \
             FROM votes v JOIN builds b ON b.id = v.build"
        );
        let votes = database.texts(&votes).await;
        let ballots = votes.iter().map(|line| {
            let fields: Vec<&str> = line.split(' ').collect();
            ((fields[0].to_owned(), fields[1].to_owned()), fields[2].parse().expect("a rating"))
        });
        Self { texts, ballots: ballots.collect() }
    }

    fn against(&self, pages: &Pages) -> Vec<String> {
        let mut found = vec![];
        for ((kind, text), fate) in &pages.texts {
            let count = self.texts.get(&(*kind, text.clone())).copied().unwrap_or(0);
            let right = match fate {
                Fate::Acknowledged => count == 1,
                Fate::Refused => count == 0,
                Fate::Unknown => count <= 1,
            };
            if !right {
                found.push(format!("{kind:?} {text:?} was {fate:?} and is there {count} times"));
            }
        }
        for (kind, text) in self.texts.keys() {
            if !pages.texts.contains_key(&(*kind, text.clone())) {
                found.push(format!("{kind:?} {text:?} is there and was never asked for"));
            }
        }
        let mut asked = BTreeMap::new();
        for ((build, session), may_be) in &pages.ballots {
            let stored: CastVote = self.ballots.get(&(build.clone(), hex(session))).copied();
            if !may_be.contains(&stored) {
                found.push(format!("{session} has {stored:?} on {build}, expected one of {may_be:?}"));
            }
            asked.insert((build.clone(), hex(session)), ());
        }
        let strange = self.ballots.keys().filter(|key| !asked.contains_key(*key));
        found
            .extend(strange.map(|(build, session)| format!("a vote of {session} on {build} out of nowhere")));
        found
    }
}

fn hex(session: &str) -> String {
    SessionHash::of(session).0.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}
