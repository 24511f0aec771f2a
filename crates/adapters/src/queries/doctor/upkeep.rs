//! What is not about one build or one day: counts of facets and tags, rows that belong to nothing, folded queries, the
//! recorded constants, an import that has not come to its end.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use diesel_async::RunQueryDsl;
use myashes_domain::ranking::Ranking;
use myashes_domain::text::{FOLDING_VERSION, fold_query};
use myashes_domain::write_options::{WriteOptions, WriteOutcome};

use super::super::db::boxed;
use super::super::facets::COUNTS_LOCK;
use super::super::{Conn, dialect, transaction};
use super::schema;
use crate::findings::{Check, Findings, Standard};
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::schema::{
    build_ranks, build_tags, builds, facet_changes, feedback, ranking_constants, reports, tag_changes,
    tag_counts, vote_days, votes,
};

const FEEDBACK_BATCH: i64 = 2_000;

/// Runs the same lines for every table whose rows belong to a build.
macro_rules! of_builds {
    ($table:ident => $body:expr; $($name:ident),*) => {
        $({
            use $name as $table;
            $body
        })*
    };
}

pub async fn examine(conn: &mut Conn, standard: Standard<'_>, findings: &mut Findings) -> DbResult<()> {
    constants(conn, standard.ranking, findings).await?;
    facet_counts(conn, findings).await?;
    tag_counts(conn, findings).await?;
    orphans(conn, findings).await?;
    folded_queries(conn, findings).await?;
    for table in super::super::legacy::import_writer::unfinished(conn).await? {
        let subject = format!("the import of {table}");
        findings.fault(Check::Import, subject, "broken off", "finished: run `myashes import` again");
    }
    Ok(())
}

/// Rows of builds that do not exist. They can occur only while foreign keys are disabled.
async fn orphans(conn: &mut Conn, findings: &mut Findings) -> DbResult<()> {
    of_builds!(table => {
        let rows: i64 = table::table
            .filter(not(exists(builds::table.filter(builds::id.eq(table::build)))))
            .count()
            .get_result(conn)
            .await?;
        if rows > 0 {
            let subject = format!("{} of missing builds", stringify_table(table::table));
            findings.fault(Check::Orphans, subject, format_args!("{rows} rows"), "none");
        }
    }; build_ranks, build_tags, votes, vote_days, reports);
    let callers: PreparedSql<_, BigInt> = PreparedSql::new(
        "SELECT count(*) FROM search_callers c WHERE c.search_mode <> $1 AND NOT EXISTS (SELECT 1 FROM \
         search_days d WHERE d.day = c.day AND d.search_mode = c.search_mode AND d.query_key = \
         c.query_key)",
        ("".into_sql::<Text>(),),
    );
    let callers: i64 = callers.get_result(conn).await?;
    if callers > 0 {
        let found = format!("{callers} rows");
        findings.fault(Check::Orphans, "search_callers without a roll-up row", found, "none");
    }
    Ok(())
}

fn stringify_table<T: diesel::query_source::Table + 'static>(_: T) -> &'static str {
    // `…::build_ranks::table`: the part before the last.
    std::any::type_name::<T>().rsplit("::").nth(1).unwrap_or_default()
}

pub async fn remove_orphans(conn: &mut Conn, findings: &Findings) -> DbResult<()> {
    if findings.count(Check::Orphans) == 0 {
        return Ok(());
    }
    let done = transaction(conn, WriteOptions::default(), |conn| {
        boxed(async move {
            of_builds!(table => {
                let there = builds::table.filter(builds::id.eq(table::build));
                let orphans = table::table.filter(not(exists(there)));
                diesel::delete(orphans).execute(conn).await?;
            }; build_ranks, build_tags, votes, vote_days, reports);
            let callers: PreparedSql<_> = PreparedSql::new(
                "DELETE FROM search_callers WHERE search_mode <> $1 AND NOT EXISTS (SELECT 1 FROM \
                 search_days d WHERE d.day = search_callers.day AND d.search_mode = \
                 search_callers.search_mode AND d.query_key = search_callers.query_key)",
                ("".into_sql::<Text>(),),
            );
            callers.execute(conn).await?;
            Ok(())
        })
    });
    done.await.map(|done: WriteOutcome<()>| drop(done))
}

async fn facet_counts(conn: &mut Conn, findings: &mut Findings) -> DbResult<()> {
    let wrong: PreparedSql<_, (Integer, Text, Text, BigInt, BigInt)> = PreparedSql::new(
        "SELECT id, class_name, race, CAST(sum(stored) AS bigint), CAST(sum(counted) AS bigint) FROM (SELECT \
         id, class_name, race, builds AS stored, 0 AS counted FROM facet_parts UNION ALL SELECT f.id, \
         f.class_name, f.race, 0, 1 FROM build_ranks r JOIN facets f ON f.id = r.facet) AS parts WHERE id > \
         $1 GROUP BY id, class_name, race HAVING sum(stored) <> sum(counted) ORDER BY id",
        (0.into_sql::<Integer>(),),
    );
    let wrong: Vec<(i32, String, String, i64, i64)> = wrong.load(conn).await?;
    for (id, class, race, stored, counted) in wrong {
        let subject = format!("builds under facet {id} ({class}, {race})");
        findings.fault(Check::FacetCounts, subject, stored, counted);
    }
    Ok(())
}

