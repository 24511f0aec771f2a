//! pgbouncer, in front of another's PostgreSQL.

use anyhow::{Context, Result};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::{Folder, ServerProcess, for_test, free_port, program};

pub struct Pgbouncer {
    url: Url,
    _process: ServerProcess,
    _folder: Folder,
}

impl Pgbouncer {
    /// In front of the database of this URL, with this `pool_mode` and at most so many connections to the server. `None`
    /// where pgbouncer is not installed, which CI does not let pass.
    pub fn for_test(database: &str, pool_mode: &str, pool_size: u32) -> Option<Self> {
        for_test("pgbouncer", start(database, pool_mode, pool_size))
    }

    /// The URL of the same database through the pooler.
    pub fn url(&self) -> String {
        self.url.to_string()
    }
}

fn start(database: &str, pool_mode: &str, pool_size: u32) -> Result<Option<Pgbouncer>> {
    let Some(program) = program("pgbouncer") else { return Ok(None) };
    let mut url = Url::parse(database)?;
    let host = url.host_str().context("the URL names no host")?;
    let (user, password) = (decode(url.username())?, decode(url.password().unwrap_or_default())?);
    // It refuses to run as root.
    let (folder, port) = (Folder::for_server("postgres")?, free_port());
    folder.write("users", &format!("\"{user}\" \"{password}\"\n"))?;
    let settings = format!(
        "[databases]\n* = host={host} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
         listen_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = users\n\
         pool_mode = {pool_mode}\ndefault_pool_size = {pool_size}\nmax_client_conn = 200\n",
        url.port().unwrap_or(5432)
    );
    folder.write("pgbouncer.ini", &settings)?;
    let mut command = folder.command(&program);
    command.args(["--quiet", "pgbouncer.ini"]);
    let process = ServerProcess::on_port(&mut command, port)?;
    url.set_host(Some("127.0.0.1"))?;
    url.set_port(Some(port)).and_then(|()| url.set_password(None)).ok().context("the URL has no host")?;
    url.set_query(Some("sslmode=disable"));
    Ok(Some(Pgbouncer { url, _process: process, _folder: folder }))
}

fn decode(part: &str) -> Result<String> {
    Ok(percent_decode_str(part).decode_utf8()?.into_owned())
}
