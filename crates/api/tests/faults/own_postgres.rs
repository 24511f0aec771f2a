//! A PostgreSQL of a test's own, to be killed, frozen or starved. `fsync` is on.

use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use myashes_api::settings::Settings;
use myashes_testkit::skip_without;
use rustix::process::Signal;
use tempfile::TempDir;
use tokio_postgres::NoTls;

use crate::processes::{self, MOMENT, lasting_port};

const START: Duration = Duration::from_secs(60);

pub struct OwnPostgres {
    binaries: PathBuf,
    folder: TempDir,
    port: u16,
    postmaster: Option<Child>,
    frozen: Vec<u32>,
    /// Settings for its start, as `name=value`.
    settings: Vec<String>,
    /// Where its locales are, if not where the system's are.
    locales: Option<PathBuf>,
}

impl OwnPostgres {
    /// A new and empty one. `None` where PostgreSQL is not installed, which CI does not let pass.
    pub async fn start() -> Option<Self> {
        let folder = TempDir::new().expect("a temporary folder");
        let data = folder.path().join("data");
        Self::start_in(folder, &data).await
    }

    /// The same with its tables in `data`; its log of transactions stays in `folder`.
    pub async fn start_in(folder: TempDir, data: &Path) -> Option<Self> {
        let mut server = Self::made_in(folder, data)?;
        server.restart().await;
        Some(server)
    }

    /// The same with these locales and settings.
    pub async fn start_speaking(
        folder: TempDir,
        data: &Path,
        locales: &Path,
        settings: &[&str],
    ) -> Option<Self> {
        let mut server = Self::made_in(folder, data)?;
        server.locales = Some(locales.to_owned());
        server.settings = settings.iter().map(|it| (*it).to_owned()).collect();
        server.restart().await;
        Some(server)
    }

    /// The same with these settings.
    pub async fn start_with(settings: &[String]) -> Option<Self> {
        let folder = TempDir::new().expect("a temporary folder");
        let data = folder.path().join("data");
        let mut server = Self::made_in(folder, &data)?;
        server.settings = settings.to_vec();
        server.restart().await;
        Some(server)
    }

    /// A standby that follows this server.
    pub async fn standby(&self) -> Self {
        let mut standby = self.backup(&["--write-recovery-conf"]);
        standby.restart().await;
        standby
    }

