//! `cargo xtask`: the command of developers and operators. One module per command; this file only picks it.
#![expect(clippy::print_stdout, reason = "a command-line program answers on standard output")]

mod bench;
mod compare;
mod compose_check;
mod db;
mod deploy;
mod dev;
mod flags;
mod image;
mod interrupts;
mod manifests;
mod program;
mod servers;
mod smoke;
mod targets;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use flags::{Command, Flags};

fn main() -> ExitCode {
    let flags = Flags::parse();
    let outcome = interrupts::watch().and_then(|()| match flags.command {
        Command::Test(flags) => test::run(&flags),
        Command::Tidy => tidy::run(),
        Command::Migrate(flags) => program::migrate(&flags),
        Command::Seed(flags) => program::seed(&flags),
        Command::Openapi(flags) => program::openapi(&flags),
        Command::Dev(flags) => dev::run(&flags),
        Command::Image(flags) => image::build(&flags).map(|_| ()),
        Command::Deploy(flags) => deploy::run(flags),
        Command::Db(command) => db::run(&command),
        Command::Manifests => manifests::run(),
        Command::Smoke(flags) => smoke::run(&flags),
        Command::Compare(flags) => compare::run(&flags),
        Command::Bench(flags) => bench::run(&flags),
        Command::ComposeCheck(flags) => compose_check::run(&flags),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            if interrupts::seen() { ExitCode::from(130) } else { ExitCode::FAILURE }
        }
    }
}
