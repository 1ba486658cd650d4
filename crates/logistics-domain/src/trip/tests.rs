use chrono::NaiveDate;
use emissions_core::LoadUnit;
use proptest::prelude::*;

use super::*;
use crate::leg::{FieldError, NewLeg, Vehicle};

fn text(text: &str) -> Given<String> {
    Given::Value(text.to_owned())
}

/// The trip of the API's documentation.
fn draft() -> TripDraft {
    TripDraft {
        trip_id: text("TRIP_1001"),
        customer_identifier: text("CUST_001"),
        customer_industry: text("Retail"),
        service_type: text("FTL"),
        freight_segment: text("Primary"),
        load_type: text("General"),
        teu: Given::Value(0.0),
        trip_timestamp: Given::Value(1_706_745_600.0),
        shipment_weight: Given::Value(2000.0),
        shipment_weight_unit: text("KGS"),
        trip_weight: Given::Value(2400.0),
        trip_weight_unit: text("KGS"),
        origin_address: text("Mumbai, Maharashtra, India"),
        destination_address: text("Delhi, India"),
        distance_travelled: Given::Value(1400.0),
        distance_unit: text("Kms"),
        vehicle_identifier: text("MH12AB1234"),
        vehicle_ownership: text("Owned"),
        vehicle_code: text("HGV4"),
        vehicle_fueltype: text("Diesel"),
        vehicle_make: text("Tata"),
        vehicle_name: text("Prima"),
        vehicle_engine_type: text("Diesel"),
        vehicle_make_year: Given::Value(2022.0),
        shipment_sequence: Given::Value(1.0),
        is_trip_empty: Given::Value(false),
        customer_items_count: Given::Value(150.0),
        total_items_count: Given::Value(220.0),
        empty_distance_included: Given::Value(false),
        country: text("INDIA"),
    }
}

fn leg(draft: TripDraft) -> NewLeg {
    draft.parse().unwrap()
}

fn trip(draft: TripDraft) -> Trip {
    *leg(draft).trip.unwrap()
}

fn faults(draft: TripDraft) -> Vec<FieldError> {
    draft.parse().unwrap_err()
}

fn messages(draft: TripDraft) -> Vec<String> {
    faults(draft).into_iter().map(|fault| fault.message).collect()
}

#[test]
fn the_documented_trip_is_a_leg() {
    let leg = leg(draft());
    assert_eq!(leg.origin_country.unwrap().as_str(), "IN");
    assert_eq!((leg.year, leg.shipment_date), (Some(2024), NaiveDate::from_ymd_opt(2024, 2, 1)));
    assert_eq!(leg.distance.unwrap().get(), 1400.0);
    assert_eq!((leg.load.unwrap().amount(), leg.load_unit), (2000.0, LoadUnit::Kg));
    assert_eq!(leg.trace.movement_id.as_deref(), Some("TRIP_1001"));
    assert_eq!(leg.trace.movement_stretch.as_deref(), Some("1"));
    assert_eq!(leg.trace.client.as_deref(), Some("CUST_001"));
    assert!(!leg.trace.subcontractor);
    assert!(matches!(leg.vehicle, Vehicle::FirstOf { tocs, .. } if tocs[0] == "hcv_3_diesel"));
    let trip = leg.trip.unwrap();
    assert_eq!(trip.idempotency_key(), "TRIP_1001_1");
    assert!(trip.notes().is_empty());
    assert_eq!(trip.activity_kg_km(TonneKilometres::ZERO), 2_800_000.0);
    assert_eq!(serde_json::from_str::<Trip>(&serde_json::to_string(&trip).unwrap()).unwrap(), *trip);
}

#[test]
fn an_empty_draft_names_every_required_field() {
    let expected = [
        "trip_id",
        "customer_industry",
        "service_type",
        "trip_timestamp",
        "shipment_weight.weight_value",
        "shipment_weight.weight_unit",
        "trip_weight.weight_value",
        "trip_weight.weight_unit",
        "address.origin_address",
        "address.destination_address",
        "distance.distance_travelled",
        "distance.distance_unit",
        "vehicle.vehicle_ownership",
        "vehicle.vehicle_code",
        "vehicle.vehicle_fueltype",
        "customer_items_count",
        "total_items_count",
        "country",
    ];
    assert_eq!(messages(TripDraft::default()), expected.map(|field| format!("\"{field}\" is required")));
}

