//! One build: what is stored of it, and what follows from what its owner wrote and from its votes.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::{Tags, Tally};
use myashes_domain::clock::Day;
use myashes_domain::votes::{DayTally, Scores};

use super::super::Conn;
use super::super::facets::{self, Facet};
use super::super::tags as tags_index;
use super::builds::{BuildRow, Rank};
use crate::findings::{Check, Findings, Standard};
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, build_tags, builds, vote_days};

/// How far a score may be from what it is worked out to be: sums of floating-point numbers depend on their
/// order.
const TOLERANCE: f64 = 1e-6;

/// Everything stored about one build, next to what it should be.
pub struct ConsistencyCheck {
    pub row: BuildRow,
    pub rank: Option<(Rank, Option<Facet>)>,
    /// The indexed tags, each with whether it counts as that of a listed build.
    pub tags: BTreeMap<String, bool>,
    pub days: BTreeMap<Day, DayTally>,
    pub right: Expected,
}

/// What follows from what the owner wrote and from the votes.
pub struct Expected {
    /// `None` when the stored list cannot be read: then it is made anew from the index.
    tags: Option<Vec<String>>,
    facet: Facet,
    search_text: String,
    days: BTreeMap<Day, DayTally>,
    scores: Scores,
}

impl Expected {
    pub fn of(
        row: &BuildRow,
        tally: Tally,
        days: BTreeMap<Day, DayTally>,
        standard: Standard<'_>,
    ) -> DbResult<Self> {
        let tags: Option<Vec<String>> = serde_json::from_str(&row.content.tags).ok();
        let tags = tags.map(|tags| Tags::normalized(&tags));
        let content = row.content.clone().with_tags(vec![])?;
        Ok(Self {
            tags,
            facet: Facet::of(&content, row.hidden, row.is_template, &row.game_version),
            search_text: content.search_text(standard.game),
            scores: Scores::of(tally, &days, &standard.ranking),
            days,
        })
    }
}

impl ConsistencyCheck {
    fn indexed_rightly(&self) -> bool {
        let listed = self.right.facet.listed;
        let stored: Option<Vec<String>> = serde_json::from_str(&self.row.content.tags).ok();
        if stored != self.right.tags {
            return false;
        }
        let expected = |tags: &Vec<String>| -> BTreeMap<String, bool> {
            tags.iter().map(|tag| (tag.clone(), listed)).collect()
        };
        self.right.tags.as_ref().is_some_and(|tags| self.tags == expected(tags))
    }

    /// Notes every difference; whether there was one.
    pub fn compare(&self, findings: &mut Findings) -> bool {
        let mut wrong = false;
        let id = &self.row.build_id;
        let mut differ = |check, found: &dyn std::fmt::Display, expected: &dyn std::fmt::Display| {
            wrong = true;
            findings.fault(check, format_args!("{} of {id}", subject(check)), found, expected);
        };
        let right = &self.right;
        match &self.rank {
            None => differ(Check::Ranks, &"none", &"one"),
            Some((rank, facet)) => {
                let (stored, scores) = (&rank.scores, &right.scores);
                if stored.tally() != scores.tally {
                    differ(Check::Tallies, &shown_tally(stored.tally()), &shown_tally(scores.tally));
                }
                if !close(stored.bayesian, scores.bayesian) {
                    differ(Check::RatingScores, &stored.bayesian, &scores.bayesian);
                }
                if !close(stored.trend, scores.trend) {
                    differ(Check::TrendScores, &stored.trend, &scores.trend);
                }
                let listed = right.facet.listed;
                if rank.listed != listed || rank.created_at != self.row.created_at {
                    let found = format!("listed {}, created {}", rank.listed, rank.created_at.0);
                    let expected = format!("listed {listed}, created {}", self.row.created_at.0);
                    differ(Check::Listed, &found, &expected);
                }
                if facet.as_ref() != Some(&right.facet) {
                    let found = facet.as_ref().map_or_else(|| "none".to_owned(), shown_facet);
                    differ(Check::Facets, &found, &shown_facet(&right.facet));
                }
            }
        }
        if self.days != right.days {
            differ(Check::VoteDays, &shown_days(&self.days), &shown_days(&right.days));
        }
        if !self.indexed_rightly() {
            let of = if right.facet.listed { "listed" } else { "not listed" };
            let expected = right.tags.as_ref();
            let expected = expected
                .map_or_else(|| "a list of texts".to_owned(), |it| format!("{of}: {}", it.join(", ")));
            let found = self.tags.iter().map(|(tag, listed)| format!("{tag} (listed {listed})"));
            let found = found.collect::<Vec<_>>().join(", ");
            differ(Check::Tags, &found, &expected);
        }
        if self.row.search_text != right.search_text {
            differ(
                Check::SearchText,
                &format!("{:?}", self.row.search_text),
                &format!("{:?}", right.search_text),
            );
        }
        wrong
    }

