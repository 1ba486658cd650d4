//! How fast batches are saved and pages read.
fn main() {}
