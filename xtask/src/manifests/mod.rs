//! `cargo xtask manifests`: what must hold in every rendered overlay, and between the manifests and the platform.

mod beside;
mod facts;
mod pods;
mod release;
mod scaling;

use anyhow::{Result, bail};

use crate::deploy::render::Manifests;
use crate::deploy::values::{OperatorValues, PLACEHOLDER};
use crate::tidy::{Findings, Rule, check};
use facts::ManifestSources;

/// The settings of the service.
const CONFIG: &str = "myashes-backend-config";

const OVERLAYS: [&str; 2] = ["stage", "prod"];

const RULES: [Rule<Manifests>; 12] = [
    ("every image has a digest", release::digests),
    ("one image serves, migrates and seeds", release::one_image),
    ("configuration, migration, workload and scaling come in this order", release::waves),
    ("the migration can run again, and ends in time", release::migration),
    ("no secret is in plain text", release::no_secrets),
    ("everything is in one namespace", release::one_namespace),
    ("every value that kustomize replaces was replaced", release::replaced),
    ("every container has requests and limits", pods::resources),
    ("every pod is confined", pods::confined),
    ("probes ask what they should", pods::probes),
    ("a pod has time to end", pods::grace),
    ("the autoscaler alone counts the pods, within the connection budget", scaling::budget),
];

const PLATFORM_RULES: [Rule<ManifestSources>; 4] = [
    ("every fact of the platform is where it is needed", facts::placed),
    ("placeholders are in operator-values.yaml alone", facts::placeholders),
    ("production shares no object with the older service", beside::nothing_shared),
    ("nothing is cluster-wide but production's own namespace", beside::nothing_cluster_wide),
];

