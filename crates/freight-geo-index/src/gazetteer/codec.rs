//! Little-endian numbers and shared texts.

use std::collections::HashMap;

/// Coordinates are kept as integers of this fraction of a degree: 1e-5 degrees is about a metre.
const STEPS_PER_DEGREE: f64 = 1e5;

/// Degrees to the integer that an index holds.
#[expect(clippy::cast_possible_truncation, reason = "degrees are at most 180, so 1.8e7 steps")]
pub(crate) fn steps(degrees: f64) -> i32 {
    (degrees * STEPS_PER_DEGREE).round() as i32
}

/// The integer that an index holds to degrees.
pub(crate) fn degrees(steps: i32) -> f64 {
    f64::from(steps) / STEPS_PER_DEGREE
}

/// Reads fixed-size fields one after the other. A field beyond the end is zero.
pub(crate) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn take<const N: usize>(&mut self) -> [u8; N] {
        match self.0.split_first_chunk::<N>() {
            Some((head, rest)) => {
                self.0 = rest;
                *head
            }
            None => [0; N],
        }
    }

    pub(crate) fn u8(&mut self) -> u8 {
        self.take::<1>()[0]
    }

    pub(crate) fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.take())
    }

    pub(crate) fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take())
    }

    pub(crate) fn degrees(&mut self) -> f64 {
        degrees(i32::from_le_bytes(self.take()))
    }
}

/// Texts that records refer to by their position. Each is one length byte and its UTF-8.
#[derive(Debug, Clone, Copy)]
pub struct Strings<'a>(&'a [u8]);

impl<'a> Strings<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The text at a position that a record gave; empty for any other position.
    #[must_use]
    pub fn get(self, at: u32) -> &'a str {
        let at = at as usize;
        let text = self.0.get(at).and_then(|&length| self.0.get(at + 1..at + 1 + usize::from(length)));
        text.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

/// Collects texts, each once.
pub(crate) struct StringsWriter {
    bytes: Vec<u8>,
    seen: HashMap<String, u32>,
}

impl StringsWriter {
    /// The empty text is at position 0.
    pub(crate) fn new() -> Self {
        Self { bytes: vec![0], seen: HashMap::from([(String::new(), 0)]) }
    }

    /// The position of a text; texts longer than 255 bytes are cut at a character's end.
    pub(crate) fn add(&mut self, text: &str) -> u32 {
        let text = &text[..text.floor_char_boundary(usize::from(u8::MAX))];
        if let Some(&at) = self.seen.get(text) {
            return at;
        }
        let at = u32::try_from(self.bytes.len()).expect("all texts together are far below 4 GiB");
        self.bytes.push(u8::try_from(text.len()).expect("cut to 255 bytes above"));
        self.bytes.extend_from_slice(text.as_bytes());
        self.seen.insert(text.to_owned(), at);
        at
    }

    /// The text at a position.
    pub(crate) fn get(&self, at: u32) -> &str {
        Strings::new(&self.bytes).get(at)
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_kept_once_and_read_back() {
        let mut writer = StringsWriter::new();
        let long = "ü".repeat(200);
        let (first, again, cut) = (writer.add("Köln"), writer.add("Köln"), writer.add(&long));
        let bytes = writer.into_bytes();
        let strings = Strings::new(&bytes);
        assert_eq!(first, again);
        assert_eq!(strings.get(first), "Köln");
        assert_eq!(strings.get(cut), "ü".repeat(127));
        assert_eq!(strings.get(0), "");
        assert_eq!(strings.get(u32::MAX), "");
    }

    #[test]
    fn coordinates_keep_a_metre() {
        for exact in [-180.0, -3.70379, 0.0, 51.50853, 179.99999] {
            assert!((degrees(steps(exact)) - exact).abs() < 1e-5);
        }
    }
}
