//! P6 on data that is unkind to searches (data/unkind.sql). Every request is for something that was not asked for before:
//! most terms are parts of one long word that the builds of a kind hold.

use std::collections::BTreeSet;

use anyhow::Result;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::client::BenchClient;
use super::explain::sequential_scans;
use super::figures::{Figure, GoalBound, Spread, quantile, shown};
use super::floor::MOST_OF_FLOOR;
use super::lists::{ARCHETYPES, Case, RACES, SORTS, case};
use super::plan::Goal;
use super::stage::{BenchDatabase, BenchEnvironment};
use super::{Figures, data, search_floor};
use crate::interrupts;

/// So many match that a sample says that they are more than are counted.
const FREQUENT: [&str; 4] = ["newest tenth lacks it", "all have it", "1 character", "half have it"];

/// No build matches, and too many rows would have to be compared to know that.
const PARTIAL: &str = "in pieces everywhere";

const RELEVANCE: &str = "relevance";

/// Letters of a part of a word: fewer may stand in other words, too.
const SHORTEST: usize = 10;
/// Longer than any of the pieces that hold the trigrams of a word.
const LONGER_THAN_PIECES: usize = 12;

const MANY_LETTERS: &str = "anvilbadgerbannerbramblecometdrumemberfalcongaleharbourheronkeystonelanternmantleoakotter\
                            pilgrimquillravensentrythistletideverdictwolf";

/// What is looked for, and the filters that look for it, each asked for once.
struct Shape {
    name: &'static str,
    filters: Vec<String>,
}

impl Shape {
    /// Milliseconds.
    fn goal(&self) -> f64 {
        if self.is_partial() { 60.0 } else { 20.0 }
    }

    fn is_partial(&self) -> bool {
        self.name == PARTIAL
    }
}

/// One shape in one sort.
struct TimedSearch {
    shape: usize,
    sort: &'static str,
    case: Case,
    times: Vec<f64>,
}

/// All shapes, and what was measured of them.
pub struct Searches {
    shapes: Vec<Shape>,
    timed: Vec<TimedSearch>,
    /// Answers that should have been partial.
    complete: usize,
}

impl Searches {
    pub fn new(samples: usize) -> Self {
        let shapes = shapes();
        Self { timed: timed(&shapes, samples), shapes, complete: 0 }
    }

    /// Asks for what belongs to one of so many rounds.
    pub fn ask(&mut self, client: &mut BenchClient, (round, rounds): (usize, usize)) -> Result<()> {
        for timed in &mut self.timed {
            interrupts::check()?;
            let each = timed.case.paths.len().div_ceil(rounds);
            for path in timed.case.paths.iter().skip(round * each).take(each) {
                let (answer, took) = client.timed(path)?;
                timed.times.push(took);
                let body = String::from_utf8_lossy(&answer.body);
                let is_partial = self.shapes[timed.shape].is_partial();
                self.complete += usize::from(is_partial && !body.contains("\"partial\":true"));
            }
        }
        Ok(())
    }

    /// Those that miss a goal, against PostgreSQL's quickest way: `slow` are those that miss one by their median.
    fn against_raw_sql(&self, database: &BenchDatabase, slow: &BTreeSet<usize>) -> Figures {
        let mut figures = Vec::new();
        for ((number, shape), (_, p99)) in self.shapes.iter().enumerate().zip(self.slowest()) {
            let of_shape = || self.timed.iter().enumerate().filter(|(_, it)| it.shape == number);
            if p99 <= shape.goal() && !of_shape().any(|(place, _)| slow.contains(&place)) {
                continue;
            }
            let (mut ours, mut floor) = (Vec::new(), Vec::new());
            for (place, timed) in of_shape() {
                let slowest = quantile(&timed.times, 1.0);
                let with_total = !FREQUENT.contains(&shape.name);
                let times = search_floor::times(database, &timed.case.paths, (slowest, with_total))?;
                let [service, raw] = [&timed.times, &times].map(|it| shown(quantile(it, 0.5)));
                println!("  {}: {service} ms, raw SQL {raw} ms", timed.case.name);
                if slow.contains(&place) {
                    figures.push(against_floor(&timed.case.name, &timed.times, &times, 0.5));
                }
                ours.extend(&timed.times);
                floor.extend(times);
            }
            if p99 > shape.goal() {
                figures.push(against_floor(&format!("{}, 99 of 100", shape.name), &ours, &floor, 0.99));
            }
        }
        Ok(figures)
    }

