//! Which column of a file holds which field.

use emissions_core::LoadUnit;
use unicode_normalization::UnicodeNormalization;

use crate::{Field, TableError};

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The field that they fill.
    pub field: Field,
    /// The unit of a load, where the column's name says it, as `weight_kg` does.
    pub unit: Option<LoadUnit>,
}

/// The columns of a file: their names as written, and what each was recognized as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    names: Vec<String>,
    meanings: Vec<Option<Meaning>>,
}

impl Columns {
    /// Recognizes columns by their names, in English and Spanish. Case, accents, blanks and punctuation do not matter.
    ///
    /// The API's own name wins over others for the same field. A `vehicle` is a number plate where another column holds the
    /// TOC or category, and the TOC where none does.
    ///
    /// # Errors
    /// [`TableError::TwoColumns`] if two columns have names of the same field, [`TableError::NoColumns`] if none has a known name.
    pub fn recognize(names: Vec<String>) -> Result<Self, TableError> {
        let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
        let mut meanings: Vec<Option<Meaning>> = folded.iter().map(|name| meaning(name)).collect();
        let has_vehicle =
            meanings.iter().flatten().any(|meaning| matches!(meaning.field, Field::Toc | Field::Category));
        for (name, meaning) in folded.iter().zip(&mut meanings) {
            if matches!(name.as_str(), "vehicle" | "vehiculo") {
                let field = if has_vehicle { Field::VehicleLicensePlate } else { Field::Toc };
                *meaning = Some(Meaning { field, unit: None });
            }
        }
        for field in Field::ALL {
            let at: Vec<usize> = (0..names.len()).filter(|&at| is(meanings[at], field)).collect();
            let own: Vec<usize> = at.iter().copied().filter(|&at| folded[at] == field.as_str()).collect();
            match (at.as_slice(), own.as_slice()) {
                ([] | [_], _) => {}
                (_, &[own]) => at.iter().filter(|&&at| at != own).for_each(|&at| meanings[at] = None),
                (&[first, second, ..], _) => {
                    let (first, second) = (names[first].clone(), names[second].clone());
                    return Err(TableError::TwoColumns { field, first, second });
                }
            }
        }
        if meanings.iter().all(Option::is_none) {
            return Err(TableError::NoColumns { found: names.join(", ") });
        }
        Ok(Self { names, meanings })
    }

    /// The names, as written.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What each column was recognized as; nothing for those that are passed over.
    #[must_use]
    pub fn meanings(&self) -> &[Option<Meaning>] {
        &self.meanings
    }

    /// The column that holds a field, from 0.
    #[must_use]
    pub fn position(&self, field: Field) -> Option<usize> {
        self.meanings.iter().position(|meaning| is(*meaning, field))
    }
}

fn is(meaning: Option<Meaning>, field: Field) -> bool {
    meaning.is_some_and(|meaning| meaning.field == field)
}

/// A name in lower case without accents, its words joined by `_`: `Fecha de envío` is `fecha_de_envio`.
fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let plain = name.nfd().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter));
    for letter in plain.flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            folded.push(letter);
        } else if !folded.is_empty() && !folded.ends_with('_') {
            folded.push('_');
        }
    }
    folded.truncate(folded.trim_end_matches('_').len());
    folded
}

/// The meaning of a folded name. A load or distance may be followed by its unit; where that is one that no column can have, as in
/// `distance_miles`, the name is not known.
fn meaning(name: &str) -> Option<Meaning> {
    if let Some(field) = known(name) {
        return Some(Meaning { field, unit: unit_alone(name) });
    }
    let (base, unit) = name.rsplit_once('_')?;
    match known(base)? {
        Field::Load => {
            Some(Meaning { field: Field::Load, unit: Some(crate::cells::words::load_unit(unit)?) })
        }
        Field::DistanceKm if matches!(unit, "km" | "kms") => {
            Some(Meaning { field: Field::DistanceKm, unit: None })
        }
        _ => None,
    }
}

/// The unit of a load whose name is nothing else, as `pallets`.
fn unit_alone(name: &str) -> Option<LoadUnit> {
    match known(name)? {
        Field::Load => crate::cells::words::load_unit(name),
        _ => None,
    }
}

fn known(name: &str) -> Option<Field> {
    Field::from_name(name).or_else(|| {
        let (_, field) = NAMES.iter().find(|(names, _)| names.contains(&name))?;
        Some(*field)
    })
}

