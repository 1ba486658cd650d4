//! What a trip's vehicle code and fuel mean.
//!
//! No source publishes what the codes stand for. They are read as the classes of *India Default GHG Emission Values*
//! (Smart Freight Centre India, v1.0): the smallest code is the smallest class. `docs/methodology.md` gives the reasons.

use serde::{Deserialize, Serialize};

use crate::Category;

/// A kind of vehicle, as the Climes API names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum VehicleCode {
    /// A container ship.
    Scd,
    /// A truck of 0.5 to 2 t payload (SCV).
    Lcv1,
    /// A truck of 12 to 20 t payload (HCV-2).
    Hgv2,
    /// A truck of 20 to 40 t payload (HCV-3).
    Hgv4,
    /// An air cargo freighter.
    Acf,
    /// A truck of 2 to 3.5 t payload (MCV-1).
    Lcv2,
    /// A truck of 3.5 to 8 t payload (MCV-2).
    Lcv3,
    /// The belly of a passenger aircraft.
    Acb,
    /// A truck of 8 to 12 t payload (HCV-1).
    Hgv,
    /// A freight train.
    Train,
}

/// What drives a trip's vehicle, as the Climes API names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum VehicleFuel {
    /// Heavy fuel oil.
    #[serde(rename = "HFO")]
    HeavyFuelOil,
    /// Diesel or marine diesel.
    Diesel,
    /// Aviation turbine fuel.
    #[serde(rename = "Aviation Turbine Fuel")]
    AviationTurbineFuel,
    /// What is usual for the mode: nobody says.
    #[serde(rename = "")]
    Usual,
    /// Electricity from the grid.
    Electric,
    /// Compressed natural gas.
    #[serde(rename = "CNG")]
    CompressedNaturalGas,
}

use VehicleFuel::{AviationTurbineFuel, CompressedNaturalGas, Diesel, Electric, HeavyFuelOil, Usual};

impl VehicleCode {
    /// Every code, in the order of the API's documentation.
    pub const ALL: [Self; 10] = [
        Self::Scd,
        Self::Lcv1,
        Self::Hgv2,
        Self::Hgv4,
        Self::Acf,
        Self::Lcv2,
        Self::Lcv3,
        Self::Acb,
        Self::Hgv,
        Self::Train,
    ];

