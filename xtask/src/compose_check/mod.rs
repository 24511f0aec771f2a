//! `cargo xtask compose-check`: runs `docker compose` of a fresh clone of HEAD, tries what it promises, and removes
//! everything again. Only the engine and the base images depend on `--debian`; the checks are the same.

mod checks;
mod daemon;
mod debian;
mod engine;
mod override_file;
mod report;
mod requirements;
mod stack;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use myashes_servers::Folder;

use crate::flags::ComposeCheckFlags;
use crate::workspace::root;
use debian::BaseImages;
use engine::Engine;
use override_file::Override;
use report::CheckReport;
use stack::Stack;

pub fn run(flags: &ComposeCheckFlags) -> Result<()> {
    let binary = flags.binary.as_deref().map(executable).transpose()?;
    requirements::check(flags)?;
    let mut work = Folder::for_caller("compose-check")?;
    let mut report = CheckReport::new();

    report.section("engine")?;
    let mut engine = if flags.debian { Engine::own(work.path())? } else { Engine::existing()? };
    println!("  {}", engine.describe()?);
    report.section("images")?;
    let bases =
        if flags.debian { Some(BaseImages::build(&engine, work.path(), binary.is_none())?) } else { None };
    let project = format!("myashes-check-{}", std::process::id());
    let mut settings = Override::new(&project, bases.as_ref(), engine.bridge());
    if let Some(binary) = &binary {
        settings.binary_from = Some(binary_image(&engine, work.path(), binary, &project)?);
    }
    let checkout = clone_head(work.path())?;
    let mut stack = Stack::new(&engine, &checkout, work.path(), &project, &settings)?;
    checks::run(&stack, &checkout, &mut report)?;
    if flags.keep {
        stack.up()?;
        println!("\nkept for a look:  {}", stack.command_line("ps"));
        println!("end it with:      {}", stack.command_line("--profile '*' down --volumes"));
        stack.keep();
        drop(stack);
        if let Some(commands) = engine.keep() {
            println!("then its dockerd: {commands}");
        }
        println!("then the files:   rm -rf {}", work.path().display());
        work.keep();
    }
    report.end()
}

/// The file as an absolute path.
fn executable(file: &Path) -> Result<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let path = file.canonicalize().with_context(|| format!("--binary: cannot find {}", file.display()))?;
    let mode = fs::metadata(&path)?.permissions().mode();
    ensure!(path.is_file() && mode & 0o111 != 0, "--binary: {} is no program", path.display());
    Ok(path)
}

/// What is committed, and nothing else, with the permissions that any clone has.
fn clone_head(work: &Path) -> Result<PathBuf> {
    let checkout = work.join("checkout");
    let mut git = Command::new("git");
    git.args(["clone", "--quiet", "--depth=1", &format!("file://{}", root().display())]).arg(&checkout);
    engine::output(&mut git)?;
    if !checkout.join("docker-compose.yml").is_file() {
        bail!("HEAD of {} has no docker-compose.yml", root().display());
    }
    Ok(checkout)
}

/// An image that holds the binary where the Dockerfile's runtime stage looks for it.
fn binary_image(engine: &Engine, work: &Path, binary: &Path, project: &str) -> Result<String> {
    let context = work.join("binary");
    fs::create_dir(&context)?;
    fs::copy(binary, context.join("myashes")).context("cannot copy the binary")?;
    fs::write(context.join("Dockerfile"), "FROM scratch\nCOPY --chmod=0755 myashes /out/myashes\n")?;
    let name = format!("{project}-binary");
    engine.build_image(&name, &context)?;
    Ok(name)
}
