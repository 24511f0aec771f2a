//! Floors of searches: a first page and its total as raw SQL through pgbench, in each of the ways that PostgreSQL has.
//! The quickest counts.

use std::fmt::Write as _;

use anyhow::{Context, Result, anyhow, bail};
use myashes_domain::text::SearchTerm;
use url::form_urlencoded;

use super::figures::quantile;
use super::floor;
use super::stage::BenchDatabase;

/// Requests of a list whose floor is measured.
const TRANSACTIONS: u64 = 20;

/// Milliseconds that a statement may take where none of the ways keeps to a multiple of the service's slowest request.
const LONGEST: f64 = 5_000.0;

/// Builds that are ranked by relevance, by their texts.
const RANKED: u32 = 200;
const PAGE: u32 = 21;

const PUBLIC: &str = "b.visibility = 'public' AND NOT b.hidden";

/// A term, for the index of texts, and for rows that are at hand.
const INDEXED: &str = "b.search_text LIKE '%' || :search || '%'";
const COMPARED: &str = "strpos(b.search_text, :search) > 0";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// What the planner takes for the quickest.
    Planner,
    /// The rows in the order of the sort's index.
    InOrder,
    /// The builds from the last row number on, which is the order of their creation, where that is asked for.
    Backwards,
    /// Everything that matches, by its own index, sorted.
    Collected,
}

impl Way {
    const ALL: [Self; 4] = [Self::Planner, Self::InOrder, Self::Backwards, Self::Collected];

    /// What leaves the planner no other way.
    fn switched_off(self) -> &'static [&'static str] {
        match self {
            Self::Planner => &[],
            Self::InOrder | Self::Backwards => &["bitmapscan", "seqscan", "sort", "hashjoin", "mergejoin"],
            Self::Collected => &["seqscan"],
        }
    }
}

/// A condition, and whether it is one of the score rows (`r`) or of the builds (`b`).
fn condition(name: &str) -> Result<(&'static str, bool)> {
    Ok(match name {
        "search" => (INDEXED, false),
        "tag" => ("b.id IN (SELECT build FROM build_tags WHERE tag = :tag)", false),
        "creator" => ("b.steam_id = :creator", false),
        "primary_archetype" => {
            ("r.facet IN (SELECT id FROM facets WHERE primary_archetype = :primary_archetype)", true)
        }
        "race" => ("r.facet IN (SELECT id FROM facets WHERE race = :race)", true),
        _ => bail!("no SQL for the filter {name}"),
    })
}

/// Milliseconds that requests of the same filters and sort take in the quickest way, if the service took so many at most. What
/// pgbench needs for a transaction without these statements is taken off. The total is left out where the service knows
/// without counting that more match than are counted.
pub fn times(
    database: &BenchDatabase,
    paths: &[String],
    (slowest, with_total): (f64, bool),
) -> Result<Vec<f64>> {
    let mut refused = anyhow!("there are no ways");
    for timeout in [(3.0 * slowest).max(100.0), LONGEST] {
        let settings = format!("-c plan_cache_mode=force_custom_plan -c statement_timeout={timeout:.0}");
        let mut quickest: Option<Vec<f64>> = None;
        for way in Way::ALL {
            let Some((script, idle)) = scripts(paths, way, with_total)? else { continue };
            match floor::times(database, &script, &settings, TRANSACTIONS) {
                Ok(mut times) => {
                    let median = |times: &[f64]| quantile(times, 0.5);
                    let idle = median(&floor::times(database, &idle, &settings, TRANSACTIONS)?);
                    times.iter_mut().for_each(|time| *time = (*time - idle).max(0.0));
                    if quickest.as_ref().is_none_or(|known| median(&times) < median(known)) {
                        quickest = Some(times);
                    }
                }
                Err(error) => refused = error,
            }
        }
        if let Some(times) = quickest {
            return Ok(times);
        }
    }
    Err(refused)
}

