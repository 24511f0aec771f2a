//! The way back: what was made, changed and deleted here is carried to the Python service's tables, in one transaction.
//! Rows that came from there are recognized by what the import has recorded of them. One that was changed there since is
//! left as it is, and reported.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use myashes_domain::game::GamePack;

use super::Progress;
use super::export_report::ExportReport;
use super::legacy_reader;
use super::legacy_url::LegacyUrl;
use super::rows::{RawBuild, RawFeedback, RawSearch, RawVote, session_hash};
use super::service_db::ServiceDb;
use super::shape::Shape;
use super::source::Link;
use crate::command_error::CommandError;
use crate::legacy_rows::{Checksum, ExportRow, ImportedRow, SourceRow as _, Table, last_read};
use crate::storage::{Kind, StorageOptions};

/// Rows that are read at a time.
pub(super) const PAGE: usize = 5_000;

const BOTH_CHANGED: &str = "a change of a row that was changed there, too, since the import";
const CHANGED_THERE: &str = "the deletion of a row that was changed there since the import";
const DELETED_THERE: &str = "a row that was deleted there since the import";
const NOT_IMPORTED: &str = "a row that is there with other contents, and was not imported";

/// What is to be exported, and where to.
pub struct Export<'a> {
    /// This service's own database.
    pub source: &'a StorageOptions,
    /// Database of the Python service.
    pub target: LegacyUrl,
    /// Game pack by which builds at the target are read.
    pub game: &'a GamePack,
    /// Receives the progress, table by table.
    pub progress: &'a dyn Progress,
    /// Store it also when something has no way back.
    pub accept: bool,
}

