//! The version of the workspace stands in other files, too.

use super::Findings;
use super::sources::Sources;

/// A file, and what stands around the version in it.
const PLACES: [(&str, &str, &str); 5] = [
    ("CHANGELOG.md", "## ", " - "),
    ("Dockerfile", "ARG VERSION=", "\n"),
    ("clients/typescript/package-lock.json", "\"version\": \"", "\""),
    ("clients/typescript/package.json", "\"version\": \"", "\""),
    ("docker-bake.hcl", "variable \"VERSION\" {\n  default = \"", "\""),
];

/// The version itself is the one that the workspace's manifest gives to all crates.
pub fn everywhere(sources: &Sources) -> Findings {
    let manifest = sources.text("Cargo.toml").unwrap_or_default();
    let package =
        manifest.split_once("[workspace.package]\nversion = \"").and_then(|(_, rest)| rest.split_once('"'));
    let Some((version, _)) = package else { return vec!["Cargo.toml: the workspace has no version".into()] };
    let lacks = |(file, before, after): &(&str, &str, &str)| {
        let text = sources.text(file).unwrap_or_default();
        !text.contains(&format!("{before}{version}{after}"))
    };
    let places = PLACES.iter().filter(|place| lacks(place));
    places.map(|(file, ..)| format!("{file} has no {version}, which Cargo.toml says")).collect()
}

#[cfg(test)]
mod tests {
    use super::everywhere;
    use crate::tidy::sources::Sources;

    #[test]
    fn a_file_that_was_forgotten_is_found() {
        let sources = |image: &str| {
            Sources::of(&[
                ("Cargo.toml", "[workspace.package]\nversion = \"1.2.0\"\n"),
                ("CHANGELOG.md", "## Unreleased\n\n## 1.2.0 - 2027-01-01\n"),
                ("Dockerfile", image),
                ("clients/typescript/package-lock.json", "{\"version\": \"1.2.0\"}"),
                ("clients/typescript/package.json", "{\"version\": \"1.2.0\"}"),
                ("docker-bake.hcl", "variable \"VERSION\" {\n  default = \"1.2.0\"\n}\n"),
            ])
        };
        assert_eq!(everywhere(&sources("ARG VERSION=1.2.0\n")), [""; 0]);
        let found = everywhere(&sources("ARG VERSION=1.1.0\n"));
        assert_eq!(found, ["Dockerfile has no 1.2.0, which Cargo.toml says"]);
    }
}
