//! From legs to results: what is asked of the map, how often, and with which hints.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail loudly, as tests do")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use emissions_core::{CountryCode, Estimate, Factors, Receipt};
use logistics_domain::geography::{
    AliasName, AvoidedPassages, Candidate, Coordinates, DistanceError, GeocodeError, Geocoded, Geocoder,
    GeographySettings, MatchType, Passage, Place, PlaceQuery,
};
use logistics_domain::leg::{LegDraft, ResolvedLeg};
use logistics_domain::{Calculator, FailureCode};
use logistics_testkit::fakes::{FakeDistances, FakeGeocoder};

fn place(name: &str, country: &str) -> Place {
    Place {
        name: name.to_owned(),
        country: CountryCode::parse(country).unwrap(),
        admin1: None,
        coordinates: Coordinates::new(40.0, -3.0).unwrap(),
        code: None,
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_750_000_000, 0).unwrap()
}

fn calculator(geocoder: Arc<dyn Geocoder>, distances: FakeDistances) -> Calculator {
    Calculator::new(Arc::new(Factors::open()), geocoder, Arc::new(distances), AvoidedPassages::NONE)
}

fn leg(calculator: &Calculator, origin: &str, destination: &str, category: &str) -> ResolvedLeg {
    let draft = LegDraft {
        origin: Some(origin.to_owned()),
        destination: Some(destination.to_owned()),
        load: Some(1000.0),
        category: Some(category.to_owned()),
        ..LegDraft::default()
    };
    calculator.resolve(draft.parse().unwrap(), now()).unwrap()
}

/// Knows a Valencia in Spain and one in Venezuela, and remembers what it was asked.
#[derive(Default)]
struct TwoValencias(Mutex<Vec<(String, Option<String>)>>);

#[async_trait]
impl Geocoder for TwoValencias {
    async fn geocode(&self, queries: &[PlaceQuery<'_>]) -> Vec<Result<Geocoded, GeocodeError>> {
        let answer = |query: &PlaceQuery<'_>| {
            let hint = query.country_hint.map(|country| country.to_string());
            self.0.lock().unwrap().push((query.text.to_owned(), hint.clone()));
            let country = match (query.text, hint.as_deref()) {
                ("Valencia", None) => {
                    let candidates = ["ES", "VE"]
                        .map(|country| Candidate { place: place("Valencia", country), confidence: 0.4 });
                    return Err(GeocodeError::Ambiguous {
                        query: query.text.to_owned(),
                        candidates: candidates.into(),
                    });
                }
                ("Valencia", Some(country)) => country.to_owned(),
                ("Caracas", _) => "VE".to_owned(),
                _ => "ES".to_owned(),
            };
            Ok(Geocoded {
                place: place(query.text, &country),
                match_type: MatchType::Place,
                matched: query.text.to_owned(),
                confidence: 0.9,
                source: "test".to_owned(),
                settled_by_hint: query.text == "Valencia",
                beaten: Vec::new(),
            })
        };
        queries.iter().map(answer).collect()
    }
}

#[tokio::test]
async fn each_address_and_each_pair_is_asked_once() {
    let places = ["Madrid", "Sevilla", "Bilbao"].map(|name| place(name, "ES"));
    let geocoder = Arc::new(FakeGeocoder::knowing(places));
    let calculator = calculator(geocoder.clone(), FakeDistances::of(400.0));
    let legs: Vec<ResolvedLeg> =
        (0..300).map(|n| leg(&calculator, "Madrid", ["Sevilla", "Bilbao"][n % 2], "road")).collect();
    let results = calculator.calculate(&legs.iter().collect::<Vec<_>>(), &GeographySettings::default()).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(geocoder.asked(), 3);
}

#[tokio::test]
async fn a_known_distance_or_activity_asks_nobody() {
    let geocoder = Arc::new(FakeGeocoder::default());
    let calculator = calculator(geocoder.clone(), FakeDistances::of(1.0));
    for draft in [
        LegDraft { distance_km: Some(500.0), load: Some(1000.0), ..LegDraft::default() },
        LegDraft { tkm: Some(500.0), ..LegDraft::default() },
    ] {
        let draft = LegDraft { category: Some("road".into()), origin: Some("Nowhere".into()), ..draft };
        let leg = calculator.resolve(draft.parse().unwrap(), now()).unwrap();
        let result = calculator.calculate(&[&leg], &GeographySettings::default()).await.remove(0).unwrap();
        assert_eq!(result.tkm.get(), 500.0);
        assert!(!result.estimated.contains(Estimate::DistanceKm) && result.route.is_none());
    }
    assert_eq!(geocoder.asked(), 0);
}

