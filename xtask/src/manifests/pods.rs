//! What every pod promises to its cluster.

use serde_json::Value;

use super::{CONFIG, Findings};
use crate::deploy::WORKLOAD;
use crate::deploy::render::{Manifests, containers, title};

/// What is left between the end of the service's own grace and the kill.
const MARGIN: u64 = 5;

pub fn resources(manifests: &Manifests) -> Findings {
    let missing = each_container(manifests).filter(|(_, container)| {
        let set = |kind: &str, what: &str| container["resources"][kind][what].is_string();
        !["requests", "limits"].iter().all(|kind| set(kind, "cpu") && set(kind, "memory"))
    });
    missing.map(|(object, container)| format!("{}: {}", title(object), container["name"])).collect()
}

/// The profile `restricted` of Pod Security, and what goes beyond it at no cost.
pub fn confined(manifests: &Manifests) -> Findings {
    let mut findings = Findings::new();
    for object in manifests.0.iter().filter(|object| containers(object).next().is_some()) {
        let pod = &object["spec"]["template"]["spec"];
        let wanted = [
            ("enableServiceLinks is not false", pod["enableServiceLinks"] == false),
            ("a token of the API is mounted", pod["automountServiceAccountToken"] == false),
            ("it may run as root", pod["securityContext"]["runAsNonRoot"] == true),
            (
                "it has no seccomp profile",
                pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault",
            ),
        ];
        findings.extend(faults(object, "the pod", &wanted));
        for container in containers(object) {
            let context = &container["securityContext"];
            let wanted = [
                ("it may gain privileges", context["allowPrivilegeEscalation"] == false),
                ("its root can be written", context["readOnlyRootFilesystem"] == true),
                ("it keeps capabilities", context["capabilities"]["drop"] == serde_json::json!(["ALL"])),
            ];
            findings.extend(faults(object, container["name"].as_str().unwrap_or_default(), &wanted));
        }
    }
    findings
}

/// Liveness must not depend on a database: when that is away, no restart brings it back.
pub fn probes(manifests: &Manifests) -> Findings {
    let Ok(workload) = manifests.find("Deployment", WORKLOAD) else {
        return vec!["there is no workload".into()];
    };
    let wanted = [("startupProbe", "/health"), ("livenessProbe", "/health"), ("readinessProbe", "/ready")];
    let wrong = containers(workload).flat_map(|container| {
        let asks = move |probe: &str| &container[probe]["httpGet"]["path"];
        wanted.iter().filter(move |(probe, path)| asks(probe) != path)
    });
    wrong.map(|(probe, path)| format!("{}: the {probe} does not ask {path}", title(workload))).collect()
}

pub fn grace(manifests: &Manifests) -> Findings {
    let Ok(workload) = manifests.find("Deployment", WORKLOAD) else {
        return vec!["there is no workload".into()];
    };
    let given = workload.pointer("/spec/template/spec/terminationGracePeriodSeconds").and_then(Value::as_u64);
    let sleeps = containers(workload).filter_map(|c| c.pointer("/lifecycle/preStop/sleep/seconds")?.as_u64());
    let (Some(given), Some(sleep), Some(own)) = (given, sleeps.max(), shutdown_grace(manifests)) else {
        return vec!["the grace, the preStop sleep or SHUTDOWN_GRACE in seconds is missing".into()];
    };
    if given >= sleep + own + MARGIN {
        return Vec::new();
    }
    vec![format!("{given} s are less than {sleep} s of sleep, {own} s of SHUTDOWN_GRACE and {MARGIN} s")]
}

/// In seconds; written `30` or `30s`.
fn shutdown_grace(manifests: &Manifests) -> Option<u64> {
    let config = manifests.find("ConfigMap", CONFIG).ok()?;
    config["data"]["SHUTDOWN_GRACE"].as_str()?.trim_end_matches('s').parse().ok()
}

fn each_container(manifests: &Manifests) -> impl Iterator<Item = (&Value, &Value)> {
    manifests.0.iter().flat_map(|object| containers(object).map(move |container| (object, container)))
}

fn faults(object: &Value, part: &str, wanted: &[(&str, bool)]) -> Findings {
    let broken = wanted.iter().filter(|(_, holds)| !holds);
    broken.map(|(fault, _)| format!("{}, {part}: {fault}", title(object))).collect()
}
