//! Texts of players stay texts, wherever they stand.

mod fixtures;
mod markup;

use fixtures::hostile::{build_of, card_of, gallery_of, texts};
use fixtures::{filtered_query, mounted_site, site};
use markup::{Tag, tags};
use myashes_web::feed::{self, FeedEntry};
use myashes_web::text::plain;
use myashes_web::{BuildCard, card};
use myashes_web::{GalleryQuery, Site, oembed};

/// The names of a page's tags, and of the attributes of each.
fn outline(tags: &[Tag]) -> Vec<String> {
    let outline = tags.iter().map(|tag| {
        let names: Vec<_> = tag.attributes.iter().map(|(name, _)| name.as_str()).collect();
        format!("{} {}", tag.name, names.join(" "))
    });
    outline.collect()
}

/// The page of an ordinary text and that of a hostile one have the same tags and attributes.
fn check(site: &Site, text: &str, html: &str) {
    for tag in tags(html) {
        assert!(
            !["img", "style", "iframe", "x"].contains(&tag.name.as_str()),
            "{text:?} made a <{}>",
            tag.name
        );
        for (name, value) in &tag.attributes {
            assert!(!name.starts_with("on"), "{text:?} made {name}");
            if !["href", "src", "action"].contains(&name.as_str()) {
                continue;
            }
            let known = ["/", "#", &site.base_url, &site.website_url];
            assert!(
                known.iter().any(|it| value.starts_with(it)) && !value.starts_with("//"),
                "{text:?}: {value}"
            );
            let is_encoded = value.chars().all(|c| c.is_ascii_graphic() && !"<>\"'`\\{}".contains(c));
            assert!(is_encoded, "{text:?}: {value}");
        }
        if tag.get("type") == Some("application/ld+json") {
            assert!(serde_json::from_str::<serde_json::Value>(&tag.text).is_ok(), "{text:?}: {}", tag.text);
        } else if tag.name == "script" {
            assert!(tag.text.is_empty(), "{text:?}");
        }
    }
}

#[test]
fn pages_keep_their_outline() {
    for site in [site(), mounted_site()] {
        let build = outline(&tags(&build_of("plain").render(&site).unwrap()));
        let gallery = outline(&tags(&gallery_of("plain").render(&site).unwrap()));
        for text in texts() {
            let html = build_of(&text).render(&site).unwrap();
            check(&site, &text, &html);
            let names = |outline: &[String]| {
                let mut names: Vec<_> =
                    outline.iter().map(|it| it.split(' ').next().unwrap().to_owned()).collect();
                names.sort();
                names.dedup();
                names
            };
            let own = outline(&tags(&html));
            let unknown: Vec<_> = names(&own).into_iter().filter(|it| !names(&build).contains(it)).collect();
            assert!(unknown.is_empty(), "{text:?} added {unknown:?}");

            let html = gallery_of(&text).render(&site).unwrap();
            check(&site, &text, &html);
            let own = outline(&tags(&html));
            // Tags without anything visible are left out.
            assert!(own == gallery || plain(&text).is_empty(), "{text:?}");
        }
    }
}

#[test]
fn pages_hold_no_direction_overrides() {
    let html = build_of("\u{202e}evil\u{2066}").render(&site()).unwrap();
    let is_control = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    for tag in tags(&html).iter().filter(|it| it.get("data-build").is_none()) {
        let all = tag.attributes.iter().map(|(_, value)| value.as_str()).chain([tag.text.as_str()]);
        assert!(all.into_iter().all(|it| !it.contains(is_control)), "{tag:?}");
    }
}

#[test]
fn feeds_stay_well_formed() {
    for text in texts() {
        let query = GalleryQuery { search: Some(text.clone()), ..filtered_query() };
        let entry = FeedEntry {
            build: card_of(&text),
            description: Some(text.clone()),
            updated_at: "2026-01-14T09:30:00Z".to_owned(),
        };
        let feed = feed::render(&site(), &query, &[entry.clone(), entry], "2026-01-14T09:30:00Z");
        let parsed =
            roxmltree::Document::parse(&feed).unwrap_or_else(|error| panic!("{text:?}: {error}\n{feed}"));
        assert_eq!(
            parsed
                .descendants()
                .filter(|it| it.has_tag_name(("http://www.w3.org/2005/Atom", "entry")))
                .count(),
            2
        );
    }
}

#[test]
fn cards_are_drawn_of_any_text() {
    for (n, text) in texts().into_iter().enumerate() {
        let view = BuildCard { race: text.clone(), rating: Some(f64::NAN), vote_count: 1, ..card_of(&text) };
        let drawing = card::drawing(&view).unwrap();
        assert!(roxmltree::Document::parse(&drawing).is_ok(), "{text:?}: {drawing}");
        if n % 5 == 0 {
            assert!(card::render(&view).is_ok(), "{text:?}");
        }
    }
}

#[test]
fn oembed_answers_are_json_and_take_own_pages_only() {
    for text in texts() {
        let answer: serde_json::Value =
            serde_json::from_str(&oembed::render(&site(), &card_of(&text), None, None)).unwrap();
        assert_eq!(answer["type"], "link");
        assert!(
            answer["thumbnail_url"].as_str().unwrap().starts_with("https://builds.example.org/b/"),
            "{text:?}"
        );
        assert_eq!(oembed::build_id_of(&site(), &text), None);
    }
}
