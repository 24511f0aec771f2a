//! Which alerts of `deploy/monitoring` an incident fires. The rules are evaluated by Prometheus' own `promtool` on
//! what the service exported, so that a metric or a label that is renamed on one side alone is found.
//!
//! An incident of a test takes seconds, and an alert waits for minutes. Each phase is therefore replayed as half an
//! hour of the same: gauges keep the value of its end, counters grow at the rate at which they grew.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use myashes_api::settings::Settings;
use myashes_testkit::skip_without;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::service::Service;

/// Length of a replayed phase, and of the steps in it: longer than any alert of an incident waits.
const MINUTES: usize = 30;

/// A part of an incident.
pub struct Phase {
    /// Values when it began and when it ended, by series.
    series: BTreeMap<String, (Option<f64>, f64)>,
    /// Those that only grow.
    counters: BTreeSet<String>,
    seconds: f64,
}

impl Phase {
    /// Runs it, and reads the metrics of these services before and after.
    pub async fn run(services: &[&Service], events: impl Future<Output = ()>) -> Self {
        Self::between(scrape_all(services).await, events, scrape_all(services)).await
    }

    /// Runs it, and ends it with the metrics that have this line: a moment later they may lack it again.
    pub async fn run_until(service: &Service, line: &str, events: impl Future<Output = ()>) -> Self {
        let last = async {
            let mut scrape = Scrape::default();
            scrape.read(service, &service.shows(line).await);
            scrape
        };
        Self::between(scrape_all(&[service]).await, events, last).await
    }

    async fn between(
        first: Scrape,
        events: impl Future<Output = ()>,
        last: impl Future<Output = Scrape>,
    ) -> Self {
        let began = Instant::now();
        events.await;
        let Scrape { values, counters } = last.await;
        let seconds = began.elapsed().as_secs_f64();
        let series = values.into_iter().map(|(name, last)| {
            let before = first.values.get(&name).copied();
            (name, (before, last))
        });
        Self { series: series.collect(), counters, seconds }
    }

    /// The values of a series for each minute, given the last one of the phase before.
    fn replay(&self, series: &str, last: Option<f64>) -> Vec<Option<f64>> {
        let Some((before, after)) = self.series.get(series) else { return vec![None; MINUTES] };
        if !self.counters.contains(series) {
            return vec![Some(*after); MINUTES];
        }
        let growth = (after - before.unwrap_or(0.0)) / self.seconds * 60.0;
        let start = last.or(*before).unwrap_or(0.0);
        (1..=MINUTES).map(|minute| Some(start + growth * minute as f64)).collect()
    }
}

/// That each of these alerts fires in `incident`, and neither before nor after it.
pub fn assert_fired(alerts: &[&str], before: &Phase, incident: &Phase, after: &Phase) {
    let Some(promtool) = promtool() else { return };
    let phases = [before, incident, after];
    let names: BTreeSet<&String> = phases.iter().flat_map(|phase| phase.series.keys()).collect();
    let series: Vec<Value> = names.into_iter().map(|name| replay_all(name, phases)).collect();
    let named = alerts.join("|");
    let firing = format!("group by (alertname) (ALERTS{{alertstate=\"firing\",alertname=~\"{named}\"}})");
    let all: Vec<Value> = alerts
        .iter()
        .map(|name| json!({"labels": format!("{{alertname=\"{name}\"}}"), "value": 1}))
        .collect();
    let at = |phase: usize, expected: &[Value]| {
        let minute = format!("{}m", (phase + 1) * MINUTES - 1);
        json!({"expr": firing, "eval_time": minute, "exp_samples": expected})
    };
    let test = json!({
        "rule_files": [monitoring("rules.yaml")],
        "evaluation_interval": "1m",
        "tests": [{
            "interval": "1m",
            "input_series": series,
            "promql_expr_test": [at(0, &[]), at(1, &all), at(2, &[])],
        }],
    });
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("incident.json");
    std::fs::write(&file, test.to_string()).expect("a file");
    let output = Command::new(promtool).args(["test", "rules"]).arg(file).output().expect("promtool runs");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{alerts:?} must fire in the incident alone:\n{said}");
}

/// The series in promtool's notation; `_` stands for no value.
fn replay_all(name: &str, phases: [&Phase; 3]) -> Value {
    let mut values: Vec<Option<f64>> = vec![];
    for phase in phases {
        values.extend(phase.replay(name, values.last().copied().flatten()));
    }
    let words: Vec<String> =
        values.iter().map(|value| value.map_or_else(|| "_".to_owned(), |it| it.to_string())).collect();
    json!({"series": name, "values": words.join(" ")})
}

#[derive(Default)]
struct Scrape {
    values: BTreeMap<String, f64>,
    counters: BTreeSet<String>,
}

async fn scrape_all(services: &[&Service]) -> Scrape {
    let mut all = Scrape::default();
    for service in services {
        all.read(service, &service.metrics().await);
    }
    all
}

impl Scrape {
    /// Reads Prometheus' text format, and adds the labels that a scrape adds.
    fn read(&mut self, service: &Service, text: &str) {
        let pod = service.port.to_string();
        let labels = format!("job=\"myashes-backend\",namespace=\"prod\",pod=\"{pod}\"");
        self.values.insert(format!("up{{{labels}}}"), 1.0);
        // A histogram's series follow its type, and all of them grow.
        let mut grows = false;
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some(comment) = line.strip_prefix('#') {
                if let Some(kind) = comment.trim().strip_prefix("TYPE ") {
                    grows = kind.ends_with(" counter") || kind.ends_with(" histogram");
                }
                continue;
            }
            let (series, value) = line.rsplit_once(' ').expect("a series and its value");
            let series = match series.split_once('{') {
                Some((name, own)) => format!("{name}{{{labels},{own}"),
                None => format!("{series}{{{labels}}}"),
            };
            if grows {
                self.counters.insert(series.clone());
            }
            self.values.insert(series, value.parse().expect("a number"));
        }
    }
}

fn monitoring(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/monitoring").join(file)
}

/// In `PATH`, else where `deploy/tools/check.sh` puts it.
fn promtool() -> Option<PathBuf> {
    let environment = Settings::environment().unwrap();
    let tools = environment
        .get("MYASHES_TOOLS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools"), PathBuf::from);
    let path = environment.get("PATH").map(String::as_str).unwrap_or_default();
    let folders = path.split(':').map(PathBuf::from).chain([tools.join("debian/usr/bin")]);
    let found = folders.map(|folder| folder.join("promtool")).find(|file| file.is_file());
    found.or_else(|| skip_without("promtool (of Debian's package prometheus)"))
}
