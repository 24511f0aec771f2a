//! The floor for hot reads: a bare actix-web server that answers the same bytes from memory.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::client::BenchClient;
use super::service::Service;
use super::stage::{BenchEnvironment, folder};

/// What actix-web adds by itself.
const ADDED: [&str; 3] = ["content-length", "date", "connection"];

/// Where builds are asked for, of the service and of the bare server.
pub const BUILDS: &str = "/api/v1/builds/";

/// Starts it with the answers that the service gives for these builds below some path, and with as many workers. It
/// gives them below [`BUILDS`].
pub fn start(stage: &BenchEnvironment, service: &Service, below: &str, ids: &[String]) -> Result<Service> {
    let mut client = BenchClient::connect(service.port)?;
    let answers = ids.iter().map(|id| answer(&mut client, below, id)).collect::<Result<Vec<Value>>>()?;
    let file = folder().join("answers.json");
    fs::write(&file, serde_json::to_string(&answers)?).context("cannot write target/bench/answers.json")?;
    let mut command = Command::new(&stage.programs.bare);
    command.arg(&file).arg(service.workers()?.to_string());
    Service::launch(command, &format!("{BUILDS}{}", ids[0]), "bare.log")
}

fn answer(client: &mut BenchClient, below: &str, id: &str) -> Result<Value> {
    let answer = client.get(&format!("{below}{id}"))?;
    ensure!(answer.status == 200, "GET {below}{id}: {}", answer.status);
    let kept: Vec<_> =
        answer.headers.into_iter().filter(|(name, _)| !ADDED.contains(&name.as_str())).collect();
    let body = String::from_utf8(answer.body).context("an answer that is no text")?;
    Ok(json!({ "id": id, "headers": kept, "body": body }))
}
