//! The parts of the document that handlers do not declare: servers, tags in an order, shared headers and responses, links,
//! and schemas that generators can use.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

use super::examples;
use crate::http::limits::HEADERS as LIMIT_HEADERS;

/// The document, in the order in which people read it.
#[derive(Debug, Serialize)]
pub struct Document {
    openapi: Value,
    info: Value,
    servers: Value,
    tags: Value,
    paths: Value,
    components: Value,
}

const TAGS: [(&str, &str); 8] = [
    ("builds", "Character builds: create, list, search, read, change, delete and report them."),
    ("votes", "One to five stars from each session or player."),
    ("feedback", "Thumbs up and down on the assistant's answers."),
    ("analytics", "Searches that were made, and the most frequent ones."),
    ("accounts", "Who the caller is, claiming a session, and the caller's data."),
    ("game", "Archetypes, classes and races."),
    ("admin", "For administrators: with `X-Admin-Token`, or as a player with the role."),
    ("around the API", "Health, metrics and this document. These routes know no session."),
];

/// Status, name of the shared response, and what it means.
const ERRORS: [(&str, &str, &str); 15] = [
    ("400", "BadRequest", "It cannot be read"),
    ("401", "Unauthorized", "Credentials are missing or were found bad"),
    ("403", "Forbidden", "The caller may not do this"),
    ("404", "NotFound", "There is no such thing, or none that the caller may know of"),
    ("405", "MethodNotAllowed", "The route does not have this method; `Allow` lists those that it has"),
    ("408", "RequestTimeout", "The body did not arrive in time"),
    ("409", "Conflict", "It is there already, or a request with this `Idempotency-Key` is still running"),
    ("412", "PreconditionFailed", "It has changed meanwhile"),
    ("413", "PayloadTooLarge", "The body is larger than 64 KiB"),
    ("414", "UriTooLong", "The address is longer than 8192 bytes"),
    ("415", "UnsupportedMediaType", "The body is not JSON"),
    ("422", "ValidationError", "Fields or parameters are invalid; all of them are named"),
    ("429", "RateLimited", "A limit is reached; `details.limit` names it"),
    ("500", "InternalError", "Something went wrong in the service"),
    ("503", "ServiceUnavailable", "The service cannot answer right now"),
];

/// What a created build can be used for: a name, the operation, and whether the path is that of the build.
const LINKS: [(&str, &str); 5] = [
    ("read", "get_build"),
    ("update", "update_build"),
    ("vote", "put_vote"),
    ("report", "report_build"),
    ("delete", "delete_build"),
];

/// Whether a path belongs to the API proper, with its sessions, tokens and errors.
pub fn is_api(path: &str) -> bool {
    path.starts_with("/api/v1/") && path != "/api/v1/openapi.json"
}

/// Completes what the handlers declare.
pub fn complete(declared: &OpenApi) -> Document {
    let mut document = serde_json::to_value(declared).expect("the document is plain JSON");
    let schemas = document["components"]["schemas"].take();
    document["components"]["schemas"] = complete_schemas(schemas);
    document["components"]["headers"] = headers();
    document["components"]["responses"] = responses();
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for operation in item.as_object_mut().into_iter().flatten().map(|(_, operation)| operation) {
            complete_operation(path, operation);
        }
    }
    let created = &mut document["paths"]["/api/v1/builds"]["post"]["responses"]["201"];
    for (name, operation) in LINKS {
        created["links"][name] =
            json!({"operationId": operation, "parameters": {"id": "$response.body#/build_id"}});
    }
    open_free_objects(&mut document);
    remove_unused_schemas(&mut document);
    let tag = |(name, description): (&str, &str)| json!({"name": name, "description": description});
    let mut part = |name: &str| document[name].take();
    Document {
        openapi: part("openapi"),
        info: part("info"),
        servers: json!([{"url": "/"}]),
        tags: TAGS.into_iter().map(tag).collect(),
        paths: part("paths"),
        components: part("components"),
    }
}

/// Refers to schemas by name where the declarations repeat them, and adds examples.
fn complete_schemas(schemas: Value) -> Value {
    let Value::Object(mut schemas) = schemas else { return schemas };
    let names: Vec<String> = schemas.keys().cloned().collect();
    for name in &names {
        let Some((generic, of)) = name.split_once('_').filter(|(_, of)| names.iter().any(|it| it == of))
        else {
            continue;
        };
        let reference = json!({"$ref": format!("#/components/schemas/{of}")});
        let properties = &mut schemas[name]["properties"];
        if generic == "PageOf" {
            properties["items"]["items"] = reference;
        } else {
            properties.as_object_mut().into_iter().flatten().for_each(|(_, it)| *it = reference.clone());
        }
    }
    for (name, example) in examples::of_schemas() {
        if let Some(schema) = schemas.get_mut(&name) {
            schema["examples"] = json!([example]);
        }
    }
    Value::Object(schemas)
}

