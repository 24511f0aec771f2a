//! A PostgreSQL. `fsync` stays on: tests kill it and count what was acknowledged.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::{Folder, ServerProcess, for_test, free_port, postgres_binaries, program, wait_until};

/// For a cluster that is copied, archived, or put on a small disk.
const SMALL: [&str; 2] = ["max_wal_size=32MB", "shared_buffers=32MB"];

#[derive(Default)]
pub struct PostgresOptions {
    /// Where it keeps its files, if not in a temporary folder.
    pub folder: Option<Folder>,
    /// Where its tables are, if not in its folder.
    pub tables: Option<PathBuf>,
    /// Where its locales are, if not where the system's are.
    pub locales: Option<PathBuf>,
    /// Who may connect and how, as the content of `pg_hba.conf`.
    pub access: Option<&'static str>,
    /// Settings for its start, as `name=value`.
    pub settings: Vec<String>,
}

pub struct Postgres {
    process: Option<ServerProcess>,
    binaries: PathBuf,
    port: u16,
    /// Empty where everyone on this machine may connect.
    password: String,
    settings: Vec<String>,
    locales: Option<PathBuf>,
    folder: Folder,
}

impl Postgres {
    /// Starts one with a password, with a new cluster unless there is one in its folder. `None` where PostgreSQL is not
    /// installed.
    pub fn start(options: PostgresOptions) -> Result<Option<Self>> {
        Self::create(options, false)
    }

    /// A test's, new, empty and without a password. `None` where PostgreSQL is not installed, which CI does not let
    /// pass.
    pub fn for_test() -> Option<Self> {
        Self::for_test_with(PostgresOptions::default())
    }

    /// The same with other options.
    pub fn for_test_with(options: PostgresOptions) -> Option<Self> {
        for_test("PostgreSQL's own programs (initdb, postgres)", Self::create(options, true))
    }

    fn create(options: PostgresOptions, is_test: bool) -> Result<Option<Self>> {
        let Some(binaries) = postgres_binaries() else { return Ok(None) };
        let PostgresOptions { folder, tables, locales, access, mut settings } = options;
        let folder = folder.map_or_else(|| Folder::for_server("postgres"), Ok)?;
        let password = if is_test { String::new() } else { folder.password()? };
        if is_test {
            settings.extend(SMALL.map(str::to_owned));
        }
        let mut server =
            Self { process: None, binaries, port: free_port(), password, settings, locales, folder };
        if !server.data().join("PG_VERSION").is_file() {
            server.initialise(tables, access)?;
        }
        server.launch()?;
        Ok(Some(server))
    }

    fn initialise(&self, tables: Option<PathBuf>, access: Option<&str>) -> Result<()> {
        let data = tables.clone().unwrap_or_else(|| self.data());
        fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;
        self.folder.own(&data)?;
        let mut initdb = self.folder.command(&self.binaries.join("initdb"));
        // The C locale of the system's library orders by code point, and still knows what a letter is: trigrams of
        // text that is not English need that.
        let locale = if cfg!(target_os = "macos") { "--locale=C" } else { "--locale=C.UTF-8" };
        initdb.args(["--username=postgres", "--encoding=UTF8", locale, "--no-sync", "--no-instructions"]);
        if self.password.is_empty() {
            initdb.args(["--auth=trust", "--wal-segsize=1"]);
        } else {
            initdb.args(["--auth=password", "--pwfile=password"]);
        }
        if tables.is_some() {
            initdb.arg("--waldir").arg(self.folder.path().join("wal"));
            std::os::unix::fs::symlink(&data, self.data())?;
        }
        run(initdb.arg("--pgdata").arg(data))?;
        access.map_or(Ok(()), |access| self.folder.write("data/pg_hba.conf", access))
    }

    /// A standby that follows this server.
    pub fn standby(&self) -> Self {
        let mut standby = self.backup(&["--write-recovery-conf"]);
        standby.restart();
        standby
    }

