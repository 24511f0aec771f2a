//! A page of the source.

use super::rows::RawRow;
use crate::legacy_rows::{QuarantinedRow, Rows};

/// Rows of a page, sorted into those that can be imported and those that cannot.
pub(super) struct PageRows {
    pub rows: Rows,
    pub quarantined: Vec<QuarantinedRow>,
}

impl PageRows {
    /// Sorts rows by the result of `decide`; `None` skips a row.
    pub fn of<R: RawRow, T>(
        raws: &[R],
        rows: impl FnOnce(Vec<T>) -> Rows,
        mut decide: impl FnMut(&R) -> Option<Result<T, String>>,
    ) -> Self {
        let (mut importable, mut quarantined) = (Vec::with_capacity(raws.len()), vec![]);
        for raw in raws {
            match decide(raw) {
                Some(Ok(row)) => importable.push(row),
                Some(Err(reason)) => {
                    quarantined.push(QuarantinedRow { id: raw.id(), reason, contents: raw.contents() });
                }
                None => {}
            }
        }
        Self { rows: rows(importable), quarantined }
    }
}
