//! What an organization knows better about the map.

use std::collections::HashMap;

use super::{AvoidedPassages, Geocoded, MatchType, Place};

/// What an organization knows better about the map: places that it calls by names of its own, and passages that its ships
/// avoid.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GeographySettings {
    aliases: HashMap<AliasName, Place>,
    /// The passages to avoid, beside those that the operator set.
    pub avoid: AvoidedPassages,
}

/// A name that an organization pinned to a place, with case and blanks evened out: `Centro  Logistico MADRID` and
/// `centro logistico madrid` are the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AliasName(String);

impl AliasName {
    /// The name that a text is; nothing if the text is blank.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        (!words.is_empty()).then(|| Self(words.join(" ")))
    }

    /// The name, evened out.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl GeographySettings {
    /// Settings with these aliases and passages.
    #[must_use]
    pub fn new(aliases: impl IntoIterator<Item = (AliasName, Place)>, avoid: AvoidedPassages) -> Self {
        Self { aliases: aliases.into_iter().collect(), avoid }
    }

    /// The pinned place that an address names as a whole.
    #[must_use]
    pub fn pinned(&self, text: &str) -> Option<Geocoded> {
        if self.aliases.is_empty() {
            return None;
        }
        let place = self.aliases.get(&AliasName::of(text)?)?;
        Some(Geocoded {
            place: place.clone(),
            match_type: MatchType::Alias,
            matched: text.to_owned(),
            confidence: 1.0,
            source: "alias of the organization".to_owned(),
            settled_by_hint: false,
            beaten: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_whatever_their_case_and_blanks() {
        let name = AliasName::of("  Centro\tLogistico  MADRID ").unwrap();
        assert_eq!(name.as_str(), "centro logistico madrid");
        assert_eq!(AliasName::of(" \n"), None);
    }
}
