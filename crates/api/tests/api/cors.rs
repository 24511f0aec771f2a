//! CORS.

use reqwest::Method;

use crate::on_both;
use crate::support::{Reply, TestServer};

async fn preflight(server: &TestServer, origin: &str) -> Reply {
    server
        .request(Method::OPTIONS, "/api/v1/builds")
        .header("origin", origin)
        .header("access-control-request-method", "PATCH")
        .header("access-control-request-headers", "content-type,x-session-id")
        .await
}

on_both! {
    async fn browsers_of_allowed_origins_may_call(server) {
        let origin = "https://myashes.ai";
        let reply = preflight(server, origin).await.expect(204);
        assert_eq!(reply.header("access-control-allow-origin"), origin);
        assert_eq!(reply.header("access-control-allow-credentials"), "true");
        assert_eq!(reply.header("access-control-max-age"), "7200");
        assert!(reply.header("access-control-allow-methods").contains("PATCH"));
        assert_eq!(reply.header("access-control-allow-headers"), "content-type,x-session-id");
        assert_eq!(reply.header("x-session-id"), "", "a preflight makes no session");
        for path in ["/builds", "/nowhere"] {
            let reply = server.get(path).header("origin", origin).await;
            assert_eq!(reply.header("access-control-allow-origin"), origin);
            assert_eq!(reply.header("access-control-allow-credentials"), "true");
            for name in ["X-Session-ID", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
                "Retry-After", "ETag", "Location", "X-Request-ID"] {
                assert!(reply.header("access-control-expose-headers").contains(name), "{name}");
            }
        }
    }
}

on_both! {
    async fn other_origins_get_no_cors_headers(server) {
        for origin in ["https://evil.example", "https://myashes.ai.evil.example", "null", "http://myashes.ai"] {
            let reply = preflight(server, origin).await;
            assert_eq!(reply.header("access-control-allow-origin"), "", "{origin}");
            assert_eq!(reply.header("access-control-allow-methods"), "", "{origin}");
            let reply = server.get("/builds").header("origin", origin).await.expect(200);
            assert_eq!(reply.header("access-control-allow-origin"), "", "{origin}");
        }
    }
}

on_both! {
    with [("BACKEND_CORS_ORIGINS", "")]
    async fn a_proxy_may_do_it_all(server) {
        let preflight = preflight(server, "https://myashes.ai").await.expect(204);
        assert_eq!(preflight.header("x-session-id"), "", "a preflight makes no session");
        let reply = server.get("/builds").header("origin", "https://myashes.ai").await.expect(200);
        for reply in [preflight, reply] {
        assert!(!reply.headers.keys().any(|name| name.as_str().starts_with("access-control")));
        }
    }
}
