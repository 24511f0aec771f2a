//! What a release is made of: images, order, migration, and no secrets.

use serde_json::Value;

use super::{CONFIG, Findings};
use crate::deploy::WORKLOAD;
use crate::deploy::render::{Manifests, containers, title, wave};

/// Kinds that others wait for, or their objects of one name, and their waves; whatever is not named may come in any.
const WAVES: [(&str, Option<&str>, i64); 6] = [
    ("Namespace", None, 0),
    ("SealedSecret", None, 0),
    ("ConfigMap", Some(CONFIG), 0),
    ("Job", None, 1),
    ("Deployment", Some(WORKLOAD), 2),
    ("ScaledObject", None, 3),
];

pub fn digests(manifests: &Manifests) -> Findings {
    let images = manifests.0.iter().flat_map(|object| {
        let own = containers(object).map(|container| &container["image"]);
        // A database of its operator names its image in another place.
        own.chain(object.pointer("/spec/imageName")).map(move |image| (object, image))
    });
    let bad = images.filter(|(_, image)| !image.as_str().is_some_and(has_digest));
    bad.map(|(object, image)| format!("{}: {image} is not pinned by a digest", title(object))).collect()
}

pub fn one_image(manifests: &Manifests) -> Findings {
    let own = manifests.0.iter().filter(|object| object["metadata"]["labels"]["app"] == WORKLOAD);
    let mut images: Vec<&str> =
        own.flat_map(containers).filter_map(|container| container["image"].as_str()).collect();
    images.sort_unstable();
    images.dedup();
    if images.len() == 1 {
        Vec::new()
    } else {
        vec![format!("there are {}: {}", images.len(), images.join(", "))]
    }
}

pub fn waves(manifests: &Manifests) -> Findings {
    let mut findings = Findings::new();
    for object in &manifests.0 {
        let wanted = WAVES.iter().find(|(kind, name, _)| {
            object["kind"] == *kind && name.is_none_or(|name| object["metadata"]["name"] == name)
        });
        match (wave(object), wanted) {
            (Err(error), _) => findings.push(error.to_string()),
            (Ok(wave), Some((.., wanted))) if wave != *wanted => {
                findings.push(format!("{} is in wave {wave} and belongs to {wanted}", title(object)));
            }
            _ => {}
        }
    }
    findings
}

pub fn migration(manifests: &Manifests) -> Findings {
    let jobs: Vec<&Value> = manifests.0.iter().filter(|object| object["kind"] == "Job").collect();
    let [job] = jobs[..] else { return vec![format!("there are {} Jobs and not one", jobs.len())] };
    let annotation =
        |name: &str| job["metadata"]["annotations"][format!("argocd.argoproj.io/{name}")].as_str();
    let wanted = [
        ("it is no hook of a sync", annotation("hook") == Some("Sync")),
        (
            "the one before is not removed first",
            annotation("hook-delete-policy") == Some("BeforeHookCreation"),
        ),
        ("it has no backoffLimit", job["spec"]["backoffLimit"].is_u64()),
        ("it may run for longer than 300 s", job["spec"]["activeDeadlineSeconds"] == 300),
        ("its record vanishes", job["spec"]["ttlSecondsAfterFinished"].is_null()),
    ];
    wanted.iter().filter(|(_, holds)| !holds).map(|(fault, _)| format!("{}: {fault}", title(job))).collect()
}

pub fn no_secrets(manifests: &Manifests) -> Findings {
    let secrets = manifests.0.iter().filter(|object| object["kind"] == "Secret");
    secrets.map(|object| format!("{} is in plain text; seal it", title(object))).collect()
}

pub fn one_namespace(manifests: &Manifests) -> Findings {
    let Ok(own) = manifests.namespace() else { return vec!["the workload has no namespace".into()] };
    let inside = manifests.0.iter().filter(|object| object["kind"] != "Namespace");
    let outside = inside.filter(|object| object["metadata"]["namespace"] != own);
    outside.map(|object| format!("{} is in {}", title(object), object["metadata"]["namespace"])).collect()
}

/// The manifests write these where a replacement puts a value of the overlay.
const REPLACED: [&str; 2] = ["REPLACED", "\"NAMESPACE\""];

pub fn replaced(manifests: &Manifests) -> Findings {
    let left = manifests.0.iter().filter(|object| {
        let text = object.to_string().replace("\\\"", "\"");
        REPLACED.iter().any(|mark| text.contains(mark))
    });
    left.map(|object| format!("{} still has {}", title(object), REPLACED.join(" or "))).collect()
}

fn has_digest(image: &str) -> bool {
    image.split_once("@sha256:").is_some_and(|(_, hex)| hex.len() == 64)
}
