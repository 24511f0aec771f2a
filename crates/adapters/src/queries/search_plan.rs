//! Which way a list is found: [`plan`] chooses the first one, [`Plan::fallback`] the next.
//!
//! | plan | reads | bound |
//! |---|---|---|
//! | `Facets` | an index range of the sort, the facet rows having counted it | the page |
//! | `Small` | everything that matches, by its own index, and sorts it | [`MAX_SMALL_RESULT`] matches |
//! | `Scan` | the index of the sort, comparing each row with the filter | [`scan_bound`], at most [`MAX_SCANNED_ROWS`] rows |
//! | `Index` | as `Small`, for more matches, where a scan would take longer | [`MAX_INDEXED`] matches |
//! | `LongScan` | more rows where `Scan` has ended, for matches that are known to be frequent | [`MAX_LONG_SCAN`] rows |
//!
//! A plan that reaches its bound before the page is full gives way to the next one, so that a wrong estimate costs one
//! bounded attempt. Where the last one ends, the page is what was found, and a cursor goes on behind it.

use super::dialect;

/// Matches that are held whole and sorted: as many as are counted. Some 3 ms of work.
pub const MAX_SMALL_RESULT: u64 = 1_000;

/// Rows of a sort's index that are compared with a filter: up to 5 µs each where they lie apart, so that they take 20 ms.
/// [`dialect::DENSE_ROWS`] of a dense range count as one of them.
pub const MAX_SCANNED_ROWS: u64 = 4_000;

/// The fewest rows that a scan compares before it gives way, whatever should do.
const MIN_SCANNED_ROWS: u64 = 100;

/// Matches that are collected where neither of the others will do: some 2 µs each, so that they take up to 40 ms.
pub const MAX_INDEXED: u64 = 20_000;

/// The fewest matches that count as frequent. A sample may miss half of what is there.
pub const MIN_FREQUENT: u64 = 5_000;

/// Candidates of which a part is counted: their bitmap takes some 10 ms for 20,000.
const MAX_COUNTED_CANDIDATES: u64 = 100_000;

/// Rows that are compared where matches are frequent and the first ones stand far back: the newest builds may lack what
/// most of the others have. Some tenths of a second of work. They are counted as those of [`MAX_SCANNED_ROWS`].
pub const MAX_LONG_SCAN: u64 = 100_000;

/// A way to find a part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    Facets,
    Small,
    Scan,
    Index,
    LongScan,
}

impl Plan {
    /// What is tried when these plans have reached their bounds; `None` ends the search.
    pub fn fallback(tried: &[Self], statistics: &Statistics) -> Option<Self> {
        let is_frequent = statistics.matches >= MIN_FREQUENT && !statistics.combined;
        [
            (Self::Scan, true),
            (Self::Index, statistics.candidates <= MAX_INDEXED),
            (Self::LongScan, is_frequent),
        ]
        .into_iter()
        .find(|(plan, fits)| *fits && !tried.contains(plan))
        .map(|(plan, _)| plan)
    }
}

/// What is known of a list before it is read. Everything but `filed` may be an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statistics {
    /// Listed builds that the facets let through.
    pub filed: u64,
    /// Whether the filter asks for a term, tags or a creator.
    pub narrow: bool,
    /// Builds that the indexes give before their rows are compared: at most `filed`.
    pub candidates: u64,
    /// Those of the filed builds that match.
    pub matches: u64,
    /// `matches` is a product of several shares, as of a term and a race: far too high where one excludes the other.
    pub combined: bool,
    /// Rows that follow one another in the order of the sort are likely to have been created so.
    pub is_dense: bool,
}

/// The plan to begin with, for a page that ends behind so many items.
pub fn plan(statistics: &Statistics, page_end: u64) -> Plan {
    let Statistics { narrow, candidates, .. } = *statistics;
    if candidates <= MAX_SMALL_RESULT {
        return Plan::Small;
    }
    if !narrow {
        return Plan::Facets;
    }
    // What is collected gives the total, too.
    let worth = (candidates / 2).min(MAX_SCANNED_ROWS);
    let is_collected = candidates <= MAX_INDEXED && scan_length(statistics, page_end) > worth;
    if is_collected { Plan::Index } else { Plan::Scan }
}

/// Whether up to so many matches are counted in any order, as their index gives them: where a scan would compare more rows,
/// and there are few candidates, or most of them match.
pub fn counts_by_index(statistics: &Statistics, most: u64) -> bool {
    let Statistics { narrow, candidates, matches, combined, .. } = *statistics;
    let read = most.saturating_mul(candidates) / matches.max(1);
    let most_match = !combined && candidates <= MAX_COUNTED_CANDIDATES && read <= MAX_INDEXED;
    narrow
        && scan_length(statistics, most) > candidates.min(MAX_SCANNED_ROWS)
        && (candidates <= MAX_INDEXED || most_match)
}

