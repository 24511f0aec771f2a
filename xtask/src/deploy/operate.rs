//! What an operator asks of a running release.

use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::Value;

use super::cluster::Cluster;
use super::render::{Manifests, containers, title};
use super::{WORKLOAD, preconditions, watch};
use crate::flags::{ClusterFlags, LogsFlags, RollbackFlags, UninstallFlags};
use crate::targets::Target;

const API: &str = "app=myashes-backend,component=api";
const MIGRATION: &str = "app=myashes-backend,component=migration";

/// What holds or leads to data, and what guards it, stays whatever is uninstalled. A namespace would take its
/// secrets along.
const KEPT: [&str; 8] = [
    "Namespace",
    "Cluster",
    "Database",
    "PersistentVolumeClaim",
    "Secret",
    "SealedSecret",
    "ScheduledBackup",
    "NetworkPolicy",
];

/// Pods, Job, service, ingress, certificate and schema; a part that is not there is said to be missing.
pub fn status(flags: &ClusterFlags) -> Result<()> {
    let cluster = connect(flags)?;
    // The first question also finds out whether there is a cluster at all.
    let Some(deployment) = cluster.get("deployment", WORKLOAD)? else {
        bail!("there is no Deployment {WORKLOAD} in {}", cluster.namespace);
    };
    let image = containers(&deployment).find_map(|container| container["image"].as_str()).unwrap_or("?");
    println!("image: {image}");
    let parts: [(&str, &[&str]); 5] = [
        ("pods", &["get", "pods", "--selector", API, "--output=wide"]),
        ("migration", &["get", "jobs", "--selector", MIGRATION]),
        ("service", &["get", "service,endpointslices", "--selector", "app=myashes-backend"]),
        ("ingress", &["get", "ingress", "--selector", "app=myashes-backend"]),
        ("certificate", &["get", "certificates.cert-manager.io"]),
    ];
    let workload = format!("deployment/{WORKLOAD}");
    let schema = ["exec", workload.as_str(), "--", "/usr/local/bin/myashes", "migrate", "--status"];
    for (name, arguments) in parts.into_iter().chain([("schema", schema.as_slice())]) {
        println!("\n{name}:");
        match cluster.output(arguments) {
            Ok(text) if text.trim().is_empty() => println!("  none"),
            Ok(text) => text.lines().for_each(|line| println!("  {line}")),
            Err(error) => println!("  not known: {error:#}"),
        }
    }
    Ok(())
}

/// Back to the revision before, or to a given one. The schema stays: it suits the version before, too.
pub fn rollback(flags: &RollbackFlags) -> Result<()> {
    let cluster = connect(&flags.cluster)?;
    preconditions::not_owned_by_argo(&cluster)?;
    let workload = format!("deployment/{WORKLOAD}");
    let revision = format!("--to-revision={}", flags.to_revision.unwrap_or(0));
    print!("{}", cluster.output(&["rollout", "undo", &workload, &revision])?);
    watch::rollout(&cluster, Duration::from_secs(flags.timeout))
}

/// The revisions that can be rolled back to, the newest first.
pub fn history(flags: &ClusterFlags) -> Result<()> {
    let cluster = connect(flags)?;
    let mut revisions: Vec<(i64, Value)> = cluster
        .list("replicasets", API)?
        .into_iter()
        .filter_map(|set| {
            let revision = set["metadata"]["annotations"].get("deployment.kubernetes.io/revision")?;
            Some((revision.as_str()?.parse().ok()?, set))
        })
        .collect();
    if revisions.is_empty() {
        bail!("there is no revision of {WORKLOAD} in {}", cluster.namespace);
    }
    revisions.sort_by_key(|(revision, _)| -revision);
    println!("{:>8}  {:<20}  {:>4}  image", "revision", "created", "pods");
    for (revision, set) in revisions {
        let created = set["metadata"]["creationTimestamp"].as_str().unwrap_or("?");
        let pods = set["status"]["replicas"].as_i64().unwrap_or(0);
        let image = containers(&set).find_map(|container| container["image"].as_str()).unwrap_or("?");
        println!("{revision:>8}  {created:<20}  {pods:>4}  {image}");
    }
    Ok(())
}

/// New pods of the same version, one after the other.
pub fn restart(flags: &ClusterFlags) -> Result<()> {
    let cluster = connect(flags)?;
    print!("{}", cluster.output(&["rollout", "restart", &format!("deployment/{WORKLOAD}")])?);
    watch::rollout(&cluster, Duration::from_secs(300))
}

pub fn logs(flags: &LogsFlags) -> Result<()> {
    let cluster = connect(&flags.cluster)?;
    let selector = if flags.migration { MIGRATION } else { API };
    let tail = format!("--tail={}", flags.tail);
    let mut arguments = vec!["logs", "--selector", selector, "--all-containers", "--prefix", &tail];
    if flags.follow {
        // One stream for each pod that the autoscaler may start.
        arguments.extend(["--follow", "--max-log-requests=20"]);
    }
    cluster.show(&arguments)
}

/// Takes the service away, and leaves the database, the secrets and the namespace that holds them.
pub fn uninstall(flags: &UninstallFlags) -> Result<()> {
    let cluster = connect(&flags.cluster)?;
    preconditions::not_owned_by_argo(&cluster)?;
    let manifests = Manifests::of_overlay(&flags.cluster.env)?;
    let (kept, mut removed): (Vec<Value>, Vec<Value>) = manifests.0.into_iter().partition(is_kept);
    // In the opposite order of a release, so that the autoscaler goes before what it scales.
    removed.sort_by_key(|object| std::cmp::Reverse(super::render::wave(object).unwrap_or(0)));
    println!("kept: {}", kept.iter().map(title).collect::<Vec<_>>().join(", "));
    if !flags.yes {
        let titles = removed.iter().map(title).collect::<Vec<_>>().join(", ");
        bail!("this would remove {titles} from {}; say --yes to do it", cluster.namespace);
    }
    // The Jobs of the releases carry other names than the one in the overlay.
    print!("{}", cluster.output(&["delete", "jobs", "--selector", MIGRATION, "--ignore-not-found"])?);
    print!("{}", cluster.feed(&["delete", "--ignore-not-found", "--filename=-"], &removed)?);
    Ok(())
}

fn is_kept(object: &Value) -> bool {
    object["kind"].as_str().is_some_and(|kind| KEPT.contains(&kind))
}

fn connect(flags: &ClusterFlags) -> Result<Cluster> {
    let target = Target::find(&flags.env)?;
    let context = preconditions::context(&target, flags.context.as_deref())?;
    let manifests = Manifests::of_overlay(&target.name)?;
    Ok(Cluster::new(&context, manifests.namespace()?))
}
