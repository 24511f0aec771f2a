//! `cargo xtask tidy`: project rules that the compiler does not check. Each rule reads the sources, or the output of
//! cargo or of the program, and returns its findings.

mod contracts;
mod language;
mod layers;
mod migrations;
mod modules;
mod packages;
mod promises;
pub mod sources;
mod texts;
mod variables;
mod version;

use anyhow::{Result, bail};

use sources::Sources;

/// What is wrong, each with the place where it is.
pub type Findings = Vec<String>;

/// What has to hold, and the check that finds where it does not.
pub type Rule<T> = (&'static str, fn(&T) -> Findings);

const RULES: [Rule<Sources>; 16] = [
    ("the domain knows no framework, and no layer its neighbour's tools", |_| {
        or_error(layers::dependencies())
    }),
    ("only the composition root names the adapters", layers::composition_root),
    ("sibling modules import each other in one direction", modules::cycles),
    ("no two types of a crate have one name", modules::doubled_types),
    ("every variable is in .env.example and in README.md", |sources| {
        or_error(variables::documented(sources))
    }),
    ("the promised packages are in real use", packages::in_use),
    ("source files have at most 400 lines", texts::lengths),
    ("no file has a name that says nothing", texts::names),
    ("nothing is left for later in a comment", texts::marks),
    ("code and documents are in plain technical English", language::words),
    ("compose is a word of its own in commands", texts::compose),
    ("the tests that SECURITY.md and RELIABILITY.md name are there", promises::held),
    ("both databases have the same migrations, up and down", migrations::paired),
    ("contracting migrations name the release that allows it", contracts::explained),
    ("a migration alters one table that is there", contracts::one_table),
    ("one version stands in all places", version::everywhere),
];

pub fn run() -> Result<()> {
    let broken = check(&RULES, &Sources::read()?);
    if broken > 0 {
        bail!("{broken} of {} rules do not hold", RULES.len());
    }
    Ok(())
}

/// Prints one line for each rule and one for each finding; the number of rules that do not hold.
pub fn check<T>(rules: &[Rule<T>], checked: &T) -> usize {
    let mut broken = 0;
    for (name, rule) in rules {
        let findings = rule(checked);
        println!("{} {name}", if findings.is_empty() { "ok    " } else { "failed" });
        for finding in &findings {
            println!("         {finding}");
        }
        broken += usize::from(!findings.is_empty());
    }
    broken
}

/// A rule that fails to run counts as broken.
fn or_error(findings: Result<Findings>) -> Findings {
    findings.unwrap_or_else(|error| vec![format!("{error:#}")])
}
