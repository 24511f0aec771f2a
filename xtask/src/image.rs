//! `cargo xtask image`: the image of HEAD. The same commit gives the same image: the context is what git holds,
//! and every time in it is the commit's.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use myashes_servers::{Folder, program};

use crate::deploy::ImageDigest;
use crate::flags::{ImageFlags, ImageTool};
use crate::interrupts::{self, line, text};
use crate::workspace::{environment, root};

const DEFAULT_REPOSITORY: &str = "myashes-backend";
/// The registry's user and token; without them whatever login there is counts.
const USER: &str = "MYASHES_REGISTRY_USER";
const TOKEN: &str = "MYASHES_REGISTRY_TOKEN";

/// Builds, and pushes on request; then the digest is known, and returned.
pub fn build(flags: &ImageFlags) -> Result<Option<ImageDigest>> {
    let repository = match &flags.repository {
        Some(repository) => repository.as_str(),
        None if flags.push => bail!("push where? --repository registry/path"),
        None => DEFAULT_REPOSITORY,
    };
    let tool = choose(flags.tool)?;
    let commit = Commit::head()?;
    let source = unpack(&commit)?;
    let image = format!("{repository}:{}", &commit.revision[..12]);
    if flags.push {
        log_in(tool, repository)?;
    }
    println!("building {image} with {}", name_of(tool));
    let digest = match tool {
        ImageTool::Docker => docker(&image, &commit, source.path(), flags.push)?,
        ImageTool::Buildah => buildah(&image, &commit, source.path(), flags.push)?,
    };
    let Some(digest) = digest else {
        println!("{image} is built");
        return Ok(None);
    };
    let pushed: ImageDigest = format!("{repository}@{digest}").parse()?;
    println!("{pushed}");
    Ok(Some(pushed))
}

/// A commit and its time.
struct Commit {
    revision: String,
    epoch: String,
    created: String,
}

impl Commit {
    fn head() -> Result<Self> {
        let mut git = Command::new("git");
        git.current_dir(root()).env("TZ", "UTC");
        git.args([
            "show",
            "--no-patch",
            "--date=format-local:%Y-%m-%dT%H:%M:%SZ",
            "--format=%H %ct %cd",
            "HEAD",
        ]);
        let head = text(&mut git)?;
        let [revision, epoch, created] = head.split_whitespace().collect::<Vec<_>>()[..] else {
            bail!("git describes HEAD as {head:?}");
        };
        Ok(Self { revision: revision.into(), epoch: epoch.into(), created: created.into() })
    }

    fn arguments(&self) -> Vec<String> {
        let pairs = [
            ("VERSION", env!("CARGO_PKG_VERSION")),
            ("REVISION", &self.revision),
            ("CREATED", &self.created),
            ("SOURCE_DATE_EPOCH", &self.epoch),
        ];
        pairs.iter().map(|(name, value)| format!("--build-arg={name}={value}")).collect()
    }
}

/// The files of a commit, as `tree` in a folder of their own: what is not committed cannot slip into an image.
fn unpack(commit: &Commit) -> Result<Folder> {
    let folder = Folder::for_caller("image")?;
    let (archive, tree) = (folder.path().join("source.tar"), folder.path().join("tree"));
    let mut git = Command::new("git");
    git.current_dir(root()).args(["archive", "--format=tar", "--output"]);
    text(git.arg(&archive).arg(&commit.revision))?;
    fs::create_dir(&tree)?;
    text(Command::new("tar").arg("--extract").arg("--file").arg(&archive).arg("-C").arg(&tree))?;
    Ok(folder)
}

/// Docker without its build plugin reads `buildx` as an image's arguments, and complains about those.
fn check_buildx() -> Result<()> {
    let version = Command::new("docker").args(["buildx", "version"]).output();
    let version = version.context("cannot run docker: is it installed, and on the PATH?")?;
    ensure!(
        version.status.success(),
        "docker has no buildx: install its plugin (the package docker-buildx-plugin or docker-buildx)"
    );
    Ok(())
}

fn docker(image: &str, commit: &Commit, source: &Path, push: bool) -> Result<Option<String>> {
    check_buildx()?;
    let mut build = Command::new("docker");
    build.env("SOURCE_DATE_EPOCH", &commit.epoch);
    // Attestations carry the time of the build; CI makes them for what it publishes.
    build.args(["buildx", "build", "--target=runtime", "--provenance=false", "--sbom=false", "--tag", image]);
    let output = if push { "type=image,push=true,rewrite-timestamp=true" } else { "type=docker" };
    build.args(["--output", output, "--metadata-file"]).arg(source.join("digest")).args(commit.arguments());
    interrupts::run(build.arg(source.join("tree")))?;
    if !push {
        return Ok(None);
    }
    let metadata = fs::read_to_string(source.join("digest")).context("docker wrote no metadata")?;
    let metadata: serde_json::Value =
        serde_json::from_str(&metadata).context("cannot read docker's metadata")?;
    let digest = metadata["containerimage.digest"].as_str().context("docker names no digest")?;
    Ok(Some(digest.to_owned()))
}

fn buildah(image: &str, commit: &Commit, source: &Path, push: bool) -> Result<Option<String>> {
    let mut build = Command::new("buildah");
    // Docker's format keeps the health check, which the OCI's has no place for.
    build.args([
        "build",
        "--format=docker",
        "--target=runtime",
        "--timestamp",
        &commit.epoch,
        "--tag",
        image,
    ]);
    interrupts::run(build.args(commit.arguments()).arg(source.join("tree")))?;
    if !push {
        return Ok(None);
    }
    let mut push = Command::new("buildah");
    push.args(["push", "--digestfile"])
        .arg(source.join("digest"))
        .args([image, &format!("docker://{image}")]);
    interrupts::run(&mut push)?;
    let digest = fs::read_to_string(source.join("digest")).context("buildah wrote no digest")?;
    Ok(Some(digest.trim().to_owned()))
}

/// The token goes over standard input: as an argument it would be in every list of processes.
fn log_in(tool: ImageTool, repository: &str) -> Result<()> {
    let (Some(user), Some(token)) = (environment(USER), environment(TOKEN)) else { return Ok(()) };
    let registry = repository.split('/').next().unwrap_or(repository);
    let mut login = Command::new(name_of(tool));
    login.args(["login", "--username", &user, "--password-stdin", registry]);
    let mut child =
        login.stdin(Stdio::piped()).spawn().with_context(|| format!("cannot run {}", line(&login)))?;
    let sent = child.stdin.take().expect("standard input is a pipe").write_all(token.as_bytes());
    // Where the tool ends before it has read the token, its own message says why.
    let status = child.wait().context("cannot wait for the login")?;
    ensure!(status.success(), "{registry} refuses {user}: check {USER} and {TOKEN}");
    sent.context("cannot pass on the token")
}

fn choose(asked: Option<ImageTool>) -> Result<ImageTool> {
    let there = |tool: &ImageTool| program(name_of(*tool)).is_some();
    match asked {
        Some(tool) if there(&tool) => Ok(tool),
        Some(tool) => bail!("{} is not installed", name_of(tool)),
        None => {
            let found = [ImageTool::Docker, ImageTool::Buildah].into_iter().find(there);
            found.context("an image needs docker or buildah, and neither is installed")
        }
    }
}

fn name_of(tool: ImageTool) -> &'static str {
    match tool {
        ImageTool::Docker => "docker",
        ImageTool::Buildah => "buildah",
    }
}