/// Carries the export out.
///
/// # Errors
/// In one line; nothing was written then.
pub async fn export(export: &Export<'_>) -> Result<ExportReport, CommandError> {
    let mut own = ServiceDb::open(export.source).await?;
    let unfinished = own.unfinished().await?;
    if !unfinished.is_empty() {
        let unfinished = unfinished.join(", ");
        return Err(CommandError::failed(format!(
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
    let mut run = ExportRun { export, own, link, shape, report, same_source: false };
    let names = run.builds().await?;
    run.votes(&names).await?;
    run.feedback().await?;
    run.searches().await?;
    run.report.stored = export.accept || run.report.lost.is_empty();
    run.link.run(if run.report.stored { "COMMIT" } else { "ROLLBACK" }).await?;
    Ok(run.report)
}

pub(super) struct ExportRun<'a> {
    pub export: &'a Export<'a>,
    pub own: ServiceDb,
    pub link: Link,
    pub shape: Shape,
    pub report: ExportReport,
    /// Whether a build is there that was imported from there.
    same_source: bool,
}

/// What becomes of a row that is here.
pub(super) enum Fate {
    Insert,
    /// Changes the row of this numeric id there.
    Update(i64),
    Keep,
    /// The row there stays as it is, for this reason.
    Conflict(&'static str),
}

/// The rows of a table that were imported.
struct Imported {
    /// By their numeric ids there.
    records: HashMap<i64, ImportedRow>,
    /// Their numbers here.
    targets: HashSet<i64>,
    /// The numbers of all rows that are here.
    here: HashSet<i64>,
}

impl Imported {
    /// The record of a row that is not here any more.
    fn deleted(&self, id: i64) -> Option<&ImportedRow> {
        self.records.get(&id).filter(|record| !self.here.contains(&record.target))
    }

    /// What becomes of a row here whose counterpart there has this id and checksum.
    fn fate(&self, table: Table, row: &ExportRow, id: i64, there: Option<Checksum>) -> Fate {
        match self.records.get(&id) {
            _ if Some(row.checksum(table)) == there => Fate::Keep,
            Some(record) if is_recorded(record, there) => Fate::Update(id),
            Some(_) => Fate::Conflict(BOTH_CHANGED),
            // Both services keep the official templates themselves.
            None if row.cell("is_template") == Some("true") => Fate::Keep,
            None => Fate::Conflict(NOT_IMPORTED),
        }
    }
}

fn is_recorded(record: &ImportedRow, there: Option<Checksum>) -> bool {
    there.is_some_and(|checksum| record.checksum == checksum)
}

/// A build that is there.
struct ThereBuild {
    id: i64,
    checksum: Option<Checksum>,
    is_public: bool,
}

impl ExportRun<'_> {
    async fn imported(&mut self, table: Table) -> Result<Imported, CommandError> {
        let ids: Vec<i64> = self.own.recorded(table).await?.into_keys().collect();
        let records = self.own.records(table, &ids).await?;
        let targets = records.values().map(|record| record.target).collect();
        Ok(Imported { records, targets, here: self.own.row_ids(table).await? })
    }

    /// Returns what votes name each build by.
    async fn builds(&mut self) -> Result<HashMap<String, String>, CommandError> {
        let imported = self.imported(Table::Builds).await?;
        let (game, mut there) = (self.export.game, BTreeMap::new());
        self.scan(|raw: &RawBuild| {
            let Some(build_id) = &raw.build_id else { return };
            let checksum = legacy_reader::build(raw, game).ok().map(|parsed| parsed.checksum());
            let is_public = legacy_reader::flag(raw.is_public.as_deref());
            there.insert(build_id.trim().to_owned(), ThereBuild { id: raw.id, checksum, is_public });
        })
        .await?;
        self.same_source = there.values().any(|it: &ThereBuild| {
            imported.records.get(&it.id).is_some_and(|record| is_recorded(record, it.checksum))
        });
        if !self.same_source && !imported.records.is_empty() {
            let row = self.export.target.shown();
            self.report.lose("deletions and changes (this is not the database that was imported)", row);
        }
        let mut deleted = vec![];
        for (build_id, it) in &there {
            match imported.deleted(it.id) {
                Some(record) if is_recorded(record, it.checksum) => deleted.push((build_id.clone(), it.id)),
                Some(_) => self.report.lose(CHANGED_THERE, build_id.clone()),
                None => {}
            }
        }
        self.delete_builds(&deleted).await?;
        for (build_id, _) in &deleted {
            there.remove(build_id);
        }

        let templates = self.shape.has_column(Table::Builds, "is_template");
        let mut shown_there = vec![];
        self.carry(Table::Builds, |row| {
            let Some(it) = there.get(row.cell("build_id").unwrap_or_default()) else {
                return match row.cell("is_template") {
                    _ if imported.targets.contains(&row.row) => Fate::Conflict(DELETED_THERE),
                    Some("true") if !templates => Fate::Keep,
                    _ => Fate::Insert,
                };
            };
            if it.is_public && row.cell("is_public") == Some("false") {
                shown_there.push(it.id);
            }
            imported.fate(Table::Builds, row, it.id, it.checksum)
        })
        .await?;
        // Also those whose other changes are left out.
        let builds = self.export.target.table(Table::Builds.name());
        for id in shown_there {
            self.link.run(&format!("UPDATE {builds} SET is_public = false WHERE id = {id}")).await?;
        }
        let by_number = self.shape.votes_name_numbers();
        let mut names = HashMap::new();
        self.scan(|raw: &RawBuild| {
            let Some(id) = &raw.build_id else { return };
            names.insert(id.trim().to_owned(), if by_number { raw.id.to_string() } else { id.clone() });
        })
        .await?;
        Ok(names)
    }

    /// Deletes builds there, and the votes on them.
    async fn delete_builds(&mut self, deleted: &[(String, i64)]) -> Result<(), CommandError> {
        let votes = self.export.target.table(Table::Votes.name());
        for (build_id, id) in deleted {
            let name = if self.shape.votes_name_numbers() { id.to_string() } else { build_id.clone() };
            self.link.run(&format!("DELETE FROM {votes} WHERE build_id = {}", literal(&name))).await?;
        }
        self.delete(Table::Builds, deleted.iter().map(|(_, id)| *id).collect()).await
    }

    async fn votes(&mut self, names: &HashMap<String, String>) -> Result<(), CommandError> {
        let imported = self.imported(Table::Votes).await?;
        let public: HashMap<&str, &str> =
            names.iter().map(|(id, name)| (name.as_str(), id.as_str())).collect();
        let checksum = |raw: &RawVote| -> Option<Checksum> {
            let build = public.get(raw.build_id.as_deref()?)?;
            Some(legacy_reader::vote(raw, build).ok()?.checksum())
        };
        let (mut withdrawn, mut conflicts, mut touched) = (vec![], vec![], BTreeSet::new());
        self.scan(|raw: &RawVote| match imported.deleted(raw.id) {
            Some(record) if is_recorded(record, checksum(raw)) => withdrawn.push(raw.clone()),
            Some(_) => conflicts.push(format!("vote {} there", raw.id)),
            None => {}
        })
        .await?;
        conflicts.into_iter().for_each(|row| self.report.lose(CHANGED_THERE, row));
        for raw in &withdrawn {
            self.withdraw(raw).await?;
            touched.extend(raw.build_id.clone());
        }

        let (mut sessions, mut players, mut there) = (HashSet::new(), HashSet::new(), HashMap::new());
        self.scan(|raw: &RawVote| {
            let Some(build) = raw.build_id.clone() else { return };
            if let Some(record) = imported.records.get(&raw.id) {
                there.insert(record.target, (raw.id, checksum(raw)));
            }
            if let Some(session) = &raw.session_id {
                sessions.insert((build.clone(), session_hash(session).0));
            }
            players.extend(raw.player_id.clone().map(|player| (build, player)));
        })
        .await?;
        self.carry(Table::Votes, |row| {
            let Some(build) = row.cell("build_id").and_then(|id| names.get(id)).cloned() else {
                return Fate::Keep;
            };
            let session = row.cell("session_id").map(|id| (build.clone(), session_hash(id).0));
            let player = row.cell("player_id").map(|id| (build.clone(), id.to_owned()));
            let known = session.is_some_and(|key| sessions.contains(&key))
                || player.is_some_and(|key| players.contains(&key));
            let fate = match there.get(&row.row) {
                Some((id, checksum)) => imported.fate(Table::Votes, row, *id, *checksum),
                None if imported.targets.contains(&row.row) => Fate::Conflict(DELETED_THERE),
                None if known => Fate::Keep,
                None => Fate::Insert,
            };
            if matches!(fate, Fate::Insert | Fate::Update(_)) {
                touched.insert(build.clone());
            }
            for (name, value) in &mut row.cells {
                if *name == "build_id" {
                    *value = Some(build.clone());
                }
            }
            fate
        })
        .await?;
        for build in touched {
            self.recount(&build).await?;
        }
        Ok(())
    }

    /// Deletes a vote there, with those of the same session or player on the same build: they were never imported.
    async fn withdraw(&mut self, raw: &RawVote) -> Result<(), CommandError> {
        let of = |column: &str, value: &Option<String>| {
            let has = self.shape.has_column(Table::Votes, column);
            value.as_ref().filter(|_| has).map(|value| format!("OR {column} = {}", literal(value)))
        };
        let sql = format!(
            "DELETE FROM {} WHERE build_id = {} AND (id = {} {} {})",
            self.export.target.table(Table::Votes.name()),
            literal(raw.build_id.as_deref().unwrap_or_default()),
            raw.id,
            of("session_id", &raw.session_id).unwrap_or_default(),
            of("player_id", &raw.player_id).unwrap_or_default(),
        );
        self.link.run(&sql).await?;
        *self.report.deleted.entry(Table::Votes).or_default() += 1;
        Ok(())
    }

    /// The aggregates of a build, from all its votes there.
    async fn recount(&mut self, build: &str) -> Result<(), CommandError> {
        let place = &self.export.target;
        let (builds, votes) = (place.table(Table::Builds.name()), place.table(Table::Votes.name()));
        let name = if self.shape.votes_name_numbers() { "id" } else { "build_id" };
        let named = literal(build);
        self.link
            .run(&format!(
                "UPDATE {builds} SET vote_count = (SELECT count(*) FROM {votes} v WHERE v.build_id = {named}), \
                 rating_sum = (SELECT coalesce(sum(v.rating), 0) FROM {votes} v WHERE v.build_id = {named}) \
                 WHERE {name} = {named}"
            ))
            .await
    }

    async fn feedback(&mut self) -> Result<(), CommandError> {
        let imported_to = self.imported_to(Table::Feedback).await?;
        let set_aside = self.own.quarantined(Table::Feedback).await?;
        let (mut known, mut imported) = (HashSet::new(), vec![]);
        self.scan(|raw: &RawFeedback| {
            known.extend(raw.feedback_id.clone());
            if let Ok(parsed) = legacy_reader::feedback(raw)
                && Some(raw.id) <= imported_to
                && !set_aside.contains(&raw.id)
            {
                imported.push((raw.id, parsed.feedback.id.to_string()));
            }
        })
        .await?;
        let mut deleted = vec![];
        for imported in imported.chunks(PAGE) {
            let ids: Vec<String> = imported.iter().map(|(_, id)| id.clone()).collect();
            let here = self.own.known_feedback(&ids).await?;
            deleted.extend(imported.iter().filter(|(_, id)| !here.contains(id)).map(|(row, _)| *row));
        }
        self.delete(Table::Feedback, deleted).await?;
        self.carry(Table::Feedback, |row| match row.cell("feedback_id") {
            Some(id) if !known.contains(id) => Fate::Insert,
            _ => Fate::Keep,
        })
        .await
    }

    /// Searches have no public id: they are known again by what they are and when they were made.
    async fn searches(&mut self) -> Result<(), CommandError> {
        let imported_to = self.imported_to(Table::Searches).await?;
        let (mut here, mut after) = (HashSet::new(), i64::MIN);
        while imported_to.is_some() {
            let page = self.own.page(Table::Searches, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.row;
            here.extend(page.iter().map(|row| row.checksum(Table::Searches)));
        }
        let (mut known, mut deleted) = (HashSet::new(), vec![]);
        self.scan(|raw: &RawSearch| {
            let Ok(parsed) = legacy_reader::search(raw) else { return };
            let checksum = parsed.checksum();
            if Some(raw.id) <= imported_to && !here.contains(&checksum) {
                deleted.push(raw.id);
            }
            known.insert(checksum);
        })
        .await?;
        self.delete(Table::Searches, deleted).await?;
        self.carry(Table::Searches, |row| match known.contains(&row.checksum(Table::Searches)) {
            true => Fate::Keep,
            false => Fate::Insert,
        })
        .await
    }

    /// The last numeric id there that was imported, where this is the database that was imported.
    async fn imported_to(&mut self, table: Table) -> Result<Option<i64>, CommandError> {
        let mark = self.own.mark(table).await?;
        Ok(last_read(&mark).filter(|_| self.same_source))
    }
}

/// A text as SQL takes it.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
