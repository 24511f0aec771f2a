//! The servers from a container engine, where nothing is installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use myashes_servers::{program, redis_answers, secret, wait_until};

use super::StartedServer;
use crate::interrupts::text;

/// The engines that are tried, all of which take the same commands.
pub const ENGINES: [&str; 2] = ["docker", "podman"];

const POSTGRES: &str = "docker.io/library/postgres:17";
const REDIS: &str = "docker.io/valkey/valkey:8";

/// An engine that is installed and answers.
pub fn engine() -> Option<PathBuf> {
    ENGINES.iter().filter_map(|name| program(name)).find(|engine| {
        let asked = Command::new(engine).arg("info").stdout(Stdio::null()).stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    })
}

pub fn postgres(engine: &Path) -> Result<StartedServer> {
    let password = secret()?;
    // The password comes through the environment, so that it is in no list of processes.
    let mut run = Command::new(engine);
    run.env("POSTGRES_PASSWORD", &password).args(["run", "--detach", "--rm", "--env", "POSTGRES_PASSWORD"]);
    run.args(["--publish", "127.0.0.1::5432", POSTGRES, "postgres", "-c", "max_connections=300"]);
    let server = Container::start(engine, &mut run)?;
    let port = server.port("5432/tcp")?;
    // Over TCP: while the image prepares the cluster, its server listens on a socket only.
    let is_ready = ["pg_isready", "--quiet", "--host=127.0.0.1", "--username=postgres"];
    wait_until("PostgreSQL in a container", || Ok(server.exec(&is_ready).is_ok()))?;
    Ok(StartedServer {
        url: format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres"),
        what: format!("a throw-away container of {POSTGRES} on 127.0.0.1:{port}"),
        server: Box::new(server),
    })
}

pub fn redis(engine: &Path) -> Result<StartedServer> {
    let mut run = Command::new(engine);
    run.args(["run", "--detach", "--rm", "--publish", "127.0.0.1::6379", REDIS]);
    let server = Container::start(engine, &mut run)?;
    let port = server.port("6379/tcp")?;
    wait_until("Redis in a container", || Ok(redis_answers(port, "")))?;
    Ok(StartedServer {
        url: format!("redis://127.0.0.1:{port}/0"),
        what: format!("a throw-away container of {REDIS} on 127.0.0.1:{port}"),
        server: Box::new(server),
    })
}

struct Container {
    engine: PathBuf,
    id: String,
}

impl Container {
    fn start(engine: &Path, run: &mut Command) -> Result<Self> {
        Ok(Self { engine: engine.to_path_buf(), id: text(run)? })
    }

    fn port(&self, inside: &str) -> Result<u16> {
        let mapping = text(Command::new(&self.engine).args(["port", &self.id, inside]))?;
        let port = mapping.lines().next().and_then(|line| line.rsplit(':').next());
        port.and_then(|port| port.parse().ok()).with_context(|| format!("no port in {mapping:?}"))
    }

    fn exec(&self, words: &[&str]) -> Result<String> {
        text(Command::new(&self.engine).args(["exec", &self.id]).args(words))
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        if let Err(error) = text(Command::new(&self.engine).args(["rm", "--force", "--volumes", &self.id])) {
            eprintln!("warning: the container {} is left behind: {error:#}", self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::{Ipv4Addr, TcpListener};
    use std::os::unix::fs::PermissionsExt;

    use myashes_servers::Folder;

    use super::*;

    /// A fake engine that records its arguments, and reports that containers listen on this port.
    fn engine(port: u16) -> (Folder, PathBuf) {
        let folder = Folder::for_caller("engine").unwrap();
        let script = format!(
            "#!/bin/sh\necho \"$*\" >> {}\ncase $1 in\nrun) echo 0123abc ;;\nport) echo 127.0.0.1:{port} ;;\n\
             esac\n",
            folder.path().join("noted").display()
        );
        let program = folder.path().join("engine");
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        (folder, program)
    }

    fn noted(folder: &Folder) -> Vec<String> {
        let text = std::fs::read_to_string(folder.path().join("noted")).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_server_from_a_container_is_waited_for_and_taken_away_again() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let answering = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            stream.write_all(b"+PONG\r\n").unwrap();
            line
        });
        let (folder, engine) = engine(port);
        let offer = redis(&engine).unwrap();
        assert_eq!(answering.join().unwrap(), "PING\r\n");
        assert_eq!(offer.url, format!("redis://127.0.0.1:{port}/0"));
        drop(offer);
        let noted = noted(&folder);
        assert_eq!(noted[0], format!("run --detach --rm --publish 127.0.0.1::6379 {REDIS}"));
        assert_eq!(noted[1..], ["port 0123abc 6379/tcp", "rm --force --volumes 0123abc"]);
    }

    #[test]
    fn the_password_of_a_database_comes_through_the_environment() {
        let (folder, engine) = engine(5432);
        let offer = postgres(&engine).unwrap();
        let password = offer.url.split([':', '@']).nth(2).unwrap().to_owned();
        assert!(password.len() >= 32, "{password}");
        drop(offer);
        let noted = noted(&folder);
        assert!(noted[0].contains(POSTGRES) && noted[0].contains("--env POSTGRES_PASSWORD "), "{noted:?}");
        assert!(noted.iter().all(|line| !line.contains(&password)), "{noted:?}");
        assert!(noted[2].starts_with("exec 0123abc pg_isready"), "{noted:?}");
        assert_eq!(noted[3..], ["rm --force --volumes 0123abc"]);
    }

    #[test]
    fn what_an_engine_complains_about_is_passed_on() {
        let error = redis(Path::new("/nowhere/engine")).map(drop).unwrap_err();
        assert!(format!("{error:#}").starts_with("cannot run engine run"), "{error:#}");
    }
}
