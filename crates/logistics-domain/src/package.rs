//! Packages: what legs with the same movement and package key carry.

use chrono::{DateTime, Utc};

use crate::ids::{LegId, PackageId};

/// A package with its legs, as they are at one moment. What it comes to is computed from the legs whenever it is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct PackageRecord {
    /// Its id.
    pub id: PackageId,
    /// The movement that it is part of.
    pub movement_id: String,
    /// Its key, which is its own within the movement.
    pub package_key: String,
    /// When a leg first named it.
    pub created_at: DateTime<Utc>,
    /// When a leg of it was last stored or removed.
    pub updated_at: DateTime<Utc>,
    /// Its legs, the oldest first.
    pub legs: Vec<PackageLeg>,
}

/// A leg as far as its package is concerned.
#[derive(Debug, Clone, PartialEq)]
pub struct PackageLeg {
    /// Its id.
    pub id: LegId,
    /// Where it begins.
    pub origin: Option<String>,
    /// Where it ends.
    pub destination: Option<String>,
    /// Its client.
    pub client: Option<String>,
    /// What is carried, in kilograms: the load, or the vehicle's average, times the load factor.
    pub weight_kg: Option<f64>,
    /// Its length in kilometres, given or found.
    pub distance_km: Option<f64>,
    /// Its emissions in kilograms of CO2e, well to wheel, if they are calculated.
    pub co2e: Option<f64>,
}

/// Whether a package has legs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageStatus {
    /// It has.
    Active,
    /// All of them were removed.
    Inactive,
}

impl PackageStatus {
    /// The status's name: `active` or `inactive`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }
}

impl PackageRecord {
    /// The kilograms of CO2e of all legs that are calculated.
    #[must_use]
    pub fn total_co2e(&self) -> f64 {
        sum(self.legs.iter().filter_map(|leg| leg.co2e))
    }

    /// The kilometres of all legs whose distance is known.
    #[must_use]
    pub fn total_distance_km(&self) -> f64 {
        sum(self.legs.iter().filter_map(|leg| leg.distance_km))
    }

    /// What it weighs in kilograms: the heaviest of its legs' loads. It is not their sum, because each leg carries the same
    /// package.
    #[must_use]
    pub fn weight_kg(&self) -> Option<f64> {
        self.legs.iter().filter_map(|leg| leg.weight_kg).max_by(f64::total_cmp)
    }

    /// The client of the first leg that names one.
    #[must_use]
    pub fn client(&self) -> Option<&str> {
        self.legs.iter().find_map(|leg| leg.client.as_deref())
    }

    /// Whether it has legs.
    #[must_use]
    pub const fn status(&self) -> PackageStatus {
        if self.legs.is_empty() { PackageStatus::Inactive } else { PackageStatus::Active }
    }
}

/// Neumaier's compensated sum: the order of the terms does not matter beyond the last bit.
fn sum(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for term in terms {
        let next = sum + term;
        lost += if sum.abs() >= term.abs() { (sum - next) + term } else { (term - next) + sum };
        sum = next;
    }
    sum + lost
}

/// Which packages of a list are meant: all conditions that are set must be fulfilled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PackageFilter {
    /// The movement.
    pub movement_id: Option<String>,
    /// The client of at least one leg.
    pub client: Option<String>,
    /// The key.
    pub package_key: Option<String>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn leg(client: Option<&str>, weight_kg: f64, distance_km: f64, co2e: Option<f64>) -> PackageLeg {
        PackageLeg {
            id: LegId(Uuid::nil()),
            origin: None,
            destination: None,
            client: client.map(str::to_owned),
            weight_kg: Some(weight_kg),
            distance_km: Some(distance_km),
            co2e,
        }
    }

    fn package(legs: Vec<PackageLeg>) -> PackageRecord {
        PackageRecord {
            id: PackageId(Uuid::nil()),
            movement_id: "SHIP-2024-001".to_owned(),
            package_key: "PKG-2024-123456".to_owned(),
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            legs,
        }
    }

    #[test]
    fn the_documented_sample_adds_up() {
        let package = package(vec![
            leg(None, 15.0, 350.2, Some(17.51)),
            leg(Some("CLIENT-001"), 15.0, 350.3, Some(17.52)),
            leg(Some("CLIENT-002"), 15.0, 150.0, Some(7.72)),
        ]);
        assert_eq!((package.total_distance_km(), package.total_co2e()), (850.5, 42.75));
        assert_eq!((package.weight_kg(), package.client()), (Some(15.0), Some("CLIENT-001")));
        assert_eq!(package.status(), PackageStatus::Active);
    }

    #[test]
    fn what_is_not_calculated_adds_nothing() {
        let package = package(vec![leg(None, 1.0, 2.0, None), leg(None, 3.0, 0.0, Some(5.0))]);
        assert_eq!((package.total_co2e(), package.weight_kg()), (5.0, Some(3.0)));
    }

    #[test]
    fn without_legs_it_is_inactive_and_comes_to_nothing() {
        let package = package(Vec::new());
        assert_eq!(
            (package.total_co2e(), package.total_distance_km(), package.weight_kg()),
            (0.0, 0.0, None)
        );
        assert_eq!(package.status(), PackageStatus::Inactive);
    }

    #[test]
    fn small_terms_are_not_lost_beside_large_ones() {
        let terms = [1e16, 1.0, -1e16, 1.0];
        assert_eq!(sum(terms.into_iter()), 2.0);
        assert_eq!(sum((0..10).map(|_| 0.1)), 1.0);
    }
}