fn complete_operation(path: &str, operation: &mut Value) {
    let is_api = is_api(path);
    if !is_api {
        operation["security"] = json!([]);
    }
    let mut has_query = false;
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        if parameter["in"] == "query" {
            // An empty parameter is none, which a required one must not be.
            parameter["allowEmptyValue"] = (parameter["required"] != true).into();
            has_query = true;
        }
    }
    let is_limited = !path.contains("/health") && !matches!(path, "/ready" | "/metrics") || is_api;
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    responses.insert("405".to_owned(), Value::Null);
    if has_query {
        responses.insert("414".to_owned(), Value::Null);
    }
    if is_limited {
        responses.insert("429".to_owned(), Value::Null);
    }
    for (status, response) in responses {
        let shared = ERRORS.iter().find(|(of, ..)| of == status);
        match shared.filter(|_| response["content"].is_null()) {
            Some((_, name, _)) => *response = json!({"$ref": format!("#/components/responses/{name}")}),
            None => add_headers(response, is_api, is_limited),
        }
    }
}

fn add_headers(response: &mut Value, is_api: bool, is_limited: bool) {
    let session = ["X-Session-ID", "X-Request-ID"].into_iter().filter(|_| is_api);
    let limits = LIMIT_HEADERS.iter().map(|(name, _)| *name).filter(|_| is_api && is_limited);
    for name in session.chain(limits) {
        response["headers"][name] = header_reference(name);
    }
}

fn header_reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/headers/{name}")})
}

fn headers() -> Value {
    let text = |description: &str| json!({"description": description, "schema": {"type": "string"}});
    let mut headers = Map::new();
    headers.insert("X-Session-ID".to_owned(), text("The caller's session: the one sent, or a new one"));
    headers.insert("X-Request-ID".to_owned(), text("To be quoted in reports"));
    headers.insert("Allow".to_owned(), text("The methods of the route"));
    let seconds = json!({"type": "integer", "minimum": 0});
    headers.insert(
        "Retry-After".to_owned(),
        json!({"description": "Seconds to wait before the next try", "schema": seconds}),
    );
    for (name, description) in LIMIT_HEADERS {
        let schema = if name.starts_with("X-") { seconds.clone() } else { json!({"type": "string"}) };
        headers.insert((*name).to_owned(), json!({"description": description, "schema": schema}));
    }
    Value::Object(headers)
}

fn responses() -> Value {
    let response = |(status, name, description): (&str, &str, &str)| {
        let more: &[&str] = match status {
            "405" => &["Allow"],
            "429" | "503" => &["Retry-After"],
            _ => &[],
        };
        let limits = LIMIT_HEADERS.iter().map(|(name, _)| *name);
        let names = ["X-Session-ID", "X-Request-ID"].into_iter().chain(more.iter().copied()).chain(limits);
        let headers: Map<String, Value> =
            names.map(|name| (name.to_owned(), header_reference(name))).collect();
        let schema = json!({"$ref": "#/components/schemas/ErrorBody"});
        let content = json!({"application/json": {"schema": schema, "example": examples::of_error(status)}});
        (name.to_owned(), json!({"description": description, "headers": headers, "content": content}))
    };
    Value::Object(ERRORS.into_iter().map(response).collect())
}

/// An object of which nothing is said holds anything; without this, generators take it for an empty one.
fn open_free_objects(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let is_object = match &fields.get("type") {
                Some(Value::String(kind)) => kind == "object",
                Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "object"),
                _ => false,
            };
            let is_free =
                ["properties", "additionalProperties", "allOf"].iter().all(|it| !fields.contains_key(*it));
            if is_object && is_free {
                fields.insert("additionalProperties".to_owned(), true.into());
            }
            fields
                .iter_mut()
                .filter(|(name, _)| *name != "examples")
                .for_each(|(_, it)| open_free_objects(it));
        }
        Value::Array(items) => items.iter_mut().for_each(open_free_objects),
        _ => {}
    }
}

/// Drops schemas that are only repeated where they are needed.
fn remove_unused_schemas(document: &mut Value) {
    loop {
        let mut used = BTreeSet::new();
        collect_references(document, &mut used);
        let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
        let before = schemas.len();
        schemas.retain(|name, _| used.contains(&format!("#/components/schemas/{name}")));
        if schemas.len() == before {
            return;
        }
    }
}