    /// A base backup of this server, as a server that has not been started.
    pub fn backup(&self, options: &[&str]) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        self.hand_over(folder.path());
        let backup = Self::of(self.binaries.clone(), folder);
        // Debian has it in another package, and so in the path as well.
        let beside = self.binaries.join("pg_basebackup").is_file();
        let mut copy = backup.command_at(if beside {
            self.binaries.join("pg_basebackup")
        } else {
            "pg_basebackup".into()
        });
        copy.args(["--checkpoint=fast", "--no-sync", "--wal-method=stream"]).args(options);
        copy.arg("--dbname").arg(self.url()).arg("--pgdata").arg(backup.data());
        let copied = copy.output().expect("pg_basebackup runs");
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        backup
    }

    fn of(binaries: PathBuf, folder: TempDir) -> Self {
        let (port, settings) = (lasting_port(), vec![]);
        Self { binaries, folder, port, postmaster: None, frozen: vec![], settings, locales: None }
    }

    fn made_in(folder: TempDir, data: &Path) -> Option<Self> {
        let Some(binaries) = binaries() else {
            return skip_without("PostgreSQL's own programs (initdb, postgres)");
        };
        let server = Self::of(binaries, folder);
        server.hand_over(server.folder.path());
        std::fs::create_dir_all(data).expect("a folder for its tables");
        server.hand_over(data);
        let wal = server.folder.path().join("wal");
        let mut initdb = server.command("initdb");
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
        initdb.args(["--no-sync", "--no-instructions", "--wal-segsize=1"]);
        let made = initdb.arg("--waldir").arg(wal).arg("--pgdata").arg(data).output().expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        if data != server.data() {
            std::os::unix::fs::symlink(data, server.data()).expect("a link to its tables");
        }
        Some(server)
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends the postmaster without any warning. Its children notice by themselves, sooner or later.
    pub fn kill(&mut self) {
        let mut postmaster = self.postmaster.take().expect("it runs");
        postmaster.kill().expect("a child of this process");
        postmaster.wait().expect("a child of this process");
    }

    /// Starts it again; it is ready to be asked then.
    pub async fn restart(&mut self) {
        let began = Instant::now();
        loop {
            assert!(began.elapsed() < START, "PostgreSQL does not start:\n{}", self.log());
            // Children of a killed postmaster that are still there keep a new one from starting.
            let runs = match &mut self.postmaster {
                Some(postmaster) => postmaster.try_wait().expect("a child").is_none(),
                None => false,
            };
            if !runs {
                self.postmaster = Some(self.spawn());
            } else if self.answers().await {
                return;
            }
            tokio::time::sleep(MOMENT).await;
        }
    }

    /// Stops every process of it without ending any: connections stay open, nothing answers.
    pub fn freeze(&mut self) {
        let postmaster = self.postmaster.as_ref().expect("it runs").id();
        processes::signal(postmaster, Signal::STOP);
        // The postmaster stands still, so that no child is added meanwhile.
        self.frozen = processes::children(postmaster);
        for child in &self.frozen {
            processes::signal(*child, Signal::STOP);
        }
        self.frozen.push(postmaster);
    }

    pub fn thaw(&mut self) {
        for process in std::mem::take(&mut self.frozen) {
            processes::signal(process, Signal::CONT);
        }
    }

    /// A connection of the test's own.
    pub async fn connect(&self) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
        let (client, connection) = tokio_postgres::connect(&self.url(), NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    async fn answers(&self) -> bool {
        match self.connect().await {
            Ok(client) => client.simple_query("SELECT 1").await.is_ok(),
            Err(_) => false,
        }
    }

    fn spawn(&self) -> Child {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log"));
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data()).args(["-p", &self.port.to_string(), "-h", "127.0.0.1"]);
        for setting in ["unix_socket_directories=", "fsync=on", "max_wal_size=32MB", "shared_buffers=32MB"] {
            command.args(["-c", setting]);
        }
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        if let Some(locales) = &self.locales {
            command.env("LOCPATH", locales);
        }
        // A group of its own: an interrupt is for the test, which ends it by itself.
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(log.expect("a log")).spawn().expect("postgres runs")
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Writes a file beside its tables, readable for it alone. It is read at the next start.
    pub fn write(&self, name: &str, content: &str) {
        let path = self.data().join(name);
        std::fs::write(&path, content).expect("a file");
        std::fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("a file of this test");
        self.hand_over(&path);
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// PostgreSQL refuses to run as root.
    fn command(&self, program: &str) -> Command {
        self.command_at(self.binaries.join(program))
    }

    fn command_at(&self, program: PathBuf) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path());
        if let Some((user, group)) = other_user() {
            command.uid(user).gid(group);
        }
        command
    }

    pub fn hand_over(&self, path: &Path) {
        if let Some((user, group)) = other_user() {
            std::os::unix::fs::chown(path, Some(user), Some(group)).expect("root gives it away");
        }
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        self.thaw();
        if let Some(mut postmaster) = self.postmaster.take() {
            // An immediate shutdown: it takes its children along.
            processes::signal(postmaster.id(), Signal::QUIT);
            postmaster.wait().ok();
        }
    }
}

/// User and group to run as, for root.
pub fn other_user() -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").expect("the list of users");
    let of = |name: &str| {
        let fields: Vec<&str> =
            users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|it| it[0] == name)?;
        Some((fields[2].parse().ok()?, fields[3].parse().ok()?))
    };
    Some(of("postgres").or_else(|| of("nobody")).expect("a user for PostgreSQL to run as"))
}

/// The folder with the newest `initdb` and `postgres`.
fn binaries() -> Option<PathBuf> {
    let path = Settings::environment().remove("PATH").unwrap_or_default();
    let in_path = path.split(':').map(PathBuf::from);
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    versions.sort_by_key(|bin| {
        let version = bin.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        std::cmp::Reverse(version.and_then(|version| version.parse::<u32>().ok()))
    });
    let whole = |bin: &PathBuf| bin.join("initdb").is_file() && bin.join("postgres").is_file();
    in_path.chain(versions).find(whole)
}
