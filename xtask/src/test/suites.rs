//! Which tests belong to which suite, in arguments of `cargo test`.
//!
//! Every run says `--workspace` and picks targets by name: a run of one package alone would unify features
//! differently, and compile most dependencies a second time.

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::flags::Suite;
use crate::workspace::metadata;

/// Package and name of a test program: `crates/adapters/tests/contract` is `myashes-adapters`, `contract`.
type TestTarget = (String, String);

/// The test program of this command that talks to PostgreSQL.
const ON_SERVERS: &str = "database";

/// The runs of `cargo test` that make up the suite.
pub fn runs(only: Option<Suite>, filter: Option<&str>, targets: &[TestTarget]) -> Result<Vec<Vec<String>>> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let base = ["--workspace", "--no-fail-fast"];
    let mut runs = match only {
        None => vec![words(&base)],
        Some(Suite::Unit) => {
            let (_, tests) = operator(targets);
            let pages = programs(targets, "myashes-web")?;
            vec![
                [words(&base), words(&["--lib", "--bins"]), pages, tests].concat(),
                [words(&base), words(&["--doc"])].concat(),
            ]
        }
        Some(Suite::Contract) => {
            let (tests, _) = operator(targets);
            vec![[words(&base), programs(targets, "myashes-adapters")?, tests].concat()]
        }
        Some(Suite::Api) => vec![[words(&base), programs(targets, "myashes-api")?].concat()],
        Some(Suite::Slow) => vec![[words(&base), words(&["--tests"])].concat()],
    };
    for run in &mut runs {
        run.extend(filter.map(str::to_owned));
        if only == Some(Suite::Slow) {
            run.extend(words(&["--", "--ignored"]));
        }
    }
    Ok(runs)
}

/// The integration tests of the workspace, as cargo sees them.
pub fn targets() -> Result<Vec<TestTarget>> {
    let metadata = metadata()?;
    let list = |of: &Value, name: &str| of[name].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut tests = Vec::new();
    for package in list(&metadata, "packages") {
        let of_package = list(&package, "targets").into_iter().filter(|it| it["kind"] == json!(["test"]));
        tests.extend(of_package.map(|target| (text(&package["name"]), text(&target["name"]))));
    }
    Ok(tests)
}

fn programs(targets: &[TestTarget], package: &str) -> Result<Vec<String>> {
    let chosen = integration(targets, package);
    if chosen.is_empty() {
        bail!("{package} has no tests in its folder tests/");
    }
    Ok(chosen)
}

/// The tests of this command itself: those that need servers, and the others.
fn operator(targets: &[TestTarget]) -> (Vec<String>, Vec<String>) {
    let own: Vec<String> = integration(targets, "xtask");
    let (with, without): (Vec<&[String]>, Vec<&[String]>) =
        own.chunks(2).partition(|pair| pair[1] == ON_SERVERS);
    (with.concat(), without.concat())
}

fn integration(targets: &[TestTarget], package: &str) -> Vec<String> {
    let chosen = targets.iter().filter(|(of, _)| of == package);
    chosen.flat_map(|(_, name)| ["--test".to_owned(), name.clone()]).collect()
}

#[cfg(test)]
mod tests {
    use super::{TestTarget, runs};
    use crate::flags::Suite;

    fn targets() -> Vec<TestTarget> {
        let target = |package: &str, name: &str| (package.to_owned(), name.to_owned());
        vec![
            target("myashes-adapters", "contract"),
            target("myashes-api", "builds"),
            target("myashes-web", "pages"),
            target("xtask", "database"),
            target("xtask", "deploy"),
        ]
    }

    #[test]
    fn without_a_ring_everything_but_the_slow_tests_runs() {
        assert_eq!(runs(None, None, &targets()).unwrap(), [["--workspace", "--no-fail-fast"]]);
    }

    #[test]
    fn the_unit_suite_runs_the_integration_tests_that_need_no_server() {
        let runs = runs(Some(Suite::Unit), None, &targets()).unwrap();
        let tests = ["--lib", "--bins", "--test", "pages", "--test", "deploy"];
        assert_eq!(runs[0], [&["--workspace", "--no-fail-fast"][..], &tests].concat());
        assert_eq!(runs[1], ["--workspace", "--no-fail-fast", "--doc"]);
    }

    #[test]
    fn the_contract_ring_runs_the_programs_that_talk_to_databases() {
        let runs = runs(Some(Suite::Contract), Some("votes"), &targets()).unwrap();
        let expected = ["--workspace", "--no-fail-fast", "--test", "contract", "--test", "database", "votes"];
        assert_eq!(runs, [expected]);
    }

    #[test]
    fn the_slow_ring_asks_for_ignored_tests_after_the_filter() {
        let runs = runs(Some(Suite::Slow), Some("kill"), &targets()).unwrap();
        assert_eq!(runs, [["--workspace", "--no-fail-fast", "--tests", "kill", "--", "--ignored"]]);
    }

    #[test]
    fn a_ring_without_a_program_is_an_error_and_not_everything() {
        assert!(runs(Some(Suite::Api), None, &[]).is_err());
    }
}
