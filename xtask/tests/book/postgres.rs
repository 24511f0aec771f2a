//! A throw-away PostgreSQL whose superuser is reached over a socket, as the packages of Debian set it up.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Postgres {
    programs: PathBuf,
    data: PathBuf,
    /// User and group of the server, which refuses to run as root.
    account: Option<(u32, u32)>,
}

impl Postgres {
    /// Starts one that listens on the port, and on a socket in `machine/socket`.
    pub fn start(machine: &Path, port: u16) -> Self {
        let account = rustix::process::geteuid().is_root().then(account);
        let [data, socket] = ["data", "socket"].map(|name| machine.join(name));
        for folder in [&data, &socket] {
            fs::create_dir(folder).unwrap();
            if let Some((user, group)) = account {
                std::os::unix::fs::chown(folder, Some(user), Some(group)).unwrap();
            }
        }
        let server = Self { programs: programs(), data, account };
        let access = ["--auth-local=trust", "--auth-host=scram-sha-256"];
        server.call("initdb", &["--username=postgres", "--no-sync", access[0], access[1]]);
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={}",
            socket.display()
        );
        server.call("pg_ctl", &["--wait", "--silent", "--log=/dev/null", "--options", &options, "start"]);
        server
    }

    pub fn programs(&self) -> &Path {
        &self.programs
    }

    fn call(&self, program: &str, arguments: &[&str]) {
        let status = self.command(program, arguments).status().unwrap();
        assert!(status.success(), "{program} {arguments:?}: {status}");
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.arg("--pgdata").arg(&self.data).args(arguments).current_dir("/");
        if let Some((user, group)) = self.account {
            command.uid(user).gid(group);
        }
        // No pipe: the server would keep it open.
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // A test that panics must not panic again.
        let _ = self.command("pg_ctl", &["--silent", "--mode=immediate", "stop"]).status();
    }
}

/// The newest one of Debian's folders, else the folder of `initdb` in `PATH`.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    found.retain(|folder| folder.join("initdb").is_file());
    found.sort();
    found.pop().unwrap_or_else(|| super::machine::program("initdb").parent().unwrap().to_owned())
}

fn account() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let line = users.lines().find(|line| line.starts_with("postgres:")).expect("there is no user postgres");
    let fields: Vec<&str> = line.split(':').collect();
    (fields[2].parse().unwrap(), fields[3].parse().unwrap())
}