#[tokio::test]
async fn by_road_the_destination_is_looked_for_where_the_origin_is() {
    for (origin, expected) in [("Madrid", "ES"), ("Caracas", "VE")] {
        for category in ["road", "rail", "maritime", "air"] {
            let calculator = calculator(Arc::new(TwoValencias::default()), FakeDistances::of(350.0));
            let leg = leg(&calculator, origin, "Valencia", category);
            let results = calculator.calculate(&[&leg], &GeographySettings::default()).await;
            let result = results.into_iter().next().unwrap().unwrap();
            let route = result.route.unwrap();
            assert_eq!(route.destination.place.country.as_str(), expected, "{origin} {category}");
            assert!(result.estimated.contains(Estimate::Destination));
        }
    }
}

#[tokio::test]
async fn an_ambiguous_origin_is_settled_by_the_destination_or_refused() {
    let map = Arc::new(TwoValencias::default());
    let calculator = calculator(map.clone(), FakeDistances::of(350.0));
    let found = leg(&calculator, "Valencia", "Caracas", "road");
    let both = leg(&calculator, "Valencia", "Valencia", "road");
    let results = calculator.calculate(&[&found, &both], &GeographySettings::default()).await;
    let route = results[0].as_ref().unwrap().route.as_ref().unwrap();
    assert_eq!(route.origin.place.country.as_str(), "VE");
    let failure = results[1].as_ref().unwrap_err();
    assert_eq!(failure.code, FailureCode::NoDistance);
    assert!(failure.message.starts_with("origin: `Valencia` could be"), "{}", failure.message);
    assert!(!failure.transient);
}

#[tokio::test]
async fn a_pinned_name_is_not_looked_up() {
    let geocoder = Arc::new(FakeGeocoder::knowing([place("Madrid", "ES")]));
    let calculator = calculator(geocoder.clone(), FakeDistances::of(10.0));
    let pin = (AliasName::of("Nave Siete").unwrap(), place("Nave 7", "PT"));
    let settings = GeographySettings::new([pin], [Passage::Suez].into_iter().collect());
    let leg = leg(&calculator, "NAVE  siete", "Madrid", "road");
    let result = calculator.calculate(&[&leg], &settings).await.remove(0).unwrap();
    assert_eq!(result.route.unwrap().origin.place.name, "Nave 7");
    assert_eq!(geocoder.asked(), 1);
}

#[tokio::test]
async fn what_is_only_away_is_transient() {
    let away = GeocodeError::Unavailable { reason: "no answer".into() };
    let geocoder = FakeGeocoder::knowing([place("Madrid", "ES")]).failing("Lisboa", away);
    let first = calculator(Arc::new(geocoder), FakeDistances::of(1.0));
    let lisboa = leg(&first, "Madrid", "Lisboa", "road");
    let failures = first.calculate(&[&lisboa], &GeographySettings::default()).await;
    assert!(failures[0].as_ref().unwrap_err().transient);

    let places = ["Madrid", "Lisboa"].map(|name| place(name, "ES"));
    let broken = FakeDistances::answering(Err(DistanceError::Unavailable { reason: "no answer".into() }));
    let second = calculator(Arc::new(FakeGeocoder::knowing(places)), broken);
    let failures = second.calculate(&[&lisboa], &GeographySettings::default()).await;
    assert!(failures[0].as_ref().unwrap_err().transient);
}

#[tokio::test]
async fn a_result_gives_its_receipt_again() {
    let places = ["Madrid", "Sevilla"].map(|name| place(name, "ES"));
    let calculator = calculator(Arc::new(FakeGeocoder::knowing(places)), FakeDistances::of(531.2));
    let leg = leg(&calculator, "Madrid", "Sevilla", "road");
    let result = calculator.calculate(&[&leg], &GeographySettings::default()).await.remove(0).unwrap();
    let facts = result.facts.facts().unwrap();
    let again = facts.facts().calculate(&result.question).unwrap();
    assert_eq!(again.total(), result.total());
    Receipt::of(&result.question, &again).verify().unwrap();
}

#[test]
fn an_unknown_toc_is_refused_with_the_nearest_name() {
    let calculator = calculator(Arc::new(FakeGeocoder::default()), FakeDistances::of(1.0));
    let draft = LegDraft { toc: Some("van_disel".into()), distance_km: Some(1.0), ..LegDraft::default() };
    let failure = calculator.resolve(draft.parse().unwrap(), now()).unwrap_err();
    assert_eq!(failure.code, FailureCode::NoToc);
    assert!(failure.message.contains("did you mean 'van_diesel'"), "{}", failure.message);
}
