//! Rows 22 and 23 of the security review: rows that no import can take over are set aside by name, and the rest goes on.

use myashes_adapters::legacy::Table;
use myashes_testkit::{DatabaseKind, TestDatabase};

use crate::fixture::{examined, import, python_service};

/// A build of the Python service, as SQL values.
fn build(build_id: &str, name: &str, description: &str, created_at: &str) -> String {
    format!(
        "INSERT INTO builds (build_id, name, description, primary_archetype, secondary_archetype, class_name, race,
            is_public, session_id, created_at, rating_sum, vote_count, is_template) VALUES
         ('{build_id}', {name}, {description}, 'tank', 'fighter', 'Knight', 'vek', TRUE, 'sess_x', {created_at}, 0, 0, FALSE);"
    )
}

const THEN: &str = "'2025-11-05 10:00:00'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_of_templates_are_reserved() {
    for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
        let Some(source) = python_service(kind, 6).await else { continue };
        let target = TestDatabase::new(kind).await.expect("there is a server");
        for id in ["b_tpl_tnk01", "b_tpl_x", "b_tpl_"] {
            source.execute(&build(id, "'Taken'", "NULL", THEN)).await.unwrap();
        }
        let report = import(&source, &target).await.table(Table::Builds);
        let reasons: Vec<_> =
            report.quarantined.iter().filter(|(reason, _)| reason.contains("template")).collect();
        assert_eq!((report.imported, reasons.len()), (3, 3), "{:?}", report.quarantined);
        assert_eq!(target.count("SELECT count(*) FROM builds WHERE build_id LIKE 'b_tpl%'").await, 0);
        assert!(examined(&target).await.is_clean());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_cannot_be_taken_over_are_set_aside_by_name() {
    for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
        let Some(source) = python_service(kind, 6).await else { continue };
        let target = TestDatabase::new(kind).await.expect("there is a server");
        let (mut odd, huge) = (vec![], "repeat('x', 20000000)");
        let huge = if kind == DatabaseKind::Sqlite { "hex(zeroblob(10000000))" } else { huge };
        odd.push(("created_at", build("b_odd00001", "'Late'", "NULL", "'294276-12-31 23:59:59'")));
        odd.push(("description", build("b_odd00002", "'Long'", huge, THEN)));
        odd.push(("name", build("b_odd00003", "'LONG'", "NULL", THEN)));
        if kind == DatabaseKind::Sqlite {
            odd.push(("description", build("b_odd00004", "'Bytes'", "CAST(x'61ff62' AS TEXT)", THEN)));
            odd.push(("description", build("b_odd00005", "'Blob'", "x'c328'", THEN)));
        }
        for (_, sql) in &odd {
            source.execute(sql).await.unwrap();
        }
        source.execute("ALTER TABLE builds RENAME TO builds_before").await.unwrap();
        let long = if kind == DatabaseKind::Sqlite { "CAST(name AS TEXT)" } else { "CAST(name AS text)" };
        let columns = "build_id, description, primary_archetype, secondary_archetype, class_name, race, is_public, \
            session_id, user_id, created_at, updated_at, rating_sum, vote_count, player_id, steam_id, \
            steam_display_name, is_template";
        source
            .execute(&format!(
                "CREATE TABLE builds AS SELECT id, CASE WHEN name = 'LONG' THEN '{}' ELSE {long} END AS name, {columns} \
                 FROM builds_before",
                "n".repeat(101)
            ))
            .await
            .unwrap();
        if kind == DatabaseKind::Postgres {
            source.execute("ALTER TABLE builds ALTER COLUMN id TYPE bigint").await.unwrap();
        }
        source
            .execute("UPDATE builds SET id = -9223372036854775808 WHERE build_id = 'b_00000002'")
            .await
            .unwrap();

        let report = import(&source, &target).await.table(Table::Builds);

        assert_eq!(report.read, 4 + odd.len() as u64, "the lowest id of all is read, too");
        assert_eq!(report.imported, 3, "{:?}", report.quarantined);
        for (column, sql) in &odd {
            assert!(report.quarantined.iter().any(|(reason, _)| reason.contains(column)), "{sql:.60}");
        }
        let kept = "SELECT CAST(max(length(contents)) AS bigint) FROM import_quarantine";
        assert!(target.count(kept).await < 100_000, "a huge row is cut in the quarantine");
        assert!(examined(&target).await.is_clean());
        let again = import(&source, &target).await.table(Table::Builds);
        assert_eq!((again.read, again.imported), (0, 0));
    }
}
