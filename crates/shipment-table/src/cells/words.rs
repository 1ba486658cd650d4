//! Words that stand for units, modes, and yes or no, in English and Spanish.

use emissions_core::LoadUnit;
use logistics_domain::Category;

/// A unit of load; nothing if the word is no known one.
pub(crate) fn load_unit(word: &str) -> Option<LoadUnit> {
    if let Some(unit) = LoadUnit::from_name(word) {
        return Some(unit);
    }
    let word = word.to_lowercase();
    LoadUnit::from_name(&word).or(match word.as_str() {
        "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" | "kilogramo" | "kilogramos" => {
            Some(LoadUnit::Kg)
        }
        "t" | "tn" | "tm" | "mt" | "tons" | "tonne" | "tonnes" | "tonelada" | "toneladas" => {
            Some(LoadUnit::Ton)
        }
        "pallet" | "palet" | "palets" | "palé" | "palés" | "pale" | "pales" => Some(LoadUnit::Pallets),
        "teus" => Some(LoadUnit::Teu),
        "feus" => Some(LoadUnit::Feu),
        _ => None,
    })
}

/// A category; nothing if the word is no known one.
pub(crate) fn category(word: &str) -> Option<Category> {
    let word = word.to_lowercase();
    Category::from_name(&word).or(match word.as_str() {
        "truck" | "lorry" | "carretera" | "camion" | "camión" | "terrestre" => Some(Category::Road),
        "train" | "railway" | "tren" | "ferrocarril" | "ferroviario" => Some(Category::Rail),
        "sea" | "ocean" | "ship" | "mar" | "maritimo" | "marítimo" | "barco" => Some(Category::Maritime),
        "plane" | "aereo" | "aéreo" | "avion" | "avión" => Some(Category::Air),
        _ => None,
    })
}

/// Yes or no; nothing if the word is neither.
pub(crate) fn yes_or_no(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "x" | "sí" | "si" | "s" | "verdadero" => Some(true),
        "false" | "no" | "n" | "0" | "falso" => Some(false),
        _ => None,
    }
}
