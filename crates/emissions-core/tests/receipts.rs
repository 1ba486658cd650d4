//! Receipts: exact, complete, and useless to a forger.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::{country, evaluate, km, leg, load, tables, tkm};
use emissions_core::{
    DistanceBasis, Emissions, EmptyRunning, Factors, HubCategory, HubStay, KgCo2e, KgCo2ePerTonne, Kilograms,
    Leg, LoadFactor, LoadUnit, Receipt, ReceiptError, Temperature,
};
use serde_json::Value;

fn receipt(factors: &Factors, toc: &str, leg: &Leg) -> Receipt {
    Receipt::of(leg, &factors.calculate(factors.toc(toc).unwrap(), leg).unwrap())
}

/// A leg that needs every kind of step, in several vehicles.
fn rich() -> Leg {
    Leg {
        country: country("ES"),
        year: 2021,
        load: load(7.0, LoadUnit::Pallets),
        load_factor: LoadFactor::new(0.7).unwrap(),
        distance: km(123.4, DistanceBasis::ShortestFeasible),
        temperature: Temperature::Controlled,
        cleanings: 2,
        hub: Some(HubStay::Subcontracted(HubCategory::MaritimeContainerTerminalsAmbient)),
        ..leg()
    }
}

fn receipts() -> Vec<Receipt> {
    let factors = tables().factors();
    let legs = [
        leg(),
        rich(),
        Leg { country: None, ..rich() },
        Leg { load: load(1234.5, LoadUnit::Kg), distance: km(1234.5, DistanceBasis::GreatCircle), ..rich() },
        Leg {
            load: load(3.3, LoadUnit::Teu),
            distance: km(77.7, DistanceBasis::GreatCirclePlus95),
            ..rich()
        },
        Leg { load: load(3.0, LoadUnit::Ton), activity: tkm(31.7), ..rich() },
        Leg { activity: tkm(31.7), hub: None, ..rich() },
        Leg { activity: tkm(31.7), load: None, distance: None, hub: None, ..leg() },
        Leg { hub: Some(HubStay::Subcontracted(HubCategory::TransshipmentAmbient)), ..rich() },
        Leg { empty_running: EmptyRunning::TakenOut, country: None, year: 2022, ..rich() },
        Leg { hub: Some(HubStay::Owned(KgCo2e::new(3.21).unwrap())), ..rich() },
        Leg { hub: Some(HubStay::Measured(KgCo2ePerTonne::new(3.21).unwrap())), ..rich() },
    ];
    let receipt = |leg: &Leg, toc| receipt(&factors, toc, leg);
    let of = |leg: &Leg| factors.names().map(|toc| receipt(leg, toc)).collect::<Vec<_>>();
    let average = Leg { load: None, ..rich() };
    legs.iter().flat_map(of).chain([receipt(&average, "truck_diesel")]).collect()
}

#[test]
fn every_step_is_its_formula_to_the_bit() {
    for receipt in receipts() {
        for step in &receipt.steps {
            if let Some(value) = evaluate(step) {
                assert_eq!(value.to_bits(), step.result.value.to_bits(), "{step}\nin\n{receipt}");
            }
        }
    }
}

#[test]
fn every_input_is_stated_published_or_an_earlier_result() {
    for receipt in receipts() {
        let mut known: Vec<(&str, u64)> = Vec::new();
        for step in &receipt.steps {
            for input in &step.inputs {
                let is_result = receipt.steps.iter().any(|step| step.result.name == input.name);
                let at = (&*input.name, input.value.to_bits());
                let taken = !is_result || known.contains(&at) || input.value == 0.0;
                assert!(taken, "`{}` of `{}` is not an earlier result in\n{receipt}", input.name, step.name);
            }
            known.push((&step.result.name, step.result.value.to_bits()));
        }
        let last = receipt.steps.last().unwrap();
        assert_eq!(last.result.value, receipt.total.wtw.get());
        for (name, value) in [("WTT", receipt.transport.wtt), ("TTW", receipt.transport.ttw)] {
            let shown = receipt.steps.iter().find(|step| step.result.name == name);
            assert_eq!(shown.map_or(0.0, |step| step.result.value), value.get());
        }
    }
}

#[test]
fn every_factor_names_its_source() {
    for step in receipts().iter().flat_map(|receipt| &receipt.steps) {
        let factors = [
            "grid factor",
            "uplift",
            "tonnes per unit",
            "hub intensity",
            "emissions per cleaning",
            "average load",
        ];
        if step.inputs.iter().any(|input| factors.contains(&&*input.name)) {
            assert!(step.source.as_ref().is_some_and(|source| source.contains("pack test 1")), "{step}");
        }
        assert!(!step.clause.is_empty());
    }
}

#[test]
fn steps_stand_in_their_order() {
    let factors = tables().factors();
    let names = |toc: &str| -> Vec<String> {
        receipt(&factors, toc, &rich()).steps.iter().map(|step| step.name.to_string()).collect()
    };
    assert_eq!(
        names("truck_electric"),
        [
            "mass",
            "distance adjustment",
            "transport activity",
            "energy intensity",
            "emission intensity",
            "WTT intensity",
            "temperature control",
            "temperature control",
            "transport emissions",
            "energy provision",
            "vehicle operation",
            "hub",
            "cleaning",
            "total",
        ]
    );
}

