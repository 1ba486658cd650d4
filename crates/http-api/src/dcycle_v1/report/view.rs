//! A report as it is shown.

use chrono::NaiveDate;
use emissions_core::{FuelUnit, HubCategory, KgCo2e};
use logistics_domain::report::{Figures, Items, Scopes, SourceUse, Statement, Sums, TocUse};
use serde::Serialize;
use utoipa::ToSchema;

use crate::numbers::{intensity, kg, km};

/// The report of a period. Emissions are well to wheel, in kilograms of CO2e.
#[derive(Serialize, ToSchema)]
pub(super) struct Report {
    pub client: Option<String>,
    pub period: Period,
    pub summary: ReportSummary,
    pub by_category: Vec<CategoryPart>,
    /// `packages` where any leg of the period belongs to a package: items are packages then, and legs without one.
    #[schema(example = "packages")]
    pub data_source: &'static str,
    #[schema(example = "ISO 14083")]
    pub methodology: &'static str,
    pub by_month: Vec<Part>,
    /// The clients, who emits most first.
    pub by_client: Vec<Part>,
    /// At most 50 lanes, which emits most first.
    pub by_lane: Vec<LanePart>,
    /// The vehicles, own and subcontracted.
    pub by_toc: Vec<TocPart>,
    /// The accounts of the GHG Protocol; they add up to `summary.total_co2e_kg`.
    pub scopes: Vec<ScopePart>,
    pub hubs: Vec<HubPart>,
    /// Fuel and electricity that was recorded. It is an account of its own and in no other figure of the report.
    pub fuels: Vec<FuelPart>,
    pub data_quality: DataQuality,
    pub sources: Vec<SourcePart>,
    /// Legs of the period that are in no figure, because they have no result.
    pub not_calculated: NotCalculated,
    /// How it was calculated, in sentences.
    pub method: Vec<String>,
}

/// The days of a report, both included.
#[derive(Serialize, ToSchema)]
#[schema(as = ReportPeriod)]
pub(super) struct Period {
    pub start_date: NaiveDate,
    pub end_date: NaiveDate,
}

/// All together.
#[derive(Serialize, ToSchema)]
pub(super) struct ReportSummary {
    pub total_items: u64,
    pub total_co2e_kg: f64,
    pub total_distance_km: f64,
    pub avg_co2e_per_item: f64,
    pub total_legs: u64,
    pub total_tkm: f64,
    pub transport_co2e_kg: f64,
    pub transport_wtt_kg: f64,
    pub transport_ttw_kg: f64,
    pub hub_co2e_kg: f64,
    pub cleaning_co2e_kg: f64,
    /// Grams of CO2e per tonne-kilometre, of the transport alone.
    pub intensity_g_per_tkm: Option<f64>,
}

/// One category.
#[derive(Serialize, ToSchema)]
pub(super) struct CategoryPart {
    #[schema(example = "road")]
    pub category: &'static str,
    pub items: u64,
    pub co2e_kg: f64,
    pub distance_km: f64,
    /// 0 to 100.
    pub percentage_co2e: f64,
    pub legs: u64,
    pub tkm: f64,
    /// Grams of CO2e per tonne-kilometre, of the transport alone.
    pub intensity_g_per_tkm: Option<f64>,
}

/// One month, or one client.
#[derive(Serialize, ToSchema)]
#[schema(as = ReportPart)]
pub(super) struct Part {
    /// The month, as in `2025-12`, or the client; null for legs without one.
    pub name: Option<String>,
    pub legs: u64,
    pub co2e_kg: f64,
    pub distance_km: f64,
    pub tkm: f64,
    /// 0 to 100.
    pub percentage_co2e: f64,
}

/// Legs between two places.
#[derive(Serialize, ToSchema)]
pub(super) struct LanePart {
    pub origin: Option<String>,
    pub destination: Option<String>,
    pub legs: u64,
    pub co2e_kg: f64,
    pub tkm: f64,
}

