//! The machine that the manual speaks of, below one temporary folder. The commands are run as they are written, by one
//! bash, but for absolute paths, ports and the listener of nginx, which are replaced by the machine's own. `sudo` and
//! `systemctl` are stand-ins that carry out the installed unit files; PostgreSQL, nginx, curl and the service are real.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use myashes_servers::{Folder, Postgres, PostgresOptions, free_port, self_signed_certificate};

use super::blocks::{marked, root};

const FOLDERS: [&str; 10] = [
    "bin",
    "checkout/target/release",
    "etc/letsencrypt/live/builds.example",
    "etc/nginx/sites-available",
    "etc/nginx/sites-enabled",
    "etc/systemd/system",
    "home",
    "log",
    "run",
    "var/log/nginx",
];

const STAND_INS: [(&str, &str); 4] = [
    ("kubectl", include_str!("kubectl.sh")),
    ("sudo", include_str!("sudo.sh")),
    ("systemctl", include_str!("systemctl.sh")),
    ("nginx", include_str!("nginx.sh")),
];

/// Ends the output of each block.
const END: &str = "-- end of block --";

static MACHINES: AtomicU16 = AtomicU16::new(0);

pub struct Machine {
    folder: PathBuf,
    /// Port of the site.
    pub https: u16,
    replacements: Vec<(String, String)>,
    shell: Child,
    commands: ChildStdin,
    output: BufReader<ChildStdout>,
    postgres: Postgres,
}

