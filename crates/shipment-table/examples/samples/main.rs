//! Writes the sample files of `examples/`: `cargo run -p shipment-table --example samples -- examples`.
//!
//! Every shipment, client and number plate is invented; places are real. The same bytes come out wherever it is run.

#![allow(clippy::unwrap_used, reason = "a program that only its own data can stop")]

mod files;
mod lanes;
mod mistakes;
mod places;
mod random;
mod shipments;

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "examples".to_owned());
    for (name, bytes) in files::all() {
        std::fs::write(std::path::Path::new(&folder).join(name), bytes).unwrap();
    }
}
