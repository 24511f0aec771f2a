//! nginx, as it stands in front of the service in production.

use anyhow::Result;

use crate::{Folder, ServerProcess, for_test, program};

pub struct Nginx {
    _process: ServerProcess,
    _folder: Folder,
}

impl Nginx {
    /// Listens on `port` with this content of its `server` block. `None` where it is not installed, which CI does not
    /// let pass.
    pub fn for_test(port: u16, server: &str) -> Option<Self> {
        let folder = Folder::for_caller("nginx").expect("a temporary folder");
        Self::for_test_in(folder, &format!("listen 127.0.0.1:{port};\n{server}"), port)
    }

    /// The same with its own `listen` lines, and the files that it needs in `folder`.
    pub fn for_test_in(folder: Folder, server: &str, port: u16) -> Option<Self> {
        for_test("nginx", start(folder, server, port))
    }
}

fn start(folder: Folder, server: &str, port: u16) -> Result<Option<Nginx>> {
    let Some(program) = program("nginx") else { return Ok(None) };
    let at = folder.path().display();
    let buffers: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {at}/{kind};\n"))
        .concat();
    // One process, so that nothing is left of it once it is killed.
    let configuration = format!(
        "daemon off;\nmaster_process off;\npid {at}/pid;\nerror_log stderr;\nevents {{}}\n\
         http {{\naccess_log off;\n{buffers}server {{\n{server}}}\n}}\n"
    );
    folder.write("nginx.conf", &configuration)?;
    let mut command = folder.command(&program);
    command.args(["-e", "stderr", "-p"]).arg(folder.path()).arg("-c").arg(folder.path().join("nginx.conf"));
    let process = ServerProcess::on_port(&mut command, port)?;
    Ok(Some(Nginx { _process: process, _folder: folder }))
}
