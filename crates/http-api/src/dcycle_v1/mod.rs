//! The Dcycle Logistics API, version 1: everything is calculated before the answer.

pub(crate) mod bulk;
pub(crate) mod filters;
mod fuels;
pub(crate) mod hubs;
mod packages;
pub(crate) mod receipt;
mod recharges;
mod removal;
pub(crate) mod report;
pub(crate) mod request;
mod requests;
pub(crate) mod response;
mod summary;
mod tocs;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(requests::create)
        .service(bulk::create)
        .service(requests::list)
        .service(removal::batch)
        .service(removal::by_filters)
        .service(requests::get)
        .service(removal::one)
        .service(receipt::receipt)
        .service(packages::list)
        .service(packages::get)
        .service(summary::clients)
        .service(summary::summary)
        .service(tocs::list)
        .service(fuels::list)
        .service(report::show)
        .configure(recharges::routes)
        .configure(hubs::routes);
}
