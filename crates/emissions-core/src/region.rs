//! Regions that emission factors hold for.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Continent, CountryCode};

/// A group of countries that sources publish one factor for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RegionGroup {
    /// Geographic Europe with Russia and Cyprus, without Turkey; GLEC's "Europe".
    Europe,
    /// South America.
    SouthAmerica,
    /// The United States, Canada and Mexico; GLEC's "North America".
    NorthAmerica,
    /// Asia.
    Asia,
    /// Africa.
    Africa,
}

/// A region that an emission factor holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Region {
    /// One country.
    Country(CountryCode),
    /// A group of countries.
    Group(RegionGroup),
    /// The world.
    Global,
}

/// A region's name that factor packs do not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a region: expected `global`, `europe`, `south_america`, `north_america`, `asia`, `africa` or an \
     ISO 3166-1 alpha-2 code in capitals"
)]
pub struct UnknownRegion(pub String);

const GROUPS: [(RegionGroup, &str, &str); 5] = [
    (RegionGroup::Europe, "europe", "EU"),
    (RegionGroup::SouthAmerica, "south_america", "SA"),
    (RegionGroup::NorthAmerica, "north_america", "NA"),
    (RegionGroup::Asia, "asia", "ASIA"),
    (RegionGroup::Africa, "africa", "AFRICA"),
];

impl RegionGroup {
    /// Every group.
    pub const ALL: [Self; 5] =
        [Self::Europe, Self::SouthAmerica, Self::NorthAmerica, Self::Asia, Self::Africa];

    /// The group that a country belongs to, where factors are published for its group.
    #[must_use]
    pub fn of(country: CountryCode) -> Option<Self> {
        match (country.as_str(), country.continent()) {
            (_, Continent::Europe) => Some(Self::Europe),
            ("US" | "CA" | "MX", _) => Some(Self::NorthAmerica),
            (_, Continent::SouthAmerica) => Some(Self::SouthAmerica),
            (_, Continent::Asia) => Some(Self::Asia),
            (_, Continent::Africa) => Some(Self::Africa),
            (_, Continent::NorthAmerica | Continent::Oceania | Continent::Antarctica) => None,
        }
    }
}

impl Region {
    /// The regions to look a factor up in, from the closest: the country itself, its group, the world.
    pub(crate) fn ladder(country: Option<CountryCode>) -> impl Iterator<Item = Self> {
        let own = country.map(Self::Country);
        let group = country.and_then(RegionGroup::of).map(Self::Group);
        own.into_iter().chain(group).chain([Self::Global])
    }

    /// The region that a location describes: of several joined by `+`, the first. `SA` is South America and `NA` North
    /// America here, as [`label`](Self::label) writes them.
    pub(crate) fn of_location(location: &str) -> Option<Self> {
        let first = location.split('+').next().unwrap_or(location);
        let group = GROUPS.iter().find(|(.., label)| *label == first);
        match (first, group) {
            ("GLO", _) => Some(Self::Global),
            (_, Some((group, ..))) => Some(Self::Group(*group)),
            (code, None) => CountryCode::parse(code).ok().map(Self::Country),
        }
    }

    /// The region as users read it: `ES`, `EU`, `SA`, `NA`, `ASIA`, `AFRICA` or `GLO`.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Country(country) => country.to_string(),
            Self::Group(group) => names(group).2.to_owned(),
            Self::Global => "GLO".to_owned(),
        }
    }
}

fn names(group: RegionGroup) -> &'static (RegionGroup, &'static str, &'static str) {
    &GROUPS[group as usize]
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Country(country) => f.write_str(country.as_str()),
            Self::Group(group) => f.write_str(names(*group).1),
            Self::Global => f.write_str("global"),
        }
    }
}

impl std::str::FromStr for Region {
    type Err = UnknownRegion;

    /// Parses a region as factor packs write it. Country codes are in capitals, so that `SA` is Saudi Arabia and never
    /// South America.
    fn from_str(name: &str) -> Result<Self, UnknownRegion> {
        if name == "global" {
            return Ok(Self::Global);
        }
        if let Some((group, ..)) = GROUPS.iter().find(|(_, long, _)| *long == name) {
            return Ok(Self::Group(*group));
        }
        match CountryCode::parse(name) {
            Ok(country) if country.as_str() == name => Ok(Self::Country(country)),
            _ => Err(UnknownRegion(name.to_owned())),
        }
    }
}

impl TryFrom<String> for Region {
    type Error = UnknownRegion;

    fn try_from(name: String) -> Result<Self, UnknownRegion> {
        name.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        let countries = CountryCode::all().map(Region::Country);
        let groups = GROUPS.iter().map(|(group, ..)| Region::Group(*group));
        for region in countries.chain(groups).chain([Region::Global]) {
            assert_eq!(region.to_string().parse(), Ok(region));
        }
    }

    #[test]
    fn capitals_are_countries_and_words_are_groups() {
        assert_eq!("SA".parse(), Ok(Region::Country(CountryCode::parse("SA").unwrap())));
        assert_eq!("south_america".parse(), Ok(Region::Group(RegionGroup::SouthAmerica)));
        for wrong in ["sa", "EU", "GLO", "", "XX"] {
            assert_eq!(wrong.parse::<Region>(), Err(UnknownRegion(wrong.to_owned())));
        }
    }

    #[test]
    fn locations_are_labels() {
        let groups = RegionGroup::ALL.map(Region::Group);
        for region in groups.into_iter().chain([Region::Global, "ES".parse().unwrap()]) {
            assert_eq!(Region::of_location(&region.label()), Some(region));
        }
        assert_eq!(Region::of_location("EU+SA"), Some(Region::Group(RegionGroup::Europe)));
        assert_eq!(Region::of_location("nowhere"), None);
    }

    #[test]
    fn ladders_go_from_the_country_to_the_world() {
        let ladder =
            |code: &str| Region::ladder(CountryCode::parse(code).ok()).map(Region::label).collect::<Vec<_>>();
        assert_eq!(ladder("ES"), ["ES", "EU", "GLO"]);
        assert_eq!(ladder("BR"), ["BR", "SA", "GLO"]);
        assert_eq!(ladder("AU"), ["AU", "GLO"]);
        assert_eq!(Region::ladder(None).map(Region::label).collect::<Vec<_>>(), ["GLO"]);
    }
}