#[test]
fn values_out_of_order_are_named_with_the_remedy() {
    let cases = [
        (TripDraft { trip_id: text(" "), ..draft() }, "\"trip_id\" is not allowed to be empty"),
        (TripDraft { trip_id: Given::WrongType, ..draft() }, "\"trip_id\" must be a string"),
        (TripDraft { teu: Given::Value(-1.0), ..draft() }, "\"teu\" must be greater than or equal to 0"),
        (TripDraft { teu: Given::WrongType, ..draft() }, "\"teu\" must be a number"),
        (
            TripDraft { service_type: text("ftl"), ..draft() },
            "\"service_type\" must be one of [FCL, FTL, LCL, \"\"]",
        ),
        (
            TripDraft { shipment_weight_unit: text("TONS"), ..draft() },
            "\"shipment_weight.weight_unit\" must be one of [KGS]",
        ),
        (TripDraft { is_trip_empty: Given::WrongType, ..draft() }, "\"is_trip_empty\" must be a boolean"),
        (
            TripDraft { distance_travelled: Given::Value(2e9), ..draft() },
            "\"distance.distance_travelled\" must be less than or equal to 1000000000",
        ),
        (
            TripDraft { trip_timestamp: Given::Value(1e10), ..draft() },
            "\"trip_timestamp\" must lie before the year 2101, in seconds or milliseconds since 1970",
        ),
        (
            TripDraft { country: text("Atlantis"), ..draft() },
            "\"country\" must be a country's English name or ISO 3166-1 code, such as INDIA or IN",
        ),
        (
            TripDraft { vehicle_code: text("ACF"), vehicle_fueltype: text("HFO"), ..draft() },
            "\"vehicle.vehicle_fueltype\" must be one of [Aviation Turbine Fuel, \"\"] for vehicle_code ACF, which travels \
             by Air; HFO does not drive it",
        ),
    ];
    for (draft, message) in cases {
        assert_eq!(messages(draft), [message]);
    }
    let names =
        TripDraft { trip_id: text(&"x".repeat(256)), customer_identifier: text(&"x".repeat(256)), ..draft() };
    let name = |field| format!("\"{field}\" length must be less than or equal to 255 characters long");
    assert_eq!(messages(names), [name("trip_id"), name("customer_identifier")]);
    let long = TripDraft { country: text(&"x".repeat(1001)), ..draft() };
    assert_eq!(messages(long), ["\"country\" length must be less than or equal to 1000 characters long"]);
    let ship = TripDraft {
        vehicle_code: text("SCD"),
        vehicle_fueltype: text("HFO"),
        is_trip_empty: Given::Value(true),
        ..draft()
    };
    assert_eq!(faults(ship)[0].field, "is_trip_empty");
}

#[test]
fn texts_that_may_be_empty_may_be_absent() {
    let bare = TripDraft {
        customer_identifier: Given::Absent,
        freight_segment: text(""),
        load_type: Given::Absent,
        teu: Given::Absent,
        vehicle_identifier: text(""),
        vehicle_make: Given::Absent,
        vehicle_name: Given::Absent,
        vehicle_engine_type: Given::Absent,
        vehicle_make_year: Given::Absent,
        shipment_sequence: Given::Absent,
        is_trip_empty: Given::Absent,
        empty_distance_included: Given::Absent,
        ..draft()
    };
    let leg = leg(bare);
    assert_eq!(
        (&leg.trace.client, &leg.trace.vehicle_license_plate, &leg.trace.movement_stretch),
        (&None, &None, &None)
    );
    assert_eq!(leg.trip.unwrap().idempotency_key(), "TRIP_1001_0");
}

#[test]
fn timestamps_are_seconds_or_milliseconds() {
    for (timestamp, day) in [
        (0.0, (1970, 1, 1)),
        (1_706_745_600.0, (2024, 2, 1)),
        (1_712_090_040_000.0, (2024, 4, 2)),
        (1_719_206_400.9, (2024, 6, 24)),
        (100_000_000_000.0, (1973, 3, 3)),
    ] {
        let trip = trip(TripDraft { trip_timestamp: Given::Value(timestamp), ..draft() });
        let (year, month, day) = day;
        assert_eq!(trip.instant().date_naive(), NaiveDate::from_ymd_opt(year, month, day).unwrap());
    }
}

