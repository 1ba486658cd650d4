//! Sets of positions, in segments of a fixed length, as lists are counted, combined and cut into pages.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::records::{RecordError, impossible};

/// How many positions a segment has.
pub const SEGMENT: i64 = 8192;

/// A segment's bits, as words.
const WORDS: usize = 128;

/// A segment's bits, as bytes.
const BYTES: usize = WORDS * 8;

/// A part of a set: the positions of one segment.
#[derive(Clone, PartialEq, Eq)]
pub struct Segment(Box<[u64; WORDS]>);

impl Segment {
    fn empty() -> Self {
        Self(Box::new([0; WORDS]))
    }

    /// Toggles these positions (exclusive or).
    pub fn turn_all(&mut self, others: &Self) {
        self.zip(others, |word, other| word ^ other);
    }

    fn zip(&mut self, others: &Self, combine: impl Fn(u64, u64) -> u64) {
        for (word, other) in self.0.iter_mut().zip(others.0.iter()) {
            *word = combine(*word, *other);
        }
    }

    fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Places within the segment, the last one first.
    fn descending(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().rev().flat_map(|(index, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.checked_ilog2()?;
                left ^= 1 << bit;
                Some(index * 64 + bit as usize)
            })
        })
    }

    /// The segment as it is stored, the lowest place first: a list of two-byte numbers if it has few places, else a bitmap.
    pub fn to_bytes(&self) -> Vec<u8> {
        let len = self.len();
        if len * 2 >= BYTES {
            return self.0.iter().flat_map(|word| word.to_le_bytes()).collect();
        }
        let mut places: Vec<usize> = self.descending().collect();
        places.reverse();
        places.into_iter().flat_map(|place| (place as u16).to_le_bytes()).collect()
    }

    /// The segment that was stored.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut segment = Self::empty();
        if bytes.len() == BYTES {
            for (word, bytes) in segment.0.iter_mut().zip(bytes.as_chunks().0) {
                *word = u64::from_le_bytes(*bytes);
            }
            return Ok(segment);
        }
        let (places, rest) = bytes.as_chunks();
        let wrong = || impossible("bitmaps.bits", format_args!("{} bytes", bytes.len()));
        for place in places {
            let place = usize::from(u16::from_le_bytes(*place));
            *segment.0.get_mut(place / 64).ok_or_else(wrong)? |= 1 << (place % 64);
        }
        if rest.is_empty() { Ok(segment) } else { Err(wrong()) }
    }
}

/// The number of a position's segment, and its place there.
fn place(position: i64) -> (i32, usize) {
    let number = i32::try_from(position.div_euclid(SEGMENT)).unwrap_or(i32::MAX);
    (number, position.rem_euclid(SEGMENT) as usize)
}

/// A set of positions.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Positions(BTreeMap<i32, Segment>);

impl Positions {
    /// Toggles a position: adds it, or removes it if it is there.
    pub fn turn(&mut self, position: i64) {
        let (number, place) = place(position);
        self.0.entry(number).or_insert_with(Segment::empty).0[place / 64] ^= 1 << (place % 64);
    }

    /// Toggles the positions of a segment (exclusive or).
    pub fn turn_segment(&mut self, number: i32, positions: Segment) {
        match self.0.entry(number) {
            Entry::Vacant(vacant) => drop(vacant.insert(positions)),
            Entry::Occupied(mut occupied) => occupied.get_mut().turn_all(&positions),
        }
    }

    /// Adds the positions of another set (union).
    pub fn join(&mut self, others: &Self) {
        others.0.iter().for_each(|(number, segment)| self.join_segment(*number, segment));
    }

    fn join_segment(&mut self, number: i32, positions: &Segment) {
        let segment = self.0.entry(number).or_insert_with(Segment::empty);
        segment.zip(positions, |word, other| word | other);
    }

    pub fn contains(&self, position: i64) -> bool {
        let (number, place) = place(position);
        self.0.get(&number).is_some_and(|segment| segment.0[place / 64] & (1 << (place % 64)) != 0)
    }

    /// Whether the set has any position from `first` to `last`, both included.
    pub fn has_any(&self, first: i64, last: i64) -> bool {
        let segments = self.0.range(place(first).0..=place(last).0);
        segments.into_iter().any(|(number, segment)| {
            let begin = i64::from(*number) * SEGMENT;
            segment.descending().any(|place| (first..=last).contains(&(begin + place as i64)))
        })
    }

    /// Keeps only the positions that another set has too (intersection).
    pub fn intersect(&mut self, others: &Self) {
        self.0.retain(|number, segment| match others.0.get(number) {
            Some(others) => {
                segment.zip(others, |word, other| word & other);
                !segment.is_empty()
            }
            None => false,
        });
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.0.values().map(|segment| segment.len() as u64).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.values().all(Segment::is_empty)
    }

