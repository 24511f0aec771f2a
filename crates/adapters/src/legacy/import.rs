//! Taking the Python service's data over: table by table, in batches, each of which is whole or has not
//! happened.

use std::collections::{HashMap, HashSet};

use myashes_domain::clock::Clock;
use myashes_domain::game::GamePack;

use super::batch::{Batch, Outcome, QuarantinedRow, Rows, last_read};
use super::dedupe_votes::rejected_ids;
use super::known::SourceBuilds;
use super::legacy_reader;
use super::legacy_url::Place;
use super::report::{ImportReport, TableReport};
use super::rows::{RawBuild, RawFeedback, RawRow, RawSearch, RawVote, Table};
use super::service_db::ServiceDb;
use super::source::Source;
use super::{AdoptError, Progress};
use crate::storage::StorageOptions;

/// Rows in one batch.
pub const BATCH: usize = 10_000;

/// What is to be imported, and with what.
pub struct Import<'a> {
    pub source: Place,
    /// This service's own database.
    pub target: &'a StorageOptions,
    pub game: &'a GamePack,
    pub clock: &'a dyn Clock,
    pub progress: &'a dyn Progress,
    /// Rows in one batch; [`BATCH`], but for tests.
    pub batch: usize,
    /// Only read and report.
    pub dry_run: bool,
}

/// Carries the import out.
///
/// # Errors
/// In one line; what was adopted up to then is whole, and another run goes on from there.
pub async fn import(import: &Import<'_>) -> Result<ImportReport, AdoptError> {
    let source = Source::open(import.source.clone(), import.target).await?;
    let own = ServiceDb::open(import.target).await?;
    let report = ImportReport {
        source: source.place.shown(),
        revision: source.shape.revision.clone(),
        dry_run: import.dry_run,
        ..ImportReport::default()
    };
    let mut run = Run { import, source, own, report };
    run.check_row_checksum::<RawBuild>().await?;
    run.check_row_checksum::<RawVote>().await?;
    run.check_row_checksum::<RawFeedback>().await?;
    run.check_row_checksum::<RawSearch>().await?;
    if !import.dry_run {
        run.own.settle_ranking(import.target.ranking).await?;
        // All at once: an import that is broken off in the first table has not finished the last one either.
        for table in Table::ALL.into_iter().filter(|table| run.source.shape.has(*table)) {
            run.own.begin(table).await?;
        }
    }
    let builds = run.builds().await?;
    run.votes(builds).await?;
    run.feedback().await?;
    run.searches().await?;
    for (table, count) in run.source.user_ids().await? {
        let table = table.name();
        let note =
            format!("user_id of {count} rows of {table} was left behind: only player_id names a player");
        run.report.notes.push(note);
    }
    if !import.dry_run {
        run.own.analyze().await?;
    }
    Ok(run.report)
}

struct Run<'a> {
    import: &'a Import<'a>,
    source: Source,
    own: ServiceDb,
    report: ImportReport,
}

/// Rows of a page, sorted into those that can be live and those that cannot.
struct Sorted {
    rows: Rows,
    quarantined: Vec<QuarantinedRow>,
}

impl Sorted {
    /// Sorts rows by the result of `decide`; `None` skips a row.
    fn of<R: RawRow, T>(
        raws: &[R],
        rows: impl FnOnce(Vec<T>) -> Rows,
        mut decide: impl FnMut(&R) -> Option<Result<T, String>>,
    ) -> Self {
        let (mut live, mut quarantined) = (Vec::with_capacity(raws.len()), vec![]);
        for raw in raws {
            match decide(raw) {
                Some(Ok(row)) => live.push(row),
                Some(Err(reason)) => {
                    quarantined.push(QuarantinedRow { id: raw.id(), reason, contents: raw.contents() });
                }
                None => {}
            }
        }
        Self { rows: rows(live), quarantined }
    }
}

