//! From a row of the Python service to one that can be read here, or the reason why it cannot, for the report.

use chrono::{DateTime, NaiveDateTime};
use myashes_domain::analytics::{CountedAddress, MAX_MIN_CALLERS, SearchQuery, SearchRecord};
use myashes_domain::builds::{BuildContent, BuildName, Description, NewBuild, Owner, Visibility};
use myashes_domain::clock::Timestamp;
use myashes_domain::feedback::{Cleanup, FeedbackDraft, NewFeedback, Review, SearchMode};
use myashes_domain::game::GamePack;
use myashes_domain::ids::{BuildId, FeedbackId};
use myashes_domain::session::{Caller, SessionHash};
use myashes_domain::templates;
use myashes_domain::votes::{Rating, Vote};

use super::rows::{RawBuild, RawFeedback, RawRow as _, RawSearch, RawVote, exported_hash, session_hash};
use crate::legacy_rows::{ImportedBuild, ImportedFeedback, ImportedSearch, ImportedVote};

/// A build as it was; its class is not worked out anew, since the game may have changed since.
pub fn build(raw: &RawBuild, game: &GamePack) -> Result<ImportedBuild, String> {
    raw.check_whole()?;
    let is_template = flag(raw.is_template.as_deref());
    let class_name = text("class_name", raw.class_name.as_deref())?;
    let lower = |name, value: Option<&str>| text(name, value).map(|text| text.to_lowercase());
    let content = BuildContent {
        name: text("name", raw.name.as_deref())?,
        description: optional("description", raw.description.as_deref())?,
        primary_archetype: lower("primary_archetype", raw.primary_archetype.as_deref())?,
        secondary_archetype: lower("secondary_archetype", raw.secondary_archetype.as_deref())?,
        class_name,
        race: lower("race", raw.race.as_deref())?,
        // Whatever is not known to be public stays hidden.
        visibility: if flag(raw.is_public.as_deref()) { Visibility::Public } else { Visibility::Private },
        tags: vec![],
    };
    let id = text("build_id", raw.build_id.as_deref())?;
    let id = BuildId::parse(&id).ok_or_else(|| format!("the build_id {id:?} cannot be asked for"))?;
    if id.as_str().starts_with(templates::ID_PREFIX) && !is_template {
        return Err(format!("the build_id {id} is reserved for templates"));
    }
    let created_at = instant("created_at", raw.created_at.as_deref())?;
    let updated_at = match &raw.updated_at {
        Some(at) => instant("updated_at", Some(at))?,
        None => created_at,
    };
    let owner = if is_template {
        Owner::default()
    } else {
        Owner {
            session: raw.session_id.as_deref().filter(|id| !id.is_empty()).map(session_hash),
            player_id: optional("player_id", raw.player_id.as_deref())?,
            steam_id: optional("steam_id", raw.steam_id.as_deref())?,
            display_name: optional("steam_display_name", raw.steam_display_name.as_deref())?,
        }
    };
    let build = NewBuild {
        id,
        search_text: content.search_text(game),
        content,
        build_data: None,
        is_template,
        game_version: game.version.clone(),
        owner,
        created_at,
    };
    Ok(ImportedBuild { legacy_id: raw.id, build, updated_at })
}

/// A vote on the build of the public id `build`.
pub fn vote(raw: &RawVote, build: &str) -> Result<ImportedVote, String> {
    raw.check_whole()?;
    let vote = Vote {
        id: 0,
        session: session(raw.session_id.as_deref())?,
        player_id: optional("player_id", raw.player_id.as_deref())?,
        rating: rating(raw)?,
        cast_at: instant("created_at", raw.created_at.as_deref())?,
    };
    Ok(ImportedVote { legacy_id: raw.id, build: build.to_owned(), vote })
}

fn rating(raw: &RawVote) -> Result<Rating, String> {
    let stars = raw.rating.as_deref().and_then(|stars| stars.parse::<i64>().ok());
    let rating = stars.and_then(|stars| Rating::parse(stars).ok());
    rating.ok_or_else(|| "a rating outside of 1 to 5".to_owned())
}

pub fn feedback(raw: &RawFeedback) -> Result<ImportedFeedback, String> {
    raw.check_whole()?;
    let id = text("feedback_id", raw.feedback_id.as_deref())?;
    let id = FeedbackId::parse(&id).ok_or_else(|| format!("the feedback_id {id:?} cannot be asked for"))?;
    let rating =
        raw.rating.as_deref().and_then(|name| name.parse().ok()).ok_or("a rating other than up and down")?;
    let draft = FeedbackDraft {
        query: text("query", raw.query.as_deref())?,
        response_snippet: snippet(raw.response_snippet.as_deref())?,
        rating,
        search_mode: mode(raw.search_mode.as_deref())?,
        comment: optional("comment", raw.comment.as_deref())?,
    };
    let review = match &raw.reviewed_at {
        Some(at) => Some(Review {
            reviewed_at: instant("reviewed_at", Some(at))?,
            reviewed_by: optional("reviewed_by", raw.reviewed_by.as_deref())?.unwrap_or_default(),
        }),
        None => None,
    };
    let cleanup = Cleanup {
        flagged: flag(raw.flagged_for_cleanup.as_deref()),
        issue_url: optional("cleanup_issue_url", raw.cleanup_issue_url.as_deref())?,
    };
    let feedback = NewFeedback {
        id,
        draft,
        session: session(raw.session_id.as_deref())?,
        player_id: None,
        received_at: instant("created_at", raw.created_at.as_deref())?,
    };
    Ok(ImportedFeedback { feedback, review, cleanup })
}

