//! Each field that an owner sets, from the request that sets it to every place that shows it or looks for it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::on_both;
use crate::support::knight;

struct Row {
    field: &'static str,
    created: Value,
    changed: Value,
    /// A parameter of the list that the changed value passes, and the one from before does not.
    found_by: Option<&'static str>,
}

fn row(field: &'static str, created: Value, changed: Value, found_by: Option<&'static str>) -> Row {
    Row { field, created, changed, found_by }
}

fn rows() -> Vec<Row> {
    vec![
        row("name", json!("Wall of Iron"), json!("Bulwark"), Some("search=bulwark")),
        row("description", json!("Holds the gate"), json!("Opens the way"), Some("search=opens+the+way")),
        row("primary_archetype", json!("tank"), json!("mage"), Some("primary_archetype=mage")),
        row("secondary_archetype", json!("cleric"), json!("bard"), Some("secondary_archetype=bard")),
        row("race", json!("vek"), json!("dunir"), Some("race=dunir")),
        row("tags", json!(["pve"]), json!(["siege"]), Some("tag=siege")),
        row("build_data", json!({"skills": [1]}), json!({"skills": [2]}), None),
        row("visibility", json!("unlisted"), json!("public"), None),
    ]
}

on_both! {
    async fn every_field_is_created_changed_shown_listed_found_and_exported(server) {
        let schemas = server.get("/openapi.json").await.json()["components"]["schemas"].clone();
        let rows = rows();
        // Visibility in the older service's form.
        let known: BTreeSet<&str> = rows.iter().map(|it| it.field).chain(["is_public"]).collect();
        for schema in ["NewBuild", "BuildChanges"] {
            let fields = schemas[schema]["properties"].as_object().unwrap();
            assert_eq!(fields.keys().map(String::as_str).collect::<BTreeSet<_>>(), known, "{schema}");
        }
        let listed = schemas["BuildListItem"]["properties"].as_object().unwrap();
        let first: Map<String, Value> =
            rows.iter().map(|it| (it.field.to_owned(), it.created.clone())).collect();
        let id = server.build(1, &Value::Object(first.clone())).await;
        let mut other = first;
        other.insert("visibility".into(), json!("public"));
        server.build(2, &Value::Object(other)).await;

        let path = format!("/builds/{id}");
        for Row { field, created, changed, .. } in &rows {
            assert_eq!(server.get(&path).session(1).await.expect(200).json()[field], *created, "{field}");
            server.patch(&path).session(1).json(&json!({*field: changed})).await.expect(200);
            let whole = server.get(&path).session(1).await.expect(200).json();
            assert_eq!(whole[field], *changed, "{field}");
            let mine = server.get("/builds/mine").session(1).await.expect(200).json();
            if listed.contains_key(*field) {
                assert_eq!(mine["builds"][0][field], *changed, "{field} of one's own list");
            }
            let export = server.get("/me/export").session(1).await.expect(200).json();
            assert_eq!(export["builds"][0][field], *changed, "{field} of the export");
        }
        for Row { field, found_by, .. } in &rows {
            let Some(found_by) = found_by else { continue };
            for list in ["/builds", "/builds/mine"] {
                let list = server.get(&format!("{list}?{found_by}")).session(1).await.expect(200).json();
                assert_eq!(list["total"], 1, "{found_by}: {list}");
                assert_eq!(list["builds"][0]["build_id"], *id, "{field}: {list}");
            }
        }
        let changes = schemas["BuildChanges"]["properties"].as_object().unwrap();
        let nullable = changes.iter().filter(|(_, it)| {
            it["type"].as_array().is_some_and(|types| types.contains(&json!("null")))
        });
        for (field, _) in nullable {
            let cleared = server.patch(&path).session(1).json(&json!({field: null})).await.expect(200).json();
            assert_eq!(cleared[field], Value::Null, "{field}");
        }
    }
}

on_both! {
    async fn every_text_has_the_longest_length_that_the_document_says(server) {
        let schemas = server.get("/openapi.json").await.json()["components"]["schemas"].clone();
        let fields = schemas["NewBuild"]["properties"].as_object().unwrap();
        let texts = fields.iter().filter_map(|(field, it)| Some((field, it["maxLength"].as_u64()?)));
        let texts: Vec<_> = texts.collect();
        assert!(!texts.is_empty());
        for (field, most) in texts {
            for (length, status) in [(most, 201), (most + 1, 422)] {
                let mut body = knight("Wall");
                body[field] = json!("x".repeat(usize::try_from(length).unwrap()));
                server.post("/builds").session(1).json(&body).await.expect(status);
            }
        }
    }
}
