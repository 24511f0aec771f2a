//! The cut-over and the way back, as `docs/operations/cut-over.md` says, between two running services on one machine: the
//! databases on one PostgreSQL, nginx in the place of Artemis, clients that call all the while. What needs a cluster is
//! left out.

use std::fs;

use myashes_servers::free_port;
use serde_json::{Value, json};

use super::assert_consistent;
use super::blocks::{file, root};
use super::clients::{Clients, call, moment};
use super::machine::Machine;
use super::older_service;

/// The marked blocks that are run here.
pub const BLOCKS: [&str; 6] = [
    "cut-over-roles",
    "cut-over-import",
    "cut-over-compare",
    "cut-over-reload",
    "cut-over-smoke",
    "cut-over-back",
];

/// The line of the location that pauses writes.
const PAUSE: &str = "if ($request_method !~";

const UPSTREAM: &str = "server UPSTREAM_HOST:8086;";
const OLDER_UPSTREAM: &str = "server myashes-backend.hq.solidrust.net:8086;";

/// Which service nginx forwards to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Upstream {
    Older,
    Newer,
}

struct CutOver {
    machine: Machine,
    /// Public address.
    site: String,
    older: u16,
    newer: u16,
}

impl CutOver {
    /// The older service in front, with its data, and the newer one beside it, released and empty.
    fn new() -> Self {
        let mut machine = Machine::new();
        let (postgres, newer) = (machine.postgres_port(), free_port());
        let site = format!("http://127.0.0.1:{}", machine.https);
        for (from, to) in [
            ("https://artemis.hq.solidrust.net", site.clone()),
            ("http://127.0.0.1:18000", format!("http://127.0.0.1:{newer}")),
            ("--env prod", format!("--url {site} --from 127.0.0.1 --from 127.0.0.2")),
            ("/run/nginx.pid", machine.path("run/nginx.pid").display().to_string()),
            (":15432/", format!(":{postgres}/")),
            ("sslmode=require", "sslmode=disable".to_owned()),
            // Passwords.
            ("…", "secret".to_owned()),
        ] {
            machine.replace(from, &to);
        }
        machine.execute(
            "sudo -u postgres psql -X -q -v ON_ERROR_STOP=1 <<'SQL'
            CREATE ROLE myashes LOGIN PASSWORD 'secret';
            CREATE DATABASE myashes OWNER myashes;
            CREATE ROLE myashes_api LOGIN PASSWORD 'secret';
            CREATE DATABASE myashes_api OWNER myashes_api;\nSQL",
        );
        let url = |name: &str| format!("postgres://{name}:secret@127.0.0.1:{postgres}/{name}");
        let data = root().join("xtask/tests/book/older_service.sql");
        machine.execute(&format!("psql -X -q -v ON_ERROR_STOP=1 {} -f {}", url("myashes"), data.display()));
        machine.execute(&format!(
            "SERVICE='env DATABASE_URL={}?sslmode=disable PORT={newer} TRUSTED_PROXIES=127.0.0.1 LOG_LEVEL=warn \
             RATE_LIMIT_READS=100000 RATE_LIMIT_CREATES=100000 RATE_LIMIT_VOTES=100000 RATE_LIMIT_WRITES=100000 \
             ADMIN_TOKEN=0123456789abcdef0123456789abcdef myashes'
             $SERVICE migrate > $MACHINE/log/migrate && $SERVICE seed > $MACHINE/log/seed",
            url("myashes_api")
        ));
        // Both have the official templates.
        let columns = "build_id, name, description, primary_archetype, secondary_archetype, class_name, race, \
                       created_at, is_template";
        machine.execute(&format!(
            "PGTZ=UTC psql -X -q {} -c \"COPY (SELECT {columns}, 'official' FROM builds WHERE is_template) TO STDOUT\" |
             psql -X -q {} -c 'COPY builds ({columns}, session_id) FROM STDIN'",
            url("myashes_api"),
            url("myashes")
        ));
        machine.execute("$SERVICE serve > $MACHINE/log/service 2>&1 & echo $! > $MACHINE/run/service.pid");
        let older = older_service::serve(&url("myashes"));
        let mut cut_over = Self { machine, site, older, newer };
        while call("GET", &format!("http://127.0.0.1:{newer}/ready"), "", None).0 != 200 {
            moment();
        }
        cut_over.configure(Upstream::Older, false);
        cut_over.machine.execute("nginx");
        cut_over
    }

    /// Runs a marked block, and shows what it prints.
    fn step(&mut self, title: &str, block: &str) -> String {
        let printed = self.machine.run(&[block]);
        eprintln!("== {title}\n{printed}");
        printed
    }

    /// Lets nginx forward to this service, with or without writes.
    fn forward(&mut self, to: Upstream, paused: bool) {
        self.configure(to, paused);
        self.machine.run(&["cut-over-reload"]);
    }

    /// Writes the file of the manual, which is that of the moment of the switch.
    fn configure(&self, to: Upstream, paused: bool) {
        let mut text = file("artemis");
        for mark in
            [PAUSE, UPSTREAM, OLDER_UPSTREAM, "server_name artemis.hq.solidrust.net;", "location /api/ {"]
        {
            assert!(text.contains(mark), "{mark} is missing in\n{text}");
        }
        if to == Upstream::Older {
            text = text.replace(UPSTREAM, &format!("# {UPSTREAM}"));
            text = text.replace(&format!("# {OLDER_UPSTREAM}"), OLDER_UPSTREAM);
            let cors = fs::read_to_string(root().join("deploy/nginx/cors.conf")).unwrap();
            text = text.replace("location /api/ {", &format!("location /api/ {{\n{cors}"));
        }
        if !paused {
            text =
                text.lines().filter(|line| !line.contains(PAUSE)).map(|line| format!("{line}\n")).collect();
        }
        let listen = format!("listen 127.0.0.1:{};", self.machine.https);
        text = text.replace("server_name artemis.hq.solidrust.net;", &listen);
        text = text.replace("UPSTREAM_HOST:8086", &format!("127.0.0.1:{}", self.newer));
        text = text.replace("myashes-backend.hq.solidrust.net:8086", &format!("127.0.0.1:{}", self.older));
        fs::write(self.machine.path("etc/nginx/sites-enabled/artemis"), text).unwrap();
    }