    /// The code, as in `HGV2`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scd => "SCD",
            Self::Lcv1 => "LCV1",
            Self::Hgv2 => "HGV2",
            Self::Hgv4 => "HGV4",
            Self::Acf => "ACF",
            Self::Lcv2 => "LCV2",
            Self::Lcv3 => "LCV3",
            Self::Acb => "ACB",
            Self::Hgv => "HGV",
            Self::Train => "TRAIN",
        }
    }

    /// The kind with that code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == code)
    }

    /// How it travels.
    #[must_use]
    pub const fn category(self) -> Category {
        match self {
            Self::Scd => Category::Maritime,
            Self::Acf | Self::Acb => Category::Air,
            Self::Train => Category::Rail,
            Self::Lcv1 | Self::Lcv2 | Self::Lcv3 | Self::Hgv | Self::Hgv2 | Self::Hgv4 => Category::Road,
        }
    }

    /// The mode as the API names it: `Road`, `Rail`, `Sea` or `Air`.
    #[must_use]
    pub const fn mode(self) -> &'static str {
        mode_name(self.category())
    }

    /// The vehicle as the API names it: `Truck`, `Train`, `Ship` or `Flight`.
    #[must_use]
    pub const fn vehicle_type(self) -> &'static str {
        match self.category() {
            Category::Road => "Truck",
            Category::Rail => "Train",
            Category::Maritime => "Ship",
            Category::Air => "Flight",
        }
    }

    /// The most that a vehicle of the class carries, in kilograms: the upper end of its payload range. Nothing for ships,
    /// aircraft and trains, for which none is published.
    #[must_use]
    pub const fn payload_capacity_kg(self) -> Option<f64> {
        match self {
            Self::Lcv1 => Some(2_000.0),
            Self::Lcv2 => Some(3_500.0),
            Self::Lcv3 => Some(8_000.0),
            Self::Hgv => Some(12_000.0),
            Self::Hgv2 => Some(20_000.0),
            Self::Hgv4 => Some(40_000.0),
            Self::Scd | Self::Acf | Self::Acb | Self::Train => None,
        }
    }

    /// The fuels that it can run on, in the order of the API's documentation.
    #[must_use]
    pub const fn fuels(self) -> &'static [VehicleFuel] {
        match self.category() {
            Category::Road => &[Diesel, Usual, Electric, CompressedNaturalGas],
            Category::Rail => &[Diesel, Usual, Electric],
            Category::Maritime => &[HeavyFuelOil, Diesel, Usual],
            Category::Air => &[AviationTurbineFuel, Usual],
        }
    }

    /// The transport operation categories that describe it, the closest first; none for a fuel that it cannot run on.
    ///
    /// Where a class has an Indian row of its own, its TOC comes first. Then come the classes of GLEC and of DESNZ whose
    /// full load lies in the same range of payload.
    #[must_use]
    pub const fn tocs(self, fuel: VehicleFuel, refrigerated: bool) -> &'static [&'static str] {
        match (self, fuel) {
            (Self::Lcv1, Diesel | Usual) => &["scv_diesel", "van_diesel"],
            (Self::Lcv1, CompressedNaturalGas) => &["van_cng"],
            (Self::Lcv1, Electric) => &["van_electric"],
            (Self::Lcv2, Diesel | Usual) => &["mcv_1_diesel", "rigid_truck_3.5_7.5_t_diesel"],
            (Self::Lcv2, CompressedNaturalGas) => &["rigid_truck_3.5_7.5_t_cng"],
            (Self::Lcv2, Electric) => &["rigid_truck_3.5_7.5_t_electric"],
            (Self::Lcv3, Diesel | Usual) => {
                &["mcv_2_diesel", "rigid_truck_7.5_12_t_diesel", "rigid_truck_7.5_17_t_diesel"]
            }
            (Self::Lcv3, CompressedNaturalGas) => &["rigid_truck_7.5_12_t_cng"],
            (Self::Lcv3, Electric) => &["rigid_truck_7.5_12_t_electric", "rigid_truck_7.5_17_t_electric"],
            (Self::Hgv, Diesel | Usual) => {
                &["hcv_1_diesel", "rigid_truck_12_20_t_diesel", "rigid_truck_17_t_diesel"]
            }
            (Self::Hgv, CompressedNaturalGas) => &["rigid_truck_12_20_t_cng"],
            (Self::Hgv, Electric) => &["rigid_truck_12_20_t_electric", "rigid_truck_17_t_electric"],
            (Self::Hgv2, Diesel | Usual) => &["hcv_2_diesel", "truck_diesel"],
            (Self::Hgv2, CompressedNaturalGas) => &["rigid_truck_20_26_t_cng"],
            (Self::Hgv2, Electric) => &["rigid_truck_26_40_t_electric", "truck_electric"],
            (Self::Hgv4, Diesel | Usual) => {
                &["hcv_3_diesel", "artic_truck_34_40_t_diesel", "artic_truck_33_t_diesel"]
            }
            (Self::Hgv4, CompressedNaturalGas) => &["artic_truck_34_40_t_cng"],
            (Self::Hgv4, Electric) => &["artic_truck_33_t_electric"],
            (Self::Train, Usual) => &["train_average"],
            (Self::Train, Diesel) => &["train_diesel"],
            (Self::Train, Electric) => &["train_electric"],
            (Self::Scd, HeavyFuelOil | Diesel | Usual) if refrigerated => {
                &["container_ship_average_refrigerated", "container_ship_average"]
            }
            (Self::Scd, HeavyFuelOil | Diesel | Usual) => &["container_ship_average"],
            (Self::Acf, AviationTurbineFuel | Usual) => &["aircraft_freighter"],
            (Self::Acb, AviationTurbineFuel | Usual) => &["aircraft_belly"],
            _ => &[],
        }
    }
}

