//! What is measured, on how much data, for how long and how often.

use std::fmt;

use clap::ValueEnum;

/// The goals for speed, as docs/BENCHMARKS.md lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum Goal {
    P1,
    P2,
    P3,
    P4,
    P5,
    P6,
    P7,
    P8,
    P9,
    P10,
    P11,
    P12,
    P13,
    L1,
}

impl Goal {
    pub fn work(self) -> &'static str {
        match self {
            Self::P1 => "GET /builds/{id}, 100 hot builds, against a bare server",
            Self::P2 => "GET /builds/{id}, any build, against pgbench's select by key",
            Self::P3 => "POST /analytics/search, against pgbench's single-row insert",
            Self::P4 => "POST /builds/{id}/vote over 1,000 builds, against pgbench's insert and update",
            Self::P5 => "POST /builds/{id}/vote on one build, against pgbench's insert and update",
            Self::P6 => "first pages of GET /builds, much data against little, and unkind data",
            Self::P7 => "popular queries and builds, much data against little",
            Self::P8 => "start and memory",
            Self::P9 => "SQLite against PostgreSQL",
            Self::P10 => "GET /builds?search= while builds are created",
            Self::P11 => "GET /builds/suggest",
            Self::P12 => "pages and card images",
            Self::P13 => "POST /builds on much data, against pgbench with the same rows and indexes",
            Self::L1 => "seven tenths of the requests that can be answered, and twice as many",
        }
    }

    /// The request that P3 to P5, P10, P11 and P13 are about.
    pub fn request(self) -> &'static str {
        self.work().split_once(", against").map_or(self.work(), |(request, _)| request)
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// How much is in a database: builds, and as many votes and searches as belong to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub builds: u64,
    pub events: u64,
}

impl Size {
    const fn of(builds: u64) -> Self {
        Self { builds, events: 5 * builds }
    }

    /// How many builds are public and get votes; the last ones are private.
    pub const fn visible(self) -> u64 {
        self.builds / 100 * 96
    }

    /// The name of the database that holds it.
    pub fn database(self) -> String {
        format!("bench_{}", self.builds)
    }

    /// The name of the database with as many builds that are unkind to searches.
    pub fn unkind_database(self) -> String {
        format!("bench_unkind_{}", self.builds)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub quick: bool,
    pub small: Size,
    pub large: Size,
    pub rounds: usize,
    /// How long one measurement under load takes.
    pub seconds: u32,
    /// Requests of each kind of list, on each size.
    pub samples: usize,
    pub starts: usize,
    /// Seconds at seven tenths of what can be answered, and at twice as much.
    pub sustained: u32,
    pub overload: u32,
    /// Unkind builds in a SQLite database, and invented ones in another.
    pub embedded: Size,
    pub demo_builds: u32,
}

impl Plan {
    pub const fn full() -> Self {
        Self {
            quick: false,
            small: Size::of(10_000),
            large: Size::of(1_000_000),
            rounds: 5,
            seconds: 8,
            samples: 120,
            starts: 15,
            sustained: 600,
            overload: 120,
            embedded: Size::of(100_000),
            demo_builds: 2_000,
        }
    }

    /// Some minutes, for a first look.
    pub const fn quick() -> Self {
        Self {
            quick: true,
            small: Size::of(10_000),
            large: Size::of(100_000),
            rounds: 2,
            seconds: 2,
            samples: 16,
            starts: 5,
            sustained: 10,
            overload: 10,
            embedded: Size::of(10_000),
            demo_builds: 500,
        }
    }

    pub fn name(self) -> &'static str {
        if self.quick { "quick" } else { "full" }
    }
}
