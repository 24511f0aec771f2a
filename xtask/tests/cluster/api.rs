//! What the API answers: which kinds there are, and the objects themselves.

use serde_json::{Value, json};

use super::super::stand_in::{Request, Response};
use super::State;
use super::controllers;

/// Plural, kind, whether it lies in a namespace.
type Resource = (&'static str, &'static str, bool);

/// Group and version, and the resources in it.
const GROUPS: [(&str, &[Resource]); 10] = [
    (
        "v1",
        &[
            ("namespaces", "Namespace", false),
            ("configmaps", "ConfigMap", true),
            ("services", "Service", true),
            ("serviceaccounts", "ServiceAccount", true),
            ("pods", "Pod", true),
        ],
    ),
    ("apps/v1", &[("deployments", "Deployment", true), ("replicasets", "ReplicaSet", true)]),
    ("batch/v1", &[("jobs", "Job", true)]),
    ("discovery.k8s.io/v1", &[("endpointslices", "EndpointSlice", true)]),
    ("networking.k8s.io/v1", &[("networkpolicies", "NetworkPolicy", true), ("ingresses", "Ingress", true)]),
    ("policy/v1", &[("poddisruptionbudgets", "PodDisruptionBudget", true)]),
    ("keda.sh/v1alpha1", &[("scaledobjects", "ScaledObject", true)]),
    (
        "monitoring.coreos.com/v1",
        &[("podmonitors", "PodMonitor", true), ("prometheusrules", "PrometheusRule", true)],
    ),
    ("postgresql.cnpg.io/v1", &[("clusters", "Cluster", true)]),
    ("bitnami.com/v1alpha1", &[("sealedsecrets", "SealedSecret", true)]),
];

pub fn answer(request: &Request, state: &mut State) -> Response {
    state.requests += 1;
    if let Some(discovered) = discovery(request.route()) {
        return Response::json(200, discovered);
    }
    if let Some(pod) = request.route().strip_suffix("/log") {
        let known = state.objects.contains_key(pod);
        let container = request.parameter("container").unwrap_or_default();
        let log = format!("{container}: relation builds is locked\n");
        let headers = vec![("Content-Type".to_owned(), "text/plain".to_owned())];
        return if known { Response { status: 200, headers, body: log } } else { not_found() };
    }
    match request.method.as_str() {
        "GET" => get(request, state),
        "PATCH" => patch(request, state),
        "DELETE" => delete(request, state),
        _ => Response::json(405, status(405, "MethodNotAllowed")),
    }
}

fn discovery(path: &str) -> Option<Value> {
    let resources = |version: &str, list: &[Resource]| {
        let resource = |(plural, kind, namespaced): &Resource| {
            let verbs = ["get", "list", "watch", "patch", "create", "delete"];
            json!({"name": plural, "singularName": "", "kind": kind, "namespaced": namespaced, "verbs": verbs})
        };
        let list: Vec<Value> = list.iter().map(resource).collect();
        json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": list})
    };
    let group = |version: &str| {
        let (name, short) = version.split_once('/')?;
        let version = json!({"groupVersion": version, "version": short});
        Some(json!({"name": name, "versions": [version], "preferredVersion": version}))
    };
    match path {
        "/version" => Some(json!({"major": "1", "minor": "32", "gitVersion": "v1.32.0"})),
        "/api" => Some(json!({"kind": "APIVersions", "versions": ["v1"]})),
        "/apis" => {
            let groups: Vec<Value> = GROUPS.iter().filter_map(|(version, _)| group(version)).collect();
            Some(json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}))
        }
        "/openapi/v3" => {
            let document = |version: &str| {
                let place =
                    if version.contains('/') { format!("apis/{version}") } else { format!("api/{version}") };
                (place.clone(), json!({"serverRelativeURL": format!("/openapi/v3/{place}")}))
            };
            let paths: serde_json::Map<_, _> = GROUPS.iter().map(|(version, _)| document(version)).collect();
            Some(json!({"paths": paths}))
        }
        _ => {
            let schema = path.strip_prefix("/openapi/v3");
            let place = schema.unwrap_or(path);
            let version = place.strip_prefix("/apis/").or_else(|| place.strip_prefix("/api/"))?;
            let (_, list) = GROUPS.iter().find(|(known, _)| *known == version)?;
            Some(if schema.is_some() { validation(version, list) } else { resources(version, list) })
        }
    }
}