    /// A base backup of this server, as a server that has not been started.
    pub fn backup(&self, options: &[&str]) -> Self {
        let (folder, port) = (Folder::for_server("postgres").expect("a temporary folder"), free_port());
        let (binaries, settings) = (self.binaries.clone(), SMALL.map(str::to_owned).to_vec());
        let password = String::new();
        let backup = Self { process: None, binaries, port, password, settings, locales: None, folder };
        // Debian has it in another package, and so in the path as well.
        let beside = Some(self.binaries.join("pg_basebackup")).filter(|file| file.is_file());
        let copy = beside.or_else(|| program("pg_basebackup")).expect("pg_basebackup is installed");
        let mut copy = backup.folder.command(&copy);
        copy.args(["--checkpoint=fast", "--no-sync", "--wal-method=stream", "--pgdata=data"]);
        run(copy.args(options).arg("--dbname").arg(self.url())).expect("a base backup");
        backup
    }

    pub fn url(&self) -> String {
        let password = if self.password.is_empty() { String::new() } else { format!(":{}", self.password) };
        format!("postgres://postgres{password}@127.0.0.1:{}/postgres", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of its programs.
    pub fn binaries(&self) -> &Path {
        &self.binaries
    }

    /// Ends the postmaster without any warning. Its children notice by themselves, sooner or later.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts it again; it is ready to be asked then.
    pub fn restart(&mut self) {
        // Children of a killed postmaster that are still there keep a new one from starting.
        let started = wait_until("PostgreSQL", || Ok(self.launch().is_ok()));
        started.unwrap_or_else(|error| panic!("{error}:\n{}", self.log()));
    }

    /// Stops every process of it without ending any: connections stay open, nothing answers.
    pub fn freeze(&self) {
        self.process.as_ref().expect("it runs").freeze();
    }

    pub fn thaw(&self) {
        self.process.as_ref().expect("it runs").thaw();
    }

    /// Writes a file beside its tables, readable for it alone. It is read at the next start.
    pub fn write(&self, name: &str, content: &str) {
        self.folder.write(&format!("data/{name}"), content).expect("a file");
    }

    /// Lets it write to this file or folder.
    pub fn hand_over(&self, path: &Path) {
        self.folder.own(path).expect("a file of this test");
    }

    fn launch(&mut self) -> Result<()> {
        let mut command = self.folder.command(&self.binaries.join("postgres"));
        let port = format!("port={}", self.port);
        let fixed = ["listen_addresses=127.0.0.1", &port, "unix_socket_directories=", "fsync=on"];
        for setting in fixed.into_iter().chain(self.settings.iter().map(String::as_str)) {
            command.args(["-c", setting]);
        }
        if let Some(locales) = &self.locales {
            command.env("LOCPATH", locales);
        }
        let log = File::options().create(true).append(true).open(self.folder.path().join("log"))?;
        command.args(["-D", "data"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let status = self.data().join("postmaster.pid");
        let process = self.process.insert(ServerProcess::spawn(&mut command)?);
        let id = process.id().to_string();
        let started = process.wait_until(|| is_ready(&fs::read_to_string(&status).unwrap_or_default(), &id));
        started.with_context(|| format!("PostgreSQL does not start: {}", self.log().trim()))
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let Some(process) = &mut self.process else { return };
        process.thaw();
        // Nothing of a throw-away server is worth a checkpoint. Either way it takes its children along.
        process.end(if self.folder.is_temporary() { Signal::QUIT } else { Signal::INT });
    }
}

/// Whether `postmaster.pid` is that of this process and says that it takes connections.
fn is_ready(status: &str, process: &str) -> bool {
    let line = |number| status.lines().nth(number).map(str::trim);
    line(0) == Some(process) && line(7) == Some("ready")
}

/// Runs to the end; an error carries what the program complained about.
fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {name}"))?;
    if !output.status.success() {
        bail!("{name}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_ready;

    #[test]
    fn only_the_status_of_this_process_counts() {
        let status = "12\n/data\n1700000000\n20001\n\n127.0.0.1\n  1 2\nready   \n";
        assert!(is_ready(status, "12") && !is_ready(status, "13"));
        assert!(!is_ready(&status.replace("ready   ", "starting"), "12") && !is_ready("", "12"));
    }
}
