//! Migrations of released versions expand; one that contracts says which release stopped using what it takes away. None
//! locks two tables that a running program uses.

use std::collections::BTreeSet;

use super::Findings;
use super::sources::Sources;

/// The number of the last migration that no released program met: the last one of 1.0.0.
const LAST_FREE: u32 = 18;

/// Begins the line that makes a contracting migration acceptable; a release follows.
const REASON: &str = "-- contract: unused since ";

/// Words that may stand before the name of a table.
const OPTIONS: [&str; 4] = ["IF", "NOT", "EXISTS", "ONLY"];

const CHANGELOG: &str = "CHANGELOG.md";

pub fn explained(sources: &Sources) -> Findings {
    let mut findings = Findings::new();
    for (path, text) in migrations(sources) {
        let statements = statements(text);
        let breaking = |words: &&Vec<String>| contracts(words) && !is_made_again(&statements, words);
        let Some(statement) = statements.iter().find(breaking) else { continue };
        let released = |release: &&str| {
            let heading = format!("## {release} ");
            sources.text(CHANGELOG).unwrap_or_default().lines().any(|line| line.starts_with(&heading))
        };
        let named = text.lines().find_map(|line| line.strip_prefix(REASON)).map(str::trim);
        let problem = match named {
            None => format!("a line `{REASON}RELEASE` is missing"),
            Some(release) if !released(&release) => format!("{CHANGELOG} has no release {release}"),
            Some(_) => continue,
        };
        findings.push(format!("{path}: `{}` breaks the release before; {problem}", statement.join(" ")));
    }
    findings
}

pub fn one_table(sources: &Sources) -> Findings {
    let mut findings = Findings::new();
    // A program that writes to a SQLite file locks all of it.
    for (path, text) in migrations(sources).filter(|(path, _)| path.starts_with("migrations/postgres/")) {
        let statements = statements(text);
        let named = |phrase: [&str; 2]| -> BTreeSet<&str> {
            let of = statements.iter().filter(|words| words.len() > 2 && words[..2] == phrase);
            of.filter_map(|words| words[2..].iter().find(|word| !OPTIONS.contains(&word.as_str())))
                .map(String::as_str)
                .collect()
        };
        let (altered, made) = (named(["ALTER", "TABLE"]), named(["CREATE", "TABLE"]));
        let locked: Vec<String> = altered.difference(&made).map(|table| table.to_lowercase()).collect();
        if locked.len() > 1 {
            let tables = locked.join(", ");
            findings.push(format!(
                "{path} locks {tables}: give each a migration, so that none waits for another"
            ));
        }
    }
    findings
}

/// Those that a released program may meet.
fn migrations(sources: &Sources) -> impl Iterator<Item = (&str, &str)> {
    let is_one = |path: &str| path.starts_with("migrations/") && path.ends_with("/up.sql");
    sources.files().filter(move |(path, _)| is_one(path) && number(path) > Some(LAST_FREE))
}

/// The number of a migration in `migrations/DATABASE/YYYY-MM-DD-NUMBER_name/up.sql`.
fn number(path: &str) -> Option<u32> {
    path.split('/').nth(2)?.split('-').nth(3)?.split('_').next()?.parse().ok()
}

/// The words of each statement in capitals, without comments.
fn statements(text: &str) -> Vec<Vec<String>> {
    let code: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let word = |word: &str| word.trim_end_matches(',').to_uppercase();
    code.join("\n").split(';').map(|statement| statement.split_whitespace().map(word).collect()).collect()
}

/// Whether programs of the release before can fail on what this statement does.
fn contracts(words: &[String]) -> bool {
    let has = |phrase: &[&str]| words.windows(phrase.len()).any(|found| found == phrase);
    // What loosens a rule for rows is no loss.
    let loosens = |word: &str| matches!(word, "DEFAULT" | "NOT" | "CONSTRAINT");
    let begins = |phrase: &[&str]| words.len() >= phrase.len() && words[..phrase.len()] == *phrase;
    let renames = has(&["RENAME"]) && !begins(&["ALTER", "INDEX"]);
    if renames || ["TABLE", "VIEW", "FUNCTION", "TRIGGER"].iter().any(|kind| begins(&["DROP", kind])) {
        return true;
    }
    if !begins(&["ALTER", "TABLE"]) {
        return false;
    }
    let drops = words.windows(2).any(|pair| pair[0] == "DROP" && !loosens(&pair[1]));
    let demands = has(&["ADD"]) && has(&["NOT", "NULL"]) && !has(&["DEFAULT"]);
    drops || demands || has(&["SET", "NOT", "NULL"]) || has(&["TYPE"])
}

