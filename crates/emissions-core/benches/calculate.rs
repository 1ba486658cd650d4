//! One leg, with its rows at hand and by name, and the open pack from its text.
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use emissions_core::{
    CountryCode, DistanceBasis, FactorPack, Factors, HubCategory, HubStay, Kilometres, Leg, LegDistance,
    Load, LoadUnit, Receipt,
};

fn leg() -> Leg {
    let load = Load::new(12.5, LoadUnit::Pallets).unwrap();
    let distance =
        LegDistance { km: Kilometres::new(1380.0).unwrap(), basis: DistanceBasis::ShortestFeasible };
    Leg { country: CountryCode::parse("ES").ok(), ..Leg::new(2025, load, distance) }
}

fn calculate(c: &mut Criterion) {
    let factors = Factors::open();
    let hub = Some(HubStay::Subcontracted(HubCategory::TransshipmentAmbient));
    let rich = Leg { cleanings: 1, hub, ..leg() };
    for (name, toc, leg) in [
        ("truck", "artic_truck_diesel", leg()),
        ("electric", "van_electric", leg()),
        ("hub_cleaning", "tank_truck_diesel", rich),
    ] {
        let index = factors.toc(toc).unwrap();
        let facts = factors.facts(index, &leg).unwrap();
        let mut group = c.benchmark_group(name);
        group.bench_function("facts_at_hand", |b| b.iter(|| black_box(&facts).calculate(black_box(&leg))));
        group.bench_function("by_name", |b| {
            b.iter(|| factors.calculate(factors.toc(black_box(toc)).unwrap(), black_box(&leg)));
        });
        let emissions = facts.calculate(&leg).unwrap();
        group.bench_function("receipt", |b| b.iter(|| Receipt::of(black_box(&leg), &emissions)));
    }
}

fn load(c: &mut Criterion) {
    let tables = FactorPack::open_tables();
    c.bench_function("open_pack", |b| b.iter(|| FactorPack::from_tables(black_box(tables)).unwrap()));
}

criterion_group!(benches, calculate, load);
criterion_main!(benches);
