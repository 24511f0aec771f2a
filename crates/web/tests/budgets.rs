//! What a first view transfers, compressed, against the budgets of the pages.

mod fixtures;
mod markup;

use std::io::Write as _;

use fixtures::{pages, site};
use markup::tags;
use myashes_web::assets::{self, Asset};

const CSS: usize = 12 * 1024;
const SCRIPT: usize = 12 * 1024;
const FIRST_VIEW: usize = 40 * 1024;

/// The transferred bytes of an asset, with the weaker of the two encodings.
fn transferred(asset: Asset) -> usize {
    asset.gzip.unwrap_or(asset.bytes).len()
}

fn gzip(bytes: &[u8]) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).expect("compression in memory");
    encoder.finish().expect("compression in memory").len()
}

#[test]
fn a_first_view_stays_within_its_budgets() {
    for (name, html) in pages(&site()) {
        let (mut css, mut script, mut other) = (0, 0, 0);
        for tag in tags(&html) {
            let Some(url) = tag
                .get("src")
                .or(tag.get("href"))
                .filter(|_| ["link", "script"].contains(&tag.name.as_str()))
            else {
                continue;
            };
            let Some(asset) = url.strip_prefix("/assets/").and_then(assets::find) else { continue };
            match asset.content_type {
                "text/css; charset=utf-8" => css += transferred(asset),
                "text/javascript; charset=utf-8" => script += transferred(asset),
                // The large icon is for home screens alone.
                _ if tag.get("rel") == Some("apple-touch-icon") => {}
                _ => other += transferred(asset),
            }
        }
        let page = gzip(html.as_bytes());
        println!("{name}: page {page}, css {css}, script {script}, other {other}");
        assert!(css > 0 && css <= CSS, "{name}: {css} bytes of CSS");
        assert!(script <= SCRIPT, "{name}: {script} bytes of script");
        assert!(page + css + script + other <= FIRST_VIEW, "{name}: {} bytes", page + css + script + other);
    }
}

#[test]
fn assets_are_found_by_their_hashed_names_only() {
    let mut count = 0;
    for (key, asset) in assets::all() {
        count += 1;
        assert_eq!(assets::find(asset.name), Some(asset));
        assert_eq!(assets::by_key(key), Some(asset));
        assert!(asset.immutable && asset.name != key);
        assert!(asset.br.is_none_or(|it| it.len() < asset.bytes.len()), "{key}");
    }
    assert!(count >= 8);
    for name in ["base.css", "", "../base.css", "missing"] {
        assert_eq!(assets::find(name), None);
    }
}

#[test]
fn scripts_import_each_other_by_hashed_names() {
    for (key, asset) in assets::all().filter(|(key, _)| key.ends_with(".js")) {
        // The name of SVG's namespace is no address that a page asks.
        let text = std::str::from_utf8(asset.bytes).unwrap().replace("http://www.w3.org/2000/svg", "");
        // An import may take several lines; the file's name is on its last.
        let imports = text.lines().filter(|it| it.starts_with("import \"") || it.contains("} from \""));
        for line in imports {
            let name = line.split('"').nth(1).and_then(|it| it.strip_prefix("./")).unwrap();
            assert!(assets::find(name).is_some(), "{key}: {line}");
        }
        for forbidden in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://"]
        {
            assert!(!text.contains(forbidden), "{key}: {forbidden}");
        }
    }
}
