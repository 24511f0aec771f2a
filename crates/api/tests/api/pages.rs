//! HTML pages, card images, feeds and what previews of links read.

use myashes_testkit::TestDatabase;
use reqwest::Method;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::{Reply, TestServer, knight};

const ADMIN: (&str, &str) = ("ADMIN_TOKEN", "0123456789abcdef0123456789abcdef");

async fn page(server: &TestServer, path: &str) -> Reply {
    server.request(Method::GET, path).await
}

/// A page without a session, limits or anything inline, which allows nothing from elsewhere.
fn assert_page(reply: &Reply) {
    assert!(reply.header("content-type").starts_with("text/html"), "{:?}", reply.headers);
    assert!(reply.header("content-security-policy").starts_with("default-src 'none'; script-src 'self'"));
    assert_eq!(reply.header("referrer-policy"), "strict-origin-when-cross-origin");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert!(!reply.header("permissions-policy").is_empty());
    for name in ["x-session-id", "ratelimit", "x-ratelimit-limit", "set-cookie"] {
        assert_eq!(reply.header(name), "", "{name}");
    }
    assert!(!reply.text.contains("<style") && !reply.text.contains(" style="), "{}", reply.text);
}

on_both! {
    async fn the_gallery_lists_filters_and_pages_on(server) {
        let empty = page(server, "/builds").await.expect(200);
        assert_page(&empty);
        assert_eq!(empty.header("cache-control"), "public, no-cache");
        for number in 0..3 {
            server.build(number, &knight(&format!("Wall {number}"))).await;
        }
        let mut cleric = knight("Lantern");
        cleric["primary_archetype"] = json!("cleric");
        server.build(9, &cleric).await;
        let all = page(server, "/builds").await.expect(200).text;
        assert!(["Wall 0", "Wall 1", "Wall 2", "Lantern"].iter().all(|name| all.contains(name)), "{all}");
        let clerics = page(server, "/builds?primary_archetype=cleric").await.expect(200).text;
        assert!(clerics.contains("Lantern") && !clerics.contains("Wall 0"));
        let first = page(server, "/builds?search=wall&limit=2").await.expect(200).text;
        let next = first.split("href=\"").filter_map(|it| it.split('"').next()).find(|it| it.contains("cursor="));
        let next = next.expect("a link to the next page").replace("&amp;", "&").replace("&#38;", "&");
        let second = page(server, &format!("{next}&limit=2")).await.expect(200).text;
        assert!(second.contains("Wall 0") && !second.contains("Wall 2"), "{second}");
        assert_page(&page(server, "/builds?limit=1000").await.expect(422));
        assert_page(&page(server, "/builds?cursor=x").await.expect(400));
        assert_page(&page(server, "/b/%00").await.expect(400));
        assert_page(&page(server, &format!("/builds?search={}", "x".repeat(20_000))).await.expect(414));
    }
}

on_both! {
    async fn every_filter_stays_in_the_links_of_the_gallery(server) {
        server.build(1, &knight("Wall")).await;
        let document = server.get("/openapi.json").await.json();
        let parameters = document["paths"]["/api/v1/builds"]["get"]["parameters"].clone();
        let names = parameters.as_array().unwrap().iter().filter(|it| it["in"] == "query");
        for name in names.map(|it| it["name"].as_str().unwrap()) {
            let value = match name {
                "sort" | "limit" | "page" | "cursor" | "facets" => continue,
                "search" | "class_name" | "tag" | "game_version" => "wall",
                "primary_archetype" | "secondary_archetype" => "tank",
                "race" => "vek",
                "tag_mode" => "all&tag=a,b",
                "is_template" => "false",
                "creator" => "76561198000000001",
                _ => panic!("a value for {name}"),
            };
            let path = format!("/builds?{name}={value}");
            let shown = page(server, &path).await;
            assert_eq!(shown.status, 200, "{path}");
            let shown = shown.text;
            // All links of the page are made in the same way; that of the feed is always there.
            let mut links = shown.split("href=\"").filter_map(|it| it.split('"').next());
            let link = links.find(|it| it.contains("/feed.atom")).unwrap();
            assert!(link.contains(&format!("{name}=")), "{name} is lost in {link}");
        }
    }
}

