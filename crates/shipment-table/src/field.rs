//! The fields of a leg that a column can hold.

use std::fmt;

/// A field of a [`LegDraft`](logistics_domain::leg::LegDraft), under the name that the API gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the fields are those of `LegDraft`, documented there")]
pub enum Field {
    Origin,
    Destination,
    DistanceKm,
    Load,
    LoadUnit,
    LoadFactor,
    Toc,
    Category,
    OriginCountry,
    Year,
    Cleaning,
    MovementId,
    Client,
    ShipmentDate,
    MovementStretch,
    MovementStage,
    VehicleLicensePlate,
    TrailerLicensePlate,
    Subcontractor,
    Tkm,
    HubId,
    PackageKey,
}

impl Field {
    /// Every field, in the order of the API's documentation.
    pub const ALL: [Self; 22] = [
        Self::Origin,
        Self::Destination,
        Self::DistanceKm,
        Self::Load,
        Self::LoadUnit,
        Self::LoadFactor,
        Self::Toc,
        Self::Category,
        Self::OriginCountry,
        Self::Year,
        Self::Cleaning,
        Self::MovementId,
        Self::Client,
        Self::ShipmentDate,
        Self::MovementStretch,
        Self::MovementStage,
        Self::VehicleLicensePlate,
        Self::TrailerLicensePlate,
        Self::Subcontractor,
        Self::Tkm,
        Self::HubId,
        Self::PackageKey,
    ];

    /// The field's name in the API, as in `load_unit`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::Destination => "destination",
            Self::DistanceKm => "distance_km",
            Self::Load => "load",
            Self::LoadUnit => "load_unit",
            Self::LoadFactor => "load_factor",
            Self::Toc => "toc",
            Self::Category => "category",
            Self::OriginCountry => "origin_country",
            Self::Year => "year",
            Self::Cleaning => "cleaning",
            Self::MovementId => "movement_id",
            Self::Client => "client",
            Self::ShipmentDate => "shipment_date",
            Self::MovementStretch => "movement_stretch",
            Self::MovementStage => "movement_stage",
            Self::VehicleLicensePlate => "vehicle_license_plate",
            Self::TrailerLicensePlate => "trailer_license_plate",
            Self::Subcontractor => "subcontractor",
            Self::Tkm => "tkm",
            Self::HubId => "hub_id",
            Self::PackageKey => "package_key",
        }
    }

    /// The field with that name in the API.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    /// Whether its cells hold numbers that may have decimals.
    pub(crate) const fn is_decimal(self) -> bool {
        matches!(self, Self::DistanceKm | Self::Load | Self::LoadFactor | Self::Tkm)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