/// All that `kubectl` looks for in the schema: that the server itself finds unknown fields.
fn validation(version: &str, list: &[Resource]) -> Value {
    let (group, short) = version.split_once('/').unwrap_or(("", version));
    let path = |(plural, kind, _): &Resource| {
        let patch = json!({
            "parameters": [{"name": "fieldValidation", "in": "query"}], "responses": {},
            "x-kubernetes-group-version-kind": {"group": group, "version": short, "kind": kind},
        });
        (format!("/{version}/{plural}/{{name}}"), json!({"patch": patch}))
    };
    let paths: serde_json::Map<_, _> = list.iter().map(path).collect();
    json!({"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "v1.32.0"}, "paths": paths})
}

fn get(request: &Request, state: &mut State) -> Response {
    controllers::run(state);
    let path = request.route();
    if let Some(object) = state.objects.get(path) {
        return Response::json(200, object.clone());
    }
    let plural = path.rsplit('/').next().unwrap_or_default();
    let kinds = GROUPS.iter().flat_map(|(_, list)| list.iter());
    let Some((_, kind, _)) = kinds.into_iter().find(|(name, _, _)| *name == plural) else {
        return not_found();
    };
    let prefix = format!("{path}/");
    let selector = request.parameter("labelSelector").unwrap_or_default();
    let field = request.parameter("fieldSelector").unwrap_or_default();
    let below = state.objects.iter().filter(|(path, _)| path.starts_with(&prefix)).map(|(_, object)| object);
    let items: Vec<&Value> =
        below.filter(|object| has_labels(object, &selector) && has_name(object, &field)).collect();
    let version = path.split("/namespaces").next().unwrap_or_default();
    let version = version.trim_start_matches("/apis/").trim_start_matches("/api/");
    let list = json!({
        "kind": format!("{kind}List"), "apiVersion": version, "metadata": {"resourceVersion": "1"}, "items": items,
    });
    Response::json(200, list)
}

fn patch(request: &Request, state: &mut State) -> Response {
    let path = request.route();
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let before = state.objects.get(path).cloned();
    let mut object = match (request.header("content-type").unwrap_or_default(), before) {
        ("application/apply-patch+yaml", before) => {
            let mut object = body;
            object["metadata"]["generation"] = json!(generation(before.as_ref()) + 1);
            // To apply is to say what is wanted; what became of it stays.
            if let Some(status) = before.and_then(|before| before.get("status").cloned()) {
                object["status"] = status;
            }
            object
        }
        (_, None) => return not_found(),
        ("application/json-patch+json", Some(mut object)) => {
            for step in body.as_array().into_iter().flatten() {
                let pointer = step["path"].as_str().unwrap_or_default();
                if let Some(place) = object.pointer_mut(pointer) {
                    *place = step["value"].clone();
                }
            }
            object["metadata"]["generation"] = json!(generation(Some(&object)) + 1);
            object
        }
        (_, Some(mut object)) => {
            merge(&mut object, &body);
            object["metadata"]["generation"] = json!(generation(Some(&object)) + 1);
            object
        }
    };
    object["metadata"]["uid"] = json!(format!("uid-of-{path}"));
    object["metadata"]["resourceVersion"] = object["metadata"]["generation"].to_string().into();
    object["metadata"]["creationTimestamp"] = json!("2026-01-01T00:00:00Z");
    if request.parameter("dryRun").is_none() {
        state.changes.push(format!("PATCH {}", title(&object)));
        state.objects.insert(path.to_owned(), object.clone());
        controllers::run(state);
    }
    Response::json(200, object)
}

fn delete(request: &Request, state: &mut State) -> Response {
    let Some(object) = state.objects.remove(request.route()) else { return not_found() };
    state.changes.push(format!("DELETE {}", title(&object)));
    Response::json(200, json!({"kind": "Status", "apiVersion": "v1", "status": "Success"}))
}

fn has_labels(object: &Value, selector: &str) -> bool {
    let mut wanted = selector.split(',').filter_map(|pair| pair.split_once('='));
    wanted.all(|(key, value)| object["metadata"]["labels"][key] == value)
}

fn has_name(object: &Value, selector: &str) -> bool {
    selector.strip_prefix("metadata.name=").is_none_or(|name| object["metadata"]["name"] == name)
}

fn generation(object: Option<&Value>) -> i64 {
    object.and_then(|object| object["metadata"]["generation"].as_i64()).unwrap_or(0)
}

/// Objects are merged key by key; everything else, lists too, is replaced.
fn merge(object: &mut Value, patch: &Value) {
    let Some(patch) = patch.as_object() else {
        *object = patch.clone();
        return;
    };
    for (key, value) in patch {
        if value.is_object() && object[key].is_object() {
            merge(&mut object[key], value);
        } else {
            object[key] = value.clone();
        }
    }
}

fn title(object: &Value) -> String {
    let part = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!("{}/{}", part(&object["kind"]), part(&object["metadata"]["name"]))
}

fn not_found() -> Response {
    Response::json(404, status(404, "NotFound"))
}

fn status(code: u16, reason: &str) -> Value {
    json!({
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code, "message": reason,
    })
}
