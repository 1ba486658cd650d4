//! The Dcycle Logistics API, version 1: everything is calculated before the answer.

pub(crate) mod bulk;
mod receipt;
pub(crate) mod request;
mod requests;
pub(crate) mod response;
mod tocs;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(requests::create)
        .service(bulk::create)
        .service(requests::list)
        .service(requests::get)
        .service(receipt::receipt)
        .service(tocs::list);
}
