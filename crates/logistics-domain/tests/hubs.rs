//! Hubs: what a draft makes of one, and what a stay in one is calculated with.
#![allow(clippy::unwrap_used, reason = "failing is what tests do with what should not be")]

use std::sync::Arc;

use emissions_core::{
    Estimate, Factors, HubCategory, HubStay, KgCo2e, KgCo2ePerTonne, TonneKilometres, Tonnes,
};
use logistics_domain::Calculator;
use logistics_domain::batch::{self, OnError, Record};
use logistics_domain::geography::{AvoidedPassages, GeographySettings};
use logistics_domain::hub::{Hub, HubDirectory, HubDraft, HubKey, HubKind, HubProfile, HubStatus, Patch};
use logistics_domain::leg::{LegDraft, NewLeg};
use logistics_testkit::fakes::{FakeDistances, FakeGeocoder};
use logistics_testkit::records::{hub, place, start};
use proptest::prelude::*;
use uuid::Uuid;

fn set(text: &str) -> Patch<String> {
    Patch::Set(text.to_owned())
}

fn owned() -> HubProfile {
    let mut profile = hub("Madrid").profile;
    profile.kind = HubKind::Owned;
    profile.facility_id = Some(Uuid::nil());
    profile.annual_co2e = Some(KgCo2e::new(1000.0).unwrap());
    profile.annual_throughput = Some(Tonnes::new(500.0).unwrap());
    profile
}

#[test]
fn an_own_hub_is_calculated_by_what_it_measured_and_else_by_its_kind() {
    let measured = HubStay::Measured(KgCo2ePerTonne::new(2.0).unwrap());
    let default = HubStay::Subcontracted(HubCategory::WarehouseAmbient);
    assert_eq!(owned().stay(), Some(measured));
    assert_eq!(HubProfile { annual_throughput: None, ..owned() }.stay(), Some(default));
    assert_eq!(HubProfile { annual_co2e: None, category: None, ..owned() }.stay(), None);
    assert_eq!(hub("Lyon").profile.stay(), Some(default));
}

#[test]
fn what_only_own_hubs_have_goes_when_a_hub_is_sold() {
    let sold = HubDraft { kind: set("Subcontracted"), facility_id: set("no UUID"), ..HubDraft::default() };
    let sold = sold.change(&owned(), Uuid::max()).unwrap();
    assert_eq!((sold.facility_id, sold.annual_co2e, sold.annual_throughput), (None, None, None));
    let bought = HubDraft { kind: set("owned"), ..HubDraft::default() };
    assert_eq!(bought.clone().change(&sold, Uuid::max()).unwrap().facility_id, Some(Uuid::max()));
    assert_eq!(bought.clone().change(&owned(), Uuid::max()).unwrap(), owned());
    let nowhere = HubProfile { address: None, ..sold };
    let faults = bought.change(&nowhere, Uuid::max()).unwrap_err();
    assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), ["facility_id"]);
}

#[test]
fn figures_that_give_no_intensity_are_refused() {
    for (co2e, throughput) in [(1.0, 0.0), (1e12, 1e-3), (1.0, f64::NAN), (-1.0, 1.0), (1e16, 1e12)] {
        let draft = HubDraft {
            annual_co2e_kg: Patch::Set(co2e),
            annual_throughput_t: Patch::Set(throughput),
            ..HubDraft::default()
        };
        assert!(draft.change(&owned(), Uuid::max()).is_err(), "{co2e} / {throughput}");
    }
    let cleared =
        HubDraft { annual_co2e_kg: Patch::Clear, annual_throughput_t: Patch::Clear, ..HubDraft::default() };
    let cleared = cleared.change(&owned(), Uuid::max()).unwrap();
    assert_eq!((cleared.annual_co2e, cleared.annual_throughput), (None, None));
}

fn leg(origin: &str, destination: &str, hub_id: Option<&str>) -> NewLeg {
    let draft = LegDraft {
        origin: Some(origin.to_owned()),
        destination: Some(destination.to_owned()),
        load: Some(2.0),
        load_unit: Some("ton".to_owned()),
        category: Some("road".to_owned()),
        movement_id: Some("M-1".to_owned()),
        hub_id: hub_id.map(str::to_owned),
        ..LegDraft::default()
    };
    draft.parse().unwrap()
}

