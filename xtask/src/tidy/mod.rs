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

type Rule = (&'static str, fn(&Sources) -> Result<Findings>);

const RULES: [Rule; 16] = [
    ("the domain knows no framework, and no layer its neighbour's tools", |_| layers::dependencies()),
    ("only the composition root names the adapters", |sources| Ok(layers::composition_root(sources))),
    ("sibling modules import each other in one direction", |sources| Ok(modules::cycles(sources))),
    ("no two types of a crate have one name", |sources| Ok(modules::doubled_types(sources))),
    ("every variable is in .env.example and in README.md", variables::documented),
    ("the promised packages are in real use", |sources| Ok(packages::in_use(sources))),
    ("source files have at most 400 lines", |sources| Ok(texts::lengths(sources))),
    ("no file has a name that says nothing", |sources| Ok(texts::names(sources))),
    ("nothing is left for later in a comment", |sources| Ok(texts::marks(sources))),
    ("code and documents are in plain technical English", |sources| Ok(language::words(sources))),
    ("compose is a word of its own in commands", |sources| Ok(texts::compose(sources))),
    ("the tests that SECURITY.md and RELIABILITY.md name are there", |sources| Ok(promises::held(sources))),
    ("both databases have the same migrations, up and down", |sources| Ok(migrations::paired(sources))),
    ("contracting migrations name the release that allows it", |sources| Ok(contracts::explained(sources))),
    ("a migration alters one table that is there", |sources| Ok(contracts::one_table(sources))),
    ("one version stands in all places", |sources| Ok(version::everywhere(sources))),
];

pub fn run() -> Result<()> {
    let sources = Sources::read()?;
    let mut broken = 0;
    for (name, rule) in RULES {
        // A rule that fails to run counts as broken.
        let findings = rule(&sources).unwrap_or_else(|error| vec![format!("{error:#}")]);
        broken += print(name, &findings);
    }
    if broken > 0 {
        bail!("{broken} of {} rules do not hold", RULES.len());
    }
    Ok(())
}

/// One line for a rule and one for each finding; the number of rules that do not hold.
pub fn print(name: &str, findings: &[String]) -> usize {
    println!("{} {name}", if findings.is_empty() { "ok    " } else { "failed" });
    for finding in findings {
        println!("         {finding}");
    }
    usize::from(!findings.is_empty())
}
