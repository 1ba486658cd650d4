//! Countries, as ISO 3166-1 names them.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A country code that ISO 3166-1 does not assign.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not an ISO 3166-1 country code")]
pub struct UnknownCountry(pub String);

/// A country's ISO 3166-1 alpha-2 code. Kosovo is known by its user-assigned code `XK`.
///
/// Countries are ordered by their codes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CountryCode(
    /// The position in [`COUNTRIES`].
    u8,
);

/// A continent, as GeoNames assigns countries to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the variants are names of continents")]
pub enum Continent {
    Africa,
    Antarctica,
    Asia,
    Europe,
    NorthAmerica,
    Oceania,
    SouthAmerica,
}

impl CountryCode {
    /// Parses an alpha-2 code, an alpha-3 code, or an ISO 3166-2 subdivision code (`ES-MD` is Spain), in any case and
    /// with surrounding blanks.
    ///
    /// # Errors
    /// [`UnknownCountry`] if the code is not assigned.
    pub fn parse(code: &str) -> Result<Self, UnknownCountry> {
        let unknown = || UnknownCountry(code.to_owned());
        let upper = code.trim().to_ascii_uppercase();
        let country = match upper.split_once('-') {
            Some((country, subdivision)) if matches!(subdivision.len(), 1..=3) => country,
            Some(_) => return Err(unknown()),
            None => &upper,
        };
        let at = match country.len() {
            2 => COUNTRIES.binary_search_by_key(&country, |row| row.0).ok(),
            3 => COUNTRIES.iter().position(|row| row.1 == country),
            _ => None,
        };
        at.and_then(|at| u8::try_from(at).ok()).map(Self).ok_or_else(unknown)
    }

    /// The alpha-2 code, as in `ES`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        COUNTRIES[usize::from(self.0)].0
    }

    /// The continent that the country lies on. Russia and Cyprus count as Europe, Turkey as Asia.
    #[must_use]
    pub fn continent(self) -> Continent {
        COUNTRIES[usize::from(self.0)].2
    }

    /// Every country.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).zip(&COUNTRIES).map(|(at, _)| Self(at))
    }
}

impl std::fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("CountryCode").field(&self.as_str()).finish()
    }
}

impl std::fmt::Display for CountryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for CountryCode {
    type Err = UnknownCountry;

    fn from_str(code: &str) -> Result<Self, UnknownCountry> {
        Self::parse(code)
    }
}

impl TryFrom<String> for CountryCode {
    type Error = UnknownCountry;

    fn try_from(code: String) -> Result<Self, UnknownCountry> {
        Self::parse(&code)
    }
}

impl From<CountryCode> for String {
    fn from(country: CountryCode) -> Self {
        country.as_str().to_owned()
    }
}

use Continent::{Africa, Antarctica, Asia, Europe, NorthAmerica, Oceania, SouthAmerica};

