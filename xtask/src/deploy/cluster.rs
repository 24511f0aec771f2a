//! One namespace of one cluster, through `kubectl`: whatever the operator uses to log in works here too.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use myashes_servers::program;
use serde_json::Value;

use crate::interrupts;
use crate::workspace::root;

/// Where `deploy/tools/check.sh` puts the programs it fetches.
const FETCHED: &str = "target/tools/debian/usr/bin";

pub struct Cluster {
    context: String,
    pub namespace: String,
}

impl Cluster {
    pub fn new(context: &str, namespace: &str) -> Self {
        Self { context: context.to_owned(), namespace: namespace.to_owned() }
    }

    /// `kubectl` with its place set; the shell's current context never counts.
    pub fn kubectl(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = kubectl()?;
        command.args(["--context", &self.context, "--namespace", &self.namespace]).args(arguments);
        Ok(command)
    }

    /// What `kubectl` prints; an error carries what it complained about.
    pub fn output(&self, arguments: &[&str]) -> Result<String> {
        output(&mut self.kubectl(arguments)?, "")
    }

    /// The same, with objects on its standard input.
    pub fn feed(&self, arguments: &[&str], objects: &[Value]) -> Result<String> {
        output(&mut self.kubectl(arguments)?, &documents(objects))
    }

    /// Runs on the terminal, until it ends or the user has seen enough.
    pub fn show(&self, arguments: &[&str]) -> Result<()> {
        interrupts::run(&mut self.kubectl(arguments)?)
    }

    /// An object, `None` when there is none of that name.
    pub fn get(&self, kind: &str, name: &str) -> Result<Option<Value>> {
        let text = self.output(&["get", kind, name, "--ignore-not-found", "--output=json"])?;
        if text.trim().is_empty() {
            return Ok(None);
        }
        Ok(Some(serde_json::from_str(&text).with_context(|| format!("cannot read {kind} {name}"))?))
    }

    /// The objects of a kind with these labels.
    pub fn list(&self, kind: &str, selector: &str) -> Result<Vec<Value>> {
        let text = self.output(&["get", kind, "--selector", selector, "--output=json"])?;
        let list: Value =
            serde_json::from_str(&text).with_context(|| format!("cannot read the list of {kind}"))?;
        Ok(list["items"].as_array().cloned().unwrap_or_default())
    }
}

/// Several objects in one text; each is checked by itself against the cluster's schema.
pub fn documents(objects: &[Value]) -> String {
    objects.iter().map(|object| format!("---\n{object}\n")).collect()
}

/// `kubectl kustomize`, which talks to no cluster.
pub fn kustomize(folder: &str) -> Result<String> {
    let (mut command, word) = match kubectl() {
        Ok(kubectl) => (kubectl, "kustomize"),
        // Its own program renders the same.
        Err(absent) => (Command::new(find("kustomize").ok_or(absent)?), "build"),
    };
    output(command.arg(word).arg(root().join(folder)), "")
}

fn kubectl() -> Result<Command> {
    let Some(kubectl) = find("kubectl") else {
        bail!("kubectl is not installed; deploy/tools/check.sh fetches one into {FETCHED}");
    };
    Ok(Command::new(kubectl))
}

fn find(name: &str) -> Option<PathBuf> {
    let fetched = root().join(FETCHED).join(name);
    program(name).or_else(|| fetched.is_file().then_some(fetched))
}

fn output(command: &mut Command, input: &str) -> Result<String> {
    interrupts::check()?;
    let name = interrupts::line(command);
    let output = interrupts::feed(command, input)?;
    if !output.status.success() {
        interrupts::check()?;
        bail!("{name}: {}", complaint(&String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).with_context(|| format!("{name} answers with what is not text"))
}

/// What kubectl complains about, without the log of its attempts (`E0102 15:04:05…`) in front of it.
fn complaint(text: &str) -> String {
    let logged = |line: &&str| {
        let mut characters = line.chars();
        characters.next().is_some_and(|level| "EWI".contains(level))
            && characters.by_ref().take(4).filter(char::is_ascii_digit).count() == 4
    };
    let own: Vec<&str> = text.trim().lines().filter(|line| !logged(line)).collect();
    if own.is_empty() { text.trim().to_owned() } else { own.join("\n") }
}

#[cfg(test)]
mod tests {
    use super::complaint;

    #[test]
    fn the_log_before_a_complaint_is_left_out_unless_it_is_all_there_is() {
        let logged = "E1121 00:51:10.390254   27573 memcache.go:265] couldn't get list";
        assert_eq!(
            complaint(&format!("{logged}\nThe connection was refused\n")),
            "The connection was refused"
        );
        assert_eq!(complaint(logged), logged);
    }
}