#[test]
fn cargo_is_weighed_shared_or_counted() {
    let unweighed = || TripDraft { shipment_weight: Given::Value(0.0), ..draft() };
    let at_sea = |draft: TripDraft| TripDraft {
        vehicle_code: text("SCD"),
        vehicle_fueltype: text("HFO"),
        teu: Given::Value(3.0),
        ..draft
    };
    let kg = |value| Kilograms::new(value).unwrap();
    let share = 2400.0 * (150.0 / 220.0);
    for (draft, expected) in [
        (draft(), Cargo::Weighed(kg(2000.0))),
        (unweighed(), Cargo::ItemsShare(kg(share))),
        (TripDraft { customer_items_count: Given::Value(0.0), ..unweighed() }, Cargo::Weighed(kg(0.0))),
        (TripDraft { is_trip_empty: Given::Value(true), ..draft() }, Cargo::Empty),
        (
            TripDraft { teu: Given::Value(3.0), service_type: text("FCL"), ..draft() },
            Cargo::Weighed(kg(2000.0)),
        ),
        (at_sea(draft()), Cargo::Weighed(kg(2000.0))),
        (at_sea(TripDraft { service_type: text("FCL"), ..draft() }), Cargo::Containers(3.0)),
        (at_sea(unweighed()), Cargo::ItemsShare(kg(share))),
        (
            at_sea(TripDraft {
                total_items_count: Given::Value(0.0),
                customer_items_count: Given::Value(0.0),
                ..unweighed()
            }),
            Cargo::Containers(3.0),
        ),
    ] {
        assert_eq!(trip(draft).cargo(), expected);
    }
    let too_many = TripDraft { customer_items_count: Given::Value(221.0), ..unweighed() };
    assert_eq!(faults(too_many)[0].field, "customer_items_count");
    assert!(TripDraft { customer_items_count: Given::Value(221.0), ..draft() }.parse().is_ok());
}

#[test]
fn what_is_odd_is_noted() {
    let heavy = trip(TripDraft { vehicle_code: text("LCV1"), ..draft() });
    assert_eq!(heavy.notes(), ["trip_weight 2400 kg is more than the payload capacity of LCV1, 2000 kg"]);
    let inside_out = trip(TripDraft { trip_weight: Given::Value(1000.0), ..draft() });
    assert_eq!(inside_out.notes(), ["shipment_weight 2000 kg is more than trip_weight 1000 kg"]);
}

#[test]
fn cold_cargo_is_known_by_its_name() {
    for (load_type, controlled) in [
        ("Frozen", true),
        ("CHILLED", true),
        ("Temperature-controlled", true),
        ("Cold Chain", true),
        ("Non-frozen", false),
        ("General", false),
        ("", false),
    ] {
        let trip = trip(TripDraft { load_type: text(load_type), ..draft() });
        assert_eq!(trip.temperature() == Temperature::Controlled, controlled, "{load_type}");
    }
}

fn given<T: std::fmt::Debug + Clone>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Given<T>> {
    prop_oneof![Just(Given::Absent), Just(Given::WrongType), value.prop_map(Given::Value)]
}

proptest! {
    #[test]
    fn nothing_that_is_wrong_gets_through(
        number in given(any::<f64>()),
        weight in given(-1.0..1e11),
        words in given(".{0,12}"),
        code in given(prop::sample::select(VehicleCode::ALL.map(|code| code.as_str().to_owned()).to_vec())),
        empty in given(any::<bool>()),
    ) {
        let draft = TripDraft {
            trip_timestamp: number.clone(),
            shipment_weight: weight,
            customer_items_count: number,
            country: words.clone(),
            load_type: words,
            vehicle_code: code,
            is_trip_empty: empty,
            ..draft()
        };
        match draft.parse() {
            Ok(leg) => {
                let trip = leg.trip.unwrap();
                let activity = trip.activity_kg_km(TonneKilometres::ZERO);
                prop_assert!(activity.is_finite() && activity >= 0.0);
                prop_assert_eq!(leg.load.is_none(), trip.is_empty);
            }
            Err(faults) => prop_assert!(faults.iter().all(|fault| fault.message.contains(fault.field))),
        }
    }

    #[test]
    fn keys_tell_trips_apart(one in "[A-Z_0-9]{1,4}", other in "[A-Z_0-9]{1,4}", a in 0..20_u8, b in 0..20_u8) {
        let of = |id: &str, sequence: u8| trip(TripDraft {
            trip_id: text(id),
            shipment_sequence: Given::Value(f64::from(sequence)),
            ..draft()
        });
        let (left, right) = (of(&one, a), of(&other, b));
        prop_assert_eq!(left.dedup_key() == right.dedup_key(), (&one, a) == (&other, b));
    }
}
