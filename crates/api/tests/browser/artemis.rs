//! The calls of the front end from its own origin, through nginx as Artemis is configured: TLS, `/api/` alone.

use myashes_servers::{Chromedriver, Folder, Nginx, free_port, self_signed_certificate};
use myashes_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::driver::{Script, open};
use crate::support::{TestServer, knight};

/// What Artemis adds for the front end, as its operator has configured it.
const CORS_BY_THE_PROXY: &str = "add_header Access-Control-Allow-Origin $origin always;
    add_header Access-Control-Expose-Headers X-Session-ID always;
    if ($request_method = OPTIONS) {
        add_header Access-Control-Allow-Origin $origin;
        add_header Access-Control-Allow-Methods 'GET, POST, PUT, PATCH, DELETE, OPTIONS';
        add_header Access-Control-Allow-Headers 'Content-Type, X-Session-ID, Authorization';
        return 204;
    }";

/// The scripted visit: each call with its status, or why the browser refused it. The session is the one that the
/// service names in the first response.
const VISIT: &str = "
    const done = arguments[arguments.length - 1];
    const calls = [];
    let session = null;
    const call = async (name, method, path, body, more) => {
        const headers = {...more};
        if (body) headers['Content-Type'] = 'application/json';
        if (session) headers['X-Session-ID'] = session;
        try {
            const reply = await fetch(BASE + path, {method, headers, body: body && JSON.stringify(body)});
            const known = session;
            session = reply.headers.get('X-Session-ID');
            calls.push([name, reply.status, session !== null && (known === null || known === session)]);
            return await reply.json();
        } catch (error) {
            calls.push([name, 'refused', false]);
            return {};
        }
    };
    (async () => {
        const build = await call('create', 'POST', '/builds', BUILD);
        await call('list', 'GET', '/builds?sort=newest&limit=5');
        await call('vote', 'POST', `/builds/${build.build_id}/vote`, {rating: 4});
        await call('change', 'PUT', `/builds/${build.build_id}/vote`, {rating: 2});
        await call('withdraw', 'DELETE', `/builds/${build.build_id}/vote`);
        await call('feedback', 'POST', '/feedback',
            {query: 'best healer', response_snippet: 'A cleric.', rating: 'up', search_mode: 'smart'});
        await call('search', 'POST', '/analytics/search',
            {query: 'best healer', search_mode: 'smart', result_count: 3});
        await call('popular', 'GET', '/builds/popular');
        await call('newer header', 'POST', '/builds', BUILD, {'Idempotency-Key': 'once'});
        done(calls);
    })();
";

/// The calls that the older front end makes too, all answered, in one session.
const ANSWERED: [(&str, u16); 8] = [
    ("create", 201),
    ("list", 200),
    ("vote", 200),
    ("change", 200),
    ("withdraw", 200),
    ("feedback", 201),
    ("search", 201),
    ("popular", 200),
];

/// nginx with TLS, under a certificate for `localhost` that no authority has signed.
async fn start_tls(port: u16, server: &str) -> Option<Nginx> {
    let folder = Folder::for_caller("tls").unwrap();
    let [certificate, key] = ["certificate", "key"].map(|name| folder.path().join(name));
    self_signed_certificate("localhost", &certificate, &key)?;
    let (certificate, key) = (certificate.display(), key.display());
    let tls = format!("ssl_certificate {certificate};\nssl_certificate_key {key};\n");
    Nginx::for_test_in(folder, &format!("listen 127.0.0.1:{port} ssl;\n{tls}{server}"), port)
}

/// Visits a service whose CORS headers are made by itself, by the proxy, or by both; the calls that were made.
async fn visit(by_the_service: bool, by_the_proxy: bool) -> Option<Vec<Value>> {
    let driver = Chromedriver::for_test()?;
    let (page, proxy) = (free_port(), free_port());
    let origin = format!("http://127.0.0.1:{page}");
    let _page = Nginx::for_test(
        page,
        "location / {\ndefault_type text/html;\nreturn 200 '<title>Page</title>';\n}\n",
    )?;
    let allowed = if by_the_service { origin.as_str() } else { "https://elsewhere.example" };
    let settings = [("BACKEND_CORS_ORIGINS", allowed), ("TRUSTED_PROXIES", "127.0.0.1")];
    let server = TestServer::start(TestDatabase::sqlite().await, &settings).await;
    let cors = if by_the_proxy { CORS_BY_THE_PROXY.replace("$origin", &origin) } else { String::new() };
    let forward = format!(
        "location /api/ {{\n{cors}\nproxy_pass http://127.0.0.1:{};\n\
         proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n}}\nlocation / {{\nreturn 404;\n}}\n",
        server.port
    );
    let _proxy = start_tls(proxy, &forward).await?;
    let browser = Browser::new(open(&driver, Script::On).await);
    browser.open(&origin).await;
    let base = json!(format!("https://localhost:{proxy}/api/v1"));
    let script = VISIT.replace("BASE", &base.to_string()).replace("BUILD", &knight("Artemis").to_string());
    let calls = browser.eval_async(&script).await;
    browser.close().await;
    drop(driver);
    server.stop().await;
    Some(serde_json::from_value(calls).unwrap())
}

fn answered() -> Vec<Value> {
    ANSWERED.iter().map(|(name, status)| json!([name, status, true])).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_front_end_calls_the_service_with_its_own_cors() {
    let Some(calls) = visit(true, false).await else { return };
    assert_eq!(calls, [answered(), vec![json!(["newer header", 201, true])]].concat());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_front_end_calls_the_service_with_cors_by_the_proxy() {
    let Some(calls) = visit(false, true).await else { return };
    // Until the proxy's list has the newer request headers, the browser does not send them.
    assert_eq!(calls, [answered(), vec![json!(["newer header", "refused", false])]].concat());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doubled_cors_headers_are_refused_by_the_browser() {
    let Some(calls) = visit(true, true).await else { return };
    assert!(calls.iter().all(|call| call[1] == "refused"), "{calls:?}");
}
