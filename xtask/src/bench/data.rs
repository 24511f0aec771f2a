//! Making the data, straight into the service's own schema. A database stays for later runs as long as it was
//! made by this source.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::plan::Size;
use super::service::migrate;
use super::stage::{BenchDatabase, BenchEnvironment, folder};
use crate::interrupts;
use crate::workspace::root;

const WORDS: &str = include_str!("data/words.sql");
const STORE: &str = include_str!("data/store.sql");
const STEPS: [&str; 6] = [
    include_str!("data/before.sql"),
    include_str!("data/builds.sql"),
    STORE,
    include_str!("data/votes.sql"),
    include_str!("data/searches.sql"),
    include_str!("data/after.sql"),
];
const UNKIND_STEPS: [&str; 4] = [
    include_str!("data/before.sql"),
    include_str!("data/unkind.sql"),
    STORE,
    include_str!("data/unkind_after.sql"),
];

/// A service of another version does not start on what was stored with this one.
const FOLDING: &str = "crates/domain/src/text/folding.rs";

/// After so many days there is too little in the periods that end today.
const DAYS_KEPT: u32 = 3;

#[derive(Deserialize)]
struct Game {
    races: Vec<Race>,
    classes: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Race {
    id: String,
    name: String,
}

/// Makes the database of this size, unless it is there.
pub fn prepare(stage: &BenchEnvironment, size: Size) -> Result<()> {
    make(stage, size, &size.database(), &script(&STEPS)?)
}

/// Makes the database of data that is unkind to searches, unless it is there.
pub fn prepare_unkind(stage: &BenchEnvironment, size: Size) -> Result<BenchDatabase> {
    let name = size.unkind_database();
    make(stage, size, &name, &script(&UNKIND_STEPS)?)?;
    Ok(stage.database(&name))
}

fn make(stage: &BenchEnvironment, size: Size, name: &str, script: &str) -> Result<()> {
    let fingerprint = fingerprint(script)?;
    let known = stage.server.query(&format!(
        "SELECT 1 FROM pg_database d, split_part(shobj_description(d.oid, 'pg_database'), ' ', 2) made \
         WHERE datname = '{name}' AND shobj_description(d.oid, 'pg_database') LIKE '{fingerprint} %' \
         AND made::date > current_date - {DAYS_KEPT}"
    ))?;
    if !known.is_empty() {
        return Ok(());
    }
    println!("Making the database {name} with {} builds; it is kept", size.builds);
    stage.server.query(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
    stage.server.query(&format!("CREATE DATABASE {name}"))?;
    let database = stage.database(name);
    migrate(&stage.programs.service, &database.url)?;
    let file = folder().join("data.sql");
    fs::write(&file, script).context("cannot write target/bench/data.sql")?;
    let mut psql = database.connection.psql()?;
    psql.args(["--output=/dev/null", "--file"]).arg(&file);
    let (builds, events) = (size.builds, size.events);
    for (variable, value) in [("builds", builds), ("votes", events), ("searches", events)] {
        psql.arg(format!("--set={variable}={value}"));
    }
    psql.arg(format!("--set=now={}", stage.server.query("SELECT now()")?));
    interrupts::run(&mut psql).context("the data was not made")?;
    interrupts::run(database.connection.psql()?.args(["--command", "VACUUM (ANALYZE)"]))?;
    let today = stage.server.query("SELECT current_date")?;
    stage.server.query(&format!("COMMENT ON DATABASE {name} IS '{fingerprint} {today}'")).map(drop)
}

/// A whole script, with the game's classes and races in it.
fn script(steps: &[&str]) -> Result<String> {
    let game =
        fs::read_to_string(root().join("game/ashes-of-creation.toml")).context("cannot read the game")?;
    let game: Game = toml::from_str(&game).context("cannot read the game")?;
    let words = WORDS.replace("{classes}", &classes(&game)).replace("{races}", &races(&game));
    Ok(words + &steps.concat())
}

fn classes(game: &Game) -> String {
    let all = game.classes.iter().flat_map(|(primary, classes)| {
        classes.iter().map(move |(secondary, name)| [primary.as_str(), secondary.as_str(), name.as_str()])
    });
    rows(all)
}

fn races(game: &Game) -> String {
    // The ids of races are their folded names.
    rows(game.races.iter().map(|race| [race.id.as_str(), race.name.as_str(), race.id.as_str()]))
}

fn rows<'a>(rows: impl Iterator<Item = [&'a str; 3]>) -> String {
    let row = |(position, texts): (usize, [&str; 3])| {
        let [one, two, three] = texts.map(|text| text.replace('\'', "''"));
        format!("({position}, '{one}', '{two}', '{three}')")
    };
    rows.enumerate().map(row).collect::<Vec<_>>().join(", ")
}

/// What the data depends on: the script, the schema and the folding of texts.
fn fingerprint(script: &str) -> Result<String> {
    let mut digest = Sha256::new().chain_update(script);
    let folder = root().join("migrations/postgres");
    let mut migrations: Vec<_> = fs::read_dir(&folder)?.collect::<std::io::Result<_>>()?;
    migrations.sort_by_key(fs::DirEntry::path);
    for migration in migrations {
        let file = migration.path().join("up.sql");
        digest.update(fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?);
    }
    let folding =
        fs::read_to_string(root().join(FOLDING)).with_context(|| format!("cannot read {FOLDING}"))?;
    let version = folding.lines().find(|line| line.contains("const FOLDING_VERSION"));
    digest.update(version.with_context(|| format!("{FOLDING} has no FOLDING_VERSION"))?);
    Ok(format!("{:x}", digest.finalize())[..16].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_knows_every_class_and_race_of_the_game() {
        for script in [script(&STEPS).unwrap(), script(&UNKIND_STEPS).unwrap()] {
            assert!(!script.contains("{classes}") && !script.contains("{races}"));
            assert!(script.contains("(63, ") && script.contains("'pyrai', 'Py''rai', 'pyrai'"));
        }
    }

    #[test]
    fn another_script_makes_other_data() {
        assert_ne!(fingerprint("one").unwrap(), fingerprint("two").unwrap());
    }
}
