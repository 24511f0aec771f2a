//! `cargo xtask image` with a fake build tool that records its arguments.
#![expect(clippy::unwrap_used, reason = "what is missing here fails the test, and should")]

mod command;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use command::{Answer, environment, xtask};
use myashes_servers::Folder;

const TOKEN: &str = "registry-token-that-must-not-be-shown";

/// Writes its arguments to `arguments`, what it reads to `input`, and a digest where it is asked for one.
const BUILDAH: &str = r#"#!/bin/sh
folder=$(dirname "$0")
printf '%s\n' "$*" >> "$folder/arguments"
case "$1" in
login) cat > "$folder/input" ;;
build) for last; do :; done; ls "$last" > "$folder/context" ;;
push) printf 'sha256:%064d' 7 > "$3" ;;
esac
"#;

/// Docker as it is without its plugin for builds.
const DOCKER: &str = r#"#!/bin/sh
printf '%s\n' "$*" >> "$(dirname "$0")/arguments"
echo "docker: 'buildx' is not a docker command." >&2
exit 1
"#;

struct Tool {
    folder: Folder,
    program: &'static str,
}

impl Tool {
    fn buildah() -> Option<Self> {
        Self::of("buildah", BUILDAH)
    }

    /// `None` where the sources are no git repository: then there is no commit to build.
    fn of(program: &'static str, script: &str) -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let git = Command::new("git").current_dir(root).args(["rev-parse", "HEAD"]).output();
        if !git.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: this is no git repository");
            return None;
        }
        let folder = Folder::for_caller("tool").unwrap();
        let file = folder.path().join(program);
        std::fs::write(&file, script).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        Some(Self { folder, program })
    }

    fn image(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = xtask(&["image", "--tool", self.program]);
        // The stand-in has to be found before the real tool.
        let path = format!("{}:{}", self.folder.path().display(), environment("PATH").unwrap_or_default());
        command.args(arguments).env("PATH", path);
        command.env("MYASHES_REGISTRY_USER", "robot").env("MYASHES_REGISTRY_TOKEN", TOKEN);
        let Answer { status, stdout, stderr } = Answer::of(&mut command);
        (status.success(), stdout + &stderr)
    }

    fn noted(&self, file: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(file)).unwrap_or_default()
    }
}

#[test]
fn a_pushed_image_is_named_by_its_digest() {
    let Some(tool) = Tool::buildah() else { return };
    let (success, output) = tool.image(&["--push", "--repository", "registry.example/team/myashes"]);
    assert!(success, "{output}");
    let digest = format!("registry.example/team/myashes@sha256:{:064}", 7);
    assert_eq!(output.lines().last(), Some(digest.as_str()));
}

#[test]
fn the_registrys_token_is_read_from_standard_input_and_seen_nowhere() {
    let Some(tool) = Tool::buildah() else { return };
    let (_, output) = tool.image(&["--push", "--repository", "registry.example/team/myashes"]);
    assert_eq!(tool.noted("input"), TOKEN);
    assert!(!tool.noted("arguments").contains(TOKEN) && !output.contains(TOKEN));
}

#[test]
fn the_same_commit_is_built_with_the_same_times_and_from_its_own_files() {
    let Some(tool) = Tool::buildah() else { return };
    tool.image(&[]);
    tool.image(&[]);
    let builds = tool.noted("arguments");
    // All but the last word: the files lie in another folder each time.
    let lines: Vec<&str> = builds.lines().filter_map(|line| Some(line.rsplit_once(' ')?.0)).collect();
    assert_eq!(lines.len(), 2, "{builds}");
    assert_eq!(lines[0], lines[1]);
    assert!(lines[0].contains("--timestamp") && lines[0].contains("REVISION="));
    let context = tool.noted("context");
    assert!(
        context.lines().any(|file| file == "Cargo.toml") && !context.lines().any(|file| file == "target")
    );
}

#[test]
fn docker_without_buildx_is_an_error_that_names_the_plugin() {
    let Some(tool) = Tool::of("docker", DOCKER) else { return };
    let (success, output) = tool.image(&[]);
    assert!(!success && output.contains("docker has no buildx: install its plugin"), "{output}");
    assert!(!output.contains("unknown flag"), "{output}");
    assert_eq!(tool.noted("arguments"), "buildx version\n", "no build was tried");
}

#[test]
fn a_push_wants_to_know_where_to() {
    let Some(tool) = Tool::buildah() else { return };
    let (success, output) = tool.image(&["--push"]);
    assert!(!success && output.contains("--repository"), "{output}");
    assert_eq!(tool.noted("arguments"), "");
}
