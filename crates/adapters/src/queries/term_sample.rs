//! How frequent a term is, estimated from a sample of the listed builds' texts that each process holds for a while.
//!
//! The sample says two things of a term: in how many texts it stands, and in how many all of its trigrams do, which is
//! what an index of trigrams gives before the texts are compared.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use memchr::memmem::Finder;
use myashes_domain::page::MAX_COUNTED;
use myashes_domain::text::SearchTerm;

/// Texts in a sample: it distinguishes a term in one of 200 texts from one in 2,000, as query plans need.
const SAMPLE_SIZE: i64 = 2_000;

/// Characters of a text that are kept, so that a sample takes one to two MiB at most.
const MAX_TEXT: usize = 600;

/// The fewest texts of a sample that may say that more builds hold a term than are counted.
const MIN_HOLDING: u64 = 40;

/// How long a sample is used. Estimates need not be fresh: a wrong one costs one bounded attempt.
const LIFETIME: Duration = Duration::from_secs(300);

/// A sample of a small list goes out of date sooner, since each new build is a larger part of it.
const LIFETIME_OF_SMALL: Duration = Duration::from_secs(10);

/// The sample of a process, taken anew in the background.
#[derive(Default)]
pub struct TermSampleCache {
    current: Mutex<Option<Arc<TermSample>>>,
    /// Held while the first one is taken.
    pub first: tokio::sync::Mutex<()>,
    /// Another one is being taken in the background.
    pub renewing: Arc<AtomicBool>,
}

/// See the module.
#[derive(Debug)]
pub struct TermSample {
    texts: Vec<String>,
    /// Listed builds when it was taken.
    listed: u64,
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
    /// Of texts that were read now, and how many builds are listed.
    pub fn new(texts: Vec<String>, listed: u64) -> Self {
        let cut = |mut text: String| {
            if let Some((end, _)) = text.char_indices().nth(MAX_TEXT) {
                text.truncate(end);
            }
            text
        };
        Self { texts: texts.into_iter().map(cut).collect(), listed, taken: Instant::now() }
    }

    /// Listed builds when the sample was taken.
    pub fn listed(&self) -> u64 {
        self.listed
    }

    /// Whether more builds hold the term than are counted: it stands in four times as many texts as there would be if
    /// just so many held it, and in so many that chance cannot have brought them together. A sample that is old says
    /// nothing: after hours without a search it is still there.
    pub fn exceeds_counted(&self, term: &SearchTerm) -> bool {
        let needle = Finder::new(term.needle());
        let holding = self.texts.iter().filter(|text| needle.find(text.as_bytes()).is_some()).count() as u64;
        !self.is_old() && holding >= MIN_HOLDING && self.scaled(holding) >= 4 * MAX_COUNTED
    }

    /// The builds among all that so many of the texts stand for.
    fn scaled(&self, texts: u64) -> u64 {
        let all = u128::from(texts) * u128::from(self.listed) / (self.texts.len().max(1) as u128);
        u64::try_from(all).unwrap_or(u64::MAX)
    }

    pub fn estimate(&self, term: &SearchTerm) -> TermEstimate {
        let letters: Vec<char> = term.needle().chars().collect();
        let trigrams: BTreeSet<String> = letters.windows(3).map(|three| three.iter().collect()).collect();
        let trigrams: Vec<Finder<'_>> = trigrams.iter().map(Finder::new).collect();
        let needle = Finder::new(term.needle());
        let (mut matches, mut candidates) = (0_u64, 0_u64);
        for text in &self.texts {
            if trigrams.iter().all(|trigram| trigram.find(text.as_bytes()).is_some()) {
                candidates += 1;
                matches += u64::from(needle.find(text.as_bytes()).is_some());
            }
        }
        TermEstimate { matches: self.scaled(matches), candidates: self.scaled(candidates) }
    }

    pub fn is_old(&self) -> bool {
        let small = self.listed <= SAMPLE_SIZE.unsigned_abs();
        self.taken.elapsed() > if small { LIFETIME_OF_SMALL } else { LIFETIME }
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

    fn sample(texts: &[&str], listed: u64) -> TermSample {
        TermSample::new(texts.iter().map(|&it| it.to_owned()).collect(), listed)
    }

    #[test]
    fn an_estimate_tells_a_term_from_its_trigrams() {
        let texts = ["  solo  raid ", "  solorai  aidraid ", "  wall ", "  oloolo  soloraid "];
        let of = |raw: &str| sample(&texts, 4_000).estimate(&SearchTerm::parse(raw).unwrap().unwrap());
        assert_eq!(of("solo raid"), TermEstimate { matches: 1_000, candidates: 1_000 });
        assert_eq!(of("soloraid"), TermEstimate { matches: 1_000, candidates: 2_000 });
        assert_eq!(of("wa"), TermEstimate { matches: 1_000, candidates: 1_000 });
        assert_eq!(of("none"), TermEstimate { matches: 0, candidates: 0 });
        let empty = sample(&[], 0).estimate(&SearchTerm::parse("none").unwrap().unwrap());
        assert_eq!(empty, TermEstimate { matches: 0, candidates: 0 });
    }

    #[test]
    fn a_total_is_known_to_be_capped_where_chance_cannot_have_made_it_so() {
        let sample_of = |count: usize, listed| {
            let texts =
                (0..2_000).map(|n| if n < count { "  tank " } else { "  wall " }.to_owned()).collect();
            TermSample::new(texts, listed)
        };
        let term = SearchTerm::parse("tank").unwrap().unwrap();
        let holding = |count, listed| sample_of(count, listed).exceeds_counted(&term);
        assert!(holding(80, 100_000) && holding(40, 1_000_000) && holding(40, 100_000_000));
        assert!(!holding(79, 100_000), "3,950 builds, if the sample is like the whole");
        assert!(!holding(39, 1_000_000), "too few texts to say so");
        assert!(!holding(2_000, 2_000), "fewer than four times as many as are counted");
        let old = TermSample {
            taken: Instant::now().checked_sub(2 * LIFETIME).unwrap(),
            ..sample_of(2_000, 100_000)
        };
        assert!(!old.exceeds_counted(&term), "they may have been deleted since");
    }

    #[test]
    fn a_sample_is_spread_over_all_rows() {
        assert_eq!(sampled_rows(1, 3), [1, 2, 3]);
        assert_eq!(sampled_rows(0, 0), [0]);
        let rows = sampled_rows(1, 1_000_000);
        assert_eq!(rows.len(), 2_000);
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]), "each once");
        assert!(rows[0] >= 1 && rows[1_999] <= 1_000_000);
    }
}
