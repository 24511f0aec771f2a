//! The services of `docker-compose.yml` under a project name of their own, so that a stack that a developer runs from
//! the same file is not touched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use myashes_servers::{free_port, pause};

use super::engine::{Engine, clean_up, output};
use super::override_file::Override;
use crate::interrupts;
use crate::smoke::client::{Answer, Client};

/// How long the services may take to become healthy, in seconds.
const HEALTHY: &str = "180";
/// How long the stack may take to notice a change.
const NOTICE: Duration = Duration::from_secs(60);

/// The variables of `docker-compose.yml` that name the ports of this machine.
const PORTS: [&str; 3] = ["MYASHES_PORT", "MYASHES_DB_PORT", "MYASHES_CACHE_PORT"];
/// Variables of the caller that would change what is checked.
const FOREIGN: [&str; 6] = [
    "COMPOSE_FILE",
    "COMPOSE_PROFILES",
    "COMPOSE_PROJECT_NAME",
    "MYASHES_DB_SUPERUSER_PASSWORD_FILE",
    "MYASHES_DB_PASSWORD_FILE",
    "MYASHES_CACHE_PASSWORD_FILE",
];

pub struct Stack<'a> {
    pub engine: &'a Engine,
    checkout: PathBuf,
    override_file: PathBuf,
    /// Folder for files of a check.
    pub work: PathBuf,
    pub project: String,
    pub image: String,
    /// Whether `db` and `cache` run the pinned images of a registry.
    pub uses_registry: bool,
    ports: Vec<(&'static str, u16)>,
    kept: bool,
}

impl<'a> Stack<'a> {
    /// Prepares the files; nothing is started yet.
    pub fn new(
        engine: &'a Engine,
        checkout: &Path,
        work: &Path,
        project: &str,
        settings: &Override,
    ) -> Result<Self> {
        let override_file = work.join("override.yml");
        fs::write(&override_file, settings.text())?;
        let ports = PORTS.iter().map(|name| (*name, free_port())).collect();
        Ok(Self {
            engine,
            checkout: checkout.to_path_buf(),
            override_file,
            work: work.to_path_buf(),
            project: project.to_owned(),
            image: settings.image.clone(),
            uses_registry: settings.uses_registry(),
            ports,
            kept: false,
        })
    }

    /// `docker compose`, without a command yet.
    pub fn compose(&self) -> Command {
        let mut command = self.engine.docker();
        for name in FOREIGN {
            command.env_remove(name);
        }
        command.envs(self.ports.iter().map(|(name, port)| (name, port.to_string())));
        command.args(self.compose_words());
        command
    }

    /// The same as one would type it, for the log of a stack that is kept.
    pub fn command_line(&self, command: &str) -> String {
        let ports = self.ports.iter().map(|(name, port)| format!("{name}={port} ")).collect::<String>();
        let words = self.compose_words().join(" ");
        format!("{ports}{} {words} {command}", self.engine.command_line())
    }

    pub fn run(&self, words: &[&str]) -> Result<String> {
        output(self.compose().args(words))
    }

    /// `up --detach --wait`, with another file for the password of the database.
    pub fn up_with_password(&self, file: Option<&Path>) -> Result<()> {
        let mut up = self.compose();
        up.args(["up", "--detach", "--wait", "--wait-timeout", HEALTHY]);
        up.envs(file.map(|file| ("MYASHES_DB_PASSWORD_FILE", file)));
        output(&mut up)?;
        Ok(())
    }

    pub fn up(&self) -> Result<()> {
        self.up_with_password(None)
    }

    pub fn container(&self, service: &str) -> String {
        format!("{}-{service}-1", self.project)
    }

    /// What `docker inspect` says about a service's container.
    pub fn inspect(&self, service: &str, format: &str) -> Result<String> {
        let container = self.container(service);
        output(self.engine.docker().args(["inspect", "--format", format, &container]))
    }

    /// A client of the published port, with a session and connections of its own.
    pub fn client(&self) -> Result<Client> {
        Client::new(&format!("http://127.0.0.1:{}", self.ports[0].1))
    }

    /// A GET with this status; anything else is asked for again until the time is over.
    pub fn wait_for(&self, path: &str, status: u16) -> Result<Answer> {
        let begun = Instant::now();
        loop {
            interrupts::check()?;
            let found = match self.client()?.get(path) {
                Ok(answer) if answer.status == status => return Ok(answer),
                Ok(answer) => answer.status.to_string(),
                Err(error) => format!("{error:#}"),
            };
            if begun.elapsed() > NOTICE {
                bail!("{path} is not {status} after {} s: {found}", NOTICE.as_secs());
            }
            pause();
        }
    }

    /// Leaves it running.
    pub fn keep(&mut self) {
        self.kept = true;
    }

    fn compose_words(&self) -> Vec<String> {
        let words = [
            "compose".to_owned(),
            format!("--project-name={}", self.project),
            format!("--project-directory={}", self.checkout.display()),
            format!("--file={}", self.checkout.join("docker-compose.yml").display()),
            format!("--file={}", self.override_file.display()),
        ];
        words.into()
    }
}

impl Drop for Stack<'_> {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        let mut down = self.compose();
        down.args(["--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "5"]);
        clean_up(&mut down);
        let images = [self.image.clone(), format!("{}-binary", self.project)];
        clean_up(self.engine.docker().args(["image", "rm", "--force"]).args(images));
    }
}
