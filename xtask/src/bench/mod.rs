//! `cargo xtask bench`: how fast the service is, against floors that are measured in turn with it. Times drift on
//! shared machines, so a goal is a ratio of two figures of the same run.

mod bare;
mod client;
mod creates;
mod data;
mod explain;
mod figures;
mod floor;
mod lists;
mod load;
mod machine;
mod overload;
mod pages;
mod plan;
mod programs;
mod reads;
mod regression;
pub mod report;
mod search_floor;
mod searches;
mod service;
mod sqlite;
mod sqlite_lists;
mod stage;
mod start;
mod unkind;
mod writes;

use std::sync::mpsc::{self, Receiver};
use std::thread;

use anyhow::{Result, anyhow};
use clap::ValueEnum as _;

use crate::flags::BenchFlags;
use crate::interrupts;
use figures::Figure;
use machine::Machine;
pub use plan::Goal;
use plan::Plan;
use programs::Programs;
use stage::BenchEnvironment;

pub fn run(flags: &BenchFlags) -> Result<()> {
    // It sends its load itself, and works on the small database.
    let overload_alone = flags.only == [Goal::L1];
    if !overload_alone {
        load::installed()?;
    }
    if let Some(revision) = &flags.against {
        return regression::run(flags, revision);
    }
    let plan = if flags.quick { Plan::quick() } else { Plan::full() };
    let goals = if flags.only.is_empty() { Goal::value_variants().to_vec() } else { flags.only.clone() };
    let machine = Machine::look()?;
    let programs = Programs::of(flags.built.as_deref())?;
    let sizes = if overload_alone { vec![plan.small] } else { vec![plan.small, plan.large] };
    let stage = BenchEnvironment::set(plan, programs, &sizes)?;
    println!("{machine}\n{}", stage.describe());
    let mut peaks = Vec::new();
    let mut measured = Vec::new();
    for goal in goals {
        interrupts::check()?;
        println!("\n{goal}: {}", goal.work());
        let figures = match goal {
            Goal::P1 => reads::hot(&stage, &mut peaks),
            Goal::P2 => reads::uniform(&stage, &mut peaks),
            Goal::P3 => writes::searches(&stage, &mut peaks),
            Goal::P4 => writes::votes(&stage, &mut peaks, goal, writes::TARGETS, 1.5),
            Goal::P5 => writes::votes(&stage, &mut peaks, goal, 1, 10.0),
            Goal::P6 => lists::first_pages(&stage, flags.explain),
            Goal::P7 => lists::popular(&stage),
            Goal::P8 => start::run(&stage, &peaks),
            Goal::P9 => sqlite::run(&stage),
            Goal::P10 => searches::lists(&stage),
            Goal::P11 => searches::suggestions(&stage),
            Goal::P12 => pages::run(&stage),
            Goal::P13 => creates::run(&stage),
            Goal::L1 => overload::run(&stage),
        }?;
        figures.iter().for_each(|figure| println!("  {}", figure.line()));
        report::keep(goal, plan, &machine, &figures)?;
        measured.extend(figures);
    }
    let after = Machine::look()?;
    println!("\n{}\nload average now {}\n", report::table(&measured), after.load);
    if flags.save {
        report::save(plan)?;
    }
    let short = measured.iter().filter(|figure| !figure.met()).count();
    println!("{} figures, {} of them short of their goal", measured.len(), short);
    Ok(())
}

/// Prints a rate as soon as it is measured, and returns it.
fn print_rate(round: usize, what: &str, rate: f64) -> f64 {
    println!("  round {}: {what} {} /s", round + 1, figures::shown(rate));
    rate
}

/// Does some work while another thread does what ends with its channel, and gives the outcome of both.
fn meanwhile<T, U: Send>(
    work: impl FnOnce() -> Result<T>,
    other: impl FnOnce(&Receiver<()>) -> Result<U> + Send,
) -> Result<(T, U)> {
    let (stop, stopped) = mpsc::channel();
    thread::scope(|scope| {
        let other = scope.spawn(move || other(&stopped));
        let done = work();
        drop(stop);
        let outcome = other.join().map_err(|_| anyhow!("the thread beside the measurement panicked"))??;
        Ok((done?, outcome))
    })
}

/// Does the same in so many threads at once, and gives the outcome of each.
fn in_parallel<T: Send>(threads: usize, work: impl Fn() -> Result<T> + Sync) -> Result<Vec<T>> {
    thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(&work)).collect();
        started.into_iter().map(|it| it.join().map_err(|_| anyhow!("a client panicked"))?).collect()
    })
}

/// How one thing measures up, named by what was compared.
type Figures = Result<Vec<Figure>>;
