use super::*;

fn entry(label: Option<&str>, title: &str, details: &[(&str, &str)]) -> Entry {
    Entry {
        label: label.map(str::to_owned),
        title: title.to_owned(),
        details: details.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
    }
}

#[test]
fn skills_and_gear_become_lists_and_come_first() {
    let data = BuildData::from_json(
        r#"{"role": "tank", "notes": "", "mainStat": 12,
            "gear": {"main_hand": "Mace", "chest": {"name": "Plate", "rarity": "epic", "level": 20}},
            "skills": ["Charge", {"name": "Wall", "rank": 3}]}"#,
    );
    assert_eq!(
        data.facts,
        [("Role".to_owned(), "tank".to_owned()), ("Main stat".to_owned(), "12".to_owned())]
    );
    let headings: Vec<_> = data.sections.iter().map(|it| it.heading.as_str()).collect();
    assert_eq!(headings, ["Skills", "Gear"]);
    assert_eq!(
        data.sections[0].body,
        Body::List(vec![entry(None, "Charge", &[]), entry(None, "Wall", &[("rank", "3")])])
    );
    assert_eq!(
        data.sections[1].body,
        Body::List(vec![
            entry(Some("Main hand"), "Mace", &[]),
            entry(Some("Chest"), "Plate", &[("", "epic"), ("level", "20")]),
        ])
    );
    assert!(!data.truncated);
}

#[test]
fn a_piece_of_gear_with_parts_is_an_entry_like_the_others() {
    let data = BuildData::from_json(
        r#"{"gear": {"chest": {"name": "Plate", "rarity": "epic", "stats": {"vitality": 12, "block": "3%"},
                               "sockets": ["ruby", "opal"]},
                     "main_hand": "Mace"}}"#,
    );
    let plate = [("", "epic"), ("", "Vitality 12, Block 3%"), ("sockets", "ruby, opal")];
    assert_eq!(
        data.sections[0].body,
        Body::List(vec![entry(Some("Chest"), "Plate", &plate), entry(Some("Main hand"), "Mace", &[])])
    );
    let many: Vec<String> = (0..40).map(|n| format!(r#""stat{n}": {n}"#)).collect();
    let text = format!(r#"{{"gear": {{"chest": {{"name": "Plate", "stats": {{{}}}}}}}}}"#, many.join(","));
    let whole = matches!(BuildData::from_json(&text).sections[0].body, Body::Tree(_));
    assert!(whole, "what does not fit into a line is not left out");
}

#[test]
fn a_shape_that_is_no_list_becomes_a_tree() {
    let data = BuildData::from_json(r#"{"talents": {"fire": [{"row": [1, 2]}], "ice": "none"}}"#);
    let Body::Tree(tree) = &data.sections[0].body else { panic!("a tree is expected") };
    assert_eq!(tree.nodes[0].label.as_deref(), Some("Fire"));
    assert_eq!(tree.nodes[0].children.nodes[0].value.as_deref(), Some("Row 1, 2"));
    assert_eq!(tree.nodes[1].value.as_deref(), Some("none"));
    assert!(tree.to_string().contains("<ul"));
}

#[test]
fn numbers_are_shown_as_they_were_sent() {
    let data = BuildData::from_json(r#"{"a": 1.10, "b": 123456789012345678901234567890, "c": 1e400}"#);
    let values: Vec<_> = data.facts.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(values, ["1.10", "123456789012345678901234567890", "1e400"]);
}

#[test]
fn large_data_is_bounded_and_says_so() {
    let list: Vec<String> = (0..5_000).map(|n| n.to_string()).collect();
    let nested: Vec<String> = (0..2_000).map(|n| format!("[[{n}]]")).collect();
    let text = format!(r#"{{"skills": [{}], "tree": [{}]}}"#, list.join(","), nested.join(","));
    let data = BuildData::from_json(&text);
    assert!(data.truncated);
    let Body::List(entries) = &data.sections[0].body else { panic!("a list is expected") };
    assert_eq!(entries.len(), MAX_ENTRIES);
    let Body::Tree(tree) = &data.sections[1].body else { panic!("a tree is expected") };
    assert!(tree.to_string().len() < 20_000);
}

#[test]
fn deep_data_ends_at_a_depth() {
    let text = format!(r#"{{"x": {}1{}}}"#, "[".repeat(15), "]".repeat(15));
    assert!(!BuildData::from_json(&text).is_empty());
}

#[test]
fn what_is_no_object_is_no_data() {
    for text in ["", "[]", "{", "null", "{\"a\": }", "{}", "{\"a\": [], \"b\": null}"] {
        assert!(BuildData::from_json(text).is_empty(), "{text}");
    }
}

#[test]
fn keys_become_headings() {
    assert_eq!(heading("main_hand"), "Main hand");
    assert_eq!(heading("mainHand"), "Main hand");
    assert_eq!(heading("__"), "Unnamed");
    assert_eq!(heading("\u{202e}"), "Unnamed");
    assert_eq!(heading("DPS"), "DPS");
}
