//! Names that operators and clients depend on, in one list: renaming one is a decision that changes the list.

use std::collections::BTreeSet;

use myashes_api::metrics;
use myashes_api::settings::VARIABLES;

const SCHEMA: &str = include_str!("../../../adapters/src/sql/schema.rs");
const ERRORS: &str = include_str!("../../src/error.rs");
const DOCUMENT: &str = include_str!("../../../../docs/openapi.json");
const REDIS: [&str; 2] = [
    include_str!("../../../adapters/src/redis/limits.rs"),
    include_str!("../../../adapters/src/redis/rights.rs"),
];
const LOG_TARGETS: [&str; 2] =
    [include_str!("../../src/http/request_middleware.rs"), include_str!("../../src/trace.rs")];

/// The first string literal of each part of the source that follows `mark`.
fn literals_after<'a>(source: &'a str, mark: &str) -> impl Iterator<Item = &'a str> {
    source.split(mark).skip(1).filter_map(|rest| rest.split('"').nth(1))
}

/// String literals that begin with `prefix`, up to their first parameter.
fn literals_with<'a>(sources: &[&'a str], prefix: &str) -> BTreeSet<&'a str> {
    let literals = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
    let named = literals.filter(|literal| literal.starts_with(prefix));
    named.map(|literal| literal.split('{').next().unwrap_or_default()).collect()
}

/// `table.column`, from the declarations for diesel.
fn columns() -> BTreeSet<String> {
    let mut table = "";
    let mut columns = BTreeSet::new();
    for line in SCHEMA.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
            table = name;
        } else if let Some((column, _)) = line.split_once(" -> ").filter(|_| line.ends_with(',')) {
            columns.insert(format!("{table}.{column}"));
        }
    }
    columns
}

/// The names of all properties in the schemas of the OpenAPI document.
fn json_fields(value: &serde_json::Value, fields: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(members) => {
            if let Some(properties) = members.get("properties").and_then(|it| it.as_object()) {
                fields.extend(properties.keys().cloned());
            }
            members
                .iter()
                .filter(|(name, _)| *name != "examples")
                .for_each(|(_, it)| json_fields(it, fields));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|it| json_fields(it, fields)),
        _ => {}
    }
}

fn listed<T: AsRef<str>>(title: &str, names: impl IntoIterator<Item = T>) -> String {
    let names: BTreeSet<String> = names.into_iter().map(|it| it.as_ref().to_owned()).collect();
    assert!(!names.is_empty(), "no {title} are found where they were declared");
    format!("{title}\n  {}\n", names.into_iter().collect::<Vec<_>>().join("\n  "))
}

#[test]
fn renaming_what_operators_and_clients_see_changes_this_list() {
    let document: serde_json::Value = serde_json::from_str(DOCUMENT).unwrap();
    let mut fields = BTreeSet::new();
    json_fields(&document["components"]["schemas"], &mut fields);
    let statuses = literals_after(ERRORS, "(StatusCode::").chain(literals_after(ERRORS, "StatusCode::"));
    let codes = statuses.filter(|it| it.chars().all(|it| it.is_ascii_lowercase() || it == '_'));
    let names = [
        listed("variables", VARIABLES.iter().map(|it| it.name)),
        listed("metrics", metrics::names()),
        listed("log targets", literals_with(&LOG_TARGETS, "myashes::")),
        listed("Redis keys and channels", literals_with(&REDIS, "myashes:")),
        listed("error codes", codes),
        listed("JSON fields", fields),
        listed("columns", columns()),
    ];
    insta::assert_snapshot!("operator_names", names.concat());
}
