//! Taking the Python service's data over: table by table, in batches, each of which is whole or has not
//! happened. Another run carries over what has changed since.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use myashes_domain::clock::{Clock, Timestamp};
use myashes_domain::game::GamePack;
use myashes_domain::retention::Cutoffs;

use super::Progress;
use super::dedupe_votes::rejected_ids;
use super::known::SourceBuilds;
use super::legacy_reader;
use super::legacy_url::LegacyUrl;
use super::page_rows::PageRows;
use super::proof::{Comparison, SourceRows};
use super::report::{ImportReport, TableReport};
use super::rows::{RawBuild, RawFeedback, RawRow, RawSearch, RawVote};
use super::service_db::ServiceDb;
use super::source::LegacySource;
use crate::command_error::CommandError;
use crate::legacy_rows::{
    Batch, BatchOutcome, Conflict, Foreseen, Mark, Rows, SourceRow as _, Table, last_read, naive,
};
use crate::storage::StorageOptions;

/// Rows in one batch.
pub const BATCH: usize = 10_000;

/// What is to be imported, and with what.
pub struct Import<'a> {
    /// Database of the Python service.
    pub source: LegacyUrl,
    /// This service's own database.
    pub target: &'a StorageOptions,
    /// Game pack by which builds are read.
    pub game: &'a GamePack,
    /// Clock for the times that are stored about the import.
    pub clock: &'a dyn Clock,
    /// What may have been removed here by its age is not compared at the end.
    pub retention: Cutoffs,
    /// Receives the progress, table by table.
    pub progress: &'a dyn Progress,
    /// Rows in one batch; [`BATCH`], but for tests.
    pub batch: usize,
    /// Only read and report.
    pub dry_run: bool,
}

/// Carries the import out, and compares both databases at its end.
///
/// # Errors
/// In one line; what was imported up to then is whole, and another run goes on from there.
pub async fn import(import: &Import<'_>) -> Result<ImportReport, CommandError> {
    let source = LegacySource::open(import.source.clone(), import.target).await?;
    let own = ServiceDb::open(import.target).await?;
    let report = ImportReport {
        source: source.place.shown(),
        revision: source.shape.revision.clone(),
        dry_run: import.dry_run,
        ..ImportReport::default()
    };
    let mut run = ImportRun {
        import,
        source,
        own,
        report,
        read: BTreeMap::new(),
        left: BTreeMap::new(),
        foreseen: Arc::default(),
    };
    if !run.check_row_checksum::<RawBuild>().await? {
        run.check_known_build().await?;
    }
    run.check_row_checksum::<RawVote>().await?;
    run.check_row_checksum::<RawFeedback>().await?;
    run.check_row_checksum::<RawSearch>().await?;
    let tables = Table::ALL.into_iter().filter(|table| run.source.shape.has(*table));
    let tables: Vec<Table> = tables.collect();
    if !import.dry_run {
        run.own.settle_ranking(import.target.ranking).await?;
        // All at once: an import that is broken off in the first table has not finished the last one either.
        for table in &tables {
            run.own.begin(*table).await?;
        }
    }
    let (builds, deleted) = run.builds().await?;
    run.votes(builds).await?;
    // After the votes, so that those on them are counted by themselves.
    run.remove(Table::Builds, deleted).await?;
    run.feedback().await?;
    run.searches().await?;
    for (table, count) in run.source.user_ids().await? {
        let table = table.name();
        let note =
            format!("user_id of {count} rows of {table} was left behind: only player_id names a player");
        run.report.notes.push(note);
    }
    if !import.dry_run {
        for table in tables {
            run.own.finish(table, import.clock.now()).await?;
        }
        run.own.analyze().await?;
        run.compare().await?;
    }
    Ok(run.report)
}

struct ImportRun<'a> {
    import: &'a Import<'a>,
    source: LegacySource,
    own: ServiceDb,
    report: ImportReport,
    /// What was read at the source, to compare.
    read: BTreeMap<Table, SourceRows>,
    /// Numeric ids at the source of rows that are left as they are here.
    left: BTreeMap<Table, HashSet<i64>>,
    /// Of a dry run.
    foreseen: Arc<Foreseen>,
}

