//! Countries by their English names.

use crate::{CountryCode, UnknownCountry};

impl CountryCode {
    /// The country of an English name or a code: `India`, `INDIA`, `Cote d'Ivoire`, `IN`, `IND`, `IN-MH`. Case, blanks,
    /// marks, accents of Latin letters and the words *the*, *of* and *and* do not matter.
    ///
    /// # Errors
    /// [`UnknownCountry`] if it is neither.
    pub fn from_name(name: &str) -> Result<Self, UnknownCountry> {
        Self::parse(name).or_else(|unknown| {
            let folded = fold(name);
            let of = |names: &'static [(&str, &str)]| {
                let at = names.binary_search_by(|(known, _)| (*known).cmp(folded.as_str())).ok()?;
                Some(names[at].1)
            };
            let code = of(&NAMES).or_else(|| of(&OTHERS)).unwrap_or(&folded);
            Self::parse(code).map_err(|_unknown| unknown)
        })
    }
}

/// The letters and digits of a name, in lower case, without accents and the words that come and go.
fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for word in name.replace('&', " and ").split(|c: char| !is_part_of_word(c)) {
        let word: String = word.chars().flat_map(char::to_lowercase).filter_map(letter).collect();
        if !matches!(word.as_str(), "the" | "of" | "and") {
            folded.push_str(&word);
        }
    }
    folded
}

/// Full stops and apostrophes do not divide words: `U.S.A.`, `Cote d'Ivoire`.
fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '\'' | '’')
}

/// A letter or digit without its accent; nothing for a mark.
fn letter(c: char) -> Option<char> {
    Some(match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        c if c.is_alphanumeric() => c,
        _ => return None,
    })
}

