//! What legs emit, by the small pack's round numbers.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::{country, km, leg, load, tables, tkm};
use emissions_core::{
    CalculationError, DistanceBasis, Emissions, EmptyRunning, Estimate, Factors, HubCategory, HubStay,
    KgCo2e, KgCo2ePerTonne, Kilograms, Leg, LegEmissions, LoadFactor, LoadUnit, Temperature,
};

/// What a leg emits in one vehicle, transport, hub and cleaning in kg CO2e, and what was estimated.
fn calculate(factors: &Factors, toc: &str, leg: &Leg) -> (f64, f64, f64, Vec<&'static str>) {
    let emissions = emissions(factors, toc, leg);
    let estimated = emissions.estimated.iter().map(Estimate::as_str).collect();
    (emissions.transport.wtw.get(), emissions.hub.wtw.get(), emissions.cleaning.wtw.get(), estimated)
}

fn emissions<'f>(factors: &'f Factors, toc: &str, leg: &Leg) -> LegEmissions<'f> {
    factors.calculate(factors.toc(toc).unwrap(), leg).unwrap()
}

fn transport(factors: &Factors, toc: &str, leg: &Leg) -> f64 {
    calculate(factors, toc, leg).0
}

fn error(factors: &Factors, toc: &str, leg: &Leg) -> CalculationError {
    factors.calculate(factors.toc(toc).unwrap(), leg).unwrap_err()
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * b.abs(), "{a} is not {b}");
}

#[test]
fn transport_is_mass_times_distance_times_intensity() {
    let factors = tables().factors();
    let emissions = emissions(&factors, "truck_diesel", &leg());
    assert_eq!(emissions.mass.unwrap().get(), 1.0);
    assert_eq!((emissions.activity.get(), emissions.adjusted_activity.get()), (100.0, 100.0));
    near(emissions.transport.wtw.get(), 10.0);
    near(emissions.transport.wtt.get(), 3.0);
    near(emissions.transport.ttw.get(), 7.0);
    near(emissions.emission_intensity().unwrap(), 0.1);
    assert_eq!(emissions.total(), emissions.transport);
    assert!(emissions.estimated.iter().next().is_none());
}

#[test]
fn aliases_are_the_toc_itself() {
    let factors = tables().factors();
    assert_eq!(factors.toc("truck"), factors.toc("truck_diesel"));
    assert_eq!(&*factors.describe(factors.toc("truck").unwrap()).id, "truck_diesel");
    assert_eq!(factors.toc("Truck"), None);
    assert!(factors.names().is_sorted() && factors.names().any(|name| name == "truck"));
}

