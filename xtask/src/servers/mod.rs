//! PostgreSQL and Redis for a run: those the caller names, else throw-away ones from the binaries on this
//! machine, else from a container engine. Dropping the value stops what was started here.

mod account;
mod binaries;
mod container;
mod folder;
mod install;
mod postgres;
mod redis;

use account::Account;
pub use account::is_root;
use anyhow::{Result, bail};
pub use binaries::postgres as postgres_binaries;
pub use folder::{Folder, secret};
pub use install::command_for as install_command;
pub use postgres::free_port;
pub use redis::pause;

use crate::workspace::{environment, root};

/// The two addresses, and the servers behind them as long as they are ours.
pub struct Servers {
    pub database_url: String,
    pub redis_url: String,
    _started: Vec<Box<dyn ServerGuard>>,
}

/// A server that ends when it is dropped.
trait ServerGuard {}

impl Servers {
    /// Finds or starts both servers, and says in one line each what is used.
    pub fn for_tests(install_missing: bool) -> Result<Self> {
        let mut started = Vec::new();
        if install_missing {
            install::install(given("TEST_DATABASE_URL"), given("TEST_REDIS_URL"))?;
        }
        let database_url = obtain("PostgreSQL", "TEST_DATABASE_URL", &mut started, start_postgres)?;
        let redis_url = obtain("Redis", "TEST_REDIS_URL", &mut started, start_redis)?;
        Ok(Self { database_url, redis_url, _started: started })
    }

    /// Starts both servers for `cargo xtask dev`; the data of PostgreSQL stays in `target/dev`.
    pub fn for_development() -> Result<Self> {
        let mut started = Vec::new();
        let database_url = take("PostgreSQL", &mut started, start_kept_postgres("target/dev/postgres")?)?;
        let redis_url = take("Redis", &mut started, start_redis()?)?;
        Ok(Self { database_url, redis_url, _started: started })
    }

    /// Starts both servers for `cargo xtask bench`; the data of PostgreSQL stays in `target/bench`.
    pub fn for_bench() -> Result<Self> {
        let mut started = Vec::new();
        let database_url = take("PostgreSQL", &mut started, start_kept_postgres("target/bench/postgres")?)?;
        let redis_url = take("Redis", &mut started, start_redis()?)?;
        Ok(Self { database_url, redis_url, _started: started })
    }
}

fn given(variable: &str) -> bool {
    environment(variable).is_some()
}

/// A server that runs, and what to say about it.
struct StartedServer {
    url: String,
    what: String,
    server: Box<dyn ServerGuard>,
}

fn obtain(
    name: &str,
    variable: &str,
    started: &mut Vec<Box<dyn ServerGuard>>,
    start: fn() -> Result<Option<StartedServer>>,
) -> Result<String> {
    if let Some(url) = environment(variable) {
        println!("{name}: the one in {variable}");
        return Ok(url);
    }
    take(name, started, start()?)
}

fn take(name: &str, started: &mut Vec<Box<dyn ServerGuard>>, offer: Option<StartedServer>) -> Result<String> {
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

fn start_postgres() -> Result<Option<StartedServer>> {
    let Some(binaries) = binaries::postgres() else {
        return container::engine().map(|engine| container::postgres(&engine)).transpose();
    };
    let account = Account::for_server("postgres")?;
    postgres::start(&binaries, Folder::temporary("postgres", account)?, account).map(Some)
}

fn start_redis() -> Result<Option<StartedServer>> {
    let Some(program) = binaries::redis() else {
        return container::engine().map(|engine| container::redis(&engine)).transpose();
    };
    let account = Account::for_server("redis")?;
    redis::start(&program, Folder::temporary("redis", account)?, account).map(Some)
}

fn start_kept_postgres(folder: &str) -> Result<Option<StartedServer>> {
    let Some(binaries) = binaries::postgres() else { return start_postgres() };
    let account = Account::for_server("postgres")?;
    let folder = Folder::kept(root().join(folder), account)?;
    postgres::start(&binaries, folder, account).map(Some)
}