pub fn search(raw: &RawSearch) -> Result<ImportedSearch, String> {
    raw.check_whole()?;
    let query = SearchQuery::parse(raw.query.as_deref().unwrap_or_default())
        .map_err(|fault| format!("query {}", fault.message))?;
    let results = raw.result_count.as_deref().and_then(|count| count.parse::<i32>().ok());
    let session = session(raw.session_id.as_deref())?;
    let record = SearchRecord {
        query,
        search_mode: mode(raw.search_mode.as_deref())?,
        result_count: results.filter(|count| *count >= 0).ok_or("a result_count outside of 0 to 2³¹−1")?,
        session,
        player_id: None,
        caller: Caller { session, player: None }.fingerprint(),
        at: instant("created_at", raw.created_at.as_deref())?,
        // The older service counted every search, and knew no addresses.
        ranked: true,
        address: CountedAddress::Own,
        min_callers: MAX_MIN_CALLERS,
    };
    Ok(ImportedSearch { record, returned: raw.session_id.as_deref().and_then(exported_hash).is_some() })
}

fn session(raw: Option<&str>) -> Result<SessionHash, String> {
    let id = raw.filter(|id| !id.is_empty()).ok_or("no session_id")?;
    Ok(session_hash(id))
}

fn mode(raw: Option<&str>) -> Result<SearchMode, String> {
    raw.and_then(|name| name.parse().ok()).ok_or_else(|| "an unknown search_mode".to_owned())
}

/// SQLite has 0 and 1 where PostgreSQL has false and true.
pub fn flag(raw: Option<&str>) -> bool {
    matches!(raw, Some("true" | "t" | "1"))
}

fn text(name: &str, raw: Option<&str>) -> Result<String, String> {
    optional(name, raw)?.ok_or_else(|| format!("no {name}"))
}

/// Cut as that of a request is.
fn snippet(raw: Option<&str>) -> Result<String, String> {
    match raw.filter(|text| !text.trim().is_empty()) {
        None => Ok(String::new()),
        Some(raw) => FeedbackDraft::response_snippet(raw)
            .map_err(|fault| format!("response_snippet {}", fault.message)),
    }
}

/// The most characters of a column's text.
fn max_length(name: &str) -> usize {
    match name {
        "name" => BuildName::MAX,
        "description" => Description::MAX,
        "query" => FeedbackDraft::QUERY_MAX,
        "comment" => FeedbackDraft::COMMENT_MAX,
        "cleanup_issue_url" => 500,
        _ => 128,
    }
}

/// Trimmed as every text here is, within the limits of today's requests.
fn optional(name: &str, raw: Option<&str>) -> Result<Option<String>, String> {
    let Some(raw) = raw else { return Ok(None) };
    if raw.contains('\0') {
        return Err(format!("a NUL character in {name}"));
    }
    let text = raw.trim();
    if text.chars().count() > max_length(name) {
        return Err(format!("{name} has more than {} characters", max_length(name)));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// What the service can have seen: trends count from 2000 on, and nothing was stored after this century.
const CENTURY: std::ops::Range<i64> = 946_684_800_000_000..4_102_444_800_000_000;

/// An instant: microseconds since 1970 (as PostgreSQL is asked for them), or a date and a time, which are in
/// UTC unless they say otherwise.
pub fn instant(name: &str, raw: Option<&str>) -> Result<Timestamp, String> {
    let raw = raw.ok_or_else(|| format!("no {name}"))?;
    let micros = raw.parse::<i64>().ok().or_else(|| {
        let normal = raw.trim().replacen('T', " ", 1);
        let naive = NaiveDateTime::parse_from_str(normal.trim_end_matches('Z'), "%Y-%m-%d %H:%M:%S%.f");
        let zoned = || DateTime::parse_from_str(&normal, "%Y-%m-%d %H:%M:%S%.f%#z");
        match naive {
            Ok(naive) => Some(naive.and_utc().timestamp_micros()),
            Err(_) => zoned().ok().map(|at| at.timestamp_micros()),
        }
    });
    let sane = micros.filter(|micros| CENTURY.contains(micros));
    sane.and_then(Timestamp::from_micros).ok_or_else(|| format!("a {name} that is no instant"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn naive_instants_are_utc() {
        let at = |raw| instant("created_at", Some(raw)).unwrap().to_string();
        assert_eq!(at("2026-01-14 09:30:00.123456"), "2026-01-14T09:30:00.123456Z");
        assert_eq!(at("2026-01-14T09:30:00"), "2026-01-14T09:30:00.000000Z");
        assert_eq!(at("2026-01-14 10:30:00+01:00"), "2026-01-14T09:30:00.000000Z");
        assert_eq!(at("1768383000123456"), "2026-01-14T09:30:00.123456Z");
        for bad in ["", "yesterday", "99999999999999999999", "9223372036854775807"] {
            assert!(instant("created_at", Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn ratings_outside_of_the_stars_are_not_live() {
        let cast = |stars: &str| {
            let raw = RawVote {
                rating: Some(stars.into()),
                session_id: Some("s".into()),
                created_at: Some("1768383000123456".into()),
                ..RawVote::default()
            };
            vote(&raw, "b_1").map(|read| read.vote.rating.stars())
        };
        assert_eq!(cast("5"), Ok(5));
        for bad in ["0", "6", "-1", "4.5", ""] {
            assert!(cast(bad).is_err(), "{bad}");
        }
    }
}
