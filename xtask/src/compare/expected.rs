//! The differences that are meant, each with its reason.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    #[serde(default, rename = "difference")]
    rules: Vec<ExpectedDifference>,
}

/// `*` stands for any text, in both patterns.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedDifference {
    case: String,
    place: String,
    reason: String,
}

impl Expected {
    pub fn read(file: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text).with_context(|| format!("{} is not understood", file.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let expected: Self = toml::from_str(text)?;
        for rule in &expected.rules {
            ensure!(rule.reason.trim().len() > 9, "{} at {} has no reason", rule.case, rule.place);
            ensure!(rule.place != "*" || rule.case != "*", "a rule that expects everything is none");
        }
        Ok(expected)
    }

    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// The first rule that expects this, by its number.
    pub fn reason(&self, case: &str, place: &str) -> Option<(usize, &str)> {
        let mut rules = self.rules.iter().enumerate();
        let meant = |rule: &ExpectedDifference| matches(&rule.case, case) && matches(&rule.place, place);
        rules.find(|(_, rule)| meant(rule)).map(|(index, rule)| (index, rule.reason.as_str()))
    }

    /// The rules that nothing was expected by, as `case: place`.
    pub fn unused(&self, used: &[bool]) -> Vec<String> {
        let unused = self.rules.iter().zip(used).filter(|(_, used)| !**used);
        unused.map(|(rule, _)| format!("{}: {}", rule.case, rule.place)).collect()
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(start) else { return false };
    // Each place where the rest of the pattern may begin.
    (0..=text.len()).filter(|at| text.is_char_boundary(*at)).any(|at| matches(rest, &text[at..]))
}

#[cfg(test)]
mod tests {
    use super::{Expected, matches};

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("body *.created_at: *", "body builds[].created_at: form of a time"));
        assert!(matches("*", ""));
        assert!(!matches("body *", "status"));
        assert!(!matches("status", "status: more"));
    }

    #[test]
    fn a_rule_without_a_reason_or_for_everything_is_refused() {
        let rule = |case: &str, reason: &str| {
            format!("[[difference]]\ncase = \"{case}\"\nplace = \"*\"\nreason = \"{reason}\"\n")
        };
        assert!(Expected::parse(&rule("list", "the ranks are others")).is_ok());
        assert!(Expected::parse(&rule("list", "")).is_err());
        assert!(Expected::parse(&rule("*", "everything is fine")).is_err());
    }
}
