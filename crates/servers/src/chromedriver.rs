//! chromedriver, which starts Chromium and passes commands on to it.

use anyhow::Result;

use crate::{Folder, ServerProcess, for_test, free_port, program};

pub struct Chromedriver {
    port: u16,
    _process: ServerProcess,
    _folder: Folder,
}

impl Chromedriver {
    /// `None` where it is not installed, which CI does not let pass.
    pub fn for_test() -> Option<Self> {
        for_test("chromedriver", start())
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn start() -> Result<Option<Chromedriver>> {
    let Some(program) = program("chromedriver") else { return Ok(None) };
    let (folder, port) = (Folder::for_caller("chromedriver")?, free_port());
    let mut command = folder.command(&program);
    command.arg(format!("--port={port}")).env("HOME", folder.path()).env("TMPDIR", folder.path());
    let process = ServerProcess::on_port(&mut command, port)?;
    Ok(Some(Chromedriver { port, _process: process, _folder: folder }))
}
