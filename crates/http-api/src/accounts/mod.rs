//! Organizations and API keys, for those who manage them. Errors are those of the Dcycle family.

mod fields;
mod keys;
mod organizations;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(organizations::list)
        .service(organizations::create)
        .service(keys::list)
        .service(keys::create)
        .service(keys::get)
        .service(keys::revoke);
}
