//! What a JSON value must be.

use serde_json::Value;

/// The type of a value, as the contract documents it.
#[derive(Debug, Clone, Copy)]
pub enum Is {
    Uuid,
    Text,
    Number,
    /// A number without a fraction.
    Whole,
    Flag,
    /// `YYYY-MM-DD`.
    Day,
    /// RFC 3339, UTC, with `Z`.
    Time,
    OneOf(&'static [&'static str]),
    /// That, or null.
    Maybe(&'static Is),
    /// Null and nothing else.
    Null,
    List(&'static Is),
    /// An object with at least these fields.
    Object(&'static [(&'static str, Is)]),
    /// An object with the fields of all of these.
    All(&'static [Is]),
    /// No body.
    Empty,
}

impl Is {
    /// What a value lacks to be that; `at` says where it stands.
    pub fn faults(self, at: &str, value: &Value) -> Vec<String> {
        let fits = match self {
            Self::Uuid => text(value, |text| text.len() == 36 && uuid_like(text)),
            Self::Text => value.is_string(),
            Self::Number => value.is_number(),
            Self::Whole => value.is_u64() || value.is_i64(),
            Self::Flag => value.is_boolean(),
            Self::Day => text(value, |text| pattern(text, "0000-00-00")),
            Self::Time => text(value, |text| {
                text.len() >= 20 && pattern(&text[..19], "0000-00-00T00:00:00") && text.ends_with('Z')
            }),
            Self::OneOf(names) => text(value, |text| names.contains(&text)),
            Self::Null | Self::Empty => value.is_null(),
            Self::Maybe(inner) => {
                return if value.is_null() { Vec::new() } else { inner.faults(at, value) };
            }
            Self::List(inner) => match value.as_array() {
                Some(list) => {
                    let entries = list.iter().enumerate();
                    return entries
                        .flat_map(|(index, entry)| inner.faults(&format!("{at}[{index}]"), entry))
                        .collect();
                }
                None => false,
            },
            Self::Object(fields) => match value.as_object() {
                Some(object) => {
                    let fault = |(name, is): &(&str, Self)| match object.get(*name) {
                        Some(value) => is.faults(&format!("{at}.{name}"), value),
                        None => vec![format!("{at}.{name} is missing")],
                    };
                    return fields.iter().flat_map(fault).collect();
                }
                None => false,
            },
            Self::All(parts) => return parts.iter().flat_map(|part| part.faults(at, value)).collect(),
        };
        if fits { Vec::new() } else { vec![format!("{at} is {value}, not {self:?}")] }
    }
}

fn text(value: &Value, fits: impl FnOnce(&str) -> bool) -> bool {
    value.as_str().is_some_and(fits)
}

