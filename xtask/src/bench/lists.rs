//! P6 and P7: lists and reports take the same time however much there is. Every request differs from the ones
//! before it, in its limit and in what it filters by, so that no cache of whole answers is what is measured.

use anyhow::{Context, Result};

use super::client::BenchClient;
use super::explain::sequential_scans;
use super::figures::{Figure, GoalBound, Spread, quantile};
use super::load::ACCEPTED;
use super::plan::Goal;
use super::stage::BenchEnvironment;
use super::{Figures, unkind};
use crate::interrupts;

pub const SORTS: [&str; 4] = ["newest", "rating", "popular", "trending"];
pub const ARCHETYPES: [&str; 8] =
    ["fighter", "tank", "rogue", "ranger", "mage", "summoner", "cleric", "bard"];
pub const RACES: [&str; 9] =
    ["kaelar", "vaelune", "dunir", "nikua", "empyrean", "pyrai", "renkai", "vek", "tulnar"];

/// A kind of list: what it is called, and requests that vary it.
pub struct Case {
    pub name: String,
    pub paths: Vec<String>,
}

/// The same requests to a little and to much.
struct Timed {
    name: String,
    /// Milliseconds, in pairs.
    small: Vec<f64>,
    large: Vec<f64>,
}

pub fn first_pages(stage: &BenchEnvironment, show_plans: bool) -> Figures {
    let cases = cases();
    let timed = time(stage, &cases)?;
    let mut figures = ratios(Goal::P6, "first page", &timed);
    figures.push(compressed(stage, &cases)?);
    for case in &timed {
        let work = format!("first page, {}, 99 of 100", case.name);
        figures.push(Figure::plain(
            Goal::P6,
            &work,
            "ms",
            &[quantile(&case.large, 0.99)],
            GoalBound::AtMost(20.0),
        ));
    }
    figures.push(sequential_scans(stage, &stage.kept(stage.plan.large), "", &cases, show_plans)?);
    figures.extend(unkind::first_pages(stage, show_plans)?);
    Ok(figures)
}

pub fn popular(stage: &BenchEnvironment) -> Figures {
    let mut cases = vec![Case {
        name: "popular-queries".into(),
        paths: (1..=50).map(|limit| format!("/api/v1/analytics/popular-queries?limit={limit}")).collect(),
    }];
    for period in ["day", "week", "month", "all"] {
        cases.push(Case {
            name: format!("popular, {period}"),
            paths: (1..=20)
                .map(|limit| format!("/api/v1/builds/popular?period={period}&limit={limit}"))
                .collect(),
        });
    }
    Ok(ratios(Goal::P7, "report", &time(stage, &cases)?))
}

fn ratios(goal: Goal, what: &str, timed: &[Timed]) -> Vec<Figure> {
    let each = timed.iter().map(|case| {
        let work = format!("{what}, {}; floor: little data", case.name);
        // Requests are not rounds: their times differ by what they ask for. The ratio is that of the medians.
        let [large, small] = [&case.large, &case.small].map(|times| Spread::of(times).median);
        Figure::compared(goal, &work, "ms", &[large], &[small], GoalBound::AtMost(1.3))
    });
    each.collect()
}

/// Asks both services in turn. A path is repeated only after the others, when no cache has it any more.
fn time(stage: &BenchEnvironment, cases: &[Case]) -> Result<Vec<Timed>> {
    let small = stage.serve(&stage.kept(stage.plan.small))?;
    let large = stage.serve(&stage.kept(stage.plan.large))?;
    let (mut to_small, mut to_large) = (BenchClient::connect(small.port)?, BenchClient::connect(large.port)?);
    let mut timed: Vec<Timed> = cases
        .iter()
        .map(|case| Timed { name: case.name.clone(), small: Vec::new(), large: Vec::new() })
        .collect();
    let rounds = stage.plan.rounds;
    let each = stage.plan.samples / rounds;
    for round in 0..rounds {
        for (case, timed) in cases.iter().zip(&mut timed) {
            interrupts::check()?;
            for sample in 0..each.min(case.paths.len()) {
                let path = &case.paths[(round * each + sample) % case.paths.len()];
                let of = || format!("{}, asked for {path}", case.name);
                timed.small.push(to_small.time(path).with_context(of)?);
                timed.large.push(to_large.time(path).with_context(of)?);
            }
        }
    }
    Ok(timed)
}

