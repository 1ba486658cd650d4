//! The worked examples of "Greenhouse gas emissions in the transport sector: guide to ISO 14083" (ifeu, Fraunhofer IML for
//! the German Environment Agency; English edition by CLECAT), with the pages where the numbers stand.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::{km, leg, load, tables};
use emissions_core::{
    DistanceBasis, Emissions, Factors, FuelQuantity, FuelUnit, HubCategory, HubStay, KgCo2e, Leg,
    LegEmissions, LoadUnit, TonneKilometres, allocate,
};

/// Meets a printed figure within half a unit of its last digit.
fn meets(value: f64, printed: &str) {
    let decimals = printed.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let half = 0.5 * 10f64.powi(-i32::try_from(decimals).unwrap());
    let published: f64 = printed.parse().unwrap();
    assert!((value - published).abs() <= half * (1.0 + 1e-9), "{value} is not {printed}");
}

/// Case example A: a container with 10 t goes by truck, terminal, electric train, terminal and truck (p. 23-25). Trucks:
/// 143 g/tkm on actual distances, 103 of them from operation (p. 44). Train: 14 g/tkm (p. 44). Terminal: GLEC's 10.7 kg a
/// container of 10 t (p. 43).
fn case_a() -> Factors {
    tables()
        .replace("intensities.tsv", "0.03\t0.07\t0.1\t", "0.04\t0.103\t0.143\t")
        .replace("intensities.tsv", "\t\t\t0.01\t\t", "\t\t\t0.014\t\t")
        .replace("hubs.tsv", "container\t10\t", "container\t10.7\t")
        .factors()
}

fn element<'f>(factors: &'f Factors, toc: &str, given: f64, hub: Option<HubStay>) -> LegEmissions<'f> {
    let distance = km(given, DistanceBasis::ShortestFeasible);
    let leg = Leg { load: load(10.0, LoadUnit::Ton), distance, hub, ..leg() };
    factors.calculate(factors.toc(toc).unwrap(), &leg).unwrap()
}

/// P. 25: 50 km x 10 t = 500 tkm (SFD) or 525 tkm (actual); 1,000 or 1,050 tkm; 5,000 tkm by rail without adjustment. P. 44:
/// 143 g/tkm x (525 + 1,050) tkm = 225.2 kg, 150 g/tkm on the SFD, 108 of them from operation; the train emits 70.0 kg, none
/// of it in operation. P. 48: 10.7 kg at each terminal; 150 kg for the second truck. (P. 48 prints 71.9 kg for the train,
/// against 14 g/tkm x 5,000 tkm and the 70.0 kg of p. 44; so its total of 318.3 kg is not tested.)
#[test]
fn case_example_a_comes_out() {
    let factors = case_a();
    let terminal = Some(HubStay::Subcontracted(HubCategory::MaritimeContainerTerminalsAmbient));
    let first = element(&factors, "truck_diesel", 50.0, terminal);
    let train = element(&factors, "train_electric", 500.0, terminal);
    let second = element(&factors, "truck_diesel", 100.0, None);

    for (element, shortest, actual) in
        [(&first, "500.0", "525.0"), (&train, "5000.0", "5000.0"), (&second, "1000.0", "1050.0")]
    {
        meets(element.activity.get(), shortest);
        meets(element.adjusted_activity.get(), actual);
    }
    let trucks = first.transport + second.transport;
    meets(trucks.wtw.get(), "225.2");
    meets(1000.0 * second.emission_intensity().unwrap(), "150");
    meets(1000.0 * trucks.ttw.get() / (first.activity.get() + second.activity.get()), "108");
    meets(second.transport.wtw.get(), "150");
    meets(first.hub.wtw.get(), "10.7");
    meets(train.hub.wtw.get(), "10.7");
    meets(train.transport.wtw.get(), "70.0");
    assert_eq!(train.transport.ttw, KgCo2e::ZERO);
}

/// Example 5, p. 35: 11,110 l of diesel at 2,639 g/l + 5,500 kg of LNG at 2,467 g/kg = 42,888 kg in operation; 170,272 kWh
/// at 493.96 g + 11,110 l at 801 g + 5,500 kg at 1,050 g = 98,782 kg for energy provision.
#[test]
fn example_5_adds_the_energy_of_a_hub() {
    let factors = tables()
        .add("fuels.tsv", "d\tdiesel_b7\tDiesel\tDE\t2023\tl\t0.801\t2.639\t3.440\tmade-up\tp35\t")
        .add("fuels.tsv", "l\tlng\tLNG\tDE\t2023\tkg\t1.050\t2.467\t3.517\tmade-up\tp35\t")
        .add("fuels.tsv", "e\telectricity\tGrid\tDE\t2023\tkwh\t0.49396\t0\t0.49396\tmade-up\tp35\t")
        .factors();
    let burnt = |fuel, unit, amount| {
        let row = factors.fuel(fuel, unit, common::country("DE"), 2023).unwrap();
        row.emissions(FuelQuantity::new(amount).unwrap())
    };
    let all: Emissions = burnt("diesel_b7", FuelUnit::L, 11_110.0)
        + burnt("lng", FuelUnit::Kg, 5_500.0)
        + burnt("electricity", FuelUnit::KWh, 170_272.0);
    meets(all.ttw.get(), "42888");
    meets(all.wtt.get(), "98782");
}

/// P. 35: 9 kg of R-410A at 2,255.5 kg CO2e/kg are 20,300 kg; example 9, p. 42: 15 kg are 33,833 kg; all in operation.
#[test]
fn lost_refrigerant_is_multiplied_by_its_potential() {
    let factors = tables().add("refrigerants.tsv", "r-410a\tR-410A\t2255.5\tmade-up\tp35\t").factors();
    let gas = factors.refrigerant("R-410A").unwrap();
    for (lost, printed) in [(9.0, "20300"), (15.0, "33833")] {
        let leak = gas.leakage(lost).unwrap();
        meets(leak.wtw.get(), printed);
        assert_eq!((leak.ttw, leak.wtt), (leak.wtw, KgCo2e::ZERO));
    }
}

/// Table 6, p. 34: of a round of 0.3632 tkm, shipments of 0.0280, 0.0072, 0.0178 and 0.0035 tkm take 7.7, 2.0, 4.9 and
/// 1.0 %. The rest of the round, which the table leaves out, is one shipment here.
#[test]
fn a_delivery_round_is_shared_by_transport_activity() {
    let printed = [(0.0280, "7.7"), (0.0072, "2.0"), (0.0178, "4.9"), (0.0035, "1.0")];
    let rest = 0.3632 - printed.iter().map(|(tkm, _)| tkm).sum::<f64>();
    let tkm = |value| TonneKilometres::new(value).unwrap();
    let activities: Vec<_> = printed.iter().map(|(value, _)| tkm(*value)).chain([tkm(rest)]).collect();
    let shares = allocate(KgCo2e::new(100.0).unwrap(), &activities);
    for (share, (_, percent)) in shares.iter().zip(printed) {
        meets(share.get(), percent);
    }
    assert_eq!(shares.into_iter().sum::<KgCo2e>().get(), 100.0);
}
