//! An erasure leaves nothing of what its caller wrote: a canary stands for it.

use myashes_servers::Redis;
use myashes_testkit::{DatabaseKind, TestDatabase};
use serde_json::{Value, json};

use crate::on_both;
use crate::replicas::reaches_redis;
use crate::secrets::dump;
use crate::support::players::{PLAYERS, token_with};
use crate::support::{TestServer, knight, session};

/// No three of its letters stand together anywhere else.
const CANARY: &str = "zqxjkvzwq";

/// The session in which the canary's player is logged in.
const HOME: u32 = 3;

fn token() -> String {
    token_with(json!({"sub": CANARY, "name": format!("Name {CANARY}"), "steam_id": format!("1{CANARY}")}))
}

async fn post(server: &TestServer, path: &str, key: &str, body: &Value) -> Value {
    let reply = server.post(path).session(HOME).bearer(&token()).key(key).json(body).await;
    assert!((200..300).contains(&reply.status), "{path}: {}", reply.text);
    reply.json()
}

fn id(json: &Value, name: &str) -> String {
    json[name].as_str().unwrap().to_owned()
}

/// Writes the canary wherever a caller can write.
async fn write_everywhere(server: &TestServer) -> Vec<String> {
    let mut body = knight(&format!("Name {CANARY}"));
    body["description"] = json!(format!("Description {CANARY}"));
    body["tags"] = json!([CANARY]);
    body["build_data"] = json!({"note": CANARY});
    let mut private = body.clone();
    private["visibility"] = json!("private");
    server.post("/builds").session(1).key("private").json(&private).await.expect(201);
    let claim = json!({"session_id": session(1)});
    server.post("/builds/auth/claim").session(1).bearer(&token()).key("claim").json(&claim).await.expect(200);
    let mut builds = vec![];
    // Of many sizes, so that SQLite moves rows from page to page.
    for n in 0..12 {
        body["build_data"] = json!({"note": format!("{CANARY} ").repeat(1 + n * n * 10)});
        let build = id(&post(server, "/builds", &format!("build-{n}"), &body).await, "build_id");
        let renamed = json!({"name": format!("Renamed {CANARY} {n}"), "description": CANARY.repeat(n)});
        server
            .patch(&format!("/builds/{build}"))
            .session(HOME)
            .bearer(&token())
            .json(&renamed)
            .await
            .expect(200);
        builds.push(build);
    }
    for n in 0..12 {
        let query = format!("Search {} {CANARY}", "x".repeat(n % 3));
        let search = json!({"query": query, "search_mode": "deep", "result_count": 0});
        post(server, "/analytics/search", &format!("search-{n}"), &search).await;
    }
    builds
}

/// What others do with what the canary wrote.
async fn moderate(server: &TestServer, build: &str) {
    let feedback = json!({"query": CANARY, "response_snippet": CANARY, "rating": "down", "search_mode": "quick", "comment": CANARY});
    let feedback = id(&post(server, "/feedback", "feedback", &feedback).await, "feedback_id");
    let kept = server.build(2, &knight("Kept")).await;
    post(server, &format!("/builds/{kept}/report"), "report", &json!({"reason": CANARY})).await;
    post(server, &format!("/builds/{kept}/vote"), "vote", &json!({"rating": 2})).await;
    let admin = |path: &str, key: &str| server.post(&format!("/admin{path}")).session(8).admin().key(key);
    admin(&format!("/feedback/{feedback}/review"), "review")
        .json(&json!({"reviewed_by": "boss"}))
        .await
        .expect(200);
    admin(&format!("/builds/{build}/hide"), "hide").raw("").await.expect(200);
    admin(&format!("/builds/{build}/restore"), "restore").raw("").await.expect(200);
    let reports = server.get("/admin/reports").admin().await.expect(200).json();
    let report = id(&reports["items"][0], "report_id");
    admin(&format!("/reports/{report}/resolve"), "resolve").raw("").await.expect(200);
    let votes = server.get(&format!("/admin/builds/{kept}/votes")).admin().await.expect(200).json();
    let removal = format!("/admin/builds/{kept}/votes?voter={}", id(&votes["items"][0], "voter"));
    assert_eq!(server.delete(&removal).admin().await.expect(200).json()["removed"], 1);
    // Others' records about what the canary wrote.
    let vote =
        server.post(&format!("/builds/{build}/vote")).session(5).key("vote").json(&json!({"rating": 1}));
    vote.await.expect(200);
    let reason = json!({"reason": "a stranger's reason"});
    server.post(&format!("/builds/{build}/report")).session(5).key("report").json(&reason).await.expect(202);
}

