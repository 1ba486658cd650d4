//! The OpenAPI document and its viewer, both served from the binary.

use actix_web::web::{self, ServiceConfig};
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Components, Content, Info, License, OpenApi, Ref, RefOr, ResponseBuilder, Schema};
use utoipa_swagger_ui::SwaggerUi;

use crate::{auth, climes_v3, links};

/// Fills in what the routes cannot know.
pub(crate) fn describe(document: &mut OpenApi) {
    let mut info = Info::new("Dray", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Freight emissions after ISO 14083 and GLEC: shipments go in, kilograms of CO2e come out, each with the factor, \
         the distance and the arithmetic behind it."
            .to_owned(),
    );
    info.license = Some(License::new("Apache-2.0 OR MIT"));
    document.info = info;
    let components = document.components.get_or_insert_with(Components::new);
    let header =
        |name, about| SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, about)));
    components.add_security_scheme("api_key", header("x-api-key", "An API key."));
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The same key as a bearer token."));
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
    let organization = "The id of an organization that the key works for.";
    components.add_security_scheme("organization", header("x-organization-id", organization));
    for (path, item) in &mut document.paths.paths {
        let is_climes = path.starts_with(climes_v3::PREFIX);
        for (writes, operation) in operations(item).filter(|(_, operation)| is_protected(operation)) {
            if is_climes { complete_climes(operation) } else { complete_dcycle(operation, writes) }
        }
    }
    links::link(document);
}

pub(crate) fn routes(config: &mut ServiceConfig, document: OpenApi) {
    config
        .service(web::redirect("/docs", "/docs/"))
        .service(SwaggerUi::new("/docs/{_:.*}").url("/openapi.json", document));
}

/// The operations of a path, and whether each writes.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let writing = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
    let writing = writing.into_iter().map(|operation| (true, operation));
    std::iter::once((false, &mut item.get))
        .chain(writing)
        .filter_map(|(writes, operation)| Some((writes, operation.as_mut()?)))
}

fn is_protected(operation: &Operation) -> bool {
    operation.security.as_ref().is_some_and(|needed| !needed.is_empty())
}

const STOPPED: &str = "The body stopped coming";
const TOO_LARGE: &str = "The body is too large";
const TOO_MANY: &str = "The key made too many requests; `Retry-After` says how many seconds to wait";
const DEFECT: &str = "A defect; the server's log has it under the request's `x-request-id`";
const AWAY: &str = "The store is away or busy, or there was no answer in time; try again";

/// Adds what every route of the Dcycle family has: the key as a bearer token, and the errors that come before a handler is
/// reached or from what all handlers stand on.
fn complete_dcycle(operation: &mut Operation, writes: bool) {
    let scopes = [""; 0];
    let bearer = SecurityRequirement::new("bearer", scopes).add("organization", scopes);
    operation.security.get_or_insert_default().push(bearer);
    let has_body = operation.request_body.is_some();
    let is_accounts = operation.tags.as_ref().is_some_and(|tags| tags.iter().any(|tag| tag == "accounts"));
    let common = [
        (true, "401", "The API key is missing, unknown, expired or revoked"),
        (writes || is_accounts, "403", "The API key's access does not suffice"),
        (true, "404", "The organization is not found, or is none of the key's"),
        (has_body, "408", STOPPED),
        (has_body, "413", TOO_LARGE),
        (true, "422", "A header, or something else of the request, is at fault"),
        (true, "429", TOO_MANY),
        (true, "500", DEFECT),
        (true, "503", AWAY),
    ];
    add_errors(operation, &common, "ErrorBody");
}

/// The same of the Climes family, whose requests need not name an organization.
fn complete_climes(operation: &mut Operation) {
    let organization = ParameterBuilder::new()
        .name(auth::ORGANIZATION)
        .parameter_in(ParameterIn::Header)
        .description(Some("Which of the key's organizations; needed where it works for several."))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
    operation.parameters.get_or_insert_default().push(RefOr::T(organization.build()));
    let has_body = operation.request_body.is_some();
    let common = [
        (true, "400", "A header, or something else of the request, is at fault"),
        (true, "403", "The API key is missing, unknown, expired or revoked, or its access does not suffice"),
        (true, "404", "What is asked for, or the organization that the header names, is none of the key's"),
        (has_body, "408", STOPPED),
        (has_body, "413", TOO_LARGE),
        (true, "429", TOO_MANY),
        (true, "500", DEFECT),
        (true, "503", AWAY),
    ];
    add_errors(operation, &common, "FreightDistanceError");
}

/// Adds the errors that apply, each with its status and what it is about.
fn add_errors(operation: &mut Operation, errors: &[(bool, &str, &str)], body: &str) {
    for (_, status, about) in errors.iter().copied().filter(|(applies, ..)| *applies) {
        let response = operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert_with(|| ResponseBuilder::new().description(about).build().into());
        let RefOr::T(response) = response else { continue };
        let schema: RefOr<Schema> = match status {
            "422" => {
                let own = response.content.get("application/json");
                faults(own.and_then(|own| if let RefOr::T(own) = own { own.schema.clone() } else { None }))
            }
            _ => Ref::from_schema_name(body).into(),
        };
        response.content.insert("application/json".to_owned(), Content::new(Some(schema)).into());
        if response.description.is_empty() {
            about.clone_into(&mut response.description);
        }
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            "Done".clone_into(&mut response.description);
        }
    }
}

/// Fields at fault, one fault with a code, or what the route says itself.
fn faults(own: Option<RefOr<Schema>>) -> RefOr<Schema> {
    let common = ["ValidationBody", "ErrorBody"].map(|name| RefOr::Ref(Ref::from_schema_name(name)));
    let own = own.filter(|own| !common.contains(own));
    let any = common.into_iter().chain(own).fold(AnyOfBuilder::new(), AnyOfBuilder::item);
    RefOr::T(Schema::AnyOf(any.build()))
}
