//! Legs as the API's JSON.

use logistics_domain::leg::LegDraft;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// A leg as a record of the bulk calls: the fields that it has, under the API's names.
#[derive(Debug, Clone, Copy)]
pub struct Record<'d>(pub &'d LegDraft);

macro_rules! serialize_fields {
    ($($field:ident),*) => {
        impl Serialize for Record<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let LegDraft { $($field),* } = self.0;
                let mut map = serializer.serialize_map(None)?;
                $(if let Some(value) = $field {
                    map.serialize_entry(stringify!($field), value)?;
                })*
                map.end()
            }
        }
    };
}

serialize_fields!(
    origin,
    destination,
    distance_km,
    load,
    load_unit,
    load_factor,
    toc,
    category,
    origin_country,
    year,
    cleaning,
    movement_id,
    client,
    shipment_date,
    movement_stretch,
    movement_stage,
    vehicle_license_plate,
    trailer_license_plate,
    subcontractor,
    tkm,
    hub_id,
    package_key
);
