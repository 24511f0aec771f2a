//! What will be applied: the rendered overlay with one image, in the order of its waves.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::cluster;
use super::digest::ImageDigest;

/// The annotation that Argo CD orders by; this command keeps the same order.
const WAVE: &str = "argocd.argoproj.io/sync-wave";
const ARGO: &str = "argocd.argoproj.io/";

/// The objects of one overlay.
#[derive(Clone, Debug)]
pub struct Manifests(pub Vec<Value>);

impl Manifests {
    /// Renders `deploy/k8s/overlays/<name>`.
    pub fn of_overlay(name: &str) -> Result<Self> {
        Self::of_folder(&format!("deploy/k8s/overlays/{name}"))
    }

    pub fn of_folder(folder: &str) -> Result<Self> {
        Self::parse(&cluster::kustomize(folder)?)
            .with_context(|| format!("cannot read what {folder} renders to"))
    }

    pub fn parse(yaml: &str) -> Result<Self> {
        let objects: Vec<Value> = serde_saphyr::from_multiple(yaml)?;
        Ok(Self(objects.into_iter().filter(Value::is_object).collect()))
    }

    /// The object of that kind and name.
    pub fn find(&self, kind: &str, name: &str) -> Result<&Value> {
        let found = self.0.iter().find(|object| object["kind"] == kind && name_of(object) == name);
        found.with_context(|| format!("the overlay has no {kind} {name}"))
    }

    /// The namespace that the workload goes to.
    pub fn namespace(&self) -> Result<&str> {
        let namespace = self.find("Deployment", super::WORKLOAD)?.pointer("/metadata/namespace");
        namespace.and_then(Value::as_str).context("the overlay sets no namespace")
    }

    /// Registry and path of the workload's own image.
    pub fn image_repository(&self) -> Result<String> {
        let workload = self.find("Deployment", super::WORKLOAD)?;
        let image = containers(workload).find_map(|container| container["image"].as_str());
        Ok(repository(image.context("the workload names no image")?).to_owned())
    }

    /// Puts this image wherever the workload's own image stands, whatever the overlay names.
    pub fn with_image(mut self, image: &ImageDigest) -> Result<Self> {
        let current = self.image_repository()?;
        for object in &mut self.0 {
            for container in containers_mut(object) {
                if container["image"].as_str().is_some_and(|name| repository(name) == current) {
                    container["image"] = Value::String(image.to_string());
                }
            }
        }
        Ok(self)
    }

    /// Gives the migration Job a name of this release: a Job's template cannot be changed, and a failed one must
    /// not stand in the way of the next release.
    pub fn with_job_of(mut self, image: &ImageDigest) -> Result<Self> {
        let mut jobs = self.0.iter_mut().filter(|object| object["kind"] == "Job");
        let (Some(job), None) = (jobs.next(), jobs.next()) else {
            bail!("the overlay must hold exactly one Job: the migration");
        };
        let name = format!("{}-{}", name_of(job), image.short());
        job["metadata"]["name"] = Value::String(name);
        if let Some(annotations) = job.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
            // The hook belongs to Argo CD's way of running it; the wave stays.
            annotations.retain(|key, _| !key.starts_with(ARGO) || key == WAVE);
        }
        Ok(self)
    }

    /// The objects by wave, the lowest first; a namespace comes before what lies in it.
    pub fn waves(&self) -> Result<Vec<(i64, Vec<Value>)>> {
        let mut waves = std::collections::BTreeMap::<i64, Vec<Value>>::new();
        for object in &self.0 {
            waves.entry(wave(object)?).or_default().push(object.clone());
        }
        for objects in waves.values_mut() {
            objects.sort_by_key(|object| object["kind"] != "Namespace");
        }
        Ok(waves.into_iter().collect())
    }
}

pub fn name_of(object: &Value) -> &str {
    object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default()
}

/// `Deployment/myashes-backend`, for messages.
pub fn title(object: &Value) -> String {
    format!("{}/{}", object["kind"].as_str().unwrap_or("?"), name_of(object))
}

/// The containers of whatever has a pod template, init containers first.
pub fn containers(object: &Value) -> impl Iterator<Item = &Value> {
    let lists = ["initContainers", "containers"].into_iter();
    lists.filter_map(|list| object.pointer(&format!("/spec/template/spec/{list}"))?.as_array()).flatten()
}

/// An image's name without digest and tag.
pub fn repository(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        // A colon before the last slash is the registry's port.
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}

pub fn wave(object: &Value) -> Result<i64> {
    let Some(wave) = object["metadata"]["annotations"].get(WAVE) else { return Ok(0) };
    let wave = wave.as_str().and_then(|wave| wave.parse().ok());
    wave.with_context(|| format!("{} has a wave that is no number in quotes", title(object)))
}

fn containers_mut(object: &mut Value) -> Vec<&mut Value> {
    let Some(spec) = object.pointer_mut("/spec/template/spec").and_then(Value::as_object_mut) else {
        return Vec::new();
    };
    let lists = spec.iter_mut().filter(|(key, _)| *key == "initContainers" || *key == "containers");
    lists.filter_map(|(_, list)| list.as_array_mut()).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::{Manifests, containers, name_of, repository};

    const RENDERED: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: myashes-backend
  namespace: there
  annotations:
    argocd.argoproj.io/sync-wave: "2"
spec:
  template:
    spec:
      containers:
      - {name: api, image: "registry:5000/myashes@sha256:00"}
      - {name: proxy, image: "registry:5000/proxy@sha256:11"}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    argocd.argoproj.io/hook: Sync
    argocd.argoproj.io/sync-wave: "1"
spec:
  template:
    spec:
      initContainers:
      - {name: migrate, image: "registry:5000/myashes@sha256:00"}
      containers:
      - {name: seed, image: "registry:5000/myashes@sha256:00"}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
---
apiVersion: v1
kind: Namespace
metadata:
  name: there
"#;

    #[test]
    fn objects_come_in_waves_with_the_namespace_first() {
        let waves = Manifests::parse(RENDERED).unwrap().waves().unwrap();
        let names: Vec<Vec<&str>> =
            waves.iter().map(|(_, objects)| objects.iter().map(name_of).collect()).collect();
        assert_eq!(names, [vec!["there", "settings"], vec!["migrate"], vec!["myashes-backend"]]);
    }

    #[test]
    fn the_image_is_set_everywhere_it_stands_and_nowhere_else() {
        let image = format!("other/repo@sha256:{}", "ab".repeat(32)).parse().unwrap();
        let manifests = Manifests::parse(RENDERED).unwrap().with_image(&image).unwrap();
        let images: Vec<&str> = manifests
            .0
            .iter()
            .flat_map(containers)
            .filter_map(|container| container["image"].as_str())
            .collect();
        let new = image.to_string();
        assert_eq!(images, [&new, "registry:5000/proxy@sha256:11", &new, &new]);
    }

    #[test]
    fn the_job_is_named_after_the_release_and_is_no_hook() {
        let image = format!("other/repo@sha256:{}", "ab".repeat(32)).parse().unwrap();
        let manifests = Manifests::parse(RENDERED).unwrap().with_job_of(&image).unwrap();
        let job = manifests.find("Job", "migrate-abababababab").unwrap();
        assert_eq!(job["metadata"]["annotations"].as_object().unwrap().len(), 1);
    }

    #[test]
    fn a_registrys_port_is_no_tag() {
        assert_eq!(repository("registry:5000/myashes"), "registry:5000/myashes");
        assert_eq!(repository("registry:5000/myashes:v1@sha256:00"), "registry:5000/myashes");
    }
}
