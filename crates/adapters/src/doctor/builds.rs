//! Builds: whatever is stored about one besides what its owner wrote and the votes on it can be worked out from
//! those, and has to be what comes out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::alongside::{Alongside, Written};
use myashes_domain::builds::{BuildContent, Visibility};
use myashes_domain::clock::Day;
use myashes_domain::votes::{DayTally, Scores};

use super::db::boxed;
use super::facets::{self, Facet};
use super::{Conn, dialect, transaction};
use crate::doctor::{Check, Findings, Standard};
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, build_tags, builds, facets as facets_table, vote_days, votes};
use crate::sql::types::At;

/// How far a score may be from what it is worked out to be: sums of floating-point numbers depend on their
/// order.
const TOLERANCE: f64 = 1e-6;

/// What a build's owner wrote, and what is searched of it.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = builds)]
struct BuildRow {
    id: i64,
    build_id: String,
    name: String,
    description: Option<String>,
    primary_archetype: String,
    secondary_archetype: String,
    class_name: String,
    race: String,
    visibility: String,
    is_template: bool,
    tags: String,
    game_version: String,
    search_text: String,
    created_at: At,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = build_ranks)]
struct Rank {
    build: i64,
    facet: i32,
    listed: bool,
    created_at: At,
    vote_count: i64,
    rating_sum: i64,
    bayesian: f64,
    trend: f64,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = facets_table)]
struct FacetRow {
    id: i32,
    listed: bool,
    primary_archetype: String,
    secondary_archetype: String,
    class_name: String,
    class_folded: String,
    race: String,
    is_template: bool,
    game_version: String,
}

impl FacetRow {
    fn facet(self) -> Facet {
        Facet {
            listed: self.listed,
            primary_archetype: self.primary_archetype,
            secondary_archetype: self.secondary_archetype,
            class_name: self.class_name,
            class_folded: self.class_folded,
            race: self.race,
            is_template: self.is_template,
            game_version: self.game_version,
        }
    }
}

/// Everything stored about one build, next to what it should be.
struct Case {
    row: BuildRow,
    rank: Option<(Rank, Option<Facet>)>,
    tags: BTreeSet<String>,
    days: BTreeMap<Day, DayTally>,
    right: Right,
}

/// What follows from what the owner wrote and from the votes.
struct Right {
    /// `None` when the stored list cannot be read: then it is made anew from the index.
    tags: Option<Vec<String>>,
    facet: Facet,
    search_text: String,
    days: BTreeMap<Day, DayTally>,
    scores: Scores,
}

/// Looks at the builds after a row number; returns the last of them.
pub async fn examine(
    conn: &mut Conn,
    standard: Standard<'_>,
    after: i64,
    limit: usize,
    findings: &mut Findings,
) -> DbResult<Option<i64>> {
    let rows: Vec<i64> = builds::table
        .filter(builds::id.gt(after))
        .order_by(builds::id)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(builds::id)
        .load(conn)
        .await?;
    for case in cases(conn, standard, &rows).await? {
        case.note_game_data(standard, findings);
        if case.compare(findings) {
            findings.builds.push(case.row.id);
        }
    }
    Ok(rows.last().copied())
}

/// Mends builds, their narrow rows locked as a vote locks them.
pub async fn mend(conn: &mut Conn, standard: Standard<'_>, rows: &[i64]) -> DbResult<()> {
    let (rows, game) = (rows.to_vec(), standard.game.clone());
    let (ranking, searches_kept_since) = (standard.ranking, standard.searches_kept_since);
    let done = transaction(conn, Alongside::nothing(), move |conn| {
        boxed(async move {
            dialect::lock_ranks(conn, &rows).await?;
            let standard = Standard { game: &game, ranking, searches_kept_since };
            for case in cases(conn, standard, &rows).await? {
                case.mend(conn).await?;
            }
            Ok(Some(()))
        })
    });
    done.await.map(|done: Option<Written<()>>| drop(done))
}

async fn cases(conn: &mut Conn, standard: Standard<'_>, rows: &[i64]) -> DbResult<Vec<Case>> {
    let ranks: Vec<Rank> = build_ranks::table
        .filter(build_ranks::build.eq_any(rows))
        .select(Rank::as_select())
        .load(conn)
        .await?;
    let facet_ids: BTreeSet<i32> = ranks.iter().map(|rank| rank.facet).collect();
    let facets: Vec<FacetRow> = facets_table::table
        .filter(facets_table::id.eq_any(facet_ids))
        .select(FacetRow::as_select())
        .load(conn)
        .await?;
    let facets: HashMap<i32, Facet> = facets.into_iter().map(|it| (it.id, it.facet())).collect();
    let mut ranks: HashMap<i64, (Rank, Option<Facet>)> = ranks
        .into_iter()
        .map(|rank| (rank.build, (rank.clone(), facets.get(&rank.facet).cloned())))
        .collect();
    let mut tags: HashMap<i64, BTreeSet<String>> = HashMap::new();
    let found: Vec<(String, i64)> =
        build_tags::table.filter(build_tags::build.eq_any(rows)).load(conn).await?;
    for (tag, build) in found {
        tags.entry(build).or_default().insert(tag);
    }
    let mut days: HashMap<i64, BTreeMap<Day, DayTally>> = HashMap::new();
    let found: Vec<(i64, i32, i64, i64, i64)> =
        vote_days::table.filter(vote_days::build.eq_any(rows)).load(conn).await?;
    for (build, day, votes, rating_sum, weight) in found {
        days.entry(build).or_default().insert(Day(day), DayTally { votes, rating_sum, weight });
    }
    let mut right_days: HashMap<i64, BTreeMap<Day, DayTally>> = HashMap::new();
    let found: Vec<(i64, i16, At)> = votes::table
        .filter(votes::build.eq_any(rows))
        .select((votes::build, votes::rating, votes::cast_at))
        .load(conn)
        .await?;
    for (build, stars, cast_at) in found {
        let tally = DayTally::of(super::rows::rating(stars)?, cast_at.0, &standard.ranking);
        right_days.entry(build).or_default().entry(cast_at.0.day()).or_default().add(tally);
    }
    let found: Vec<BuildRow> = builds::table
        .filter(builds::id.eq_any(rows))
        .order_by(builds::id)
        .select(BuildRow::as_select())
        .load(conn)
        .await?;
    let case = |row: BuildRow| {
        let (id, right_days) = (row.id, right_days.remove(&row.id).unwrap_or_default());
        Ok(Case {
            right: Right::of(&row, right_days, standard)?,
            row,
            rank: ranks.remove(&id),
            tags: tags.remove(&id).unwrap_or_default(),
            days: days.remove(&id).unwrap_or_default(),
        })
    };
    found.into_iter().map(case).collect()
}