#[test]
fn the_closest_region_is_taken_and_every_step_away_is_named() {
    let factors = tables().factors();
    let of = |code: &str, year| {
        let emissions = emissions(&factors, "truck_diesel", &Leg { country: country(code), year, ..leg() });
        let estimated: Vec<_> = emissions.estimated.iter().map(Estimate::as_str).collect();
        (emissions.facts.intensity.citation.row.to_string(), estimated)
    };
    let found = |row: &str, estimated: &[&'static str]| (row.to_owned(), estimated.to_vec());
    assert_eq!(of("ES", 2021), found("truck-es", &["factor_derived"]));
    assert_eq!(of("PT", 2021), found("truck-es", &["factor_region", "factor_derived"]));
    assert_eq!(of("DE", 2021), found("truck-eu", &["factor_region"]));
    assert_eq!(of("US", 2020), found("truck-2020", &["factor_region"]));
    assert_eq!(of("ES", 2030), found("truck-es", &["factor_year", "factor_derived"]));
}

#[test]
fn saudi_arabia_is_not_south_america() {
    let factors =
        tables().replace("intensities.tsv", "\tglobal\tGLO\t2020", "\tglobal\tEU+SA\t2020").factors();
    let leg = Leg { country: country("SA"), ..leg() };
    assert!(emissions(&factors, "truck_diesel", &leg).estimated.contains(Estimate::FactorRegion));
}

#[test]
fn the_year_is_the_same_or_the_nearest_earlier_or_the_earliest() {
    let factors = tables().factors();
    let row = |year| {
        let emissions = emissions(&factors, "truck_diesel", &Leg { year, ..leg() });
        let estimated = emissions.estimated.contains(Estimate::FactorYear);
        (emissions.facts.intensity.year, estimated)
    };
    assert_eq!(row(2019), (2020, true));
    assert_eq!(row(2020), (2020, false));
    assert_eq!(row(2021), (2020, true));
    assert_eq!(row(2022), (2022, false));
    assert_eq!(row(2030), (2022, true));
}

#[test]
fn the_distance_band_comes_before_the_year() {
    let factors = tables().factors();
    let row = |km: Option<f64>, year| {
        let distance = km.and_then(|km| common::km(km, DistanceBasis::GreatCirclePlus95));
        let leg = Leg { distance, activity: tkm(1.0), year, ..leg() };
        let emissions = emissions(&factors, "plane", &leg);
        let row = emissions.facts.intensity.citation.row.to_string();
        (row, emissions.estimated.contains(Estimate::DistanceBand))
    };
    assert_eq!(row(Some(0.0), 2020), ("plane-short".into(), false));
    assert_eq!(row(Some(1595.0), 2020), ("plane-short".into(), false));
    assert_eq!(row(Some(1595.5), 2020), ("plane-long".into(), false));
    assert_eq!(row(Some(500.0), 2022), ("plane-short-2022".into(), false));
    assert_eq!(row(Some(5000.0), 2022), ("plane-long".into(), false));
    assert_eq!(row(None, 2020), ("plane-long".into(), true));
}

#[test]
fn bands_are_great_circles_and_what_a_client_states_counts_as_it_is() {
    let factors = tables().factors();
    let row = |given, basis| {
        let leg = Leg { distance: km(given, basis), ..leg() };
        emissions(&factors, "plane", &leg).facts.intensity.citation.row.to_string()
    };
    for basis in [DistanceBasis::Actual, DistanceBasis::GreatCircle] {
        assert_eq!(row(1500.0, basis), "plane-short", "{basis:?}");
        assert_eq!(row(1540.0, basis), "plane-long", "{basis:?}");
    }
    assert_eq!(row(1540.0, DistanceBasis::GreatCirclePlus95), "plane-short");
}

#[test]
fn a_distance_outside_every_band_takes_the_nearest() {
    let pack = tables().replace("intensities.tsv", "\t\t1500\t", "\t100\t1000\t").replace(
        "intensities.tsv",
        "\t\t1500\t",
        "\t100\t1000\t",
    );
    let factors = pack.factors();
    let row = |km| {
        let leg = Leg { distance: common::km(km, DistanceBasis::GreatCircle), ..leg() };
        let emissions = emissions(&factors, "plane", &leg);
        let row = emissions.facts.intensity.citation.row.to_string();
        (row, emissions.estimated.contains(Estimate::DistanceBand))
    };
    assert_eq!(row(50.0), ("plane-short".into(), true));
    assert_eq!(row(1100.0), ("plane-short".into(), true));
    assert_eq!(row(1400.0), ("plane-long".into(), true));
    assert_eq!(row(101.0), ("plane-short".into(), false));
}

#[test]
fn distances_are_adjusted_once_and_only_where_the_basis_asks() {
    use DistanceBasis::{Actual, GreatCircle, GreatCirclePlus95, ShortestFeasible};
    let factors = tables().factors();
    let adjusted = |toc: &str, code: Option<&str>, given, basis| {
        let leg = Leg { country: code.and_then(country), distance: km(given, basis), ..leg() };
        let emissions = emissions(&factors, toc, &leg);
        assert_eq!(emissions.activity.get(), given);
        assert_eq!(emissions.adjusted_activity.get(), emissions.adjusted_km.unwrap());
        emissions.adjusted_km.unwrap()
    };
    near(adjusted("truck_diesel", None, 100.0, ShortestFeasible), 105.0);
    near(adjusted("ship", None, 100.0, ShortestFeasible), 115.0);
    for (toc, code, basis) in [
        ("truck_diesel", None, Actual),
        ("truck_diesel", None, GreatCircle),
        ("truck_diesel", Some("DE"), ShortestFeasible),
        ("truck_diesel", Some("DE"), Actual),
        ("train", None, ShortestFeasible),
        ("plane", None, Actual),
        ("plane", None, GreatCirclePlus95),
        ("plane_gcd", None, GreatCircle),
        ("plane_gcd", None, Actual),
    ] {
        assert_eq!(adjusted(toc, code, 1000.0, basis), 1000.0, "{toc} {basis:?}");
    }
    assert_eq!(adjusted("plane", None, 1000.0, GreatCircle), 1095.0);
    assert_eq!(adjusted("plane", None, 0.0, GreatCircle), 0.0);
    assert_eq!(adjusted("plane_gcd", None, 1095.0, GreatCirclePlus95), 1000.0);
    assert_eq!(adjusted("plane_gcd", None, 60.0, GreatCirclePlus95), 0.0);
}

#[test]
fn a_stated_activity_is_used_as_it_is() {
    let factors = tables().factors();
    let stated = Leg { activity: tkm(1000.0), ..leg() };
    for leg in [
        stated,
        Leg { load: None, distance: None, ..stated },
        Leg { distance: km(7.0, DistanceBasis::ShortestFeasible), ..stated },
        Leg { load: load(5.0, LoadUnit::Pallets), load_factor: LoadFactor::new(0.5).unwrap(), ..stated },
    ] {
        assert_eq!(calculate(&factors, "truck_diesel", &leg), (100.0, 0.0, 0.0, vec![]));
    }
    let without_pallets = tables().without("load_units.tsv").factors();
    let pallets = Leg { load: load(5.0, LoadUnit::Pallets), ..stated };
    assert_eq!(transport(&without_pallets, "truck_diesel", &pallets), 100.0);
    assert_eq!(emissions(&without_pallets, "truck_diesel", &pallets).mass, None);
}

#[test]
fn loads_become_tonnes() {
    let factors = tables().factors();
    let mass = |amount, unit| {
        let emissions = emissions(&factors, "truck_diesel", &Leg { load: load(amount, unit), ..leg() });
        (emissions.mass.unwrap().get(), emissions.estimated.contains(Estimate::LoadUnit))
    };
    assert_eq!(mass(2500.0, LoadUnit::Kg), (2.5, false));
    assert_eq!(mass(2.5, LoadUnit::Ton), (2.5, false));
    assert_eq!(mass(5.0, LoadUnit::Pallets), (2.0, true));
    assert_eq!(mass(1.5, LoadUnit::Teu), (15.0, true));
    assert_eq!(mass(1.0, LoadUnit::Feu), (20.0, true));
}

#[test]
fn the_operator_may_say_what_a_pallet_weighs() {
    let factors = tables().factors().with_pallet_mass(Kilograms::new(600.0).unwrap());
    let leg = Leg { load: load(10.0, LoadUnit::Pallets), ..leg() };
    let emissions = emissions(&factors, "truck_diesel", &leg);
    assert_eq!(emissions.mass.unwrap().get(), 6.0);
    assert_eq!(&*emissions.facts.load_unit.unwrap().citation.source.title, "Setting of the operator");
    assert!(emissions.estimated.contains(Estimate::LoadUnit));
}

#[test]
fn the_load_factor_multiplies_the_load() {
    let factors = tables().factors();
    let half = LoadFactor::new(0.5).unwrap();
    let of = |load| emissions(&factors, "truck_diesel", &Leg { load, load_factor: half, ..leg() }).mass;
    assert_eq!(of(load(100.0, LoadUnit::Pallets)).unwrap().get(), 20.0);
    assert_eq!(of(None).unwrap().get(), 4.0);
}

#[test]
fn without_a_load_the_vehicle_carries_its_average() {
    let factors = tables().factors();
    let of = |code: Option<&str>| {
        let leg = Leg { country: code.and_then(country), load: None, ..leg() };
        let emissions = emissions(&factors, "truck_diesel", &leg);
        assert!(emissions.estimated.contains(Estimate::Load));
        emissions.mass.unwrap().get()
    };
    assert_eq!((of(None), of(Some("ES")), of(Some("FR"))), (8.0, 10.0, 8.0));
    let leg = Leg { load: None, ..leg() };
    assert_eq!(error(&factors, "train", &leg), CalculationError::NoLoad { toc: "train".into() });
}

#[test]
fn what_is_missing_is_said() {
    let factors = tables().factors();
    let lost = Leg { distance: None, ..leg() };
    assert_eq!(error(&factors, "train", &lost), CalculationError::NoDistance);
    let bare = tables().without("load_units.tsv").factors();
    let pallets = Leg { load: load(1.0, LoadUnit::Pallets), ..leg() };
    assert_eq!(error(&bare, "train", &pallets), CalculationError::NoUnitMass { unit: LoadUnit::Pallets });
    assert_eq!(error(&bare, "ship", &leg()), CalculationError::NoUnitMass { unit: LoadUnit::Teu });
    let dark = tables().without("electricity.tsv").factors();
    let spain = Leg { country: country("ES"), ..leg() };
    let missing = error(&dark, "truck_electric", &spain);
    assert_eq!(missing, CalculationError::NoElectricity { country: country("ES") });
    assert_eq!(missing.to_string(), "no grid factor is known for ES; name another `origin_country`");
}

#[test]
fn intensities_per_teu_are_divided_by_its_tonnes() {
    let factors = tables().factors();
    let by_mass = emissions(&factors, "ship", &leg());
    near(by_mass.transport.wtw.get(), 0.9);
    near(by_mass.transport.wtt.get(), 0.2);
    let by_teu = Leg { load: load(3.0, LoadUnit::Teu), ..leg() };
    near(transport(&factors, "ship", &by_teu), 0.09 * 3.0 * 100.0);
}

#[test]
fn electricity_is_all_provision_by_grid_and_year() {
    let factors = tables().factors();
    let of = |code: Option<&str>, year| {
        let leg = Leg { country: code.and_then(country), year, ..leg() };
        let emissions = emissions(&factors, "truck_electric", &leg);
        assert_eq!(emissions.transport.wtt, emissions.transport.wtw);
        assert_eq!(emissions.transport.ttw, KgCo2e::ZERO);
        (emissions.transport.wtw.get(), emissions.estimated.contains(Estimate::GridFactor))
    };
    for (code, year, grid, estimated) in [
        (Some("ES"), 2020, 0.275, false),
        (Some("ES"), 2022, 0.275, true),
        (Some("ES"), 2023, 0.1, false),
        (Some("ES"), 2010, 0.275, true),
        (Some("DE"), 2020, 0.3, true),
        (Some("US"), 2020, 0.25, true),
        (None, 2020, 0.25, true),
    ] {
        let (kg, marked) = of(code, year);
        near(kg, 100.0 * 0.2 * grid);
        assert_eq!(marked, estimated, "{code:?} {year}");
    }
}

#[test]
fn what_is_published_well_to_wheel_only_is_split_by_the_fuel() {
    let factors = tables().factors();
    let split = |toc: &str, year| {
        let emissions = emissions(&factors, toc, &Leg { year, ..leg() });
        let Emissions { wtw, wtt, ttw } = emissions.transport;
        (wtw.get(), wtt.get(), ttw.get(), emissions.estimated.contains(Estimate::WttTtwSplit))
    };
    let (wtw, wtt, ttw, marked) = split("van_diesel", 2020);
    near(wtw, 60.0);
    near(wtt, 60.0 * 0.6 / 3.0);
    near(ttw, 60.0 * 2.4 / 3.0);
    assert!(marked);
    near(split("van_diesel", 2022).1, 60.0 * 0.25);
    assert_eq!(split("train_electric", 2020), (1.0, 1.0, 0.0, false));

    let bare = tables().replace("tocs.tsv", "van\tdiesel\tambient", "van\t\tambient").factors();
    let emissions = emissions(&bare, "van_diesel", &leg());
    near(emissions.transport.wtw.get(), 60.0);
    assert_eq!((emissions.transport.wtt, emissions.transport.ttw), (KgCo2e::ZERO, KgCo2e::ZERO));
    assert!(!emissions.estimated.contains(Estimate::WttTtwSplit));
}

#[test]
fn printed_parts_that_do_not_add_up_give_the_proportion() {
    let transport = emissions(&tables().factors(), "train", &leg()).transport;
    near(transport.wtw.get(), 3.6);
    near(transport.wtt.get(), 3.6 * 0.012 / 0.035);
    near(transport.ttw.get(), 3.6 * 0.023 / 0.035);
}

#[test]
fn temperature_control_uplifts_ambient_vehicles_only() {
    let factors = tables().factors();
    let controlled = Leg { temperature: Temperature::Controlled, ..leg() };
    near(transport(&factors, "truck_diesel", &controlled), 11.2);
    near(emissions(&factors, "truck_diesel", &controlled).transport.wtt.get(), 3.36);
    near(transport(&factors, "van_diesel", &controlled), 69.0);
    near(transport(&factors, "reefer_diesel", &controlled), 60.0);
    near(transport(&factors, "reefer_diesel", &leg()), 60.0);
    let ship = calculate(&factors, "ship", &controlled);
    near(ship.0, 0.9);
    assert_eq!(ship.3, ["temperature"]);
}

#[test]
fn cleaning_is_added_for_each_operation() {
    let factors = tables().factors();
    let cleaned = |toc, cleanings| {
        let (_, _, kg, estimated) = calculate(&factors, toc, &Leg { cleanings, ..leg() });
        (kg, estimated.contains(&"cleaning"))
    };
    assert_eq!(cleaned("tank_truck_diesel", 0), (0.0, false));
    assert_eq!(cleaned("tank_truck_diesel", 1), (86.6, false));
    assert_eq!(cleaned("tank_truck_diesel", 2), (173.2, false));
    assert_eq!(cleaned("truck_diesel", 1), (86.6, true));
    let heavier = Leg { cleanings: 1, load: load(20.0, LoadUnit::Ton), ..leg() };
    assert_eq!(calculate(&factors, "tank_truck_diesel", &heavier).2, 86.6);
    let bare = tables().without("adjustments.tsv").factors();
    let (_, _, kg, estimated) = calculate(&bare, "tank_truck_diesel", &Leg { cleanings: 1, ..leg() });
    assert_eq!((kg, estimated.contains(&"cleaning")), (0.0, true));
}

#[test]
fn hubs_emit_per_tonne_per_container_or_what_their_owner_knows() {
    use HubCategory::{MaritimeContainerTerminalsAmbient as Terminal, TransshipmentAmbient as Depot};
    let factors = tables().factors();
    let hub = |stay, load| {
        let leg = Leg { hub: Some(stay), load, load_factor: LoadFactor::new(0.5).unwrap(), ..leg() };
        let emissions = emissions(&factors, "truck_diesel", &leg);
        assert_eq!((emissions.hub.wtt, emissions.hub.ttw), (KgCo2e::ZERO, KgCo2e::ZERO));
        (emissions.hub.wtw.get(), emissions.estimated.contains(Estimate::Hub))
    };
    let own = HubStay::Owned(KgCo2e::new(4.5).unwrap());
    assert_eq!(hub(HubStay::Subcontracted(Depot), load(20.0, LoadUnit::Ton)), (6.0, true));
    assert_eq!(hub(HubStay::Subcontracted(Terminal), load(20.0, LoadUnit::Ton)), (10.0, true));
    assert_eq!(hub(HubStay::Subcontracted(Terminal), load(4.0, LoadUnit::Teu)), (20.0, true));
    assert_eq!(hub(HubStay::Subcontracted(Terminal), load(4.0, LoadUnit::Feu)), (20.0, true));
    assert_eq!(
        hub(HubStay::Subcontracted(HubCategory::WarehouseMixed), load(1.0, LoadUnit::Ton)),
        (0.0, true)
    );
    assert_eq!(hub(own, load(20.0, LoadUnit::Ton)), (4.5, false));
    let measured = HubStay::Measured(KgCo2ePerTonne::new(12.5).unwrap());
    assert_eq!(hub(measured, load(20.0, LoadUnit::Ton)), (125.0, false));
    assert!(!hub(measured, load(4.0, LoadUnit::Teu)).1);
}

#[test]
fn a_hub_needs_the_mass_even_where_the_activity_is_given() {
    let factors = tables().factors();
    let depot = Some(HubStay::Subcontracted(HubCategory::TransshipmentAmbient));
    let leg = Leg { activity: tkm(100.0), load: None, distance: None, hub: depot, ..leg() };
    let (transport, hub, _, estimated) = calculate(&factors, "truck_diesel", &leg);
    assert_eq!((transport, hub), (10.0, 8.0 * 0.6));
    assert_eq!(estimated, ["load", "hub"]);
    let measured = Some(HubStay::Measured(KgCo2ePerTonne::new(0.5).unwrap()));
    let (_, hub, _, estimated) = calculate(&factors, "truck_diesel", &Leg { hub: measured, ..leg });
    assert_eq!((hub, &estimated[..]), (8.0 * 0.5, &["load"][..]));
    let measured = Leg { hub: measured, ..leg };
    assert_eq!(error(&factors, "train", &measured), CalculationError::NoLoad { toc: "train".into() });
    assert_eq!(error(&factors, "train", &leg), CalculationError::NoLoad { toc: "train".into() });
}

#[test]
fn nothing_carried_or_driven_emits_nothing() {
    let factors = tables().factors();
    for leg in [
        Leg { load: load(0.0, LoadUnit::Kg), ..leg() },
        Leg { distance: km(0.0, DistanceBasis::GreatCircle), ..leg() },
    ] {
        for toc in ["truck_diesel", "plane", "ship", "truck_electric"] {
            let emissions = emissions(&factors, toc, &leg);
            assert_eq!(emissions.total(), Emissions::default());
            assert_eq!(emissions.emission_intensity(), None);
        }
    }
}

#[test]
fn refrigerant_and_fuel_are_multiplied() {
    use emissions_core::{AdjustmentKind, FuelQuantity, FuelUnit, Mode};
    let factors = tables().factors();
    let gas = factors.refrigerant("r-134A").unwrap();
    let lost = factors.adjustment(AdjustmentKind::RefrigerantLeak, Mode::Road, "truck").unwrap().value;
    let leak = gas.leakage(lost).unwrap();
    near(leak.ttw.get(), 1.5 * 0.15 * 1530.0);
    assert_eq!((leak.wtw, leak.wtt), (leak.ttw, KgCo2e::ZERO));
    for lost in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(gas.leakage(lost).is_err() && FuelQuantity::new(lost).is_err());
    }
    let diesel = factors.fuel("diesel", FuelUnit::L, country("ES"), 2021).unwrap();
    let burnt = diesel.emissions(FuelQuantity::new(100.0).unwrap());
    assert_eq!((burnt.wtw.get(), burnt.wtt.get(), burnt.ttw.get()), (300.0, 60.0, 240.0));
    assert!(factors.fuel("diesel", FuelUnit::Mj, None, 2020).is_none());
    assert!(factors.fuel("hydrogen", FuelUnit::Kg, None, 2020).is_none());
}

