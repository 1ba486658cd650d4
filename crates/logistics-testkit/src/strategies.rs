//! What property tests draw from: every value that the types allow, the extreme ones often.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use emissions_core::{
    CountryCode, DistanceBasis, Emissions, EmptyRunning, Estimates, HubCategory, HubStay, KgCo2e,
    KgCo2ePerTonne, Kilograms, Kilometres, Leg, LegDistance, Load, LoadFactor, LoadUnit, Temperature,
    TonneKilometres,
};
use logistics_domain::calculator::RouteFound;
use logistics_domain::hub::Hub;
use logistics_domain::ids::HubId;
use logistics_domain::leg::{
    AnyOf, Days as LegDays, HandlingHub, LegFilter, LegHubs, LegStatus, Outcome, ResolvedLeg, Traceability,
    WrittenEnds,
};
use logistics_domain::ports::LegToSave;
use logistics_domain::{Calculation, Category, FailureCode, LegFailure};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use crate::records::{self, hub};

/// A batch of up to `most` legs with outcomes, some of which are the same leg as others.
pub fn batch(most: usize) -> impl Strategy<Value = Vec<LegToSave>> {
    vec((leg(), outcome()), 1..=most)
        .prop_map(|legs| legs.into_iter().map(|(leg, outcome)| records::to_save(leg, outcome)).collect())
}

/// A leg. Movements, stretches and packages are few, so that legs meet.
pub fn leg() -> BoxedStrategy<ResolvedLeg> {
    let places = (of(text()), of(text()), of(country()));
    let amounts = (of(number(1e9)), of(number(1e21)), of(number(1e10)), number(1.0));
    let unit = select(LoadUnit::ALL.to_vec());
    let vehicle = (text(), any::<bool>(), select(Category::ALL.to_vec()), any::<u16>(), any::<bool>());
    (places, amounts, unit, vehicle, day(), traceability(), hubs())
        .prop_map(
            |(
                (origin, destination, origin_country),
                (km, tkm, load, share),
                load_unit,
                vehicle,
                day,
                trace,
                hubs,
            )| {
                let (toc, toc_estimated, category, year, cleaning) = vehicle;
                ResolvedLeg {
                    origin,
                    destination,
                    distance: km.map(|km| Kilometres::new(km).unwrap()),
                    tkm: tkm.map(|tkm| TonneKilometres::new(tkm).unwrap()),
                    load: load.map(|amount| Load::new(amount, load_unit).unwrap()),
                    load_unit,
                    load_factor: LoadFactor::new(share).unwrap(),
                    toc,
                    toc_estimated,
                    category,
                    origin_country,
                    year,
                    cleaning,
                    shipment_date: day,
                    trace,
                    hubs,
                    trip: None,
                }
            },
        )
        .boxed()
}

/// The hubs that handle what batches carry: a store has them before.
#[must_use]
pub fn handling_hubs() -> [Hub; 3] {
    [1, 2, 3].map(|id| Hub { id: HubId(Uuid::from_u128(id)), ..hub(&format!("Hub {id}")) })
}

/// What hubs have to do with a leg: mostly nothing.
fn hubs() -> BoxedStrategy<LegHubs> {
    let written =
        (of(text()), of(text()), of(country())).prop_map(|(origin, destination, origin_country)| {
            WrittenEnds { origin, destination, origin_country }
        });
    let measured = number(1e9).prop_map(|kg| HubStay::Measured(KgCo2ePerTonne::new(kg).unwrap()));
    let stay = prop_oneof![
        measured,
        select(HubCategory::ALL.to_vec()).prop_map(HubStay::Subcontracted),
        number(1e15).prop_map(|kg| HubStay::Owned(KgCo2e::new(kg).unwrap())),
    ];
    let ids = select(handling_hubs().map(|hub| hub.id).to_vec());
    let handling = (ids, of(stay)).prop_map(|(id, stay)| HandlingHub { id, stay });
    let some = (of(written), of(handling)).prop_map(|(written, handled_by)| LegHubs { written, handled_by });
    prop_oneof![3 => Just(LegHubs::default()), 2 => some].boxed()
}

fn traceability() -> BoxedStrategy<Traceability> {
    let few = |names: &'static [&'static str]| of(select(names).prop_map(str::to_owned));
    let movement = (few(&["M1", "M2", "Ñ 3"]), few(&["a", "b"]), few(&["x", "y"]), few(&["P1", "P2", "'"]));
    let others = (of(text()), of(text()), of(text()), of(text()), any::<bool>());
    (movement, others)
        .prop_map(|((movement_id, stretch, stage, package), others)| {
            let (client, vehicle_license_plate, trailer_license_plate, hub_id, subcontractor) = others;
            Traceability {
                package_key: package.filter(|_| movement_id.is_some()),
                movement_id,
                client,
                movement_stretch: stretch,
                movement_stage: stage,
                vehicle_license_plate,
                trailer_license_plate,
                hub_id,
                subcontractor,
            }
        })
        .boxed()
}

/// A filter of legs. Its values are mostly those that legs have.
pub fn filter() -> BoxedStrategy<LegFilter> {
    let words = |words: &'static [&'static str]| any_of(select(words).prop_map(str::to_owned));
    let search = of(prop_oneof![
        3 => select(vec!["m", "M1", "ñ", "P", "'", "A", "%", "x"]).prop_map(str::to_owned),
        1 => text(),
    ]);
    let texts = (
        search,
        words(&["M1", "M2", "Ñ 3", "m1"]),
        any_of(text()),
        any_of(text()),
        any_of(text()),
        words(&["P1", "P2", "'"]),
    );
    let names = (any_of(select(Category::ALL.to_vec())), any_of(select(LegStatus::ALL.to_vec())));
    (texts, names, days(day()), days(start_days()))
        .prop_map(|((search, movements, clients, tocs, hubs, packages), names, shipped, created)| LegFilter {
            search,
            movements,
            clients,
            tocs,
            categories: names.0,
            statuses: names.1,
            hubs,
            packages,
            files: AnyOf::default(),
            shipped,
            created,
        })
        .boxed()
}

