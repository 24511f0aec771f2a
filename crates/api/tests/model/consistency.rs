//! Whether whatever is stored twice agrees: worked out anew here from the rows alone, and asked of the doctor.

use std::collections::BTreeSet;

use myashes_adapters::doctor::Doctor;
use myashes_domain::game::GamePack;
use myashes_testkit::{DatabaseKind, TestDatabase};

/// Differences of a kind that are written out.
const SHOWN: usize = 4;

/// What is stored, and the same from the rows that it follows from: queries of one text column each.
struct Comparison {
    what: &'static str,
    stored: String,
    expected: String,
}

fn comparisons(kind: DatabaseKind) -> Vec<Comparison> {
    let (day, tags) = match kind {
        DatabaseKind::Postgres => (
            "floor(extract(epoch FROM v.cast_at) / 86400)::int",
            "SELECT b.id || ' ' || t AS line FROM builds b, jsonb_array_elements_text(b.tags::jsonb) t",
        ),
        DatabaseKind::Sqlite => (
            "(v.cast_at / 86400000000)",
            "SELECT b.id || ' ' || t.value AS line FROM builds b, json_each(b.tags) t",
        ),
    };
    let comparison =
        |what, stored: &str, expected: String| Comparison { what, stored: stored.into(), expected };
    let facet = "%.primary_archetype || ' ' || %.secondary_archetype || ' ' || %.class_name || ' ' || %.race || ' ' \
                 || %.is_template || ' ' || %.game_version";
    let columns = facet.replace(" || ' ' || ", ", ").replace('%', "f");
    let (of_facet, of_build) = (facet.replace('%', "f"), facet.replace('%', "b"));
    vec![
        comparison(
            "tallies (build, votes, sum)",
            "SELECT r.build || ' ' || r.vote_count || ' ' || r.rating_sum AS line FROM build_ranks r",
            "SELECT b.id || ' ' || count(v.id) || ' ' || coalesce(sum(v.rating), 0) AS line \
             FROM builds b LEFT JOIN votes v ON v.build = b.id GROUP BY b.id"
                .into(),
        ),
        comparison(
            "vote days (build, day, votes, sum)",
            "SELECT d.build || ' ' || d.day || ' ' || d.votes || ' ' || d.rating_sum AS line FROM vote_days d",
            format!(
                "SELECT v.build || ' ' || {day} || ' ' || count(*) || ' ' || sum(v.rating) AS line \
                 FROM votes v GROUP BY v.build, {day}"
            ),
        ),
        comparison(
            "facet counts (facet, builds)",
            &format!(
                "SELECT f.id || ' ' || f.listed || ' ' || {of_facet} || ' ' || sum(f.builds) AS line \
                 FROM facet_parts f GROUP BY f.id, f.listed, {columns} HAVING sum(f.builds) <> 0"
            ),
            format!(
                "SELECT r.facet || ' ' || r.listed || ' ' || {of_build} || ' ' || count(*) AS line \
                 FROM builds b JOIN build_ranks r ON r.build = b.id \
                 GROUP BY r.facet, r.listed, b.primary_archetype, b.secondary_archetype, b.class_name, b.race, \
                 b.is_template, b.game_version"
            ),
        ),
        comparison(
            "listed builds that are not public",
            "SELECT r.build || '' AS line FROM build_ranks r JOIN builds b ON b.id = r.build \
             WHERE r.listed AND b.visibility <> 'public'",
            "SELECT '' AS line FROM builds WHERE 1 = 0".into(),
        ),
        comparison(
            "tags (build, tag)",
            "SELECT t.build || ' ' || t.tag AS line FROM build_tags t",
            tags.into(),
        ),
        comparison(
            "tag counts (tag, builds)",
            "SELECT t.tag || ' ' || sum(t.builds) AS line FROM (SELECT tag, builds FROM tag_counts UNION ALL \
             SELECT tag, difference FROM tag_changes) t GROUP BY t.tag HAVING sum(t.builds) <> 0",
            "SELECT t.tag || ' ' || count(*) AS line FROM build_tags t JOIN build_ranks r ON r.build = t.build \
             WHERE r.listed GROUP BY t.tag"
                .into(),
        ),
        comparison(
            "searches (mode, spelling, searches)",
            "SELECT d.search_mode || ' ' || d.spelling || ' ' || sum(d.searches) AS line FROM search_days d \
             GROUP BY d.search_mode, d.spelling",
            "SELECT s.search_mode || ' ' || s.query || ' ' || count(*) AS line FROM searches s \
             WHERE s.ranked GROUP BY s.search_mode, s.query"
                .into(),
        ),
    ]
}

