//! What names mean: an `fst` of folded names, each with one target or a list of them.

use super::IndexError;
use super::container::Section;

/// Something that a name can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// A place by its usual name, by number.
    Place(u32),
    /// A place by another name, by number.
    OtherName(u32),
    /// A region by its name, by number from 1.
    Region(u32),
    /// A region by its code, as `TX`, by number from 1.
    RegionCode(u32),
    /// A country by its name, by number.
    Country(u32),
    /// An airport by its name or city, by its position.
    Airport(u32),
    /// A port by its name, by its position.
    Port(u32),
}

const NUMBER_BITS: u32 = 29;
const NUMBER: u32 = (1 << NUMBER_BITS) - 1;
/// Set in a value of the `fst` that is itself a target, and not the position of a list.
const INLINE: u64 = 1 << 32;

impl Target {
    fn encode(self) -> u32 {
        let (kind, number) = match self {
            Self::Place(number) => (0, number),
            Self::OtherName(number) => (1, number),
            Self::Region(number) => (2, number),
            Self::RegionCode(number) => (3, number),
            Self::Country(number) => (4, number),
            Self::Airport(number) => (5, number),
            Self::Port(number) => (6, number),
        };
        debug_assert!(number <= NUMBER);
        (kind << NUMBER_BITS) | (number & NUMBER)
    }

    const fn decode(word: u32) -> Self {
        let number = word & NUMBER;
        match word >> NUMBER_BITS {
            0 => Self::Place(number),
            1 => Self::OtherName(number),
            2 => Self::Region(number),
            3 => Self::RegionCode(number),
            4 => Self::Country(number),
            5 => Self::Airport(number),
            _ => Self::Port(number),
        }
    }
}

/// The targets of one name: places by their usual name first, weightiest first, then other kinds.
#[derive(Debug, Clone)]
pub struct Targets<'a> {
    inline: Option<u32>,
    list: std::slice::ChunksExact<'a, u8>,
}

impl<'a> Targets<'a> {
    pub(crate) fn new(value: u64, lists: &'a [u8]) -> Self {
        let low = (value & u64::from(u32::MAX)) as u32;
        if value & INLINE != 0 {
            return Self { inline: Some(low), list: [].chunks_exact(4) };
        }
        let at = low as usize;
        let count =
            lists.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |count| u32::from_le_bytes(*count));
        let body = lists.get(at + 4..at + 4 + 4 * count as usize).unwrap_or_default();
        Self { inline: None, list: body.chunks_exact(4) }
    }
}

impl Iterator for Targets<'_> {
    type Item = Target;

    fn next(&mut self) -> Option<Target> {
        let word = match self.inline.take() {
            Some(word) => Some(word),
            None => {
                self.list.next().and_then(|bytes| bytes.first_chunk()).map(|bytes| u32::from_le_bytes(*bytes))
            }
        };
        word.map(Target::decode)
    }
}

/// Collects names and their targets.
#[derive(Default)]
pub(crate) struct NamesWriter {
    pairs: Vec<(String, u32)>,
}

impl NamesWriter {
    /// Adds a folded name. Empty names are left out.
    pub(crate) fn add(&mut self, folded: String, target: Target) {
        if !folded.is_empty() {
            self.pairs.push((folded, target.encode()));
        }
    }

    /// The `fst` of the names, and the lists of targets.
    pub(crate) fn finish(mut self) -> Result<[(Section, Vec<u8>); 2], IndexError> {
        self.pairs.sort_unstable();
        self.pairs.dedup();
        let mut lists = Vec::new();
        let mut names = fst::MapBuilder::memory();
        for group in self.pairs.chunk_by(|a, b| a.0 == b.0) {
            names.insert(&group[0].0, value(group, &mut lists)?)?;
        }
        Ok([(Section::Names, names.into_inner()?), (Section::Targets, lists)])
    }
}

/// The value of a name: its only target, or the position of its list.
fn value(group: &[(String, u32)], lists: &mut Vec<u8>) -> Result<u64, IndexError> {
    let main: Vec<u32> = group.iter().map(|pair| pair.1).filter(|word| word >> NUMBER_BITS == 0).collect();
    // A place's usual name may also be listed among its other names.
    let words: Vec<u32> = group
        .iter()
        .map(|pair| pair.1)
        .filter(|word| word >> NUMBER_BITS != 1 || !main.contains(&(word & NUMBER)))
        .collect();
    if let [word] = words[..] {
        return Ok(INLINE | u64::from(word));
    }
    let too_large = |_| IndexError::Format("more than 4 GiB of names");
    let at = u32::try_from(lists.len()).map_err(too_large)?;
    lists.extend_from_slice(&u32::try_from(words.len()).map_err(too_large)?.to_le_bytes());
    words.iter().for_each(|word| lists.extend_from_slice(&word.to_le_bytes()));
    Ok(u64::from(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_its_targets_back() {
        let mut writer = NamesWriter::default();
        writer.add("salamanca".into(), Target::Region(4));
        writer.add("salamanca".into(), Target::OtherName(7));
        writer.add("salamanca".into(), Target::Place(7));
        writer.add("salamanca".into(), Target::Place(3));
        writer.add("koln".into(), Target::Place(1));
        writer.add(String::new(), Target::Place(2));
        let [(_, names), (_, lists)] = writer.finish().unwrap();
        let names = fst::Map::new(names).unwrap();
        let find = |name: &str| Targets::new(names.get(name).unwrap(), &lists).collect::<Vec<_>>();
        assert_eq!(find("salamanca"), [Target::Place(3), Target::Place(7), Target::Region(4)]);
        assert_eq!(find("koln"), [Target::Place(1)]);
        assert_eq!(names.len(), 2);
    }
}