async fn erase(server: &TestServer) {
    while server.delete("/me").session(HOME).bearer(&token()).await.status == 202 {}
}

/// Where the canary, or its bytes in hexadecimal, stands in a text.
fn traces(text: &str) -> Vec<&str> {
    let hex: String = CANARY.bytes().map(|byte| format!("{byte:02x}")).collect();
    let places = text.match_indices(CANARY).chain(text.match_indices(&hex));
    places.map(|(at, _)| text.get(at.saturating_sub(60)..at + 20).unwrap_or(CANARY)).collect()
}

/// Whether the trigram index of SQLite knows a piece of `word`: its terms are not stored as they are.
async fn index_knows(database: &TestDatabase, word: &str) -> bool {
    database
        .execute("CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab(build_search, row)")
        .await
        .unwrap();
    let terms = database.texts("SELECT term AS line FROM vocabulary").await;
    assert!(terms.iter().any(|term| term == "kep"), "the vocabulary is one");
    (0..=word.len() - 3).any(|n| terms.iter().any(|term| *term == word[n..n + 3]))
}

on_both! {
    with PLAYERS
    async fn an_erased_canary_is_nowhere(server) {
        let builds = write_everywhere(server).await;
        moderate(server, &builds[0]).await;
        let is_sqlite = server.database.kind == DatabaseKind::Sqlite;
        let mut reads: Vec<String> = ["/builds", "/builds/popular?period=all", "/analytics/popular-queries"].map(str::to_owned).into();
        reads.push(format!("/builds?search={CANARY}"));
        reads.push(format!("/builds?search={CANARY}&sort=relevance"));
        reads.extend(builds.iter().map(|id| format!("/builds/{id}")));
        let mut seen = 0;
        for path in &reads {
            seen += usize::from(server.get(path).session(5).await.expect(200).text.contains(&format!("\"Renamed {CANARY}")));
        }
        assert!(seen > builds.len(), "the reads show it before");
        assert!(server.get("/analytics/popular-queries").await.text.contains(CANARY));
        assert!(!traces(&dump(&server.database).await).is_empty(), "the dump is one");
        assert!(!is_sqlite || index_knows(&server.database, CANARY).await, "the vocabulary knows it before");
        erase(server).await;
        for path in reads.iter().chain(&["/admin/audit?limit=100".to_owned(), "/admin/reports".to_owned(), "/admin/feedback".to_owned()]) {
            let reply = server.get(path).session(5).admin().await;
            assert!(!reply.text.contains(CANARY), "{path}: {}", reply.text);
        }
        if is_sqlite {
            server.database.execute("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
        }
        let stored = dump(&server.database).await;
        assert!(stored.contains("Kept") && stored.contains("token:admin"), "the dump is one");
        assert_eq!(traces(&stored), Vec::<&str>::new());
        assert!(!is_sqlite || !index_knows(&server.database, CANARY).await);
        assert_eq!(server.database.count("SELECT count(*) FROM account_jobs").await, 0);
        assert_eq!(server.database.count("SELECT count(*) FROM idempotency_records").await, 0, "admins' and strangers' answers go, too");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erased_canary_is_not_in_redis() {
    let Some(redis) = Redis::for_test() else { return };
    let url = redis.url();
    let mut more = PLAYERS.to_vec();
    more.extend([
        ("REDIS_URL", url.as_str()),
        ("RATE_LIMIT_ENABLED", "true"),
        ("RATE_LIMIT_CREATES", "10000"),
        ("RATE_LIMIT_WRITES", "10000"),
    ]);
    let server = TestServer::start(TestDatabase::sqlite().await, &more).await;
    reaches_redis(&server).await;
    let builds = write_everywhere(&server).await;
    moderate(&server, &builds[0]).await;
    let save = || {
        assert!(redis.execute("SAVE").starts_with("+OK"));
        String::from_utf8_lossy(&std::fs::read(redis.folder().join("dump.rdb")).unwrap()).into_owned()
    };
    // It is never there, so that an erasure has nothing to remove.
    for _ in 0..2 {
        let stored = save();
        assert!(stored.contains("myashes"), "the dump is one: {stored}");
        assert_eq!(traces(&stored), Vec::<&str>::new());
        erase(&server).await;
    }
    server.stop().await;
}
