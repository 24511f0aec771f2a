//! What the measurements play on: the built program, PostgreSQL and Redis of our own, and the databases.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use super::data;
use super::plan::{Plan, Size};
use super::service::Service;
use crate::db::Connection;
use crate::interrupts;
use crate::servers::Servers;
use crate::workspace::{cargo, root};

/// What differs from PostgreSQL's defaults. Nothing here makes a commit less durable.
const SETTINGS: [(&str, &str); 4] =
    [("shared_buffers", "1GB"), ("max_wal_size", "4GB"), ("random_page_cost", "1.1"), ("jit", "off")];

pub struct Stage {
    pub plan: Plan,
    pub program: PathBuf,
    pub bare: PathBuf,
    servers: Servers,
    server: Connection,
}

/// A database of the server.
pub struct Database {
    pub url: String,
    pub connection: Connection,
}

impl Stage {
    /// Builds the program, and starts the servers with the data the plan wants.
    pub fn set(plan: Plan) -> Result<Self> {
        fs::create_dir_all(folder()).context("cannot make target/bench")?;
        let (program, bare) = built()?;
        let mut servers = Servers::for_bench()?;
        let mut server: Connection = servers.database_url.parse()?;
        let mut restart = false;
        for (name, value) in SETTINGS {
            if server.query(&format!("SHOW {name}"))? != value {
                server.query(&format!("ALTER SYSTEM SET {name} = '{value}'"))?;
                restart = true;
            }
        }
        if restart {
            drop(servers);
            servers = Servers::for_bench()?;
            server = servers.database_url.parse()?;
        }
        let stage = Self { plan, program, bare, servers, server };
        for size in [plan.small, plan.large] {
            data::prepare(&stage, size)?;
        }
        Ok(stage)
    }

    pub fn describe(&self) -> String {
        let setting = |name: &str| {
            let value = self.server.query(&format!("SHOW {name}")).unwrap_or_default();
            format!("{name} {value}")
        };
        let names = ["server_version", "fsync", "synchronous_commit"].into_iter();
        let all: Vec<String> = names.chain(SETTINGS.map(|(name, _)| name)).map(setting).collect();
        format!("PostgreSQL: {}. Rate limits are off.", all.join(", "))
    }

    pub fn redis_url(&self) -> &str {
        &self.servers.redis_url
    }

    pub fn database(&self, name: &str) -> Database {
        let (server, _) = self.servers.database_url.rsplit_once('/').expect("the address names a database");
        Database { url: format!("{server}/{name}"), connection: self.server.with_database(name) }
    }

    /// A database that is only read, so that it can be used again.
    pub fn kept(&self, size: Size) -> Database {
        self.database(&size.database())
    }

    /// A new copy of the small database, to write to.
    pub fn copy(&self, name: &str) -> Result<Database> {
        let name = format!("bench_copy_{name}");
        self.statement(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        let template = self.plan.small.database();
        self.statement(&format!("CREATE DATABASE {name} TEMPLATE {template}"))?;
        Ok(self.database(&name))
    }

    /// Both databases begin a measurement with nothing to catch up on.
    pub fn settle(&self) -> Result<()> {
        self.statement("CHECKPOINT")
    }

    pub fn statement(&self, sql: &str) -> Result<()> {
        self.server.query(sql).map(|_| ())
    }

    pub fn answer(&self, sql: &str) -> Result<String> {
        self.server.query(sql)
    }

    pub fn serve(&self, database: &Database) -> Result<Service> {
        Service::start(&self.program, &database.url, Some(self.redis_url()))
    }
}

/// Where everything that the bench keeps lies.
pub fn folder() -> PathBuf {
    root().join("target/bench")
}

/// The program as it is released, and the server that it is compared with.
fn built() -> Result<(PathBuf, PathBuf)> {
    // In one go: each alone would unify features differently, and compile most dependencies anew.
    let what = ["--workspace", "--bin", "myashes", "--example", "bare"];
    interrupts::run(cargo().args(["build", "--release"]).args(what))?;
    let metadata =
        cargo().args(["metadata", "--no-deps", "--format-version=1"]).stderr(Stdio::null()).output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).context("cargo metadata")?;
    let target = metadata["target_directory"].as_str().context("cargo metadata names no target folder")?;
    let found = (Path::new(target).join("release/myashes"), Path::new(target).join("release/examples/bare"));
    ensure!(found.0.is_file() && found.1.is_file(), "cargo has built nothing in {target}/release");
    Ok(found)
}
