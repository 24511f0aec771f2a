//! `myashes doctor`: finds derived data that differs from the data it is made of, and repairs it on demand.

use anyhow::bail;
use clap::Args;
use myashes_adapters::doctor::{Check, CommandError, Doctor, Findings};
use myashes_adapters::system::SystemClock;
use myashes_api::app;
use myashes_api::settings::Settings;
use myashes_domain::clock::Clock as _;
use myashes_domain::retention::Cutoffs;

use super::say;

#[derive(Debug, Args)]
pub struct DoctorFlags {
    /// Repair what is wrong, after showing it
    #[arg(long)]
    repair: bool,
}

pub async fn run(settings: &Settings, flags: &DoctorFlags) -> anyhow::Result<()> {
    let game = app::game_pack(settings).map_err(|error| CommandError::Configuration(format!("{error:#}")))?;
    let options = app::storage_options(settings);
    let privacy = &settings.privacy;
    let cutoffs = Cutoffs::at(SystemClock.now(), privacy.search_days, privacy.feedback_days);
    let mut doctor = Doctor::open(&options, &game, cutoffs.searches).await?;
    let findings = doctor.examine().await?;
    say(findings.to_string().trim_end())?;
    if findings.is_clean() {
        return Ok(());
    }
    if !flags.repair {
        bail!("something is wrong with the stored data: {}", advice(&findings));
    }
    doctor.repair(&findings).await?;
    let left = doctor.examine().await?;
    if left.is_clean() {
        return Ok(say("repaired: nothing is wrong any more")?);
    }
    say(left.to_string().trim_end())?;
    if left.count(Check::Import) > 0 {
        bail!("this is left: {}", advice(&left));
    }
    bail!("this is left, and cannot be repaired here")
}

/// An import that was broken off is finished by another one, and by nothing else.
fn advice(findings: &Findings) -> &'static str {
    match (findings.count(Check::Import), findings.wrong().len()) {
        (0, _) => "run `myashes doctor --repair`",
        (_, 1) => "run `myashes import` again, which finishes what was broken off",
        _ => "run `myashes import` again, which finishes what was broken off, then `myashes doctor`",
    }
}
