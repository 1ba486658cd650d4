//! The Dcycle Logistics API as it was before version 1: nothing that it calculates is kept.

mod clients;
mod shipment;
mod tocs;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(shipment::calculate).service(tocs::list).service(clients::report).service(clients::list);
}
