//! Spellings that people use and the tables do not list.

use super::super::fold::fold;

/// Words of terminal names that say only what the place is.
const TERMINAL_WORDS: &[&str] = &[
    "airport",
    "international",
    "intl",
    "regional",
    "municipal",
    "air",
    "base",
    "airfield",
    "field",
    "aerodrome",
    "airpark",
    "memorial",
    "port",
    "of",
    "harbour",
    "harbor",
    "terminal",
    "the",
    "county",
    "domestic",
    "heliport",
];
/// Small words within names that are left out when an address is short of room: `Frankfurt/Main`.
const SMALL_WORDS: &[&str] =
    &["am", "an", "der", "im", "in", "bei", "ob", "upon", "on", "sur", "aan", "den", "de", "nad"];
/// Countries that write ä, ö and ü with a following e where they have to.
const UMLAUT_COUNTRIES: [&str; 10] = ["DE", "AT", "CH", "LI", "LU", "DK", "NO", "SE", "FI", "EE"];

/// Other spellings of a place's usual name, folded.
pub(super) fn place_spellings(name: &str, country: &str) -> Vec<String> {
    let folded = fold(name);
    let mut spellings = Vec::new();
    if name.contains(['\'', '’', '`', '´']) {
        spellings.push(fold(&name.replace(['\'', '’', '`', '´'], "")));
    }
    if UMLAUT_COUNTRIES.contains(&country)
        && name.contains(['ä', 'ö', 'ü', 'ø', 'å', 'Ä', 'Ö', 'Ü', 'Ø', 'Å'])
    {
        spellings.push(fold(&spelled_out(name)));
    }
    let words: Vec<&str> = folded.split(' ').collect();
    if words.len() >= 3 {
        let inner = |at: usize, word: &&str| at > 0 && at + 1 < words.len() && SMALL_WORDS.contains(word);
        let kept: Vec<&str> =
            words.iter().enumerate().filter(|(at, word)| !inner(*at, word)).map(|(_, word)| *word).collect();
        if kept.len() < words.len() {
            spellings.push(kept.join(" "));
        }
    }
    if let Some((before, _)) = name.split_once(" (") {
        spellings.push(fold(before));
    }
    if name.contains(" / ") {
        spellings.extend(name.split(" / ").map(fold));
    }
    spellings.retain(|spelling| *spelling != folded && spelling.chars().count() > 2);
    spellings
}

fn spelled_out(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        match c {
            'ä' => out.push_str("ae"),
            'ö' | 'ø' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'å' => out.push_str("aa"),
            'Ä' => out.push_str("Ae"),
            'Ö' | 'Ø' => out.push_str("Oe"),
            'Ü' => out.push_str("Ue"),
            'Å' => out.push_str("Aa"),
            _ => out.push(c),
        }
    }
    out
}

/// The folded names of a terminal: in full, without the words that say what it is, without the city in front, the city.
pub(super) fn terminal_names(name: &str, city: &str) -> impl Iterator<Item = String> {
    let (full, city) = (fold(name), fold(city));
    let bare = full.split(' ').filter(|word| !TERMINAL_WORDS.contains(word)).collect::<Vec<_>>().join(" ");
    let own = bare
        .strip_prefix(&city)
        .map(str::trim)
        .filter(|own| !city.is_empty() && own.len() > 3)
        .map(str::to_owned);
    let mut names = vec![full, bare, city];
    names.extend(own);
    names.into_iter().filter(|name| name.chars().count() > 1)
}

/// A name in capitals as it is usually written.
pub(super) fn usual_case(name: &str) -> String {
    if name.chars().any(char::is_lowercase) || !name.is_ascii() {
        return name.to_owned();
    }
    let mut inside = false;
    let lower = |c: char| {
        let shown = if inside { c.to_ascii_lowercase() } else { c };
        inside = c.is_ascii_alphabetic();
        shown
    };
    name.chars().map(lower).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_spellings_are_added() {
        assert_eq!(place_spellings("Düren", "DE"), ["dueren"]);
        assert_eq!(place_spellings("Frankfurt am Main", "DE"), ["frankfurt main"]);
        assert_eq!(place_spellings("L'Aquila", "IT"), ["laquila"]);
        assert_eq!(place_spellings("Arcos (Ponteareas)", "ES"), ["arcos"]);
        assert!(place_spellings("Madrid", "ES").is_empty());
        assert_eq!(usual_case("SAENZ PENA"), "Saenz Pena");
    }

    #[test]
    fn terminals_are_found_by_their_own_name() {
        let names: Vec<String> = terminal_names("London Heathrow Airport", "London").collect();
        assert_eq!(names, ["london heathrow airport", "london heathrow", "london", "heathrow"]);
    }
}
