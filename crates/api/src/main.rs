//! `myashes`: the service and the commands around it. Everything is in the library or in `commands/`.

use std::process::ExitCode;

use clap::Parser as _;

mod commands;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    commands::run(commands::CommandLine::parse())
}
