//! The OpenAPI document and its viewer, both served from the binary.

use actix_web::web::{self, ServiceConfig};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Components, Info, License, OpenApi};
use utoipa_swagger_ui::SwaggerUi;

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
    let header = |name: &str| SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(name)));
    components.add_security_scheme("api_key", header("x-api-key"));
    components.add_security_scheme("organization", header("x-organization-id"));
}

pub(crate) fn routes(config: &mut ServiceConfig, document: OpenApi) {
    config
        .service(web::redirect("/docs", "/docs/"))
        .service(SwaggerUi::new("/docs/{_:.*}").url("/openapi.json", document));
}
