//! A copy of the manifests in which an operator has filled in every value.

use std::fs;
use std::path::Path;
use std::process::Command;

const PLACEHOLDER: &str = "CHANGE_ME";

/// Copies what a release reads from this checkout to `to`, with the values of both overlays filled in.
pub fn copy(to: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let copied =
        Command::new("cp").arg("-r").args(["deploy", "xtask.toml"].map(|it| root.join(it))).arg(to).status();
    assert!(copied.unwrap().success());
    for overlay in ["stage", "prod"] {
        let file = to.join("deploy/k8s/overlays").join(overlay).join("operator-values.yaml");
        let text = fs::read_to_string(&file).unwrap();
        let filled = text.lines().map(|line| filled(line) + "\n");
        fs::write(&file, filled.collect::<String>()).unwrap();
    }
}

/// The line with a value in the place of the placeholder.
fn filled(line: &str) -> String {
    let Some((key, _)) = line.split_once(&format!(": {PLACEHOLDER}")) else { return line.to_owned() };
    let value = match key.trim() {
        "PROXY_CIDR" => "192.0.2.10/32",
        "SERVICE_URL" => "http://127.0.0.1:1",
        "ADMIN_STEAM_IDS" => "\"76561190000000000\"",
        _ => "there.example",
    };
    format!("{key}: {value}")
}
