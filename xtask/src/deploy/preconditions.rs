//! What has to hold before anything is changed. Each refusal is one line that says what to do instead.

use std::process::Command;

use anyhow::{Result, bail};
use serde_json::Value;

use super::WORKLOAD;
use super::cluster::Cluster;
use crate::interrupts::text;
use crate::targets::Target;
use crate::workspace::root;

/// The context for a target: its own, or another one where the target is not production. A context that
/// `xtask.toml` gives to another target is never taken.
pub fn context(target: &Target, asked: Option<&str>) -> Result<String> {
    let Some(own) = &target.context else {
        bail!("{} is no cluster: xtask.toml names no context for it", target.name);
    };
    let Some(asked) = asked else { return Ok(own.clone()) };
    if target.is_production() && asked != own {
        bail!("{} is deployed to the context {own} alone, not to {asked}", target.name);
    }
    for other in Target::all()? {
        if other.name != target.name && other.context.as_deref() == Some(asked) {
            bail!("the context {asked} belongs to {}, not to {}", other.name, target.name);
        }
    }
    Ok(asked.to_owned())
}

/// Nothing goes to production that no commit holds.
pub fn clean_tree(target: &Target) -> Result<()> {
    if !target.is_production() {
        return Ok(());
    }
    let changes = text(Command::new("git").current_dir(root()).args(["status", "--porcelain"]))?;
    if let Some(first) = changes.lines().next() {
        let count = changes.lines().count();
        bail!(
            "the working tree has {count} uncommitted changes ({}): commit or stash them first",
            first.trim()
        );
    }
    Ok(())
}

/// A workload that Argo CD tracks follows its branch; a change made here would be undone.
pub fn not_owned_by_argo(cluster: &Cluster) -> Result<()> {
    let Some(deployment) = cluster.get("deployment", WORKLOAD)? else { return Ok(()) };
    if let Some(owner) = argo_mark(&deployment) {
        bail!(
            "Argo CD owns the Deployment {WORKLOAD} ({owner}): release by its branch, \
             or remove the Application without its resources first"
        );
    }
    Ok(())
}

/// The label or annotation by which Argo CD tracks an object, in any of its three modes.
fn argo_mark(object: &Value) -> Option<String> {
    let places = [
        ("annotations", "argocd.argoproj.io/tracking-id"),
        ("labels", "argocd.argoproj.io/instance"),
        // Its old default. Our manifests do not set this label.
        ("labels", "app.kubernetes.io/instance"),
    ];
    places.into_iter().find_map(|(place, key)| {
        let value = object["metadata"][place].get(key)?.as_str()?;
        Some(format!("{key}={value}"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{argo_mark, context};
    use crate::targets::Target;

    #[test]
    fn each_way_of_tracking_is_recognised_and_a_wave_is_none() {
        let annotated =
            json!({"metadata": {"annotations": {"argocd.argoproj.io/tracking-id": "myashes:apps"}}});
        let labelled = json!({"metadata": {"labels": {"app.kubernetes.io/instance": "myashes"}}});
        let ours = json!({"metadata": {"annotations": {"argocd.argoproj.io/sync-wave": "2"}, "labels": {"app": "x"}}});
        assert!(argo_mark(&annotated).is_some());
        assert!(argo_mark(&labelled).is_some());
        assert_eq!(argo_mark(&ours), None);
    }

    #[test]
    fn production_takes_its_own_context_only() {
        let prod = Target::find("prod").unwrap();
        let own = prod.context.clone().unwrap();
        assert_eq!(context(&prod, None).unwrap(), own);
        assert_eq!(context(&prod, Some(&own)).unwrap(), own);
        assert!(context(&prod, Some("kind-try")).is_err());
    }

    #[test]
    fn stage_takes_another_context_but_never_that_of_production() {
        let stage = Target::find("stage").unwrap();
        let production = Target::find("prod").unwrap().context.unwrap();
        assert_eq!(context(&stage, Some("kind-try")).unwrap(), "kind-try");
        assert!(context(&stage, Some(&production)).is_err());
    }

    #[test]
    fn a_target_without_a_cluster_is_refused() {
        assert!(context(&Target::find("local").unwrap(), None).is_err());
    }
}
