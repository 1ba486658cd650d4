//! The Dcycle Logistics API, version 1: everything is calculated before the answer.

mod bulk;
mod hubs;
mod receipt;
mod request;
mod requests;
mod response;
mod tocs;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(requests::create)
        .service(bulk::create)
        .service(requests::list)
        .service(requests::get)
        .service(receipt::receipt)
        .service(tocs::list)
        .configure(hubs::routes);
}
