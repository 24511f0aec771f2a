//! Admins, reports about builds, and the audit log.

use serde_json::Value;

use crate::builds::BuildSummary;
use crate::clock::Timestamp;
use crate::error::FieldError;
use crate::ids::{BuildId, ReportId};
use crate::text::bounded_visible;
use crate::write_options::AuditEntry;

/// Proof that the caller is an admin: only [`Admin::by_token`] and [`Admin::player`] make one, and every
/// admin operation asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admin {
    actor: String,
}

impl Admin {
    /// For a caller who showed the operator's admin token.
    #[must_use]
    pub fn by_token() -> Self {
        Self { actor: "token:admin".into() }
    }

    /// For a verified player with the role, or on the operator's list.
    #[must_use]
    pub fn player(player_id: &str) -> Self {
        Self { actor: format!("player:{player_id}") }
    }

    /// As the audit log names this admin.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// Returns a line for the audit log with this admin as the actor. `details` is a JSON object.
    #[must_use]
    pub fn entry(&self, at: Timestamp, action: &'static str, target: &str, details: Value) -> AuditEntry {
        let (actor, action, target) = (self.actor.clone(), action.into(), target.to_owned());
        AuditEntry { at, actor, action, target, details }
    }
}

/// The reason of a report about a build, or of what an admin does to one: 1 to 500 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// The most characters of a reason, after trimming.
    pub const MAX: usize = 500;

    /// Parses a reason.
    ///
    /// # Errors
    /// A validation error on `reason` when it is empty, too long, holds NUL, or has no visible character.
    pub fn parse(raw: &str) -> Result<Self, FieldError> {
        bounded_visible("reason", raw, Self::MAX).map(Self)
    }

    /// Returns the trimmed text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A report about a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The public id.
    pub id: ReportId,
    /// The id of the reported build.
    pub build: BuildId,
    /// Why it was reported, in the caller's words.
    pub reason: String,
    /// When it was filed.
    pub reported_at: Timestamp,
    /// When an admin closed it; `None` while it is open.
    pub resolved_at: Option<Timestamp>,
}

/// A filter for an admin's list of builds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdminBuildFilter {
    /// Only builds with, or without, an open report.
    pub reported: Option<bool>,
}

/// A build as an admin sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminBuild {
    /// What lists show of it; it may be private or hidden.
    pub build: BuildSummary,
    /// Reports about it that are not resolved.
    pub open_reports: u64,
}
