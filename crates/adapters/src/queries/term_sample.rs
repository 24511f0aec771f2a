//! How frequent a term is, estimated from a sample of the listed builds' texts that each process holds for a while.
//!
//! The sample says two things of a term: in how many texts it stands, and in how many all of its trigrams do, which is
//! what an index of trigrams gives before the texts are compared.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use memchr::memmem::Finder;
use myashes_domain::page::MAX_COUNTED;
use myashes_domain::text::SearchTerm;

/// Texts in a sample: it distinguishes a term in one of 200 texts from one in 1,000, as query plans and totals need.
const SAMPLE_SIZE: i64 = 4_000;

/// Characters of a text that are kept, so that a sample takes 5 MiB of usual texts and 30 MiB at most.
const MAX_TEXT: usize = 600;

/// The fewest texts of a sample that may say that more builds hold a term than are counted. Where six are expected, there
/// are twenty-four once in thirty million times.
const MIN_HOLDING: u64 = 24;

/// How long a sample of a large list is used. Estimates need not be fresh: a wrong one costs one bounded attempt.
const LONGEST_LIFETIME: Duration = Duration::from_secs(300);

/// And of a small one, of which each new build is a larger part.
const SHORTEST_LIFETIME: Duration = Duration::from_secs(10);

/// Listed builds for each second that a sample is used, so that 200 creates a second change a fifth of the list meanwhile.
const LISTED_PER_SECOND: u64 = 1_000;

/// The rarest trigrams of a term, among which those for the index are chosen, and how many of them.
const MAX_COMPARED: usize = 12;
const MAX_CHOSEN: usize = 4;

/// What reading an entry of an index's list costs, and comparing a row, in units of 20 ns.
const ENTRY_COST: usize = 1;
const ROW_COST: usize = 150;

/// Three characters that follow one another.
pub type Trigram = [char; 3];

/// The sample of a process, taken anew in the background.
#[derive(Default)]
pub struct TermSampleCache {
    current: Mutex<Option<Arc<TermSample>>>,
    /// Held while the first one is taken.
    pub first: tokio::sync::Mutex<()>,
    /// Another one is being taken in the background.
    pub renewing: Arc<AtomicBool>,
}

/// The texts of some listed builds, by which the share of those that hold a term is estimated.
#[derive(Debug)]
pub struct TermSample {
    texts: Vec<String>,
    /// The texts of each creator, by their numbers.
    creators: HashMap<String, Vec<u16>>,
    /// Trigrams and the numbers of the texts that hold them (see [`posting`]), sorted.
    postings: Box<[u64]>,
    /// Listed builds when it was taken.
    listed: u64,
    /// Nothing was left out for lack of time.
    is_whole: bool,
    taken: Instant,
}

/// Builds among all that are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermEstimate {
    /// That hold the term.
    pub matches: u64,
    /// That hold its trigrams.
    pub candidates: u64,
}

impl TermSample {
    /// Of texts and creators that were read now, and how many builds are listed. One that is not whole is replaced soon.
    pub fn new(builds: Vec<(String, Option<String>)>, listed: u64, is_whole: bool) -> Self {
        let cut = |mut text: String| {
            if let Some((end, _)) = text.char_indices().nth(MAX_TEXT) {
                text.truncate(end);
            }
            text
        };
        let mut texts = vec![];
        let mut creators: HashMap<String, Vec<u16>> = HashMap::new();
        for (number, (text, creator)) in (0..u16::MAX).zip(builds) {
            texts.push(cut(text));
            if let Some(creator) = creator {
                creators.entry(creator).or_default().push(number);
            }
        }
        let mut postings = vec![];
        for (number, text) in (0..u16::MAX).zip(&texts) {
            postings.extend(trigrams(text).map(|trigram| posting(trigram, number)));
        }
        postings.sort_unstable();
        postings.dedup();
        Self { texts, creators, postings: postings.into(), listed, is_whole, taken: Instant::now() }
    }

    /// Listed builds when the sample was taken.
    pub fn listed(&self) -> u64 {
        self.listed
    }

    /// Whether more builds than are counted hold the term and are of the creator: there are four times as many such texts as
    /// there would be of just so many builds, and so many that chance cannot have brought them together. A sample that is
    /// old says nothing: after hours without a search it is still there.
    pub fn exceeds_counted(&self, term: Option<&SearchTerm>, creator: Option<&str>) -> bool {
        let enough = (4 * MAX_COUNTED * self.texts.len() as u64).div_ceil(self.listed.max(1)).max(MIN_HOLDING)
            as usize;
        let texts = match (creator, term) {
            (Some(creator), _) => self.creators.get(creator).cloned().unwrap_or_default(),
            (None, Some(term)) => self.candidates(term, |_| true),
            (None, None) => self.numbers(),
        };
        let found = match term {
            Some(term) => self.holding(term, &texts).take(enough).count(),
            None => texts.len(),
        };
        !self.is_old() && found >= enough
    }

