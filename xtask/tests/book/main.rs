//! The manual of operations, executed: every block that is marked in `docs/OPERATIONS.md` and `docs/operations/` is run
//! as it is written, in the order in which an operator needs it.
#![expect(clippy::unwrap_used, reason = "what is missing here fails the test, and should")]

mod blocks;
mod clients;
mod cut_over;
mod load;
mod machine;
mod older_service;
#[path = "../stand_in/mod.rs"]
mod stand_in;

use std::collections::BTreeSet;

use load::Load;
use machine::Machine;

/// From an empty machine to a service with a backup.
const INSTALLATION: [&str; 7] =
    ["install", "database", "settings", "start", "nginx", "first-writes", "timer"];
const RECOVERY: [&str; 2] = ["rehearse", "lost"];
const UPGRADE: [&str; 2] = ["upgrade", "downgrade"];
const MODERATION: [&str; 15] = [
    "admin-header",
    "admin-reads",
    "feedback",
    "takedown-evidence",
    "takedown-hide",
    "takedown-back",
    "votes",
    "vote",
    "report",
    "hidden-query",
    "disk",
    "flood-networks",
    "flood-addresses",
    "flood-block",
    "takedown-delete",
];

#[test]
fn every_marked_block_is_run_by_a_test() {
    let run: BTreeSet<&str> = [&INSTALLATION[..], &RECOVERY, &UPGRADE, &MODERATION, &cut_over::BLOCKS]
        .concat()
        .into_iter()
        .collect();
    let marked = blocks::marked();
    assert_eq!(marked.keys().map(String::as_str).collect::<BTreeSet<_>>(), run);
}