on_both! {
    async fn a_page_changes_at_once_and_is_the_same_404_for_what_cannot_be_seen(server) {
        let id = server.build(1, &knight("Bulwark")).await;
        let other = server.build(2, &knight("Rampart")).await;
        let path = format!("/b/{id}");
        let shown = page(server, &path).await.expect(200);
        assert_page(&shown);
        assert!(shown.text.contains("Bulwark") && shown.text.contains("Rampart"), "similar builds are shown");
        let tag = shown.header("etag").to_owned();
        server.request(Method::GET, &path).header("if-none-match", &tag).await.expect(304);
        server.put(&format!("/builds/{id}/vote")).session(3).json(&json!({"rating": 4})).await.expect(200);
        let voted = server.request(Method::GET, &path).header("if-none-match", &tag).await.expect(200);
        assert!(voted.text.contains("aggregateRating"), "{}", voted.text);
        let change = json!({"visibility": "private"});
        server.patch(&format!("/builds/{other}")).session(2).json(&change).await.expect(200);
        let alone = page(server, &path).await.expect(200);
        assert!(!alone.text.contains("Rampart"), "a private build is among no similar ones");
        let private = page(server, &format!("/b/{other}")).await.expect(404);
        assert_page(&private);
        let absent = page(server, "/b/b_nowhere123").await.expect(404);
        assert_eq!(private.text, absent.text);
        for below in [format!("/b/{other}/card.png"), "/b/b_nowhere123/card.png".to_owned()] {
            assert_eq!(page(server, &below).await.expect(404).text, absent.text, "{below}");
        }
        server.patch(&format!("/builds/{id}")).session(1).json(&json!({"visibility": "unlisted"})).await.expect(200);
        let unlisted = page(server, &path).await.expect(200).text;
        assert!(unlisted.contains("noindex"));
        for list in ["/builds", "/feed.atom", "/sitemap/0.xml"] {
            assert!(!page(server, list).await.expect(200).text.contains(&id), "{list}");
        }
        server.delete(&format!("/builds/{id}")).session(1).await.expect(200);
        assert_eq!(page(server, &path).await.expect(404).text, absent.text);
    }
}

on_both! {
    async fn previews_find_title_description_image_and_oembed(server) {
        let mut build = knight("Siege \"Wall\" </title><script>alert(1)</script>");
        build["description"] = json!("Holds the gate.");
        let id = server.build(1, &build).await;
        for (agent, method) in [
            ("Mozilla/5.0 (compatible; Discordbot/2.0)", Method::GET), ("Twitterbot/1.0", Method::GET),
            ("Slackbot-LinkExpanding 1.0", Method::GET), ("facebookexternalhit/1.1", Method::GET),
            ("Twitterbot/1.0", Method::HEAD),
        ] {
            let request = server.request(method.clone(), &format!("/b/{id}")).header("user-agent", agent);
            let reply = request.header("accept", "*/*").header("range", "bytes=0-524287").await.expect(200);
            assert_page(&reply);
            if method == Method::HEAD {
                continue;
            }
            for property in ["og:title", "og:description", "og:image", "og:image:width", "og:url", "twitter:card"] {
                assert!(reply.text.contains(property), "{agent}: {property}");
            }
            assert!(!reply.text.contains("<script>alert"), "{}", reply.text);
        }
        let base = format!("http://127.0.0.1:{}", server.port);
        let text = page(server, &format!("/b/{id}")).await.expect(200).text;
        assert!(text.contains(&format!("{base}/b/{id}/card.png")), "absolute links use the listener's address");
        let found = page(server, &format!("/oembed?url={base}/b/{id}&format=json")).await.expect(200);
        let json: Value = found.json();
        assert_eq!((json["type"].as_str(), json["thumbnail_width"].as_i64()), (Some("link"), Some(1200)));
        let small = page(server, &format!("/oembed?url={base}/b/{id}&maxwidth=100")).await.expect(200).json();
        assert!(small.get("thumbnail_url").is_none());
        page(server, &format!("/oembed?url={base}/b/{id}&format=xml")).await.expect(501);
        page(server, &format!("/oembed?url=https://elsewhere.example/b/{id}")).await.expect(404);
        page(server, "/oembed").await.expect(422);
    }
}

