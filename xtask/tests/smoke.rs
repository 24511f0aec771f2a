//! `cargo xtask smoke` against a stand-in that answers as the service would, and as badly set up proxies do.
#![expect(clippy::unwrap_used, reason = "what is missing here fails the test, and should")]

mod stand_in;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Mutex;

use stand_in::{Request, Response, Seen};

const SITE: &str = "https://myashes.ai";
const LIMIT: u32 = 600;
const BUILD: &str = r#"{"share_url": "https://builds.example/pages/b/b_tpl_tnk01"}"#;

/// What the stand-in does wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// The proxy adds the CORS headers to those of the service.
    DoubledCors,
    /// The proxy extends the service's header instead.
    JoinedCors,
    /// The proxy adds CORS headers to successful answers alone.
    NoCorsOnErrors,
    AnyOrigin,
    /// The proxy does CORS: it names the site in every answer, and has a list of request headers of its own.
    CorsInProxy,
    NotSeeded,
    /// The proxy forwards `/api/*` and nothing else.
    ApiAlone,
    /// The service takes all visitors for one address.
    OneAddress,
    NoLimits,
    /// The cards of builds cannot be drawn.
    NoCards,
}

fn start(fault: Fault) -> (String, Seen) {
    let spent = Mutex::new(HashMap::<IpAddr, u32>::new());
    stand_in::serve(move |request| answer(request, fault, &spent))
}

fn answer(request: &Request, fault: Fault, spent: &Mutex<HashMap<IpAddr, u32>>) -> Response {
    let outside = !request.path.starts_with("/api/");
    let mut response = match request.method.as_str() {
        _ if outside && fault == Fault::ApiAlone => return Response::json(404, "<html>nginx</html>"),
        "OPTIONS" => Response::json(200, ""),
        _ => body(request.route(), fault),
    };
    response = response
        .with("X-Session-ID", request.header("x-session-id").unwrap_or("sess_000000000000000000000000"))
        .with("Cache-Control", "private, no-cache");
    if request.route() == "/api/v1/builds" && fault != Fault::NoLimits {
        let proxy = IpAddr::from(Ipv4Addr::LOCALHOST);
        let visitor = if fault == Fault::OneAddress { proxy } else { request.peer };
        let mut spent = spent.lock().unwrap();
        let spent = spent.entry(visitor).or_default();
        *spent += 1;
        response = response
            .with("RateLimit-Policy", format!("\"lists\";q=120;w=60, \"lists-address\";q={LIMIT};w=60"))
            .with("RateLimit", format!("\"lists\";r=119, \"lists-address\";r={}", LIMIT - *spent));
    }
    let origin = request.header("origin").filter(|origin| *origin == SITE || fault == Fault::AnyOrigin);
    let origin = if fault == Fault::CorsInProxy { Some(SITE) } else { origin };
    match origin {
        Some(_) if fault == Fault::NoCorsOnErrors && response.status >= 400 => response,
        Some(origin) => cors(response, request, origin, fault),
        None => response,
    }
}

fn cors(mut response: Response, request: &Request, origin: &str, fault: Fault) -> Response {
    let asked = request.header("access-control-request-headers").unwrap_or_default();
    let headers =
        if fault == Fault::CorsInProxy { "content-type, x-session-id, authorization" } else { asked };
    response = match fault {
        Fault::JoinedCors => response.with("Access-Control-Allow-Origin", format!("{origin}, {origin}")),
        Fault::DoubledCors => {
            response.with("Access-Control-Allow-Origin", origin).with("Access-Control-Allow-Origin", origin)
        }
        _ => response.with("Access-Control-Allow-Origin", origin),
    };
    response
        .with("Access-Control-Allow-Credentials", "true")
        .with("Access-Control-Expose-Headers", "X-Session-ID")
        .with("Access-Control-Allow-Methods", "GET, POST, PATCH")
        .with("Access-Control-Allow-Headers", headers)
        .with("Access-Control-Max-Age", 7200)
}

