use actix_web::{HttpResponse, get, web};
use logistics_domain::ids::{FileId, FuelId, ProjectId};
use logistics_domain::leg::{AnyOf, Days, LegStatus};
use logistics_domain::recharge::{RechargeField, RechargeFilter, ValueCount};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::response::RechargeResponse;
use crate::Api;
use crate::auth::Authorized;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::paging;
use crate::query::Query;

/// Recharges, a page at a time.
#[derive(Serialize, ToSchema)]
struct RechargePage<'r> {
    page: u32,
    size: u32,
    total: u64,
    items: Vec<RechargeResponse<'r>>,
}

/// The values of a field.
#[derive(Serialize, ToSchema)]
struct UniqueValues {
    #[schema(example = "fuel_name")]
    field: &'static str,
    /// How many values there are.
    total_count: usize,
    values: Vec<UniqueValue>,
}

/// One value.
#[derive(Serialize, ToSchema)]
struct UniqueValue {
    /// Null for the recharges that have none.
    value: Option<String>,
    label: String,
    /// How many recharges have it.
    count: u64,
}

/// Recharges, newest first.
#[utoipa::path(
    tag = "recharges",
    security(("api_key" = [], "organization" = [])),
    params(
        ("page" = Option<u32>, Query, minimum = 1, description = "Which page; 1 without it."),
        ("size" = Option<u32>, Query, minimum = 1, maximum = 100, description = "Entries on a page; 10 without it."),
        ("search" = Option<String>, Query, description = "Text in the licence plate; case does not matter."),
        ("vehicle_type[]" = Option<Vec<String>>, Query, description = "Vehicles, as the list of TOCs names them."),
        ("fuel_id[]" = Option<Vec<Uuid>>, Query, description = "Fuels."),
        ("vehicle_license_plate[]" = Option<Vec<String>>, Query, description = "Licence plates."),
        ("file_id[]" = Option<Vec<Uuid>>, Query, description = "Bulk calls that recharges came in with."),
        ("date_from" = Option<NaiveDate>, Query, description = "The first day."),
        ("date_until" = Option<NaiveDate>, Query, description = "The last day."),
        ("created_at_from" = Option<NaiveDate>, Query, description = "The first day of storing, in UTC."),
        ("created_at_until" = Option<NaiveDate>, Query, description = "The last day of storing, in UTC."),
        ("created_at_to" = Option<NaiveDate>, Query, description = "The same as `created_at_until`."),
        ("status[]" = Option<Vec<String>>, Query, description = "Any of `pending`, `active`, `error`. Recharges are always active."),
        ("project_id" = Option<Uuid>, Query, description = "A project."),
    ),
    responses(
        (status = 200, body = RechargePage),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistics/recharges")]
pub(super) async fn list(
    api: web::Data<Api>,
    caller: Authorized,
    mut query: Query,
) -> Result<HttpResponse, DcycleError> {
    let page = paging::page(&mut query);
    let filter = filter(&mut query);
    query.finish()?;
    let listed = api.recharges.recharges(caller.organization).select(&filter, page).await?;
    let items = listed.items.iter().map(RechargeResponse::of).collect();
    Ok(HttpResponse::Ok().json(RechargePage {
        page: page.number,
        size: page.size,
        total: listed.total,
        items,
    }))
}

/// The fuels, or the bulk calls, of the recharges that there are.
#[utoipa::path(
    tag = "recharges",
    security(("api_key" = [], "organization" = [])),
    params(("field" = String, Query, description = "`fuel_name` or `file_id`.")),
    responses(
        (status = 200, body = UniqueValues),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistics/recharges/unique-values")]
pub(super) async fn unique_values(
    api: web::Data<Api>,
    caller: Authorized,
    mut query: Query,
) -> Result<HttpResponse, DcycleError> {
    let name = query.required("field");
    let field = match name.as_str() {
        "fuel_name" => Some((RechargeField::FuelName, "fuel_name")),
        "file_id" => Some((RechargeField::File, "file_id")),
        "" => None,
        _ => {
            query.refuse("field", &name, "fuel_name or file_id");
            None
        }
    };
    query.finish()?;
    let Some((field, name)) = field else { return Err(DcycleError::Internal) };
    let values = api.recharges.recharges(caller.organization).values(field).await?;
    let values: Vec<UniqueValue> = values.into_iter().map(UniqueValue::of).collect();
    Ok(HttpResponse::Ok().json(UniqueValues { field: name, total_count: values.len(), values }))
}

impl UniqueValue {
    fn of(counted: ValueCount) -> Self {
        let label = counted.value.clone().unwrap_or_else(|| "None".to_owned());
        Self { value: counted.value, label, count: counted.count }
    }
}

fn filter(query: &mut Query) -> RechargeFilter {
    let texts = |query: &Query, name| {
        let values: Vec<String> = query.all(&[name]).into_iter().map(|(_, value)| value).collect();
        if values.is_empty() { AnyOf::default() } else { AnyOf::these(values) }
    };
    let statuses = query.parsed_list("status", "one of pending, active, error", LegStatus::from_name);
    let is_active = statuses.is_empty() || statuses.contains(&LegStatus::Active);
    let projects = ids(query, "project_id", ProjectId);
    let created = [query.day("created_at_until"), query.day("created_at_to")];
    RechargeFilter {
        search: query.text("search"),
        vehicles: texts(query, "vehicle_type"),
        fuels: ids(query, "fuel_id", FuelId),
        plates: texts(query, "vehicle_license_plate"),
        files: ids(query, "file_id", FileId),
        projects: if is_active { projects } else { AnyOf::these(Vec::new()) },
        dates: Days { from: query.day("date_from"), until: query.day("date_until") },
        created: Days { from: query.day("created_at_from"), until: created.into_iter().flatten().min() },
    }
}

fn ids<T>(query: &mut Query, name: &str, id: impl Fn(Uuid) -> T) -> AnyOf<T> {
    let ids = query.parsed_list(name, "a UUID", |text| Uuid::parse_str(text).ok().map(&id));
    if ids.is_empty() { AnyOf::default() } else { AnyOf::these(ids) }
}
