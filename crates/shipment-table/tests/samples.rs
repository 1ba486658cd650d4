//! The sample files are those that the generator writes.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail loudly, as tests do")]

#[path = "../examples/samples/files.rs"]
mod files;
#[path = "../examples/samples/lanes.rs"]
mod lanes;
#[path = "../examples/samples/mistakes.rs"]
mod mistakes;
#[path = "../examples/samples/places.rs"]
mod places;
#[path = "../examples/samples/random.rs"]
mod random;
#[path = "../examples/samples/shipments.rs"]
mod shipments;

#[test]
fn the_samples_come_out_byte_for_byte() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/");
    for (name, bytes) in files::all() {
        assert!(
            std::fs::read(format!("{folder}{name}")).unwrap() == bytes,
            "{name} is not what is committed"
        );
    }
}
