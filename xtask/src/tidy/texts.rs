//! How files are named, how long they are, and what must not stand in them.

use super::Findings;
use super::sources::{Sources, has_word};

const LONGEST: usize = 400;

const SAYS_NOTHING: [&str; 9] =
    ["util", "utils", "helper", "helpers", "manager", "managers", "misc", "common", "stuff"];

/// Marks of unfinished work, put together here so that this file does not carry them itself.
const MARKS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

const HYPHENATED: &str = concat!("docker", "-compose");
const COMPOSE_WORDS: [&str; 18] = [
    "up", "down", "run", "exec", "build", "pull", "push", "logs", "ps", "config", "start", "stop", "restart",
    "rm", "kill", "create", "version", "watch",
];

pub fn lengths(sources: &Sources) -> Findings {
    let long = sources.files().filter(|(path, text)| {
        let written = path.ends_with(".rs") || path.ends_with(".sh");
        written && text.lines().count() > LONGEST
    });
    long.map(|(path, text)| format!("{path} has {} lines, {LONGEST} are allowed", text.lines().count()))
        .collect()
}

pub fn names(sources: &Sources) -> Findings {
    let bad = sources.files().filter(|(path, _)| {
        let mut parts = path.strip_suffix(".rs").unwrap_or_default().split('/');
        parts.any(|part| SAYS_NOTHING.contains(&part))
    });
    bad.map(|(path, _)| format!("{path}: a name from the field says more")).collect()
}

pub fn marks(sources: &Sources) -> Findings {
    let written = sources.lines().filter(|(path, ..)| *path != "Cargo.lock");
    let found = written.filter_map(|(path, number, line)| {
        let mark = MARKS.iter().find(|mark| has_word(line, mark))?;
        Some(format!("{path}:{number}: {mark}"))
    });
    found.collect()
}

pub fn compose(sources: &Sources) -> Findings {
    let found = sources.lines().filter(|(.., line)| has_hyphenated_command(line));
    found.map(|(path, number, _)| format!("{path}:{number}: the command is `docker compose`")).collect()
}

/// The name of the file `…-compose.yml` is right, and so is that of Debian's package.
fn has_hyphenated_command(line: &str) -> bool {
    line.match_indices(HYPHENATED).any(|(start, name)| {
        let Some(rest) = line[start + name.len()..].strip_prefix(' ') else { return false };
        let word = rest.split(|character: char| !character.is_alphanumeric() && character != '-').next();
        word.is_some_and(|word| word.starts_with('-') || COMPOSE_WORDS.contains(&word))
    })
}

#[cfg(test)]
mod tests {
    use super::{HYPHENATED, LONGEST, MARKS, compose, lengths, marks, names};
    use crate::tidy::sources::Sources;

    #[test]
    fn a_long_source_is_found_and_a_long_lock_file_is_not() {
        let long = "x\n".repeat(LONGEST + 1);
        let sources = Sources::of(&[("crates/api/src/app.rs", long.as_str()), ("Cargo.lock", long.as_str())]);
        assert_eq!(lengths(&sources), ["crates/api/src/app.rs has 401 lines, 400 are allowed"]);
    }

    #[test]
    fn a_name_that_says_nothing_is_found_also_as_a_folder() {
        let sources = Sources::of(&[("crates/api/src/utils/text.rs", ""), ("crates/api/src/tally.rs", "")]);
        assert_eq!(names(&sources), ["crates/api/src/utils/text.rs: a name from the field says more"]);
    }

    #[test]
    fn unfinished_work_is_found_with_its_line() {
        let text = format!("fn f() {{}}\n// {}: later\n", MARKS[0]);
        let sources = Sources::of(&[("crates/api/src/app.rs", text.as_str())]);
        assert_eq!(marks(&sources), [format!("crates/api/src/app.rs:2: {}", MARKS[0])]);
    }

    #[test]
    fn the_hyphenated_command_is_found_and_the_files_name_is_not() {
        let text = format!("copy {HYPHENATED}.yml\nrun {HYPHENATED} up\nrun `{HYPHENATED} -f x`\n");
        let sources = Sources::of(&[("README.md", text.as_str())]);
        assert_eq!(compose(&sources).len(), 2);
    }
}