/// English names without blanks and marks, ordered. Source: GeoNames countryInfo (CC BY 4.0).
#[rustfmt::skip]
const NAMES: [(&str, &str); 250] = [
    ("afghanistan", "AF"), ("alandislands", "AX"), ("albania", "AL"), ("algeria", "DZ"), ("americansamoa", "AS"),
    ("andorra", "AD"), ("angola", "AO"), ("anguilla", "AI"), ("antarctica", "AQ"), ("antiguabarbuda", "AG"),
    ("argentina", "AR"), ("armenia", "AM"), ("aruba", "AW"), ("australia", "AU"), ("austria", "AT"),
    ("azerbaijan", "AZ"), ("bahamas", "BS"), ("bahrain", "BH"), ("bangladesh", "BD"), ("barbados", "BB"),
    ("belarus", "BY"), ("belgium", "BE"), ("belize", "BZ"), ("benin", "BJ"), ("bermuda", "BM"), ("bhutan", "BT"),
    ("bolivia", "BO"), ("bonairesainteustatiussaba", "BQ"), ("bosniaherzegovina", "BA"), ("botswana", "BW"),
    ("bouvetisland", "BV"), ("brazil", "BR"), ("britishindianoceanterritory", "IO"), ("britishvirginislands", "VG"),
    ("brunei", "BN"), ("bulgaria", "BG"), ("burkinafaso", "BF"), ("burundi", "BI"), ("caboverde", "CV"),
    ("cambodia", "KH"), ("cameroon", "CM"), ("canada", "CA"), ("caymanislands", "KY"),
    ("centralafricanrepublic", "CF"), ("chad", "TD"), ("chile", "CL"), ("china", "CN"), ("christmasisland", "CX"),
    ("cocosislands", "CC"), ("colombia", "CO"), ("comoros", "KM"), ("cookislands", "CK"), ("costarica", "CR"),
    ("croatia", "HR"), ("cuba", "CU"), ("curacao", "CW"), ("cyprus", "CY"), ("czechia", "CZ"),
    ("democraticrepubliccongo", "CD"), ("denmark", "DK"), ("djibouti", "DJ"), ("dominica", "DM"),
    ("dominicanrepublic", "DO"), ("ecuador", "EC"), ("egypt", "EG"), ("elsalvador", "SV"), ("equatorialguinea", "GQ"),
    ("eritrea", "ER"), ("estonia", "EE"), ("eswatini", "SZ"), ("ethiopia", "ET"), ("falklandislands", "FK"),
    ("faroeislands", "FO"), ("fiji", "FJ"), ("finland", "FI"), ("france", "FR"), ("frenchguiana", "GF"),
    ("frenchpolynesia", "PF"), ("frenchsouthernterritories", "TF"), ("gabon", "GA"), ("gambia", "GM"),
    ("georgia", "GE"), ("germany", "DE"), ("ghana", "GH"), ("gibraltar", "GI"), ("greece", "GR"), ("greenland", "GL"),
    ("grenada", "GD"), ("guadeloupe", "GP"), ("guam", "GU"), ("guatemala", "GT"), ("guernsey", "GG"),
    ("guinea", "GN"), ("guineabissau", "GW"), ("guyana", "GY"), ("haiti", "HT"), ("heardislandmcdonaldislands", "HM"),
    ("honduras", "HN"), ("hongkong", "HK"), ("hungary", "HU"), ("iceland", "IS"), ("india", "IN"),
    ("indonesia", "ID"), ("iran", "IR"), ("iraq", "IQ"), ("ireland", "IE"), ("isleman", "IM"), ("israel", "IL"),
    ("italy", "IT"), ("ivorycoast", "CI"), ("jamaica", "JM"), ("japan", "JP"), ("jersey", "JE"), ("jordan", "JO"),
    ("kazakhstan", "KZ"), ("kenya", "KE"), ("kiribati", "KI"), ("kosovo", "XK"), ("kuwait", "KW"),
    ("kyrgyzstan", "KG"), ("laos", "LA"), ("latvia", "LV"), ("lebanon", "LB"), ("lesotho", "LS"), ("liberia", "LR"),
    ("libya", "LY"), ("liechtenstein", "LI"), ("lithuania", "LT"), ("luxembourg", "LU"), ("macao", "MO"),
    ("madagascar", "MG"), ("malawi", "MW"), ("malaysia", "MY"), ("maldives", "MV"), ("mali", "ML"), ("malta", "MT"),
    ("marshallislands", "MH"), ("martinique", "MQ"), ("mauritania", "MR"), ("mauritius", "MU"), ("mayotte", "YT"),
    ("mexico", "MX"), ("micronesia", "FM"), ("moldova", "MD"), ("monaco", "MC"), ("mongolia", "MN"),
    ("montenegro", "ME"), ("montserrat", "MS"), ("morocco", "MA"), ("mozambique", "MZ"), ("myanmar", "MM"),
    ("namibia", "NA"), ("nauru", "NR"), ("nepal", "NP"), ("netherlands", "NL"), ("newcaledonia", "NC"),
    ("newzealand", "NZ"), ("nicaragua", "NI"), ("niger", "NE"), ("nigeria", "NG"), ("niue", "NU"),
    ("norfolkisland", "NF"), ("northernmarianaislands", "MP"), ("northkorea", "KP"), ("northmacedonia", "MK"),
    ("norway", "NO"), ("oman", "OM"), ("pakistan", "PK"), ("palau", "PW"), ("palestinianterritory", "PS"),
    ("panama", "PA"), ("papuanewguinea", "PG"), ("paraguay", "PY"), ("peru", "PE"), ("philippines", "PH"),
    ("pitcairn", "PN"), ("poland", "PL"), ("portugal", "PT"), ("puertorico", "PR"), ("qatar", "QA"),
    ("republiccongo", "CG"), ("reunion", "RE"), ("romania", "RO"), ("russia", "RU"), ("rwanda", "RW"),
    ("saintbarthelemy", "BL"), ("sainthelena", "SH"), ("saintkittsnevis", "KN"), ("saintlucia", "LC"),
    ("saintmartin", "MF"), ("saintpierremiquelon", "PM"), ("saintvincentgrenadines", "VC"), ("samoa", "WS"),
    ("sanmarino", "SM"), ("saotomeprincipe", "ST"), ("saudiarabia", "SA"), ("senegal", "SN"), ("serbia", "RS"),
    ("seychelles", "SC"), ("sierraleone", "SL"), ("singapore", "SG"), ("sintmaarten", "SX"), ("slovakia", "SK"),
    ("slovenia", "SI"), ("solomonislands", "SB"), ("somalia", "SO"), ("southafrica", "ZA"),
    ("southgeorgiasouthsandwichislands", "GS"), ("southkorea", "KR"), ("southsudan", "SS"), ("spain", "ES"),
    ("srilanka", "LK"), ("sudan", "SD"), ("suriname", "SR"), ("svalbardjanmayen", "SJ"), ("sweden", "SE"),
    ("switzerland", "CH"), ("syria", "SY"), ("taiwan", "TW"), ("tajikistan", "TJ"), ("tanzania", "TZ"),
    ("thailand", "TH"), ("timorleste", "TL"), ("togo", "TG"), ("tokelau", "TK"), ("tonga", "TO"),
    ("trinidadtobago", "TT"), ("tunisia", "TN"), ("turkey", "TR"), ("turkmenistan", "TM"),
    ("turkscaicosislands", "TC"), ("tuvalu", "TV"), ("uganda", "UG"), ("ukraine", "UA"), ("unitedarabemirates", "AE"),
    ("unitedkingdom", "GB"), ("unitedstates", "US"), ("unitedstatesminoroutlyingislands", "UM"), ("uruguay", "UY"),
    ("usvirginislands", "VI"), ("uzbekistan", "UZ"), ("vanuatu", "VU"), ("vatican", "VA"), ("venezuela", "VE"),
    ("vietnam", "VN"), ("wallisfutuna", "WF"), ("westernsahara", "EH"), ("yemen", "YE"), ("zambia", "ZM"),
    ("zimbabwe", "ZW"),
];

