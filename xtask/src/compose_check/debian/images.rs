//! The base images: what `docker-compose.yml` and the Dockerfile rely on, and no more.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::root::{EXTRACT, MIN_BASE, RootFolder};
use super::{Archive, CLIENT_SUITE};
use crate::compose_check::engine::{Engine, output};
use crate::workspace::root;

/// The suite of the runtime image, which is made of Debian 12.
const RUNTIME_SUITE: &str = "bookworm";

/// What the entry point of the official image does for a database folder that is empty.
const POSTGRES_ENTRY_POINT: &str = include_str!("postgres-entrypoint.sh");
const POSTGRES_BIN: &str = "/usr/lib/postgresql/17/bin";

/// Names of the images that replace those of a registry.
pub struct BaseImages {
    pub postgres: &'static str,
    pub valkey: &'static str,
    pub runtime: &'static str,
    /// The build stage's, unless the binary was made elsewhere.
    pub rust: Option<&'static str>,
}

impl BaseImages {
    /// Makes all of them in folders below `work`.
    pub fn build(engine: &Engine, work: &Path, with_rust: bool) -> Result<Self> {
        let archive = Archive::of_this_machine()?;
        let images = Self {
            postgres: "debian-postgres",
            valkey: "debian-valkey",
            runtime: "debian-runtime",
            rust: with_rust.then_some("debian-rust"),
        };
        let context = work.join("context");
        println!("  {}: PostgreSQL 17 of {CLIENT_SUITE}", images.postgres);
        postgres(engine, &archive, &context, images.postgres)?;
        println!("  {}: Valkey of {CLIENT_SUITE}", images.valkey);
        valkey(engine, &archive, &context, images.valkey)?;
        println!("  {}: glibc of {RUNTIME_SUITE}", images.runtime);
        runtime(engine, &archive, &context, images.runtime)?;
        if let Some(name) = images.rust {
            println!("  {name}: this machine's toolchain on {RUNTIME_SUITE}");
            rust(engine, &archive, &context, name)?;
        }
        Ok(images)
    }
}

fn postgres(engine: &Engine, archive: &Archive, context: &Path, name: &str) -> Result<()> {
    let packages = ["postgresql-17", "libc-bin", "util-linux", "busybox-static", "base-files"];
    let image = RootFolder::make(archive, context, CLIENT_SUITE, EXTRACT, &packages)?;
    image.link_busybox()?;
    image
        .write("etc/passwd", "root:x:0:0::/root:/bin/sh\npostgres:x:70:70::/var/lib/postgresql:/bin/sh\n")?;
    image.write("etc/group", "root:x:0:\npostgres:x:70:\n")?;
    let entry_point = "usr/local/bin/docker-entrypoint.sh";
    image.write(entry_point, POSTGRES_ENTRY_POINT)?;
    fs::set_permissions(image.path(entry_point), fs::Permissions::from_mode(0o755))?;
    fs::create_dir_all(image.path("docker-entrypoint-initdb.d"))?;
    image.into_image(
        engine,
        name,
        &format!(
            "ENV PATH={POSTGRES_BIN}:/usr/local/bin:/usr/sbin:/usr/bin LANG=C.UTF-8 PGDATA=/var/lib/postgresql/data\n\
             VOLUME /var/lib/postgresql/data\nSTOPSIGNAL SIGINT\n\
             ENTRYPOINT [\"docker-entrypoint.sh\"]\nCMD [\"postgres\"]"
        ),
    )
}

fn valkey(engine: &Engine, archive: &Archive, context: &Path, name: &str) -> Result<()> {
    let packages = ["valkey-server", "valkey-tools", "busybox-static", "base-files"];
    let image = RootFolder::make(archive, context, CLIENT_SUITE, EXTRACT, &packages)?;
    image.link_busybox()?;
    image.write("etc/passwd", "root:x:0:0::/root:/bin/sh\nvalkey:x:999:1000::/data:/bin/sh\n")?;
    // The packages' own settings would be in the place of the file that is mounted there.
    image.remove("etc/valkey")?;
    image.into_image(
        engine,
        name,
        "ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin\nWORKDIR /data\nCMD [\"valkey-server\"]",
    )
}

/// Like distroless/cc: no shell and no package manager.
fn runtime(engine: &Engine, archive: &Archive, context: &Path, name: &str) -> Result<()> {
    let packages = ["libc6", "libgcc-s1"];
    let image = RootFolder::make(archive, context, RUNTIME_SUITE, EXTRACT, &packages)?;
    image.copy_certificates()?;
    image.write("etc/passwd", "root:x:0:0::/root:/sbin/nologin\nnonroot:x:65532:65532::/:/sbin/nologin\n")?;
    image.write("etc/group", "root:x:0:\nnonroot:x:65532:\n")?;
    image.write("etc/nsswitch.conf", "hosts: files dns\n")?;
    for unused in ["etc/apt", "etc/dpkg", "usr/share/lintian", "var/lib/dpkg", "var/log"] {
        image.remove(unused)?;
    }
    for library in fs::read_dir(image.path("usr/lib"))? {
        // Tables of character sets, half of the size; the service reads and writes UTF-8 alone.
        let tables = library?.path().join("gconv");
        if tables.is_dir() {
            fs::remove_dir_all(tables)?;
        }
    }
    image.into_image(engine, name, "USER 65532")
}

/// A C compiler, and the Rust that this machine has: the build stage fetches the crates.
fn rust(engine: &Engine, archive: &Archive, context: &Path, name: &str) -> Result<()> {
    let packages = ["g++", "make", "pkg-config", "ca-certificates"];
    let image = RootFolder::make(archive, context, RUNTIME_SUITE, MIN_BASE, &packages)?;
    image.copy_certificates()?;
    let toolchain = output(Command::new("rustc").current_dir(root()).args(["--print", "sysroot"]))?;
    let toolchain = PathBuf::from(toolchain);
    fs::create_dir_all(image.path("usr/local/rust"))?;
    let mut copy = Command::new("cp");
    copy.args(["--archive", "--reflink=auto"]).args(["bin", "lib"].map(|folder| toolchain.join(folder)));
    output(copy.arg(image.path("usr/local/rust"))).context("cannot copy the toolchain")?;
    image.into_image(
        engine,
        name,
        "ENV CARGO_HOME=/usr/local/cargo PATH=/usr/local/cargo/bin:/usr/local/rust/bin:/usr/sbin:/usr/bin",
    )
}