/// Whether the table that a statement drops is made again, the only way to alter an index of SQLite's texts.
fn is_made_again(statements: &[Vec<String>], dropped: &[String]) -> bool {
    let [drop, table, name] = dropped else { return false };
    let makes = |words: &Vec<String>| {
        words.len() > 3 && words[..3] == ["CREATE", "VIRTUAL", "TABLE"] && words[3] == *name
    };
    (drop.as_str(), table.as_str()) == ("DROP", "TABLE") && statements.iter().any(makes)
}

#[cfg(test)]
mod tests {
    use super::{explained, one_table};
    use crate::tidy::sources::Sources;

    const CHANGES: (&str, &str) = ("CHANGELOG.md", "## Unreleased\n## 1.2.0 - 2027-01-01\n");

    fn findings(number: &str, sql: &str) -> Vec<String> {
        let path = format!("migrations/postgres/2027-01-14-{number}_change/up.sql");
        explained(&Sources::of(&[CHANGES, (&path, sql)]))
    }

    #[test]
    fn what_expands_needs_no_word() {
        for sql in [
            "ALTER TABLE builds ADD COLUMN motto text; -- DROP TABLE builds",
            "ALTER TABLE builds ADD COLUMN stars integer NOT NULL DEFAULT 0;",
            "CREATE TABLE notes (note text NOT NULL);\nCREATE INDEX notes_note ON notes (note);",
            "ALTER TABLE builds ALTER COLUMN motto DROP NOT NULL, ALTER motto DROP DEFAULT;",
            "DROP INDEX builds_made;",
            "DROP TABLE texts; CREATE VIRTUAL TABLE texts USING fts5 (text);",
        ] {
            assert_eq!(findings("000019", sql), [""; 0], "{sql}");
        }
    }

    #[test]
    fn what_contracts_needs_the_release_that_stopped_using_it() {
        for sql in [
            "DROP TABLE notes;",
            "DROP TABLE notes; CREATE VIRTUAL TABLE texts USING fts5 (text);",
            "alter table builds\n  drop column motto;",
            "ALTER TABLE builds DROP motto;",
            "ALTER TABLE builds RENAME COLUMN motto TO words;",
            "ALTER TABLE builds ALTER COLUMN motto SET NOT NULL;",
            "ALTER TABLE builds ALTER COLUMN stars TYPE bigint;",
            "ALTER TABLE builds ADD COLUMN stars integer NOT NULL;",
            "CREATE TABLE a (b text); DROP TRIGGER counted ON builds;",
        ] {
            let found = findings("000019", sql);
            assert_eq!(found.len(), 1, "{sql}: {found:?}");
            assert!(found[0].contains("unused since RELEASE` is missing"), "{found:?}");
            assert_eq!(findings("000019", &format!("-- contract: unused since 1.2.0\n{sql}")), [""; 0]);
            let found = findings("000019", &format!("-- contract: unused since 1.3.0\n{sql}"));
            assert!(found[0].contains("CHANGELOG.md has no release 1.3.0"), "{found:?}");
        }
    }

    #[test]
    fn a_migration_alters_one_table_that_is_there() {
        let found = |sql: &str| {
            let path = "migrations/postgres/2027-01-14-000019_change/up.sql";
            one_table(&Sources::of(&[(path, sql)]))
        };
        let one = "CREATE TABLE notes (note text);\nALTER TABLE notes SET (fillfactor = 70);\n\
                   ALTER TABLE ONLY builds ADD COLUMN a text; ALTER TABLE builds ADD COLUMN b text;";
        assert_eq!(found(one), [""; 0]);
        let two = found("ALTER TABLE builds ADD COLUMN a text; ALTER TABLE votes ADD COLUMN a text;");
        assert!(two.len() == 1 && two[0].contains("locks builds, votes"), "{two:?}");
    }

    #[test]
    fn migrations_before_the_first_release_are_free() {
        assert_eq!(findings("000018", "DROP TABLE notes;"), [""; 0]);
    }
}
