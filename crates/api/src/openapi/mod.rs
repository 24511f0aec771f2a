//! The OpenAPI document: what each handler declares, and what all routes have in common.
//!
//! `completion` adds the parts that handlers do not declare, `examples` and `examples.json` the examples.

mod completion;
mod examples;

use utoipa::OpenApi as _;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, RefOr, Required, ResponseBuilder, SecurityRequirement};

use crate::error::ErrorBody;
use crate::http::table::{Documentation, RouteSpec};

/// Text of at least one character that is no white space, without NUL.
const NON_BLANK_PATTERN: &str = r"^[^\u0000]*[^\s\u0000][^\u0000]*$";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "MyAshes API",
        description = "Character builds, votes, feedback and search analytics for Ashes of Creation.\n\n\
            A caller is a session (`X-Session-ID`, made by the service when none is sent) and, with a bearer \
            token, a player. Every error has the shape of `ErrorBody`."
    ),
    components(schemas(ErrorBody<'_>)),
)]
struct Info;

pub use completion::Document;

/// The document of these routes, complete.
#[must_use]
pub fn document(routes: Vec<RouteSpec>) -> Document {
    completion::complete(&declared(routes))
}

/// What the handlers declare, with what all routes of the API have in common.
fn declared(routes: Vec<RouteSpec>) -> OpenApi {
    let mut document = Info::openapi();
    crate::VERSION.clone_into(&mut document.info.version);
    let components = document.components.get_or_insert_default();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let token = ApiKey::Header(ApiKeyValue::new("X-Admin-Token"));
    components.add_security_scheme("admin_token", SecurityScheme::ApiKey(token));
    for RouteSpec { endpoint, documentation, .. } in routes {
        let Some(document_of) = documentation else { continue };
        let Documentation { method, mut operation, schemas } = document_of();
        if completion::is_api(endpoint.path) {
            describe(endpoint.method, &mut operation);
        }
        components.schemas.extend(schemas);
        document.paths.add_path_operation(endpoint.path, vec![method], operation);
    }
    components.schemas.values_mut().for_each(refuse_blanks);
    document
}

/// Required texts are trimmed before their length is checked, and none may contain NUL.
fn refuse_blanks(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(object)) = schema else { return };
    if object.min_length == Some(1) {
        object.pattern = Some(NON_BLANK_PATTERN.to_owned());
    }
    object.properties.values_mut().for_each(refuse_blanks);
}

/// Adds what all routes of the API have in common.
fn describe(method: &str, operation: &mut Operation) {
    let has_tag = |name: &str| operation.tags.iter().flatten().any(|tag| tag == name);
    let admin = has_tag("admin");
    let mut header = |name: &str, what: &str, pattern: Option<&str>| {
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(pattern).build();
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(what))
            .schema(Some(text))
            .build();
        operation.parameters.get_or_insert_default().push(RefOr::T(parameter));
    };
    header(
        "X-Session-ID",
        "sess_ and 24 lower-case hex characters; made by the service when it is missing",
        None,
    );
    if method == "POST" {
        let what = "1 to 255 visible ASCII characters; a repeated request gets the first answer";
        header("Idempotency-Key", what, Some("^[!-~]{1,255}$"));
    }
    let needs_player = operation.security.is_some();
    if !needs_player {
        let second = if admin { requirement("admin_token") } else { SecurityRequirement::default() };
        operation.security = Some(vec![requirement("bearer"), second]);
    }
    let in_path = |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Path);
    let names_one = operation.parameters.iter().flatten().any(in_path);
    for status in errors(method, (names_one, admin, needs_player), operation.request_body.is_some()) {
        // The completion puts the shared response in its place.
        let response = ResponseBuilder::new().build();
        operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
    }
}

fn requirement(scheme: &str) -> SecurityRequirement {
    SecurityRequirement::new(scheme, Vec::<String>::new())
}

fn errors(
    method: &str,
    (names_one, admin, needs_player): (bool, bool, bool),
    has_body: bool,
) -> impl Iterator<Item = &'static str> {
    let writes = method != "GET";
    let forbidden = admin || needs_player || matches!(method, "PATCH" | "DELETE");
    [
        (true, "400"),
        (true, "401"),
        (forbidden, "403"),
        (names_one || admin, "404"),
        (has_body, "408"),
        (writes, "409"),
        (method == "PATCH", "412"),
        (has_body, "413"),
        (has_body, "415"),
        (true, "422"),
        (true, "429"),
        (true, "500"),
        (true, "503"),
    ]
    .into_iter()
    .filter(|(applies, _)| *applies)
    .map(|(_, status)| status)
}
