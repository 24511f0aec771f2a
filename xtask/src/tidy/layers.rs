//! Which crate may know what: the domain nothing of the outside, the HTTP layer nothing of the databases.

use std::collections::BTreeSet;

use anyhow::Result;

use super::Findings;
use super::sources::{Sources, has_word};
use crate::interrupts::text;
use crate::workspace::cargo;

/// A crate, and the packages that it must not reach, with everything whose name begins the same way after a `-` or `_`.
const BANS: [(&str, &[&str]); 4] = [
    (
        "myashes-domain",
        &["actix", "diesel", "redis", "tokio", "reqwest", "hyper", "axum", "sqlx", "myashes-adapters"],
    ),
    ("myashes-adapters", &["actix", "utoipa", "myashes-api"]),
    (API, &["diesel", "redis", "deadpool", "libsqlite3"]),
    // With it `crates/servers`.
    ("xtask", &["actix", "diesel", "tokio", "myashes-adapters"]),
];

/// Only its own list of dependencies counts; of the others, everything below them.
const API: &str = "myashes-api";

/// The modules of the HTTP crate that may name the adapters: the composition root and the one-shot commands.
const COMPOSITION: [&str; 2] = ["crates/api/src/app.rs", "crates/api/src/commands/"];

/// What cargo says about the bans.
pub fn dependencies() -> Result<Findings> {
    let mut findings = Findings::new();
    for (package, banned) in BANS {
        let depth: &[&str] = if package == API { &["--depth=1"] } else { &[] };
        let mut command = cargo();
        command.args(["tree", "--package", package, "--edges=normal", "--prefix=none", "--format={p}"]);
        findings.extend(reached(package, banned, &text(command.args(depth))?));
    }
    Ok(findings)
}

pub fn composition_root(sources: &Sources) -> Findings {
    let outside = sources.rust("crates/api/src/").filter(|(path, text)| {
        !COMPOSITION.iter().any(|allowed| path.starts_with(allowed))
            && has_word(&code(text), "myashes_adapters")
    });
    outside.map(|(path, _)| format!("{path} names myashes_adapters")).collect()
}

/// The text without its comments: prose may name what code must not.
pub fn code(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn reached(package: &str, banned: &[&str], tree: &str) -> Findings {
    let names = tree.lines().filter_map(|line| line.split_whitespace().next());
    let below: BTreeSet<&str> = names.filter(|name| *name != package).collect();
    let bad = below.into_iter().filter(|name| banned.iter().any(|banned| belongs(name, banned)));
    bad.map(|name| format!("{package} depends on {name}")).collect()
}

fn belongs(name: &str, banned: &str) -> bool {
    let rest = name.strip_prefix(banned);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

#[cfg(test)]
mod tests {
    use super::{BANS, composition_root, reached};
    use crate::tidy::sources::Sources;

    #[test]
    fn a_runtime_below_the_domain_is_found() {
        let tree = "myashes-domain v0.1.0 (/x)\nserde v1.0.1\ntokio-util v0.7.1\ntokio v1.2.3 (*)\n";
        let (package, banned) = BANS[0];
        assert_eq!(
            reached(package, banned, tree),
            ["myashes-domain depends on tokio", "myashes-domain depends on tokio-util"]
        );
    }

    #[test]
    fn a_package_that_only_sounds_alike_is_fine() {
        let (package, banned) = BANS[0];
        assert!(reached(package, banned, "myashes-domain v0.1.0\nredistribute v1.0.0\n").is_empty());
    }

    #[test]
    fn a_route_that_names_the_adapters_is_found_and_prose_is_not() {
        let sources = Sources::of(&[
            ("crates/api/src/app.rs", "use myashes_adapters::postgres;"),
            ("crates/api/src/commands/migrate.rs", "use myashes_adapters::postgres;"),
            ("crates/api/src/routes/builds.rs", "fn f() { myashes_adapters::sqlite::open() }"),
            ("crates/api/src/routes/votes.rs", "// The port is filled by myashes_adapters.\n"),
        ]);
        assert_eq!(composition_root(&sources), ["crates/api/src/routes/builds.rs names myashes_adapters"]);
    }
}
