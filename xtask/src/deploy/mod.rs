//! `cargo xtask deploy`: a release onto a cluster, and what an operator asks of one that runs.

mod cluster;
mod digest;
mod operate;
mod preconditions;
mod release;
pub mod render;
pub mod values;
mod watch;

use anyhow::Result;

use crate::flags::{DeployCommand, DeployFlags};

pub use digest::ImageDigest;

/// Names that the manifests set once, and everything else refers to.
pub const WORKLOAD: &str = "myashes-backend";
/// Under this name the cluster keeps which fields a release has set.
const FIELD_MANAGER: &str = "myashes-xtask";

pub fn run(flags: DeployFlags) -> Result<()> {
    match flags.command {
        None => release::run(&flags.release),
        Some(DeployCommand::Status(flags)) => operate::status(&flags),
        Some(DeployCommand::Rollback(flags)) => operate::rollback(&flags),
        Some(DeployCommand::History(flags)) => operate::history(&flags),
        Some(DeployCommand::Restart(flags)) => operate::restart(&flags),
        Some(DeployCommand::Logs(flags)) => operate::logs(&flags),
        Some(DeployCommand::Uninstall(flags)) => operate::uninstall(&flags),
    }
}