on_both! {
    async fn a_card_is_a_png_that_changes_with_its_build(server) {
        let id = server.build(1, &knight("Bulwark")).await;
        let path = format!("/b/{id}/card.png");
        let response = server.client.get(server.url(&path)).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "image/png");
        assert_eq!(response.headers()["cache-control"], "public, max-age=300");
        assert!(response.headers().get("x-session-id").is_none());
        let tag = response.headers()["etag"].to_str().unwrap().to_owned();
        let image = response.bytes().await.unwrap();
        let size = |at: usize| u32::from_be_bytes(image[at..at + 4].try_into().unwrap());
        assert_eq!((&image[..8], size(16), size(20)), (&b"\x89PNG\r\n\x1a\n"[..], 1200, 630));
        server.request(Method::GET, &path).header("if-none-match", &tag).await.expect(304);
        server.put(&format!("/builds/{id}/vote")).session(3).json(&json!({"rating": 5})).await.expect(200);
        let again = server.client.get(server.url(&path)).header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(again.status(), 200);
        assert_ne!(again.bytes().await.unwrap(), image);
    }
}

on_both! {
    async fn a_search_that_is_emptied_leaves_no_order_that_needs_one(server) {
        server.build(1, &knight("Bulwark")).await;
        let found = page(server, "/builds?search=bulwark&sort=relevance&race=vek").await.expect(200).text;
        let form = found.split("<form").find(|it| it.contains("name=\"search\"")).unwrap();
        let form = form.split("</form>").next().unwrap();
        assert!(form.contains("name=\"race\"") && !form.contains("relevance"), "{form}");
        page(server, "/builds?search=&race=vek").await.expect(200);
    }
}

on_both! {
    async fn the_feed_and_the_sitemap_name_public_builds(server) {
        let id = server.build(1, &knight("Bulwark & <b>")).await;
        let feed = page(server, "/feed.atom").await.expect(200);
        assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
        assert!(feed.text.contains(&id) && feed.text.contains("Bulwark &amp; &lt;b&gt;"), "{}", feed.text);
        server.request(Method::GET, "/feed.atom").header("if-none-match", feed.header("etag")).await.expect(304);
        assert!(!page(server, "/feed.atom?race=dunir").await.expect(200).text.contains(&id));
        server.put(&format!("/builds/{id}/vote")).session(3).json(&json!({"rating": 5})).await.expect(200);
        let newer = server.build(1, &knight("Rampart")).await;
        let rated = page(server, "/builds?sort=rating").await.expect(200).text;
        assert!(rated.find(&id) < rated.find(&newer) && !rated.contains("/feed.atom?sort"), "{rated}");
        let feed = page(server, "/feed.atom?sort=rating").await.expect(200).text;
        assert!(feed.find(&newer) < feed.find(&id) && !feed.contains("sort=rating"), "a feed has the newest: {feed}");
        let index = page(server, "/sitemap.xml").await.expect(200);
        assert!(index.text.contains("/sitemap/0.xml") && index.header("cache-control").contains("3600"));
        let part = page(server, "/sitemap/0.xml").await.expect(200).text;
        assert!(part.contains(&format!("/b/{id}")) && part.ends_with("</urlset>\n"), "{part}");
        page(server, "/sitemap/7.xml").await.expect(404);
        let robots = page(server, "/robots.txt").await.expect(200).text;
        assert!(robots.contains("Disallow: /api/") && robots.contains("Sitemap: http"));
    }
}