fn hub_with(name: &str, change: impl FnOnce(&mut HubProfile)) -> Hub {
    let mut hub = hub(name);
    change(&mut hub.profile);
    hub
}

fn ends(leg: &NewLeg) -> (&str, &str) {
    (leg.origin.as_deref().unwrap(), leg.destination.as_deref().unwrap())
}

fn calculator(distances: FakeDistances) -> Calculator {
    let places =
        ["Calle Uno 1, Madrid", "Calle Dos 2, Toledo", "Sevilla"].map(|name| place(name, 40.0, -3.0));
    let geocoder = Arc::new(FakeGeocoder::knowing(places));
    Calculator::new(Arc::new(Factors::open()), geocoder, Arc::new(distances), AvoidedPassages::NONE)
}

/// Hubs of every sort: `Uno` has an address, `Dos` as well and a code, `Nada` has none, `Vieja` is archived.
fn directory() -> HubDirectory {
    HubDirectory::new(vec![
        hub_with("Uno", |hub| hub.address = Some("Calle Uno 1, Madrid".to_owned())),
        hub_with("Dos", |hub| {
            hub.address = Some("Calle Dos 2, Toledo".to_owned());
            hub.external_code = Some("Uno".to_owned());
            hub.category = None;
        }),
        hub_with("Nada", |hub| hub.address = None),
        hub_with("Vieja", |hub| hub.status = HubStatus::Archived),
    ])
}

#[test]
fn a_hubs_name_is_its_address() {
    let settled = directory().settle(leg(" UNO ", "dos", None)).unwrap();
    assert_eq!(ends(&settled), ("Calle Uno 1, Madrid", "Calle Dos 2, Toledo"));
    assert_eq!(settled.hubs.handled_by, None);
    let literal = leg("Uno Dos", "Sevilla", None);
    assert_eq!(directory().settle(literal.clone()).unwrap(), literal);
    assert_eq!(HubDirectory::default().settle(leg("Uno", "Vieja", None)).unwrap(), leg("Uno", "Vieja", None));
}

#[test]
fn a_hub_that_cannot_be_an_end_is_told() {
    for (origin, destination, told) in [
        ("Vieja", "Sevilla", "Origin hub not found"),
        ("Sevilla", "VIEJA", "Destination hub not found"),
        ("Nada", "Sevilla", "Origin hub has no address configured"),
        ("Uno", "Nada", "Destination hub has no address configured"),
    ] {
        let fault = directory().settle(leg(origin, destination, None)).unwrap_err();
        assert_eq!(fault.to_string(), told);
    }
}

#[test]
fn a_hub_id_is_an_id_a_name_or_a_code() {
    let hubs = [hub_with("Uno", |_| {}), hub_with("Dos", |hub| hub.external_code = Some("HUB-2".to_owned()))];
    let directory = HubDirectory::new(hubs.to_vec());
    let handled_by = |hub_id: &str| {
        let settled = directory.settle(leg("Sevilla", "Toledo", Some(hub_id))).unwrap();
        assert_eq!(settled.trace.hub_id.as_deref(), Some(hub_id));
        settled.hubs.handled_by.map(|hub| hub.id)
    };
    assert_eq!(handled_by(&hubs[0].id.to_string()), Some(hubs[0].id));
    assert_eq!(handled_by("uno"), Some(hubs[0].id));
    assert_eq!(handled_by("hub-2"), Some(hubs[1].id));
    for unknown in ["HUB-3", &Uuid::nil().to_string()] {
        assert_eq!(handled_by(unknown), None);
    }
}

#[test]
fn the_hub_that_handled_a_load_is_where_it_begins() {
    let settled = directory().settle(leg("Sevilla", "Uno", Some("Dos"))).unwrap();
    assert_eq!(ends(&settled), ("Calle Dos 2, Toledo", "Calle Uno 1, Madrid"));
    let written = settled.hubs.written.unwrap();
    assert_eq!((written.origin.as_deref(), written.destination.as_deref()), (Some("Sevilla"), Some("Uno")));
    let stays = directory().settle(leg("Sevilla", "Toledo", Some("Nada"))).unwrap();
    assert_eq!(ends(&stays), ("Sevilla", "Toledo"));
    assert!(stays.hubs.handled_by.is_some());
    let ignored = leg("Sevilla", "Toledo", Some("Vieja"));
    assert_eq!(directory().settle(ignored.clone()).unwrap(), ignored);
}

