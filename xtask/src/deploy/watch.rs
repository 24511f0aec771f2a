//! Waiting for the cluster: the migration Job to its end, the Deployment until its new pods serve.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::WORKLOAD;
use super::cluster::Cluster;
use crate::interrupts;

/// Between two looks: short enough that a failure is seen at once.
const LOOK: Duration = Duration::from_millis(500);

/// What an object's status says.
#[derive(Debug, PartialEq, Eq)]
enum Progress {
    Done,
    Failed(String),
    Going(String),
}

/// Waits for the Job; when it fails, its logs are part of what is shown.
pub fn job(cluster: &Cluster, name: &str, timeout: Duration) -> Result<()> {
    let outcome = until_done(timeout, &format!("Job/{name}"), || {
        let job = cluster.get("job", name)?.with_context(|| format!("the Job {name} was deleted"))?;
        Ok(of_job(&job))
    });
    if outcome.is_err() && !interrupts::seen() {
        println!("-- logs of Job/{name}");
        let selector = format!("job-name={name}");
        // The outcome is what counts; logs may be missing when no pod could start.
        let _ =
            cluster.show(&["logs", "--selector", &selector, "--all-containers", "--prefix", "--tail=200"]);
        print_waiting(cluster, &selector);
    }
    outcome
}

/// Waits until every pod of the Deployment is of the newest revision and available.
pub fn rollout(cluster: &Cluster, timeout: Duration) -> Result<()> {
    let outcome = until_done(timeout, &format!("Deployment/{WORKLOAD}"), || {
        let deployment = cluster.get("deployment", WORKLOAD)?.context("the Deployment was deleted")?;
        Ok(of_deployment(&deployment))
    });
    if outcome.is_err() && !interrupts::seen() {
        print_waiting(cluster, &format!("app={WORKLOAD}"));
    }
    outcome
}

fn until_done(timeout: Duration, title: &str, look: impl Fn() -> Result<Progress>) -> Result<()> {
    let begun = Instant::now();
    let mut said = String::new();
    loop {
        match look()? {
            Progress::Done => {
                println!("{title}: done after {} s", begun.elapsed().as_secs());
                return Ok(());
            }
            Progress::Failed(why) => bail!("{title} failed: {why}"),
            Progress::Going(now) => {
                if now != said {
                    println!("{title}: {now}");
                }
                if begun.elapsed() > timeout {
                    bail!("{title} is not done after {} s: {now}", timeout.as_secs());
                }
                said = now;
            }
        }
        interrupts::check()?;
        pause();
    }
}

#[expect(clippy::disallowed_methods, reason = "a look at the cluster every half second is the wait itself")]
fn pause() {
    std::thread::sleep(LOOK);
}

fn of_job(job: &Value) -> Progress {
    if condition(job, "Complete").is_some() {
        return Progress::Done;
    }
    // The controller sets FailureTarget as soon as the outcome is certain, and Failed once the pods have ended.
    for kind in ["Failed", "FailureTarget"] {
        if let Some(failed) = condition(job, kind) {
            return Progress::Failed(reason(failed));
        }
    }
    let count = |key: &str| job["status"][key].as_i64().unwrap_or(0);
    Progress::Going(format!("{} active, {} failed pods", count("active"), count("failed")))
}

fn of_deployment(deployment: &Value) -> Progress {
    let status = |key: &str| deployment["status"][key].as_i64().unwrap_or(0);
    if status("observedGeneration") < deployment["metadata"]["generation"].as_i64().unwrap_or(0) {
        return Progress::Going("waiting for the controller".into());
    }
    let progressing = deployment["status"]["conditions"].as_array().into_iter().flatten();
    let stuck = |condition: &&Value| condition["reason"] == "ProgressDeadlineExceeded";
    if let Some(stuck) = progressing.filter(|condition| condition["type"] == "Progressing").find(stuck) {
        return Progress::Failed(reason(stuck));
    }
    let wanted = deployment["spec"]["replicas"].as_i64().unwrap_or(1);
    let (updated, available, all) =
        (status("updatedReplicas"), status("availableReplicas"), status("replicas"));
    if updated == wanted && available == wanted && all == wanted {
        return Progress::Done;
    }
    Progress::Going(format!("{updated} of {wanted} updated, {available} available, {all} in all"))
}

fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    let conditions = object["status"]["conditions"].as_array()?;
    conditions.iter().find(|condition| condition["type"] == kind && condition["status"] == "True")
}

fn reason(condition: &Value) -> String {
    let part = |key: &str| condition[key].as_str().unwrap_or_default();
    format!("{} {}", part("reason"), part("message")).trim().to_owned()
}

/// Why containers do not start, such as an image that cannot be pulled.
fn print_waiting(cluster: &Cluster, selector: &str) {
    for pod in cluster.list("pods", selector).unwrap_or_default() {
        for list in ["initContainerStatuses", "containerStatuses"] {
            for status in pod["status"][list].as_array().into_iter().flatten() {
                let waiting = &status["state"]["waiting"];
                if waiting.is_object() && waiting["reason"] != "PodInitializing" {
                    let name = pod["metadata"]["name"].as_str().unwrap_or_default();
                    println!(
                        "-- {name}, container {}: {}",
                        status["name"].as_str().unwrap_or_default(),
                        reason(waiting)
                    );
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Progress, of_deployment, of_job};

    #[test]
    fn a_job_has_failed_as_soon_as_its_outcome_is_certain() {
        let condition = json!({"type": "FailureTarget", "status": "True", "reason": "BackoffLimitExceeded"});
        let job = json!({"status": {"active": 1, "conditions": [condition]}});
        assert_eq!(of_job(&job), Progress::Failed("BackoffLimitExceeded".into()));
    }

    #[test]
    fn a_job_without_conditions_goes_on() {
        assert!(matches!(of_job(&json!({"status": {"active": 1}})), Progress::Going(_)));
    }

    #[test]
    fn a_status_of_the_generation_before_says_nothing_about_this_one() {
        let deployment = json!({
            "metadata": {"generation": 3}, "spec": {"replicas": 1},
            "status": {"observedGeneration": 2, "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}
        });
        assert!(matches!(of_deployment(&deployment), Progress::Going(_)));
    }

    #[test]
    fn old_pods_that_still_run_keep_a_rollout_going() {
        let with = |all: i64| {
            json!({
                "metadata": {"generation": 3}, "spec": {"replicas": 2},
                "status": {"observedGeneration": 3, "replicas": all, "updatedReplicas": 2, "availableReplicas": 2}
            })
        };
        assert!(matches!(of_deployment(&with(3)), Progress::Going(_)));
        assert_eq!(of_deployment(&with(2)), Progress::Done);
    }

    #[test]
    fn a_rollout_past_its_deadline_has_failed() {
        let condition =
            json!({"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"});
        let deployment = json!({"status": {"conditions": [condition]}});
        assert!(matches!(of_deployment(&deployment), Progress::Failed(_)));
    }
}
