use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use logistics_domain::leg::Days;
use logistics_domain::report::{Figures, Selection, Sums};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::auth::Authorized;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::dcycle_v1::report::{percentage, period};
use crate::numbers::{kg, km};
use crate::query::Query;

/// What the shipments of a client emit.
#[derive(Serialize, ToSchema)]
#[schema(as = LegacyClientReport)]
struct ClientReport {
    client: String,
    period: Period,
    summary: ClientSummary,
    by_transport_type: Vec<TransportType>,
    #[schema(example = "ISO 14083")]
    methodology: &'static str,
}

/// The days of a report, both included.
#[derive(Serialize, ToSchema)]
#[schema(as = LegacyPeriod)]
struct Period {
    start_date: NaiveDate,
    end_date: NaiveDate,
}

/// All shipments together.
#[derive(Serialize, ToSchema)]
#[schema(as = LegacyClientSummary)]
struct ClientSummary {
    /// Kilograms of CO2e, well to wheel.
    total_co2e: f64,
    /// Kilometres.
    total_distance: f64,
    /// Kilograms.
    total_load: f64,
    total_shipments: u64,
    avg_co2e_per_shipment: f64,
    avg_distance_per_shipment: f64,
}

/// One vehicle.
#[derive(Serialize, ToSchema)]
#[schema(as = LegacyTransportType)]
struct TransportType {
    toc: String,
    shipments: u64,
    co2e: f64,
    distance: f64,
    /// 0 to 100.
    percentage_co2e: f64,
}

/// The clients of the legs, each once, in alphabetical order.
#[utoipa::path(
    tag = "legacy",
    security(("api_key" = [], "organization" = [])),
    responses(
        (status = 200, body = Vec<String>),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/api/v1/logistics/clients")]
pub(super) async fn list(api: web::Data<Api>, caller: Authorized) -> Result<HttpResponse, DcycleError> {
    Ok(HttpResponse::Ok().json(api.repositories.legs(caller.organization).clients().await?))
}

/// What the legs of a client emit in a period.
#[utoipa::path(
    tag = "legacy",
    security(("api_key" = [], "organization" = [])),
    params(
        ("client" = String, Query, description = "The client, letter by letter."),
        ("start_date" = NaiveDate, Query, description = "The first day of shipment."),
        ("end_date" = NaiveDate, Query, description = "The last day of shipment."),
    ),
    responses(
        (status = 200, body = ClientReport),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/api/v1/logistics/clients/report")]
pub(super) async fn report(
    api: web::Data<Api>,
    caller: Authorized,
    mut query: Query,
) -> Result<HttpResponse, DcycleError> {
    let client = query.required("client");
    let period = period(&mut query);
    query.finish()?;
    let (start_date, end_date) = period.ok_or(DcycleError::Internal)?;
    let shipped = Days { from: Some(start_date), until: Some(end_date) };
    let selection = Selection { shipped, client: Some(client.clone()) };
    let figures = api.ledgers.ledger(caller.organization).figures(&selection).await?;
    let total = figures.total();
    Ok(HttpResponse::Ok().json(ClientReport {
        client,
        period: Period { start_date, end_date },
        summary: ClientSummary::of(&total),
        by_transport_type: transport_types(&figures, &total),
        methodology: "ISO 14083",
    }))
}

impl ClientSummary {
    fn of(total: &Sums) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "so many legs there are not")]
        let legs = total.legs.max(1) as f64;
        let co2e = total.total.wtw.get();
        Self {
            total_co2e: kg(co2e),
            total_distance: km(total.distance_km),
            total_load: kg(total.load_kg),
            total_shipments: total.legs,
            avg_co2e_per_shipment: kg(co2e / legs),
            avg_distance_per_shipment: km(total.distance_km / legs),
        }
    }
}

fn transport_types(figures: &Figures, total: &Sums) -> Vec<TransportType> {
    let tocs = figures.by(|cell| cell.toc.clone()).into_iter();
    tocs.map(|(toc, sums)| {
        let co2e = sums.total.wtw.get();
        let percentage_co2e = percentage(co2e, total.total.wtw.get());
        let distance = km(sums.distance_km);
        TransportType { toc, shipments: sums.legs, co2e: kg(co2e), distance, percentage_co2e }
    })
    .collect()
}
