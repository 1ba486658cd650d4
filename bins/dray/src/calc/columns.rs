//! What is said of a calculated row, in the same words and with the same rounding as the API.

use std::borrow::Cow;

use logistics_domain::leg::ResolvedLeg;
use logistics_domain::numbers::{day, intensity, kg, km};
use logistics_domain::{Calculation, Calculator};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    Whole,
    Flag,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'l> {
    Absent,
    Text(Cow<'l, str>),
    Number(f64),
    Whole(u64),
    Flag(bool),
}

/// The columns of results.
pub const COLUMNS: [(&str, Kind); 31] = [
    ("row", Kind::Whole),
    ("movement_id", Kind::Text),
    ("client", Kind::Text),
    ("shipment_date", Kind::Text),
    ("origin", Kind::Text),
    ("destination", Kind::Text),
    ("origin_country", Kind::Text),
    ("category", Kind::Text),
    ("toc", Kind::Text),
    ("load", Kind::Number),
    ("load_unit", Kind::Text),
    ("load_factor", Kind::Number),
    ("distance_km", Kind::Number),
    ("tkm", Kind::Number),
    ("co2e", Kind::Number),
    ("co2e_wtt", Kind::Number),
    ("co2e_ttw", Kind::Number),
    ("co2e_transport", Kind::Number),
    ("co2e_cleaning", Kind::Number),
    ("emission_intensity", Kind::Number),
    ("estimated_data", Kind::Text),
    ("year", Kind::Whole),
    ("cleaning", Kind::Flag),
    ("movement_stretch", Kind::Text),
    ("movement_stage", Kind::Text),
    ("package_key", Kind::Text),
    ("subcontractor", Kind::Flag),
    ("vehicle_license_plate", Kind::Text),
    ("trailer_license_plate", Kind::Text),
    ("hub_id", Kind::Text),
    ("route_confidence", Kind::Number),
];

/// The cells of a calculated row, in the order of [`COLUMNS`].
pub fn values<'l>(row: u64, leg: &'l ResolvedLeg, found: &Calculation) -> [Value<'l>; COLUMNS.len()] {
    let (trace, total) = (&leg.trace, found.total());
    let load = Calculator::shown_load(leg, found.default_load);
    let tkm = found.tkm.get();
    [
        Value::Whole(row),
        text(trace.movement_id.as_deref()),
        text(trace.client.as_deref()),
        Value::Text(day(leg.shipment_date).into()),
        text(leg.origin.as_deref()),
        text(leg.destination.as_deref()),
        Value::Text(leg.origin_country.map_or("GLO", |country| country.as_str()).into()),
        Value::Text(leg.category.as_str().into()),
        Value::Text(leg.toc.as_str().into()),
        number(load.map(|load| load.amount())),
        Value::Text(load.map_or(leg.load_unit, |load| load.unit()).as_str().into()),
        Value::Number(leg.load_factor.get()),
        number(leg.distance.map(|given| given.get()).or(found.distance.map(|distance| km(distance.get())))),
        Value::Number(leg.tkm.map_or(kg(tkm), |given| given.get())),
        Value::Number(kg(total.wtw.get())),
        Value::Number(kg(total.wtt.get())),
        Value::Number(kg(total.ttw.get())),
        Value::Number(kg(found.transport.wtw.get())),
        Value::Number(kg(found.cleaning.wtw.get())),
        number((tkm > 0.0).then(|| intensity(total.wtw.get() / tkm))),
        Value::Text(estimated(found)),
        Value::Whole(u64::from(leg.year)),
        Value::Flag(leg.cleaning),
        text(trace.movement_stretch.as_deref()),
        text(trace.movement_stage.as_deref()),
        text(trace.package_key.as_deref()),
        Value::Flag(trace.subcontractor),
        text(trace.vehicle_license_plate.as_deref()),
        text(trace.trailer_license_plate.as_deref()),
        text(trace.hub_id.as_deref()),
        number(found.route.as_ref().map(|route| route.distance.confidence)),
    ]
}

fn text(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Absent, |text| Value::Text(text.into()))
}

fn number(number: Option<f64>) -> Value<'static> {
    number.map_or(Value::Absent, Value::Number)
}

/// What was estimated, separated by blanks.
fn estimated(found: &Calculation) -> Cow<'static, str> {
    let mut names = found.estimated.iter().map(|estimate| estimate.as_str());
    match (names.next(), names.next()) {
        (None, _) => "".into(),
        (Some(only), None) => only.into(),
        (Some(first), Some(second)) => {
            [first, second].into_iter().chain(names).collect::<Vec<_>>().join(" ").into()
        }
    }
}
