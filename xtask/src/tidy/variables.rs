//! Each variable is in .env.example and in the README.

use anyhow::Result;

use super::Findings;
use super::sources::{Sources, has_word};
use crate::program;

const EXAMPLE: &str = ".env.example";
const README: &str = "README.md";

pub fn documented(sources: &Sources) -> Result<Findings> {
    Ok(missing(&program::variables()?, sources))
}

fn missing(names: &[String], sources: &Sources) -> Findings {
    let example = sources.text(EXAMPLE).unwrap_or_default();
    let readme = sources.text(README).unwrap_or_default();
    let shown: Vec<&str> = example.lines().filter_map(assigned).collect();
    if names.is_empty() {
        return vec!["the program names no variable at all".into()];
    }
    let mut findings = Findings::new();
    for name in names {
        if !shown.contains(&name.as_str()) {
            findings.push(format!("{name} is not in {EXAMPLE}"));
        }
        if !has_word(readme, name) {
            findings.push(format!("{name} is not in {README}"));
        }
    }
    // A secret may also come from a file, in a variable with that ending.
    let known =
        |name: &str| names.iter().any(|known| known == name || name.strip_suffix("_FILE") == Some(known));
    let stale = shown.into_iter().filter(|name| !known(name));
    findings.extend(stale.map(|name| format!("{EXAMPLE} sets {name}, which the program does not know")));
    findings
}

/// The name in `NAME=value`, also where it is commented out.
fn assigned(line: &str) -> Option<&str> {
    let (name, _) = line.trim_start_matches(['#', ' ']).split_once('=')?;
    let constant =
        |character: char| character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_';
    (!name.is_empty() && name.chars().all(constant)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::missing;
    use crate::tidy::sources::Sources;

    fn names() -> Vec<String> {
        vec!["PORT".into(), "REDIS_URL".into()]
    }

    #[test]
    fn variables_in_both_places_are_fine_commented_out_or_not() {
        let sources = Sources::of(&[
            (
                ".env.example",
                "PORT=8000\n# REDIS_URL=redis://127.0.0.1\n# REDIS_URL_FILE=/run/secrets/redis\n",
            ),
            ("README.md", "| `PORT` | 8000 |\n| `REDIS_URL` | unset |\n"),
        ]);
        assert!(missing(&names(), &sources).is_empty());
    }

    #[test]
    fn a_part_of_another_name_is_no_mention() {
        let sources = Sources::of(&[
            (".env.example", "PORT=8000\nREDIS_URL=x\n"),
            ("README.md", "POSTGRES_PORT and REDIS_URL"),
        ]);
        assert_eq!(missing(&names(), &sources), ["PORT is not in README.md"]);
    }

    #[test]
    fn a_variable_that_no_longer_exists_is_found() {
        let sources = Sources::of(&[
            (".env.example", "PORT=1\nREDIS_URL=x\nSECRET_SAUCE=y\n"),
            ("README.md", "PORT REDIS_URL"),
        ]);
        assert_eq!(
            missing(&names(), &sources),
            [".env.example sets SECRET_SAUCE, which the program does not know"]
        );
    }
}