/// Mostly no condition, so that several together select something now and then.
fn any_of<T: Clone + std::fmt::Debug + 'static>(
    value: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = AnyOf<T>> {
    prop_oneof![5 => Just(AnyOf::default()), 1 => vec(value, 0..3).prop_map(AnyOf::these)]
}

fn days(day: impl Strategy<Value = NaiveDate> + Clone) -> impl Strategy<Value = LegDays> {
    let open = prop_oneof![4 => Just(None), 1 => day.prop_map(Some)];
    (open.clone(), open).prop_map(|(from, until)| LegDays { from, until })
}

/// The days about the one on which tests begin.
fn start_days() -> impl Strategy<Value = NaiveDate> + Clone {
    (0_u64..4).prop_map(|days| records::start().date_naive() - Days::new(1) + Days::new(days))
}

/// What can become of a leg.
pub fn outcome() -> BoxedStrategy<Outcome> {
    let failure = (select(FailureCode::ALL.to_vec()), text(), any::<bool>())
        .prop_map(|(code, message, transient)| Outcome::Failed(LegFailure { code, message, transient }));
    prop_oneof![
        1 => Just(Outcome::Pending),
        4 => calculation().prop_map(|calculation| Outcome::Calculated(Box::new(calculation))),
        1 => failure,
    ]
    .boxed()
}

fn calculation() -> BoxedStrategy<Calculation> {
    let parts = (emissions(), emissions(), emissions());
    let amounts = (number(1e21), of(number(1e9)), of(number(1e15)));
    let bits = any::<u16>().prop_map(Estimates::from_bits);
    (parts, amounts, bits, of(route()), question(), 0..5_u128)
        .prop_map(|((transport, hub, cleaning), (tkm, km, kg), estimated, route, question, facts)| {
            Calculation {
                transport,
                hub,
                cleaning,
                tkm: TonneKilometres::new(tkm).unwrap(),
                distance: km.map(|km| Kilometres::new(km).unwrap()),
                default_load: kg.map(|kg| Kilograms::new(kg).unwrap()),
                estimated,
                route,
                question,
                facts: records::facts(facts),
            }
        })
        .boxed()
}

fn emissions() -> impl Strategy<Value = Emissions> {
    let kg = || number(1e29).prop_map(|kg| KgCo2e::new(kg).unwrap());
    (kg(), kg(), kg()).prop_map(|(wtw, wtt, ttw)| Emissions { wtw, wtt, ttw })
}

fn question() -> BoxedStrategy<Leg> {
    let distance = (number(1e9), select(vec![DistanceBasis::Actual, DistanceBasis::GreatCirclePlus95]));
    let load = (number(1e10), select(LoadUnit::ALL.to_vec()));
    (of(country()), any::<u16>(), of(load), number(1.0), of(distance), of(number(1e21)), any::<u16>())
        .prop_map(|(country, year, load, share, distance, activity, cleanings)| Leg {
            country,
            year,
            load: load.map(|(amount, unit)| Load::new(amount, unit).unwrap()),
            load_factor: LoadFactor::new(share).unwrap(),
            distance: distance.map(|(km, basis)| LegDistance { km: Kilometres::new(km).unwrap(), basis }),
            activity: activity.map(|tkm| TonneKilometres::new(tkm).unwrap()),
            temperature: Temperature::Ambient,
            empty_running: EmptyRunning::Contained,
            cleanings,
            hub: None,
        })
        .boxed()
}

fn route() -> impl Strategy<Value = Arc<RouteFound>> {
    (text(), text(), number(1e9))
        .prop_map(|(origin, destination, km)| records::route(&origin, &destination, km))
}

/// A number from 0 to `max`: zero, the smallest and the largest, whole and broken ones.
pub fn number(max: f64) -> BoxedStrategy<f64> {
    prop_oneof![
        1 => Just(0.0),
        1 => Just(max),
        1 => Just(f64::MIN_POSITIVE),
        1 => Just(f64::from_bits(1)),
        2 => (0_u32..1000).prop_map(move |whole| f64::from(whole).min(max)),
        6 => (0.0..=1.0_f64).prop_map(move |share| share * max),
        6 => (0.0..=1.0_f64).prop_map(move |share| share.powi(24) * max),
    ]
    .boxed()
}

/// Text in every script, with what databases and formats quote.
pub fn text() -> BoxedStrategy<String> {
    prop_oneof![
        4 => "[^\\x00]{0,40}",
        1 => Just("Robert'); DROP TABLE legs;--".to_owned()),
        1 => Just("%_\\\"\u{feff}\u{202e}👩‍🚒 Ñandú e\u{301}".to_owned()),
        1 => Just("x".repeat(1000)),
    ]
    .boxed()
}

fn country() -> impl Strategy<Value = CountryCode> {
    select(CountryCode::all().collect::<Vec<_>>())
}

/// A day from 1900 to 2200.
fn day() -> impl Strategy<Value = NaiveDate> + Clone {
    (0_u64..109_000).prop_map(|days| NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + Days::new(days))
}
