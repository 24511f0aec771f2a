//! Two JSON bodies: what the older one promises and the newer one has to keep. Further keys are no difference.

use serde_json::{Map, Value};

use super::difference::{Difference, Mode};

/// By these keys the items of two lists are matched; the first that an item has counts.
const IDS: [&str; 5] = ["build_id", "feedback_id", "query", "date", "field"];
const LONGEST_SHOWN: usize = 60;

pub fn differences(old: &Value, new: &Value, mode: Mode) -> Vec<Difference> {
    let mut walk = Walk { mode, found: Vec::new() };
    walk.value("", old, new);
    walk.found
}

struct Walk {
    mode: Mode,
    found: Vec<Difference>,
}

impl Walk {
    fn note(&mut self, path: &str, kind: &str, old: &str, new: &str) {
        let place = if path.is_empty() { format!("body: {kind}") } else { format!("body {path}: {kind}") };
        let shown = |text: &str| text.chars().take(LONGEST_SHOWN).collect();
        self.found.push(Difference { place, old: shown(old), new: shown(new) });
    }

    fn value(&mut self, path: &str, old: &Value, new: &Value) {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => self.object(path, old, new),
            (Value::Array(old), Value::Array(new)) => self.list(path, old, new),
            (Value::String(old), Value::String(new)) => self.text(path, old, new),
            // What may be null in one answer may be null in the other.
            (Value::Null, _) | (_, Value::Null) if self.mode == Mode::Shape => {}
            (Value::Null, _) | (_, Value::Null) if old != new => self.unequal(path, "value", old, new),
            _ if kind(old) != kind(new) => self.unequal(path, "type", old, new),
            _ if self.mode == Mode::Shape || is_equal(old, new) => {}
            _ => self.unequal(path, "value", old, new),
        }
    }

    fn unequal(&mut self, path: &str, kind: &str, old: &Value, new: &Value) {
        self.note(path, kind, &old.to_string(), &new.to_string());
    }

    fn object(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        for (key, old) in old {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            match new.get(key) {
                Some(new) => self.value(&path, old, new),
                None => self.note(&path, "missing", &old.to_string(), "nothing"),
            }
        }
    }

    fn list(&mut self, path: &str, old: &[Value], new: &[Value]) {
        let path = format!("{path}[]");
        let Some(id) = id_of(old, new) else {
            if old.len() != new.len() && self.mode != Mode::Shape {
                self.note(&path, "length", &old.len().to_string(), &new.len().to_string());
            }
            for (old, new) in old.iter().zip(new) {
                self.value(&path, old, new);
            }
            return;
        };
        if self.mode == Mode::Shape {
            if let (Some(old), Some(new)) = (old.first(), new.first()) {
                self.value(&path, old, new);
            }
            return;
        }
        let find = |items: &[Value], item: &Value| items.iter().position(|other| other[id] == item[id]);
        let mut places = Vec::new();
        for old in old {
            match find(new, old) {
                Some(place) => {
                    places.push(place);
                    self.value(&path, old, &new[place]);
                }
                None => self.note(&path, "missing item", &old[id].to_string(), "nothing"),
            }
        }
        for new in new.iter().filter(|new| find(old, new).is_none()) {
            self.note(&path, "further item", "nothing", &new[id].to_string());
        }
        if !places.is_sorted() {
            self.note(&path, "order", "as listed", "another");
        }
    }

    fn text(&mut self, path: &str, old: &str, new: &str) {
        let (Some(old_time), Some(new_time)) = (Time::parse(old), Time::parse(new)) else {
            if old != new && self.mode != Mode::Shape {
                self.note(path, "value", old, new);
            }
            return;
        };
        if old_time.zone != new_time.zone || old_time.digits != new_time.digits {
            self.note(path, "form of a time", old, new);
        }
        if self.mode == Mode::Values && old_time.instant != new_time.instant {
            self.note(path, "value", old, new);
        }
    }
}

fn id_of(old: &[Value], new: &[Value]) -> Option<&'static str> {
    let mut all = old.iter().chain(new);
    let first = all.next()?;
    IDS.into_iter().find(|id| first.get(id).is_some())
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// 4 and 4.0 are one number.
fn is_equal(old: &Value, new: &Value) -> bool {
    old == new || matches!((old.as_f64(), new.as_f64()), (Some(old), Some(new)) if old == new)
}

/// An RFC 3339 time, or one without a zone, taken apart.
struct Time<'a> {
    /// To the second, and the fraction without zeros at its end.
    instant: (&'a str, &'a str),
    digits: usize,
    /// Zulu is written in two ways, and what has no zone is read as local time.
    zone: &'a str,
}

impl<'a> Time<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (seconds, rest) = text.split_at_checked(19)?;
        let like = seconds.bytes().zip(*b"0000-00-00T00:00:00");
        let is_time = like
            .into_iter()
            .all(|(byte, form)| if form == b'0' { byte.is_ascii_digit() } else { byte == form });
        let fraction_end = rest.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(rest.len());
        let (fraction, zone) = rest.split_at(fraction_end);
        let zone_known = zone.is_empty() || zone == "Z" || zone.starts_with(['+', '-']);
        (is_time && zone_known).then_some(Self {
            instant: (seconds, fraction.trim_end_matches('0').trim_end_matches('.')),
            digits: fraction.len().saturating_sub(1),
            zone,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Mode, differences};

    fn places(old: &Value, new: &Value, mode: Mode) -> Vec<String> {
        differences(old, new, mode).into_iter().map(|difference| difference.place).collect()
    }

    #[test]
    fn a_further_key_is_no_difference_and_a_missing_one_is() {
        let (small, large) = (json!({"a": 1}), json!({"a": 1, "b": 2}));
        assert_eq!(places(&small, &large, Mode::Values), [""; 0]);
        assert_eq!(places(&large, &small, Mode::Values), ["body b: missing"]);
    }

    #[test]
    fn items_are_matched_by_their_id_in_any_order() {
        let old = json!({"builds": [{"build_id": "a", "rating": 4}, {"build_id": "b", "rating": 3}]});
        let new = json!({"builds": [{"build_id": "b", "rating": 3.0}, {"build_id": "a", "rating": 5}]});
        assert_eq!(places(&old, &new, Mode::Values), ["body builds[].rating: value", "body builds[]: order"]);
        let fewer = json!({"builds": [{"build_id": "b", "rating": 3}]});
        assert_eq!(places(&old, &fewer, Mode::Values), ["body builds[]: missing item"]);
        assert_eq!(places(&fewer, &old, Mode::Values), ["body builds[]: further item"]);
    }

    #[test]
    fn values_that_move_are_compared_by_type() {
        let old = json!({"count": 1, "queries": [{"query": "a", "count": 2}]});
        assert_eq!(places(&old, &json!({"count": 9, "queries": []}), Mode::Shape), [""; 0]);
        assert_eq!(places(&old, &json!({"count": "9", "queries": []}), Mode::Shape), ["body count: type"]);
    }

    #[test]
    fn the_form_of_a_time_is_distinguished_from_its_value() {
        let time = |text: &str| json!({"created_at": text});
        let old = time("2026-01-14T09:30:00.123400");
        assert_eq!(
            places(&old, &time("2026-01-14T09:30:00.123400Z"), Mode::Values),
            ["body created_at: form of a time"]
        );
        let later = time("2026-01-15T09:30:00.123400");
        assert_eq!(places(&old, &later, Mode::Values), ["body created_at: value"]);
        assert_eq!(places(&old, &later, Mode::Copies), [""; 0]);
    }
}
