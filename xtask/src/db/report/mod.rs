//! `cargo xtask db report`: how a database is, in figures that call for something when they are bad.

mod queries;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use super::Database;
use super::connection::Connection;
use super::sqlite;
use crate::bench::report::columns;
use crate::flags::{DbReportFlags, ReportKind};

pub fn run(flags: &DbReportFlags) -> Result<()> {
    let report = match Database::of(&flags.env)? {
        Database::Postgres(connection) => of_postgres(&connection, flags.kind)?,
        Database::Sqlite(path) => of_sqlite(&path, flags.kind)?,
    };
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", readable(&report));
    }
    Ok(())
}

fn of_postgres(connection: &Connection, kind: ReportKind) -> Result<Value> {
    let mut sections = Map::new();
    for (name, sql) in queries::of(kind) {
        let text = connection.query(sql).with_context(|| format!("cannot report {name}"))?;
        let text = if text.is_empty() { "null" } else { text.as_str() };
        sections.insert(
            (*name).to_owned(),
            serde_json::from_str(text).with_context(|| format!("{name}: {text}"))?,
        );
    }
    if kind == ReportKind::Performance {
        sections.insert("slow_statements".into(), slow_statements(connection)?);
    }
    Ok(Value::Object(sections))
}

/// Only where the extension is there; the report says how to get it otherwise.
fn slow_statements(connection: &Connection) -> Result<Value> {
    let there =
        connection.query("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_stat_statements')")?;
    if there != "t" {
        return Ok(json!(
            "not known: the extension pg_stat_statements is not installed (db init creates it)"
        ));
    }
    match connection.query(queries::SLOW_STATEMENTS) {
        Ok(text) => Ok(serde_json::from_str(&text)?),
        // It has to be preloaded by the server, too.
        Err(error) => Ok(json!(format!("not known: {error:#}"))),
    }
}

fn of_sqlite(path: &std::path::Path, kind: ReportKind) -> Result<Value> {
    let connection = sqlite::open(path)?;
    let number = |pragma: &str| -> Result<i64> {
        Ok(connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))?)
    };
    let text = |pragma: &str| -> Result<String> {
        Ok(connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))?)
    };
    let (pages, size, free) = (number("page_count")?, number("page_size")?, number("freelist_count")?);
    let file =
        json!({"bytes": pages * size, "free_bytes": free * size, "journal_mode": text("journal_mode")?});
    if kind == ReportKind::Health {
        return Ok(json!({"file": file, "check": text("quick_check(1)")?}));
    }
    if kind == ReportKind::Activity {
        let text: String = connection.query_row(queries::SQLITE_ACTIVITY, [], |row| row.get(0))?;
        return Ok(json!({"activity": serde_json::from_str::<Value>(&text)?}));
    }
    let mut names = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1",
    )?;
    let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut tables = Vec::new();
    for name in names {
        let count = format!("SELECT count(*) FROM \"{}\"", name.replace('"', "\"\""));
        let rows: i64 = connection.query_row(&count, [], |row| row.get(0))?;
        tables.push(json!({"table": name, "rows": rows}));
    }
    Ok(json!({"file": file, "tables": tables}))
}

/// Sections with their figures; a list of rows is a table.
fn readable(report: &Value) -> String {
    let mut text = String::new();
    for (name, section) in report.as_object().into_iter().flatten() {
        text.push_str(&format!("{}\n", name.replace('_', " ")));
        match section {
            Value::Array(rows) if rows.is_empty() => text.push_str("  none\n"),
            Value::Array(rows) => text.push_str(&table(rows)),
            Value::Object(figures) => {
                for (name, figure) in figures {
                    text.push_str(&format!("  {:<32} {}\n", name.replace('_', " "), plain(figure)));
                }
            }
            Value::Null => text.push_str("  none\n"),
            other => text.push_str(&format!("  {}\n", plain(other))),
        }
        text.push('\n');
    }
    text
}

fn table(rows: &[Value]) -> String {
    let mut names: Vec<&String> = Vec::new();
    for name in rows.iter().filter_map(Value::as_object).flat_map(Map::keys) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let cells = |row: &Value| names.iter().map(|name| plain(&row[name.as_str()])).collect::<Vec<_>>();
    let mut lines: Vec<Vec<String>> = vec![names.iter().map(|name| name.replace('_', " ")).collect()];
    lines.extend(rows.iter().map(cells));
    columns(&lines).lines().map(|line| format!("  {line}\n")).collect()
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Null => "-".into(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::readable;

    #[test]
    fn figures_stand_below_their_section_and_rows_are_a_table() {
        let report = json!({
            "connections": {"in_use": 3},
            "unused_indexes": [{"index": "a", "bytes": 10}, {"index": "longer", "bytes": null}],
            "waiting": [],
        });
        let expected = "connections\n  in use                           3\n\n\
            unused indexes\n  bytes  index\n  10     a\n  -      longer\n\nwaiting\n  none\n\n";
        assert_eq!(readable(&report), expected);
    }
}