#[test]
fn empty_running_is_taken_out_where_it_is_published() {
    let factors = tables().factors();
    let kept = Leg { year: 2022, ..leg() };
    let taken_out = Leg { empty_running: EmptyRunning::TakenOut, ..kept };
    let contained = emissions(&factors, "truck_diesel", &kept);
    let laden = emissions(&factors, "truck_diesel", &taken_out);
    assert_eq!(
        laden.transport.wtw.get(),
        contained.adjusted_activity.get() * (0.1 * ((100.0 - 17.0) / 100.0))
    );
    assert_eq!(laden.intensity.wtt.get(), 0.02 * ((100.0 - 17.0) / 100.0));
    assert!(!laden.estimated.contains(Estimate::EmptyRunning));

    let unpublished = emissions(&factors, "van_diesel", &taken_out);
    assert_eq!(unpublished.transport, emissions(&factors, "van_diesel", &kept).transport);
    assert!(unpublished.estimated.contains(Estimate::EmptyRunning));
    assert!(!emissions(&factors, "van_diesel", &kept).estimated.contains(Estimate::EmptyRunning));
}

#[test]
fn a_leg_says_nothing_of_empty_running_that_counts() {
    let json = serde_json::to_string(&leg()).unwrap();
    assert!(!json.contains("empty_running"), "{json}");
    assert_eq!(serde_json::from_str::<Leg>(&json).unwrap(), leg());
    let taken_out = Leg { empty_running: EmptyRunning::TakenOut, ..leg() };
    let json = serde_json::to_string(&taken_out).unwrap();
    assert_eq!(serde_json::from_str::<Leg>(&json).unwrap(), taken_out);
}

#[test]
fn packs_serve_the_regions_that_they_name() {
    let elsewhere = tables().replace("pack.tsv", "id\ttest", "id\telsewhere").replace(
        "intensities.tsv",
        "train\ttrain\tglobal\tGLO",
        "train\ttrain\tES\tES",
    );
    let factors = Factors::new(vec![elsewhere.pack(), tables().pack()]).unwrap();
    let served_by = |toc, code| factors.served_by(factors.toc(toc).unwrap(), country(code));
    assert_eq!((served_by("train", "ES"), served_by("train", "FR")), (Some(0), Some(1)));
    let alone = Factors::new(vec![elsewhere.pack()]).unwrap();
    assert_eq!(alone.served_by(alone.toc("train").unwrap(), country("FR")), None);
    let has_load = |toc| factors.has_default_load(factors.toc(toc).unwrap(), country("ES"));
    assert!(has_load("truck_diesel") && !has_load("train"));
}
