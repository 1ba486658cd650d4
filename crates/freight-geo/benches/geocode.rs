//! How long the embedded geocoder takes.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use emissions_core::Mode;
use freight_geo::gazetteer::Gazetteer;
use freight_geo::geocoder::EmbeddedGeocoder;
use logistics_domain::geography::{Geocoder, PlaceQuery};

fn geocode(criterion: &mut Criterion) {
    let gazetteer = Gazetteer::embedded();
    let ask = |text| PlaceQuery { text, mode: Mode::Road, country_hint: None };
    let cases = [
        ("exact name", "Rotterdam"),
        ("name with many namesakes", "San José"),
        ("town and country", "Mannheim, Germany"),
        (
            "address line",
            "Polígono Industrial Can Parellada, Carrer Coure 14, 08228 Terrassa, Barcelona, Spain",
        ),
        ("address without commas", "3800 Old Getwell Rd Memphis TN 38118 USA"),
        ("address in Chinese", "广东省深圳市盐田区盐田港深盐路1289号"),
        ("fuzzy", "Barcelonna, Spain"),
        ("fuzzy, two letters", "Ludwigshaffenn am Rheinn"),
        ("nothing", "qwertyuiop asdfghjkl"),
    ];
    let mut group = criterion.benchmark_group("geocode");
    for (name, text) in cases {
        group.bench_function(name, |bencher| bencher.iter(|| gazetteer.geocode(black_box(&ask(text)))));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime without I/O can always be made");
    let cached = EmbeddedGeocoder::default();
    group.bench_function("cached", |bencher| {
        bencher.iter(|| runtime.block_on(cached.geocode(black_box(&[ask("Mannheim, Germany")]))));
    });
    group.finish();
}

criterion_group!(benches, geocode);
criterion_main!(benches);
