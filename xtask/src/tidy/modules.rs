//! How the modules of a crate stand to each other: they import each other in one direction, and no two of their types
//! have one name.

use std::collections::{BTreeMap, BTreeSet};

use super::Findings;
use super::layers::code;
use super::sources::Sources;

/// Crates whose modules form layers.
const LAYERED: [&str; 3] = ["crates/domain/src/", "crates/adapters/src/", "crates/api/src/"];

/// All crates.
const CRATES: [&str; 7] = [
    "crates/domain/src/",
    "crates/adapters/src/",
    "crates/api/src/",
    "crates/web/src/",
    "crates/servers/src/",
    "crates/testkit/src/",
    "xtask/src/",
];

/// Defined by each database, under the name by which the shared queries know it.
const OF_EACH_DATABASE: [&str; 4] = ["Backend", "Conn", "DatabaseCheck", "Limits"];

/// The modules that each module imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// Import cycles between the modules at the top of a crate. A module and its children are one.
pub fn cycles(sources: &Sources) -> Findings {
    LAYERED.iter().flat_map(|folder| cycles_of(folder, &imports(sources, folder))).collect()
}

/// Types of one crate that have the same name.
pub fn doubled_types(sources: &Sources) -> Findings {
    CRATES.iter().flat_map(|folder| doubled_in(sources, folder)).collect()
}

fn imports(sources: &Sources, folder: &str) -> Imports {
    let mut imports = Imports::new();
    for (path, text) in sources.rust(folder) {
        let module = path[folder.len()..].split('/').next().unwrap_or_default();
        let module = module.strip_suffix(".rs").unwrap_or(module);
        if matches!(module, "lib" | "main") {
            continue;
        }
        let mut imported = names_after(&without_tests(text), "crate::");
        imported.remove(module);
        imports.entry(module.to_owned()).or_default().extend(imported);
    }
    imports
}

/// The first names of the paths that begin with `prefix`; of `crate::{a, b::c}` both.
fn names_after(text: &str, prefix: &str) -> BTreeSet<String> {
    let first = |path: &str| {
        let end = path.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(path.len());
        path[..end].to_owned()
    };
    let mut names = BTreeSet::new();
    for (start, _) in text.match_indices(prefix) {
        let rest = &text[start + prefix.len()..];
        match rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((group, _)) => names.extend(group.split(',').map(|path| first(path.trim()))),
            None => {
                names.insert(first(rest));
            }
        }
    }
    names
}

/// One finding for each module that imports itself through others, with the shortest way.
fn cycles_of(folder: &str, imports: &Imports) -> Findings {
    let ways = imports.keys().filter_map(|module| shortest_way_back(module, imports));
    // Each cycle is reported where its first module in the alphabet begins it.
    let ways = ways.filter(|way| way.iter().min() == way.first());
    ways.map(|way| format!("{folder}: {}", way.join(" → "))).collect()
}

fn shortest_way_back(module: &str, imports: &Imports) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![module.to_owned()]];
    while !ways.is_empty() {
        let mut longer = vec![];
        for way in ways {
            for next in imports.get(way.last()?).into_iter().flatten() {
                let way = [way.clone(), vec![next.clone()]].concat();
                if next == module {
                    return Some(way);
                }
                if seen.insert(next.clone()) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}

fn doubled_in(sources: &Sources, folder: &str) -> Findings {
    let mut places: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (path, text) in sources.rust(folder) {
        for name in without_tests(text).lines().filter_map(type_name) {
            places.entry(name.to_owned()).or_default().push(path);
        }
    }
    places.retain(|name, places| places.len() > 1 && !OF_EACH_DATABASE.contains(&name.as_str()));
    places
        .into_iter()
        .map(|(name, places)| format!("{name} is defined in {}", places.join(" and ")))
        .collect()
}

/// The type that a line at the top of a module defines.
fn type_name(line: &str) -> Option<&str> {
    let line = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ")?.1,
        Some(rest) => rest.strip_prefix(' ')?,
        None => line,
    };
    let (keyword, rest) = line.split_once(' ')?;
    if !["struct", "enum", "trait", "type"].contains(&keyword) {
        return None;
    }
    Some(&rest[..rest.find(|it: char| !it.is_alphanumeric()).unwrap_or(rest.len())])
}

/// The code without comments and without the tests at its end.
fn without_tests(text: &str) -> String {
    code(text.split("#[cfg(test)]\nmod ").next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_that_import_each_other_are_found() {
        let sources = Sources::of(&[
            ("crates/domain/src/lib.rs", "use crate::votes::Vote;"),
            ("crates/domain/src/builds/model.rs", "use crate::votes::{Rating, Vote};"),
            ("crates/domain/src/votes.rs", "use crate::{ids, text::fold};\n// crate::builds\n"),
            ("crates/domain/src/text.rs", "fn f() { crate::builds::g() }"),
            ("crates/domain/src/ids.rs", "#[cfg(test)]\nmod tests { use crate::votes; }"),
        ]);
        assert_eq!(cycles(&sources), ["crates/domain/src/: builds → votes → text → builds"]);
    }

    #[test]
    fn two_types_of_one_name_are_found() {
        let sources = Sources::of(&[
            ("crates/adapters/src/a.rs", "pub(super) struct Row {\n}\npub type Conn = A;\n"),
            ("crates/adapters/src/b.rs", "enum Row {\n}\ntype Conn = B;\n    struct Inner;\n"),
            ("crates/domain/src/c.rs", "struct Row;\n"),
        ]);
        assert_eq!(
            doubled_types(&sources),
            ["Row is defined in crates/adapters/src/a.rs and crates/adapters/src/b.rs"]
        );
    }
}
