//! The texts that legs are searched by, in blocks that are short to keep and quick to search.
//!
//! A block has one line for each leg, in the order of positions. Successive legs mostly share a movement, or have movements
//! that are counted up, so a line stores only what differs from the one before. A search looks at no byte twice: what a line
//! shares with the one before was searched there.

use crate::positions::{Ascending, Positions};
use crate::records::{RecordError, impossible};

/// How many texts a leg is searched by: movement, stretch and package key.
pub const TEXTS: usize = 3;

/// A leg's position and its texts, in lower case, empty for those that it lacks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub position: i64,
    pub texts: [String; TEXTS],
}

impl Line {
    /// A leg's line; nothing if it has no text.
    pub fn new(position: i64, texts: [Option<&str>; TEXTS]) -> Option<Self> {
        let texts = texts.map(|text| text.unwrap_or_default().to_lowercase());
        texts.iter().any(|text| !text.is_empty()).then_some(Self { position, texts })
    }
}

/// The bit of a line that says that its position does not follow the one before.
const JUMPS: u8 = 1 << TEXTS;

/// A block of lines.
///
/// Of each line: a byte with a bit for each text that differs from that of the line before, and [`JUMPS`]; the position, if
/// it jumps, less the former one; of each text that differs how many bytes it shares with the former one, how many follow,
/// and these. Numbers are LEB128, positions as zigzag.
pub fn write(lines: &[Line]) -> Vec<u8> {
    let mut block = Vec::with_capacity(lines.len() * 16);
    let none = Line { position: -1, texts: Default::default() };
    let mut former = &none;
    for line in lines {
        let flags = block.len();
        block.push(0);
        let step = line.position.wrapping_sub(former.position);
        if step != 1 {
            block[flags] |= JUMPS;
            write_number(&mut block, ((step << 1) ^ (step >> 63)).cast_unsigned());
        }
        for (number, (text, former)) in line.texts.iter().zip(&former.texts).enumerate() {
            if text != former {
                block[flags] |= 1 << number;
                let same = text.bytes().zip(former.bytes()).take_while(|(one, other)| one == other).count();
                write_number(&mut block, same as u64);
                write_number(&mut block, (text.len() - same) as u64);
                block.extend(&text.as_bytes()[same..]);
            }
        }
        former = line;
    }
    block
}

fn write_number(block: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        block.push(number as u8 | 0x80);
        number >>= 7;
    }
    block.push(number as u8);
}

/// The lines of a block.
pub fn read(block: &[u8]) -> Result<Vec<Line>, RecordError> {
    let mut lines = Vec::new();
    let mut reader = Reader::new(block);
    while let Some(position) = reader.next(|_, _, _| {})? {
        let mut texts = <[String; TEXTS]>::default();
        for (text, bytes) in texts.iter_mut().zip(&reader.texts) {
            *text = String::from_utf8(bytes.clone()).map_err(|_not_text| wrong())?;
        }
        lines.push(Line { position, texts });
    }
    Ok(lines)
}

/// The positions of the lines with a text that contains another, which is in lower case. Every line that has a text contains
/// the empty one.
pub fn search(block: &[u8], needle: &str) -> Result<Positions, RecordError> {
    let needle = needle.as_bytes();
    // For each text, where the first match of the needle ends.
    let mut ends = [usize::MAX; TEXTS];
    let mut reader = Reader::new(block);
    let mut found = Ascending::default();
    loop {
        let position = reader.next(|number, text, same| {
            if ends[number] > same || needle.is_empty() {
                ends[number] = first_end(text, needle, same);
            }
        });
        let Some(position) = position? else { break };
        if ends.iter().any(|end| *end != usize::MAX) {
            found.push(position);
        }
    }
    Ok(found.finish())
}

/// Where the first match of a needle ends in a text. No match ends within the first `behind` bytes.
fn first_end(text: &[u8], needle: &[u8], behind: usize) -> usize {
    let Some((last, rest)) = needle.split_last() else {
        return if text.is_empty() { usize::MAX } else { 0 };
    };
    let ends = |end: &usize| text[*end] == *last && text[..*end].ends_with(rest);
    (behind..text.len()).find(ends).map_or(usize::MAX, |end| end + 1)
}

