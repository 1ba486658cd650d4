//! The Dcycle Logistics API, version 2: legs are kept before the answer and calculated after it.

pub(crate) mod errors;
mod events;
mod jobs;
pub(crate) mod requests;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(requests::create)
        .service(requests::create_bulk)
        .service(jobs::list)
        .service(jobs::get)
        .service(errors::errors)
        .service(events::events)
        .service(jobs::retry)
        .service(jobs::cancel);
}
