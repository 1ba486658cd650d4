//! What a client may write, and what it is told where it may not.

use logistics_domain::leg::{LegDraft, Problem, Vehicle};
use proptest::prelude::*;

fn good() -> LegDraft {
    LegDraft { category: Some("road".into()), distance_km: Some(1.0), ..LegDraft::default() }
}

fn faults(draft: LegDraft) -> Vec<(&'static str, Problem)> {
    let faults = draft.parse().err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.field, fault.problem)).collect()
}

#[test]
fn each_fault_is_named_with_its_kind() {
    use Problem::{Missing, NotPermitted, OutOfRange};
    let text = |text: &str| Some(text.to_owned());
    for (draft, expected) in [
        (LegDraft { category: None, ..good() }, ("category", Missing)),
        (LegDraft { category: text("sea"), ..good() }, ("category", NotPermitted)),
        (LegDraft { distance_km: Some(-0.1), ..good() }, ("distance_km", OutOfRange)),
        (LegDraft { load: Some(f64::INFINITY), ..good() }, ("load", OutOfRange)),
        (LegDraft { load_factor: Some(1.1), ..good() }, ("load_factor", OutOfRange)),
        (LegDraft { load_unit: text("stone"), ..good() }, ("load_unit", NotPermitted)),
        (LegDraft { tkm: Some(f64::NAN), ..good() }, ("tkm", OutOfRange)),
        (LegDraft { origin_country: text("XX"), ..good() }, ("origin_country", NotPermitted)),
        (LegDraft { year: Some(1989), ..good() }, ("year", OutOfRange)),
        (LegDraft { shipment_date: text("yesterday"), ..good() }, ("shipment_date", OutOfRange)),
        (LegDraft { package_key: text("P"), ..good() }, ("movement_id", Missing)),
        (LegDraft { client: text("a\0b"), ..good() }, ("client", OutOfRange)),
        (LegDraft { client: Some("x".repeat(1001)), ..good() }, ("client", OutOfRange)),
    ] {
        assert_eq!(faults(draft.clone()), [expected], "{draft:?}");
    }
}

#[test]
fn a_day_is_ten_characters_and_perhaps_a_time() {
    let dated = |text: &str| LegDraft { shipment_date: Some(text.to_owned()), ..good() };
    for written in [
        "2024-11-25",
        " 2024-11-25 ",
        "2024-11-25T10:00",
        "2024-11-25T10:00Z",
        "2024-11-25 23:59:59.123456",
        "2024-11-25T10:00:00.000+0000",
        "2024-11-25T10:00:00+05:30",
        "2024-11-25 10:00:00 -03",
        "2024-11-25T10:00:00Z",
    ] {
        let day = dated(written).parse().unwrap().shipment_date.unwrap();
        assert_eq!(day.to_string(), "2024-11-25", "{written}");
    }
    for written in [
        "2024-11-25 or maybe 26",
        "2024-11-25Tomorrow",
        "2024-11-25 rubbish",
        "2024-1-5",
        "2024-11-25T",
        "2024-11-25T25:00",
        "2024-11-25T10:00:00 rubbish",
        "2024-11-2510:00",
        "+2024-11-25",
        "2024-11-25T10:00+",
    ] {
        assert_eq!(faults(dated(written)), [("shipment_date", Problem::OutOfRange)], "{written}");
    }
}

#[test]
fn values_are_shown_short_and_without_what_controls_anything() {
    let draft = LegDraft { load_unit: Some(format!("a\0b\n{}", "x".repeat(100))), ..good() };
    let said = draft.parse().unwrap_err().remove(0).message;
    assert_eq!(
        said,
        format!(
            "load_unit is 'a\u{fffd}b\u{fffd}{}…'; give one of kg, ton, pallets, teu, feu",
            "x".repeat(76)
        )
    );
}

#[test]
fn without_a_distance_both_ends_are_needed() {
    let bare = LegDraft { distance_km: None, ..good() };
    assert_eq!(faults(bare.clone()), [("origin", Problem::Missing), ("destination", Problem::Missing)]);
    let blank = LegDraft { origin: Some("  ".into()), destination: Some("Madrid".into()), ..bare.clone() };
    assert_eq!(faults(blank), [("origin", Problem::Missing)]);
    assert_eq!(faults(LegDraft { tkm: Some(1.0), ..bare }), []);
}

#[test]
fn spellings_are_evened_out() {
    let text = |text: &str| Some(text.to_owned());
    let draft = LegDraft {
        toc: text(" van_diesel "),
        category: text(" Road "),
        load_unit: text("TEU"),
        origin_country: text("es-md"),
        shipment_date: text("2024-11-25T10:00:00Z"),
        client: text("  ACME  "),
        ..good()
    };
    let leg = draft.parse().unwrap();
    assert_eq!(leg.vehicle, Vehicle::Toc("van_diesel".into()), "the TOC wins over the category");
    assert_eq!(leg.origin_country.unwrap().as_str(), "ES");
    assert_eq!(leg.shipment_date.unwrap().to_string(), "2024-11-25");
    assert_eq!(leg.trace.client.as_deref(), Some("ACME"));
    for global in ["GLO", "glo", ""] {
        let draft = LegDraft { origin_country: text(global), ..good() };
        assert_eq!(draft.parse().unwrap().origin_country, None);
    }
}

prop_compose! {
    fn drafts()(
        texts in prop::collection::vec(prop::option::of(".{0,40}"), 8),
        numbers in prop::collection::vec(prop::option::of(any::<f64>()), 4),
        year in prop::option::of(any::<i64>()),
    ) -> LegDraft {
        let text = |at: usize| texts[at].clone();
        LegDraft {
            origin: text(0), destination: text(1), load_unit: text(2), toc: text(3), category: text(4),
            origin_country: text(5), movement_id: text(6), shipment_date: text(7), distance_km: numbers[0],
            load: numbers[1], load_factor: numbers[2], tkm: numbers[3], year, ..LegDraft::default()
        }
    }
}

proptest! {
    #[test]
    fn any_draft_is_a_leg_or_has_faults(draft in drafts()) {
        match draft.parse() {
            Ok(leg) => prop_assert!(leg.distance.is_some() || leg.tkm.is_some() || leg.destination.is_some()),
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                for fault in faults {
                    prop_assert!(fault.message.contains(fault.field) || fault.problem == Problem::Missing);
                    prop_assert!(fault.message.len() < 500);
                }
            }
        }
    }
}
