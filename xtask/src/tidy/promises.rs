//! The tests that documents name exist.

use super::Findings;
use super::sources::Sources;

const DOCUMENTS: [&str; 2] = ["docs/SECURITY.md", "docs/RELIABILITY.md"];

/// A test is named `file.rs::function`, with the file under `crates/`; further ones of the same file, behind
/// it in the same row, by their function alone.
pub fn held(sources: &Sources) -> Findings {
    DOCUMENTS.iter().flat_map(|document| held_of(document, sources)).collect()
}

fn held_of(document: &str, sources: &Sources) -> Findings {
    let mut findings = Vec::new();
    let text = sources.text(document).unwrap_or_default();
    for (line, number) in text.lines().zip(1..) {
        let mut file = None;
        for name in line.split('`').skip(1).step_by(2) {
            let function = match name.split_once("::") {
                Some((path, function)) if path.ends_with(".rs") => {
                    file = Some(format!("crates/{path}"));
                    function
                }
                _ => name,
            };
            let Some(file) = &file else { continue };
            let there = sources.text(file).is_some_and(|text| text.contains(&format!("fn {function}(")));
            if !there {
                findings.push(format!("{document}:{number}: {file} has no {function}"));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::held;
    use crate::tidy::sources::Sources;

    #[test]
    fn a_missing_test_is_found_and_others_are_not() {
        let rows =
            "| a `thing` | `api/a.rs::one`, `two` |\n| b | `api/a.rs::three`, `four`, `api/b.rs::one` |\n";
        let sources = Sources::of(&[
            ("docs/SECURITY.md", rows),
            ("docs/RELIABILITY.md", "| `api/b.rs::two` |\n"),
            ("crates/api/a.rs", "fn one() {}\nasync fn two(server) {}\nfn four()"),
        ]);
        assert_eq!(
            held(&sources),
            [
                "docs/SECURITY.md:2: crates/api/a.rs has no three",
                "docs/SECURITY.md:2: crates/api/b.rs has no one",
                "docs/RELIABILITY.md:1: crates/api/b.rs has no two"
            ]
        );
    }
}