/// All that does not agree, a line each.
pub async fn differences(database: &TestDatabase) -> Vec<String> {
    let mut found = vec![];
    for Comparison { what, stored, expected } in comparisons(database.kind) {
        let stored: BTreeSet<String> = database.texts(&stored).await.into_iter().collect();
        let expected: BTreeSet<String> = database.texts(&expected).await.into_iter().collect();
        let wrong: Vec<&String> = stored.difference(&expected).collect();
        let missing: Vec<&String> = expected.difference(&stored).collect();
        if !wrong.is_empty() || !missing.is_empty() {
            found.push(format!(
                "{what}: {} stored that the rows do not give ({:?}), {} not stored that they give ({:?})",
                wrong.len(),
                &wrong[..wrong.len().min(SHOWN)],
                missing.len(),
                &missing[..missing.len().min(SHOWN)],
            ));
        }
    }
    found.extend(findings_of_doctor(database).await);
    found
}

/// Fails with all that does not agree.
pub async fn assert_consistent(database: &TestDatabase) {
    let found = differences(database).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
}

async fn findings_of_doctor(database: &TestDatabase) -> Vec<String> {
    let game = GamePack::parse(include_str!("../../../../game/ashes-of-creation.toml")).expect("a game pack");
    let options = database.options();
    let mut doctor = Doctor::open(&options, &game, None).await.expect("the database answers");
    let findings = doctor.examine().await.expect("the database answers");
    let wrong = findings.wrong();
    wrong
        .iter()
        .map(|check| format!("doctor: {} wrong: {}", findings.count(*check), check.into_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::attacks::{service, stop};
    use crate::support::knight;

    /// Every comparison finds what is broken on purpose.
    async fn what_is_broken_is_found(kind: DatabaseKind) {
        let Some(server) = service(kind, &[]).await else { return };
        let build = server.build(1, &knight("Broken")).await;
        let vote = server.put(&format!("/builds/{build}/vote")).session(2).json(&json!({"rating": 4}));
        vote.await.expect(200);
        let search = json!({"query": "tank", "search_mode": "quick", "result_count": 1});
        server.post("/analytics/search").session(2).json(&search).await.expect(201);
        assert_consistent(&server.database).await;
        for (sql, found) in [
            ("DELETE FROM votes", "tallies"),
            ("DELETE FROM votes", "vote days"),
            ("UPDATE facets SET builds = builds + 1", "facet counts"),
            ("UPDATE builds SET visibility = 'private'", "listed builds that are not public"),
            ("DELETE FROM build_tags", "tags"),
            ("DELETE FROM searches", "searches"),
        ] {
            server.database.execute(sql).await.unwrap();
            let differences = differences(&server.database).await;
            assert!(differences.iter().any(|it| it.starts_with(found)), "{sql}: {differences:?}");
            assert!(differences.iter().any(|it| it.starts_with("doctor")), "{sql}: {differences:?}");
        }
        stop(server).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_broken_is_found_on_sqlite() {
        what_is_broken_is_found(DatabaseKind::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_broken_is_found_on_postgres() {
        what_is_broken_is_found(DatabaseKind::Postgres).await;
    }
}
