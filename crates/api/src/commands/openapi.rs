//! `myashes openapi`: the document that the service serves, for tools.

use super::say;

pub fn run() -> anyhow::Result<()> {
    say(serde_json::to_string_pretty(&myashes_api::openapi::document(myashes_api::routes::table()))?)?;
    Ok(())
}