impl Machine {
    /// An empty machine with PostgreSQL and nginx installed.
    pub fn new() -> Self {
        let number = MACHINES.fetch_add(1, Ordering::SeqCst);
        let folder = std::env::temp_dir().join(format!("myashes-book-{}-{number}", std::process::id()));
        FOLDERS.iter().for_each(|name| fs::create_dir_all(folder.join(name)).unwrap());
        let (https, postgres) = (free_port(), start_postgres(&folder));
        let replacements = replacements(&folder, number, https, postgres.port());
        copy_deploy(&folder, &replacements);
        make_programs(&folder);
        make_certificate(&folder);
        configure_nginx(&folder);
        let mut shell = bash(&folder, &postgres);
        let commands = shell.stdin.take().unwrap();
        let output = BufReader::new(shell.stdout.take().unwrap());
        let mut machine = Self { folder, https, replacements, shell, commands, output, postgres };
        machine.execute("set -euo pipefail; exec 2>&1");
        machine
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// From here on `to` stands in the commands for `from`.
    pub fn replace(&mut self, from: &str, to: &str) {
        self.replacements.push((from.to_owned(), to.to_owned()));
    }

    /// Port of PostgreSQL.
    pub fn postgres_port(&self) -> u16 {
        self.postgres.port()
    }

    /// Runs marked blocks of the manual, and returns what they print.
    pub fn run(&mut self, names: &[&str]) -> String {
        let blocks = marked();
        names.iter().map(|name| self.execute(&blocks[*name])).collect()
    }

    /// Runs commands in the shell of the blocks, whose variables they see, and returns what they print.
    ///
    /// # Panics
    /// When a command fails.
    pub fn execute(&mut self, commands: &str) -> String {
        let commands = replaced(commands, &self.replacements);
        let file = self.folder.join("run/block.sh");
        fs::write(&file, &commands).unwrap();
        writeln!(self.commands, ". '{}' < /dev/null; echo; echo '{END}'", file.display()).unwrap();
        let mut printed = String::new();
        loop {
            let start = printed.len();
            let read = self.output.read_line(&mut printed).unwrap();
            assert!(read > 0, "a command failed in\n{commands}\nand this was printed:\n{printed}");
            if printed[start..].trim_end() == END {
                printed.truncate(start);
                return printed;
            }
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.shell.kill().and_then(|()| self.shell.wait());
        // What the shell started runs on; its process ids are in files.
        for entry in fs::read_dir(self.folder.join("run")).into_iter().flatten().flatten() {
            let name = entry.file_name().into_string().unwrap_or_default();
            if name.ends_with(".pid") {
                let signal = if name == "nginx.pid" { "-TERM" } else { "-KILL" };
                let id = fs::read_to_string(entry.path()).unwrap_or_default();
                let _ = Command::new("kill").arg(signal).args(id.split_whitespace()).status();
            }
        }
        if std::thread::panicking() {
            eprintln!("{} is left for a look", self.folder.display());
        } else {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// The first program of that name in `PATH`.
pub fn program(name: &str) -> PathBuf {
    myashes_servers::program(name).unwrap_or_else(|| panic!("{name} is not installed"))
}

#[expect(clippy::disallowed_methods, reason = "the machine has the programs of the caller")]
fn path() -> std::ffi::OsString {
    std::env::var_os("PATH").unwrap_or_default()
}

fn replacements(folder: &Path, number: u16, https: u16, postgres_port: u16) -> Vec<(String, String)> {
    // The places listen on these followed by their number.
    let service = free_pair(1100 + number * 100);
    let metrics = free_pair(1600 + number * 100);
    let own = |path: &str| (path.to_owned(), format!("{}{path}", folder.display()));
    let mut all: Vec<_> = [
        "/etc/letsencrypt",
        "/etc/myashes",
        "/etc/nginx",
        "/etc/systemd/system",
        "/opt/myashes",
        "/var/backups/myashes",
        "/var/log/nginx",
    ]
    .map(own)
    .to_vec();
    let ports = [
        ("127.0.0.1:800", format!("127.0.0.1:{service}")),
        ("800%i", format!("{service}%i")),
        ("909%i", format!("{metrics}%i")),
        (":5432/", format!(":{postgres_port}/")),
        ("PGPORT=5432", format!("PGPORT={postgres_port}")),
        ("  listen [::]:443 ssl;\n", String::new()),
        ("listen 443 ", format!("listen 127.0.0.1:{https} ")),
        ("builds.example:443:", format!("builds.example:{https}:")),
        ("https://builds.example/", format!("https://builds.example:{https}/")),
    ];
    all.extend(ports.map(|(from, to)| (from.to_owned(), to)));
    all
}

fn replaced(text: &str, replacements: &[(String, String)]) -> String {
    replacements.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// What the blocks install from the checkout.
fn copy_deploy(folder: &Path, replacements: &[(String, String)]) {
    for name in ["deploy/backup", "deploy/nginx", "deploy/systemd"] {
        let copies = folder.join("checkout").join(name);
        fs::create_dir_all(&copies).unwrap();
        for entry in fs::read_dir(root().join(name)).unwrap() {
            let entry = entry.unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            fs::write(copies.join(entry.file_name()), replaced(&text, replacements)).unwrap();
        }
    }
}

fn make_programs(folder: &Path) {
    let built = Path::new(env!("CARGO_BIN_EXE_xtask")).with_file_name("myashes");
    assert!(built.is_file(), "{} is missing: cargo build --workspace", built.display());
    // Small enough to be installed several times.
    let release = format!("#!/bin/sh\nexec '{}' \"$@\"\n", built.display());
    write_program(&folder.join("checkout/target/release/myashes"), &release);
    write_program(&folder.join("bin/myashes"), &release);
    let (xtask, checkout) = (env!("CARGO_BIN_EXE_xtask"), root().display());
    let xtask = format!("#!/bin/sh\nshift\nXTASK_ROOT='{checkout}' exec '{xtask}' \"$@\"\n");
    write_program(&folder.join("bin/cargo"), &xtask);
    for (name, text) in STAND_INS {
        write_program(&folder.join("bin").join(name), text);
    }
}

fn write_program(file: &Path, text: &str) {
    fs::write(file, text).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}

fn make_certificate(folder: &Path) {
    let place = folder.join("etc/letsencrypt/live/builds.example");
    self_signed_certificate("builds.example", &place.join("fullchain.pem"), &place.join("privkey.pem"))
        .unwrap();
}

/// What Debian's `/etc/nginx/nginx.conf` does: it includes the enabled sites.
fn configure_nginx(folder: &Path) {
    let user = if rustix::process::geteuid().is_root() { "user root;" } else { "" };
    let machine = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {machine}/run/{kind};"))
        .concat();
    let text = format!(
        "{user} pid {machine}/run/nginx.pid; error_log {machine}/log/nginx.log;\n\
         events {{ worker_connections 512; }}\n\
         http {{ {temporary} include {machine}/etc/nginx/sites-enabled/*; }}\n"
    );
    fs::write(folder.join("nginx.conf"), text).unwrap();
}

/// A PostgreSQL whose superuser is reached over `socket` alone, as the packages of Debian set it up.
fn start_postgres(machine: &Path) -> Postgres {
    let folder = Folder::for_server("postgres").unwrap();
    std::os::unix::fs::symlink(folder.path(), machine.join("socket")).unwrap();
    let settings = vec![format!("unix_socket_directories={}", folder.path().display())];
    let access = Some("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
    let options = PostgresOptions { folder: Some(folder), access, settings, ..Default::default() };
    Postgres::for_test_with(options).expect("PostgreSQL is installed")
}

fn bash(folder: &Path, postgres: &Postgres) -> Child {
    let first = [folder.join("bin"), postgres.binaries().to_owned()];
    let path = path();
    let folders = first.into_iter().chain(std::env::split_paths(&path));
    let mut bash = Command::new("bash");
    // Without the variables of the caller: one of them could name another database.
    bash.current_dir(folder.join("checkout")).env_clear().env("LANG", "C.UTF-8");
    bash.env("PATH", std::env::join_paths(folders).unwrap());
    bash.env("HOME", folder.join("home")).env("MACHINE", folder);
    bash.env("MACHINE_PGPORT", postgres.port().to_string()).env("MACHINE_NGINX", program("nginx"));
    bash.env("CURL_CA_BUNDLE", folder.join("etc/letsencrypt/live/builds.example/fullchain.pem"));
    bash.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

/// A number that names two free ports when a 1 or a 2 is appended.
fn free_pair(from: u16) -> u16 {
    let free = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    let mut numbers = from..from + 100;
    numbers.find(|number| free(number * 10 + 1) && free(number * 10 + 2)).expect("no free ports")
}
