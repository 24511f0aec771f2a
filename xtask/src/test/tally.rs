//! Adding up what the test programs report.

use std::fmt;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    /// Takes in one line of output; only the lines that end a test program count.
    pub fn read(&mut self, line: &str) {
        let Some((_, rest)) = line.split_once("test result: ") else { return };
        self.passed += number_before(rest, " passed");
        self.failed += number_before(rest, " failed");
    }

    pub fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split_once(word).map(|(before, _)| before).unwrap_or_default();
    let number = before.rsplit(|character: char| !character.is_ascii_digit()).next();
    number.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn results_of_all_programs_are_summed() {
        let mut tally = Tally::default();
        tally.read(
            "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.10s",
        );
        tally.read("test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        assert_eq!(tally.to_string(), "19 passed, 2 failed");
    }

    #[test]
    fn other_lines_do_not_count() {
        let mut tally = Tally::default();
        tally.read("test builds::a_build_with_5 passed ... ok");
        tally.read("running 3 tests");
        assert_eq!(tally, Tally::default());
    }
}