/// Goes through a block.
struct Reader<'b> {
    left: &'b [u8],
    position: i64,
    texts: [Vec<u8>; TEXTS],
}

impl<'b> Reader<'b> {
    fn new(block: &'b [u8]) -> Self {
        Self { left: block, position: -1, texts: Default::default() }
    }

    /// Goes to the next line; answers with its position. Of each text that differs from the one before it tells the number,
    /// the text, and how many bytes are the same.
    #[inline]
    fn next(&mut self, mut changed: impl FnMut(usize, &[u8], usize)) -> Result<Option<i64>, RecordError> {
        let Some((flags, left)) = self.left.split_first() else { return Ok(None) };
        self.left = left;
        let step = match flags & JUMPS {
            0 => 1,
            _ => {
                let number = self.number()?;
                (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
            }
        };
        self.position = self.position.wrapping_add(step);
        for number in 0..TEXTS {
            if flags & (1 << number) != 0 {
                let same = self.length()?;
                let more = self.length()?;
                let (bytes, left) = self.left.split_at_checked(more).ok_or_else(wrong)?;
                self.left = left;
                let text = &mut self.texts[number];
                if same > text.len() {
                    return Err(wrong());
                }
                text.truncate(same);
                text.extend_from_slice(bytes);
                changed(number, text, same);
            }
        }
        Ok(Some(self.position))
    }

    fn length(&mut self) -> Result<usize, RecordError> {
        usize::try_from(self.number()?).map_err(|_range| wrong())
    }

    #[inline]
    fn number(&mut self) -> Result<u64, RecordError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, left) = self.left.split_first().ok_or_else(wrong)?;
            self.left = left;
            number |= u64::from(byte & 0x7f) << shift;
            if *byte < 0x80 {
                return Ok(number);
            }
        }
        Err(wrong())
    }
}

fn wrong() -> RecordError {
    impossible("leg_texts.text", "no lines")
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    /// Lines that share much with each other.
    fn lines() -> impl Strategy<Value = Vec<Line>> {
        let text = prop_oneof![
            2 => "[ab]{0,6}",
            1 => "[ñé1-3]{0,5}",
            1 => (0..300_u32).prop_map(|number| format!("mov-2025-{number:07}")),
        ];
        let position = prop_oneof![3 => 0..40_i64, 1 => any::<i64>()];
        btree_map(position, [text.clone(), text.clone(), text], 0..40)
            .prop_map(|lines| lines.into_iter().map(|(position, texts)| Line { position, texts }).collect())
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(lines in lines()) {
            prop_assert_eq!(read(&write(&lines)).unwrap(), lines);
        }

        #[test]
        fn what_contains_the_needle_is_found(mut lines in lines(), needle in "[abñ]{0,3}|[0-9]{1,2}|mov-2025") {
            lines.retain(|line| (0..1 << 30).contains(&line.position));
            let contains = |line: &&Line| {
                line.texts.iter().any(|text| !text.is_empty() && text.contains(needle.as_str()))
            };
            let expected: Vec<i64> = lines.iter().rev().filter(contains).map(|line| line.position).collect();
            let found = search(&write(&lines), &needle).unwrap();
            prop_assert_eq!(found.descending(0, usize::MAX), expected);
        }

        #[test]
        fn damage_is_told_or_harmless(block in vec(any::<u8>(), 0..60)) {
            let _ = read(&block);
            let _ = search(&block, "a");
        }
    }

    #[test]
    fn lines_that_count_up_are_short() {
        let line = |number: i64| {
            Line::new(number, [Some("MOV-1"), Some("last_mile"), Some(&format!("2683{number:018}"))])
        };
        let lines: Vec<Line> = (1..=1_000).filter_map(line).collect();
        assert!(write(&lines).len() < 4_500, "{}", write(&lines).len());
    }
}