/// A transaction of pgbench: one of the requests, drawn anew each time; and the same without its statements. `None` where this is
/// no way.
fn scripts(paths: &[String], way: Way, with_total: bool) -> Result<Option<(String, String)>> {
    let queries: Vec<Vec<(String, String)>> =
        paths.iter().map(|path| filters(path)).collect::<Result<_>>()?;
    let first = queries.first().context("no requests")?;
    let (sort, first) = first.split_first().context("no sort")?;
    let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
    let row = |query: &Vec<(String, String)>| {
        let values = query.iter().skip(1).map(|(_, value)| format!("'{}'", value.replace('\'', "''")));
        format!("({})", values.collect::<Vec<_>>().join(", "))
    };
    let rows: Vec<String> = queries.iter().map(row).collect();
    let columns = names.iter().enumerate().map(|(n, name)| format!("column{} AS {name}", n + 1));
    let mut script = format!(
        "\\set n random(1, {})\nSELECT {} FROM (VALUES {}) given OFFSET :n - 1 LIMIT 1 \\gset\nBEGIN;\n",
        rows.len(),
        columns.collect::<Vec<_>>().join(", "),
        rows.join(", ")
    );
    for switched_off in way.switched_off() {
        writeln!(script, "SET LOCAL enable_{switched_off} = off;")?;
    }
    let conditions: Vec<(&str, bool)> = names.iter().map(|name| condition(name)).collect::<Result<_>>()?;
    let of = |ranks: bool| -> String {
        let some = conditions.iter().filter(|(_, of_ranks)| *of_ranks == ranks);
        some.map(|(condition, _)| format!(" AND {condition}")).collect()
    };
    let (of_builds, of_ranks) = (of(false), of(true));
    let (rank, limit, columns) = match sort.1.as_str() {
        "newest" => ("", PAGE, ""),
        "rating" => ("r.bayesian DESC, ", PAGE, ""),
        "popular" => ("r.vote_count DESC, ", PAGE, ""),
        "trending" => ("r.trend DESC, ", PAGE, ""),
        "relevance" => ("r.bayesian DESC, ", RANKED, ", b.search_text, b.tags"),
        other => bail!("no SQL for the sort {other}"),
    };
    if way == Way::Backwards && (sort.1 != "newest" || !of_ranks.is_empty()) {
        return Ok(None);
    }
    let idle = format!("{script}END;\n");
    let order = format!("ORDER BY {rank}r.created_at DESC, r.build DESC LIMIT {limit}");
    let joined = "build_ranks r JOIN builds b ON b.id = r.build";
    match way {
        Way::Collected => writeln!(
            script,
            "WITH found AS MATERIALIZED (SELECT * FROM builds b WHERE {PUBLIC}{of_builds}) SELECT r.build{columns} FROM \
             build_ranks r JOIN found b ON b.id = r.build WHERE r.listed{of_ranks} {order};"
        )?,
        Way::Planner => writeln!(
            script,
            "SELECT r.build{columns} FROM {joined} WHERE r.listed AND {PUBLIC}{of_builds}{of_ranks} {order};"
        )?,
        Way::InOrder => writeln!(
            script,
            "SELECT r.build{columns} FROM {joined} WHERE r.listed AND {PUBLIC}{}{of_ranks} {order};",
            of_builds.replace(INDEXED, COMPARED)
        )?,
        Way::Backwards => writeln!(
            script,
            "SELECT b.id FROM builds b WHERE {PUBLIC}{} ORDER BY b.id DESC LIMIT {limit};",
            of_builds.replace(INDEXED, COMPARED)
        )?,
    }
    script.push_str("END;\n");
    // Of what is ranked, the total follows.
    if with_total && sort.1 != "relevance" {
        let from = if of_ranks.is_empty() { "builds b" } else { joined };
        writeln!(
            script,
            "SELECT count(*) FROM (SELECT FROM {from} WHERE {PUBLIC}{of_builds}{of_ranks} LIMIT 1001) counted;"
        )?;
    }
    Ok(Some((script, idle)))
}

/// Names and values of a list's path, the terms as they stand in searched texts.
fn filters(path: &str) -> Result<Vec<(String, String)>> {
    let (_, query) = path.split_once('?').context("a list without a query")?;
    let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
    pairs
        .map(|(name, value)| {
            if name != "search" {
                return Ok((name, value));
            }
            let term = SearchTerm::parse(&value).ok().flatten().context("no term")?;
            Ok((name, term.needle().to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_asks_for_what_the_service_is_asked_for() {
        let paths =
            ["a%20b", "it%27s"].map(|term| format!("/api/v1/builds?sort=rating&search={term}&race=vek"));
        let script = |way, with_total| scripts(&paths, way, with_total).unwrap().map(|(script, _)| script);
        let collected = script(Way::Collected, true).unwrap();
        assert!(
            collected.contains("SELECT column1 AS search, column2 AS race FROM (VALUES ('a  b', 'vek'), ")
        );
        assert!(collected.contains("SET LOCAL enable_seqscan = off;"));
        assert!(collected.contains("ORDER BY r.bayesian DESC, r.created_at DESC, r.build DESC LIMIT 21;"));
        assert!(collected.contains(INDEXED) && collected.contains("LIMIT 1001) counted"));
        assert!(script(Way::InOrder, false).unwrap().contains(COMPARED));
        assert!(!script(Way::Planner, false).unwrap().contains("SET LOCAL"));
        assert_eq!(script(Way::Backwards, false), None, "they are not asked for by creation");
        let unknown = ["/api/v1/builds?sort=rating&class_name=x".to_owned()];
        assert!(scripts(&unknown, Way::Planner, false).is_err());
    }
}
