//! What machines read: feed, sitemap, robots, oEmbed.

mod fixtures;

use fixtures::{card, filtered_query, mounted_site, site, without_hashes};
use myashes_web::feed::{self, FeedEntry};
use myashes_web::{GalleryQuery, oembed, robots, sitemap};

#[test]
fn the_feed_looks_as_recorded() {
    let entries: Vec<_> = (0..2)
        .map(|n| FeedEntry {
            build: card(n),
            description: (n == 0).then(|| "Everything looks at you & nothing gets past.".to_owned()),
            updated_at: format!("2026-02-0{}T10:00:00Z", n + 1),
        })
        .collect();
    let feed = feed::render(&mounted_site(), &filtered_query(), &entries, "2026-03-01T00:00:00Z");
    roxmltree::Document::parse(&feed).unwrap();
    insta::assert_snapshot!("feed", without_hashes(feed));
}

#[test]
fn an_empty_feed_is_dated_by_the_caller() {
    let feed = feed::render(&site(), &GalleryQuery::default(), &[], "2026-03-01T00:00:00Z");
    assert!(feed.contains("<updated>2026-03-01T00:00:00Z</updated>"));
}

#[test]
fn sitemaps_are_well_formed() {
    let site = mounted_site();
    let index = sitemap::index(&site, ["/sitemap.xml?part=1&x=\"".to_owned()]);
    insta::assert_snapshot!("sitemap_index", index);
    roxmltree::Document::parse(&index).unwrap();
    let element = sitemap::build_element(&site, "b_0000000007", "2026-01-14T09:30:00Z");
    assert!(element.len() < 1000, "{} of them are within 50 MB", sitemap::MAX_URLS);
    let part = [sitemap::PART_HEAD, &element, sitemap::PART_TAIL].concat();
    insta::assert_snapshot!("sitemap_part", part);
    roxmltree::Document::parse(&part).unwrap();
}

#[test]
fn robots_name_what_is_forbidden_and_the_sitemap() {
    insta::assert_snapshot!("robots", robots::render(&site()));
}

#[test]
fn oembed_knows_the_urls_of_its_own_builds() {
    let id = |url: &str| oembed::build_id_of(&mounted_site(), url);
    assert_eq!(id("https://host.example.org/api/pages/b/b_1a2b").as_deref(), Some("b_1a2b"));
    assert_eq!(id("https://host.example.org/api/pages/b/b_1a2b/?utm=1#x").as_deref(), Some("b_1a2b"));
    for url in [
        "https://host.example.org/b/b_1",
        "https://host.example.org.evil/api/pages/b/b_1",
        "http://host.example.org/api/pages/b/b_1",
        "https://host.example.org/api/pages/b/",
        "https://host.example.org/api/pages/b/a/b",
        "https://host.example.org/api/pages/b/%2e%2e",
        "",
    ] {
        assert_eq!(id(url), None, "{url}");
    }
}

#[test]
fn a_thumbnail_is_left_out_when_it_is_too_large() {
    insta::assert_snapshot!("oembed", oembed::render(&site(), &card(0), Some(1200), None));
    assert!(!oembed::render(&site(), &card(0), Some(600), None).contains("thumbnail"));
}
