//! Forms that have one effect, however often they are sent: by two clicks, by a reload, or again after no answer.

use data_encoding::HEXLOWER;
use logistics_domain::intake::CallKey;
use maud::{Markup, html};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The name of the field that tells one showing of a form from the next.
pub(super) const FIELD: &str = "shown";

/// The field, of a form that is shown now.
pub(super) fn field() -> Markup {
    html! { input type="hidden" name=(FIELD) value=(Uuid::now_v7()); }
}

/// A form that was sent.
pub(super) struct Sent {
    /// Its showing and what was filled in; nothing where it does not say its showing.
    name: Option<(Uuid, [u8; 32])>,
}

impl Sent {
    /// The form with that value of [`FIELD`], filled in with `content`. Filled in otherwise, it is another.
    pub fn new(shown: Option<&str>, content: &[u8]) -> Self {
        let shown = shown.and_then(|shown| Uuid::parse_str(shown).ok());
        Self { name: shown.map(|shown| (shown, Sha256::digest(content).into())) }
    }

    /// The key of the call that comes of the form.
    pub fn call(&self) -> Option<CallKey> {
        let (shown, fingerprint) = self.name?;
        let key = format!("form {shown} {}", HEXLOWER.encode(&fingerprint));
        Some(CallKey { key, fingerprint })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_another_when_it_is_shown_or_filled_in_anew() {
        let (one, two) = (Uuid::from_u128(1).to_string(), Uuid::from_u128(2).to_string());
        let call = |shown: &str, content: &[u8]| Sent::new(Some(shown), content).call().unwrap();
        assert_eq!(call(&one, b"a"), call(&one, b"a"));
        assert_ne!(call(&one, b"a").key, call(&two, b"a").key);
        assert_ne!(call(&one, b"a").key, call(&one, b"b").key);
        assert!(call(&one, b"a").key.len() <= 255);
        assert_eq!(Sent::new(Some("?"), b"a").call(), None);
        assert_eq!(Sent::new(None, b"a").call(), None);
    }
}