/// What compression adds to the first pages of all kinds, by the medians of pairs of the same request.
fn compressed(stage: &BenchEnvironment, cases: &[Case]) -> Result<Figure> {
    let service = stage.serve(&stage.kept(stage.plan.small))?;
    let mut plain = BenchClient::connect(service.port)?;
    let mut packed = BenchClient::connect(service.port)?.accepting(ACCEPTED);
    let (mut plain_times, mut packed_times) = (Vec::new(), Vec::new());
    for path in cases.iter().flat_map(|case| case.paths.iter().take(2)) {
        interrupts::check()?;
        plain_times.push(plain.time(path)?);
        packed_times.push(packed.time(path)?);
    }
    let [packed, plain] = [packed_times, plain_times].map(|times| Spread::of(&times).median);
    let work = format!("first page of any kind, with Accept-Encoding: {ACCEPTED}; floor: without");
    Ok(Figure::compared(Goal::P6, &work, "ms", &[packed], &[plain], GoalBound::AtMost(1.3)))
}

/// Every sort × no filter, each single filter, archetype and race, and searches.
pub fn cases() -> Vec<Case> {
    let of = |name: &str, values: &[&str]| -> Vec<String> {
        values.iter().map(|value| format!("&{name}={value}")).collect()
    };
    let pairs = ARCHETYPES
        .iter()
        .flat_map(|one| RACES.iter().map(move |race| format!("&primary_archetype={one}&race={race}")));
    let tags = ["pvp", "pve", "solo", "group", "raid", "leveling", "siege", "caravan", "healer", "pet"];
    let classes =
        ["knight", "archwizard", "shadow", "warden", "spell", "oracle", "necro", "minstrel", "song"];
    let filters: [(&str, Vec<String>); 9] = [
        ("no filter", vec![String::new()]),
        ("class_name", of("class_name", &classes)),
        ("primary_archetype", of("primary_archetype", &ARCHETYPES)),
        ("secondary_archetype", of("secondary_archetype", &ARCHETYPES)),
        ("race", of("race", &RACES)),
        ("tag", of("tag", &tags)),
        ("is_template", of("is_template", &["false", "true"])),
        ("game_version", of("game_version", &["alpha-1", "alpha-2"])),
        ("archetype and race", pairs.collect()),
    ];
    // Three letters, two and one of words that are frequent and of words that are not; letters that all texts
    // hold, and letters that none does.
    let searches: [(&str, Vec<String>); 6] = [
        ("search of 1", of("search", &["k", "z", "w", "e", "o", "m"])),
        ("search of 2", of("search", &["kn", "ar", "wo", "zu", "mi", "ot"])),
        ("search of 3", of("search", &["kni", "emb", "qui", "zan", "sie", "fal"])),
        ("search of much", of("search", &["a", "an", "the", "ade"])),
        ("search of nothing", of("search", &["zzzz", "qqxx", "0000", "wvwv"])),
        ("search of a name", of("search", &["archwizard", "py%27rai", "moonlit%20otter", "kalomir"])),
    ];
    let mut cases = Vec::new();
    for sort in SORTS {
        for (name, values) in filters.iter().chain(&searches) {
            cases.push(case(sort, name, values));
        }
    }
    let slips: (&str, Vec<String>) =
        ("typing slips", of("search", &["archwizzard", "pirai", "necromanser", "paladdin", "drednought"]));
    for (name, values) in searches.iter().chain([&slips]) {
        cases.push(case("relevance", name, values));
    }
    cases
}

/// Each value with several limits, all values first: around the default, so that each costs about the same.
pub fn case(sort: &str, name: &str, values: &[String]) -> Case {
    let limits = [20, 19, 21, 18, 22, 17, 23, 16, 24, 15, 25, 14, 26, 13, 27, 12, 28, 11, 29, 10, 30];
    let paths = limits.iter().flat_map(|limit| {
        values.iter().map(move |value| format!("/api/v1/builds?sort={sort}&limit={limit}{value}"))
    });
    Case { name: format!("{sort}, {name}"), paths: paths.collect() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::cases;

    #[test]
    fn no_request_is_made_twice_and_every_sort_meets_every_filter() {
        let cases = cases();
        assert_eq!(cases.len(), 4 * 15 + 7);
        for case in &cases {
            let different: BTreeSet<_> = case.paths.iter().collect();
            assert!(different.len() == case.paths.len() && different.len() >= 20, "{}", case.name);
        }
    }
}
