//! Each field that an owner sets, from the request that sets it to every place that shows it or looks for it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::on_both;
use crate::support::{TestServer, knight};

struct Row {
    field: &'static str,
    created: Value,
    changed: Value,
    /// A parameter of the list that the changed value passes, and the one from before does not.
    found_by: Option<&'static str>,
}

fn row(
    field: &'static str,
    created: Value,
    changed: Value,
    found_by: impl Into<Option<&'static str>>,
) -> Row {
    Row { field, created, changed, found_by: found_by.into() }
}

fn rows() -> Vec<Row> {
    vec![
        row("name", json!("Wall of Iron"), json!("Bulwark"), "search=bulwark"),
        row("description", json!("Holds the gate"), json!("Opens the way"), "search=opens+the+way"),
        row("primary_archetype", json!("tank"), json!("mage"), "primary_archetype=mage"),
        row("secondary_archetype", json!("cleric"), json!("bard"), "secondary_archetype=bard"),
        row("race", json!("vek"), json!("dunir"), "race=dunir"),
        row("tags", json!(["pve"]), json!(["siege"]), "tag=siege"),
        row("build_data", json!({"skills": [1]}), json!({"skills": [2]}), None),
        row("visibility", json!("unlisted"), json!("public"), None),
    ]
}

/// What no list shows.
const OF_WHOLE_BUILDS: [&str; 3] = ["build_data", "visibility", "is_public"];

/// The parameters by which fields are found, and their fields.
fn filters(rows: &[Row]) -> Vec<(&'static str, &'static str)> {
    rows.iter().filter_map(|it| Some((it.found_by?, it.field))).collect()
}

/// A build with the changed values of these fields.
fn build(rows: &[Row], is_changed: impl Fn(&str) -> bool) -> Value {
    let value = |it: &Row| if is_changed(it.field) { it.changed.clone() } else { it.created.clone() };
    Value::Object(rows.iter().map(|it| (it.field.to_owned(), value(it))).collect())
}

async fn schemas(server: &TestServer) -> Value {
    server.get("/openapi.json").await.json()["components"]["schemas"].clone()
}

fn properties<'a>(schemas: &'a Value, schema: &str) -> &'a Map<String, Value> {
    schemas[schema]["properties"].as_object().unwrap()
}

fn is_nullable(property: &Value) -> bool {
    property["type"].as_array().is_some_and(|types| types.contains(&json!("null")))
}

fn set_of(texts: impl Iterator<Item = String>) -> BTreeSet<String> {
    texts.collect()
}

on_both! {
    async fn every_field_is_created_changed_shown_listed_found_and_exported(server) {
        let (schemas, rows) = (schemas(server).await, rows());
        let listed = properties(&schemas, "BuildListItem");
        let first = build(&rows, |_| false);
        // One's own, too, is left out where another value is asked for.
        server.build(1, &first).await;
        let id = server.build(1, &first).await;
        server.build(2, &build(&rows, |field| field == "visibility")).await;

        let path = format!("/builds/{id}");
        for Row { field, created, changed, .. } in &rows {
            assert_eq!(server.get(&path).session(1).await.expect(200).json()[field], *created, "{field}");
            server.patch(&path).session(1).json(&json!({*field: changed})).await.expect(200);
            let whole = server.get(&path).session(1).await.expect(200).json();
            assert_eq!(whole[field], *changed, "{field}");
            if let Some(text) = changed.as_str() {
                let spaced = json!({*field: format!(" {text} ")});
                let reply = server.patch(&path).session(1).json(&spaced).await;
                assert!(reply.status == 422 || reply.json()[field] == *changed, "{field} is trimmed");
            }
            let mine = server.get("/builds/mine").session(1).await.expect(200).json();
            if listed.contains_key(*field) {
                assert_eq!(mine["builds"][0][field], *changed, "{field} of one's own list");
            }
            let export = server.get("/me/export").session(1).await.expect(200).json();
            assert_eq!(export["builds"][1][field], *changed, "{field} of the export");
        }
        for (found_by, field) in filters(&rows) {
            for list in ["/builds", "/builds/mine"] {
                let list = server.get(&format!("{list}?{found_by}")).session(1).await.expect(200).json();
                assert_eq!(list["total"], 1, "{found_by}: {list}");
                assert_eq!(list["builds"][0]["build_id"], *id, "{field}: {list}");
            }
        }
        let answers = [
            ("Build", server.get(&path).session(1).await.expect(200).json()),
            ("BuildListItem", server.get("/builds").await.expect(200).json()["builds"][0].clone()),
        ];
        for (schema, answer) in answers {
            let required = schemas[schema]["required"].as_array().unwrap().iter();
            let required = set_of(required.map(|it| it.as_str().unwrap().to_owned()));
            assert_eq!(set_of(answer.as_object().unwrap().keys().cloned()), required, "{schema}");
        }
        for (field, _) in properties(&schemas, "BuildChanges").iter().filter(|(_, it)| is_nullable(it)) {
            let cleared = server.patch(&path).session(1).json(&json!({field: null})).await.expect(200).json();
            assert_eq!(cleared[field], Value::Null, "{field}");
        }
    }
}