    /// A page of positions, the highest first: skips `after` of them and takes at most `most`.
    pub fn descending(&self, after: u64, most: usize) -> Vec<i64> {
        let (mut after, mut found) = (after, Vec::new());
        for (number, segment) in self.0.iter().rev() {
            let len = segment.len() as u64;
            if len <= after {
                after -= len;
                continue;
            }
            let skipped = usize::try_from(after).unwrap_or(usize::MAX);
            let first = i64::from(*number) * SEGMENT;
            let places = segment.descending().skip(skipped).take(most - found.len());
            found.extend(places.map(|place| first + place as i64));
            after = 0;
            if found.len() == most {
                break;
            }
        }
        found
    }

    /// The lowest and the highest, if there are any.
    pub fn bounds(&self) -> Option<(i64, i64)> {
        let mut filled = self.0.iter().filter(|(_, segment)| !segment.is_empty());
        let position = |number: &i32, place: usize| i64::from(*number) * SEGMENT + place as i64;
        let (first, lowest) = filled.next()?;
        let (last, highest) = filled.next_back().unwrap_or((first, lowest));
        Some((position(first, lowest.descending().last()?), position(last, highest.descending().next()?)))
    }

    /// The numbers of the segments that have any.
    pub fn segments(&self) -> Vec<i32> {
        self.0.iter().filter(|(_, segment)| !segment.is_empty()).map(|(number, _)| *number).collect()
    }

    pub fn into_segments(self) -> impl Iterator<Item = (i32, Segment)> {
        self.0.into_iter().filter(|(_, segment)| !segment.is_empty())
    }
}

/// Builds a set of positions that mostly come in ascending order.
#[derive(Default)]
pub struct Ascending {
    done: Positions,
    segment: Option<(i32, Segment)>,
}

impl Ascending {
    /// Adds a position.
    #[inline]
    pub fn push(&mut self, position: i64) {
        let (number, place) = place(position);
        if self.segment.as_ref().is_none_or(|(of, _)| *of != number) {
            self.flush();
            self.segment = Some((number, Segment::empty()));
        }
        if let Some((_, segment)) = &mut self.segment {
            segment.0[place / 64] |= 1 << (place % 64);
        }
    }

    fn flush(&mut self) {
        if let Some((number, segment)) = self.segment.take() {
            self.done.join_segment(number, &segment);
        }
    }

    pub fn finish(mut self) -> Positions {
        self.flush();
        self.done
    }
}

impl FromIterator<i64> for Positions {
    fn from_iter<I: IntoIterator<Item = i64>>(positions: I) -> Self {
        let mut set = Ascending::default();
        positions.into_iter().for_each(|position| set.push(position));
        set.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::btree_set;
    use proptest::prelude::*;

    use super::*;

    fn some() -> impl Strategy<Value = BTreeSet<i64>> {
        prop_oneof![
            btree_set(0..3 * SEGMENT, 0..40),
            btree_set(0..SEGMENT, 500..530),
            (0..SEGMENT, 0..2 * SEGMENT).prop_map(|(first, many)| (first..first + many).collect()),
        ]
    }

    fn set(positions: &BTreeSet<i64>) -> Positions {
        positions.iter().copied().collect()
    }

    fn all(positions: &Positions) -> BTreeSet<i64> {
        positions.descending(0, usize::MAX).into_iter().collect()
    }

    proptest! {
        #[test]
        fn sets_are_sets(one in some(), other in some()) {
            let (a, b) = (set(&one), set(&other));
            prop_assert_eq!(&all(&a), &one);
            prop_assert!(one.iter().all(|position| a.contains(*position)));
            prop_assert!(other.difference(&one).all(|position| !a.contains(*position)));
            let (first, last) = (3, 7_000);
            prop_assert_eq!(a.has_any(first, last), one.range(first..=last).next().is_some());
            let mut joined = a.clone();
            joined.join(&b);
            prop_assert_eq!(all(&joined), &one | &other);
            prop_assert_eq!((a.len(), a.is_empty()), (one.len() as u64, one.is_empty()));
            prop_assert_eq!(a.bounds(), one.first().copied().zip(one.last().copied()));
            let mut both = a.clone();
            both.intersect(&b);
            prop_assert_eq!(all(&both), &one & &other);
            let mut turned = a;
            for (number, segment) in b.into_segments() {
                turned.turn_segment(number, segment);
            }
            prop_assert_eq!(all(&turned), &one ^ &other);
        }

        #[test]
        fn pages_are_cut_from_the_top(positions in some(), after in 0_usize..600, most in 0_usize..70) {
            let newest: Vec<i64> = positions.iter().rev().copied().skip(after).take(most).collect();
            prop_assert_eq!(set(&positions).descending(after as u64, most), newest);
        }

        #[test]
        fn what_is_stored_is_read(positions in some()) {
            for (_, segment) in set(&positions).into_segments() {
                let bytes = segment.to_bytes();
                prop_assert!(bytes.len() <= BYTES);
                prop_assert!(Segment::from_bytes(&bytes).unwrap() == segment);
            }
        }
    }

    #[test]
    fn what_is_no_segment_is_refused() {
        for bytes in [&[1][..], &[0, 0x20], &[0; BYTES + 1]] {
            assert!(Segment::from_bytes(bytes).is_err(), "{bytes:?}");
        }
    }
}
