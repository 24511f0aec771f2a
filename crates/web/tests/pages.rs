//! Every page and state: what it says, what it loads, and what it never holds.

mod fixtures;
mod markup;

use fixtures::{mounted_site, pages, site, without_hashes};
use markup::tags;
use myashes_web::{ErrorPage, assets};

#[test]
fn pages_look_as_recorded() {
    for (name, html) in pages(&site()) {
        insta::assert_snapshot!(name, without_hashes(html));
    }
}

#[test]
fn pages_on_another_origin_look_as_recorded() {
    for (name, html) in
        pages(&mounted_site()).into_iter().filter(|(name, _)| ["build", "error_build"].contains(name))
    {
        insta::assert_snapshot!(format!("mounted_{name}"), without_hashes(html));
    }
}

#[test]
fn no_page_holds_an_inline_script_or_style_or_loads_from_elsewhere() {
    for site in [site(), mounted_site()] {
        for (name, html) in pages(&site) {
            for tag in tags(&html) {
                for (attribute, value) in &tag.attributes {
                    assert!(!attribute.starts_with("on"), "{name}: {attribute} of {}", tag.name);
                    assert!(attribute != "style", "{name}: style of {}", tag.name);
                    assert!(!value.trim_start().to_lowercase().starts_with("javascript:"), "{name}: {value}");
                }
                assert!(
                    !["style", "iframe", "object", "embed", "base", "img"].contains(&tag.name.as_str()),
                    "{name}"
                );
                let loads = tag.name == "script"
                    || tag.name == "link" && !matches!(tag.get("rel"), Some("canonical" | "alternate"));
                if tag.get("type") == Some("application/ld+json") {
                    continue;
                }
                if loads {
                    let url = tag.get("src").or(tag.get("href")).expect("no inline script");
                    let file =
                        url.strip_prefix(&format!("{}/assets/", site.mount_path)).expect("an own asset");
                    assert!(assets::find(file).is_some(), "{name}: {url}");
                    assert!(tag.text.trim().is_empty(), "{name}: an inline script");
                }
            }
        }
    }
}

#[test]
fn links_stay_below_the_mount_path_or_lead_to_the_players_site() {
    for site in [site(), mounted_site()] {
        for (name, html) in pages(&site) {
            for tag in tags(&html) {
                let Some(href) = tag.get("href").filter(|_| tag.name == "a") else { continue };
                let own = href.starts_with(&format!("{}/", site.mount_path)) && !href.starts_with("//");
                assert!(
                    own || href.starts_with(&site.website_url) || href.starts_with('#'),
                    "{name}: {href}"
                );
            }
            if !site.mount_path.is_empty() {
                assert!(
                    !html.contains("=\"/b/") && !html.contains("=\"/builds"),
                    "{name}: not below the mount path"
                );
            }
        }
    }
}

#[test]
fn pages_on_another_origin_have_no_vote() {
    for (name, html) in pages(&mounted_site()) {
        assert!(
            !html.contains("vote.") && !html.contains("owner.") && !html.contains("type=\"radio\""),
            "{name}"
        );
    }
    let (_, build) = pages(&mounted_site()).into_iter().find(|(name, _)| *name == "build").unwrap();
    assert!(build.contains("Open on MyAshes") && build.contains("https://www.example.org/?build=b_demo0000"));
}

#[test]
fn an_absent_build_has_one_page() {
    let html = ErrorPage::build_absent().render(&site()).unwrap();
    assert_eq!(html, ErrorPage::build_absent().render(&site()).unwrap());
    assert!(!html.contains("b_"), "the page names no build");
    assert!(html.contains("owner.") && html.contains("noindex"));
}

#[test]
fn a_build_describes_itself_to_unfurlers() {
    let (_, html) = pages(&site()).into_iter().find(|(name, _)| *name == "build").unwrap();
    let tags = tags(&html);
    let meta = |name: &str| {
        let tag = tags.iter().find(|it| it.get("property").or(it.get("name")) == Some(name));
        tag.and_then(|it| it.get("content")).unwrap_or_else(|| panic!("no {name}")).to_owned()
    };
    assert_eq!(meta("og:title"), "The Wall That Walks");
    assert_eq!(meta("og:image"), "https://builds.example.org/b/b_demo0000/card.png");
    assert_eq!((meta("og:image:width"), meta("og:image:height")), ("1200".to_owned(), "630".to_owned()));
    assert!(
        meta("og:description")
            .starts_with("Knight build for Ashes of Creation, Vek, rated 4.3 by 12 players.")
    );
    assert_eq!(meta("twitter:card"), "summary_large_image");
    let oembed = tags.iter().find(|it| it.get("type") == Some("application/json+oembed")).unwrap();
    assert_eq!(
        oembed.get("href").unwrap(),
        "https://builds.example.org/oembed?url=https%3A%2F%2Fbuilds.example.org%2Fb%2Fb_demo0000&#38;format=json"
    );
    let data = tags.iter().find(|it| it.get("type") == Some("application/ld+json")).unwrap();
    let data: serde_json::Value = serde_json::from_str(&data.text).unwrap();
    assert_eq!(data["aggregateRating"]["ratingValue"], 4.3);
    assert_eq!(data["aggregateRating"]["ratingCount"], 12);
}

#[test]
fn an_unrated_build_claims_no_rating() {
    let (_, html) = pages(&site()).into_iter().find(|(name, _)| *name == "build_not_rated").unwrap();
    assert!(!html.contains("aggregateRating") && html.contains("Not rated yet"));
}

#[test]
fn an_unlisted_build_is_not_indexed() {
    for (name, html) in pages(&site()).into_iter().filter(|(name, _)| name.starts_with("build")) {
        assert_eq!(html.contains("noindex"), name == "build_unlisted_and_older", "{name}");
    }
}

#[test]
fn a_search_without_results_names_the_filter_to_drop() {
    let (_, html) = pages(&site()).into_iter().find(|(name, _)| *name == "gallery_no_results").unwrap();
    assert!(html.contains("Drop race: <bdi>Vek</bdi>"), "races have other values");
    assert!(!html.contains("Drop first archetype"), "no archetype has a build");
    assert!(html.contains("/builds?search=wall&#38;primary_archetype=tank,mage&#38;tag=pvp\""));
}
