//! What becomes of builds and votes that an earlier import wrote. The source's row, the row here and the checksum that
//! was recorded when both were equal are compared: what changed at the source alone is carried over, what changed here
//! alone stays, and what changed on both sides is a conflict, which is reported and left.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::{BuildContent, Rewrite, Visibility};
use myashes_domain::ranking::Ranking;
use myashes_domain::votes::Change;
use myashes_domain::write_options::WriteOptions;

use super::super::db::boxed;
use super::super::rows::VoteRow;
use super::super::vote_batch::{Locking, VoteBatch};
use super::super::{Conn, build_rows, transaction};
use super::export_writer::votes_by;
use super::import_records::{Scope, Sorted, delete_records, export_rows, load_records, record, sort};
use super::import_writer::{VALUES, insert_builds, insert_votes, lock_builds, rows_of};
use crate::legacy_rows::{
    BatchOutcome, ExportRow, ImportedBuild, ImportedRow, ImportedVote, SourceRow as _, Table,
};
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, builds, votes};
use crate::sql::types::SqlTimestamp;

const CHANGED_HERE: &str = "was changed at the source and here";
const DELETED_HERE: &str = "was changed at the source and deleted here";
const DELETED_THERE: &str = "was deleted at the source and changed here";
const DIFFERS: &str = "is here with other contents, and was not imported";

/// Stores new builds and applies changes of known ones.
pub async fn put_builds(
    conn: &mut Conn,
    rows: Vec<ImportedBuild>,
    scope: Scope<'_>,
) -> DbResult<BatchOutcome> {
    let Sorted { fresh, changed, mut unrecorded } = sort(conn, rows, scope.read_before).await?;
    let (mut outcome, mut equal) = (BatchOutcome::default(), vec![]);
    let writes = scope.dry_run.is_none();

    let stored = if writes && !fresh.is_empty() {
        insert_builds(conn, &fresh, scope.ranking).await?
    } else {
        HashMap::new()
    };
    let others = fresh.iter().filter(|it| !stored.contains_key(it.build.id.as_str())).chain(&unrecorded);
    let others: Vec<String> = others.map(|it| it.build.id.to_string()).collect();
    let others = rows_of(conn, &others).await?;
    for imported in fresh {
        let id = imported.build.id.to_string();
        match stored.get(&id) {
            Some(row) => equal.push(ImportedRow::of(&imported, *row, 1)),
            None if !writes && !others.contains_key(&id) => drop(outcome.foreseen.stored.insert(id)),
            None => {
                unrecorded.push(imported);
                continue;
            }
        }
        outcome.imported += 1;
    }

    let here = export_rows(conn, Table::Builds, &others.values().copied().collect::<Vec<_>>()).await?;
    for imported in unrecorded {
        let present = others.get(imported.build.id.as_str()).and_then(|row| here.get(row));
        match present {
            // Deleted here.
            None => {}
            Some(present) if present.checksum(Table::Builds) == imported.checksum() => {
                outcome.present += 1;
                equal.push(ImportedRow::of(&imported, present.row, present.revision));
            }
            // `seed` keeps the official templates.
            Some(_) if imported.build.is_template => {
                outcome.present += 1;
                outcome.left.push(imported.legacy_id);
            }
            Some(present) => {
                outcome.conflict(Table::Builds, imported.legacy_id, present.label(Table::Builds), DIFFERS)
            }
        }
    }

    let targets: BTreeSet<i64> = changed.iter().map(|(_, record)| record.target).collect();
    if writes {
        lock_builds(conn, &targets).await?;
    }
    let here = export_rows(conn, Table::Builds, &targets.into_iter().collect::<Vec<_>>()).await?;
    for (imported, record) in changed {
        let Some(present) = here.get(&record.target) else {
            outcome.conflict(Table::Builds, imported.legacy_id, imported.build.id.to_string(), DELETED_HERE);
            continue;
        };
        let same_kind = present.cell("is_template")
            == Some(if imported.build.is_template { "true" } else { "false" })
            && present.cell("build_id") == Some(imported.build.id.as_str());
        if present.checksum(Table::Builds) == imported.checksum() {
            if writes && !imported.build.content.visibility.is_listed(false) {
                keep_private(conn, present.row).await?;
            }
            equal.push(ImportedRow::of(&imported, present.row, present.revision));
        } else if same_kind && record.is_unchanged(present, Table::Builds) {
            if writes {
                rewrite(conn, &imported).await?;
            }
            outcome.changed += 1;
            equal.push(ImportedRow::of(&imported, present.row, present.revision + 1));
        } else {
            outcome.conflict(Table::Builds, imported.legacy_id, present.label(Table::Builds), CHANGED_HERE);
        }
    }
    record(conn, Table::Builds, equal, scope).await?;
    Ok(outcome)
}