#[test]
fn each_call_of_an_administrator_is_in_a_block_that_is_run() {
    let document = std::fs::read_to_string(blocks::root().join("docs/openapi.json")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let commands: String = blocks::marked().into_values().collect();
    let mut missing = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let Some(path) = path.strip_prefix("/api/v1/admin/") else { continue };
        for method in methods.as_object().unwrap().keys() {
            if !commands.lines().any(|line| calls(line, &method.to_uppercase(), path)) {
                missing.push(format!("{method} {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "no block of docs/OPERATIONS.md calls {missing:?}");
}

#[test]
#[ignore = "slow: installs, loses and restores a service"]
fn a_lost_database_is_restored_with_equal_checksums() {
    let mut machine = Machine::new();
    let printed = machine.run(&INSTALLATION);
    assert_consistent(&printed);
    let rehearsal = machine.run(&["rehearse"]);
    assert!(rehearsal.contains("rehearsal equals "), "{rehearsal}");

    machine.execute("sudo -u postgres psql -X -q -c 'DROP DATABASE myashes WITH (FORCE)'");
    assert_eq!(status(&mut machine, "$API/builds/$ID"), "503");

    let printed = machine.run(&["lost"]);
    assert!(printed.contains("myashes equals "), "{printed}");
    assert_consistent(&printed);
    let build = machine.execute("curl -fsS \"$API/builds/$ID\"");
    assert!(build.contains("First of all") && build.contains(r#""vote_count":1,"#), "{build}");

    // What compares must also see a difference.
    machine.execute("sudo -u postgres psql -X -q -d myashes -c 'DELETE FROM votes'");
    let compare = "/opt/myashes/backup.sh compare $FILE || echo refused";
    let compare = format!("sudo -u myashes sh -c \"set -a; . /etc/myashes/backup.env; {compare}\"");
    let printed = machine.execute(&compare);
    assert!(printed.contains("  votes: saved ") && printed.contains("refused"), "{printed}");
}

#[test]
#[ignore = "slow: upgrades a service and goes back under load"]
fn an_upgrade_and_the_way_back_fail_no_request() {
    let mut machine = Machine::new();
    machine.run(&["install", "database", "settings"]);
    // All clients of the test have one address.
    machine.execute("echo 'rate_limit_enabled = false' | sudo tee -a /etc/myashes/myashes.toml");
    machine.run(&["start", "nginx", "first-writes", "timer"]);
    let build = machine.execute("echo \"$ID\"");
    let load = Load::start(&machine, build.trim());
    machine.run(&UPGRADE);
    let statuses = load.stop();
    assert!(statuses.keys().all(|status| ["200", "201"].contains(&status.as_str())), "{statuses:?}");
    assert!(statuses["200"] > 500 && statuses["201"] > 25, "{statuses:?}");
    assert_eq!(status(&mut machine, "http://127.0.0.1:8001/ready"), "200");
    assert_eq!(status(&mut machine, "http://127.0.0.1:8002/ready || true"), "000");
}

#[test]
#[ignore = "slow: takes a build down on an installed service"]
fn a_takedown_hides_brings_back_and_deletes() {
    let mut machine = Machine::new();
    machine.run(&INSTALLATION);
    machine.execute(
        r#"curl -fsS "$API/builds/$ID/vote" -H "$JSON" -d '{"rating": 1}'
        curl -fsS "$API/builds/$ID/report" -H "$JSON" -d '{"reason": "not its author"}'
        curl -fsS "$API/feedback" -H "$JSON" \
          -d '{"query": "a", "response_snippet": "b", "rating": "down", "search_mode": "quick"}'"#,
    );
    machine.run(&["admin-header", "admin-reads", "takedown-evidence"]);
    let printed = machine.run(&["feedback"]);
    assert!(
        printed.contains(r#""reviewed_by":"Ada""#) && printed.contains(r#""flagged_for_cleanup":true"#),
        "{printed}"
    );
    let printed = machine.run(&["takedown-hide"]);
    assert!(printed.contains("404"), "{printed}");
    let case = machine.execute("(cd \"$CASE\" && sha256sum --check SHA256SUMS && cat log)");
    assert!(case.contains("build.json: OK") && case.contains("build.hide"), "{case}");
    machine.run(&["takedown-back"]);
    assert_eq!(status(&mut machine, "$API/builds/$ID"), "200");

    let printed = machine.run(&["votes"]);
    assert_eq!(printed.matches(r#"{"removed":1,"by_rating":[1,0,0,0,0]}"#).count(), 2, "{printed}");
    let printed = machine.run(&["vote"]);
    assert!(printed.contains(r#""deleted":true"#), "{printed}");
    let printed = machine.run(&["report"]);
    assert!(printed.contains("resolved_at"), "{printed}");
    machine.run(&["hidden-query", "disk"]);
    let printed = machine.run(&["flood-networks", "flood-addresses", "flood-block"]);
    assert!(printed.contains(r#"{"networks":["#) && printed.contains(" 127.0.0.1"), "{printed}");

    machine.run(&["takedown-delete"]);
    assert_eq!(status(&mut machine, "$API/builds/$ID"), "404");
}

/// Whether a line calls this path, whose parameters are shell variables there.
fn calls(line: &str, method: &str, path: &str) -> bool {
    let with = line.split_once("-X ").map_or("GET", |(_, rest)| rest.split(' ').next().unwrap());
    let Some((_, called)) = line.split_once("\"$API/admin/") else { return false };
    let called: Vec<&str> = called.split(['"', '?']).next().unwrap().split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    let same = |(part, called): (&&str, &&str)| {
        if part.starts_with('{') { called.starts_with('$') } else { part == called }
    };
    with == method && path.len() == called.len() && path.iter().zip(&called).all(same)
}

fn status(machine: &mut Machine, url: &str) -> String {
    machine.execute(&format!("curl -s -o /dev/null -w '%{{http_code}}' {url}")).trim().to_owned()
}

/// Asserts that `doctor` printed its table, with 0 in each line.
#[track_caller]
fn assert_consistent(printed: &str) {
    let table = printed.lines().skip_while(|line| !line.ends_with("wrong")).skip(1);
    let figures: Vec<u64> =
        table.map_while(|line| line.rsplit_once(' ').and_then(|(_, figure)| figure.parse().ok())).collect();
    assert!(figures.len() > 10 && figures.iter().all(|figure| *figure == 0), "{printed}");
}
