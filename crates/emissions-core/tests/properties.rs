//! What holds for every leg, in the open pack and in the small one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::sync::LazyLock;

use common::{evaluate, tables};
use emissions_core::{
    CalculationError, CountryCode, DistanceBasis, Emissions, EmptyRunning, Estimate, Factors, HubCategory,
    HubStay, Intensity, KgCo2e, KgCo2ePerTonne, Kilograms, Kilometres, Leg, LegDistance, LegEmissions, Load,
    LoadFactor, LoadUnit, Mode, Receipt, Temperature, TonneKilometres, Tonnes, allocate,
};
use proptest::prelude::*;

static SMALL: LazyLock<Factors> = LazyLock::new(|| tables().factors());
static OPEN: LazyLock<Factors> = LazyLock::new(Factors::open);

/// Numbers of every size up to a limit, with the limits themselves.
fn number(max: f64) -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..=max.min(1e5),
        2 => 0.0..=max,
        1 => (-300f64..9.0).prop_map(f64::exp2),
        1 => prop::sample::select(vec![0.0, f64::MIN_POSITIVE, 5e-324, 95.0, 3700.0, max]),
    ]
}

fn countries() -> impl Strategy<Value = Option<CountryCode>> {
    prop::option::of(prop::sample::select(CountryCode::all().collect::<Vec<_>>()))
}

fn loads() -> impl Strategy<Value = Load> {
    let unit = prop::sample::select(&LoadUnit::ALL[..]);
    (number(Load::MAX), unit).prop_map(|(amount, unit)| Load::new(amount, unit).unwrap())
}

fn distances() -> impl Strategy<Value = LegDistance> {
    use DistanceBasis::{Actual, GreatCircle, GreatCirclePlus95, ShortestFeasible};
    let basis = prop::sample::select(vec![Actual, ShortestFeasible, GreatCircle, GreatCirclePlus95]);
    let km = number(Kilometres::MAX.get()).prop_map(|km| Kilometres::new(km).unwrap());
    (km, basis).prop_map(|(km, basis)| LegDistance { km, basis })
}

fn hubs() -> impl Strategy<Value = HubStay> {
    let owned = number(KgCo2e::MAX.get()).prop_map(|kg| HubStay::Owned(KgCo2e::new(kg).unwrap()));
    let category = prop::sample::select(&HubCategory::ALL[..]);
    let measured = number(KgCo2ePerTonne::MAX.get())
        .prop_map(|number| HubStay::Measured(KgCo2ePerTonne::new(number).unwrap()));
    prop_oneof![owned, measured, category.prop_map(HubStay::Subcontracted)]
}

fn legs() -> impl Strategy<Value = Leg> {
    let activity = number(TonneKilometres::MAX.get()).prop_map(|tkm| TonneKilometres::new(tkm).unwrap());
    let temperature = prop::sample::select(vec![Temperature::Ambient, Temperature::Controlled]);
    let empty_running = prop::sample::select(vec![EmptyRunning::Contained, EmptyRunning::TakenOut]);
    let question = (countries(), any::<u16>().prop_map(|year| 1990 + year % 60));
    let factor = (0.0..=1.0f64).prop_map(|share| LoadFactor::new(share).unwrap());
    let carried = (prop::option::weighted(0.8, loads()), factor, prop::option::weighted(0.8, distances()));
    let rest = (
        prop::option::weighted(0.2, activity),
        (temperature, empty_running),
        any::<u16>(),
        prop::option::weighted(0.3, hubs()),
    );
    (question, carried, rest).prop_map(
        |(
            (country, year),
            (load, load_factor, distance),
            (activity, (temperature, empty_running), cleanings, hub),
        )| Leg {
            country,
            year,
            load,
            load_factor,
            distance,
            activity,
            temperature,
            empty_running,
            cleanings,
            hub,
        },
    )
}

/// Factors, the name of one of their TOCs, and a leg.
fn questions() -> impl Strategy<Value = (&'static Factors, &'static str, Leg)> {
    let named = |factors: &'static LazyLock<Factors>| {
        let names: Vec<&'static str> = factors.names().collect();
        prop::sample::select(names).prop_map(move |name| (&**factors, name))
    };
    (prop_oneof![named(&SMALL), named(&OPEN)], legs()).prop_map(|((factors, name), leg)| (factors, name, leg))
}

fn calculate<'f>(factors: &'f Factors, toc: &str, leg: &Leg) -> Result<LegEmissions<'f>, CalculationError> {
    factors.calculate(factors.toc(toc).unwrap(), leg)
}