/// Further names that people write: ISO 3166-1 long forms, abbreviations, former and own names. The choice is ours.
#[rustfmt::skip]
const OTHERS: [(&str, &str); 58] = [
    ("america", "US"), ("bharat", "IN"), ("boliviaplurinationalstate", "BO"), ("britain", "GB"),
    ("bruneidarussalam", "BN"), ("burma", "MM"), ("capeverde", "CV"), ("chinesetaipei", "TW"), ("congo", "CG"),
    ("cotedivoire", "CI"), ("czechrepublic", "CZ"), ("deutschland", "DE"), ("drcongo", "CD"), ("easttimor", "TL"),
    ("emirates", "AE"), ("england", "GB"), ("espana", "ES"), ("federalrepublicgermany", "DE"), ("greatbritain", "GB"),
    ("hindustan", "IN"), ("holland", "NL"), ("holysee", "VA"), ("hongkongsar", "HK"), ("iranislamicrepublic", "IR"),
    ("islamicrepubliciran", "IR"), ("kingdomsaudiarabia", "SA"), ("kingdomspain", "ES"), ("korea", "KR"),
    ("ksa", "SA"), ("laopdr", "LA"), ("macau", "MO"), ("macedonia", "MK"), ("mainlandchina", "CN"),
    ("moldovarepublic", "MD"), ("northernireland", "GB"), ("palestine", "PS"), ("peoplesrepublicchina", "CN"),
    ("prchina", "CN"), ("republicchina", "TW"), ("republicindia", "IN"), ("republicireland", "IE"),
    ("republickorea", "KR"), ("republicmoldova", "MD"), ("russianfederation", "RU"), ("scotland", "GB"),
    ("statepalestine", "PS"), ("swaziland", "SZ"), ("syrianarabrepublic", "SY"), ("tanzaniaunitedrepublic", "TZ"),
    ("turkiye", "TR"), ("uae", "AE"), ("uk", "GB"), ("unitedkingdomgreatbritainnorthernireland", "GB"),
    ("unitedrepublictanzania", "TZ"), ("unitedstatesamerica", "US"), ("vaticancity", "VA"),
    ("venezuelabolivarianrepublic", "VE"), ("wales", "GB"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_found_by_name_and_code() {
        for (code, names) in [
            (
                "IN",
                &["INDIA", "India", " india ", "IN", "in", "IND", "IN-MH", "Republic of India", "Bharat"][..],
            ),
            ("US", &["USA", "U.S.A.", "United States of America", "the United States"]),
            ("GB", &["UK", "U.K.", "Great Britain", "united kingdom"]),
            ("CI", &["Côte d’Ivoire", "Cote d'Ivoire", "IVORY COAST"]),
            ("TR", &["Türkiye", "Turkey"]),
            ("TT", &["Trinidad & Tobago", "Trinidad and Tobago"]),
            ("AE", &["UAE", "United Arab Emirates"]),
        ] {
            for name in names {
                assert_eq!(CountryCode::from_name(name).map(|country| country.as_str()), Ok(code), "{name}");
            }
        }
        for name in ["", " ", "XX", "Atlantis", "the", "भारत!"] {
            assert_eq!(CountryCode::from_name(name), Err(UnknownCountry(name.to_owned())));
        }
    }

    #[test]
    fn every_country_has_a_name_and_every_name_a_country() {
        for names in [&NAMES[..], &OTHERS] {
            assert!(names.is_sorted_by(|a, b| a.0 < b.0));
            for (name, code) in names {
                assert_eq!(fold(name), *name);
                assert!(CountryCode::parse(code).is_ok(), "{code}");
            }
        }
        for country in CountryCode::all() {
            assert!(NAMES.iter().any(|(_, code)| *code == country.as_str()), "{country}");
        }
    }
}
