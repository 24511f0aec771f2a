//! What the controllers of a real cluster would do about Jobs and Deployments, done at once.

use serde_json::{Value, json};

use super::State;

pub fn run(state: &mut State) {
    let paths: Vec<String> = state.objects.keys().cloned().collect();
    for path in paths {
        match state.objects[&path]["kind"].as_str() {
            Some("Job") => job(state, &path),
            Some("Deployment") => deployment(state, &path),
            _ => {}
        }
    }
}

fn job(state: &mut State, path: &str) {
    let job = &state.objects[path];
    if job["status"].is_object() {
        return;
    }
    let name = job["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let mut labels = job["spec"]["template"]["metadata"]["labels"].clone();
    labels["job-name"] = json!(name);
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "spec": job["spec"]["template"]["spec"],
        "metadata": {"name": format!("{name}-pod"), "namespace": job["metadata"]["namespace"], "labels": labels},
    });
    let pods = namespace_of(path).replace("/apis/batch/v1/", "/api/v1/");
    let condition = if state.migration_fails {
        json!({"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"})
    } else {
        json!({"type": "Complete", "status": "True"})
    };
    state.objects.get_mut(path).unwrap()["status"] = json!({"conditions": [condition]});
    state.objects.insert(format!("{pods}/pods/{name}-pod"), pod);
}

/// Each template is a revision with a replica set of its own; the newest one has the pods.
fn deployment(state: &mut State, path: &str) {
    let deployment = state.objects[path].clone();
    let sets = format!("{}/replicasets", namespace_of(path));
    let own: Vec<(String, Value)> = state
        .objects
        .iter()
        .filter(|(path, _)| path.starts_with(&format!("{sets}/")))
        .map(|(path, set)| (path.clone(), set.clone()))
        .collect();
    let newest = own.iter().map(|(_, set)| revision(set)).max().unwrap_or(0);
    let of_template = own.iter().find(|(_, set)| same_template(set, &deployment));
    let current = match of_template {
        Some((_, set)) if revision(set) == newest => newest,
        Some((path, _)) => {
            // Back to an older template: its replica set becomes the newest revision.
            let annotations = &mut state.objects.get_mut(path).unwrap()["metadata"]["annotations"];
            annotations["deployment.kubernetes.io/revision"] = json!((newest + 1).to_string());
            newest + 1
        }
        None => {
            let set = replica_set(&deployment, newest + 1);
            state.objects.insert(format!("{sets}/{}", set["metadata"]["name"].as_str().unwrap()), set);
            newest + 1
        }
    };
    let deployment = state.objects.get_mut(path).unwrap();
    let generation = deployment["metadata"]["generation"].clone();
    deployment["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = json!(current.to_string());
    deployment["status"] = json!({
        "observedGeneration": generation, "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1,
    });
}

fn replica_set(deployment: &Value, revision: i64) -> Value {
    let hash = format!("hash{revision}");
    let mut template = deployment["spec"]["template"].clone();
    template["metadata"]["labels"]["pod-template-hash"] = json!(hash);
    let name = format!("{}-{hash}", deployment["metadata"]["name"].as_str().unwrap_or_default());
    let owner = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "controller": true,
        "name": deployment["metadata"]["name"], "uid": deployment["metadata"]["uid"],
    });
    json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {
            "name": name, "namespace": deployment["metadata"]["namespace"], "uid": name,
            "labels": template["metadata"]["labels"], "ownerReferences": [owner],
            "annotations": {"deployment.kubernetes.io/revision": revision.to_string()},
            "creationTimestamp": "2026-01-01T00:00:00Z",
        },
        "spec": {"replicas": 1, "selector": deployment["spec"]["selector"], "template": template},
        "status": {"replicas": 1},
    })
}

fn same_template(set: &Value, deployment: &Value) -> bool {
    set["spec"]["template"]["spec"] == deployment["spec"]["template"]["spec"]
        && set["spec"]["template"]["metadata"]["annotations"]
            == deployment["spec"]["template"]["metadata"]["annotations"]
}

fn revision(set: &Value) -> i64 {
    let revision = set["metadata"]["annotations"]["deployment.kubernetes.io/revision"].as_str();
    revision.and_then(|revision| revision.parse().ok()).unwrap_or(0)
}

/// The path up to the namespace: without the kind and the name.
fn namespace_of(path: &str) -> &str {
    path.rsplitn(3, '/').last().unwrap_or_default()
}
