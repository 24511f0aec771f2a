//! A pgbouncer of a test's own, before the PostgreSQL of another.

use myashes_testkit::skip_without;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_postgres::config::Host;

use crate::own_postgres::other_user;
use crate::processes::{MOMENT, lasting_port};

pub struct OwnPgbouncer {
    child: Child,
    port: u16,
    user: String,
    database: String,
    _folder: TempDir,
}

impl OwnPgbouncer {
    /// Before the database of this URL, with this `pool_mode` and at most so many connections to the server. `None`
    /// where pgbouncer is not installed, which CI does not let pass.
    pub async fn before(url: &str, pool_mode: &str, pool_size: u32) -> Option<Self> {
        let server: tokio_postgres::Config = url.parse().expect("a URL of a test");
        let [Host::Tcp(host)] = server.get_hosts() else { panic!("a host: {server:?}") };
        let server_port = server.get_ports().first().copied().unwrap_or(5432);
        let user = server.get_user().expect("a user").to_owned();
        let password = String::from_utf8_lossy(server.get_password().unwrap_or_default()).into_owned();
        let database = server.get_dbname().expect("a database").to_owned();
        let folder = TempDir::new().expect("a temporary folder");
        let port = lasting_port();
        std::fs::write(folder.path().join("users"), format!("\"{user}\" \"{password}\"\n")).expect("a file");
        let settings = format!(
            "[databases]\n* = host={host} port={server_port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = users\n\
             pool_mode = {pool_mode}\ndefault_pool_size = {pool_size}\nmax_client_conn = 200\n"
        );
        std::fs::write(folder.path().join("pgbouncer.ini"), settings).expect("a file");
        let start = |program: &str| {
            let mut command = Command::new(program);
            // It refuses to run as root.
            if let Some((user, group)) = other_user() {
                for file in ["", "users", "pgbouncer.ini"] {
                    let path = folder.path().join(file);
                    std::os::unix::fs::chown(path, Some(user), Some(group)).expect("root gives it away");
                }
                command.uid(user).gid(group);
            }
            command.args(["--quiet", "pgbouncer.ini"]).current_dir(folder.path()).process_group(0);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
        };
        let Ok(child) = start("pgbouncer").or_else(|_| start("/usr/sbin/pgbouncer")) else {
            return skip_without("pgbouncer");
        };
        let mut pgbouncer = Self { child, port, user, database, _folder: folder };
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(pgbouncer.child.try_wait().expect("a child").is_none(), "pgbouncer ended");
            tokio::time::sleep(MOMENT).await;
        }
        Some(pgbouncer)
    }

    /// The way to the same database through the pooler.
    pub fn url(&self) -> String {
        format!("postgres://{}@127.0.0.1:{}/{}?sslmode=disable", self.user, self.port, self.database)
    }
}

impl Drop for OwnPgbouncer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
