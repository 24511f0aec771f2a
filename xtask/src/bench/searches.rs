//! P10 and P11: searches and suggestions under load, by terms as people type them. Few terms make up most searches.

use anyhow::{Context, Result, ensure};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::creates::while_creating;
use super::figures::{Figure, GoalBound, shown};
use super::floor::{self, Work};
use super::load::{self, CLIENTS, Kind};
use super::plan::Goal;
use super::stage::{BenchDatabase, BenchEnvironment};
use super::{Figures, print_rate};

/// How many terms are drawn from.
pub const TERMS: usize = 10_000;

/// Beginnings of the names of public builds, the most frequent first.
const BEGINNINGS: &str = "SELECT term FROM (SELECT rtrim(left(lower(name), 3 + (hashint8(id) & 2147483647) % \
    greatest(length(name) - 2, 1))) AS term FROM builds WHERE visibility = 'public') beginnings \
    GROUP BY term ORDER BY count(*) DESC, md5(term) LIMIT ";

/// The same as they stand in searched texts, for pgbench.
const TERMS_OF_FLOOR: &str = "CREATE TABLE bench_terms AS SELECT row_number() OVER () AS n, replace(term, ' ', '  ') AS \
    needle FROM (";

/// So many that a round of searches does not use up its part.
const MOST_TERMS: usize = 300_000;

pub fn lists(stage: &BenchEnvironment) -> Figures {
    stage.on_large_copy(|database| {
        let paths = paths(database, MOST_TERMS)?;
        database.connection.query(&format!("{TERMS_OF_FLOOR}{BEGINNINGS}{MOST_TERMS}) terms"))?;
        database.connection.query("ALTER TABLE bench_terms ADD PRIMARY KEY (n)")?;
        database.connection.query("CREATE SEQUENCE bench_terms_used MINVALUE 0")?;
        let often = &paths[..TERMS.min(paths.len())];
        let work = format!("GET /builds?search=, {} terms by Zipf", shown(often.len() as f64));
        let floor = |_| Work::SearchByZipf(often.len() as u64);
        let mut figures = measure(stage, database, &work, (1_500.0, floor), |_| Kind::Zipf(often))?;

        // Every round has terms of its own, of all frequencies.
        let rounds = stage.plan.rounds;
        let parts: Vec<Vec<String>> =
            (0..rounds).map(|round| paths.iter().skip(round).step_by(rounds).cloned().collect()).collect();
        let work = "GET /builds?search=, each term once";
        let floor = |round| Work::SearchOnce { first: round as u64 + 1, step: rounds as u64 };
        figures.extend(measure(stage, database, work, (300.0, floor), |round| Kind::Once(&parts[round]))?);
        Ok(figures)
    })
}

/// Searches for terms as people type them, the most frequent first.
pub fn paths(database: &BenchDatabase, most: usize) -> Result<Vec<String>> {
    Ok(terms(database, most)?.iter().map(|term| path("/api/v1/builds?search=", term)).collect())
}

/// Searches on a service that knows no term yet.
fn measure<'a>(
    stage: &BenchEnvironment,
    database: &BenchDatabase,
    work: &str,
    (least, floor_of): (f64, impl Fn(usize) -> Work),
    kind: impl Fn(usize) -> Kind<'a>,
) -> Figures {
    let service = stage.serve(database)?;
    let (mut rates, mut slowest, mut creates) = (Vec::new(), Vec::new(), Vec::new());
    let mut floor = Vec::new();
    for round in 0..stage.plan.rounds {
        stage.settle()?;
        database.connection.query("ALTER SEQUENCE bench_terms_used RESTART WITH 0")?;
        let rate = floor::measure(database, floor_of(round), CLIENTS, stage.plan.seconds)?;
        floor.push(print_rate(round, "pgbench", rate));
        let kind = kind(round);
        let send = || load::send(service.port, kind, CLIENTS, stage.plan.seconds);
        let (outcome, created) = while_creating(service.port, send)?;
        if let Kind::Once(paths) = kind {
            let left = (paths.len() as u64).checked_sub(outcome.answers + CLIENTS);
            ensure!(left.is_some(), "{} terms are too few for each to be used once", paths.len());
        }
        rates.push(print_rate(round, work, outcome.per_second));
        slowest.push(outcome.p99);
        creates.push(created);
    }
    let goal = Goal::P10;
    let mut figures = vec![
        Figure::plain(goal, work, "/s", &rates, GoalBound::AtLeast(least)),
        Figure::compared(
            goal,
            &format!("{work}; floor: pgbench, PostgreSQL's own plans"),
            "/s",
            &rates,
            &floor,
            GoalBound::AtLeast(0.7),
        ),
        Figure::plain(goal, &format!("{work}: creates meanwhile"), "/s", &creates, GoalBound::AtLeast(19.0)),
    ];
    if matches!(kind(0), Kind::Zipf(_)) {
        let work = format!("{work}, 99 of 100");
        figures.push(Figure::plain(goal, &work, "ms", &slowest, GoalBound::AtMost(60.0)));
    }
    Ok(figures)
}

pub fn suggestions(stage: &BenchEnvironment) -> Figures {
    let database = stage.kept(stage.plan.large);
    let paths = typed_paths(&database)?;
    let service = stage.serve(&database)?;
    let (mut rates, mut slowest) = (Vec::new(), Vec::new());
    for round in 0..stage.plan.rounds {
        let outcome = load::send(service.port, Kind::Zipf(&paths), CLIENTS, stage.plan.seconds)?;
        rates.push(print_rate(round, "service", outcome.per_second));
        slowest.push(outcome.p99);
    }
    let work = Goal::P11.request();
    let p99 = format!("{work}, 99 of 100");
    Ok(vec![
        Figure::plain(Goal::P11, work, "/s", &rates, GoalBound::AtLeast(2_000.0)),
        Figure::plain(Goal::P11, &p99, "ms", &slowest, GoalBound::AtMost(10.0)),
    ])
}

/// Suggestions for what was typed so far of terms, the most frequent first.
pub fn typed_paths(database: &BenchDatabase) -> Result<Vec<String>> {
    let terms = terms(database, TERMS)?;
    let typed = |(rank, term): (usize, &String)| path("/api/v1/builds/suggest?q=", typed(term, rank));
    Ok(terms.iter().enumerate().map(typed).collect())
}

/// What of a term is typed so far: one to ten characters.
fn typed(term: &str, rank: usize) -> &str {
    let end = term.char_indices().nth(rank % 10 + 1).map_or(term.len(), |(end, _)| end);
    term[..end].trim_end()
}

fn terms(database: &BenchDatabase, most: usize) -> Result<Vec<String>> {
    let found = database.connection.query(&format!("{BEGINNINGS}{most}")).context("the terms")?;
    Ok(found.lines().map(str::to_owned).collect())
}

fn path(before: &str, term: &str) -> String {
    format!("{before}{}", utf8_percent_encode(term, NON_ALPHANUMERIC))
}

#[cfg(test)]
mod tests {
    use super::{path, typed};

    #[test]
    fn a_term_is_typed_letter_by_letter() {
        assert_eq!(typed("moonlit otter", 0), "m");
        assert_eq!(typed("moonlit otter", 7), "moonlit");
        assert_eq!(typed("wolf", 9), "wolf");
        assert_eq!(path("/x?q=", "py'rai of"), "/x?q=py%27rai%20of");
    }
}
