//! The way back: rows that came to be here are written into the Python service's tables, in one transaction.
//! What is there already stays as it is, but for the aggregates of builds that get votes, and for builds that
//! are hidden here: they are private there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;

use super::export_row::Given;
use super::legacy_reader::instant;
use super::legacy_url::{Place, quoted};
use super::rows::{RawBuild, RawFeedback, RawRow, RawSearch, RawVote, Table, session_hash};
use super::service_db::{ServiceDb, own};
use super::shape::Shape;
use super::source::Link;
use super::{AdoptError, Progress};
use crate::storage::{Kind, StorageOptions};

const PAGE: usize = 5_000;

/// What is to be exported, and where to.
pub struct Export<'a> {
    /// This service's own database.
    pub source: &'a StorageOptions,
    pub target: Place,
    pub progress: &'a dyn Progress,
}

/// What was written, and what could not be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportReport {
    pub target: String,
    /// Rows written, by table.
    pub written: BTreeMap<Table, u64>,
    /// What has no way back, and of how many rows.
    pub lost: BTreeMap<String, u64>,
}

impl fmt::Display for ExportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "to {}", self.target)?;
        for (table, rows) in &self.written {
            writeln!(f, "{:18}{rows:>10} rows", table.name())?;
        }
        if !self.lost.is_empty() {
            writeln!(f, "what cannot return:")?;
        }
        self.lost.iter().try_for_each(|(what, rows)| writeln!(f, "  {what}: {rows} rows"))?;
        writeln!(
            f,
            "note: edits and deletions of rows that were there already are not written back; builds that are \
             hidden here are private there"
        )
    }
}

/// Carries the export out.
///
/// # Errors
/// In one line; nothing was written then.
pub async fn export(export: &Export<'_>) -> Result<ExportReport, AdoptError> {
    let mut own = ServiceDb::open(export.source).await?;
    let unfinished = own.unfinished().await?;
    if !unfinished.is_empty() {
        let unfinished = unfinished.join(", ");
        return Err(AdoptError::failed(format!(
            "an import was broken off ({unfinished}): run `myashes import` again before exporting"
        )));
    }
    let mut link = Link::open(&export.target, export.source).await?;
    let shape = link.shape(&export.target).await?;
    let begin = match export.target.kind {
        Kind::Postgres => "SET TIME ZONE 'UTC'; BEGIN",
        Kind::Sqlite => "BEGIN IMMEDIATE",
    };
    link.run(begin).await?;
    let report = ExportReport { target: export.target.shown(), ..ExportReport::default() };
    let mut run = Run { export, own, link, shape, report };
    let numbers = run.builds().await?;
    run.votes(&numbers).await?;
    run.feedback().await?;
    run.searches().await?;
    run.link.run("COMMIT").await?;
    Ok(run.report)
}

struct Run<'a> {
    export: &'a Export<'a>,
    own: ServiceDb,
    link: Link,
    shape: Shape,
    report: ExportReport,
}

