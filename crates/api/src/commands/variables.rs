//! `myashes variables`: every name that the configuration knows, for the checks of this repository.

use myashes_api::settings::VARIABLES;

use super::say;

pub fn run() -> anyhow::Result<()> {
    for variable in VARIABLES {
        say(variable.name)?;
    }
    Ok(())
}