impl Right {
    fn of(row: &BuildRow, days: BTreeMap<Day, DayTally>, standard: Standard<'_>) -> DbResult<Self> {
        let tags: Option<Vec<String>> = serde_json::from_str(&row.tags).ok();
        let content = BuildContent {
            name: row.name.clone(),
            description: row.description.clone(),
            primary_archetype: row.primary_archetype.clone(),
            secondary_archetype: row.secondary_archetype.clone(),
            class_name: row.class_name.clone(),
            race: row.race.clone(),
            visibility: super::rows::visibility(&row.visibility)?,
            tags: vec![],
            build_data: None,
        };
        Ok(Self {
            tags,
            facet: Facet::of(&content, row.is_template, &row.game_version),
            search_text: content.search_text(standard.game),
            scores: Scores::of_days(&days, &standard.ranking),
            days,
        })
    }
}

impl Case {
    fn indexed_rightly(&self) -> bool {
        self.right
            .tags
            .as_ref()
            .is_some_and(|tags| tags.iter().cloned().collect::<BTreeSet<_>>() == self.tags)
    }

    /// Notes every difference; whether there was one.
    fn compare(&self, findings: &mut Findings) -> bool {
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
                let (stored, scores) = ((rank.vote_count, rank.rating_sum), &right.scores);
                let tally = (scores.tally.vote_count, scores.tally.rating_sum);
                if stored != tally {
                    differ(Check::Tallies, &shown_tally(stored), &shown_tally(tally));
                }
                if !close(rank.bayesian, scores.bayesian) {
                    differ(Check::RatingScores, &rank.bayesian, &scores.bayesian);
                }
                if !close(rank.trend, scores.trend) {
                    differ(Check::TrendScores, &rank.trend, &scores.trend);
                }
                let listed = self.row.visibility == Visibility::Public.name();
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
            let expected =
                right.tags.as_ref().map_or_else(|| "a list of texts".to_owned(), |it| it.join(", "));
            let found = self.tags.iter().cloned().collect::<Vec<_>>().join(", ");
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
    fn note_game_data(&self, standard: Standard<'_>, findings: &mut Findings) {
        let (row, game) = (&self.row, standard.game);
        for archetype in [&row.primary_archetype, &row.secondary_archetype] {
            if !game.archetypes.iter().any(|it| it.id == *archetype) {
                findings.note(format!("builds of an archetype that is not in the game pack: {archetype}"));
            }
        }
        if !game.races.iter().any(|it| it.id == row.race) {
            findings.note(format!("builds of a race that is not in the game pack: {}", row.race));
        }
        let class = game.classes.get(&row.primary_archetype).and_then(|it| it.get(&row.secondary_archetype));
        if class.is_some_and(|class| *class != row.class_name) {
            findings
                .note(format!("builds of a class that the game pack names otherwise: {}", row.class_name));
        }
    }

    /// Writes what is right over what is not.
    async fn mend(self, conn: &mut Conn) -> DbResult<()> {
        let indexed_rightly = self.indexed_rightly();
        let Self { row, rank, tags, days, right } = self;
        let scores = &right.scores;
        let tally = scores.tally;
        let placed = (
            build_ranks::listed.eq(right.facet.listed),
            build_ranks::created_at.eq(row.created_at),
            build_ranks::vote_count.eq(tally.vote_count),
            build_ranks::rating_sum.eq(tally.rating_sum),
            build_ranks::bayesian.eq(scores.bayesian),
            build_ranks::trend.eq(scores.trend),
        );
        // Facets are counted anew when all builds are filed.
        let facet = facets::enter_many(conn, &right.facet, 0).await?;
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
            mend_tags(conn, row.id, right.tags, tags).await?;
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
async fn mend_tags(
    conn: &mut Conn,
    row: i64,
    right: Option<Vec<String>>,
    indexed: BTreeSet<String>,
) -> DbResult<()> {
    let Some(tags) = right else {
        let list = serde_json::Value::from(indexed.into_iter().collect::<Vec<_>>()).to_string();
        diesel::update(builds::table.find(row)).set(builds::tags.eq(list)).execute(conn).await?;
        return Ok(());
    };
    diesel::delete(build_tags::table.filter(build_tags::build.eq(row))).execute(conn).await?;
    for tag in tags {
        diesel::insert_into(build_tags::table)
            .values((build_tags::tag.eq(tag), build_tags::build.eq(row)))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Whether a stored score is what it should be; what is no number never is.
fn close(stored: f64, right: f64) -> bool {
    (stored - right).abs() <= TOLERANCE
}

fn subject(check: Check) -> &'static str {
    match check {
        Check::Ranks => "narrow row",
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

fn shown_tally((votes, stars): (i64, i64)) -> String {
    format!("{votes} votes, {stars} stars")
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