fn uuid_like(text: &str) -> bool {
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// Whether a text is written like a pattern, where 0 is any digit.
fn pattern(text: &str, pattern: &str) -> bool {
    let fits = |(byte, wanted): (u8, u8)| if wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(fits)
}

pub const MAYBE_TEXT: Is = Is::Maybe(&Is::Text);
pub const MAYBE_NUMBER: Is = Is::Maybe(&Is::Number);
pub const MAYBE_UUID: Is = Is::Maybe(&Is::Uuid);
pub const MAYBE_TIME: Is = Is::Maybe(&Is::Time);

pub const ERROR: Is = Is::Object(&[("detail", Is::Text)]);
pub const CODED_ERROR: Is = Is::Object(&[("detail", Is::Text), ("code", Is::Text)]);
pub const VALIDATION_ERROR: Is = Is::Object(&[(
    "detail",
    Is::List(&Is::Object(&[("loc", Is::List(&Is::Text)), ("msg", Is::Text), ("type", Is::Text)])),
)]);

const CATEGORY: Is = Is::OneOf(&["road", "rail", "maritime", "air"]);

/// A leg, as the create calls show it (2.1).
pub const LEG: Is = Is::Object(&[
    ("id", Is::Uuid),
    ("origin", MAYBE_TEXT),
    ("destination", MAYBE_TEXT),
    ("origin_country", Is::Text),
    ("distance_km", MAYBE_NUMBER),
    ("load", MAYBE_NUMBER),
    ("load_unit", Is::OneOf(&["kg", "ton", "pallets", "teu", "feu"])),
    ("load_factor", Is::Number),
    ("toc", Is::Text),
    ("category", CATEGORY),
    ("year", Is::Whole),
    ("cleaning", Is::Flag),
    ("co2e", MAYBE_NUMBER),
    ("tkm", MAYBE_NUMBER),
    ("movement_id", MAYBE_TEXT),
    ("client", MAYBE_TEXT),
    ("shipment_date", Is::Day),
    ("movement_stretch", MAYBE_TEXT),
    ("movement_stage", MAYBE_TEXT),
    ("package_key", MAYBE_TEXT),
    ("package_id", MAYBE_UUID),
    ("subcontractor", Is::Flag),
    ("vehicle_license_plate", MAYBE_TEXT),
    ("trailer_license_plate", MAYBE_TEXT),
    ("hub_id", MAYBE_TEXT),
    ("created_at", Is::Time),
    ("updated_at", Is::Time),
]);

/// What the list of legs shows beside (2.5).
const LISTED: Is = Is::Object(&[
    ("status", Is::OneOf(&["pending", "active", "error"])),
    ("kgco2e", MAYBE_NUMBER),
    ("emission_intensity", MAYBE_NUMBER),
    ("error_messages", Is::List(&Is::Text)),
    ("estimated_data", Is::List(&Is::Text)),
    ("file_name", MAYBE_TEXT),
    (
        "uploaded_by",
        Is::Maybe(&Is::Object(&[
            ("first_name", MAYBE_TEXT),
            ("last_name", MAYBE_TEXT),
            ("profile_img_url", MAYBE_TEXT),
        ])),
    ),
    ("linked_projects", Is::List(&Is::Object(&[("project_id", Is::Uuid)]))),
]);

const PAGE: Is = Is::Object(&[("page", Is::Whole), ("size", Is::Whole), ("total", Is::Whole)]);

pub const LEGS: Is =
    Is::All(&[PAGE, Is::Object(&[("filter_hash", Is::Text), ("items", Is::List(&Is::All(&[LEG, LISTED])))])]);

/// The answer of the bulk calls (2.3); in version 2 `co2e` is null.
pub const BULK: Is = Is::Object(&[
    ("total_received", Is::Whole),
    ("total_processed", Is::Whole),
    ("success", Is::Whole),
    ("failed", Is::Whole),
    (
        "results",
        Is::List(&Is::Object(&[
            ("index", Is::Whole),
            ("id", Is::Uuid),
            ("movement_id", MAYBE_TEXT),
            ("package_id", MAYBE_UUID),
            ("co2e", MAYBE_NUMBER),
        ])),
    ),
    (
        "errors",
        Is::List(&Is::Object(&[("index", Is::Whole), ("movement_id", MAYBE_TEXT), ("error", Is::Text)])),
    ),
]);

pub const BULK_DELETED: Is = Is::Object(&[
    ("success_count", Is::Whole),
    ("success_ids", Is::List(&Is::Uuid)),
    ("failed_count", Is::Whole),
    ("failed_ids", Is::List(&Is::Uuid)),
    ("message", Is::Text),
]);

/// A package (2.8).
pub const PACKAGE: Is = Is::Object(&[
    ("id", Is::Uuid),
    ("shipment_id", Is::Text),
    ("package_key", Is::Text),
    ("client_billing_id", MAYBE_TEXT),
    ("weight_kg", MAYBE_NUMBER),
    ("total_distance_km", Is::Number),
    ("total_co2e", Is::Number),
    ("status", Is::OneOf(&["active", "inactive"])),
    ("created_at", Is::Time),
    ("updated_at", Is::Time),
]);

pub const PACKAGE_WITH_LEGS: Is = Is::All(&[
    PACKAGE,
    Is::Object(&[(
        "legs",
        Is::List(&Is::Object(&[
            ("id", Is::Uuid),
            ("origin", MAYBE_TEXT),
            ("destination", MAYBE_TEXT),
            ("distance_km", MAYBE_NUMBER),
            ("co2e", MAYBE_NUMBER),
        ])),
    )]),
]);

pub const PACKAGES: Is = Is::All(&[PAGE, Is::Object(&[("items", Is::List(&PACKAGE))])]);
pub const PACKAGES_WITH_LEGS: Is = Is::All(&[PAGE, Is::Object(&[("items", Is::List(&PACKAGE_WITH_LEGS))])]);

/// Vehicles (2.9).
pub const TOCS: Is = Is::List(&Is::Object(&[
    ("id", Is::Uuid),
    ("toc", Is::Text),
    ("category", CATEGORY),
    ("vehicle", Is::Text),
    ("type", Is::Text),
    ("wtw", Is::Number),
    ("default_load", MAYBE_NUMBER),
    ("location", Is::Text),
]));

pub const TEXTS: Is = Is::List(&Is::Text);

const COUNT: Is = Is::Object(&[("count", Is::Whole), ("last_updated", MAYBE_TIME)]);
pub const SUMMARY: Is = Is::Object(&[("requests", COUNT), ("recharges", COUNT), ("hubs", COUNT)]);

/// The report (2.12).
pub const REPORT: Is = Is::Object(&[
    ("client", MAYBE_TEXT),
    ("period", Is::Object(&[("start_date", Is::Day), ("end_date", Is::Day)])),
    (
        "summary",
        Is::Object(&[
            ("total_items", Is::Whole),
            ("total_co2e_kg", Is::Number),
            ("total_distance_km", Is::Number),
            ("avg_co2e_per_item", Is::Number),
        ]),
    ),
    (
        "by_category",
        Is::List(&Is::Object(&[
            ("category", CATEGORY),
            ("items", Is::Whole),
            ("co2e_kg", Is::Number),
            ("distance_km", Is::Number),
            ("percentage_co2e", Is::Number),
        ])),
    ),
    ("data_source", Is::OneOf(&["packages", "requests"])),
    ("methodology", Is::OneOf(&["ISO 14083"])),
]);

/// A fuel record (2.13).
pub const RECHARGE: Is = Is::Object(&[
    ("id", Is::Uuid),
    ("vehicle_license_plate", MAYBE_TEXT),
    ("vehicle_type", MAYBE_TEXT),
    ("fuel_name", Is::Text),
    ("quantity", MAYBE_NUMBER),
    ("unit", Is::Text),
    ("date", Is::Day),
    ("co2e", MAYBE_NUMBER),
    ("created_at", Is::Time),
    ("updated_at", Is::Time),
]);
pub const RECHARGES: Is = Is::All(&[PAGE, Is::Object(&[("items", Is::List(&RECHARGE))])]);
pub const RECHARGES_BULK: Is = Is::Object(&[
    ("total_received", Is::Whole),
    ("total_processed", Is::Whole),
    ("success", Is::Whole),
    ("failed", Is::Whole),
    ("results", Is::List(&Is::Object(&[("index", Is::Whole), ("id", Is::Uuid)]))),
    ("errors", Is::List(&Is::Object(&[("index", Is::Whole), ("error", Is::Text)]))),
]);
pub const UNIQUE_VALUES: Is = Is::Object(&[
    ("field", Is::Text),
    ("total_count", Is::Whole),
    ("values", Is::List(&Is::Object(&[("value", MAYBE_TEXT), ("label", MAYBE_TEXT), ("count", Is::Whole)]))),
]);
pub const FUELS: Is = Is::Object(&[
    ("total_count", Is::Whole),
    (
        "fuels",
        Is::List(&Is::Object(&[
            ("id", Is::Uuid),
            ("name", Is::Text),
            ("unit_id", Is::Text),
            ("region", Is::Text),
        ])),
    ),
]);

/// A hub (2.14).
pub const HUB: Is = Is::Object(&[
    ("id", Is::Uuid),
    ("name", Is::Text),
    ("address", MAYBE_TEXT),
    ("country", MAYBE_TEXT),
    ("type", Is::OneOf(&["owned", "subcontracted"])),
    ("category", Is::Maybe(&Is::OneOf(super::hubs::CATEGORIES))),
    ("status", Is::OneOf(super::hubs::STATUSES)),
    ("supercharger", Is::Flag),
    ("facility_id", MAYBE_UUID),
    ("co2e", MAYBE_NUMBER),
    ("created_at", Is::Time),
    ("updated_at", MAYBE_TIME),
]);
pub const HUBS: Is = Is::All(&[PAGE, Is::Object(&[("pages", Is::Whole), ("items", Is::List(&HUB))])]);

/// A processing job (row 28).
pub const JOB: Is = Is::Object(&[
    ("id", Is::Uuid),
    ("file_id", Is::Uuid),
    ("type", Is::Text),
    ("status", Is::OneOf(&["PENDING", "RUNNING", "COMPLETED", "FAILED"])),
    ("total", Is::Whole),
    ("success_count", Is::Whole),
    ("failed_count", Is::Whole),
    ("created_at", Is::Time),
    ("updated_at", Is::Time),
]);
pub const JOBS: Is = Is::All(&[PAGE, Is::Object(&[("items", Is::List(&JOB))])]);
pub const JOB_WITH_ERRORS: Is = Is::All(&[
    JOB,
    Is::Object(&[
        (
            "errors",
            Is::List(&Is::Object(&[
                ("index", Is::Whole),
                ("movement_id", MAYBE_TEXT),
                ("stage", Is::OneOf(&["sync", "calculation"])),
                ("code", Is::Text),
                ("error", Is::Text),
            ])),
        ),
        ("errors_truncated", Is::Flag),
    ]),
]);

/// The older API (2.15).
pub const LEGACY_SHIPMENT: Is = Is::Object(&[
    ("co2e", Is::Number),
    ("distance_km", Is::Number),
    ("toc", Is::Text),
    ("load", Is::Number),
    ("load_unit", Is::Text),
    ("origin", Is::Text),
    ("destination", Is::Text),
    ("year", Is::Whole),
    ("emission_factor", Is::Number),
    ("methodology", Is::Text),
]);
pub const LEGACY_TOCS: Is = Is::List(&Is::Object(&[
    ("toc_id", Is::Text),
    ("name", Is::Text),
    ("category", Is::OneOf(&["road", "rail", "sea", "air"])),
    ("vehicle_type", Is::Text),
    ("fuel_type", MAYBE_TEXT),
    ("emission_factor", Is::Number),
    ("capacity", MAYBE_TEXT),
]));
pub const LEGACY_REPORT: Is = Is::Object(&[
    ("client", Is::Text),
    ("period", Is::Object(&[("start_date", Is::Day), ("end_date", Is::Day)])),
    (
        "summary",
        Is::Object(&[
            ("total_co2e", Is::Number),
            ("total_distance", Is::Number),
            ("total_load", Is::Number),
            ("total_shipments", Is::Whole),
            ("avg_co2e_per_shipment", Is::Number),
            ("avg_distance_per_shipment", Is::Number),
        ]),
    ),
    (
        "by_transport_type",
        Is::List(&Is::Object(&[
            ("toc", Is::Text),
            ("shipments", Is::Whole),
            ("co2e", Is::Number),
            ("distance", Is::Number),
            ("percentage_co2e", Is::Number),
        ])),
    ),
    ("methodology", Is::OneOf(&["ISO 14083"])),
]);
