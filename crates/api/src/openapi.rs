//! The OpenAPI document, made from the code: each handler says what is its own, and what all routes have in
//! common is added here.

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder};
use utoipa::openapi::{PathItem, SecurityRequirement};
use utoipa::{Modify, OpenApi as _};

use crate::error::ErrorBody;
use crate::http::vocabulary::SAYS_SOMETHING;
use crate::routes::{accounts, analytics, builds, feedback, game, meta, moderation, votes};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "MyAshes API",
        description = "Character builds, votes, feedback and search analytics for Ashes of Creation.\n\n\
            A caller is a session (`X-Session-ID`, made by the service when none is sent) and, with a bearer \
            token, a player. Every error has the shape of `Error`."
    ),
    paths(
        builds::create, builds::lists::list, builds::lists::popular, builds::lists::templates,
        builds::lists::mine, builds::read, builds::update, builds::delete,
        votes::cast, votes::put, votes::withdraw, votes::view, votes::mine,
        feedback::record, analytics::record, analytics::popular,
        accounts::status, accounts::claim, accounts::export::export, accounts::erase,
        game::read, moderation::reports::report,
        moderation::feedback::list, moderation::feedback::read, moderation::feedback::review,
        moderation::feedback::unreview, moderation::feedback::summary, moderation::feedback::patterns,
        moderation::feedback::trends, moderation::export::export,
        moderation::queries::zero_results, moderation::queries::hidden, moderation::queries::hide,
        moderation::queries::unhide,
        moderation::builds::list, moderation::builds::delete, moderation::votes::list,
        moderation::votes::delete, moderation::votes::delete_many, moderation::hidden::hide, moderation::hidden::restore,
        moderation::reports::list, moderation::reports::resolve, moderation::reports::audit,
        meta::root, meta::health::health, meta::health::database, meta::health::ready, meta::metrics_text,
        meta::docs::document, meta::docs::index,
    ),
    components(schemas(ErrorBody<'_>)),
    modifiers(&Common),
)]
struct Document;

/// The document, complete.
#[must_use]
pub fn document() -> OpenApi {
    Document::openapi()
}

/// What all routes have in common.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut OpenApi) {
        crate::VERSION.clone_into(&mut document.info.version);
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let token = ApiKey::Header(ApiKeyValue::new("X-Admin-Token"));
        components.add_security_scheme("admin_token", SecurityScheme::ApiKey(token));
        for schema in components.schemas.values_mut() {
            refuse_blanks(schema);
        }
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in operations(item) {
                describe(path, method, operation);
            }
        }
    }
}

/// Texts that must say something are trimmed before their length is checked, and none may hold NUL.
fn refuse_blanks(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(object)) = schema else { return };
    for property in object.properties.values_mut() {
        if let RefOr::T(Schema::Object(text)) = property
            && text.min_length == Some(1)
        {
            text.pattern = Some(SAYS_SOMETHING.to_owned());
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("GET", item.get.as_mut()),
        ("POST", item.post.as_mut()),
        ("PUT", item.put.as_mut()),
        ("PATCH", item.patch.as_mut()),
        ("DELETE", item.delete.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation?)))
}

fn describe(path: &str, method: &str, operation: &mut Operation) {
    if !path.starts_with("/api/v1/") || path.ends_with("/openapi.json") {
        return;
    }
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
    let admin = path.starts_with("/api/v1/admin/");
    let mut security = vec![SecurityRequirement::new("bearer", Vec::<String>::new())];
    if admin {
        security.push(SecurityRequirement::new("admin_token", Vec::<String>::new()));
    } else if !path.ends_with("/auth/claim") {
        security.push(SecurityRequirement::default());
    }
    operation.security = Some(security);
    for (status, what) in errors(path, method, admin, operation.request_body.is_some()) {
        let error = ContentBuilder::new().schema(Some(Ref::from_schema_name("ErrorBody"))).build();
        let response = ResponseBuilder::new().description(what).content("application/json", error).build();
        operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            let text = ObjectBuilder::new().schema_type(Type::String).build();
            let session =
                HeaderBuilder::new().schema(Some(text.clone())).description(Some("The caller's session"));
            response.headers.insert("X-Session-ID".to_owned(), RefOr::T(session.build()));
            let id = HeaderBuilder::new().schema(Some(text)).description(Some("To be quoted in reports"));
            response.headers.insert("X-Request-ID".to_owned(), RefOr::T(id.build()));
        }
    }
}

fn errors(
    path: &str,
    method: &str,
    admin: bool,
    has_body: bool,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let writes = method != "GET";
    let names_one = path.contains('{');
    let forbidden = admin || path.ends_with("/claim") || matches!(method, "PATCH" | "DELETE");
    [
        (true, "400", "It cannot be read"),
        (true, "401", "Credentials are missing or were found bad"),
        (forbidden, "403", "The caller may not do this"),
        (names_one || admin, "404", "There is no such thing, or none that the caller may know of"),
        (has_body, "408", "The body did not arrive in time"),
        (writes, "409", "It is there already"),
        (method == "PATCH", "412", "It has changed meanwhile"),
        (has_body, "413", "The body is larger than 64 KiB"),
        (has_body, "415", "The body is not JSON"),
        (true, "422", "Fields or parameters are invalid; all of them are named"),
        (true, "429", "A limit is reached; `details.limit` names it"),
        (true, "500", "Something went wrong in the service"),
        (true, "503", "The service cannot answer right now"),
    ]
    .into_iter()
    .filter(|(applies, ..)| *applies)
    .map(|(_, status, what)| (status, what))
}
