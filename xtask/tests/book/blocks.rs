//! The blocks of the manual that are marked with `<!-- run: name -->`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const MARK: &str = "<!-- run: ";

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every marked block, by name.
pub fn marked() -> BTreeMap<String, String> {
    let mut blocks = BTreeMap::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let Some(mark) = line.trim().strip_prefix(MARK) else { continue };
            let name = mark.strip_suffix(" -->").unwrap();
            // A block within a list is indented as its mark is.
            let indent = line.len() - line.trim_start().len();
            let fence = lines.next().unwrap_or_default().trim();
            assert_eq!(fence, "```sh", "{}: no block of commands follows the mark {name}", page.display());
            let inside = lines.by_ref().take_while(|line| line.trim() != "```");
            let block: String =
                inside.map(|line| format!("{}\n", line.get(indent..).unwrap_or_default())).collect();
            assert!(blocks.insert(name.to_owned(), block).is_none(), "two blocks are named {name}");
        }
    }
    blocks
}

fn pages() -> Vec<PathBuf> {
    let docs = root().join("docs");
    let parts = fs::read_dir(docs.join("operations")).unwrap().map(|entry| entry.unwrap().path());
    std::iter::once(docs.join("OPERATIONS.md")).chain(parts).collect()
}