    /// Builds outlive versions of the game, so that what the pack does not know is worth a word, no more.
    pub fn note_game_data(&self, standard: Standard<'_>, findings: &mut Findings) {
        let (row, game) = (&self.row, standard.game);
        for archetype in [&row.content.primary_archetype, &row.content.secondary_archetype] {
            if !game.archetypes.iter().any(|it| it.id == *archetype) {
                findings.note(format!("builds of an archetype that is not in the game pack: {archetype}"));
            }
        }
        if !game.races.iter().any(|it| it.id == row.content.race) {
            findings.note(format!("builds of a race that is not in the game pack: {}", row.content.race));
        }
        let class = game
            .classes
            .get(&row.content.primary_archetype)
            .and_then(|it| it.get(&row.content.secondary_archetype));
        if class.is_some_and(|class| *class != row.content.class_name) {
            findings.note(format!(
                "builds of a class that the game pack names otherwise: {}",
                row.content.class_name
            ));
        }
    }

    /// Writes what is right over what is not.
    pub async fn repair(self, conn: &mut Conn) -> DbResult<()> {
        let indexed_rightly = self.indexed_rightly();
        let Self { row, rank, tags, days, right } = self;
        let scores = &right.scores;
        let [one, two, three, four, five] =
            scores.tally.stars.map(|votes| i32::try_from(votes).unwrap_or(i32::MAX));
        let placed = (
            build_ranks::listed.eq(right.facet.listed),
            build_ranks::created_at.eq(row.created_at),
            build_ranks::stars_1.eq(one),
            build_ranks::stars_2.eq(two),
            build_ranks::stars_3.eq(three),
            build_ranks::stars_4.eq(four),
            build_ranks::stars_5.eq(five),
            build_ranks::bayesian.eq(scores.bayesian),
            build_ranks::trend.eq(scores.trend),
        );
        // Facets are counted anew when all builds are filed.
        let facet = facets::make(conn, &right.facet).await?;
        facets::refold(conn, facet, &right.facet).await?;
        match rank {
            None => {
                diesel::insert_into(build_ranks::table)
                    .values((build_ranks::build.eq(row.id), build_ranks::facet.eq(facet), placed))
                    .execute(conn)
                    .await?;
            }
            Some(_) => {
                diesel::update(build_ranks::table.find(row.id))
                    .set((
                        build_ranks::facet.eq(facet),
                        placed,
                        build_ranks::tally_revision.eq(build_ranks::tally_revision + 1),
                    ))
                    .execute(conn)
                    .await?;
            }
        }
        if days != right.days {
            diesel::delete(vote_days::table.filter(vote_days::build.eq(row.id))).execute(conn).await?;
            for (day, tally) in &right.days {
                diesel::insert_into(vote_days::table)
                    .values((
                        vote_days::build.eq(row.id),
                        vote_days::day.eq(day.0),
                        vote_days::votes.eq(tally.votes),
                        vote_days::rating_sum.eq(tally.rating_sum),
                        vote_days::weight.eq(tally.weight),
                    ))
                    .execute(conn)
                    .await?;
            }
        }
        if !indexed_rightly {
            repair_tags(conn, row.id, right.tags, tags, right.facet.listed).await?;
        }
        if row.search_text != right.search_text {
            diesel::update(builds::table.find(row.id))
                .set(builds::search_text.eq(right.search_text))
                .execute(conn)
                .await?;
        }
        Ok(())
    }
}

/// The index follows the list; a list that cannot be read follows the index.
async fn repair_tags(
    conn: &mut Conn,
    row: i64,
    right: Option<Vec<String>>,
    indexed: BTreeMap<String, bool>,
    listed: bool,
) -> DbResult<()> {
    let Some(tags) = right else {
        let list = serde_json::Value::from(indexed.into_keys().collect::<Vec<_>>()).to_string();
        diesel::update(builds::table.find(row)).set(builds::tags.eq(list)).execute(conn).await?;
        return Ok(());
    };
    diesel::delete(build_tags::table.filter(build_tags::build.eq(row))).execute(conn).await?;
    let list = serde_json::Value::from(tags.clone()).to_string();
    diesel::update(builds::table.find(row)).set(builds::tags.eq(list)).execute(conn).await?;
    tags_index::put(conn, row, &tags, listed).await
}

/// Whether a stored score is what it should be; what is no number never is.
fn close(stored: f64, right: f64) -> bool {
    (stored - right).abs() <= TOLERANCE
}

fn subject(check: Check) -> &'static str {
    match check {
        Check::Ranks => "score row",
        Check::Tallies => "tally",
        Check::RatingScores => "rating score",
        Check::TrendScores => "trend",
        Check::VoteDays => "days of votes",
        Check::Listed => "listing",
        Check::Facets => "facet",
        Check::Tags => "indexed tags",
        _ => "searched text",
    }
}

fn shown_tally(tally: Tally) -> String {
    format!("{} votes, {} stars {:?}", tally.vote_count(), tally.rating_sum(), tally.stars)
}

fn shown_facet(it: &Facet) -> String {
    let listed = if it.listed { "listed" } else { "not listed" };
    let template = if it.is_template { ", template" } else { "" };
    format!(
        "{listed}, {} + {}, {}, {}, {}{template}",
        it.primary_archetype, it.secondary_archetype, it.class_name, it.race, it.game_version
    )
}

fn shown_days(days: &BTreeMap<Day, DayTally>) -> String {
    let shown = days
        .iter()
        .map(|(day, it)| format!("{day}: {} votes, {} stars, weight {}", it.votes, it.rating_sum, it.weight));
    let shown: Vec<String> = shown.collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join("; ") }
}