/// One vehicle.
#[derive(Serialize, ToSchema)]
#[schema(as = ReportTocPart)]
pub(super) struct TocPart {
    pub toc: String,
    pub own_legs: u64,
    pub own_tkm: f64,
    pub own_co2e_kg: f64,
    pub subcontracted_legs: u64,
    pub subcontracted_tkm: f64,
    pub subcontracted_co2e_kg: f64,
    /// What the legs were calculated with: grams of CO2e per tonne-kilometre, own legs where there are any.
    pub default_g_per_tkm: Option<f64>,
    /// What its recorded fuel and electricity emit.
    pub fuel_co2e_kg: f64,
    pub recharges: u64,
    /// The carrier's own intensity: recorded fuel / activity of the own legs, in grams of CO2e per tonne-kilometre. Legs are
    /// not calculated with it.
    pub own_g_per_tkm: Option<f64>,
}

/// One line of the accounts.
#[derive(Serialize, ToSchema)]
pub(super) struct ScopePart {
    /// `1`, `2`, `3`, or `1+2` for own hubs, which are measured as one figure.
    #[schema(example = "1")]
    pub scope: &'static str,
    #[schema(example = "own_transport_ttw")]
    pub name: &'static str,
    pub co2e_kg: f64,
}

/// The hubs of one kind.
#[derive(Serialize, ToSchema)]
pub(super) struct HubPart {
    #[schema(example = "subcontracted")]
    pub r#type: &'static str,
    #[schema(example = "warehouse_ambient")]
    pub category: Option<&'static str>,
    pub legs: u64,
    pub co2e_kg: f64,
}

/// One fuel of one kind of vehicle.
#[derive(Serialize, ToSchema)]
pub(super) struct FuelPart {
    #[schema(example = "diesel")]
    pub fuel_name: String,
    #[schema(example = "l")]
    pub unit: &'static str,
    pub toc: Option<String>,
    pub recharges: u64,
    pub quantity: f64,
    pub co2e_kg: f64,
    /// Combustion.
    pub scope_1_kg: f64,
    /// What power plants emit.
    pub scope_2_kg: f64,
    /// Provision.
    pub scope_3_kg: f64,
}

/// Where the data of the legs come from; the worst of a leg's data decides.
#[derive(Serialize, ToSchema)]
pub(super) struct DataQuality {
    /// The client gave all that counts, and factors are published for exactly the case.
    pub given: Share,
    /// A distance was found, or a factor is another region's or year's, or derived.
    pub estimated: Share,
    /// The load or the vehicle is a default.
    pub default: Share,
    /// What was estimated, by the names of `estimated_data`.
    pub estimates: Vec<EstimatePart>,
}

/// A part of the legs.
#[derive(Serialize, ToSchema)]
pub(super) struct Share {
    pub legs: u64,
    pub co2e_kg: f64,
    /// 0 to 100.
    pub percentage_legs: f64,
    /// 0 to 100.
    pub percentage_co2e: f64,
}

/// How much rests on one estimate.
#[derive(Serialize, ToSchema)]
pub(super) struct EstimatePart {
    #[schema(example = "distance_km")]
    pub name: &'static str,
    #[serde(flatten)]
    pub share: Share,
}

/// A publication that legs were calculated with.
#[derive(Serialize, ToSchema)]
pub(super) struct SourcePart {
    pub pack: String,
    pub pack_version: String,
    /// SHA-256 of the pack's tables.
    pub pack_digest: String,
    pub title: String,
    pub edition: String,
    pub licence: String,
    /// What the licence asks to be said.
    pub attribution: String,
    pub rows: usize,
    pub legs: u64,
    pub co2e_kg: f64,
}

/// Legs without a result.
#[derive(Serialize, ToSchema)]
pub(super) struct NotCalculated {
    pub pending: u64,
    pub failed: u64,
}

