use actix_web::{HttpResponse, get, web};
use logistics_domain::Category;
use logistics_domain::leg::Days;
use logistics_domain::trip::{TripFilter, VehicleCode, mode_name};
use serde::Serialize;
use utoipa::ToSchema;

use super::Caller;
use super::error::{ClimesError, ErrorBody};
use super::response::TripData;
use crate::query::Query;
use crate::{Api, paging};

/// A trip that was read.
#[derive(Serialize, ToSchema)]
#[schema(as = FreightDistanceFound)]
struct Found<'r> {
    success: bool,
    #[schema(example = "Logistic data found")]
    message: &'static str,
    data: TripData<'r>,
}

/// Trips, a page at a time.
#[derive(Serialize, ToSchema)]
#[schema(as = FreightDistancePage)]
struct FoundPage<'r> {
    success: bool,
    #[schema(example = "Logistic data found")]
    message: &'static str,
    page: u32,
    size: u32,
    total: u64,
    data: Vec<TripData<'r>>,
}

const FOUND: &str = "Logistic data found";

/// One trip.
#[utoipa::path(
    tag = "freight distance",
    security(("api_key" = [])),
    params(("id" = i64, Path, description = "The trip's id.")),
    responses(
        (status = 200, body = Found),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 503, body = ErrorBody),
    ),
)]
#[get("/v3/logistics/freight-distance/{id}")]
pub(super) async fn get(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, ClimesError> {
    let number = id.parse().map_err(|_not_a_number| ClimesError::NotFound(id.to_string()))?;
    let found = api.trips.trips(caller.organization).find(number).await?;
    let client = caller.client_id();
    let data = found.as_ref().and_then(|record| TripData::detailed(record, &client));
    let data = data.ok_or_else(|| ClimesError::NotFound(id.to_string()))?;
    Ok(HttpResponse::Ok().json(Found { success: true, message: FOUND, data }))
}

/// The trips that the filters select, newest first.
#[utoipa::path(
    tag = "freight distance",
    security(("api_key" = [])),
    params(
        ("page" = Option<u32>, Query, minimum = 1, description = "Which page; 1 without it."),
        ("size" = Option<u32>, Query, minimum = 1, maximum = 100, description = "Entries on a page; 10 without it."),
        ("trip_id" = Option<String>, Query, description = "The client's id of the trip."),
        ("customer_identifier" = Option<String>, Query, description = "The client's id of the customer."),
        ("vehicle_code" = Option<String>, Query, description = "As in `HGV2`."),
        ("mode_of_transport" = Option<String>, Query, description = "`Road`, `Rail`, `Sea` or `Air`."),
        ("trip_date_from" = Option<NaiveDate>, Query, description = "The first day, in UTC."),
        ("trip_date_until" = Option<NaiveDate>, Query, description = "The last day, in UTC."),
    ),
    responses(
        (status = 200, body = FoundPage),
        (status = 400, body = ErrorBody), (status = 403, body = ErrorBody), (status = 503, body = ErrorBody),
    ),
)]
#[get("/v3/logistics/freight-distance")]
pub(super) async fn list(
    api: web::Data<Api>,
    caller: Caller,
    mut query: Query,
) -> Result<HttpResponse, ClimesError> {
    let page = paging::page(&mut query);
    let filter = filter(&mut query);
    query.finish()?;
    let listed = api.trips.trips(caller.organization).select(&filter, page).await?;
    let client = caller.client_id();
    let data = listed.items.iter().filter_map(|record| TripData::detailed(record, &client)).collect();
    let response = FoundPage {
        success: true,
        message: FOUND,
        page: page.number,
        size: page.size,
        total: listed.total,
        data,
    };
    Ok(HttpResponse::Ok().json(response))
}

fn filter(query: &mut Query) -> TripFilter {
    let mode =
        |name: &str| Category::ALL.into_iter().find(|mode| mode_name(*mode).eq_ignore_ascii_case(name));
    let travelled = Days { from: query.day("trip_date_from"), until: query.day("trip_date_until") };
    TripFilter {
        trip_id: query.text("trip_id"),
        customer_identifier: query.text("customer_identifier"),
        vehicle_code: query.parsed("vehicle_code", "a code such as HGV2", VehicleCode::from_code),
        category: query.parsed("mode_of_transport", "one of Road, Rail, Sea, Air", mode),
        travelled,
    }
}
