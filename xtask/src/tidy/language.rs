//! Words that do not belong in code, comments and documents: idioms and personifications that a reader has to guess
//! at. Identifiers count, by the parts between their underscores.

use super::Findings;
use super::sources::{Sources, has_word};

const EXTENSIONS: [&str; 6] = [".rs", ".md", ".sql", ".yaml", ".yml", ".toml"];

/// Each word with what to write instead. A phrase is found within one line.
const WORDS: [(&str, &str); 22] = [
    ("room", "crate, module, capacity"),
    ("rooms", "crates, modules"),
    ("house", "project"),
    ("houses", "projects"),
    ("door", "interface, boundary"),
    ("doors", "interfaces, boundaries"),
    ("dear", "expensive"),
    ("costly", "expensive, slow"),
    ("told", "returned, reported, distinguished"),
    ("gone", "deleted, closed, missing"),
    ("nobody", "no caller, no process, or the passive"),
    ("somebody", "a caller, a user, an operator"),
    ("whoever", "the caller, the process that"),
    ("patience", "timeout, deadline, threshold"),
    ("past caring", "the receiver may have been dropped"),
    ("mend", "repair"),
    ("mends", "repairs"),
    ("mended", "repaired"),
    ("witness", "checksum"),
    ("farewell", "drain, shutdown"),
    ("slip of the pen", "typo"),
    ("must stand there once", "appears more than once"),
];

/// Where a word has a technical meaning or is a user's text: the start of a path, the word (`*` for all), the reason.
const ALLOWED: [(&str, &str, &str); 10] = [
    ("xtask/src/tidy/language.rs", "*", "the list itself"),
    ("game/templates.toml", "*", "texts of builds, as players write them"),
    ("crates/api/src/commands/seed/words.rs", "*", "texts of invented builds"),
    ("crates/web/tests/fixtures/mod.rs", "nobody", "the name of a build"),
    ("crates/web/src/card/tests.rs", "somebody", "the name of a build"),
    ("crates/servers/src/account.rs", "nobody", "the Unix user"),
    ("crates/adapters/src/queries/legacy/", "witness", "a column of import_progress"),
    ("crates/adapters/src/sql/schema.rs", "witness", "a column of import_progress"),
    ("migrations/postgres/2026-01-14-000007_import/", "witness", "a column of import_progress"),
    ("migrations/sqlite/2026-01-14-000007_import/", "witness", "a column of import_progress"),
];

pub fn words(sources: &Sources) -> Findings {
    let mut findings = Vec::new();
    for (path, number, line) in sources.lines() {
        if !EXTENSIONS.iter().any(|extension| path.ends_with(extension)) {
            continue;
        }
        let line = line.to_ascii_lowercase();
        let line = if path.ends_with(".md") { without_identifiers(&line) } else { line };
        let line = line.replace('_', " ");
        for (word, instead) in WORDS {
            if has_word(&line, word) && !is_allowed(path, word) {
                findings.push(format!("{path}:{number}: \"{word}\" (use: {instead})"));
            }
        }
    }
    findings
}

/// A line of a document without the identifiers it quotes: they are checked where they are defined.
fn without_identifiers(line: &str) -> String {
    let is_identifier = |span: &&str| !span.contains(' ') && (span.contains('_') || span.contains("::"));
    line.split('`').filter(|span| !is_identifier(span)).collect::<Vec<_>>().join("`")
}

fn is_allowed(path: &str, word: &str) -> bool {
    ALLOWED.iter().any(|(start, allowed, _)| path.starts_with(start) && (*allowed == "*" || *allowed == word))
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::tidy::sources::Sources;

    #[test]
    fn a_word_is_found_in_prose_and_in_an_identifier_with_its_line() {
        let text = "/// Fine.\nfn a_caller_is_told_why() {}\n// Nobody waits.\n";
        assert_eq!(
            words(&Sources::of(&[("crates/api/src/error.rs", text)])),
            [
                "crates/api/src/error.rs:2: \"told\" (use: returned, reported, distinguished)",
                "crates/api/src/error.rs:3: \"nobody\" (use: no caller, no process, or the passive)",
            ]
        );
    }

    #[test]
    fn longer_words_other_files_and_allowed_meanings_are_not_found() {
        let files = [
            ("crates/api/src/error.rs", "// headroom, roommate, a doorway"),
            ("clients/typescript/src/index.ts", "// nobody"),
            ("crates/servers/src/account.rs", "the user `nobody`"),
            (
                "docs/SECURITY.md",
                "| a full queue | `adapters/src/batcher.rs::nobody_waits`, `nobody_waits` |",
            ),
        ];
        assert!(words(&Sources::of(&files)).is_empty());
    }
}