/// Whether two numbers are equal but for the rounding of a few operations.
fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 8.0 * f64::EPSILON * a.max(b) + 1e-300
}

/// Whether two numbers are equal or neighbours.
fn within_one_ulp(a: f64, b: f64) -> bool {
    a.to_bits().abs_diff(b.to_bits()) <= 1
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn results_are_numbers_and_their_parts_add_up((factors, toc, leg) in questions()) {
        let Ok(emissions) = calculate(factors, toc, &leg) else { return Ok(()) };
        for Emissions { wtw, wtt, ttw } in
            [emissions.intensity, emissions.transport, emissions.hub, emissions.cleaning, emissions.total()]
        {
            for kg in [wtw, wtt, ttw] {
                prop_assert!(kg.get().is_finite() && kg.get() >= 0.0);
                prop_assert_eq!(KgCo2e::new(kg.get()), Ok(kg));
            }
        }
        let Emissions { wtw, wtt, ttw } = emissions.transport;
        let whole = wtt == KgCo2e::ZERO && ttw == KgCo2e::ZERO;
        prop_assert!(whole || within_one_ulp(wtt.get() + ttw.get(), wtw.get()));
        prop_assert!(emissions.activity.get().is_finite() && emissions.adjusted_activity.get().is_finite());
        prop_assert!(emissions.emission_intensity().is_none_or(f64::is_finite));
    }

    #[test]
    fn only_missing_loads_and_distances_are_errors((_, toc, leg) in questions()) {
        if OPEN.toc(toc).is_none() {
            return Ok(());
        }
        match calculate(&OPEN, toc, &leg) {
            Ok(emissions) => prop_assert!(emissions.facts.intensity.citation.source.pack.id == "open"),
            Err(CalculationError::NoLoad { .. }) => prop_assert!(leg.load.is_none()),
            Err(CalculationError::NoDistance) => prop_assert!(leg.distance.is_none() && leg.activity.is_none()),
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn transport_is_linear_in_the_load((factors, toc, leg) in questions(), load in loads(), times in 1u8..50) {
        let scaled = Load::new(load.amount() / f64::from(times), load.unit()).unwrap();
        let hub = None;
        let of = |load| calculate(factors, toc, &Leg { load: Some(load), activity: None, hub, ..leg });
        let (Ok(all), Ok(part)) = (of(load), of(scaled)) else { return Ok(()) };
        prop_assert!(close(part.transport.wtw.get() * f64::from(times), all.transport.wtw.get()));
        prop_assert_eq!(all.cleaning, part.cleaning);
    }

    #[test]
    fn transport_is_linear_in_the_distance((factors, toc, leg) in questions(), km in 0.0..1e4, times in 1u8..50) {
        let of = |km| {
            let distance = Some(LegDistance { km: Kilometres::new(km).unwrap(), basis: DistanceBasis::ShortestFeasible });
            calculate(factors, toc, &Leg { distance, activity: None, ..leg })
        };
        let (Ok(one), Ok(many)) = (of(km), of(km * f64::from(times))) else { return Ok(()) };
        prop_assume!(one.facts.intensity == many.facts.intensity);
        prop_assert!(close(one.transport.wtw.get() * f64::from(times), many.transport.wtw.get()));
        prop_assert_eq!(one.hub, many.hub);
    }

    #[test]
    fn more_load_or_distance_never_emits_less((factors, toc, leg) in questions(), more in 1.0..3.0f64) {
        let Ok(before) = calculate(factors, toc, &leg) else { return Ok(()) };
        let load = leg.load.map(|load| Load::new((load.amount() * more).min(Load::MAX), load.unit()).unwrap());
        let after = calculate(factors, toc, &Leg { load, ..leg }).unwrap();
        prop_assert!(after.total().wtw >= before.total().wtw);
    }

    #[test]
    fn the_distance_is_adjusted_once((factors, toc, leg) in questions(), distance in distances()) {
        let leg = Leg { distance: Some(distance), activity: None, ..leg };
        let Ok(emissions) = calculate(factors, toc, &leg) else { return Ok(()) };
        let (given, used) = (distance.km.get(), emissions.adjusted_km.unwrap());
        let row = emissions.facts.distance;
        let factor = row.map_or(1.0, |row| row.value);
        let air = emissions.facts.toc.mode == Mode::Air;
        let allowed = [given * factor, given, if air { given + 95.0 } else { given }, if air { (given - 95.0).max(0.0) } else { given }];
        prop_assert!(allowed.contains(&used), "{given} became {used}");
        prop_assert!(row.is_none() || used == given * factor);
        prop_assert!(distance.basis != DistanceBasis::Actual || used == given);
    }

    #[test]
    fn receipts_compute_again((factors, toc, leg) in questions()) {
        let Ok(emissions) = calculate(factors, toc, &leg) else { return Ok(()) };
        let receipt = Receipt::of(&leg, &emissions);
        for step in &receipt.steps {
            if let Some(value) = evaluate(step) {
                prop_assert_eq!(value.to_bits(), step.result.value.to_bits(), "{}", step);
            }
        }
        let json = serde_json::to_string(&receipt).unwrap();
        let read: Receipt = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(read.verify_against(factors), Ok(()));
        let again = Receipt::of(&leg, &calculate(factors, toc, &leg).unwrap());
        prop_assert_eq!(&serde_json::to_string(&again).unwrap(), &json);
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }

    #[test]
    fn electricity_is_all_provision((factors, toc, leg) in questions()) {
        let Ok(emissions) = calculate(factors, toc, &leg) else { return Ok(()) };
        if matches!(emissions.facts.intensity.intensity, Intensity::Electric(_)) {
            prop_assert!(emissions.facts.toc.is_electric());
            prop_assert_eq!(emissions.transport.wtt, emissions.transport.wtw);
            prop_assert_eq!(emissions.transport.ttw, KgCo2e::ZERO);
        } else {
            prop_assert!(emissions.facts.grid.is_none());
        }
    }

    #[test]
    fn shares_add_up_exactly(total in number(KgCo2e::MAX.get()), parts in prop::collection::vec(number(TonneKilometres::MAX.get()), 0..40)) {
        let total = KgCo2e::new(total).unwrap();
        let parts: Vec<_> = parts.into_iter().map(|tkm| TonneKilometres::new(tkm).unwrap()).collect();
        let shares = allocate(total, &parts);
        prop_assert_eq!(shares.len(), parts.len());
        prop_assert!(shares.iter().all(|share| share.get() >= 0.0 && *share <= total));
        if !parts.is_empty() {
            prop_assert_eq!(shares.iter().copied().sum::<KgCo2e>(), total);
        }
    }

    #[test]
    fn units_round_trip(kg in number(Kilograms::MAX.get())) {
        let mass = Kilograms::new(kg).unwrap();
        prop_assert!(close(Kilograms::from(Tonnes::from(mass)).get(), kg));
        let json = serde_json::to_string(&mass).unwrap();
        prop_assert_eq!(serde_json::from_str::<Kilograms>(&json).unwrap(), mass);
    }

    #[test]
    fn legs_round_trip(leg in legs()) {
        let json = serde_json::to_string(&leg).unwrap();
        prop_assert_eq!(serde_json::from_str::<Leg>(&json).unwrap(), leg);
    }
}

/// The open pack answers for every TOC, in every country, year and distance.
#[test]
fn every_lookup_ends_with_a_row() {
    let countries: Vec<Option<CountryCode>> = CountryCode::all().map(Some).chain([None]).collect();
    let load = Some(Load::new(1.0, LoadUnit::Ton).unwrap());
    for name in OPEN.names() {
        let toc = OPEN.toc(name).unwrap();
        for (at, &country) in countries.iter().enumerate() {
            for year in (2005..2035).skip(at % 3).step_by(3) {
                for km in [1.0, 3700.0, 12_000.0] {
                    let km = Kilometres::new(km).unwrap();
                    let distance = Some(LegDistance { km, basis: DistanceBasis::Actual });
                    let leg = Leg { country, year, load, distance, ..common::leg() };
                    let emissions = OPEN.calculate(toc, &leg).unwrap();
                    // A grid of nothing but water power is published as 0.
                    let clean = emissions.facts.grid.is_some_and(|grid| grid.total == 0.0);
                    assert!(emissions.total().wtw.get() > 0.0 || clean, "{name} {country:?} {year}");
                    let row = emissions.facts.intensity;
                    assert_eq!(emissions.estimated.contains(Estimate::FactorYear), row.year != year);
                    assert!(!emissions.estimated.contains(Estimate::DistanceBand));
                }
            }
        }
    }
}

/// Every mode has its average, and every TOC of the open pack a default load or none by publication, not by accident.
#[test]
fn every_mode_has_its_average() {
    for mode in ["road", "rail", "maritime", "air"] {
        let toc = OPEN.toc(&format!("generic_average_{mode}")).unwrap();
        let listed = OPEN.list();
        assert!(listed.iter().any(|entry| entry.toc.id == OPEN.describe(toc).id), "{mode}");
    }
}
