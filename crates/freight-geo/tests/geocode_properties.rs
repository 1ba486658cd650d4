//! What must hold for any query.

use emissions_core::{CountryCode, Mode};
use freight_geo::gazetteer::Gazetteer;
use freight_geo::geocoder::EmbeddedGeocoder;
use logistics_domain::geography::{GeocodeError, Geocoded, Geocoder, PlaceQuery};
use proptest::prelude::*;

/// Pieces of addresses, so that made-up queries reach every rule.
const PIECES: &[&str] = &[
    "Madrid",
    "San José",
    "上海市",
    "กรุงเทพมหานคร",
    "서울특별시",
    "دبي",
    "Calle",
    "Street",
    "12",
    "28001",
    "SW1A 1AA",
    "D-20457",
    "TX",
    "ES",
    "ON",
    "GEORGIA",
    "Germany",
    "México",
    "Puerto de",
    "Airport",
    "Hub",
    "GmbH",
    "C/",
    "-",
    "(",
    ",",
    ";",
    "\n",
    "ESMAD",
    "MAD",
    "40.4",
    "-3.7",
    "St.",
    "a. d.",
    "路",
    "区",
    "〒",
    "\u{200f}",
    "İ",
    "ß",
    "'s",
    "90210-1234",
    "1000",
];

fn modes() -> impl Strategy<Value = Mode> {
    (0..Mode::ALL.len()).prop_map(|at| Mode::ALL[at])
}

fn hints() -> impl Strategy<Value = Option<CountryCode>> {
    let countries: Vec<CountryCode> = CountryCode::all().collect();
    proptest::option::of((0..countries.len()).prop_map(move |at| countries[at]))
}

fn check(text: &str, mode: Mode, hint: Option<CountryCode>) {
    let query = PlaceQuery { text, mode, country_hint: hint };
    let answer = Gazetteer::embedded().geocode(&query);
    assert_eq!(answer, Gazetteer::embedded().geocode(&query), "the same answer twice");
    match answer {
        Ok(found) => {
            assert!((0.5..=1.0).contains(&found.confidence), "{}", found.confidence);
            assert!(
                found.beaten.len() <= 5
                    && found.beaten.iter().all(|next| (0.0..=1.0).contains(&next.confidence))
            );
            assert!(text.contains(&found.matched), "`{}` is no part of `{text}`", found.matched);
            assert!(hint.is_some() || !found.settled_by_hint);
        }
        Err(GeocodeError::Ambiguous { candidates, .. }) => {
            assert!(!candidates.is_empty());
            assert!(candidates.iter().all(|next| (0.0..=1.0).contains(&next.confidence)));
        }
        Err(GeocodeError::NotFound { query }) => assert_eq!(query, text),
        Err(other @ GeocodeError::Unavailable { .. }) => unreachable!("{other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { fork: false, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered_or_refused(text in any::<String>(), mode in modes(), hint in hints()) {
        check(&text, mode, hint);
    }

    #[test]
    fn any_mixture_of_address_pieces_is_answered_or_refused(
        pieces in proptest::collection::vec(0..PIECES.len(), 0..30),
        glue in "[ ,]{0,2}",
        mode in modes(),
        hint in hints(),
    ) {
        let text: Vec<&str> = pieces.into_iter().map(|at| PIECES[at]).collect();
        check(&text.join(&glue), mode, hint);
    }

    #[test]
    fn very_long_text_is_answered_or_refused(piece in 0..PIECES.len(), count in 1_000_usize..20_000) {
        check(&PIECES[piece].repeat(count), Mode::Road, None);
    }
}

fn found(text: &str, mode: Mode, hint: Option<&str>) -> Result<Geocoded, GeocodeError> {
    let country_hint = hint.map(|hint| CountryCode::parse(hint).expect("a country of the test"));
    Gazetteer::embedded().geocode(&PlaceQuery { text, mode, country_hint })
}

#[test]
fn a_country_in_the_query_beats_the_hint() {
    let guadalajara = found("Guadalajara, México", Mode::Road, Some("ES")).unwrap();
    assert_eq!(guadalajara.place.country.as_str(), "MX");
    assert!(!guadalajara.settled_by_hint);
}

#[test]
fn a_hint_settles_what_would_be_refused() {
    assert!(matches!(found("Guadalajara", Mode::Road, None), Err(GeocodeError::Ambiguous { .. })));
    let guadalajara = found("Guadalajara", Mode::Road, Some("ES")).unwrap();
    assert_eq!(guadalajara.place.country.as_str(), "ES");
    assert!(guadalajara.settled_by_hint);
    assert!(!found("Madrid", Mode::Road, Some("ES")).unwrap().settled_by_hint);
}

#[test]
fn a_postal_code_of_another_town_is_refused() {
    assert!(matches!(found("28001 Barcelona, Spain", Mode::Road, None), Err(GeocodeError::Ambiguous { .. })));
}

#[test]
fn ships_and_planes_get_terminals_and_towns_without_one_stay_towns() {
    assert_eq!(found("Hamburg", Mode::Sea, None).unwrap().place.code.as_deref(), Some("DEHAM"));
    assert_eq!(found("München", Mode::Air, None).unwrap().place.code.as_deref(), Some("MUC"));
    let teruel = found("Teruel, Spain", Mode::Sea, None).unwrap();
    assert_eq!((teruel.place.name.as_str(), teruel.place.code), ("Teruel", None));
    assert_eq!(found("Hamburg", Mode::Road, None).unwrap().place.code, None);
}

#[tokio::test]
async fn the_minimum_confidence_can_be_set() {
    let query = [PlaceQuery { text: "Madrid", mode: Mode::Road, country_hint: None }];
    assert!(EmbeddedGeocoder::new(0.99).geocode(&query).await[0].is_err());
    assert!(EmbeddedGeocoder::new(0.0).geocode(&query).await[0].is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_is_answered_in_order_and_like_single_queries() {
    let geocoder = EmbeddedGeocoder::default();
    let texts: Vec<String> =
        (0..400).map(|at| format!("{}, Spain", ["Madrid", "Bilbao", "xqzzk", "Vigo"][at % 4])).collect();
    let extra: Vec<String> = (0..100).map(|at| format!("Calle {at}, 28001 Madrid")).collect();
    let queries: Vec<PlaceQuery<'_>> = texts
        .iter()
        .chain(&extra)
        .map(|text| PlaceQuery { text, mode: Mode::Road, country_hint: None })
        .collect();
    let answers = geocoder.geocode(&queries).await;
    assert_eq!(answers.len(), queries.len());
    for (query, answer) in queries.iter().zip(answers) {
        assert_eq!(answer, Gazetteer::embedded().geocode(query), "{}", query.text);
    }
    assert_eq!(geocoder.geocode(&queries).await.len(), queries.len());
    assert!(geocoder.geocode(&[]).await.is_empty());
}
