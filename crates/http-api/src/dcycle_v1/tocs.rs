use actix_web::{HttpResponse, get, web};
use emissions_core::{Factors, ListedToc};
use logistics_domain::Category;
use logistics_domain::toc::toc_id;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Api;
use crate::auth::Authorized;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::numbers::{intensity, kg};
use crate::schemas;

/// A vehicle and its newest factor for one location.
#[derive(Serialize, ToSchema)]
struct TocItem<'p> {
    /// Stable: the same TOC and location have the same id on every server.
    id: Uuid,
    #[schema(example = "van_3.5_t_diesel")]
    toc: &'p str,
    #[schema(schema_with = schemas::category)]
    category: &'static str,
    #[schema(example = "van")]
    vehicle: &'p str,
    #[schema(example = "diesel")]
    r#type: &'p str,
    /// kg CO2e per tonne-kilometre, well to wheel; 0 for electric vehicles, whose grid factor depends on country and year.
    wtw: f64,
    /// The vehicle's average load in kilograms, where published.
    default_load: Option<f64>,
    /// What the data describes.
    #[schema(example = "GB")]
    location: &'p str,
    /// Well to tank, where published apart.
    wtt: Option<f64>,
    /// Tank to wheel, where published apart.
    ttw: Option<f64>,
    /// Electric vehicles: kWh per tonne-kilometre.
    kwh_per_tkm: Option<f64>,
    /// The TOC that this id is another name of.
    alias_of: Option<&'p str>,
    name: &'p str,
    mode: &'static str,
    fuel: Option<&'p str>,
    /// The edition's year.
    year: u16,
    /// The row holds above so many kilometres.
    min_km: f64,
    /// The row holds up to so many kilometres.
    max_km: Option<f64>,
    load_factor_pct: Option<f64>,
    empty_running_pct: Option<f64>,
    pack: &'p str,
    row: &'p str,
    source: &'p str,
    reference: &'p str,
    licence: &'p str,
    /// The formula, where the figure was derived from published ones.
    derived: Option<&'p str>,
}

/// Every vehicle with its newest factors.
#[utoipa::path(
    tag = "tocs",
    security(("api_key" = [], "organization" = [])),
    responses(
        (status = 200, body = Vec<TocItem>),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistics/tocs")]
pub(super) async fn list(api: web::Data<Api>, _caller: Authorized) -> Result<HttpResponse, DcycleError> {
    Ok(HttpResponse::Ok().json(items(api.calculator.factors())))
}

fn items(factors: &Factors) -> Vec<TocItem<'_>> {
    factors.list().iter().map(TocItem::of).collect()
}

impl<'p> TocItem<'p> {
    fn of(listed: &ListedToc<'p>) -> Self {
        let (toc, row) = (listed.toc, listed.intensity);
        let (split, kwh_per_tkm) = listed.per_tonne_km();
        let (citation, blank) = (&row.citation, |text: &'p str| Some(text).filter(|text| !text.is_empty()));
        Self {
            id: toc_id(listed),
            toc: listed.id,
            category: Category::from(toc.mode).as_str(),
            vehicle: &toc.vehicle,
            r#type: &toc.kind,
            wtw: intensity(split.wtw),
            default_load: listed.default_load.map(|load| kg(load.tonnes * 1000.0)),
            location: &row.location,
            wtt: split.parts.map(|(wtt, _)| intensity(wtt)),
            ttw: split.parts.map(|(_, ttw)| intensity(ttw)),
            kwh_per_tkm,
            alias_of: (listed.id != &*toc.id).then_some(&*toc.id),
            name: &toc.name,
            mode: toc.mode.as_str(),
            fuel: blank(&toc.fuel),
            year: row.year,
            min_km: row.min_km,
            max_km: row.max_km,
            load_factor_pct: row.load_factor_pct,
            empty_running_pct: row.empty_running_pct,
            pack: &citation.source.pack.id,
            row: &citation.row,
            source: &citation.source.title,
            reference: &citation.reference,
            licence: &citation.source.licence,
            derived: blank(&row.derived),
        }
    }
}