    /// A call of the public address by one of the sessions in the older service's data.
    fn call(&self, method: &str, path: &str, session: u32, body: Option<&Value>) -> (u16, Value) {
        let session = format!("sess_{session:024x}");
        call(method, &format!("{}/api/v1/{path}", self.site), &session, body)
    }

    #[track_caller]
    fn assert_name(&self, build: &str, name: &str) {
        let (status, body) = self.call("GET", &format!("builds/{build}"), 1, None);
        assert_eq!((status, &body["name"]), (200, &json!(name)), "{body}");
    }

    /// What the older database holds of this, sorted.
    fn older_rows(&mut self, query: &str) -> Vec<String> {
        let printed =
            self.machine.execute(&format!("sudo -u postgres psql -X -q -A -t -d myashes -c \"{query}\""));
        let mut rows: Vec<String> = printed.lines().filter(|it| !it.is_empty()).map(str::to_owned).collect();
        rows.sort();
        rows
    }
}

#[test]
#[ignore = "slow: the cut-over checklist, there and back under load"]
fn the_switch_and_the_way_back_lose_nothing() {
    let mut cut_over = CutOver::new();
    cut_over.step("step 9: roles", "cut-over-roles");
    let printed = cut_over.step("step 9: first import", "cut-over-import");
    assert_consistent(&printed);
    cut_over.step("step 10: compare", "cut-over-compare");

    let clients = Clients::start(&cut_over.site);
    clients.builds(20);
    let renamed = |name: &str| json!({"name": name});
    assert_eq!(cut_over.call("PATCH", "builds/b_00000003", 3, Some(&renamed("Changed there"))).0, 200);
    assert_eq!(cut_over.call("DELETE", "builds/b_00000005", 5, None).0, 200);
    assert_eq!(cut_over.call("POST", "builds/b_00000007/vote", 7, Some(&json!({"rating": 5}))).0, 200);

    clients.expect_pause(true);
    cut_over.forward(Upstream::Older, true);
    assert_eq!(cut_over.call("POST", "feedback", 1, Some(&json!({}))).0, 503);
    let printed = cut_over.step("step 12: last import", "cut-over-import");
    assert_consistent(&printed);
    cut_over.step("step 13: compare", "cut-over-compare");
    cut_over.forward(Upstream::Newer, true);
    let printed = cut_over.step("step 15: smoke", "cut-over-smoke");
    assert!(printed.contains("ok           two addresses have two limits"), "{printed}");
    cut_over.forward(Upstream::Newer, false);
    clients.expect_pause(false);

    clients.builds(20);
    cut_over.assert_name("b_00000003", "Changed there");
    assert_eq!(cut_over.call("GET", "builds/b_00000005", 5, None).0, 404);
    let (_, build) = cut_over.call("GET", "builds/b_00000007", 1, None);
    assert_eq!(build["vote_count"], 6, "{build}");
    // The session of the older service still owns its builds.
    assert_eq!(cut_over.call("PATCH", "builds/b_00000003", 3, Some(&renamed("Changed here"))).0, 200);
    assert_eq!(cut_over.call("DELETE", "builds/b_00000009", 9, None).0, 200);
    assert_eq!(cut_over.call("POST", "builds/b_00000011/vote", 9, Some(&json!({"rating": 5}))).0, 200);

    clients.expect_pause(true);
    cut_over.forward(Upstream::Newer, true);
    cut_over.step("back, step 3: export", "cut-over-back");
    cut_over.forward(Upstream::Older, false);
    clients.expect_pause(false);

    clients.builds(20);
    cut_over.assert_name("b_00000003", "Changed here");
    assert_eq!(cut_over.call("GET", "builds/b_00000009", 1, None).0, 404);
    let (_, build) = cut_over.call("GET", "builds/b_00000011", 1, None);
    assert_eq!(build["vote_count"], 6, "{build}");

    let (read, ledger) = clients.stop();
    eprintln!("reads: {read:?}; writes: {:?}", ledger.statuses);
    assert_eq!(read.keys().collect::<Vec<_>>(), [&200], "{read:?}");
    assert_eq!(ledger.failures, [""; 0]);
    let (mut names, mut votes, mut feedback) = (vec![], ledger.votes, ledger.feedback);
    names.extend(ledger.builds.into_iter().map(|(name, _)| name));
    for acknowledged in [&mut names, &mut votes, &mut feedback] {
        acknowledged.sort();
        assert!(acknowledged.len() >= 60);
    }
    assert_eq!(cut_over.older_rows("SELECT name FROM builds WHERE name LIKE 'load %'"), names);
    let of_load =
        "SELECT v.build_id FROM build_votes v JOIN builds b USING (build_id) WHERE name LIKE 'load %'";
    assert_eq!(cut_over.older_rows(of_load), votes);
    assert_eq!(cut_over.older_rows("SELECT query FROM feedback WHERE query LIKE 'load %'"), feedback);
    let drifted = "SELECT build_id FROM builds b WHERE NOT is_template AND (vote_count, rating_sum) <> (SELECT count(*), \
                   coalesce(sum(rating), 0) FROM build_votes v WHERE v.build_id = b.build_id)";
    assert_eq!(cut_over.older_rows(drifted), [""; 0]);
}
