//! How many pods there may be, and what they may ask of the database together.

use serde_json::Value;

use super::{CONFIG, Findings};
use crate::deploy::WORKLOAD;
use crate::deploy::render::Manifests;

/// With one pod a node that goes away takes the service along; with none, requests and CPU, which are the pods'
/// own figures, cannot wake it.
const MIN_PODS: u64 = 2;
const BUDGET: &str = "myashes.ai/database-connection-budget";

pub fn budget(manifests: &Manifests) -> Findings {
    match check(manifests) {
        Some(findings) => findings,
        None => vec![format!("the ScaledObject, DB_POOL_SIZE or the annotation {BUDGET} is missing")],
    }
}

fn check(manifests: &Manifests) -> Option<Findings> {
    let workload = manifests.find("Deployment", WORKLOAD).ok()?;
    let scaled = manifests.find("ScaledObject", WORKLOAD).ok()?;
    let config = manifests.find("ConfigMap", CONFIG).ok()?;
    let pool = number(&config["data"]["DB_POOL_SIZE"])?;
    let most = number(&scaled["spec"]["maxReplicaCount"])?;
    let least = number(&scaled["spec"]["minReplicaCount"])?;
    let surge = number(&workload["spec"]["strategy"]["rollingUpdate"]["maxSurge"])?;
    let budget = number(&workload["metadata"]["annotations"][BUDGET])?;
    let mut findings = Findings::new();
    if (most + surge) * pool > budget {
        findings.push(format!("({most} + {surge}) pods with {pool} connections each are more than {budget}"));
    }
    if least < MIN_PODS {
        findings.push(format!("minReplicaCount {least}: fewer than {MIN_PODS} pods do not survive a node"));
    }
    if !workload["spec"]["replicas"].is_null() {
        findings.push("the Deployment fixes replicas, which the autoscaler owns".into());
    }
    Some(findings)
}

/// A number, or a text that is one.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
