//! Builds the embedded indexes from the tables in `data/`.

fn main() {
    println!("cargo::rerun-if-changed=data");
}