/// So many keys are read from the index of a sort in the time that looking one row up by its number takes.
const KEYS_OF_A_LOOK_UP: u64 = 10;

/// Up to so many keys of the sort's index are compared with the matches before these are looked up one by one, which
/// takes as long; `None` where they are not likely to be enough.
pub fn keys_compared(statistics: &Statistics, page_end: u64) -> Option<u64> {
    let most = statistics.matches.saturating_mul(KEYS_OF_A_LOOK_UP);
    (expected_rows(statistics, page_end) <= most / 2).then_some(most)
}

/// How many rows a scan compares before it gives way: where all candidates may be collected instead, four times as many as
/// should do. Where it is not likely to end, as few of a dense range as of others.
pub fn scan_bound(statistics: &Statistics, page_end: u64) -> u64 {
    let length = scan_length(statistics, page_end);
    if statistics.candidates <= MAX_INDEXED {
        return length.saturating_mul(4).clamp(MIN_SCANNED_ROWS, MAX_SCANNED_ROWS);
    }
    let is_likely = length <= MAX_SCANNED_ROWS;
    if statistics.is_dense && !is_likely { MAX_SCANNED_ROWS / dialect::DENSE_ROWS } else { MAX_SCANNED_ROWS }
}

/// What [`MAX_SCANNED_ROWS`] bounds, up to the last item of a page.
fn scan_length(statistics: &Statistics, page_end: u64) -> u64 {
    expected_rows(statistics, page_end) / if statistics.is_dense { dialect::DENSE_ROWS } else { 1 }
}

