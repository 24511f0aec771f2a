//! What the measurements play on: the built program, PostgreSQL and Redis of our own, and the databases.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::data;
use super::plan::{Plan, Size};
use super::programs::Programs;
use super::service::Service;
use crate::db::Connection;
use crate::servers::Servers;
use crate::workspace::root;

/// What differs from PostgreSQL's defaults. Nothing here makes a commit less durable.
const SETTINGS: [(&str, &str); 4] =
    [("shared_buffers", "1GB"), ("max_wal_size", "4GB"), ("random_page_cost", "1.1"), ("jit", "off")];

/// The folder of PostgreSQL's data.
const POSTGRES: &str = "target/bench/postgres";

pub struct BenchEnvironment {
    pub plan: Plan,
    pub programs: Programs,
    servers: Servers,
    /// PostgreSQL's own database.
    pub server: Connection,
}

/// A database of the server.
pub struct BenchDatabase {
    pub name: String,
    pub url: String,
    pub connection: Connection,
}

impl BenchEnvironment {
    /// Starts the servers with data of these sizes.
    pub fn set(plan: Plan, programs: Programs, sizes: &[Size]) -> Result<Self> {
        fs::create_dir_all(folder()).context("cannot make target/bench")?;
        let mut servers = Servers::kept(POSTGRES)?;
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
            servers = Servers::kept(POSTGRES)?;
            server = servers.database_url.parse()?;
        }
        let stage = Self { plan, programs, servers, server };
        for size in sizes {
            data::prepare(&stage, *size)?;
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

    pub fn database(&self, name: &str) -> BenchDatabase {
        let (server, _) = self.servers.database_url.rsplit_once('/').expect("the address names a database");
        BenchDatabase {
            name: name.to_owned(),
            url: format!("{server}/{name}"),
            connection: self.server.with_database(name),
        }
    }

    /// A database that is only read, so that it can be used again.
    pub fn kept(&self, size: Size) -> BenchDatabase {
        self.database(&size.database())
    }

    /// Does some work on a copy of the large database, which is removed when that is done.
    pub fn on_large_copy<T>(&self, work: impl FnOnce(&BenchDatabase) -> Result<T>) -> Result<T> {
        let name = "bench_copy_large";
        let remove = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        self.server.query(&remove)?;
        let template = self.plan.large.database();
        // Files are copied: page by page through the log takes minutes.
        self.server.query(&format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))?;
        let done = work(&self.database(name));
        self.server.query(&remove)?;
        done
    }

    /// A new copy of the small database, to write to.
    pub fn copy(&self, name: &str) -> Result<BenchDatabase> {
        let name = format!("bench_copy_{name}");
        self.server.query(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        let template = self.plan.small.database();
        self.server.query(&format!("CREATE DATABASE {name} TEMPLATE {template}"))?;
        Ok(self.database(&name))
    }

    /// Both databases begin a measurement with nothing to catch up on.
    pub fn settle(&self) -> Result<()> {
        self.server.query("CHECKPOINT").map(drop)
    }

    pub fn serve(&self, database: &BenchDatabase) -> Result<Service> {
        self.serve_logging(database, "info")
    }

    pub fn serve_logging(&self, database: &BenchDatabase, level: &str) -> Result<Service> {
        Service::start(&self.programs.service, &database.url, Some(&self.servers.redis_url), level)
    }
}

/// Where everything that the bench keeps lies.
pub fn folder() -> PathBuf {
    root().join("target/bench")
}