#[tokio::test]
async fn a_stay_is_its_own_part_of_the_emissions() {
    let calculator = calculator(FakeDistances::of(100.0));
    let measured = HubDirectory::new(vec![hub_with("Uno", |hub| *hub = owned())]);
    for (directory, hub_id, kg, is_estimated) in [
        (directory(), Some("Uno"), 2.0 * 17.5, true),
        (directory(), Some("Dos"), 0.0, true),
        (measured, Some("Madrid"), 2.0 * 2.0, false),
        (directory(), Some("Nobody"), 0.0, false),
    ] {
        let mut leg = leg("Sevilla", "Sevilla", hub_id);
        leg.tkm = Some(TonneKilometres::new(1.0).unwrap());
        let leg = calculator.resolve(directory.settle(leg).unwrap(), start()).unwrap();
        let result = calculator.calculate(&[&leg], &GeographySettings::default()).await.remove(0).unwrap();
        assert_eq!(result.hub.wtw.get(), kg, "{hub_id:?}");
        assert_eq!(result.estimated.contains(Estimate::Hub), is_estimated, "{hub_id:?}");
        assert_eq!(result.total().wtw.get(), result.transport.wtw.get() + kg);
    }
}

#[test]
fn a_leg_stays_the_same_when_a_hub_moves() {
    let calculator = calculator(FakeDistances::of(100.0));
    let key = |address: &str| {
        let hubs = vec![hub_with("Uno", |hub| hub.address = Some(address.to_owned()))];
        let leg = HubDirectory::new(hubs).settle(leg("Uno", "Sevilla", None)).unwrap();
        calculator.resolve(leg, start()).unwrap().dedup_key()
    };
    let literal = calculator.resolve(leg("Uno", "Sevilla", None), start()).unwrap().dedup_key();
    assert!(
        literal.is_some() && key("Calle Uno 1, Madrid") == literal && key("Calle Dos 2, Toledo") == literal
    );
}

#[tokio::test]
async fn a_batch_asks_for_each_address_once_and_refuses_what_a_single_call_refuses() {
    let distances = FakeDistances::of(100.0);
    let calculator = calculator(distances);
    let mut records: Vec<Record> = Vec::new();
    for (number, (origin, destination)) in
        [("Uno", "Sevilla"), ("Vieja", "Sevilla"), ("Nada", "Uno"), ("Dos", "Uno")].into_iter().enumerate()
    {
        let mut leg = leg(origin, destination, None);
        leg.trace.movement_id = Some(format!("M-{number}"));
        records.push(Record::new(leg.trace.movement_id.clone(), Ok(leg)));
    }
    let mentions = batch::mentions(&records);
    assert_eq!(mentions.names.len(), 5);
    let resolved = batch::resolve(&calculator, &directory(), records, OnError::Continue, start());
    let outcome =
        batch::calculate(&calculator, resolved, &GeographySettings::default(), OnError::Continue).await;
    assert_eq!(outcome.taken.iter().map(|taken| taken.index).collect::<Vec<_>>(), [0, 3]);
    let reasons: Vec<(usize, &str)> =
        outcome.refused.iter().map(|refused| (refused.index, refused.reason.as_str())).collect();
    assert_eq!(reasons, [(1, "Origin hub not found"), (2, "Origin hub has no address configured")]);
}

proptest! {
    #[test]
    fn an_empty_change_changes_nothing(co2e in 0.0..1e9f64, throughput in 1.0..1e9f64, name in "[a-z]{1,9}( [A-Z]{1,9})?") {
        let former = HubProfile {
            name,
            annual_co2e: Some(KgCo2e::new(co2e).unwrap()),
            annual_throughput: Some(Tonnes::new(throughput).unwrap()),
            ..owned()
        };
        prop_assert_eq!(HubDraft::default().change(&former, Uuid::max()).unwrap(), former);
    }

    #[test]
    fn keys_do_not_mind_case_and_blanks(text in "\\PC{0,40}") {
        let key = HubKey::of(&text);
        prop_assert_eq!(&HubKey::of(&format!(" {text}\t\n")), &key);
        if let Some(key) = key {
            prop_assert_eq!(HubKey::of(key.as_str()), Some(key));
        }
    }
}
