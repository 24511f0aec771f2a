//! The plans of the statements that lists really send, from PostgreSQL's own log: none may read a whole table. And how
//! the service decided to find each list, from its log.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use super::client::BenchClient;
use super::figures::{Figure, GoalBound};
use super::lists::Case;
use super::plan::Goal;
use super::service::LOG;
use super::stage::{BenchDatabase, BenchEnvironment, folder};

/// The tables that grow.
const LARGE: [&str; 7] =
    ["builds", "build_ranks", "build_tags", "votes", "vote_days", "searches", "search_days"];

const LOGGED: [(&str, &str); 5] = [
    ("session_preload_libraries", "'auto_explain'"),
    ("auto_explain.log_min_duration", "0"),
    ("auto_explain.log_format", "json"),
    ("auto_explain.log_nested_statements", "on"),
    ("log_min_messages", "log"),
];

/// Asks for each kind of list once, on much data, and counts what was read from end to end.
pub fn sequential_scans(
    stage: &BenchEnvironment,
    database: &BenchDatabase,
    of_what: &str,
    cases: &[Case],
    show_plans: bool,
) -> Result<Figure> {
    let name = &database.name;
    stage.server.query(&format!("ALTER ROLE postgres IN DATABASE {name} RESET ALL"))?;
    for (setting, value) in LOGGED {
        stage.server.query(&format!("ALTER ROLE postgres IN DATABASE {name} SET {setting} = {value}"))?;
    }
    let asked = ask(stage, database, cases);
    stage.server.query(&format!("ALTER ROLE postgres IN DATABASE {name} RESET ALL"))?;
    let scans = asked?;
    scans.iter().for_each(|scan| println!("  sequential scan: {scan}"));
    if show_plans {
        // Complete, since the service has stopped.
        let log = fs::read_to_string(folder().join(LOG)).context("cannot read the log of the service")?;
        for (case, plans) in cases.iter().zip(chosen(&log)) {
            println!("  plan for {}: {plans}", case.name);
        }
    }
    let work = format!("sequential scans in the plans of all of them{of_what}");
    Ok(Figure::plain(Goal::P6, &work, "plans", &[scans.len() as f64], GoalBound::AtMost(0.0)))
}

fn ask(stage: &BenchEnvironment, database: &BenchDatabase, cases: &[Case]) -> Result<Vec<String>> {
    let log = &folder().join("postgres/log");
    let service = stage.serve_logging(database, "debug")?;
    let mut client = BenchClient::connect(service.port)?;
    let mut found = Vec::new();
    let mut plans = 0;
    for case in cases {
        // The last variant, so that nothing about it is known from the measurement.
        let path = case.paths.last().context("a case without requests")?;
        let before = fs::metadata(log).map_or(0, |it| it.len() as usize);
        client.time(path)?;
        let text = fs::read(log).context("cannot read the log of PostgreSQL")?;
        let said = String::from_utf8_lossy(text.get(before..).unwrap_or_default()).into_owned();
        for plan in plans_in(&said) {
            plans += 1;
            let mut tables = BTreeSet::new();
            scanned(&plan, &mut tables);
            found.extend(
                tables.into_iter().map(|table| format!("{table} for {}: {}", case.name, statement(&plan))),
            );
        }
    }
    println!("  {plans} plans were looked at");
    anyhow::ensure!(plans >= cases.len() / 2, "the log of PostgreSQL holds only {plans} plans");
    Ok(found)
}

/// For each list that was asked for, what the service logged of its search: the plans in the order they were tried, of
/// the page and of the total.
fn chosen(log: &str) -> Vec<String> {
    let (mut all, mut tried) = (Vec::new(), Vec::new());
    for line in log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let of = |name: &str| line[name].as_str().unwrap_or_default();
        if of("message") == "finding builds" {
            let end = &line["page_end"];
            tried.push(format!("{} by {} up to {end}, {}", of("plan"), of("sort"), of("statistics")));
        } else if of("route").ends_with("/builds") {
            all.push(std::mem::take(&mut tried).join("; then "));
        }
    }
    all
}

/// The JSON documents in a log: each begins behind a line that ends in `plan:`, and is indented.
fn plans_in(log: &str) -> Vec<Value> {
    let mut plans = Vec::new();
    let mut lines = log.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.ends_with("plan:") {
            continue;
        }
        let mut document = String::new();
        while let Some(line) = lines.next_if(|line| line.starts_with('\t')) {
            document.push_str(line);
            document.push('\n');
        }
        plans.extend(serde_json::from_str::<Value>(&document).ok());
    }
    plans
}

/// The large tables that a plan reads from end to end.
fn scanned(plan: &Value, tables: &mut BTreeSet<String>) {
    match plan {
        Value::Object(node) => {
            let of = |name: &str| node.get(name).and_then(Value::as_str).unwrap_or_default();
            if of("Node Type") == "Seq Scan" && LARGE.contains(&of("Relation Name")) {
                tables.insert(of("Relation Name").to_owned());
            }
            node.values().for_each(|value| scanned(value, tables));
        }
        Value::Array(nodes) => nodes.iter().for_each(|value| scanned(value, tables)),
        _ => {}
    }
}

fn statement(plan: &Value) -> String {
    let text = plan["Query Text"].as_str().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "2026 LOG:  duration: 0.1 ms  plan:\n\t{\n\t  \"Query Text\": \"SELECT 1\",\n\t  \"Plan\": \
                       {\"Node Type\": \"Limit\", \"Plans\": [{\"Node Type\": \"Seq Scan\", \"Relation Name\": \
                       \"builds\"}, {\"Node Type\": \"Seq Scan\", \"Relation Name\": \"facets\"}]}\n\t}\n2026 LOG: x\n";

    #[test]
    fn a_scan_of_a_table_that_grows_is_found_within_a_plan() {
        let plans = plans_in(LOG);
        let mut tables = BTreeSet::new();
        scanned(&plans[0], &mut tables);
        assert_eq!((plans.len(), tables.into_iter().collect::<Vec<_>>()), (1, vec!["builds".to_owned()]));
        assert_eq!(statement(&plans[0]), "SELECT 1");
    }

    #[test]
    fn the_plans_of_a_list_are_those_logged_before_its_answer() {
        let log = r#"{"message":"finding builds","plan":"Small","statistics":"few","sort":"Newest","page_end":21}
            {"message":"finding builds","plan":"Scan","statistics":"few","sort":"Newest","page_end":21}
            {"message":"request","route":"/api/v1/builds","status":200}
            {"message":"request","route":"/api/v1/builds","status":200}"#;
        let plans = ["Small by Newest up to 21, few; then Scan by Newest up to 21, few", ""];
        assert_eq!(chosen(log), plans);
    }

    #[test]
    fn an_index_scan_is_none() {
        let plans = plans_in(&LOG.replace("Seq Scan", "Index Scan"));
        let mut tables = BTreeSet::new();
        scanned(&plans[0], &mut tables);
        assert!(tables.is_empty());
    }
}
