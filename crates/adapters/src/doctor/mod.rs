//! The doctor compares derived data with what it is derived from, and repairs what differs.
//!
//! `findings` collects the differences; the modules in `queries/doctor` examine and repair, compiled once per database, and
//! `doctor_schema.rs` beside each dialect has what differs. Each examination reads one snapshot; each repair is a batch in a
//! transaction with the locks of a vote.

use myashes_domain::clock::Timestamp;
use myashes_domain::game::GamePack;

pub use crate::command_error::CommandError;
pub use crate::findings::{Check, Findings};

use crate::findings::Standard;
use crate::legacy::{ServiceDb, own};
use crate::storage::StorageOptions;

/// Builds that are looked at, or repaired, at a time.
const BATCH: usize = 500;

/// A connection to the database, and what its rows are held against.
pub struct Doctor<'a> {
    own: ServiceDb,
    standard: Standard<'a>,
}

impl<'a> Doctor<'a> {
    /// Connects.
    ///
    /// Searches before `searches_kept_since` may have been removed, so that the days before it are not compared. `None`
    /// when none are removed by age.
    ///
    /// # Errors
    /// When the database cannot be reached or is not migrated.
    pub async fn open(
        options: &StorageOptions,
        game: &'a GamePack,
        searches_kept_since: Option<Timestamp>,
    ) -> Result<Self, CommandError> {
        let own = ServiceDb::open(options).await?;
        Ok(Self { own, standard: Standard { game, ranking: options.ranking, searches_kept_since } })
    }

    /// Looks at everything and changes nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn examine(&mut self) -> Result<Findings, CommandError> {
        let standard = self.standard;
        let mut findings = Findings::default();
        own!(&mut self.own, conn, doctor::schema => schema::index(conn, &mut findings).await)?;
        own!(&mut self.own, conn, doctor::schema => schema::begin(conn).await)?;
        own!(&mut self.own, conn, doctor::upkeep => upkeep::examine(conn, standard, &mut findings).await)?;
        let mut after = i64::MIN;
        loop {
            let next = own!(&mut self.own, conn, doctor::builds => {
                builds::examine(conn, standard, after, BATCH, &mut findings).await
            })?;
            let Some(last) = next else { break };
            after = last;
        }
        own!(&mut self.own, conn, doctor::rollups => rollups::examine(conn, standard, &mut findings).await)?;
        own!(&mut self.own, conn, doctor::schema => schema::end(conn).await)?;
        Ok(findings)
    }

    /// Repairs the findings in an order in which an interrupted repair leaves the rest detectable.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn repair(&mut self, findings: &Findings) -> Result<(), CommandError> {
        let standard = self.standard;
        // Callers of a day that is missing have what the events do not say: they are no orphans once it is there again.
        for day in &findings.days {
            own!(&mut self.own, conn, doctor::rollups => rollups::repair(conn, *day).await)?;
        }
        own!(&mut self.own, conn, doctor::upkeep => upkeep::remove_orphans(conn, findings).await)?;
        for rows in findings.builds.chunks(BATCH) {
            own!(&mut self.own, conn, doctor::builds => builds::repair(conn, standard, rows).await)?;
        }
        own!(&mut self.own, conn, doctor::upkeep => upkeep::repair(conn, standard, findings).await)?;
        own!(&mut self.own, conn, doctor::schema => schema::repair_index(conn, findings).await)?;
        Ok(())
    }
}
