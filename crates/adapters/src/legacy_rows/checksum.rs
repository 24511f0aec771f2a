//! Digests by which a row of the Python service is compared with the row here that was made of it. They cover the
//! columns that both databases have, in the form of the older one.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::export_row::{Cell, ExportRow, cell, naive};
use super::imported::{ImportedBuild, ImportedFeedback, ImportedSearch, ImportedVote};
use super::table::Table;
use crate::sql::schema::import_rows;

pub type Checksum = [u8; 16];

/// A build or a vote of the source.
pub trait SourceRow {
    const TABLE: Table;
    /// Its numeric id there.
    fn legacy_id(&self) -> i64;
    fn checksum(&self) -> Checksum;
}

/// What an import has recorded of a row when it was equal on both sides.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = import_rows)]
pub struct ImportedRow {
    pub legacy_id: i64,
    /// Its row number here.
    pub target: i64,
    /// Of a build: how often its owner had changed it.
    pub revision: i64,
    pub checksum: Vec<u8>,
}

impl ImportedRow {
    pub fn of<T: SourceRow>(imported: &T, target: i64, revision: i64) -> Self {
        Self { legacy_id: imported.legacy_id(), target, revision, checksum: imported.checksum().to_vec() }
    }

    /// Whether the row here is still as it was recorded.
    #[must_use]
    pub fn is_unchanged(&self, row: &ExportRow, table: Table) -> bool {
        row.revision == self.revision && row.checksum(table) == *self.checksum
    }
}

/// The columns that a checksum covers. Aggregates follow from votes, and reviews of feedback are made on either side.
fn columns(table: Table) -> &'static [&'static str] {
    match table {
        Table::Builds => &[
            "build_id",
            "name",
            "description",
            "primary_archetype",
            "secondary_archetype",
            "class_name",
            "race",
            "is_public",
            "is_template",
            "session_id",
            "player_id",
            "steam_id",
            "steam_display_name",
            "created_at",
        ],
        Table::Votes => &["build_id", "session_id", "player_id", "rating", "created_at"],
        Table::Feedback => &[
            "feedback_id",
            "query",
            "response_snippet",
            "search_mode",
            "rating",
            "comment",
            "session_id",
            "created_at",
        ],
        Table::Searches => &["query", "search_mode", "result_count", "session_id", "created_at"],
    }
}

fn checksum(table: Table, cells: &[Cell]) -> Checksum {
    let mut digest = Sha256::new();
    for column in columns(table) {
        let value = cells.iter().find(|(name, _)| name == column).and_then(|(_, value)| value.as_deref());
        // The length separates the values, and nothing from an empty text.
        digest.update(value.map_or(u64::MAX, |value| value.len() as u64).to_be_bytes());
        digest.update(value.unwrap_or_default());
    }
    let mut checksum = Checksum::default();
    checksum.copy_from_slice(&digest.finalize()[..16]);
    checksum
}

impl ExportRow {
    #[must_use]
    pub fn checksum(&self, table: Table) -> Checksum {
        checksum(table, &self.cells)
    }
}

impl SourceRow for ImportedBuild {
    const TABLE: Table = Table::Builds;

    fn legacy_id(&self) -> i64 {
        self.legacy_id
    }

    fn checksum(&self) -> Checksum {
        let (it, content, owner) = (&self.build, &self.build.content, &self.build.owner);
        let cells = [
            cell("build_id", &it.id),
            cell("name", &content.name),
            ("description", content.description.clone()),
            cell("primary_archetype", &content.primary_archetype),
            cell("secondary_archetype", &content.secondary_archetype),
            cell("class_name", &content.class_name),
            cell("race", &content.race),
            cell("is_public", content.visibility.is_listed(false)),
            cell("is_template", it.is_template),
            cell("session_id", owner.session.map(|session| hex::encode(session.0)).unwrap_or_default()),
            ("player_id", owner.player_id.clone()),
            ("steam_id", owner.steam_id.clone()),
            ("steam_display_name", owner.display_name.clone()),
            cell("created_at", naive(it.created_at)),
        ];
        checksum(Table::Builds, &cells)
    }
}

impl SourceRow for ImportedVote {
    const TABLE: Table = Table::Votes;

    fn legacy_id(&self) -> i64 {
        self.legacy_id
    }

    fn checksum(&self) -> Checksum {
        let cells = [
            cell("build_id", &self.build),
            cell("session_id", hex::encode(self.vote.session.0)),
            ("player_id", self.vote.player_id.clone()),
            cell("rating", self.vote.rating.stars()),
            cell("created_at", naive(self.vote.cast_at)),
        ];
        checksum(Table::Votes, &cells)
    }
}

impl ImportedFeedback {
    #[must_use]
    pub fn checksum(&self) -> Checksum {
        let (it, draft) = (&self.feedback, &self.feedback.draft);
        let cells = [
            cell("feedback_id", &it.id),
            cell("query", &draft.query),
            cell("response_snippet", &draft.response_snippet),
            cell("search_mode", draft.search_mode.into_str()),
            cell("rating", draft.rating.into_str()),
            ("comment", draft.comment.clone()),
            cell("session_id", hex::encode(it.session.0)),
            cell("created_at", naive(it.received_at)),
        ];
        checksum(Table::Feedback, &cells)
    }
}

impl ImportedSearch {
    #[must_use]
    pub fn checksum(&self) -> Checksum {
        let it = &self.record;
        let cells = [
            cell("query", it.query.text()),
            cell("search_mode", it.search_mode.into_str()),
            cell("result_count", it.result_count),
            cell("session_id", hex::encode(it.session.0)),
            cell("created_at", naive(it.at)),
        ];
        checksum(Table::Searches, &cells)
    }
}
