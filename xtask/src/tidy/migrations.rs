//! The two databases go through the same steps, and every step can be taken back.

use std::collections::{BTreeMap, BTreeSet};

use super::Findings;
use super::sources::Sources;

const DATABASES: [&str; 2] = ["postgres", "sqlite"];
const FILES: [&str; 2] = ["up.sql", "down.sql"];

pub fn paired(sources: &Sources) -> Findings {
    let mut steps: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for (path, _) in sources.files() {
        let Some(rest) = path.strip_prefix("migrations/") else { continue };
        if let [database, step, file] = rest.split('/').collect::<Vec<_>>()[..] {
            steps.entry(step).or_default().insert((database, file));
        }
    }
    if steps.is_empty() {
        return vec!["there are no migrations".into()];
    }
    let mut findings = Findings::new();
    for (step, present) in steps {
        let wanted = DATABASES.iter().flat_map(|database| FILES.iter().map(move |file| (*database, *file)));
        let missing = wanted.filter(|pair| !present.contains(pair));
        findings.extend(
            missing.map(|(database, file)| format!("migrations/{database}/{step}/{file} is missing")),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::paired;
    use crate::tidy::sources::Sources;

    #[test]
    fn a_step_that_one_database_lacks_is_found() {
        let sources = Sources::of(&[
            ("migrations/postgres/0001_builds/up.sql", ""),
            ("migrations/postgres/0001_builds/down.sql", ""),
            ("migrations/sqlite/0001_builds/up.sql", ""),
        ]);
        assert_eq!(paired(&sources), ["migrations/sqlite/0001_builds/down.sql is missing"]);
    }

    #[test]
    fn no_migrations_at_all_is_a_fault() {
        assert_eq!(paired(&Sources::of(&[])), ["there are no migrations"]);
    }
}