fn collect_references(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(to)) = fields.get("$ref") {
                into.insert(to.clone());
            }
            fields.values().for_each(|it| collect_references(it, into));
        }
        Value::Array(items) => items.iter().for_each(|it| collect_references(it, into)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::document;

    fn value() -> Value {
        serde_json::to_value(document(crate::routes::table())).unwrap()
    }

    fn operations(document: &Value) -> Vec<(&String, &Value)> {
        let paths = document["paths"].as_object().unwrap();
        paths
            .iter()
            .flat_map(|(path, item)| item.as_object().unwrap().values().map(move |it| (path, it)))
            .collect()
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_shared_part_is_used() {
        let document = value();
        let mut used = BTreeSet::new();
        collect_references(&document, &mut used);
        for reference in &used {
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
        for kind in ["schemas", "headers", "responses"] {
            for name in document["components"][kind].as_object().unwrap().keys() {
                assert!(used.contains(&format!("#/components/{kind}/{name}")), "{kind}: {name}");
            }
        }
    }

    #[test]
    fn every_operation_has_one_of_the_tags_a_refusal_and_its_security() {
        let document = value();
        for (path, operation) in operations(&document) {
            let tag = operation["tags"][0].as_str().unwrap();
            assert!(TAGS.iter().any(|(name, _)| *name == tag), "{path}: {tag}");
            assert!(operation["security"].is_array(), "{path}");
            assert!(operation.as_object().unwrap().values().all(|it| !it.is_null()), "{path}");
            assert!(!operation["responses"]["405"].is_null(), "{path}");
        }
    }

    #[test]
    fn every_example_is_that_of_a_schema() {
        let document = value();
        for (name, example) in examples::of_schemas() {
            assert_eq!(document["components"]["schemas"][&name]["examples"][0], example, "{name}");
        }
    }

    /// The objects of an example, with their schemas.
    fn objects<'a>(
        document: &'a Value,
        schema: &'a Value,
        example: &'a Value,
    ) -> Vec<(&'a Value, &'a Value)> {
        let schema = match schema["$ref"].as_str() {
            Some(reference) => document.pointer(&reference[1..]).unwrap(),
            None => schema,
        };
        match example {
            Value::Array(items) => {
                items.iter().flat_map(|it| objects(document, &schema["items"], it)).collect()
            }
            Value::Object(fields) if schema["properties"].is_object() => {
                let parts =
                    fields.iter().flat_map(|(name, it)| objects(document, &schema["properties"][name], it));
                [(schema, example)].into_iter().chain(parts).collect()
            }
            _ => vec![],
        }
    }

    #[test]
    fn every_example_has_the_fields_of_its_schema() {
        let document = value();
        for (name, example) in examples::of_schemas() {
            for (schema, object) in objects(&document, &document["components"]["schemas"][&name], &example) {
                let has = |field: &str| object.get(field).is_some();
                for field in schema["required"].as_array().into_iter().flatten() {
                    assert!(has(field.as_str().unwrap()), "{name} lacks {field}: {object}");
                }
                for field in object.as_object().unwrap().keys() {
                    assert!(!schema["properties"][field].is_null(), "{name} has no {field}");
                }
            }
        }
    }

    #[test]
    fn links_of_a_created_build_name_operations() {
        let document = value();
        let ids: Vec<&Value> = operations(&document).iter().map(|(_, it)| &it["operationId"]).collect();
        let links = &document["paths"]["/api/v1/builds"]["post"]["responses"]["201"]["links"];
        assert_eq!(links.as_object().unwrap().len(), LINKS.len());
        for (name, operation) in LINKS {
            assert!(ids.iter().any(|id| **id == operation), "{operation}");
            assert_eq!(links[name]["operationId"], operation);
        }
    }

    #[test]
    fn free_objects_are_open() {
        let document = value();
        let schema = |path: &str| document["components"]["schemas"].pointer(path).unwrap().clone();
        for path in [
            "/Build/properties/build_data",
            "/NewBuild/properties/build_data",
            "/ErrorBody/properties/details",
            "/AuditLine/properties/details",
            "/Export/properties/builds/items",
        ] {
            assert_eq!(schema(path)["additionalProperties"], true, "{path}");
        }
        assert_eq!(
            schema("/PageOf_AuditLine/properties/items/items")["$ref"],
            "#/components/schemas/AuditLine"
        );
    }
}