pub fn run() -> Result<()> {
    let mut broken = 0;
    for overlay in OVERLAYS {
        println!("{overlay}:");
        broken += check(&RULES, &Manifests::of_overlay(overlay)?);
    }
    println!("platform:");
    broken += check(&PLATFORM_RULES, &ManifestSources::read()?);
    for overlay in OVERLAYS {
        let values = OperatorValues::of_overlay(overlay)?;
        let unset = values.unset();
        if !unset.is_empty() {
            println!(
                "{}: {PLACEHOLDER} is left in {}; deploy refuses until then",
                values.file,
                unset.join(", ")
            );
        }
    }
    if broken > 0 {
        bail!("{broken} of {} rules do not hold", RULES.len() * OVERLAYS.len() + PLATFORM_RULES.len());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::RULES;
    use crate::deploy::render::Manifests;

    /// A small overlay in which every rule holds.
    fn sound() -> Vec<Value> {
        let image = format!("registry.example/myashes@sha256:{}", "a".repeat(64));
        let container = json!({
            "name": "api", "image": image,
            "resources": {"requests": {"cpu": "1", "memory": "1"}, "limits": {"cpu": "1", "memory": "1"}},
            "securityContext": {
                "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]},
            },
            "startupProbe": {"httpGet": {"path": "/health"}}, "livenessProbe": {"httpGet": {"path": "/health"}},
            "readinessProbe": {"httpGet": {"path": "/ready"}}, "lifecycle": {"preStop": {"sleep": {"seconds": 5}}},
        });
        let pod = json!({
            "enableServiceLinks": false, "automountServiceAccountToken": false, "terminationGracePeriodSeconds": 40,
            "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [container],
        });
        let object = |kind: &str, wave: &str| {
            json!({"kind": kind, "metadata": {
                "name": "myashes-backend", "namespace": "there", "labels": {"app": "myashes-backend"},
                "annotations": {"argocd.argoproj.io/sync-wave": wave},
            }})
        };
        let mut settings = object("ConfigMap", "0");
        settings["metadata"]["name"] = json!("myashes-backend-config");
        settings["data"] = json!({"DB_POOL_SIZE": "10", "SHUTDOWN_GRACE": "30s"});
        let mut job = object("Job", "1");
        job["spec"] = json!({
            "backoffLimit": 3, "activeDeadlineSeconds": 300, "template": {"spec": pod},
        });
        job["metadata"]["annotations"]["argocd.argoproj.io/hook"] = json!("Sync");
        job["metadata"]["annotations"]["argocd.argoproj.io/hook-delete-policy"] = json!("BeforeHookCreation");
        let mut deployment = object("Deployment", "2");
        deployment["metadata"]["annotations"]["myashes.ai/database-connection-budget"] = json!("110");
        deployment["spec"] =
            json!({"strategy": {"rollingUpdate": {"maxSurge": 1}}, "template": {"spec": pod}});
        let mut scaled = object("ScaledObject", "3");
        scaled["spec"] = json!({"minReplicaCount": 2, "maxReplicaCount": 10});
        vec![settings, job, deployment, scaled]
    }

    /// The rules that do not hold.
    fn broken(objects: Vec<Value>) -> Vec<&'static str> {
        let manifests = Manifests(objects);
        RULES.iter().filter(|(_, rule)| !rule(&manifests).is_empty()).map(|(name, _)| *name).collect()
    }

    /// The rules that do not hold once one place has another value.
    fn broken_with(index: usize, pointer: &str, value: Value) -> Vec<&'static str> {
        let mut objects = sound();
        *objects[index].pointer_mut(pointer).unwrap() = value;
        broken(objects)
    }

    const CONTAINER: &str = "/spec/template/spec/containers/0";

    #[test]
    fn a_sound_overlay_passes() {
        assert_eq!(broken(sound()), [""; 0]);
    }

    #[test]
    fn a_tag_is_found_and_so_is_a_second_image() {
        let found = broken_with(1, &format!("{CONTAINER}/image"), json!("registry.example/myashes:v1"));
        assert_eq!(found, ["every image has a digest", "one image serves, migrates and seeds"]);
    }

    #[test]
    fn a_migration_that_comes_too_late_or_cannot_run_again_is_found() {
        let late = broken_with(1, "/metadata/annotations/argocd.argoproj.io~1sync-wave", json!("2"));
        assert_eq!(late, ["configuration, migration, workload and scaling come in this order"]);
        let once = broken_with(
            1,
            "/metadata/annotations/argocd.argoproj.io~1hook-delete-policy",
            json!("HookFailed"),
        );
        assert_eq!(once, ["the migration can run again, and ends in time"]);
    }

    #[test]
    fn a_plain_secret_is_found() {
        let mut objects = sound();
        objects.push(json!({"kind": "Secret", "metadata": {"name": "database", "namespace": "there"}}));
        assert_eq!(broken(objects), ["no secret is in plain text"]);
    }

    #[test]
    fn a_value_that_nothing_replaced_is_found() {
        let mut objects = sound();
        objects[0]["data"]["TRUSTED_PROXIES"] = json!("REPLACED");
        assert_eq!(broken(objects), ["every value that kustomize replaces was replaced"]);
    }

    #[test]
    fn an_object_of_another_namespace_is_found() {
        assert_eq!(
            broken_with(0, "/metadata/namespace", json!("elsewhere")),
            ["everything is in one namespace"]
        );
    }

    #[test]
    fn a_container_without_a_limit_is_found() {
        let found = broken_with(2, &format!("{CONTAINER}/resources/limits"), json!({"cpu": "1"}));
        assert_eq!(found, ["every container has requests and limits"]);
    }

    #[test]
    fn every_loosened_confinement_is_found() {
        let loosened = [
            ("/spec/template/spec/enableServiceLinks".to_owned(), json!(true)),
            ("/spec/template/spec/securityContext/runAsNonRoot".to_owned(), json!(false)),
            (format!("{CONTAINER}/securityContext/allowPrivilegeEscalation"), json!(true)),
            (format!("{CONTAINER}/securityContext/capabilities/drop"), json!([])),
        ];
        for (pointer, value) in loosened {
            assert_eq!(broken_with(1, &pointer, value), ["every pod is confined"], "{pointer}");
        }
    }

    #[test]
    fn a_liveness_probe_that_depends_on_the_database_is_found() {
        let found = broken_with(2, &format!("{CONTAINER}/livenessProbe/httpGet/path"), json!("/ready"));
        assert_eq!(found, ["probes ask what they should"]);
    }

    #[test]
    fn a_grace_shorter_than_the_shutdown_is_found() {
        let found = broken_with(2, "/spec/template/spec/terminationGracePeriodSeconds", json!(39));
        assert_eq!(found, ["a pod has time to end"]);
    }

    #[test]
    fn more_connections_than_the_budget_are_found_and_so_is_a_fixed_number_of_pods() {
        let rule = ["the autoscaler alone counts the pods, within the connection budget"];
        assert_eq!(broken_with(3, "/spec/maxReplicaCount", json!(11)), rule);
        for too_few in [0, 1] {
            assert_eq!(broken_with(3, "/spec/minReplicaCount", json!(too_few)), rule);
        }
        let mut objects = sound();
        objects[2]["spec"]["replicas"] = json!(3);
        assert_eq!(broken(objects), rule);
    }
}