#[test]
fn a_receipt_survives_json_and_verifies() {
    let factors = tables().factors();
    for receipt in receipts() {
        let json = serde_json::to_string(&receipt).unwrap();
        let read: Receipt = serde_json::from_str(&json).unwrap();
        assert_eq!(read, receipt);
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
        assert_eq!(read.verify(), Ok(()));
        assert_eq!(read.verify_against(&factors), Ok(()));
    }
}

#[test]
fn the_operators_pallet_is_known_as_such() {
    let factors = tables().factors().with_pallet_mass(Kilograms::new(600.0).unwrap());
    let receipt = receipt(&factors, "truck_diesel", &rich());
    assert_eq!(receipt.verify_against(&factors), Ok(()));
    assert!(receipt.verify_against(&tables().factors()).is_err());
}

/// Every number of a JSON document, by its path.
fn numbers(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Number(_) => found.push(path.to_owned()),
        Value::Array(items) => {
            (0..).zip(items).for_each(|(at, item): (usize, _)| numbers(item, &format!("{path}/{at}"), found));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| numbers(field, &format!("{path}/{name}"), found));
        }
        _ => {}
    }
}

#[test]
fn a_tampered_receipt_does_not_hold() {
    let factors = tables().factors();
    let whole = serde_json::to_value(receipt(&factors, "truck_diesel", &rich())).unwrap();
    let mut paths = Vec::new();
    numbers(&whole, "", &mut paths);
    assert!(paths.len() > 60);
    for path in paths {
        let mut tampered = whole.clone();
        let number = tampered.pointer_mut(&path).unwrap();
        *number = match number.as_u64() {
            Some(whole) => Value::from(whole + 1),
            None => Value::from(number.as_f64().unwrap() * 1.000_001 + 1e-300),
        };
        let Ok(read) = serde_json::from_value::<Receipt>(tampered) else { continue };
        assert!(read.verify_against(&factors).is_err(), "{path} was changed");
        let result =
            ["/steps", "/transport", "/hub", "/cleaning", "/total"].iter().any(|part| path.starts_with(part));
        assert!(!result || read.verify().is_err(), "{path} was changed");
    }
}

#[test]
fn words_and_rows_cannot_be_exchanged_either() {
    let factors = tables().factors();
    let honest = receipt(&factors, "truck_diesel", &rich());
    let differs = |what: &str| Err(ReceiptError::Differs { what: what.into() });

    let mut receipt = honest.clone();
    receipt.steps[0].source = Some("a better source".into());
    assert_eq!(receipt.verify(), differs("step `mass`"));
    receipt = honest.clone();
    receipt.steps.pop();
    assert_eq!(receipt.verify(), differs("number of steps"));
    receipt = honest.clone();
    receipt.estimated = emissions_core::Estimates::NONE;
    assert_eq!(receipt.verify(), differs("list of estimates"));
    receipt = honest;
    receipt.total = Emissions::default();
    assert_eq!(receipt.verify(), differs("total"));

    let greener = tables().replace("intensities.tsv", "0.02\t0.06\t0.08", "0.01\t0.06\t0.07").factors();
    let forged = self::receipt(&greener, "truck_diesel", &rich());
    assert_eq!(forged.verify(), Ok(()));
    assert_eq!(forged.verify_against(&factors), differs("intensity row"));
}

#[test]
fn another_version_may_word_its_steps_differently() {
    let mut receipt = receipt(&tables().factors(), "truck_diesel", &rich());
    receipt.engine = "emissions-core 0.0.1".into();
    receipt.steps[0].formula = "in other words".into();
    assert_eq!(receipt.verify(), Ok(()));
    receipt.total = Emissions::default();
    assert!(receipt.verify().is_err());
}

#[test]
fn a_receipt_is_a_page_for_people() {
    let page = receipt(&tables().factors(), "truck_diesel", &leg()).to_string();
    assert_eq!(
        page,
        "\
1. mass: load x load factor = 1 t
     load = 1 ton
     load factor = 1
     after GLEC v3.0 module 4: actual mass
2. transport activity: mass x distance = 100 tkm
     mass = 1 t
     distance = 100 km
     after ISO 14083:2023, clause 6
3. emission intensity: published = 0.1 kg CO2e/tkm
     source: Round numbers, p1 (pack test 1, row truck-2020, CC0)
     after GLEC v3.0 section 3, module 2: default intensities
4. WTT intensity: published = 0.03 kg CO2e/tkm
     source: Round numbers, p1 (pack test 1, row truck-2020, CC0)
     after ISO 14083:2023, clause 8: energy provision and vehicle operation apart
5. transport emissions: transport activity x emission intensity = 10 kg CO2e
     transport activity = 100 tkm
     emission intensity = 0.1 kg CO2e/tkm
     after ISO 14083:2023, clause 12
6. energy provision: transport activity x WTT intensity = 3 kg CO2e
     transport activity = 100 tkm
     WTT intensity = 0.03 kg CO2e/tkm
     after ISO 14083:2023, clause 12
7. vehicle operation: WTW - WTT = 7 kg CO2e
     WTW = 10 kg CO2e
     WTT = 3 kg CO2e
     after ISO 14083:2023, clause 12
8. total: WTW + hub emissions + cleaning = 10 kg CO2e
     WTW = 10 kg CO2e
     hub emissions = 0 kg CO2e
     cleaning = 0 kg CO2e
     after ISO 14083:2023, clause 12
WTW 10 kg CO2e (WTT 3, TTW 7)
computed by emissions-core "
            .to_owned()
            + env!("CARGO_PKG_VERSION")
    );
}
