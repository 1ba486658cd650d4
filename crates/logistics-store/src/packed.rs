//! Texts that are kept together and mostly never read again.

use crate::records::{RecordError, impossible};

/// What stands between two texts. JSON has none in it.
const BETWEEN: char = '\0';

/// What a Zstandard frame begins with. No text does: it is not UTF-8.
const FRAME: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The fastest. Records of one call are much alike, so it packs them well.
const LEVEL: i32 = 1;

/// Packs texts.
pub fn pack<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut joined = String::new();
    for (index, text) in texts.enumerate() {
        if index > 0 {
            joined.push(BETWEEN);
        }
        joined.push_str(text);
    }
    // It fails only where there is no memory for it; then they are kept as they are.
    zstd::bulk::compress(joined.as_bytes(), LEVEL).unwrap_or_else(|_| joined.into_bytes())
}

/// The texts that were packed, of which there was one at least.
pub fn unpack(packed: &[u8]) -> Result<Vec<String>, RecordError> {
    let joined = if packed.starts_with(&FRAME) {
        zstd::decode_all(packed).map_err(|error| impossible("uploads", error))?
    } else {
        packed.to_vec()
    };
    let joined = String::from_utf8(joined).map_err(|error| impossible("uploads", error))?;
    Ok(joined.split(BETWEEN).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_back(texts in prop::collection::vec("[^\0]{0,40}", 1..40)) {
            let packed = pack(texts.iter().map(String::as_str));
            prop_assert!(packed.starts_with(&FRAME));
            prop_assert_eq!(&unpack(&packed).unwrap(), &texts);
            prop_assert_eq!(unpack(texts.join("\0").as_bytes()).unwrap(), texts);
        }
    }

    #[test]
    fn what_was_never_packed_is_refused() {
        assert!(unpack(&[0xff]).is_err());
        assert!(unpack(&[FRAME.as_slice(), b"no frame"].concat()).is_err());
    }
}
