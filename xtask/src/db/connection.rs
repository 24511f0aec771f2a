//! A PostgreSQL URL as the variables that `psql` and its kin read: on a command line the password would be in
//! every list of processes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::str::FromStr;

use anyhow::{Context, Result, bail, ensure};
use myashes_servers::{postgres_binaries, program};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::interrupts::line;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    variables: BTreeMap<&'static str, String>,
}

impl Connection {
    /// The same server and role, another database.
    pub fn with_database(&self, name: &str) -> Self {
        let mut variables = self.variables.clone();
        variables.insert("PGDATABASE", name.to_owned());
        Self { variables }
    }

    /// The URL of another role on the same server.
    ///
    /// # Errors
    /// For a host that no URL can hold.
    pub fn url_for(&self, user: &str, password: &str, database: &str) -> Result<Url> {
        let host = self.variables.get("PGHOST").map_or("127.0.0.1", String::as_str);
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let port = self.variables.get("PGPORT").map_or("5432", String::as_str);
        let mut url = Url::parse(&format!("postgres://{host}:{port}/")).context("the host fits in no URL")?;
        let named = url.set_username(user).and_then(|()| url.set_password(Some(password)));
        named.ok().context("the host fits in no URL")?;
        url.set_path(database);
        Ok(url)
    }

    /// One of PostgreSQL's own programs, connected to this database.
    pub fn command(&self, name: &str) -> Result<Command> {
        let mut command = Command::new(find(name)?);
        command.envs(&self.variables).env("PGAPPNAME", "xtask").env("PGCONNECT_TIMEOUT", "10");
        // Rows are compared as text, which must not depend on the client's settings.
        command
            .env("PGOPTIONS", "-c timezone=UTC -c datestyle=ISO -c bytea_output=hex -c extra_float_digits=1");
        Ok(command)
    }

    /// `psql` that prints values and nothing else, and stops at the first fault.
    pub fn psql(&self) -> Result<Command> {
        let mut command = self.command("psql")?;
        command.args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1"]);
        Ok(command)
    }

    /// What a query answers, as text.
    pub fn query(&self, sql: &str) -> Result<String> {
        output(self.psql()?.args(["--command", sql]))
    }
}

impl FromStr for Connection {
    type Err = anyhow::Error;

    fn from_str(url: &str) -> Result<Self> {
        let url = Url::parse(url).context("the database's URL cannot be read")?;
        ensure!(
            matches!(url.scheme(), "postgres" | "postgresql"),
            "the database's URL is neither postgres:// nor sqlite://"
        );
        let mut variables = BTreeMap::new();
        let parts = [
            ("PGUSER", url.username()),
            ("PGPASSWORD", url.password().unwrap_or_default()),
            ("PGHOST", url.host_str().unwrap_or_default().trim_matches(['[', ']'])),
            ("PGPORT", &url.port().map(|port| port.to_string()).unwrap_or_default()),
            ("PGDATABASE", url.path().trim_start_matches('/')),
        ];
        for (variable, value) in parts.into_iter().filter(|(_, value)| !value.is_empty()) {
            let value = percent_decode_str(value).decode_utf8().context("the database's URL is not UTF-8")?;
            variables.insert(variable, value.into_owned());
        }
        for (name, value) in url.query_pairs() {
            let variable = match &*name {
                "sslmode" => "PGSSLMODE",
                "sslrootcert" => "PGSSLROOTCERT",
                _ => bail!("the parameter {name} of the database's URL is not supported"),
            };
            variables.insert(variable, value.into_owned());
        }
        Ok(Self { variables })
    }
}

/// Runs to the end; an error carries what the program complained about.
pub fn output(command: &mut Command) -> Result<String> {
    let name = line(command);
    let output = command.output().with_context(|| format!("cannot run {name}"))?;
    if !output.status.success() {
        bail!("{}", one_line(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// A complaint over several lines, as one.
pub fn one_line(complaint: &[u8]) -> String {
    String::from_utf8_lossy(complaint).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn find(name: &str) -> Result<PathBuf> {
    let installed = || Some(postgres_binaries()?.join(name)).filter(|file| file.is_file());
    let found = program(name).or_else(installed);
    found.with_context(|| format!("{name} is not installed: apt-get install postgresql-client"))
}

#[cfg(test)]
mod tests {
    use super::{BTreeMap, Connection};

    fn parse(url: &str) -> Result<Connection, String> {
        url.parse::<Connection>().map_err(|error| error.to_string())
    }

    #[test]
    fn every_part_is_found_and_decoded() {
        let connection = parse("postgres://us%40er:p%2Fw@[::1]:5433/builds?sslmode=verify-full").unwrap();
        assert_eq!(
            connection.variables,
            BTreeMap::from([
                ("PGUSER", "us@er".to_owned()),
                ("PGPASSWORD", "p/w".to_owned()),
                ("PGHOST", "::1".to_owned()),
                ("PGPORT", "5433".to_owned()),
                ("PGDATABASE", "builds".to_owned()),
                ("PGSSLMODE", "verify-full".to_owned()),
            ])
        );
        let other = connection.url_for("a", "b/c", "d").unwrap();
        assert_eq!(other.as_str(), "postgres://a:b%2Fc@[::1]:5433/d");
    }

    #[test]
    fn what_is_left_out_is_left_to_the_defaults() {
        assert_eq!(
            parse("postgresql://db/x").unwrap().variables,
            BTreeMap::from([("PGHOST", "db".to_owned()), ("PGDATABASE", "x".to_owned())])
        );
    }

    #[test]
    fn another_scheme_and_an_unknown_parameter_are_refused_without_the_password() {
        assert!(parse("mysql://u:secret@h/d").is_err());
        let error = parse("postgres://u:secret@h/d?target=x").unwrap_err();
        assert!(error.contains("target") && !error.contains("secret"), "{error}");
    }
}