/// A build that is hidden here is as little public as one that its author has made private there: once it is shown again, it
/// is private.
async fn keep_private(conn: &mut Conn, row: i64) -> DbResult<()> {
    let public = builds::visibility.eq(Visibility::Public.into_str());
    let hidden = builds::table.find(row).filter(builds::hidden).filter(public);
    diesel::update(hidden).set(builds::visibility.eq(Visibility::Private.into_str())).execute(conn).await?;
    Ok(())
}

/// Gives a build what the source has of it now. What the source has no columns for stays as it is.
async fn rewrite(conn: &mut Conn, imported: &ImportedBuild) -> DbResult<()> {
    let new = &imported.build;
    let Some((row, before)) = build_rows::lock(conn, &new.id).await? else { return Ok(()) };
    let (stored, source) = (&before.summary.content, new.content.clone());
    let as_visible = stored.visibility.is_listed(false) == source.visibility.is_listed(false);
    let same_class = stored.primary_archetype == source.primary_archetype
        && stored.secondary_archetype == source.secondary_archetype
        && stored.race == source.race;
    let game_version = if same_class { &before.summary.game_version } else { &new.game_version };
    let content = BuildContent {
        name: source.name,
        description: source.description,
        primary_archetype: source.primary_archetype,
        secondary_archetype: source.secondary_archetype,
        class_name: source.class_name,
        race: source.race,
        visibility: if as_visible { stored.visibility } else { source.visibility },
        tags: stored.tags.clone(),
    };
    let rewrite = Rewrite {
        content,
        build_data: before.build_data.clone(),
        search_text: new.search_text.clone(),
        at: imported.updated_at,
    };
    build_rows::rewrite_row(conn, row, &before, &rewrite, game_version).await?;
    let created_at = SqlTimestamp(new.created_at);
    diesel::update(builds::table.find(row))
        .set((
            builds::session.eq(new.owner.session.map(|session| session.0.to_vec())),
            builds::player_id.eq(&new.owner.player_id),
            builds::steam_id.eq(&new.owner.steam_id),
            builds::display_name.eq(&new.owner.display_name),
            builds::created_at.eq(created_at),
        ))
        .execute(conn)
        .await?;
    diesel::update(build_ranks::table.find(row))
        .set(build_ranks::created_at.eq(created_at))
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores new votes and replaces changed ones. A vote that was cast here wins over one of the source by the same
/// session or player.
pub async fn put_votes(conn: &mut Conn, rows: Vec<ImportedVote>, scope: Scope<'_>) -> DbResult<BatchOutcome> {
    let Sorted { mut fresh, changed, unrecorded } = sort(conn, rows, scope.read_before).await?;
    let (mut outcome, mut equal) = (BatchOutcome::default(), vec![]);
    let writes = scope.dry_run.is_none();
    let concerned = fresh.iter().chain(changed.iter().map(|(imported, _)| imported)).chain(&unrecorded);
    let concerned: BTreeSet<&str> = concerned.map(|it| it.build.as_str()).collect();
    let concerned: Vec<String> = concerned.into_iter().map(str::to_owned).collect();
    let on = rows_of(conn, &concerned).await?;
    if writes {
        lock_builds(conn, &on.values().copied().collect()).await?;
    }

    let targets: Vec<i64> = changed.iter().map(|(_, record)| record.target).collect();
    let here = export_rows(conn, Table::Votes, &targets).await?;
    let (mut replaced, mut replacing) = (BTreeSet::new(), HashSet::new());
    for (imported, record) in changed {
        match here.get(&record.target) {
            Some(present) if present.checksum(Table::Votes) == imported.checksum() => {
                equal.push(ImportedRow::of(&imported, present.row, 0));
            }
            Some(present) if record.is_unchanged(present, Table::Votes) => {
                replaced.insert(present.row);
                replacing.insert(imported.legacy_id);
                fresh.push(imported);
            }
            Some(present) => {
                outcome.conflict(Table::Votes, imported.legacy_id, present.label(Table::Votes), CHANGED_HERE);
            }
            None if !on.contains_key(&imported.build) => outcome.orphaned += 1,
            None => {
                let row = format!("a vote on {}", imported.build);
                outcome.conflict(Table::Votes, imported.legacy_id, row, DELETED_HERE);
            }
        }
    }
    let inserted = if writes {
        remove_votes(conn, &replaced, scope.ranking).await?;
        insert_votes(conn, &fresh, &on, scope.ranking).await?
    } else {
        vec![]
    };
    let inserted: HashMap<(i64, Vec<u8>), i64> =
        inserted.into_iter().map(|it| ((it.build, it.session), it.id)).collect();

    let mut others = unrecorded;
    let mut open = vec![];
    for imported in fresh {
        let Some(build) = on.get(&imported.build) else {
            let storable = scope.dry_run.is_some_and(|foreseen| foreseen.stored.contains(&imported.build));
            *(if storable { &mut outcome.imported } else { &mut outcome.orphaned }) += 1;
            continue;
        };
        match inserted.get(&(*build, imported.vote.session.0.to_vec())) {
            Some(vote) => {
                equal.push(ImportedRow::of(&imported, *vote, 0));
                count_written(&mut outcome, replacing.contains(&imported.legacy_id));
            }
            None => {
                open.push(imported.legacy_id);
                others.push(imported);
            }
        }
    }
    let open: HashSet<i64> = open.into_iter().collect();
    if let Some(foreseen) = scope.dry_run {
        replaced.extend(&foreseen.removed);
    }
    let voters = Voters::load(conn, &on, &others, &replaced).await?;
    for imported in others {
        match voters.of(&imported) {
            // Of a dry run.
            None if open.contains(&imported.legacy_id) => {
                count_written(&mut outcome, replacing.contains(&imported.legacy_id));
            }
            // Withdrawn here, or its build is deleted here.
            None => {}
            Some(present) if present.checksum(Table::Votes) == imported.checksum() => {
                outcome.present += 1;
                equal.push(ImportedRow::of(&imported, present.row, 0));
            }
            Some(present) => {
                outcome.conflict(Table::Votes, imported.legacy_id, present.label(Table::Votes), DIFFERS)
            }
        }
    }
    record(conn, Table::Votes, equal, scope).await?;
    Ok(outcome)
}

fn count_written(outcome: &mut BatchOutcome, replacing: bool) {
    *(if replacing { &mut outcome.changed } else { &mut outcome.imported }) += 1;
}

/// The votes that are here by build and session, and by build and player.
#[derive(Default)]
struct Voters {
    by_session: HashMap<(String, String), ExportRow>,
    by_player: HashMap<(String, String), ExportRow>,
}

impl Voters {
    async fn load(
        conn: &mut Conn,
        on: &HashMap<String, i64>,
        votes: &[ImportedVote],
        replaced: &BTreeSet<i64>,
    ) -> DbResult<Self> {
        let mut voters = Self::default();
        for votes in votes.chunks(VALUES) {
            let rows: BTreeSet<i64> = votes.iter().filter_map(|it| on.get(&it.build).copied()).collect();
            let rows: Vec<i64> = rows.into_iter().collect();
            let sessions: BTreeSet<Vec<u8>> = votes.iter().map(|it| it.vote.session.0.to_vec()).collect();
            let sessions: Vec<Vec<u8>> = sessions.into_iter().collect();
            let players: BTreeSet<String> = votes.iter().filter_map(|it| it.vote.player_id.clone()).collect();
            let players: Vec<String> = players.into_iter().collect();
            for present in votes_by(conn, &rows, &sessions, &players).await? {
                if replaced.contains(&present.row) {
                    continue;
                }
                let build = present.cell("build_id").unwrap_or_default().to_owned();
                if let Some(player) = present.cell("player_id") {
                    voters.by_player.insert((build.clone(), player.to_owned()), present.clone());
                }
                let session = present.cell("session_id").unwrap_or_default().to_owned();
                voters.by_session.insert((build, session), present);
            }
        }
        Ok(voters)
    }

    fn of(&self, imported: &ImportedVote) -> Option<&ExportRow> {
        let session = (imported.build.clone(), hex::encode(imported.vote.session.0));
        let of_player = || {
            let player = imported.vote.player_id.clone()?;
            self.by_player.get(&(imported.build.clone(), player))
        };
        self.by_session.get(&session).or_else(of_player)
    }
}

/// Takes votes back, and what they did to scores and days.
async fn remove_votes(conn: &mut Conn, ids: &BTreeSet<i64>, ranking: &Ranking) -> DbResult<()> {
    let mut found: Vec<VoteRow> = vec![];
    for ids in ids.iter().copied().collect::<Vec<_>>().chunks(VALUES) {
        let rows = votes::table.filter(votes::id.eq_any(ids)).select(VoteRow::as_select());
        found.extend(rows.load::<VoteRow>(conn).await?);
    }
    if found.is_empty() {
        return Ok(());
    }
    let rows: BTreeSet<i64> = found.iter().map(|vote| vote.build).collect();
    let mut batch = VoteBatch::lock(conn, &rows.iter().copied().collect::<Vec<_>>(), Locking::Wait).await?;
    batch.add_votes(found)?;
    batch.read_days(conn, &rows).await?;
    for row in rows {
        let removed: Vec<Change> = batch.votes_on(row).iter().cloned().map(Change::Delete).collect();
        batch.apply(row, &removed, ranking);
    }
    batch.store(conn).await
}

/// Deletes what was deleted at the source and is unchanged here.
pub async fn remove(
    conn: &mut Conn,
    table: Table,
    ids: Vec<i64>,
    ranking: Ranking,
    dry_run: bool,
) -> DbResult<BatchOutcome> {
    let done = transaction(conn, WriteOptions::default(), move |conn| {
        boxed(async move { remove_within(conn, table, &ids, &ranking, dry_run).await })
    });
    Ok(done.await?.executed()?)
}

async fn remove_within(
    conn: &mut Conn,
    table: Table,
    ids: &[i64],
    ranking: &Ranking,
    dry_run: bool,
) -> DbResult<BatchOutcome> {
    let records = load_records(conn, table, ids).await?;
    let targets: Vec<i64> = records.values().map(|it| it.target).collect();
    if !dry_run {
        let locked: Vec<i64> = match table {
            Table::Builds => targets.clone(),
            _ => {
                let of_votes = votes::table.filter(votes::id.eq_any(&targets));
                of_votes.select(votes::build).load(conn).await?
            }
        };
        lock_builds(conn, &locked.into_iter().collect()).await?;
    }
    let here = export_rows(conn, table, &targets).await?;
    let (mut outcome, mut removed, mut forgotten) = (BatchOutcome::default(), BTreeSet::new(), vec![]);
    for record in records.into_values() {
        match here.get(&record.target) {
            None => forgotten.push(record.legacy_id),
            Some(present) if record.is_unchanged(present, table) => {
                removed.insert(present.row);
                forgotten.push(record.legacy_id);
            }
            Some(present) => outcome.conflict(table, record.legacy_id, present.label(table), DELETED_THERE),
        }
    }
    outcome.removed = removed.len() as u64;
    if dry_run {
        if table == Table::Votes {
            outcome.foreseen.removed.extend(removed);
        }
        return Ok(outcome);
    }
    match table {
        Table::Builds => build_rows::remove(conn, &removed.into_iter().collect::<Vec<_>>()).await?,
        _ => remove_votes(conn, &removed, ranking).await?,
    }
    delete_records(conn, table, &forgotten).await?;
    Ok(outcome)
}
