//! One release: check, render, apply in wave order, migrate, roll out, try it.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use myashes_servers::Folder;
use serde_json::Value;

use super::cluster::{Cluster, documents};
use super::digest::ImageDigest;
use super::render::{Manifests, name_of, title};
use super::values::OperatorValues;
use super::{FIELD_MANAGER, WORKLOAD, preconditions, watch};
use crate::flags::{ImageFlags, ReleaseFlags};
use crate::targets::Target;
use crate::{image, smoke};

pub fn run(flags: &ReleaseFlags) -> Result<()> {
    let name = flags.env.as_deref().context("deploy where? cargo xtask deploy stage, or prod")?;
    let target = Target::find(name)?;
    let context = preconditions::context(&target, flags.context.as_deref())?;
    // A wrong reference is reported before the cluster is contacted.
    let given = flags.image.as_deref().map(str::parse::<ImageDigest>).transpose()?;
    // Nothing is applied while a value that only the operator knows is missing.
    OperatorValues::of_overlay(&target.name)?.check_complete()?;
    preconditions::clean_tree(&target)?;
    let rendered = Manifests::of_overlay(&target.name)?;
    let cluster = Cluster::new(&context, rendered.namespace()?);
    preconditions::not_owned_by_argo(&cluster)?;
    let looking = flags.dry_run || flags.diff;
    let image = match given {
        Some(image) => image,
        None if looking => bail!("to look without a build, name the image: --image repository@sha256:…"),
        None => {
            let repository = Some(rendered.image_repository()?);
            let flags = ImageFlags { push: true, repository, tool: None };
            image::build(&flags)?.context("the build gave no digest to deploy")?
        }
    };
    let manifests = rendered.with_image(&image)?.with_job_of(&image)?;
    if flags.diff {
        return diff(&cluster, &manifests);
    }
    println!("{} -> {context}, namespace {}: {image}", target.name, cluster.namespace);
    for (wave, objects) in manifests.waves()? {
        println!("wave {wave}: {}", objects.iter().map(title).collect::<Vec<_>>().join(", "));
        apply(&cluster, &objects, flags.dry_run)?;
        if !flags.dry_run {
            settle(&cluster, &objects, Duration::from_secs(flags.timeout))?;
        }
    }
    if flags.dry_run {
        println!("Nothing was changed.");
    } else if flags.no_smoke {
        println!("Released; not tried, as asked.");
    } else {
        smoke::try_service(&target.url()?, false, &[])?;
    }
    Ok(())
}

fn apply(cluster: &Cluster, objects: &[Value], dry_run: bool) -> Result<()> {
    if !dry_run {
        // A release may be run again at the same digest, and then migrates again.
        for job in objects.iter().filter(|object| object["kind"] == "Job") {
            cluster.output(&["delete", "job", name_of(job), "--ignore-not-found", "--cascade=foreground"])?;
        }
    }
    let manager = format!("--field-manager={FIELD_MANAGER}");
    // Whatever a rollback or a restart by hand has set is ours to set again.
    let mut arguments = vec!["apply", "--server-side", "--force-conflicts", &manager, "--filename=-"];
    if dry_run {
        arguments.push("--dry-run=server");
    }
    print!("{}", cluster.feed(&arguments, objects)?);
    Ok(())
}

/// The next wave begins when this one has done its work.
fn settle(cluster: &Cluster, objects: &[Value], timeout: Duration) -> Result<()> {
    for object in objects {
        if object["kind"] == "Job" {
            let failed = "the migration failed; the running version is untouched";
            watch::job(cluster, name_of(object), timeout).context(failed)?;
        } else if object["kind"] == "Deployment" && name_of(object) == WORKLOAD {
            let failed = "the new version does not come up; cargo xtask deploy rollback takes it back";
            watch::rollout(cluster, timeout).context(failed)?;
        }
    }
    Ok(())
}

/// `kubectl diff` of everything: 0 is no difference, 1 is some, more is a failure.
fn diff(cluster: &Cluster, manifests: &Manifests) -> Result<()> {
    let folder = Folder::for_caller("diff")?;
    let file = folder.path().join("release.yaml");
    std::fs::write(&file, documents(&manifests.0)).context("cannot write a temporary file")?;
    let manager = format!("--field-manager={FIELD_MANAGER}");
    let mut diff =
        cluster.kubectl(&["diff", "--server-side", "--force-conflicts", &manager, "--filename"])?;
    match diff.arg(&file).status().context("cannot run kubectl diff")?.code() {
        Some(0) => println!("No difference."),
        Some(1) => {}
        _ => bail!("kubectl diff failed"),
    }
    Ok(())
}
