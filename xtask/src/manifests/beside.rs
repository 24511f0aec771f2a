//! Production beside the older service: no object in common, and nothing that reaches beyond its namespaces.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Findings;
use super::facts::{FILE, ManifestSources};
use crate::deploy::render::title;

const NAMESPACE: &str = "Namespace";

pub fn nothing_shared(sources: &ManifestSources) -> Findings {
    let live = live(&sources.facts);
    if live.is_empty() {
        return vec![format!("{FILE} lists no object of the older service")];
    }
    let shared = sources.applied().filter(|object| live.contains(&key(object)));
    shared.map(|object| format!("{} is the older service's", shown(&key(object)))).collect()
}

/// All is in a namespace, but for the one Namespace that the overlay makes for itself.
pub fn nothing_cluster_wide(sources: &ManifestSources) -> Findings {
    let own = sources.production().namespace().unwrap_or_default();
    let wide = sources.applied().filter(|object| {
        let has_namespace = object["metadata"]["namespace"].is_string();
        let is_own = object["kind"] == NAMESPACE && object["metadata"]["name"] == own;
        !has_namespace && !is_own
    });
    wide.map(|object| format!("{} belongs to no namespace", title(object))).collect()
}

/// Kind, namespace and name.
type Key = (String, String, String);

fn live(facts: &Value) -> BTreeSet<Key> {
    let service = &facts["older_service"];
    let namespace = service["namespace"].as_str().unwrap_or_default();
    let objects = service["objects"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let named = objects.filter_map(|object| object.split_once('/'));
    let inside = named.map(|(kind, name)| (kind.to_owned(), namespace.to_owned(), name.to_owned()));
    let mut live: BTreeSet<Key> = inside.collect();
    if !live.is_empty() {
        live.insert((NAMESPACE.to_owned(), String::new(), namespace.to_owned()));
        // What the platform itself runs.
        let text =
            |pointer: &str| facts.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let database = text("/database/host");
        let cluster = database.split('.').next().unwrap_or_default().trim_end_matches("-rw");
        live.insert(("Cluster".to_owned(), text("/database/namespace"), cluster.to_owned()));
        live.insert(("Database".to_owned(), text("/database/namespace"), text("/database/name")));
        for namespace in ["/database/namespace", "/cache/namespace", "/identity/namespace"] {
            live.insert((NAMESPACE.to_owned(), String::new(), text(namespace)));
        }
    }
    live
}

fn key(object: &Value) -> Key {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    // A sealed secret becomes a Secret of its name.
    let kind = if object["kind"] == "SealedSecret" { "Secret".to_owned() } else { text("/kind") };
    (kind, text("/metadata/namespace"), text("/metadata/name"))
}

fn shown((kind, namespace, name): &Key) -> String {
    if namespace.is_empty() { format!("{kind}/{name}") } else { format!("{kind}/{name} of {namespace}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{key, live};

    fn facts() -> serde_json::Value {
        json!({
            "older_service": {"namespace": "old", "objects": ["Deployment/api", "Secret/registry"]},
            "database": {"namespace": "data", "host": "postgres-rw.data.svc", "name": "app"},
            "cache": {"namespace": "data"}, "identity": {"namespace": "players"},
        })
    }

    #[test]
    fn an_object_of_the_older_service_is_known_in_its_namespace_alone() {
        let live = live(&facts());
        let object = |kind: &str, namespace: &str, name: &str| {
            key(&json!({"kind": kind, "metadata": {"namespace": namespace, "name": name}}))
        };
        assert!(live.contains(&object("Deployment", "old", "api")));
        assert!(live.contains(&object("SealedSecret", "old", "registry")));
        assert!(!live.contains(&object("Deployment", "new", "api")));
    }

    #[test]
    fn what_the_platform_runs_is_known_too() {
        let live = live(&facts());
        for (kind, namespace, name) in
            [("Cluster", "data", "postgres"), ("Database", "data", "app"), ("Namespace", "", "old")]
        {
            assert!(live.contains(&(kind.into(), namespace.into(), name.into())), "{kind}");
        }
    }
}