    /// The builds among all that so many of the texts stand for.
    fn scaled(&self, texts: u64) -> u64 {
        let all = u128::from(texts) * u128::from(self.listed) / (self.texts.len().max(1) as u128);
        u64::try_from(all).unwrap_or(u64::MAX)
    }

    /// `has` says which trigrams the index has.
    pub fn estimate(&self, term: &SearchTerm, has: fn(&Trigram) -> bool) -> TermEstimate {
        let candidates = self.candidates(term, has);
        let matches = self.holding(term, &candidates).count() as u64;
        TermEstimate { matches: self.scaled(matches), candidates: self.scaled(candidates.len() as u64) }
    }

    /// The texts that hold all trigrams of the term that an index has.
    fn candidates(&self, term: &SearchTerm, has: fn(&Trigram) -> bool) -> Vec<u16> {
        let mut lists: Vec<Vec<u16>> =
            trigrams(term.needle()).filter(has).map(|it| self.texts_with(it)).collect();
        lists.sort_unstable_by_key(Vec::len);
        let all = lists.into_iter().reduce(|some, others| common(&some, &others));
        all.unwrap_or_else(|| self.numbers())
    }

    /// Those of the texts that hold the term.
    fn holding<'a>(&'a self, term: &'a SearchTerm, texts: &'a [u16]) -> impl Iterator<Item = u16> + 'a {
        let needle = Finder::new(term.needle());
        let text = |number: &u16| self.texts.get(usize::from(*number));
        texts
            .iter()
            .copied()
            .filter(move |it| text(it).is_some_and(|text| needle.find(text.as_bytes()).is_some()))
    }

    /// Of the indexed trigrams of these needles those by which an index finds the builds that hold all of them for the least
    /// work: that of reading their lists, and of comparing the rows that the lists have in common. Where no text of the sample is
    /// left, lists that are short may still exclude what the sample does not show.
    pub fn most_selective(&self, needles: &[String], is_indexed: fn(&Trigram) -> bool) -> Vec<String> {
        let all: BTreeSet<Trigram> = needles.iter().flat_map(|it| trigrams(it)).filter(is_indexed).collect();
        let mut lists: Vec<(Trigram, Vec<u16>)> =
            all.into_iter().map(|it| (it, self.texts_with(it))).collect();
        lists.sort_by_key(|(_, list)| list.len());
        lists.truncate(MAX_COMPARED);
        let short = self.texts.len() / 50;
        let (mut chosen, mut entries, mut least) = (vec![], 0, usize::MAX);
        let mut left = self.numbers();
        while chosen.len() < MAX_CHOSEN {
            let with = |(at, (_, list)): (usize, &(Trigram, Vec<u16>))| {
                let left = common(&left, list);
                ((entries + list.len()) * ENTRY_COST + left.len() * ROW_COST, at, left)
            };
            let next = lists.iter().enumerate().map(with).min_by_key(|(work, ..)| *work);
            let Some((work, at, rest)) = next else { break };
            let (trigram, list) = lists.swap_remove(at);
            if work >= least && !(left.is_empty() && list.len() <= short) {
                break;
            }
            chosen.push(String::from_iter(trigram));
            (entries, least, left) = (entries + list.len(), work, rest);
        }
        chosen
    }

    fn numbers(&self) -> Vec<u16> {
        (0..u16::MAX).take(self.texts.len()).collect()
    }

    /// The listed builds of a creator, where the sample has so many of them that chance cannot have brought them together.
    pub fn builds_of(&self, creator: &str) -> Option<u64> {
        let texts = self.creators.get(creator)?.len() as u64;
        (texts >= MIN_HOLDING).then(|| self.scaled(texts))
    }

    /// Those of them that hold the term, likewise.
    pub fn builds_of_holding(&self, creator: &str, term: &SearchTerm) -> Option<u64> {
        let texts = self.holding(term, self.creators.get(creator)?).count() as u64;
        (texts >= MIN_HOLDING).then(|| self.scaled(texts))
    }

    /// The texts that hold a trigram, by their numbers.
    fn texts_with(&self, trigram: Trigram) -> Vec<u16> {
        let (first, last) = (posting(trigram, 0), posting(trigram, u16::MAX));
        let from = self.postings.partition_point(|it| *it < first);
        let of_trigram = self.postings[from..].iter().take_while(|it| **it <= last);
        of_trigram.map(|it| (it & u64::from(u16::MAX)) as u16).collect()
    }

    pub fn is_old(&self) -> bool {
        let lifetime = Duration::from_secs(self.listed / LISTED_PER_SECOND);
        !self.is_whole || self.taken.elapsed() > lifetime.clamp(SHORTEST_LIFETIME, LONGEST_LIFETIME)
    }
}

