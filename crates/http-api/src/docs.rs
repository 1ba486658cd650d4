//! The OpenAPI document and its viewer, both served from the binary.

use actix_web::web::{self, ServiceConfig};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Components, Content, Info, License, OpenApi, Ref, RefOr, ResponseBuilder, Schema};
use utoipa_swagger_ui::SwaggerUi;

use crate::links;

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
        let is_dcycle = !path.starts_with("/v3/");
        for (writes, operation) in operations(item) {
            if is_dcycle && is_protected(operation) {
                complete(operation, writes);
            }
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

/// Adds what every route of the Dcycle family has: the key as a bearer token, and the errors that come before a handler is
/// reached or from what all handlers stand on.
fn complete(operation: &mut Operation, writes: bool) {
    let scopes = [""; 0];
    let bearer = SecurityRequirement::new("bearer", scopes).add("organization", scopes);
    operation.security.get_or_insert_default().push(bearer);
    let has_body = operation.request_body.is_some();
    let is_accounts = operation.tags.as_ref().is_some_and(|tags| tags.iter().any(|tag| tag == "accounts"));
    let common = [
        (true, "401", "The API key is missing, unknown, expired or revoked"),
        (writes || is_accounts, "403", "The API key's access does not suffice"),
        (true, "404", "The organization is not found, or is none of the key's"),
        (has_body, "408", "The body stopped coming"),
        (has_body, "413", "The body is too large"),
        (true, "422", "A header, or something else of the request, is at fault"),
        (true, "429", "The key made too many requests; `Retry-After` says how many seconds to wait"),
        (true, "500", "A defect; the server's log has it under the request's `x-request-id`"),
        (true, "503", "The store is away or busy, or there was no answer in time; try again"),
    ];
    for (_, status, about) in common.into_iter().filter(|(applies, ..)| *applies) {
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
            _ => Ref::from_schema_name("ErrorBody").into(),
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