impl Report {
    pub fn new(
        (start_date, end_date): (NaiveDate, NaiveDate),
        client: Option<String>,
        figures: &Figures,
        statement: &Statement,
    ) -> Self {
        let total = statement.total;
        let whole = total.total.wtw;
        let categories = figures.by(|cell| cell.category).into_iter().map(|(category, sums)| {
            let items = figures.items_by_category.get(&category).copied().unwrap_or_default();
            CategoryPart::of(category.as_str(), items, &sums, whole)
        });
        let months = figures.by(|cell| cell.month).into_iter();
        let months =
            months.map(|(month, sums)| Part::of(Some(month.format("%Y-%m").to_string()), &sums, whole));
        let clients = figures.clients.iter().map(|(client, sums)| Part::of(client.clone(), sums, whole));
        Self {
            client,
            period: Period { start_date, end_date },
            summary: ReportSummary::of(&total, figures.items),
            by_category: categories.collect(),
            data_source: if figures.items.packages > 0 { "packages" } else { "requests" },
            methodology: "ISO 14083",
            by_month: months.collect(),
            by_client: clients.collect(),
            by_lane: figures.lanes.iter().map(LanePart::of).collect(),
            by_toc: statement.tocs.iter().map(|(toc, used)| TocPart::of(toc, used)).collect(),
            scopes: statement.scopes.iter().map(ScopePart::of).collect(),
            hubs: figures.hubs.iter().map(HubPart::of).collect(),
            fuels: figures.fuels.iter().map(FuelPart::of).collect(),
            data_quality: DataQuality::of(statement),
            sources: statement.sources.iter().map(SourcePart::of).collect(),
            not_calculated: NotCalculated {
                pending: figures.remainder.pending,
                failed: figures.remainder.failed,
            },
            method: method(),
        }
    }
}

/// What ISO 14083:2023, clause 13 asks a report to say of how it was made.
fn method() -> Vec<String> {
    let engine = format!("Dray {}", env!("CARGO_PKG_VERSION"));
    [
        &format!("Calculated by {engine} after ISO 14083:2023 and the GLEC Framework v3.0."),
        "Emissions are well to wheel, in kilograms of CO2 equivalent by 100-year global warming potentials. WTT is energy \
         provision, TTW is vehicle operation; electricity is energy provision.",
        "Transport emissions are transport activity times the emission intensity of the transport operation category (TOC). \
         Activity is actual mass times distance. Intensities contain the average empty running and load of their source.",
        "Distances that were given are used as they are. Others are found from the places: the shortest feasible distance by \
         road, rail and water, the great circle by air, adjusted to the basis that the intensity was made for.",
        "Hub emissions are the hub's own measured intensity, or the published default of its kind, times what it handled. \
         Cleaning is counted per operation.",
        "Scope 1 is TTW of own vehicles, scope 2 the electricity that they charge, scope 3 their WTT, all subcontracted \
         transport, others' hubs and cleaning. Figures that a source does not divide into WTT and TTW count as TTW.",
        "Recorded fuel and electricity are an account of their own: emission intensities of legs are not made from them.",
        "Not included: making and disposing of vehicles and infrastructure, packaging, leakage of refrigerants, black carbon, \
         and radiative forcing of aviation.",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect()
}

/// A part of a whole, from 0 to 100.
pub(crate) fn percentage(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { kg(part / whole * 100.0) } else { 0.0 }
}

/// Kilograms per tonne-kilometre as grams.
fn grams(intensity_kg: Option<f64>) -> Option<f64> {
    intensity_kg.map(|per_tkm| intensity(per_tkm * 1000.0))
}

impl ReportSummary {
    fn of(total: &Sums, items: Items) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "so many items there are not")]
        let count = items.total() as f64;
        let co2e = total.total.wtw.get();
        Self {
            total_items: items.total(),
            total_co2e_kg: kg(co2e),
            total_distance_km: km(total.distance_km),
            avg_co2e_per_item: if count > 0.0 { kg(co2e / count) } else { 0.0 },
            total_legs: total.legs,
            total_tkm: kg(total.tkm),
            transport_co2e_kg: kg(total.transport.wtw.get()),
            transport_wtt_kg: kg(total.transport.wtt.get()),
            transport_ttw_kg: kg(total.transport.ttw.get()),
            hub_co2e_kg: kg(total.hub.get()),
            cleaning_co2e_kg: kg(total.cleaning.get()),
            intensity_g_per_tkm: grams(total.intensity()),
        }
    }
}

impl CategoryPart {
    fn of(category: &'static str, items: Items, sums: &Sums, whole: KgCo2e) -> Self {
        let co2e = sums.total.wtw.get();
        Self {
            category,
            items: items.total(),
            co2e_kg: kg(co2e),
            distance_km: km(sums.distance_km),
            percentage_co2e: percentage(co2e, whole.get()),
            legs: sums.legs,
            tkm: kg(sums.tkm),
            intensity_g_per_tkm: grams(sums.intensity()),
        }
    }
}