fn body(route: &str, fault: Fault) -> Response {
    let of_page = |kind: &str| {
        let headers = [("Content-Type", kind), ("Content-Security-Policy", "default-src 'none'")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Response { status: 200, headers, body: String::new() }
    };
    let (status, body) = match route {
        "/" => (200, r#"{"name": "myashes", "version": "1.0.0"}"#),
        "/health" | "/api/v1/health" | "/api/v1/health/db" => (200, r#"{"status": "healthy"}"#),
        "/ready" => (200, "{}"),
        "/api/v1/builds" => (200, r#"{"builds": [], "total": 0}"#),
        "/api/v1/builds/popular" => (200, r#"{"builds": [], "period": "week", "count": 0}"#),
        "/api/v1/builds/templates" if fault == Fault::NotSeeded => (200, r#"{"templates": [], "count": 0}"#),
        "/api/v1/builds/templates" => (200, r#"{"templates": [{"build_id": "b_tpl_tnk01"}], "count": 1}"#),
        "/api/v1/builds/b_tpl_tnk01" => (200, BUILD),
        "/pages/b/b_tpl_tnk01" => return of_page("text/html; charset=utf-8"),
        "/pages/b/b_tpl_tnk01/card.png" if fault != Fault::NoCards => return of_page("image/png"),
        "/api/v1/game" => (200, r#"{"archetypes": [{}]}"#),
        "/api/v1/builds/b_00000000" => (404, r#"{"error": "build_not_found", "status": 404}"#),
        _ => (404, r#"{"error": "not_found", "status": 404}"#),
    };
    Response::json(status, body)
}

const TWO: [&str; 4] = ["--from", "127.0.0.1", "--from", "127.0.0.2"];

fn smoke(url: &str, further: &[&str]) -> (bool, String) {
    stand_in::xtask(&[&["smoke", "--url", url], further].concat())
}

/// The lines of one kind.
fn lines<'a>(output: &'a str, kind: &str) -> Vec<&'a str> {
    output.lines().filter(|line| line.trim_start().starts_with(kind)).collect()
}

fn wrote(seen: &Seen) -> bool {
    let reads = ["GET", "HEAD", "OPTIONS"];
    seen.lock().unwrap().iter().any(|line| !reads.iter().any(|method| line.starts_with(method)))
}

#[test]
fn a_sound_service_passes_and_is_only_read_from() {
    let (url, seen) = start(Fault::None);
    let (success, output) = smoke(&url, &TWO);
    assert!(success, "{output}");
    assert!(lines(&output, "not checked").is_empty() && lines(&output, "warning").is_empty(), "{output}");
    assert!(!wrote(&seen), "{:?}", seen.lock().unwrap());
}

#[test]
fn two_addresses_are_distinguished() {
    let (url, seen) = start(Fault::None);
    let (_, output) = smoke(&url, &TWO);
    assert!(output.contains("while 127.0.0.1 spent 19, 127.0.0.2 lost 1"), "{output}");
    let lists = seen.lock().unwrap().iter().filter(|line| line.starts_with("GET /api/v1/builds?")).count();
    assert!(lists >= 22, "{lists} lists");
}

#[test]
fn an_address_that_spends_for_the_other_fails_and_says_what_to_set() {
    let (url, _) = start(Fault::OneAddress);
    let (success, output) = smoke(&url, &TWO);
    assert!(!success);
    let failures = lines(&output, "failed");
    assert_eq!(failures.len(), 1, "{output}");
    assert!(failures[0].contains("TRUSTED_PROXIES") && failures[0].contains("PROXY_CIDR"), "{output}");
}

#[test]
fn one_address_proves_nothing_and_says_so() {
    let (url, _) = start(Fault::OneAddress);
    for further in [&[][..], &["--from", "127.0.0.2"]] {
        let (success, output) = smoke(&url, further);
        assert!(success, "{output}");
        assert!(lines(&output, "not checked")[0].contains("--from twice"), "{output}");
    }
}

#[test]
fn a_service_without_limits_proves_nothing_and_says_so() {
    let (url, _) = start(Fault::NoLimits);
    let (_, output) = smoke(&url, &TWO);
    assert!(lines(&output, "not checked")[0].contains("limits are off"), "{output}");
}

#[test]
fn a_proxy_that_forwards_the_api_alone_is_no_fault() {
    let (url, _) = start(Fault::ApiAlone);
    let (success, output) = smoke(&url, &TWO);
    assert!(success, "{output}");
    assert_eq!(lines(&output, "not checked").len(), 3, "{output}");
}

#[test]
fn headers_that_a_proxy_adds_once_more_are_seen() {
    for (fault, found) in [(Fault::DoubledCors, "is there 2 times"), (Fault::JoinedCors, "has two values")] {
        let (url, _) = start(fault);
        let (success, output) = smoke(&url, &TWO);
        assert!(!success);
        assert!(lines(&output, "failed").iter().any(|line| line.contains(found)), "{output}");
        assert!(output.contains("let one of them do it"), "{output}");
    }
}

#[test]
fn errors_that_a_browser_cannot_read_are_seen() {
    let (url, _) = start(Fault::NoCorsOnErrors);
    let (_, output) = smoke(&url, &TWO);
    assert!(lines(&output, "failed")[0].contains("a browser cannot read errors"), "{output}");
}

#[test]
fn request_headers_that_a_proxy_blocks_are_a_warning() {
    let (url, _) = start(Fault::CorsInProxy);
    let (success, output) = smoke(&url, &TWO);
    assert!(success, "{output}");
    assert!(lines(&output, "warning")[0].contains("idempotency-key and if-match"), "{output}");
}

#[test]
fn an_answer_to_any_origin_is_seen() {
    let (url, _) = start(Fault::AnyOrigin);
    let (_, output) = smoke(&url, &TWO);
    assert_eq!(lines(&output, "failed").len(), 1, "{output}");
    assert!(output.contains("https://elsewhere.example"), "{output}");
}

#[test]
fn a_database_that_was_not_seeded_is_seen() {
    let (url, _) = start(Fault::NotSeeded);
    let (_, output) = smoke(&url, &TWO);
    assert!(lines(&output, "failed")[0].contains("seed was not run"), "{output}");
}

#[test]
fn a_card_that_is_not_drawn_is_seen() {
    let (url, _) = start(Fault::NoCards);
    let (success, output) = smoke(&url, &TWO);
    assert!(!success);
    let failures = lines(&output, "failed");
    assert!(failures.len() == 1 && failures[0].contains("its card"), "{output}");
}

#[test]
fn a_round_trip_is_made_on_request_and_goes_no_further_than_its_first_failure() {
    let (url, seen) = start(Fault::None);
    let (success, output) = smoke(&url, &["--write"]);
    assert!(!success && wrote(&seen));
    assert!(output.contains("answers 200 and not 201"), "{output}");
    assert!(!seen.lock().unwrap().iter().any(|line| line.starts_with("PATCH") || line.starts_with("DELETE")));
}

#[test]
fn production_is_never_written_to() {
    let (success, output) = stand_in::xtask(&["smoke", "--env", "prod", "--write"]);
    assert!(!success);
    assert!(output.contains("is production"), "{output}");
}

#[test]
fn nothing_that_is_no_address_is_tried() {
    let (success, output) = smoke("127.0.0.1:8000", &[]);
    assert!(!success);
    assert!(output.contains("expected http://… or https://…"), "{output}");
}
