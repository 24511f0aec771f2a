//! Writes every page and state, the assets and cards into a folder: `cargo run -p myashes-web --example preview -- DIR`.
//!
//! Serve the folder with any file server; the pages of both sites are in `root/` and `api/pages/`.

#[path = "../tests/fixtures/mod.rs"]
mod fixtures;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use fixtures::{archetype, builds, card, mounted_site, pages, site};
use myashes_web::card;
use myashes_web::feed::{self, FeedEntry};
use myashes_web::{BuildCard, GalleryQuery, assets};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("usage: preview DIR")?;
    let folder = Path::new(&folder);
    for (site, below) in [(site(), ""), (mounted_site(), "api/pages")] {
        let folder = folder.join(below);
        fs::create_dir_all(folder.join("assets"))?;
        for (name, html) in pages(&site) {
            fs::write(folder.join(format!("{name}.html")), html)?;
        }
        for text in fixtures::hostile::texts().iter().enumerate() {
            let name = format!("hostile_{:02}.html", text.0);
            fs::write(folder.join(name), fixtures::hostile::build_of(text.1).render(&site)?)?;
        }
        for (_, asset) in assets::all() {
            fs::write(folder.join("assets").join(asset.name), asset.bytes)?;
        }
    }
    write_cards(&folder.join("cards"))?;
    let entries: Vec<_> = (0..8)
        .map(|n| FeedEntry { build: card(n), description: None, updated_at: card(n).created_at })
        .collect();
    fs::write(folder.join("feed.atom"), feed::render(&site(), &GalleryQuery::default(), &entries, ""))?;
    Ok(())
}

fn write_cards(folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    for (name, page) in builds() {
        fs::write(folder.join(format!("{name}.png")), card::render(&page.build)?)?;
    }
    for n in 0..8 {
        fs::write(folder.join(format!("list_{n}.png")), card::render(&card(n))?)?;
    }
    for (name, text) in
        [("cjk", "鋼鉄の壁"), ("empty", ""), ("twenty", "Twenty characters ok"), ("word", &"W".repeat(100))]
    {
        let build = BuildCard { name: text.to_owned(), ..card(0) };
        fs::write(folder.join(format!("name_{name}.png")), card::render(&build)?)?;
    }
    for id in ["fighter", "tank", "rogue", "ranger", "mage", "summoner", "cleric", "bard", "retired"] {
        let image = card::render_class_card("", &archetype(id), &archetype("bard"))?;
        fs::write(folder.join(format!("class_{id}.png")), image)?;
    }
    Ok(())
}