impl TermSampleCache {
    pub fn current(&self) -> Option<Arc<TermSample>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set(&self, sample: TermSample) -> Arc<TermSample> {
        let sample = Arc::new(sample);
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&sample));
        sample
    }
}

/// What two sorted lists have in common. Lists of frequent trigrams are as long as one another.
fn common(some: &[u16], others: &[u16]) -> Vec<u16> {
    let (some, others) = if some.len() < others.len() { (some, others) } else { (others, some) };
    if 16 * some.len() < others.len() {
        return some.iter().copied().filter(|it| others.binary_search(it).is_ok()).collect();
    }
    let mut others = others.iter().peekable();
    let is_there = |it: &u16| {
        while others.next_if(|other| *other < it).is_some() {}
        others.next_if_eq(&it).is_some()
    };
    some.iter().copied().filter(is_there).collect()
}

/// The trigrams of a text.
pub fn trigrams(text: &str) -> impl Iterator<Item = Trigram> {
    let rest = |skipped| text.chars().skip(skipped);
    rest(0).zip(rest(1)).zip(rest(2)).map(|((one, two), three)| [one, two, three])
}

/// A hash of a trigram, of 48 bits, and behind it the number of a text.
fn posting([one, two, three]: Trigram, text: u16) -> u64 {
    let packed = (u64::from(one) << 42) | (u64::from(two) << 21) | u64::from(three);
    // The golden ratio spreads the bits (Knuth, The Art of Computer Programming, 6.4).
    let hash = packed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (hash & !u64::from(u16::MAX)) | u64::from(text)
}