/// Alpha-2, alpha-3, continent; ordered by alpha-2. Source: GeoNames countryInfo (CC BY 4.0), withdrawn codes left out.
#[rustfmt::skip]
const COUNTRIES: [(&str, &str, Continent); 250] = [
    ("AD", "AND", Europe), ("AE", "ARE", Asia), ("AF", "AFG", Asia), ("AG", "ATG", NorthAmerica),
    ("AI", "AIA", NorthAmerica), ("AL", "ALB", Europe), ("AM", "ARM", Asia), ("AO", "AGO", Africa),
    ("AQ", "ATA", Antarctica), ("AR", "ARG", SouthAmerica), ("AS", "ASM", Oceania), ("AT", "AUT", Europe),
    ("AU", "AUS", Oceania), ("AW", "ABW", NorthAmerica), ("AX", "ALA", Europe), ("AZ", "AZE", Asia),
    ("BA", "BIH", Europe), ("BB", "BRB", NorthAmerica), ("BD", "BGD", Asia), ("BE", "BEL", Europe),
    ("BF", "BFA", Africa), ("BG", "BGR", Europe), ("BH", "BHR", Asia), ("BI", "BDI", Africa),
    ("BJ", "BEN", Africa), ("BL", "BLM", NorthAmerica), ("BM", "BMU", NorthAmerica), ("BN", "BRN", Asia),
    ("BO", "BOL", SouthAmerica), ("BQ", "BES", NorthAmerica), ("BR", "BRA", SouthAmerica), ("BS", "BHS", NorthAmerica),
    ("BT", "BTN", Asia), ("BV", "BVT", Antarctica), ("BW", "BWA", Africa), ("BY", "BLR", Europe),
    ("BZ", "BLZ", NorthAmerica), ("CA", "CAN", NorthAmerica), ("CC", "CCK", Asia), ("CD", "COD", Africa),
    ("CF", "CAF", Africa), ("CG", "COG", Africa), ("CH", "CHE", Europe), ("CI", "CIV", Africa),
    ("CK", "COK", Oceania), ("CL", "CHL", SouthAmerica), ("CM", "CMR", Africa), ("CN", "CHN", Asia),
    ("CO", "COL", SouthAmerica), ("CR", "CRI", NorthAmerica), ("CU", "CUB", NorthAmerica), ("CV", "CPV", Africa),
    ("CW", "CUW", NorthAmerica), ("CX", "CXR", Oceania), ("CY", "CYP", Europe), ("CZ", "CZE", Europe),
    ("DE", "DEU", Europe), ("DJ", "DJI", Africa), ("DK", "DNK", Europe), ("DM", "DMA", NorthAmerica),
    ("DO", "DOM", NorthAmerica), ("DZ", "DZA", Africa), ("EC", "ECU", SouthAmerica), ("EE", "EST", Europe),
    ("EG", "EGY", Africa), ("EH", "ESH", Africa), ("ER", "ERI", Africa), ("ES", "ESP", Europe),
    ("ET", "ETH", Africa), ("FI", "FIN", Europe), ("FJ", "FJI", Oceania), ("FK", "FLK", SouthAmerica),
    ("FM", "FSM", Oceania), ("FO", "FRO", Europe), ("FR", "FRA", Europe), ("GA", "GAB", Africa),
    ("GB", "GBR", Europe), ("GD", "GRD", NorthAmerica), ("GE", "GEO", Asia), ("GF", "GUF", SouthAmerica),
    ("GG", "GGY", Europe), ("GH", "GHA", Africa), ("GI", "GIB", Europe), ("GL", "GRL", NorthAmerica),
    ("GM", "GMB", Africa), ("GN", "GIN", Africa), ("GP", "GLP", NorthAmerica), ("GQ", "GNQ", Africa),
    ("GR", "GRC", Europe), ("GS", "SGS", Antarctica), ("GT", "GTM", NorthAmerica), ("GU", "GUM", Oceania),
    ("GW", "GNB", Africa), ("GY", "GUY", SouthAmerica), ("HK", "HKG", Asia), ("HM", "HMD", Antarctica),
    ("HN", "HND", NorthAmerica), ("HR", "HRV", Europe), ("HT", "HTI", NorthAmerica), ("HU", "HUN", Europe),
    ("ID", "IDN", Asia), ("IE", "IRL", Europe), ("IL", "ISR", Asia), ("IM", "IMN", Europe),
    ("IN", "IND", Asia), ("IO", "IOT", Asia), ("IQ", "IRQ", Asia), ("IR", "IRN", Asia),
    ("IS", "ISL", Europe), ("IT", "ITA", Europe), ("JE", "JEY", Europe), ("JM", "JAM", NorthAmerica),
    ("JO", "JOR", Asia), ("JP", "JPN", Asia), ("KE", "KEN", Africa), ("KG", "KGZ", Asia),
    ("KH", "KHM", Asia), ("KI", "KIR", Oceania), ("KM", "COM", Africa), ("KN", "KNA", NorthAmerica),
    ("KP", "PRK", Asia), ("KR", "KOR", Asia), ("KW", "KWT", Asia), ("KY", "CYM", NorthAmerica),
    ("KZ", "KAZ", Asia), ("LA", "LAO", Asia), ("LB", "LBN", Asia), ("LC", "LCA", NorthAmerica),
    ("LI", "LIE", Europe), ("LK", "LKA", Asia), ("LR", "LBR", Africa), ("LS", "LSO", Africa),
    ("LT", "LTU", Europe), ("LU", "LUX", Europe), ("LV", "LVA", Europe), ("LY", "LBY", Africa),
    ("MA", "MAR", Africa), ("MC", "MCO", Europe), ("MD", "MDA", Europe), ("ME", "MNE", Europe),
    ("MF", "MAF", NorthAmerica), ("MG", "MDG", Africa), ("MH", "MHL", Oceania), ("MK", "MKD", Europe),
    ("ML", "MLI", Africa), ("MM", "MMR", Asia), ("MN", "MNG", Asia), ("MO", "MAC", Asia),
    ("MP", "MNP", Oceania), ("MQ", "MTQ", NorthAmerica), ("MR", "MRT", Africa), ("MS", "MSR", NorthAmerica),
    ("MT", "MLT", Europe), ("MU", "MUS", Africa), ("MV", "MDV", Asia), ("MW", "MWI", Africa),
    ("MX", "MEX", NorthAmerica), ("MY", "MYS", Asia), ("MZ", "MOZ", Africa), ("NA", "NAM", Africa),
    ("NC", "NCL", Oceania), ("NE", "NER", Africa), ("NF", "NFK", Oceania), ("NG", "NGA", Africa),
    ("NI", "NIC", NorthAmerica), ("NL", "NLD", Europe), ("NO", "NOR", Europe), ("NP", "NPL", Asia),
    ("NR", "NRU", Oceania), ("NU", "NIU", Oceania), ("NZ", "NZL", Oceania), ("OM", "OMN", Asia),
    ("PA", "PAN", NorthAmerica), ("PE", "PER", SouthAmerica), ("PF", "PYF", Oceania), ("PG", "PNG", Oceania),
    ("PH", "PHL", Asia), ("PK", "PAK", Asia), ("PL", "POL", Europe), ("PM", "SPM", NorthAmerica),
    ("PN", "PCN", Oceania), ("PR", "PRI", NorthAmerica), ("PS", "PSE", Asia), ("PT", "PRT", Europe),
    ("PW", "PLW", Oceania), ("PY", "PRY", SouthAmerica), ("QA", "QAT", Asia), ("RE", "REU", Africa),
    ("RO", "ROU", Europe), ("RS", "SRB", Europe), ("RU", "RUS", Europe), ("RW", "RWA", Africa),
    ("SA", "SAU", Asia), ("SB", "SLB", Oceania), ("SC", "SYC", Africa), ("SD", "SDN", Africa),
    ("SE", "SWE", Europe), ("SG", "SGP", Asia), ("SH", "SHN", Africa), ("SI", "SVN", Europe),
    ("SJ", "SJM", Europe), ("SK", "SVK", Europe), ("SL", "SLE", Africa), ("SM", "SMR", Europe),
    ("SN", "SEN", Africa), ("SO", "SOM", Africa), ("SR", "SUR", SouthAmerica), ("SS", "SSD", Africa),
    ("ST", "STP", Africa), ("SV", "SLV", NorthAmerica), ("SX", "SXM", NorthAmerica), ("SY", "SYR", Asia),
    ("SZ", "SWZ", Africa), ("TC", "TCA", NorthAmerica), ("TD", "TCD", Africa), ("TF", "ATF", Antarctica),
    ("TG", "TGO", Africa), ("TH", "THA", Asia), ("TJ", "TJK", Asia), ("TK", "TKL", Oceania),
    ("TL", "TLS", Oceania), ("TM", "TKM", Asia), ("TN", "TUN", Africa), ("TO", "TON", Oceania),
    ("TR", "TUR", Asia), ("TT", "TTO", NorthAmerica), ("TV", "TUV", Oceania), ("TW", "TWN", Asia),
    ("TZ", "TZA", Africa), ("UA", "UKR", Europe), ("UG", "UGA", Africa), ("UM", "UMI", Oceania),
    ("US", "USA", NorthAmerica), ("UY", "URY", SouthAmerica), ("UZ", "UZB", Asia), ("VA", "VAT", Europe),
    ("VC", "VCT", NorthAmerica), ("VE", "VEN", SouthAmerica), ("VG", "VGB", NorthAmerica), ("VI", "VIR", NorthAmerica),
    ("VN", "VNM", Asia), ("VU", "VUT", Oceania), ("WF", "WLF", Oceania), ("WS", "WSM", Oceania),
    ("XK", "XKX", Europe), ("YE", "YEM", Asia), ("YT", "MYT", Africa), ("ZA", "ZAF", Africa),
    ("ZM", "ZMB", Africa), ("ZW", "ZWE", Africa),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_parsed_in_every_documented_form() {
        for code in ["ES", "es", " Es ", "ESP", "ES-MD"] {
            assert_eq!(CountryCode::parse(code).unwrap().as_str(), "ES");
        }
        for code in ["", "XX", "E", "SPAIN", "ES-", "ES-MADRID", "GLO"] {
            assert_eq!(CountryCode::parse(code), Err(UnknownCountry(code.to_owned())));
        }
    }

    #[test]
    fn the_table_is_ordered_and_every_code_finds_itself() {
        assert!(COUNTRIES.is_sorted_by_key(|row| row.0));
        for country in CountryCode::all() {
            assert_eq!(CountryCode::parse(country.as_str()), Ok(country));
            let _ = country.continent();
        }
    }
}
