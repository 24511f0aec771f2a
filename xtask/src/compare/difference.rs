//! Two answers to the same request, side by side: status, the headers that clients rely on, body.

use super::{Pair, body};
use crate::smoke::client::{Answer, Client};

/// How closely values have to agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Both have the same data: values agree.
    Values,
    /// The values move by themselves: names and types agree.
    Shape,
    /// Each has its own copy, made at another time: values agree, times by their form.
    Copies,
}

/// Something that a client could notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `status`, `header NAME`, or `body PATH: KIND` with `[]` for every item of a list.
    pub place: String,
    pub old: String,
    pub new: String,
}

/// Compared by value. A header that names a session is compared with what was sent.
const HEADERS: [&str; 5] = [
    "Content-Type",
    "Cache-Control",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Allow",
];
const SESSION: &str = "X-Session-ID";

/// How two answers to this pair differ; `mask` takes out of a body what is different by its nature, such as a new id.
pub fn between(
    pair: &Pair,
    old: &Answer,
    new: &Answer,
    mode: Mode,
    mask: impl Fn(&mut serde_json::Value, bool),
) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut note = |place: &str, old: String, new: String| {
        if old != new {
            found.push(Difference { place: place.to_owned(), old, new });
        }
    };
    note("status", old.status.to_string(), new.status.to_string());
    for name in HEADERS {
        note(&format!("header {name}"), header(old, name), header(new, name));
    }
    note(&format!("header {SESSION}"), session(old, &pair.old), session(new, &pair.new));
    match (old.json(), new.json()) {
        (Ok(mut old), Ok(mut new)) => {
            mask(&mut old, true);
            mask(&mut new, false);
            found.extend(body::differences(&old, &new, mode));
        }
        (old, new) => {
            let shown = |json: bool| if json { "JSON" } else { "no JSON" }.to_owned();
            note("body", shown(old.is_ok()), shown(new.is_ok()));
        }
    }
    found
}

/// The first difference at each place, and how many there are.
pub fn by_place(differences: &[Difference]) -> Vec<(&Difference, usize)> {
    let mut grouped: Vec<(&Difference, usize)> = Vec::new();
    for difference in differences {
        match grouped.iter_mut().find(|(first, _)| first.place == difference.place) {
            Some((_, count)) => *count += 1,
            None => grouped.push((difference, 1)),
        }
    }
    grouped
}

/// All values of a header, in one form.
fn header(answer: &Answer, name: &str) -> String {
    let joined = answer.header(name).join(" | ");
    if joined.is_empty() {
        return "none".into();
    }
    // `Allow` is a set, and spaces in a media type mean nothing.
    let mut parts: Vec<String> = joined
        .split([',', ';'])
        .map(|part| part.trim().to_ascii_lowercase())
        .filter(|part| !part.is_empty())
        .collect();
    if name == "Allow" {
        parts.sort_unstable();
    }
    parts.join(", ")
}

/// Whether the session came back.
fn session(answer: &Answer, client: &Client) -> String {
    match answer.header(SESSION)[..] {
        [] => "none".into(),
        [value] if value == client.session() => "the one sent".into(),
        [_] => "another one".into(),
        _ => "several".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Difference, by_place};

    #[test]
    fn differences_at_one_place_are_one_line() {
        let at = |place: &str| Difference { place: place.into(), old: "1".into(), new: "2".into() };
        let all = [at("status"), at("body builds[].rating: value"), at("body builds[].rating: value")];
        let counts: Vec<usize> = by_place(&all).into_iter().map(|(_, count)| count).collect();
        assert_eq!(counts, [1, 2]);
    }
}
