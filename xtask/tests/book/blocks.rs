//! The blocks of the manual that are marked: commands with `<!-- run: name -->`, a file with `<!-- file: name -->`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const COMMANDS: (&str, &str) = ("<!-- run: ", "```sh");
const FILE: (&str, &str) = ("<!-- file: ", "```nginx");

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every marked block of commands, by name.
pub fn marked() -> BTreeMap<String, String> {
    blocks(COMMANDS)
}

/// The marked content of a file.
pub fn file(name: &str) -> String {
    blocks(FILE).remove(name).unwrap_or_else(|| panic!("no block is marked as the file {name}"))
}

fn blocks((mark, fence): (&str, &str)) -> BTreeMap<String, String> {
    let mut blocks = BTreeMap::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let Some(marked) = line.trim().strip_prefix(mark) else { continue };
            let name = marked.strip_suffix(" -->").unwrap();
            // A block within a list is indented as its mark is.
            let indent = line.len() - line.trim_start().len();
            let begin = lines.next().unwrap_or_default().trim();
            assert_eq!(begin, fence, "{}: no such block follows the mark {name}", page.display());
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
