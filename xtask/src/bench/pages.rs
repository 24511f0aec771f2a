//! P12: the page of a build, the gallery, and card images. The service mounts its pages at `/` where no PUBLIC_URL is
//! set.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Result, ensure};

use super::client::BenchClient;
use super::figures::{Figure, GoalBound};
use super::load::{self, CLIENTS, Kind};
use super::plan::Goal;
use super::reads::{HOT, ids};
use super::stage::{BenchDatabase, BenchEnvironment};
use super::{Figures, bare, in_parallel, meanwhile, print_rate};
use crate::interrupts;

const GALLERY: &str = "/builds";
const PAGES: &str = "/b/";

/// Card images that are asked for one after the other.
const SINGLE_CARDS: usize = 30;

const BURST: usize = 1_000;

/// As many as the renderer lets wait (QUEUE_LENGTH in crates/api/src/routes/pages/cards.rs): with more, static cards
/// would be sent for many of the burst.
const CARD_CLIENTS: usize = 16;

/// The renderer is one thread. It leaves at least half of two cores to the reads.
const LEAST_READS: f64 = 0.4;

pub fn run(stage: &BenchEnvironment) -> Figures {
    let database = stage.kept(stage.plan.large);
    let known = ids(HOT + (SINGLE_CARDS + BURST) as u64);
    let (hot, others) = known.split_at(HOT as usize);
    let (single, burst) = others.split_at(SINGLE_CARDS);
    let mut figures = pages(stage, &database, hot, single)?;
    figures.extend(cards(stage, &database, burst)?);
    Ok(figures)
}

fn pages(stage: &BenchEnvironment, database: &BenchDatabase, hot: &[String], single: &[String]) -> Figures {
    let service = stage.serve(database)?;
    let bare = bare::start(stage, &service, PAGES, hot)?;
    let paths: Vec<String> = hot.iter().map(|id| format!("{PAGES}{id}")).collect();
    let gallery = [GALLERY.to_owned()];
    let (mut ours, mut floor, mut galleries) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..stage.plan.rounds {
        let rate = |what, port, kind| -> Result<f64> {
            Ok(print_rate(round, what, load::send(port, kind, CLIENTS, stage.plan.seconds)?.per_second))
        };
        floor.push(rate("bare", bare.port, Kind::Hot(hot))?);
        ours.push(rate("pages of builds", service.port, Kind::Paths(&paths))?);
        galleries.push(rate("gallery", service.port, Kind::Paths(&gallery))?);
    }
    let mut client = BenchClient::connect(service.port)?;
    let mut times = Vec::new();
    for id in single {
        let (is_own, took) = card(&mut client, id)?;
        ensure!(is_own, "the card image of {id} is that of its class");
        times.push(took);
    }
    let work = "GET /b/{id}, 100 hot builds; floor: bare actix-web";
    Ok(vec![
        Figure::compared(Goal::P12, work, "/s", &ours, &floor, GoalBound::AtLeast(0.4)),
        Figure::plain(
            Goal::P12,
            "GET /builds, first page of the gallery",
            "/s",
            &galleries,
            GoalBound::AtLeast(2_000.0),
        ),
        Figure::plain(Goal::P12, "GET /b/{id}/card.png, a new image", "ms", &times, GoalBound::AtMost(60.0)),
    ])
}

/// Many new card images at once, and reads of the API meanwhile.
fn cards(stage: &BenchEnvironment, database: &BenchDatabase, burst: &[String]) -> Figures {
    let service = stage.serve(database)?;
    let reads = Kind::Uniform(stage.plan.large.visible());
    let read = || load::send(service.port, reads, CLIENTS, stage.plan.seconds);
    let alone = read()?;
    let before = service.resident()?;
    let begun = Instant::now();
    let (during, rendered) = meanwhile(read, |_| render(service.port, burst))?;
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "  {rendered} of {BURST} cards were rendered in {seconds:.1} s, reads: 99 of 100 in {:.1} ms",
        during.p99
    );
    ensure!(rendered > BURST / 2, "only {rendered} of {BURST} cards were rendered");
    let work = "GET /builds/{id} during a burst of 1,000 cards; floor: without it";
    let (ours, floor) = ([during.per_second], [alone.per_second]);
    let growth = [service.peak()? - before];
    Ok(vec![
        Figure::compared(Goal::P12, work, "/s", &ours, &floor, GoalBound::AtLeast(LEAST_READS)),
        Figure::plain(
            Goal::P12,
            "growth of memory by a burst of 1,000 cards",
            "MiB",
            &growth,
            GoalBound::AtMost(40.0),
        ),
    ])
}

/// Asks for the card of each build, and gives how many were their own.
fn render(port: u16, ids: &[String]) -> Result<usize> {
    let next = AtomicUsize::new(0);
    let ask = || -> Result<usize> {
        let mut client = BenchClient::connect(port)?;
        let mut rendered = 0;
        while let Some(id) = ids.get(next.fetch_add(1, Ordering::Relaxed)) {
            interrupts::check()?;
            rendered += usize::from(card(&mut client, id)?.0);
        }
        Ok(rendered)
    };
    Ok(in_parallel(CARD_CLIENTS, ask)?.into_iter().sum())
}

/// Whether a card is the build's own, and how many milliseconds it took. The static one of a class has no ETag.
fn card(client: &mut BenchClient, id: &str) -> Result<(bool, f64)> {
    let (answer, took) = client.timed(&format!("{PAGES}{id}/card.png"))?;
    Ok((answer.headers.iter().any(|(name, _)| name == "etag"), took))
}