/// One row number of each stretch of equal length, at a place that differs between them: rows may follow a pattern.
pub fn sampled_rows(first: i64, last: i64) -> Vec<i64> {
    let count = last - first + 1;
    if count <= SAMPLE_SIZE {
        return (first..=last).collect();
    }
    let stretch = count / SAMPLE_SIZE;
    (0..SAMPLE_SIZE).map(|n| first + n * count / SAMPLE_SIZE + (n * 7_919) % stretch.max(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ago(seconds: u64) -> Instant {
        Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap()
    }

    fn sample(texts: &[&str], listed: u64) -> TermSample {
        TermSample::new(texts.iter().map(|&it| (it.to_owned(), None)).collect(), listed, true)
    }

    #[test]
    fn an_estimate_tells_a_term_from_its_trigrams() {
        let texts = ["  solo  raid ", "  solorai  aidraid ", "  wall ", "  oloolo  soloraid "];
        let of =
            |raw: &str| sample(&texts, 4_000).estimate(&SearchTerm::parse(raw).unwrap().unwrap(), |_| true);
        assert_eq!(of("solo raid"), TermEstimate { matches: 1_000, candidates: 1_000 });
        assert_eq!(of("soloraid"), TermEstimate { matches: 1_000, candidates: 2_000 });
        assert_eq!(of("wa"), TermEstimate { matches: 1_000, candidates: 1_000 });
        assert_eq!(of("none"), TermEstimate { matches: 0, candidates: 0 });
        let empty = sample(&[], 0).estimate(&SearchTerm::parse("none").unwrap().unwrap(), |_| true);
        assert_eq!(empty, TermEstimate { matches: 0, candidates: 0 });
    }

    #[test]
    fn an_index_gives_candidates_by_the_trigrams_that_it_has() {
        let sample = sample(&["  ⚔  oak ", "  oak  ⚔ ", "  ⚔  elm ", "  elm "], 400);
        let of = |raw: &str, has: fn(&Trigram) -> bool| {
            sample.estimate(&SearchTerm::parse(raw).unwrap().unwrap(), has)
        };
        let without_symbols = |it: &Trigram| !it.contains(&'⚔');
        assert_eq!(of("⚔oak", |_| true), TermEstimate { matches: 100, candidates: 100 });
        assert_eq!(of("⚔oak", without_symbols), TermEstimate { matches: 100, candidates: 200 });
        assert_eq!(of("⚔", without_symbols), TermEstimate { matches: 300, candidates: 400 });
    }

    #[test]
    fn a_sample_knows_creators_of_many_builds() {
        let of = |n: u64| (String::from("  oak "), (n < 24).then(|| "77".to_owned()));
        let builds = |count: u64| (0..count).map(of).collect();
        let sample = TermSample::new(builds(240), 1_000, true);
        assert_eq!(sample.builds_of("77"), Some(100));
        assert_eq!(sample.builds_of("78"), None);
        assert_eq!(TermSample::new(builds(23), 1_000, true).builds_of("77"), None, "too few to say");
        let holding = |raw: &str| sample.builds_of_holding("77", &SearchTerm::parse(raw).unwrap().unwrap());
        assert_eq!((holding("oak"), holding("elm")), (Some(100), None));
        let exceeds = |sample: &TermSample, raw: &str, creator| {
            sample.exceeds_counted(SearchTerm::parse(raw).unwrap().as_ref(), Some(creator))
        };
        let many = TermSample::new(builds(240), 100_000, true);
        assert!(exceeds(&many, "", "77") && exceeds(&many, "oak", "77"));
        assert!(!exceeds(&many, "elm", "77") && !exceeds(&many, "", "78"));
        assert!(!exceeds(&sample, "oak", "77"), "a hundred builds");
    }

    #[test]
    fn an_index_is_asked_for_the_trigrams_that_select_most() {
        let texts = (0..2_000)
            .map(|n| {
                let rare = if n % 100 == 0 { "  wolf " } else { "  wolds " };
                (format!("  the{rare}{}", if n % 40 == 0 { "  of  oak " } else { "  of  iron " }), None)
            })
            .collect();
        let sample = TermSample::new(texts, 1_000_000, true);
        let of = |needles: &[&str]| {
            let needles: Vec<String> = needles.iter().map(|&it| it.to_owned()).collect();
            sample.most_selective(&needles, |_| true)
        };
        assert_eq!(of(&["the", "wol", "olf", " of"]), ["olf"], "the others are in all texts");
        assert_eq!(of(&["the  wolf"]), ["olf"]);
        assert_eq!(of(&["oak", "olf"]), ["olf", "oak"], "rows that are not read outweigh a list that is");
        assert_eq!(of(&["the", "wol"]), ["the"]);
        assert_eq!(of(&["zzz", "the"]), ["zzz"], "what no text of the sample holds is rare");
        assert_eq!(
            of(&["zzz", "yyy", "xxx", "www", "vvv"]).len(),
            4,
            "others may exclude what it does not show"
        );
        assert_eq!(of(&[]), [""; 0]);
    }

    #[test]
    fn a_total_is_known_to_be_capped_where_chance_cannot_have_made_it_so() {
        let sample_of = |count: usize, listed| {
            let text = |n| if n < count { "  tank " } else { "  wall " }.to_owned();
            TermSample::new((0..2_000).map(|n| (text(n), None)).collect(), listed, true)
        };
        let term = SearchTerm::parse("tank").unwrap().unwrap();
        let holding = |count, listed| sample_of(count, listed).exceeds_counted(Some(&term), None);
        assert!(holding(80, 100_000) && holding(24, 1_000_000) && holding(24, 100_000_000));
        assert!(!holding(79, 100_000), "3,950 builds, if the sample is like the whole");
        assert!(!holding(23, 1_000_000), "too few texts to say so");
        assert!(!holding(2_000, 2_000), "fewer than four times as many as are counted");
        let old = TermSample { taken: ago(600), ..sample_of(2_000, 100_000) };
        assert!(!old.exceeds_counted(Some(&term), None), "they may have been deleted since");
    }

    #[test]
    fn a_sample_of_a_small_list_is_soon_old() {
        let is_old = |listed, seconds| TermSample { taken: ago(seconds), ..sample(&[], listed) }.is_old();
        assert!(!is_old(100, 9) && is_old(100, 11));
        assert!(!is_old(50_000, 49) && is_old(50_000, 51), "it may have doubled since");
        assert!(!is_old(100_000_000, 299) && is_old(100_000_000, 301));
        assert!(TermSample::new(vec![], 100, false).is_old(), "the rest of it was not waited for");
    }

    #[test]
    fn a_sample_is_spread_over_all_rows() {
        assert_eq!(sampled_rows(1, 3), [1, 2, 3]);
        assert_eq!(sampled_rows(0, 0), [0]);
        let rows = sampled_rows(1, 1_000_000);
        assert_eq!(rows.len(), 4_000);
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]), "each once");
        assert!(rows[0] >= 1 && rows[3_999] <= 1_000_000);
    }
}