on_both! {
    with [ADMIN]
    async fn assets_are_immutable_and_the_admin_desk_holds_no_data(server) {
        let desk = page(server, "/admin").await.expect(200);
        assert_page(&desk);
        let assets: Vec<&str> = desk.text.split('"').filter(|it| it.starts_with("/assets/")).collect();
        assert!(assets.len() > 3, "{assets:?}");
        for path in assets {
            let reply = server.client.get(server.url(path)).header("accept-encoding", "br").send().await.unwrap();
            assert_eq!(reply.status(), 200, "{path}");
            assert_eq!(reply.headers()["cache-control"], "public, max-age=31536000, immutable", "{path}");
        }
        page(server, "/assets/../Cargo.toml").await.expect(404);
        page(server, "/assets/base.css").await.expect(404);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_mounted_under_the_path_of_their_public_url() {
    let settings =
        [("PUBLIC_URL", "https://host.example/api/pages"), ("WEBSITE_URL", "https://site.example")];
    let server = TestServer::start(TestDatabase::sqlite().await, &settings).await;
    let id = server.build(1, &knight("Bulwark")).await;
    let build = server.get(&format!("/builds/{id}")).await.expect(200).json();
    assert_eq!(build["share_url"], format!("https://host.example/api/pages/b/{id}"));
    let gallery = page(&server, "/api/pages/builds").await.expect(200);
    assert_page(&gallery);
    assert!(gallery.text.contains(&format!("\"/api/pages/b/{id}\"")), "{}", gallery.text);
    let shown = page(&server, &format!("/api/pages/b/{id}")).await.expect(200).text;
    assert!(shown.contains(&format!("https://host.example/api/pages/b/{id}/card.png")));
    assert!(shown.contains("Open on MyAshes"), "another origin than the site's only reads");
    for path in gallery.text.split('"').filter(|it| it.contains("/assets/") && it.starts_with('/')) {
        page(&server, path).await.expect(200);
    }
    let erase = server.request(Method::DELETE, "/api/pages/api/v1/me").await;
    assert_page(&erase.expect(404));
    for path in [
        "/api/pages/sitemap.xml",
        "/api/pages/robots.txt",
        "/api/pages/admin",
        "/api/pages/nowhere",
        "/api/pages/api/v1/builds",
        "/api/pages/ready",
    ] {
        assert_page(&page(&server, path).await.expect(404));
    }
    let root = server.request(Method::GET, "/").header("accept", "text/html,*/*;q=0.8").await.expect(302);
    assert_eq!(
        (root.header("location"), root.header("vary").contains("Accept")),
        ("/api/pages/builds", true)
    );
    let json = server.request(Method::GET, "/").header("accept", "*/*").await.expect(200);
    assert!(json.header("vary").contains("Accept"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_can_be_turned_off() {
    let server = TestServer::start(TestDatabase::sqlite().await, &[("PAGES_ENABLED", "false")]).await;
    let id = server.build(1, &knight("Bulwark")).await;
    for path in ["/builds", &format!("/b/{id}"), "/feed.atom", "/robots.txt", "/admin"] {
        assert_eq!(page(&server, path).await.expect(404).error(), "not_found", "{path}");
    }
    let root = server.request(Method::GET, "/").header("accept", "text/html").await;
    assert_eq!(root.status, 200);
    server.stop().await;
}

/// Beyond thirty new cards a minute, or a full queue, an address gets the card of the class, which no cache keeps.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_new_cards_at_once_are_those_of_the_class() {
    let settings =
        [("RATE_LIMIT_ENABLED", "true"), ("RATE_LIMIT_CREATES", "1000"), ("RATE_LIMIT_READS", "1000")];
    let server = TestServer::start(TestDatabase::sqlite().await, &settings).await;
    let mut paths = vec![];
    for number in 0..60 {
        let id = server.build(number, &knight("Bulwark")).await;
        paths.push(server.url(&format!("/b/{id}/card.png")));
    }
    let cards = futures_util::future::join_all(paths.iter().map(|path| server.client.get(path).send())).await;
    let kept = cards.into_iter().map(|reply| {
        let reply = reply.unwrap();
        assert_eq!(
            (reply.status().as_u16(), reply.headers()["content-type"].to_str().unwrap()),
            (200, "image/png")
        );
        let caching = reply.headers()["cache-control"].to_str().unwrap().to_owned();
        assert_eq!(caching != "no-store", reply.headers().contains_key("etag"), "{caching}");
        caching != "no-store"
    });
    let kept = kept.filter(|it| *it).count();
    assert!((1..60).contains(&kept), "{kept} of 60 cards are those of their builds");
    server.stop().await;
}

on_both! {
    async fn a_viewer_learns_what_is_theirs(server) {
        let id = server.build(1, &knight("Bulwark")).await;
        let seen = |session: u32| server.get(&format!("/builds/{id}?viewer=true")).session(session);
        let own = seen(1).await.expect(200).json();
        assert_eq!((&own["can_edit"], &own["your_rating"]), (&json!(true), &Value::Null));
        server.put(&format!("/builds/{id}/vote")).session(2).json(&json!({"rating": 4})).await.expect(200);
        let other = seen(2).await.expect(200).json();
        assert_eq!((&other["can_edit"], &other["your_rating"]), (&json!(false), &json!(4)));
        let plain = server.get(&format!("/builds/{id}")).session(2).await.expect(200).json();
        assert!(plain.get("can_edit").is_none() && plain.get("your_rating").is_none());
        server.get(&format!("/builds/{id}?viewer=maybe")).await.expect(422);
    }
}
