//! The pages in a real browser: Chromium without a window, driven over WebDriver, on the service with demo builds.
//!
//! Each test starts a service, a chromedriver and a Chromium of its own, and ends them. Without chromedriver the tests
//! are skipped, which CI does not let pass.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

#[path = "../api/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the support also serves the tests of the contract")]
mod support;

mod accessibility;
mod admin;
mod appearance;
mod artemis;
mod browser;
mod driver;
mod reading;
mod site;
mod visit;
mod votes;