    /// What 99 of 100 requests of each shape took at most, in milliseconds.
    pub fn slowest(&self) -> Vec<(&'static str, f64)> {
        let p99 = |(number, shape): (usize, &Shape)| {
            let of_shape = self.timed.iter().filter(|it| it.shape == number);
            let times: Vec<f64> = of_shape.flat_map(|it| it.times.iter().copied()).collect();
            (shape.name, quantile(&times, 0.99))
        };
        self.shapes.iter().enumerate().map(p99).collect()
    }
}

pub fn first_pages(stage: &BenchEnvironment, show_plans: bool) -> Figures {
    let database = data::prepare_unkind(stage, stage.plan.large)?;
    let mut searches = Searches::new(stage.plan.samples);
    let unfiltered = SORTS.map(|sort| case(sort, "no filter", &[String::new()]));
    let mut floors = SORTS.map(|_| Vec::new());

    let service = stage.serve(&database)?;
    let mut client = BenchClient::connect(service.port)?;
    let rounds = stage.plan.rounds;
    for round in 0..rounds {
        for (case, times) in unfiltered.iter().zip(&mut floors) {
            for path in &case.paths {
                times.push(client.time(path)?);
            }
        }
        searches.ask(&mut client, (round, rounds))?;
    }

    drop(service);

    let (mut figures, mut slow) = (Vec::new(), BTreeSet::new());
    for (place, timed) in searches.timed.iter().enumerate() {
        if searches.shapes[timed.shape].is_partial() {
            continue;
        }
        // Relevance has no first page without a search.
        let floor = SORTS.iter().position(|sort| *sort == timed.sort).unwrap_or_default();
        let [ours, floor] = [&timed.times, &floors[floor]].map(|times| Spread::of(times).median);
        let work = format!("first page, unkind data, {}; floor: no filter", timed.case.name);
        let figure = Figure::compared(Goal::P6, &work, "ms", &[ours], &[floor], GoalBound::AtMost(5.0));
        if !figure.met() {
            slow.insert(place);
        }
        figures.push(figure);
    }
    for ((name, p99), shape) in searches.slowest().into_iter().zip(&searches.shapes) {
        let work = format!("first page, unkind data, {name}, 99 of 100");
        figures.push(Figure::plain(Goal::P6, &work, "ms", &[p99], GoalBound::AtMost(shape.goal())));
    }
    if !stage.plan.quick {
        figures.extend(searches.against_raw_sql(&database, &slow)?);
    }
    let work = "first page, unkind data, in pieces everywhere: without `partial`";
    figures.push(Figure::plain(
        Goal::P6,
        work,
        "answers",
        &[searches.complete as f64],
        GoalBound::AtMost(0.0),
    ));
    let cases: Vec<Case> = searches.timed.into_iter().map(|it| it.case).collect();
    figures.push(sequential_scans(stage, &database, ", unkind data", &cases, show_plans)?);
    Ok(figures)
}

/// So much of the requests of both, by what a time may be of its floor.
fn against_floor(what: &str, ours: &[f64], floor: &[f64], part: f64) -> Figure {
    let work = format!("first page, unkind data, {what}; floor: raw SQL");
    let [ours, floor] = [ours, floor].map(|times| quantile(times, part));
    Figure::compared(Goal::P6, &work, "ms", &[ours], &[floor], GoalBound::AtMost(MOST_OF_FLOOR))
}

/// Each shape in every sort that fits it, with filters of its own in each.
fn timed(shapes: &[Shape], samples: usize) -> Vec<TimedSearch> {
    let sorts = || SORTS.into_iter().chain([RELEVANCE]);
    let mut all = Vec::new();
    for (number, shape) in shapes.iter().enumerate() {
        for (place, sort) in sorts().enumerate() {
            let of_sort = shape.filters.iter().skip(place).step_by(sorts().count()).take(samples);
            let paths: Vec<String> =
                of_sort.map(|filter| format!("/api/v1/builds?sort={sort}{filter}")).collect();
            if sort == RELEVANCE && !paths.iter().all(|path| path.contains("&search=")) {
                continue;
            }
            let case = Case { name: format!("{sort}, {}", shape.name), paths };
            all.push(TimedSearch { shape: number, sort, case, times: Vec::new() });
        }
    }
    all
}

