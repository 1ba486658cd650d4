//! What one leg emits, and why: `cargo run -p emissions-core --example one_leg`.

use emissions_core::{
    CountryCode, DistanceBasis, Factors, HubCategory, HubStay, Kilometres, Leg, LegDistance, Load, LoadUnit,
    Receipt,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let factors = Factors::open();
    let truck = factors.toc("rigid_truck_diesel").ok_or("the open pack has rigid trucks")?;

    // Twelve pallets from a depot in Spain, over the shortest road of 412 km.
    let distance = LegDistance { km: Kilometres::new(412.0)?, basis: DistanceBasis::ShortestFeasible };
    let leg = Leg {
        country: Some(CountryCode::parse("ES")?),
        hub: Some(HubStay::Subcontracted(HubCategory::TransshipmentAmbient)),
        ..Leg::new(2025, Load::new(12.0, LoadUnit::Pallets)?, distance)
    };

    let emissions = factors.calculate(truck, &leg)?;
    let receipt = Receipt::of(&leg, &emissions);
    receipt.verify_against(&factors)?;
    println!("{receipt}");
    Ok(())
}