/// Other names of the fields, folded.
const NAMES: [(&[&str], Field); 22] = [
    (
        &[
            "from",
            "origin_address",
            "origin_city",
            "pickup",
            "pickup_address",
            "origen",
            "desde",
            "direccion_origen",
            "direccion_de_origen",
            "origen_direccion",
            "ciudad_origen",
            "ciudad_de_origen",
            "lugar_de_origen",
        ],
        Field::Origin,
    ),
    (
        &[
            "to",
            "destination_address",
            "destination_city",
            "delivery_address",
            "destino",
            "hasta",
            "direccion_destino",
            "direccion_de_destino",
            "destino_direccion",
            "ciudad_destino",
            "ciudad_de_destino",
            "lugar_de_destino",
        ],
        Field::Destination,
    ),
    (&["distance", "km", "kms", "kilometres", "kilometers", "distancia", "kilometros"], Field::DistanceKm),
    (
        &[
            "weight",
            "gross_weight",
            "net_weight",
            "cargo_weight",
            "shipment_weight",
            "kg",
            "kilos",
            "tonnes",
            "tons",
            "pallets",
            "teu",
            "feu",
            "peso",
            "peso_bruto",
            "peso_neto",
            "carga",
            "toneladas",
            "pales",
            "palets",
        ],
        Field::Load,
    ),
    (
        &[
            "unit",
            "weight_unit",
            "unidad",
            "unidad_carga",
            "unidad_de_carga",
            "unidad_peso",
            "unidad_de_peso",
        ],
        Field::LoadUnit,
    ),
    (&["factor_carga", "factor_de_carga"], Field::LoadFactor),
    (
        &["toc_id", "vehicle_type", "tipo_vehiculo", "tipo_de_vehiculo", "transport_operation_category"],
        Field::Toc,
    ),
    (
        &[
            "mode",
            "transport_mode",
            "mode_of_transport",
            "categoria",
            "modo",
            "modo_transporte",
            "modo_de_transporte",
            "medio_transporte",
            "medio_de_transporte",
        ],
        Field::Category,
    ),
    (
        &[
            "country",
            "country_code",
            "country_of_origin",
            "pais",
            "pais_origen",
            "pais_de_origen",
            "codigo_pais",
        ],
        Field::OriginCountry,
    ),
    (&["factor_year", "ano", "anio", "ejercicio"], Field::Year),
    (&["cleaned", "limpieza", "lavado"], Field::Cleaning),
    (
        &[
            "movement",
            "shipment_id",
            "shipment",
            "shipment_number",
            "id_movimiento",
            "movimiento",
            "id_envio",
            "envio",
            "numero_envio",
            "numero_de_envio",
            "expedicion",
            "referencia",
            "reference",
            "albaran",
        ],
        Field::MovementId,
    ),
    (&["client_name", "customer", "customer_name", "cliente", "nombre_cliente"], Field::Client),
    (
        &[
            "date",
            "trip_date",
            "ship_date",
            "departure_date",
            "fecha",
            "fecha_envio",
            "fecha_de_envio",
            "fecha_salida",
            "fecha_de_salida",
            "fecha_expedicion",
        ],
        Field::ShipmentDate,
    ),
    (&["stretch", "stretch_id", "tramo", "id_tramo"], Field::MovementStretch),
    (&["stage", "etapa", "fase"], Field::MovementStage),
    (
        &[
            "license_plate",
            "licence_plate",
            "number_plate",
            "plate",
            "vehicle_plate",
            "vehicle_licence_plate",
            "matricula",
            "matricula_vehiculo",
            "matricula_tractora",
        ],
        Field::VehicleLicensePlate,
    ),
    (
        &[
            "trailer",
            "trailer_plate",
            "trailer_licence_plate",
            "remolque",
            "semirremolque",
            "matricula_remolque",
        ],
        Field::TrailerLicensePlate,
    ),
    (&["subcontracted", "subcontratado", "subcontratista", "subcontrata"], Field::Subcontractor),
    (&["tonne_km", "tonne_kilometres", "ton_km", "tkms", "toneladas_km", "toneladas_kilometro"], Field::Tkm),
    (&["hub", "id_hub", "warehouse", "almacen", "centro_logistico"], Field::HubId),
    (&["package", "package_id", "paquete", "id_paquete", "clave_paquete", "bulto"], Field::PackageKey),
];
