use std::fmt;

use logistics_domain::accounts::{Access, Label, NewKey};
use logistics_domain::ids::{ApiKeyId, OrganizationId};
use rand::RngExt;
use rand::distr::Alphanumeric;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How many characters of a key are kept to tell keys apart.
const PREFIX: usize = 10;

/// What keys are made of.
const CHARACTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// An API key's hash, as it is stored. Keys are long and random, so a plain hash hides them well enough and lets them be
/// found by index: what the search may tell of a hash leads to no key.
#[must_use]
pub fn hash_key(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// The text of an API key. It is shown once, to whom it was made for, and not kept.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyText(String);

impl KeyText {
    /// A new key: 32 random letters and digits, which are 190 bits.
    #[must_use]
    pub fn random() -> Self {
        let random = rand::rng().sample_iter(Alphanumeric).take(32).map(char::from);
        Self("dray_".chars().chain(random).collect())
    }

    /// The key that a salt and a secret make together: the same each time, and to be had from neither alone. As many letters
    /// and digits as [`random`](Self::random) gives.
    pub(crate) fn derived(salt: &str, secret: &str) -> Self {
        let digest = Sha256::new().chain_update(salt).chain_update([0]).chain_update(secret).finalize();
        let characters =
            digest.iter().map(|byte| char::from(CHARACTERS[usize::from(*byte) % CHARACTERS.len()]));
        Self("dray_".chars().chain(characters).collect())
    }

    /// A key that somebody chose.
    #[must_use]
    pub fn chosen(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first characters, to tell keys apart.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.0.chars().take(PREFIX).collect()
    }

    /// The key to create with this text: for one organization, that never expires.
    #[must_use]
    pub fn new_key(&self, name: Label, organization: OrganizationId, access: Access) -> NewKey {
        NewKey {
            id: ApiKeyId(Uuid::now_v7()),
            name,
            hash: hash_key(&self.0),
            prefix: self.prefix(),
            organization,
            others: Vec::new(),
            access,
            expires_at: None,
        }
    }
}

/// Without the text, so that no log has it.
impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyText({}…)", self.prefix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_keys_are_told_apart_by_salt_and_secret() {
        let key = KeyText::derived("salt", "secret");
        assert_eq!(key, KeyText::derived("salt", "secret"));
        assert_eq!(key.as_str().len(), KeyText::random().as_str().len());
        for other in [("salt2", "secret"), ("salt", "secret2"), ("sal", "tsecret")] {
            assert_ne!(KeyText::derived(other.0, other.1), key);
        }
    }
}
