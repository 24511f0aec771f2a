//! PostgreSQL and Redis for a run: those the caller names, else throw-away ones from the binaries on this
//! machine, else from a container engine. Dropping the value stops what was started here.

mod container;
mod install;

use std::any::Any;

use anyhow::{Result, bail};
pub use install::{PackageNames, command_for as install_command};
use myashes_servers::{Folder, Postgres, PostgresOptions, Redis};

use crate::workspace::{environment, root};

/// The two addresses, and the servers behind them as long as they are ours.
pub struct Servers {
    pub database_url: String,
    pub redis_url: String,
    _started: Vec<Box<dyn Any>>,
}

impl Servers {
    /// Finds or starts both servers, and says in one line each what is used.
    pub fn for_tests(install_missing: bool) -> Result<Self> {
        let mut started = Vec::new();
        if install_missing {
            let [postgres, redis] =
                ["TEST_DATABASE_URL", "TEST_REDIS_URL"].map(|variable| environment(variable).is_some());
            install::install(postgres, redis)?;
        }
        let database_url = obtain("PostgreSQL", "TEST_DATABASE_URL", &mut started, || start_postgres(None))?;
        let redis_url = obtain("Redis", "TEST_REDIS_URL", &mut started, start_redis)?;
        Ok(Self { database_url, redis_url, _started: started })
    }

    /// Starts both servers; the data of PostgreSQL stays in this folder of the workspace.
    pub fn kept(folder: &str) -> Result<Self> {
        let mut started = Vec::new();
        let database_url = take("PostgreSQL", &mut started, start_postgres(Some(folder))?)?;
        let redis_url = take("Redis", &mut started, start_redis()?)?;
        Ok(Self { database_url, redis_url, _started: started })
    }
}

/// A server that runs, and what to say about it.
struct StartedServer {
    url: String,
    what: String,
    /// It ends when it is dropped.
    server: Box<dyn Any>,
}

fn obtain(
    name: &str,
    variable: &str,
    started: &mut Vec<Box<dyn Any>>,
    start: fn() -> Result<Option<StartedServer>>,
) -> Result<String> {
    if let Some(url) = environment(variable) {
        println!("{name}: the one in {variable}");
        return Ok(url);
    }
    take(name, started, start()?)
}

fn take(name: &str, started: &mut Vec<Box<dyn Any>>, offer: Option<StartedServer>) -> Result<String> {
    let Some(offer) = offer else {
        bail!(
            "no {name}: it is neither named by a variable nor installed, and there is no container engine.\n\
             `cargo xtask test --install` installs what is missing, as does: {}",
            install::advice()
        );
    };
    println!("{name}: {}", offer.what);
    started.push(offer.server);
    Ok(offer.url)
}

/// Starts PostgreSQL in this folder of the workspace, which is kept, or in a temporary one.
fn start_postgres(kept: Option<&str>) -> Result<Option<StartedServer>> {
    let folder = kept.map(|folder| Folder::kept(root().join(folder), "postgres")).transpose()?;
    // Test binaries run side by side, and each test has pools of its own.
    let settings = ["max_connections=300", "log_min_messages=fatal"].map(str::to_owned).to_vec();
    let Some(server) = Postgres::start(PostgresOptions { folder, settings, ..Default::default() })? else {
        return container::engine().map(|engine| container::postgres(&engine)).transpose();
    };
    let what = if kept.is_some() { "the server that is kept" } else { "a throw-away server" };
    let what = format!("{what} on 127.0.0.1:{}, from {}", server.port(), server.binaries().display());
    Ok(Some(StartedServer { url: server.url(), what, server: Box::new(server) }))
}

fn start_redis() -> Result<Option<StartedServer>> {
    let Some(server) = Redis::start()? else {
        return container::engine().map(|engine| container::redis(&engine)).transpose();
    };
    let what =
        format!("a throw-away server on 127.0.0.1:{}, from {}", server.port(), server.program().display());
    Ok(Some(StartedServer { url: server.url(), what, server: Box::new(server) }))
}
