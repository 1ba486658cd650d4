//! The activity panel: what people look at in a browser.
//!
//! Pages are drawn here, work without scripts, and lead to the same domain commands as the API. The style sheet, the
//! script and every text are part of the program: nothing is fetched from elsewhere.

mod activity;
mod assets;
mod error;
pub(crate) mod format;
mod frame;
mod hubs;
mod job;
mod keys;
mod live;
mod organization;
mod overview;
mod packs;
mod plots;
mod record;
mod sent;
mod shipment;
mod shipments;
mod sign_in;
mod texts;
mod upload;
mod visitor;

use actix_web::web::{FormConfig, ServiceConfig};

use crate::api::Limits;
use error::PanelError;

/// The largest form without a file, in bytes: a record with all its fields.
const MAX_FORM: usize = 256 * 1024;

pub(crate) fn routes(config: &mut ServiceConfig, limits: Limits) {
    let form = FormConfig::default().limit(MAX_FORM);
    config
        .app_data(upload::limits(limits.body_bytes))
        .app_data(form.error_handler(|error, _request| PanelError::from(error).into()))
        .service(assets::asset)
        .service(sign_in::ask)
        .service(sign_in::sign_in)
        .service(sign_in::sign_out)
        .service(organization::ask)
        .service(organization::choose)
        .service(activity::list)
        .service(live::of_all)
        .service(live::of_one)
        .service(job::show)
        .service(job::errors_as_csv)
        .service(job::retry)
        .service(job::cancel)
        .service(overview::show)
        .service(record::show)
        .service(record::send)
        .service(shipments::list)
        .service(shipment::show)
        .service(upload::ask)
        .service(upload::take_file)
        .service(upload::show)
        .service(upload::send)
        .service(upload::again)
        .service(upload::remove)
        .service(packs::show)
        .service(hubs::list)
        .service(hubs::new)
        .service(hubs::create)
        .service(hubs::show)
        .service(hubs::change)
        .service(hubs::remove)
        .service(keys::list)
        .service(keys::create)
        .service(keys::revoke);
}
