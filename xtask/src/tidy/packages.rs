//! The packages that this service was ordered with are dependencies, and code really uses them.

use super::Findings;
use super::layers::code;
use super::sources::Sources;

const PROMISED: [&str; 12] = [
    "actix-web",
    "tokio",
    "diesel",
    "diesel-async",
    "diesel_migrations",
    "deadpool",
    "redis",
    "serde",
    "validator",
    "anyhow",
    "config",
    "tracing",
];

pub fn in_use(sources: &Sources) -> Findings {
    let crates: Vec<(&str, &str)> = sources
        .files()
        .filter_map(|(path, text)| {
            Some((path.strip_suffix("Cargo.toml").filter(|folder| !folder.is_empty())?, text))
        })
        .collect();
    let mut findings = Findings::new();
    for package in PROMISED {
        let users: Vec<&str> = crates
            .iter()
            .filter(|(_, manifest)| depends(manifest, package))
            .map(|(folder, _)| *folder)
            .collect();
        let named = |folder: &&str| sources.rust(folder).any(|(_, text)| names(&code(text), package));
        if users.is_empty() {
            findings.push(format!("{package} is a dependency of no crate"));
        } else if !users.iter().any(named) {
            findings.push(format!("{package} is a dependency that no code names"));
        }
    }
    findings
}

/// Whether a manifest lists the package; the features of another one do not count.
fn depends(manifest: &str, package: &str) -> bool {
    let Ok(manifest) = manifest.parse::<toml::Table>() else { return false };
    let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
    dependencies.is_some_and(|dependencies| dependencies.contains_key(package))
}

/// Whether code has a path that begins with the crate's name; `crate::config::` is a module of our own.
fn names(code: &str, package: &str) -> bool {
    let path = format!("{}::", package.replace('-', "_"));
    code.match_indices(&path).any(|(start, _)| {
        let before = &code[..start];
        // `::config::` with nothing in front of it is the crate, not a module of the same name.
        let before = before.strip_suffix("::").unwrap_or(before).chars().next_back();
        !before.is_some_and(|character| character.is_alphanumeric() || character == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::{in_use, names};
    use crate::tidy::sources::Sources;

    #[test]
    fn a_dependency_without_a_use_is_found() {
        let manifest = "[dependencies]\nredis.workspace = true\nserde = \"1\"\n";
        let sources = Sources::of(&[
            ("crates/adapters/Cargo.toml", manifest),
            ("crates/adapters/src/lib.rs", "// redis::Client\nuse serde::Deserialize;"),
        ]);
        let findings = in_use(&sources);
        assert!(findings.contains(&"redis is a dependency that no code names".to_owned()));
        assert!(findings.contains(&"tokio is a dependency of no crate".to_owned()));
        assert!(!findings.iter().any(|finding| finding.starts_with("serde")));
    }

    #[test]
    fn a_module_of_the_same_name_is_not_the_package() {
        assert!(!names("use crate::config::Settings;", "config"));
        assert!(names("use ::config::File;", "config"));
        assert!(names("let file = config::File::new(path);", "config"));
    }
}