impl Run<'_> {
    /// Returns what votes name each build by.
    async fn builds(&mut self) -> Result<HashMap<String, String>, AdoptError> {
        let known = self.ids(|raw: &RawBuild| raw.build_id.clone()).await?;
        let templates = self.shape.has_column(Table::Builds, "is_template");
        self.carry(Table::Builds, |given| {
            let known = given.cell("build_id").is_some_and(|id| known.contains(id));
            !known && (templates || given.cell("is_template") != Some("true"))
        })
        .await?;
        self.withdraw_hidden().await?;
        let by_number = self.shape.votes_name_numbers();
        let mut named = HashMap::new();
        self.scan(|raw: &RawBuild| {
            let Some(id) = &raw.build_id else { return };
            named.insert(id.clone(), if by_number { raw.id.to_string() } else { id.clone() });
        })
        .await?;
        Ok(named)
    }

    /// The old service cannot hide a build: those that it has already become private.
    async fn withdraw_hidden(&mut self) -> Result<(), AdoptError> {
        let hidden: Vec<String> =
            own!(&mut self.own, conn, export_writer => export_writer::hidden_builds(conn).await)?;
        let builds = self.export.target.table(Table::Builds.name());
        for id in hidden {
            let id = id.replace('\'', "''");
            self.link.run(&format!("UPDATE {builds} SET is_public = false WHERE build_id = '{id}'")).await?;
        }
        Ok(())
    }

    async fn votes(&mut self, named: &HashMap<String, String>) -> Result<(), AdoptError> {
        let (mut sessions, mut players) = (HashSet::new(), HashSet::new());
        self.scan(|raw: &RawVote| {
            let Some(build) = raw.build_id.clone() else { return };
            if let Some(session) = &raw.session_id {
                sessions.insert((build.clone(), session_hash(session).0));
            }
            players.extend(raw.player_id.clone().map(|player| (build, player)));
        })
        .await?;
        let mut touched = BTreeSet::new();
        self.carry(Table::Votes, |given| {
            let Some(build) = given.cell("build_id").and_then(|id| named.get(id)).cloned() else {
                return false;
            };
            let session = given.cell("session_id").map(|id| (build.clone(), session_hash(id).0));
            let player = given.cell("player_id").map(|id| (build.clone(), id.to_owned()));
            let known = session.is_some_and(|key| sessions.contains(&key))
                || player.is_some_and(|key| players.contains(&key));
            if known {
                return false;
            }
            touched.insert(build.clone());
            for (name, value) in &mut given.cells {
                if *name == "build_id" {
                    *value = Some(build.clone());
                }
            }
            true
        })
        .await?;
        for build in touched {
            self.recount(&build).await?;
        }
        Ok(())
    }

    /// The aggregates of a build, from all its votes there.
    async fn recount(&mut self, build: &str) -> Result<(), AdoptError> {
        let place = &self.export.target;
        let (builds, votes) = (place.table(Table::Builds.name()), place.table(Table::Votes.name()));
        let name = if self.shape.votes_name_numbers() { "id" } else { "build_id" };
        let named = format!("'{}'", build.replace('\'', "''"));
        self.link
            .run(&format!(
                "UPDATE {builds} SET vote_count = (SELECT count(*) FROM {votes} v WHERE v.build_id = {named}), \
                 rating_sum = (SELECT coalesce(sum(v.rating), 0) FROM {votes} v WHERE v.build_id = {named}) \
                 WHERE {name} = {named}"
            ))
            .await
    }

    async fn feedback(&mut self) -> Result<(), AdoptError> {
        let known = self.ids(|raw: &RawFeedback| raw.feedback_id.clone()).await?;
        self.carry(Table::Feedback, |given| given.cell("feedback_id").is_some_and(|id| !known.contains(id)))
            .await
    }

    /// Searches have no public id: they are known again by what they are and when they were made.
    async fn searches(&mut self) -> Result<(), AdoptError> {
        type Key = (i64, [u8; 32], String, String);
        let key = |at: Option<&str>,
                   session: Option<&str>,
                   mode: Option<&str>,
                   query: Option<&str>|
         -> Option<Key> {
            let at = instant("created_at", at).ok()?;
            Some((at.micros(), session_hash(session?).0, mode?.to_owned(), query?.trim().to_owned()))
        };
        let mut known: HashSet<Key> = HashSet::new();
        self.scan(|raw: &RawSearch| {
            let (at, session) = (raw.created_at.as_deref(), raw.session_id.as_deref());
            known.extend(key(at, session, raw.search_mode.as_deref(), raw.query.as_deref()));
        })
        .await?;
        self.carry(Table::Searches, |given| {
            let (at, session) = (given.cell("created_at"), given.cell("session_id"));
            let key = key(at, session, given.cell("search_mode"), given.cell("query"));
            key.is_some_and(|key| !known.contains(&key))
        })
        .await
    }

    /// The public ids that are there.
    async fn ids<R: RawRow>(
        &mut self,
        mut id: impl FnMut(&R) -> Option<String>,
    ) -> Result<HashSet<String>, AdoptError> {
        let mut ids = HashSet::new();
        self.scan(|raw: &R| ids.extend(id(raw))).await?;
        Ok(ids)
    }

    /// Looks at every row of a table that is there.
    async fn scan<R: RawRow>(&mut self, mut look: impl FnMut(&R)) -> Result<(), AdoptError> {
        if !self.shape.has(R::TABLE) {
            return Ok(());
        }
        let mut after = None;
        loop {
            let sql = self.shape.page(&self.export.target, R::TABLE, after, PAGE);
            let page = R::load(&mut self.link, sql).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id());
            page.iter().for_each(&mut look);
        }
    }

    /// Writes the rows of a table that `wanted` picks.
    async fn carry(
        &mut self,
        table: Table,
        mut wanted: impl FnMut(&mut Given) -> bool,
    ) -> Result<(), AdoptError> {
        let progress = self.export.progress;
        if !self.shape.has(table) {
            let what = format!("{} (the old database has no such table)", table.name());
            let rows = self.own.rows(table).await?;
            if rows > 0 {
                self.report.lost.insert(what, rows);
            }
            return Ok(());
        }
        let (mut after, mut written) = (i64::MIN, 0);
        progress.begin(table, self.own.rows(table).await?);
        loop {
            let page = self.page_of(table, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.row;
            let rows = page.len() as u64;
            for mut given in page {
                if wanted(&mut given) {
                    self.insert(table, &given).await?;
                    written += 1;
                }
            }
            progress.advance(rows);
        }
        progress.end();
        self.report.written.insert(table, written);
        Ok(())
    }

    async fn page_of(&mut self, table: Table, after: i64, limit: usize) -> Result<Vec<Given>, AdoptError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        own!(&mut self.own, conn, export_writer => match table {
            Table::Builds => export_writer::builds_after(conn, after, limit).await,
            Table::Votes => export_writer::votes_after(conn, after, limit).await,
            Table::Feedback => export_writer::feedback_after(conn, after, limit).await,
            Table::Searches => export_writer::searches_after(conn, after, limit).await,
        })
    }

    /// Writes one row, as far as the old table has columns for it.
    async fn insert(&mut self, table: Table, given: &Given) -> Result<(), AdoptError> {
        let place = &self.export.target;
        let columns = self.shape.tables.get(&table);
        let type_of = |name: &str| columns.and_then(|columns| columns.get(name));
        let (mut names, mut values, mut cells) = (vec![], vec![], vec![]);
        for (name, value) in &given.cells {
            let Some(of_type) = type_of(name) else {
                if value.is_some() && *name != "is_template" {
                    let what = format!("{name} of {} (the old table has no such column)", table.name());
                    *self.report.lost.entry(what).or_default() += 1;
                }
                continue;
            };
            names.push(quoted(name));
            values.push(match place.kind {
                Kind::Postgres => format!("CAST(${} AS {of_type})", values.len() + 1),
                Kind::Sqlite => "?".to_owned(),
            });
            // SQLite has 0 and 1 where PostgreSQL has false and true.
            cells.push(match (place.kind, value.as_deref()) {
                (Kind::Sqlite, Some("true")) if of_type.contains("bool") => Some("1".to_owned()),
                (Kind::Sqlite, Some("false")) if of_type.contains("bool") => Some("0".to_owned()),
                (_, value) => value.map(str::to_owned),
            });
        }
        for what in &given.lost {
            *self.report.lost.entry((*what).to_owned()).or_default() += 1;
        }
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({})",
            place.table(table.name()),
            names.join(", "),
            values.join(", ")
        );
        self.link.insert(sql, cells).await
    }
}