impl ImportRun<'_> {
    /// Checks that earlier runs read the same source: the last row they read is unchanged or deleted. Returns whether
    /// it was found, or nothing was read before.
    async fn check_row_checksum<R: RawRow>(&mut self) -> Result<bool, CommandError> {
        let (id, row_checksum) = self.own.mark(R::TABLE).await?;
        if row_checksum.is_empty() || !self.source.shape.has(R::TABLE) {
            return Ok(true);
        }
        let found: Vec<R> = self.source.page(id.checked_sub(1), 1).await?;
        match found.first() {
            Some(row) if row.id() == id && row.row_checksum() != row_checksum => {
                Err(self.other_source(&format!("row {id} of {} differs", R::TABLE.name())))
            }
            Some(row) => Ok(row.id() == id),
            None => Ok(false),
        }
    }

    /// Checks that at least one imported build is still there as it was: in another database, all would seem deleted.
    async fn check_known_build(&mut self) -> Result<(), CommandError> {
        let mut after = None;
        loop {
            let raws: Vec<RawBuild> = self.source.page(after, self.import.batch).await?;
            let Some(last) = raws.last() else { break };
            after = Some(last.id);
            let ids: Vec<i64> = raws.iter().map(|raw| raw.id).collect();
            let records = self.own.records(Table::Builds, &ids).await?;
            let game = self.import.game;
            let as_imported = |raw: &RawBuild| {
                let parsed = legacy_reader::build(raw, game).ok()?;
                Some(records.get(&raw.id)?.checksum == parsed.checksum())
            };
            if raws.iter().any(|raw| as_imported(raw) == Some(true)) {
                return Ok(());
            }
        }
        if self.own.recorded(Table::Builds).await?.is_empty() {
            return Ok(());
        }
        Err(self.other_source("none of the imported builds is there as it was"))
    }

    fn other_source(&self, why: &str) -> CommandError {
        let shown = self.source.place.shown();
        CommandError::failed(format!("{shown} is not the database that was imported before: {why}"))
    }

    /// Builds are all read in every run: each is compared with what an earlier run has recorded, and votes and the
    /// report need to know them. Returns also the numeric ids of imported builds that are not there any more.
    async fn builds(&mut self) -> Result<(SourceBuilds, Vec<i64>), CommandError> {
        let (game, by_number) = (self.import.game, self.source.shape.votes_name_numbers());
        let recorded = self.own.recorded(Table::Builds).await?;
        let mut deleted: HashSet<i64> = recorded.keys().copied().collect();
        let (mut known, mut seen) = (SourceBuilds::default(), HashSet::new());
        let (mut read, mut conflicts) = (SourceRows::default(), vec![]);
        self.walk(|raws: &[RawBuild], mark| {
            PageRows::of(raws, Rows::Builds, |raw| {
                deleted.remove(&raw.id);
                let parsed = legacy_reader::build(raw, game);
                let parsed = parsed.and_then(|parsed| match seen.insert(parsed.build.id.to_string()) {
                    true => Ok(parsed),
                    false => Err("a build_id that appears more than once".to_owned()),
                });
                let imported = recorded.contains_key(&raw.id);
                known.add(raw, by_number, parsed.is_ok() || imported);
                match parsed {
                    Err(reason) if imported => {
                        let row = raw.build_id.clone().unwrap_or_default();
                        let why = format!("cannot be taken over any more: {reason}");
                        conflicts.push(Conflict { table: Table::Builds, id: raw.id, row, why });
                        None
                    }
                    Err(reason) => (Some(raw.id) > mark).then_some(Err(reason)),
                    Ok(parsed) => {
                        read.add(raw.id, parsed.checksum(), 0);
                        Some(Ok(parsed))
                    }
                }
            })
        })
        .await?;
        self.left.entry(Table::Builds).or_default().extend(conflicts.iter().map(|it| it.id));
        self.report.conflicts.extend(conflicts);
        self.read.insert(Table::Builds, read);
        Ok((known, deleted.into_iter().collect()))
    }

    /// Votes too are all read, so that every drifted aggregate is seen. Those that were withdrawn are removed first,
    /// since another vote may have taken their place.
    async fn votes(&mut self, builds: SourceBuilds) -> Result<(), CommandError> {
        let rejected_ids = rejected_ids(self.source.contested().await?);
        let recorded = self.own.recorded(Table::Votes).await?;
        let there = self.source.ids(Table::Votes).await?;
        let stands = |id: &i64| there.contains(id) && !rejected_ids.contains_key(id);
        let withdrawn = recorded.keys().copied().filter(|id| !stands(id)).collect();
        self.remove(Table::Votes, withdrawn).await?;
        let mut counted: HashMap<String, (i64, i64)> = HashMap::new();
        let (mut read, mut invalid) = (SourceRows::default(), vec![]);
        self.walk(|raws: &[RawVote], mark| {
            PageRows::of(raws, Rows::Votes, |raw| match builds.vote(raw, &rejected_ids) {
                Ok(parsed) => {
                    let stars = parsed.vote.rating.stars();
                    let sum = counted.entry(parsed.build.clone()).or_default();
                    *sum = (sum.0 + 1, sum.1 + stars);
                    read.add(raw.id, parsed.checksum(), stars);
                    Some(Ok(parsed))
                }
                Err(reason) if recorded.contains_key(&raw.id) => {
                    invalid.push(raw.id);
                    Some(Err(reason))
                }
                Err(reason) => (Some(raw.id) > mark).then_some(Err(reason)),
            })
        })
        .await?;
        self.remove(Table::Votes, invalid).await?;
        self.read.insert(Table::Votes, read);
        self.report.drift = builds.count_mismatches(&counted);
        Ok(())
    }

    /// Of feedback and searches, what no earlier run has read is added; all of it is read to be compared.
    async fn feedback(&mut self) -> Result<(), CommandError> {
        let (mut seen, kept_since) = (HashSet::new(), self.import.retention.feedback);
        let mut read = SourceRows::default();
        self.walk(|raws: &[RawFeedback], mark| {
            PageRows::of(raws, Rows::Feedback, |raw| {
                let parsed = legacy_reader::feedback(raw);
                let parsed = parsed.and_then(|parsed| match seen.insert(parsed.feedback.id.to_string()) {
                    true => Ok(parsed),
                    false => Err("a feedback_id that appears more than once".to_owned()),
                });
                if let Ok(parsed) = &parsed
                    && kept_since <= Some(parsed.feedback.received_at)
                {
                    read.add(raw.id, parsed.checksum(), 0);
                }
                (Some(raw.id) > mark).then_some(parsed)
            })
        })
        .await?;
        self.read.insert(Table::Feedback, read);
        Ok(())
    }

    async fn searches(&mut self) -> Result<(), CommandError> {
        let (mut read, kept_since) = (SourceRows::default(), self.import.retention.searches);
        self.walk(|raws: &[RawSearch], mark| {
            PageRows::of(raws, Rows::Searches, |raw| {
                let parsed = legacy_reader::search(raw);
                if let Ok(parsed) = &parsed
                    && kept_since <= Some(parsed.record.at)
                {
                    read.add(raw.id, parsed.checksum(), 0);
                }
                (Some(raw.id) > mark).then_some(parsed)
            })
        })
        .await?;
        self.read.insert(Table::Searches, read);
        Ok(())
    }

    /// Pages through a table, each page being read while the one before it is written.
    async fn walk<R: RawRow>(
        &mut self,
        mut sort: impl FnMut(&[R], Option<i64>) -> PageRows,
    ) -> Result<(), CommandError> {
        let (table, limit) = (R::TABLE, self.import.batch);
        if !self.source.shape.has(table) {
            return Ok(());
        }
        let mut mark: Mark = self.own.mark(table).await?;
        let begun = last_read(&mark);
        let rows = self.source.count(table, None).await?;
        self.import.progress.begin(table, rows);
        let mut new = 0;
        let mut page: Vec<R> = self.source.page(None, limit).await?;
        while let Some(last) = page.last().map(RawRow::id) {
            let raws = std::mem::take(&mut page);
            let from = mark.0;
            new += raws.iter().filter(|raw| Some(raw.id()) > begun).count() as u64;
            let sorted = sort(&raws, begun);
            let quarantined = sorted.quarantined.iter().map(|it| (it.reason.clone(), it.id));
            self.report.tables.entry(table).or_default().quarantined.extend(quarantined);
            if last >= from {
                mark = (last, raws.last().map(RawRow::row_checksum).unwrap_or_default());
            } else if sorted.rows.is_empty() && sorted.quarantined.is_empty() {
                page = self.source.page(Some(last), limit).await?;
                self.import.progress.advance(raws.len() as u64);
                continue;
            }
            let batch = Batch {
                rows: sorted.rows,
                quarantined: sorted.quarantined,
                table,
                from,
                to: mark.clone(),
                at: self.import.clock.now(),
                read_before: begun,
                dry_run: self.import.dry_run.then(|| Arc::clone(&self.foreseen)),
            };
            let written = self.own.put(self.import.target.ranking, batch);
            let (next, written) = tokio::join!(self.source.page(Some(last), limit), written);
            self.note(table, written?);
            page = next?;
            self.import.progress.advance(raws.len() as u64);
        }
        let done = self.report.tables.entry(table).or_default();
        (done.before, done.read) = (rows.saturating_sub(new), new);
        self.import.progress.end();
        Ok(())
    }

    /// Removes what was deleted at the source, as far as it is unchanged here.
    async fn remove(&mut self, table: Table, mut ids: Vec<i64>) -> Result<(), CommandError> {
        ids.sort_unstable();
        for ids in ids.chunks(self.import.batch) {
            let removed =
                self.own.remove(table, ids.to_vec(), self.import.target.ranking, self.import.dry_run);
            let removed = removed.await?;
            self.note(table, removed);
        }
        Ok(())
    }

    /// Adds what became of a batch to the report.
    fn note(&mut self, table: Table, outcome: BatchOutcome) {
        let done: &mut TableReport = self.report.tables.entry(table).or_default();
        done.imported += outcome.imported;
        done.changed += outcome.changed;
        done.removed += outcome.removed;
        done.present += outcome.present;
        done.orphaned += outcome.orphaned;
        self.left.entry(table).or_default().extend(outcome.left);
        self.report.conflicts.extend(outcome.conflicts);
        if self.import.dry_run {
            let foreseen = Arc::make_mut(&mut self.foreseen);
            foreseen.stored.extend(outcome.foreseen.stored);
            foreseen.removed.extend(outcome.foreseen.removed);
        }
    }

    /// Reads this service's tables anew, and holds them against what was read at the source.
    async fn compare(&mut self) -> Result<(), CommandError> {
        let kept_since = |at: Option<Timestamp>| at.map(naive);
        for (table, read) in std::mem::take(&mut self.read) {
            let recorded = self.own.recorded(table).await?;
            let recorded = recorded.into_iter().map(|(id, target)| (target, id)).collect();
            let left = self.left.remove(&table).unwrap_or_default();
            let kept_since = match table {
                Table::Builds | Table::Votes => None,
                Table::Feedback => kept_since(self.import.retention.feedback),
                Table::Searches => kept_since(self.import.retention.searches),
            };
            let mut comparison = Comparison::new(read, recorded, &left);
            let mut after = i64::MIN;
            loop {
                let page = self.own.page(table, after, self.import.batch).await?;
                let Some(last) = page.last() else { break };
                after = last.row;
                for row in page.iter().filter(|it| kept_since.as_deref() <= it.cell("created_at")) {
                    comparison.add(row, table);
                }
            }
            self.report.proof.insert(table, comparison.finish());
        }
        Ok(())
    }
}
