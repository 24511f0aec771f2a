//! nginx, as it stands in front of the service in production.

use std::net::TcpListener;
use std::process::Stdio;

use myashes_testkit::skip_without;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// A running nginx. It ends when the value is dropped.
pub struct Nginx {
    _child: Child,
    _folder: TempDir,
}

impl Nginx {
    /// Listens on `port` with this content of its `server` block. `None` where it is not installed, which CI does not
    /// let pass.
    pub async fn start(port: u16, server: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        Self::start_in(folder, &format!("listen 127.0.0.1:{port};\n{server}"), port).await
    }

    /// The same with its own `listen` lines, and the files that it needs in `folder`.
    pub async fn start_in(folder: TempDir, server: &str, port: u16) -> Option<Self> {
        let at = folder.path().display();
        let buffers: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {at}/{kind};\n"))
            .concat();
        // One process, so that nothing is left of it once it is killed.
        let configuration = format!(
            "daemon off;\nmaster_process off;\npid {at}/pid;\nerror_log stderr;\nevents {{}}\n\
             http {{\naccess_log off;\n{buffers}server {{\n{server}}}\n}}\n"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, configuration).unwrap();
        let start = |program: &str| {
            let mut command = Command::new(program);
            command.args(["-e", "stderr", "-p"]).arg(folder.path()).arg("-c").arg(&file);
            command.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn()
        };
        let Ok(child) = start("nginx").or_else(|_| start("/usr/sbin/nginx")) else {
            return skip_without("nginx");
        };
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::task::yield_now().await;
        }
        Some(Self { _child: child, _folder: folder })
    }
}

/// A port that is free at this moment.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