impl VehicleFuel {
    /// Every fuel, in the order of the API's documentation.
    pub const ALL: [Self; 6] =
        [HeavyFuelOil, Diesel, AviationTurbineFuel, Usual, Electric, CompressedNaturalGas];

    /// The fuel's name, as in `Aviation Turbine Fuel`; blank for the usual one.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            HeavyFuelOil => "HFO",
            Diesel => "Diesel",
            AviationTurbineFuel => "Aviation Turbine Fuel",
            Usual => "",
            Electric => "Electric",
            CompressedNaturalGas => "CNG",
        }
    }

    /// The fuel with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

/// A category as the API names its mode: `Road`, `Rail`, `Sea` or `Air`.
#[must_use]
pub const fn mode_name(category: Category) -> &'static str {
    match category {
        Category::Road => "Road",
        Category::Rail => "Rail",
        Category::Maritime => "Sea",
        Category::Air => "Air",
    }
}

#[cfg(test)]
mod tests {
    use emissions_core::{Factors, Mode};

    use super::*;

    #[test]
    fn names_round_trip() {
        for code in VehicleCode::ALL {
            assert_eq!(VehicleCode::from_code(code.as_str()), Some(code));
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
        for fuel in VehicleFuel::ALL {
            assert_eq!(VehicleFuel::from_name(fuel.as_str()), Some(fuel));
            assert_eq!(serde_json::to_value(fuel).unwrap(), fuel.as_str());
        }
        assert_eq!((VehicleCode::from_code("hgv"), VehicleFuel::from_name("Petrol")), (None, None));
    }

    #[test]
    fn a_vehicle_has_categories_for_its_fuels_and_for_no_others() {
        for code in VehicleCode::ALL {
            for fuel in VehicleFuel::ALL {
                for refrigerated in [false, true] {
                    let tocs = code.tocs(fuel, refrigerated);
                    assert_eq!(tocs.is_empty(), !code.fuels().contains(&fuel), "{code:?} {fuel:?}");
                }
            }
        }
    }

    #[test]
    fn the_categories_of_the_open_pack_are_of_the_mode() {
        let factors = Factors::open();
        for code in VehicleCode::ALL {
            for fuel in code.fuels() {
                let known: Vec<_> =
                    code.tocs(*fuel, false).iter().filter_map(|toc| factors.toc(toc)).collect();
                let is_cng_truck = *fuel == CompressedNaturalGas && code != VehicleCode::Lcv1;
                assert_eq!(known.is_empty(), is_cng_truck, "{code:?} {fuel:?}");
                for toc in known {
                    assert_eq!(Category::from(factors.describe(toc).mode), code.category());
                    assert_ne!(factors.describe(toc).mode, Mode::InlandWaterway);
                }
            }
        }
    }

    #[test]
    fn bigger_classes_emit_less_per_tonne_kilometre() {
        use emissions_core::{DistanceBasis, Kilometres, Leg, LegDistance, Load, LoadUnit};
        let factors = Factors::open();
        let distance = LegDistance { km: Kilometres::new(1.0).unwrap(), basis: DistanceBasis::Actual };
        let leg = Leg::new(2025, Load::new(1.0, LoadUnit::Ton).unwrap(), distance);
        let classes = [
            VehicleCode::Lcv1,
            VehicleCode::Lcv2,
            VehicleCode::Lcv3,
            VehicleCode::Hgv,
            VehicleCode::Hgv2,
            VehicleCode::Hgv4,
        ];
        for fuel in [Diesel, Electric] {
            let intensities = classes.map(|code| {
                let toc = code.tocs(fuel, false).iter().find_map(|toc| factors.toc(toc)).unwrap();
                factors.calculate(toc, &leg).unwrap().total().wtw.get()
            });
            assert!(intensities.is_sorted_by(|a, b| a > b), "{fuel:?}: {intensities:?}");
        }
    }
}