on_both! {
    async fn creates_and_changes_take_the_same_fields_of_which_lists_show_most(server) {
        let (schemas, rows) = (schemas(server).await, rows());
        // Visibility in the older service's form.
        let known = set_of(rows.iter().map(|it| it.field).chain(["is_public"]).map(str::to_owned));
        let [new, changes] = ["NewBuild", "BuildChanges"].map(|schema| properties(&schemas, schema));
        assert_eq!(set_of(new.keys().cloned()), known);
        assert_eq!(set_of(changes.keys().cloned()), known);
        for field in &known {
            let of = |fields: &Map<String, Value>| {
                let mut property = fields[field].as_object().unwrap().clone();
                property.retain(|name, _| name != "description" && name != "example");
                property
            };
            assert_eq!(of(new), of(changes), "{field}");
            let is_listed = properties(&schemas, "BuildListItem").contains_key(field);
            assert_ne!(is_listed, OF_WHOLE_BUILDS.contains(&field.as_str()), "{field}");
        }
        let not_found: Vec<&str> = rows.iter().filter(|it| it.found_by.is_none()).map(|it| it.field).collect();
        assert_eq!(not_found, ["build_data", "visibility"], "the others have a filter");
    }
}

on_both! {
    async fn filters_are_combined_and_cursors_are_bound_to_them(server) {
        let rows = rows();
        let filters = filters(&rows);
        // Builds that lack one of the changed values, for each of them.
        for (_, lacking) in &filters {
            server.build(1, &build(&rows, |field| field != *lacking)).await;
        }
        let list = async |parameters: &str| {
            server.get(&format!("/builds?limit=1&{parameters}")).await.expect(200).json()
        };
        let unfiltered = list("").await["next_cursor"].as_str().unwrap().to_owned();
        for (at, (one, _)) in filters.iter().enumerate() {
            server.get(&format!("/builds?limit=1&{one}&cursor={unfiltered}")).await.expect(400);
            let (name, value) = one.split_once('=').unwrap();
            for (other, _) in filters[at + 1..].iter().filter(|(other, _)| !other.starts_with(name)) {
                let found = list(&format!("{one}&{other}")).await;
                assert_eq!(found["total"], filters.len() - 2, "{one}&{other}: {found}");
            }
            // A term is one value, whatever stands in it.
            if name != "search" {
                let found = list(&format!("{one},zz")).await;
                let cursor = found["next_cursor"].as_str().unwrap();
                list(&format!("{name}=zz,{value},zz&cursor={cursor}")).await;
            }
        }
    }
}

on_both! {
    async fn every_field_refuses_other_types_and_null_where_the_document_does(server) {
        let schemas = schemas(server).await;
        let path = format!("/builds/{}", server.build(1, &knight("Wall")).await);
        for (field, property) in properties(&schemas, "NewBuild") {
            let types = [&property["type"], &property["type"][0]];
            let is_text = types.contains(&&json!("string")) || property["$ref"].is_string();
            let wrong = json!({field: if is_text { json!(5) } else { json!("text") }});
            let mut body = knight("Wall");
            body[field] = wrong[field].clone();
            let created = server.post("/builds").session(1).json(&body).await.expect(422);
            let changed = server.patch(&path).session(1).json(&wrong).await.expect(422);
            for refused in [created, changed] {
                assert_eq!(refused.faults(), [format!("{field}:type")]);
            }
            body[field] = Value::Null;
            let status = if is_nullable(property) { 201 } else { 422 };
            server.post("/builds").session(1).json(&body).await.expect(status);
        }
    }
}

on_both! {
    async fn every_text_has_the_lengths_that_the_document_says(server) {
        let schemas = schemas(server).await;
        let texts = properties(&schemas, "NewBuild").iter();
        let texts = texts.filter_map(|(field, it)| Some((field, it["maxLength"].as_u64()?, &it["minLength"])));
        let texts: Vec<_> = texts.collect();
        assert!(!texts.is_empty());
        let path = format!("/builds/{}", server.build(1, &knight("Wall")).await);
        for (field, most, least) in texts {
            let too_short = least.as_u64().map(|least| (least - 1, 422, 422));
            let cases = [(most, 201, 200), (most + 1, 422, 422)].into_iter().chain(too_short);
            for (length, created, changed) in cases {
                let text = json!("x".repeat(usize::try_from(length).unwrap()));
                let mut body = knight("Wall");
                body[field] = text.clone();
                server.post("/builds").session(1).json(&body).await.expect(created);
                server.patch(&path).session(1).json(&json!({field: text})).await.expect(changed);
            }
        }
    }
}