/// Stored counts and the changes that are not added yet, against the index.
async fn tag_counts(conn: &mut Conn, findings: &mut Findings) -> DbResult<()> {
    let wrong: PreparedSql<_, (Text, BigInt, BigInt)> = PreparedSql::new(
        "SELECT tag, CAST(sum(stored) AS bigint), CAST(sum(counted) AS bigint) FROM (SELECT tag, builds AS \
         stored, 0 AS counted FROM tag_counts UNION ALL SELECT tag, difference, 0 FROM tag_changes UNION \
         ALL SELECT tag, 0, 1 FROM build_tags WHERE listed AND build <> $1) AS parts GROUP BY tag HAVING \
         sum(stored) <> sum(counted) ORDER BY tag",
        (0_i64.into_sql::<BigInt>(),),
    );
    let wrong: Vec<(String, i64, i64)> = wrong.load(conn).await?;
    for (tag, stored, counted) in wrong {
        findings.fault(Check::TagCounts, format_args!("builds with the tag {tag:?}"), stored, counted);
    }
    Ok(())
}

async fn folded_queries(conn: &mut Conn, findings: &mut Findings) -> DbResult<()> {
    let mut after = i64::MIN;
    loop {
        let rows: Vec<(i64, String, String, String)> = feedback::table
            .filter(feedback::id.gt(after))
            .order_by(feedback::id)
            .limit(FEEDBACK_BATCH)
            .select((feedback::id, feedback::feedback_id, feedback::query, feedback::query_folded))
            .load(conn)
            .await?;
        let Some((last, ..)) = rows.last() else { return Ok(()) };
        after = *last;
        for (row, id, query, stored) in rows {
            let folded = fold_query(&query);
            if folded != stored {
                findings.feedback.push(row);
                findings.fault(Check::FeedbackQueries, format_args!("folded query of {id}"), stored, folded);
            }
        }
    }
}

async fn constants(conn: &mut Conn, configured: Ranking, findings: &mut Findings) -> DbResult<()> {
    let stored: Option<(f64, f64, f64, i32)> = ranking_constants::table
        .select((
            ranking_constants::prior_mean,
            ranking_constants::prior_weight,
            ranking_constants::half_life,
            ranking_constants::folding,
        ))
        .first(conn)
        .await
        .optional()?;
    let Some((prior_mean, prior_weight, half_life, folding)) = stored else { return Ok(()) };
    if folding != FOLDING_VERSION {
        findings.fault(Check::FoldingVersion, "version of the folding", folding, FOLDING_VERSION);
    }
    let stored = Ranking { prior_mean, prior_weight, half_life };
    if stored != configured {
        findings.fault(Check::RankingConstants, "ranking constants", shown(stored), shown(configured));
    }
    Ok(())
}

fn shown(it: Ranking) -> String {
    format!("mean {}, weight {}, half-life {} s", it.prior_mean, it.prior_weight, it.half_life)
}

/// Repairs what is left when builds and days are repaired. The constants come last: until then the scores of some
/// builds may still be of the old ones.
pub async fn repair(conn: &mut Conn, standard: Standard<'_>, findings: &Findings) -> DbResult<()> {
    let ranking = standard.ranking;
    let rows = findings.feedback.clone();
    let constants = findings.count(Check::RankingConstants) > 0;
    let tags = findings.count(Check::TagCounts) > 0;
    let done = transaction(conn, WriteOptions::default(), move |conn| {
        boxed(async move {
            // The job may have read changes that it has not added yet.
            dialect::advisory_lock(conn, COUNTS_LOCK).await?;
            schema::lock_facets(conn).await?;
            diesel::delete(facet_changes::table).execute(conn).await?;
            let count: PreparedSql<_> = PreparedSql::new(
                "UPDATE facets SET builds = (SELECT count(*) FROM build_ranks r WHERE r.facet = facets.id) \
                 WHERE id > $1 AND builds <> (SELECT count(*) FROM build_ranks r WHERE r.facet = \
                 facets.id)",
                (0.into_sql::<Integer>(),),
            );
            count.execute(conn).await?;
            if tags {
                schema::lock_tags(conn).await?;
                diesel::delete(tag_changes::table).execute(conn).await?;
                diesel::delete(tag_counts::table).execute(conn).await?;
                let count: PreparedSql<_> = PreparedSql::new(
                    "INSERT INTO tag_counts (tag, builds) SELECT tag, count(*) FROM build_tags WHERE listed AND \
                     build <> $1 GROUP BY tag",
                    (0_i64.into_sql::<BigInt>(),),
                );
                count.execute(conn).await?;
            }
            for row in rows {
                let stored = feedback::table.find(row);
                let query: Option<String> = stored.select(feedback::query).first(conn).await.optional()?;
                let Some(query) = query else { continue };
                diesel::update(stored)
                    .set(feedback::query_folded.eq(fold_query(&query)))
                    .execute(conn)
                    .await?;
            }
            // Last, as the constants: until then some texts may still be of the old version.
            diesel::update(ranking_constants::table)
                .filter(ranking_constants::folding.ne(FOLDING_VERSION))
                .set(ranking_constants::folding.eq(FOLDING_VERSION))
                .execute(conn)
                .await?;
            if constants {
                diesel::update(ranking_constants::table)
                    .set((
                        ranking_constants::prior_mean.eq(ranking.prior_mean),
                        ranking_constants::prior_weight.eq(ranking.prior_weight),
                        ranking_constants::half_life.eq(ranking.half_life),
                    ))
                    .execute(conn)
                    .await?;
            }
            Ok(())
        })
    });
    done.await.map(|done: WriteOutcome<()>| drop(done))
}
