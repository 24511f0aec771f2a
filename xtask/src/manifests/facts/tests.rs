use serde_json::{Value, json};

use super::table::TABLE;
use super::{FILE, FactRow, Form, ManifestSources, Place, held, placed, texts, unplaced};
use crate::deploy::render::title;

/// `None` where nothing can be rendered; where `XTASK_NEEDS_KUBECTL` is set that is a failure.
fn sources() -> Option<ManifestSources> {
    match ManifestSources::read() {
        Ok(sources) => Some(sources),
        Err(error) => {
            assert!(crate::workspace::environment("XTASK_NEEDS_KUBECTL").is_none(), "{error:#}");
            eprintln!("skipped: {error:#}");
            None
        }
    }
}

/// Another value of the same kind.
fn other(value: &Value) -> Value {
    match value {
        Value::Bool(value) => json!(!value),
        Value::Number(_) => json!(1),
        Value::Array(items) => json!([items.clone(), vec![json!("other.example")]].concat()),
        Value::Object(_) => json!({"app": "other"}),
        _ => json!("other.example"),
    }
}

/// Changes the place of a row, so that it no longer holds the fact.
fn change_place(sources: &mut ManifestSources, (fact, place): FactRow) {
    let fact = sources.facts.pointer(fact).unwrap().clone();
    match place {
        Place::Field(folder, object, pointer, form) => {
            let objects = &mut sources.objects.get_mut(folder).unwrap().0;
            let object = objects.iter_mut().find(|found| title(found) == object).unwrap();
            let value = if matches!(form, Form::IsNot) { fact } else { json!("other.example") };
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            match object.pointer_mut(parent).unwrap() {
                Value::Object(map) => map.insert(key.replace("~1", "/"), value).map_or((), drop),
                Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
                _ => unreachable!("a field lies in a map or a list"),
            }
        }
        Place::File(path, template) => {
            let part = template.replace("{}", &texts(&fact)[0]);
            let text = sources.files.get_mut(path).unwrap();
            *text = text.replace(&part, "");
        }
        Place::Nowhere => {
            sources.files.insert("docs/new.md".into(), format!("https://{}/", texts(&fact)[0]));
        }
    }
}

#[test]
fn every_fact_is_where_it_is_needed() {
    let Some(sources) = sources() else { return };
    assert_eq!(placed(&sources), [""; 0]);
}

#[test]
fn a_fact_that_changes_alone_is_found_for_every_row() {
    let Some(sources) = sources() else { return };
    for row in &TABLE {
        // A name that must differ goes on to differ; its other rows hold it.
        if matches!(row.1, Place::Field(.., Form::IsNot) | Place::Nowhere) {
            continue;
        }
        let mut changed = sources.clone();
        let fact = changed.facts.pointer_mut(row.0).unwrap();
        *fact = other(fact);
        let error = held(&changed, row).expect_err(row.0);
        assert!(error.contains(FILE) && error.contains(row.0), "{error}");
    }
}

#[test]
fn a_place_that_changes_alone_is_found_for_every_row() {
    let Some(sources) = sources() else { return };
    for row in &TABLE {
        let mut changed = sources.clone();
        change_place(&mut changed, *row);
        assert!(held(&changed, row).is_err(), "{}", row.0);
    }
}

#[test]
fn a_fact_without_a_place_is_found() {
    let facts = json!({"front_end": {"origin": "https://myashes.ai"}, "printer": {"host": "p.example"}});
    assert_eq!(unplaced(&facts), [format!("{FILE}: no place is known that needs /printer/host")]);
}