impl Part {
    fn of(name: Option<String>, sums: &Sums, whole: KgCo2e) -> Self {
        let co2e = sums.total.wtw.get();
        Self {
            name,
            legs: sums.legs,
            co2e_kg: kg(co2e),
            distance_km: km(sums.distance_km),
            tkm: kg(sums.tkm),
            percentage_co2e: percentage(co2e, whole.get()),
        }
    }
}

impl LanePart {
    fn of(lane: &logistics_domain::report::Lane) -> Self {
        let sums = &lane.sums;
        let (origin, destination) = (lane.origin.clone(), lane.destination.clone());
        Self { origin, destination, legs: sums.legs, co2e_kg: kg(sums.total.wtw.get()), tkm: kg(sums.tkm) }
    }
}

impl TocPart {
    fn of(toc: &str, used: &TocUse) -> Self {
        let (own, others) = (&used.own, &used.subcontracted);
        Self {
            toc: toc.to_owned(),
            own_legs: own.legs,
            own_tkm: kg(own.tkm),
            own_co2e_kg: kg(own.transport.wtw.get()),
            subcontracted_legs: others.legs,
            subcontracted_tkm: kg(others.tkm),
            subcontracted_co2e_kg: kg(others.transport.wtw.get()),
            default_g_per_tkm: grams(own.intensity().or_else(|| others.intensity())),
            fuel_co2e_kg: kg(used.fuel.wtw.get()),
            recharges: used.recharges,
            own_g_per_tkm: grams(used.own_intensity()),
        }
    }
}

impl ScopePart {
    fn of(line: &Scopes) -> Self {
        Self { scope: line.scope.as_str(), name: line.name, co2e_kg: kg(line.co2e.get()) }
    }
}

impl HubPart {
    fn of(hub: &logistics_domain::report::HubUse) -> Self {
        let category = hub.category.map(HubCategory::as_str);
        Self { r#type: hub.kind.as_str(), category, legs: hub.legs, co2e_kg: kg(hub.co2e.get()) }
    }
}

impl FuelPart {
    fn of(fuel: &logistics_domain::report::FuelUse) -> Self {
        let emissions = fuel.emissions;
        Self {
            fuel_name: fuel.fuel.clone(),
            unit: FuelUnit::as_str(fuel.unit),
            toc: fuel.toc.clone(),
            recharges: fuel.recharges,
            quantity: kg(fuel.quantity),
            co2e_kg: kg(emissions.wtw.get()),
            scope_1_kg: kg(emissions.ttw.get()),
            scope_2_kg: kg(fuel.generation.get()),
            scope_3_kg: kg(emissions.wtt.get() - fuel.generation.get()),
        }
    }
}

impl DataQuality {
    fn of(statement: &Statement) -> Self {
        let total = &statement.total;
        let share = |(legs, co2e): (u64, KgCo2e)| Share::of(legs, co2e, total);
        let quality = statement.quality;
        let estimates = statement.estimates.iter().map(|(estimate, legs, co2e)| EstimatePart {
            name: estimate.as_str(),
            share: Share::of(*legs, *co2e, total),
        });
        Self {
            given: share(quality.given),
            estimated: share(quality.estimated),
            default: share(quality.default),
            estimates: estimates.collect(),
        }
    }
}

impl Share {
    #[expect(clippy::cast_precision_loss, reason = "so many legs there are not")]
    fn of(legs: u64, co2e: KgCo2e, total: &Sums) -> Self {
        Self {
            legs,
            co2e_kg: kg(co2e.get()),
            percentage_legs: percentage(legs as f64, total.legs as f64),
            percentage_co2e: percentage(co2e.get(), total.total.wtw.get()),
        }
    }
}

impl SourcePart {
    fn of(used: &SourceUse) -> Self {
        Self {
            pack: used.pack.id.clone(),
            pack_version: used.pack.version.clone(),
            pack_digest: used.pack.digest.clone(),
            title: used.source.title.to_string(),
            edition: used.source.edition.to_string(),
            licence: used.source.licence.to_string(),
            attribution: used.source.attribution.to_string(),
            rows: used.rows.len(),
            legs: used.legs,
            co2e_kg: kg(used.co2e.get()),
        }
    }
}