/// Rows of the sort's index up to the last item of a page, if matches are spread evenly.
pub fn expected_rows(statistics: &Statistics, page_end: u64) -> u64 {
    let rows = u128::from(page_end) * u128::from(statistics.filed) / u128::from(statistics.matches.max(1));
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// Of a list that is read in part and in order: the part of it from which on sorting all of it takes less time.
const SORTED_PART: u64 = 20;

/// Whether about so many of the filed builds are read by the index of the sort, which also passes over builds that are
/// filed elsewhere. Otherwise all of them, few enough, may be sorted.
pub fn reads_in_order(filed: u64, rows: u64) -> bool {
    filed > MAX_INDEXED || rows.saturating_mul(SORTED_PART) < filed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_found_by_what_is_known_of_it() {
        use Plan::{Facets, Index, LongScan, Scan, Small};
        const MILLION: u64 = 1_000_000;
        // Filed, narrow, candidates, matches, end of the page; the plan and those it gives way to.
        for (filed, narrow, candidates, matches, page_end, expected) in [
            (MILLION, false, MILLION, MILLION, 21, &[Facets][..]),
            (MILLION, false, MILLION, MILLION, 10_001, &[Facets]),
            (1_000, false, 1_000, 1_000, 21, &[Small, Scan, Index]),
            (0, false, 0, 0, 21, &[Small, Scan, Index]),
            (1_001, false, 1_001, 1_001, 21, &[Facets]),
            (MILLION, true, 0, 0, 21, &[Small, Scan, Index]),
            (MILLION, true, 1_000, 900, 21, &[Small, Scan, Index]),
            (MILLION, true, 1_001, 900, 21, &[Index, Scan]),
            (MILLION, true, 10_000, 4_999, 101, &[Index, Scan]),
            (MILLION, true, 6_000, 6_000, 21, &[Index, Scan, LongScan]),
            (MILLION, true, 7_000, 7_000, 21, &[Scan, Index, LongScan]),
            (MILLION, true, 4_000, 4_000, 21, &[Index, Scan]),
            (MILLION, true, 10_000, 10_000, 21, &[Scan, Index, LongScan]),
            (MILLION, true, 10_000, 10_000, 101, &[Index, Scan, LongScan]),
            (MILLION, true, 16_000, 16_000, 21, &[Scan, Index, LongScan]),
            (MILLION, true, 16_000, 16_000, 1_001, &[Index, Scan, LongScan]),
            (MILLION, true, 500_000, 500_000, 21, &[Scan, LongScan]),
            (MILLION, true, 500_000, 500_000, 1_001, &[Scan, LongScan]),
            // Everywhere in pieces, and nowhere as a whole.
            (MILLION, true, 400_000, 0, 21, &[Scan]),
            (MILLION, true, 400_000, 4_999, 21, &[Scan]),
            (25_000, true, 25_000, 12_500, 21, &[Scan, LongScan]),
            (5_000, true, 5_000, 2_500, 21, &[Scan, Index]),
            (900, true, 900, 10, 21, &[Small, Scan, Index]),
        ] {
            let statistics =
                Statistics { filed, narrow, candidates, matches, combined: false, is_dense: false };
            let mut plans = vec![plan(&statistics, page_end)];
            while plans != [Facets]
                && let Some(next) = Plan::fallback(&plans, &statistics)
            {
                plans.push(next);
            }
            assert_eq!(plans, expected, "{statistics:?}, {page_end}");
        }
    }

    #[test]
    fn keys_are_compared_where_that_is_less_than_looking_up_each_match() {
        for (candidates, matches, page_end, expected) in [
            (3_000, 3_000, 21, Some(30_000)),
            (3_000, 3_000, 101, None),
            (17_000, 17_000, 200, Some(170_000)),
            (1_500, 1_500, 21, Some(15_000)),
            (3_000, 1_400, 21, None),
            // Most candidates do not match.
            (20_000, 200, 21, None),
            (0, 0, 21, None),
        ] {
            let filed = 500_000;
            let statistics =
                Statistics { filed, narrow: true, candidates, matches, combined: false, is_dense: false };
            assert_eq!(keys_compared(&statistics, page_end), expected, "{statistics:?}, {page_end}");
        }
    }

    #[test]
    fn matches_are_counted_by_their_index_where_that_reads_less() {
        for (candidates, matches, combined, expected) in [
            // A scan meets enough of them at once.
            (500_000, 500_000, false, false),
            (250_000, 250_000, false, false),
            (100_000, 100_000, false, true),
            (16_000, 16_000, false, true),
            (16_000, 2_000, false, true),
            // Most candidates do not match.
            (100_000, 5_000, false, false),
            (100_000, 0, false, false),
            (100_000, 100_000, true, false),
            // They are few, however many match.
            (16_000, 16_000, true, true),
            (16_000, 0, false, true),
        ] {
            let (filed, narrow, is_dense) = (1_000_000, true, false);
            let statistics = Statistics { filed, narrow, candidates, matches, combined, is_dense };
            assert_eq!(counts_by_index(&statistics, 1_001), expected, "{statistics:?}");
        }
    }

    #[test]
    fn more_rows_are_scanned_where_they_lie_together() {
        let together = dialect::DENSE_ROWS;
        // Rows up to the end of the page, candidates, and the plans by rows that lie anywhere and together.
        for (rows, candidates, scattered, dense) in [
            (4_000, 20_000, Plan::Scan, Plan::Scan),
            (4_200, 20_000, Plan::Index, Plan::Scan),
            (4_000 * together, 20_000, Plan::Index, Plan::Scan),
            (4_001 * together, 20_000, Plan::Index, Plan::Index),
            (1_000 * together + 1, 2_000, Plan::Index, Plan::Scan),
            (2_001 * together, 2_000, Plan::Index, Plan::Index),
        ] {
            let of = |is_dense| {
                let (filed, narrow, matches) = (rows, true, 1);
                let of = Statistics { filed, narrow, candidates, matches, combined: false, is_dense };
                (plan(&of, 1), counts_by_index(&of, 1))
            };
            assert_eq!(of(false), (scattered, scattered == Plan::Index), "{rows}, {candidates}");
            assert_eq!(of(true), (dense, dense == Plan::Index), "{rows}, {candidates}");
        }
    }

    #[test]
    fn a_scan_that_should_have_ended_gives_way_to_what_can_be_collected() {
        for (candidates, matches, is_dense, expected) in [
            (20_000, 20_000, true, 4 * (1_050 / dialect::DENSE_ROWS)),
            (20_000, 20_000, false, 4_000),
            (20_000, 300_000, false, 280),
            (20_000, 1_000_000, true, 100),
            (20_001, 1_000_000, true, 4_000),
            (500_000, 0, true, 4_000 / dialect::DENSE_ROWS),
            (500_000, 0, false, 4_000),
        ] {
            let (filed, narrow, combined) = (1_000_000, true, false);
            let statistics = Statistics { filed, narrow, candidates, matches, combined, is_dense };
            assert_eq!(scan_bound(&statistics, 21), expected, "{statistics:?}");
        }
    }

    #[test]
    fn a_large_part_of_few_builds_may_be_sorted() {
        for (filed, rows, expected) in [
            (1_001, 21, true),
            (1_001, 51, false),
            (10_000, 100, true),
            (10_000, 2_000, false),
            (20_000, 2_000, false),
            (20_001, 20_001, true),
        ] {
            assert_eq!(reads_in_order(filed, rows), expected, "{rows} of {filed}");
        }
    }

    #[test]
    fn shares_that_are_multiplied_are_not_trusted_with_a_long_scan() {
        let statistics = Statistics {
            filed: 500_000,
            narrow: true,
            candidates: 500_000,
            matches: 250_000,
            combined: true,
            is_dense: false,
        };
        assert_eq!(plan(&statistics, 21), Plan::Scan);
        assert_eq!(Plan::fallback(&[Plan::Scan], &statistics), None);
        let alone = Statistics { combined: false, ..statistics };
        assert_eq!(Plan::fallback(&[Plan::Scan], &alone), Some(Plan::LongScan));
    }
}
