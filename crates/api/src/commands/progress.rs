//! A bar on standard error for commands that take long; nothing where that is no terminal.

use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};
use myashes_adapters::legacy::{Progress, Table};

/// The bar of the table that is being read.
#[derive(Default)]
pub struct Bar(Mutex<Option<ProgressBar>>);

impl Bar {
    fn with(&self, work: impl FnOnce(&mut Option<ProgressBar>)) {
        work(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Progress for Bar {
    fn begin(&self, table: Table, rows: u64) {
        let style = "{msg:18} {wide_bar} {human_pos}/{human_len} {per_sec:>12} {eta:>4}";
        let style = ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar());
        self.with(|bar| {
            *bar = Some(ProgressBar::new(rows).with_style(style).with_message(table.name()));
        });
    }

    fn advance(&self, rows: u64) {
        self.with(|bar| {
            if let Some(bar) = bar {
                bar.inc(rows);
            }
        });
    }

    fn end(&self) {
        self.with(|bar| {
            if let Some(bar) = bar.take() {
                bar.finish();
            }
        });
    }
}