impl Run<'_> {
    /// Checks that earlier runs read the same source: the last row they read is unchanged or deleted.
    async fn check_row_checksum<R: RawRow>(&mut self) -> Result<(), AdoptError> {
        let (id, row_checksum) = self.own.mark(R::TABLE).await?;
        if row_checksum.is_empty() || !self.source.shape.has(R::TABLE) {
            return Ok(());
        }
        let found: Vec<R> = self.source.page(id.checked_sub(1), 1).await?;
        match found.first() {
            Some(row) if row.id() == id && row.row_checksum() != row_checksum => {
                Err(AdoptError::failed(format!(
                    "{} is not the database that was imported before: row {id} of {} differs",
                    self.source.place.shown(),
                    R::TABLE.name()
                )))
            }
            _ => Ok(()),
        }
    }

    /// Builds are all read in every run, since votes and the report need to know them; those of earlier runs
    /// are not written again.
    async fn builds(&mut self) -> Result<SourceBuilds, AdoptError> {
        let (game, by_number) = (self.import.game, self.source.shape.votes_name_numbers());
        let mut known = SourceBuilds::default();
        let mut seen = HashSet::new();
        self.walk(None, |raws: &[RawBuild], mark| {
            Sorted::of(raws, Rows::Builds, |raw| {
                let live = legacy_reader::build(raw, game);
                let live = live.and_then(|live| match seen.insert(live.build.id.to_string()) {
                    true => Ok(live),
                    false => Err("a build_id that appears more than once".to_owned()),
                });
                known.enter(raw, by_number, live.is_ok());
                (Some(raw.id) > mark).then_some(live)
            })
        })
        .await?;
        Ok(known)
    }

    /// Votes too are all read, so that every drifted aggregate is seen.
    async fn votes(&mut self, builds: SourceBuilds) -> Result<(), AdoptError> {
        let rejected_ids = rejected_ids(self.source.contested().await?);
        let mut counted: HashMap<String, (i64, i64)> = HashMap::new();
        self.walk(None, |raws: &[RawVote], mark| {
            Sorted::of(raws, Rows::Votes, |raw| {
                let live = builds.vote(raw, &rejected_ids);
                if let Ok(live) = &live {
                    let sum = counted.entry(live.build.clone()).or_default();
                    *sum = (sum.0 + 1, sum.1 + live.vote.rating.stars());
                }
                (Some(raw.id) > mark).then_some(live)
            })
        })
        .await?;
        self.report.drift = builds.drift(&counted);
        Ok(())
    }

    async fn feedback(&mut self) -> Result<(), AdoptError> {
        let from = last_read(&self.own.mark(Table::Feedback).await?);
        let mut seen = HashSet::new();
        self.walk(from, |raws: &[RawFeedback], _| {
            Sorted::of(raws, Rows::Feedback, |raw| {
                let live = legacy_reader::feedback(raw);
                Some(live.and_then(|live| match seen.insert(live.feedback.id.to_string()) {
                    true => Ok(live),
                    false => Err("a feedback_id that appears more than once".to_owned()),
                }))
            })
        })
        .await
    }

    async fn searches(&mut self) -> Result<(), AdoptError> {
        let from = last_read(&self.own.mark(Table::Searches).await?);
        self.walk(from, |raws: &[RawSearch], _| {
            Sorted::of(raws, Rows::Searches, |raw| Some(legacy_reader::search(raw)))
        })
        .await
    }

    /// Pages through a table from a numeric id on, each page being read while the one before it is written.
    async fn walk<R: RawRow>(
        &mut self,
        from: Option<i64>,
        mut sort: impl FnMut(&[R], Option<i64>) -> Sorted,
    ) -> Result<(), AdoptError> {
        let (table, limit) = (R::TABLE, self.import.batch);
        if !self.source.shape.has(table) {
            return Ok(());
        }
        let stored = self.own.mark(table).await?;
        let (begun, mut mark) = (last_read(&stored), stored.0);
        let rows = self.source.count(table, from).await?;
        let mut done =
            TableReport { before: self.source.count(table, None).await?, ..TableReport::default() };
        self.import.progress.begin(table, rows);
        let mut page: Vec<R> = self.source.page(from, limit).await?;
        while let Some(last) = page.last().map(RawRow::id) {
            let raws = std::mem::take(&mut page);
            let new = raws.iter().filter(|raw| Some(raw.id()) > begun).count() as u64;
            let sorted = sort(&raws, begun);
            done.read += new;
            done.quarantined.extend(sorted.quarantined.iter().map(|it| (it.reason.clone(), it.id)));
            if new == 0 {
                page = self.source.page(Some(last), limit).await?;
            } else if self.import.dry_run {
                let present = self.present(table, &sorted.rows).await?;
                done.adopted += sorted.rows.len() as u64 - present;
                done.present += present;
                page = self.source.page(Some(last), limit).await?;
            } else {
                let batch = Batch {
                    rows: sorted.rows,
                    quarantined: sorted.quarantined,
                    table,
                    from: mark,
                    to: last,
                    row_checksum: raws.last().map(RawRow::row_checksum).unwrap_or_default(),
                    at: self.import.clock.now(),
                };
                let written = self.own.put(self.import.target.ranking, batch);
                let (next, written) = tokio::join!(self.source.page(Some(last), limit), written);
                let Outcome { adopted, present, orphaned } = written?;
                done.adopted += adopted;
                done.present += present;
                done.orphaned += orphaned;
                (page, mark) = (next?, last);
            }
            self.import.progress.advance(raws.len() as u64);
        }
        done.before -= done.read;
        self.import.progress.end();
        if !self.import.dry_run {
            self.own.finish(table, self.import.clock.now()).await?;
        }
        self.report.tables.insert(table, done);
        Ok(())
    }

    /// How many rows of a batch are here already, for a dry run. Votes are not looked for.
    async fn present(&mut self, table: Table, rows: &Rows) -> Result<u64, AdoptError> {
        let ids: Vec<String> = match rows {
            Rows::Builds(rows) => rows.iter().map(|it| it.build.id.to_string()).collect(),
            Rows::Feedback(rows) => rows.iter().map(|it| it.feedback.id.to_string()).collect(),
            Rows::Votes(_) | Rows::Searches(_) => vec![],
        };
        Ok(self.own.known(table, &ids).await?.len() as u64)
    }
}
