//! Hubs: what a draft makes of one, and what a stay in one is calculated with.
#![allow(clippy::unwrap_used, reason = "failing is what tests do with what should not be")]

use emissions_core::{HubCategory, HubStay, KgCo2e, KgCo2ePerTonne, Tonnes};
use logistics_domain::hub::{HubDraft, HubKey, HubKind, HubProfile, Patch};
use logistics_testkit::records::hub;
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