fn shapes() -> Vec<Shape> {
    let search = |term: &String| format!("&search={}", utf8_percent_encode(term, NON_ALPHANUMERIC));
    let searches = |terms: Vec<String>| -> Vec<String> { terms.iter().map(search).collect() };
    let of_word = |name| searches(parts(&word(name), SHORTEST));
    let half = of_word("half");
    let long = (1..=8).map(|n| word(&format!("long{n}"))).collect::<Vec<_>>().join(" ");
    let of_letters =
        ('a'..='z').chain('0'..='9').chain("абвгдежзиклмнопрстуфхцчшэюя".chars()).map(String::from).collect();
    let pairs = |some: &[&str], others: &[&str]| -> Vec<String> {
        some.iter().flat_map(|one| others.iter().map(move |other| format!("{one}{other}"))).collect()
    };
    let letters: Vec<String> = ('a'..='z').map(String::from).collect();
    let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
    let han = [
        "暗", "黑", "龙", "骑", "士", "火", "焰", "冰", "霜", "雷", "圣", "光", "影", "风", "暴", "狂", "战",
        "神",
    ];
    let cyrillic = ["во", "ин", "све", "та", "дра", "кон", "мор", "ра", "зим", "ник", "лес", "гор"];
    let emoji = ["🔥", "🐉", "🌙", "💀", "🏹", "🌊", "🌲", "🍀"];
    let nouns = [
        "anvil", "badger", "banner", "comet", "drum", "ember", "falcon", "heron", "oak", "otter", "raven",
        "wolf",
    ];
    let author = "&creator=77";
    let with_race = |before: &str| RACES.map(|race| format!("{before}&race={race}"));
    let by_author = ARCHETYPES.iter().flat_map(|it| with_race(&format!("{author}&primary_archetype={it}")));
    // Half of the builds are those with an even number, which is that of their tag, too.
    let tagged = half.iter().enumerate().map(|(n, search)| format!("&tag=tag{}{search}", n % 100 * 2));

    let shapes = [
        ("newest tenth lacks it", of_word("newlack")),
        ("oldest hundredth alone has it", of_word("oldonly")),
        ("all have it", of_word("everywhere")),
        ("one in 10,000 has it", of_word("rare")),
        ("1 character", searches(of_letters)),
        ("2 characters", searches(pairs(&letters, &letters).into_iter().step_by(5).collect())),
        ("3 characters", searches(windows(MANY_LETTERS, 3))),
        ("30 characters", searches(windows(&long, 30))),
        ("100 characters", searches(windows(&long, 100))),
        ("tag and term", tagged.collect()),
        ("author of a tenth", by_author.collect()),
        ("author of a tenth and term", half.iter().map(|search| format!("{author}{search}")).collect()),
        ("CJK names", searches(pairs(&han, &han))),
        ("Cyrillic names", searches(pairs(&cyrillic, &cyrillic))),
        ("emoji in names", searches(pairs(&emoji, &nouns))),
        ("one of 200,000 tags", (0..600).map(|n| format!("&tag=own{n}")).collect()),
        ("half have it", half),
        (PARTIAL, searches(parts(&word("pieces"), LONGER_THAN_PIECES))),
    ];
    shapes.map(|(name, filters)| Shape { name, filters }).into()
}

/// 32 letters that depend on a name, as in data/unkind.sql.
fn word(name: &str) -> String {
    let hex = format!("{:x}", Sha256::digest(name));
    let letter = |c: char| c.to_digit(10).map_or(c, |digit| char::from(b'g' + digit as u8));
    hex.chars().take(32).map(letter).collect()
}

/// All parts of a word with at least so many letters.
fn parts(word: &str, least: usize) -> Vec<String> {
    (least..=word.len()).flat_map(|length| windows(word, length)).collect()
}

/// All different parts of a text with so many characters.
fn windows(text: &str, length: usize) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let parts: BTreeSet<String> = characters.windows(length).map(|window| window.iter().collect()).collect();
    parts.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_the_one_that_the_data_holds() {
        // SELECT pg_temp.word('half');
        assert_eq!(word("half"), "ahhaegmkmpcmjnkgdnbgecfogifioiag");
        assert_eq!(windows("abcd", 3), ["abc", "bcd"]);
        assert_eq!(parts("abcd", 3), ["abc", "bcd", "abcd"]);
    }

    #[test]
    fn nothing_is_asked_for_twice() {
        let shapes = shapes();
        let all = timed(&shapes, 120);
        assert_eq!(all.len(), 18 * 5 - 2);
        let mut asked = BTreeSet::new();
        for timed in all {
            assert!(timed.case.paths.len() >= 10, "{}", timed.case.name);
            for path in &timed.case.paths {
                let (_, filter) = path.split_once('&').unwrap();
                assert!(asked.insert(filter.to_owned()), "{path}");
            }
        }
    }

    #[test]
    fn trigrams_of_a_word_are_in_its_pieces_and_longer_parts_are_not() {
        let word = word("pieces");
        let pieces: Vec<&str> = [0, 9, 18, 27].map(|at| &word[at..(at + 11).min(word.len())]).into();
        let held = |part: &String| pieces.iter().any(|piece| piece.contains(part.as_str()));
        assert!(windows(&word, 3).iter().all(held));
        assert!(!parts(&word, LONGER_THAN_PIECES).iter().any(held));
    }
}
