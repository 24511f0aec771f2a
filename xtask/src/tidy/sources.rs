//! The files of the repository that people write.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::workspace::root;

/// Folders that hold what is made, when there is no git to say so.
const MADE: [&str; 4] = ["target", "data", ".git", "node_modules"];

/// Every text file, by its path from the root with `/` between the parts.
pub struct Sources(BTreeMap<String, String>);

impl Sources {
    pub fn read() -> Result<Self> {
        let paths = of_git().map_or_else(|| below(root(), ""), Ok)?;
        let texts = paths.into_iter().filter_map(|path| {
            // What is not UTF-8 is no text, and what git lists may just have been deleted.
            let text = fs::read_to_string(root().join(&path)).ok()?;
            Some((path, text))
        });
        Ok(Self(texts.collect()))
    }

    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    pub fn into_files(self) -> BTreeMap<String, String> {
        self.0
    }

    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Every line, with its file and its number there.
    pub fn lines(&self) -> impl Iterator<Item = (&str, usize, &str)> {
        self.files()
            .flat_map(|(path, text)| text.lines().zip(1..).map(move |(line, number)| (path, number, line)))
    }

    /// The Rust files below a folder such as `crates/api/src/`.
    pub fn rust<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files().filter(move |(path, _)| path.starts_with(folder) && path.ends_with(".rs"))
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }
}

/// Whether the text contains the word, not as a part of a longer one.
pub fn has_word(text: &str, word: &str) -> bool {
    let part = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(word).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + word.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

fn of_git() -> Option<Vec<String>> {
    let mut command = Command::new("git");
    command.current_dir(root()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let output = command.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

fn below(folder: &Path, prefix: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_file() {
            found.push(path);
        } else if entry.file_type()?.is_dir() && !MADE.contains(&name.as_str()) {
            found.extend(below(&entry.path(), &format!("{path}/"))?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::has_word;

    #[test]
    fn a_word_is_not_found_inside_a_longer_one() {
        assert!(has_word("set `PORT`, please", "PORT"));
        assert!(!has_word("POSTGRES_PORT", "PORT"));
        assert!(!has_word("PORTS", "PORT"));
    }
}
