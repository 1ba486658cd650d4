//! Dividing the emissions of a shared trip.

use crate::{KgCo2e, TonneKilometres};

/// Divides emissions among shipments by their transport activity (ISO 14083:2023 by way of GLEC v3.0 module 4;
/// the CLECAT guide to ISO 14083, p. 33-34).
///
/// The shares add up to the total exactly: their sum as [`KgCo2e`] sums is bit for bit the total. Where no shipment has
/// any activity, the shares are equal.
///
/// # Units
/// `total` in kg CO2e; `activities` in tonne-kilometres, one for each shipment.
///
/// ```
/// use emissions_core::{KgCo2e, TonneKilometres, allocate};
/// let tkm = |value| TonneKilometres::new(value).unwrap();
/// let shares = allocate(KgCo2e::new(100.0).unwrap(), &[tkm(1.0), tkm(1.0), tkm(2.0)]);
/// assert_eq!(shares.iter().map(|share| share.get()).collect::<Vec<_>>(), [25.0, 25.0, 50.0]);
/// ```
#[must_use]
pub fn allocate(total: KgCo2e, activities: &[TonneKilometres]) -> Vec<KgCo2e> {
    let all: f64 = activities.iter().map(|activity| activity.get()).sum();
    let count = activities.len() as f64;
    let share = |activity: &TonneKilometres| {
        let part = if all > 0.0 { activity.get() / all } else { 1.0 / count };
        KgCo2e::computed(total.get() * part)
    };
    let mut shares: Vec<KgCo2e> = activities.iter().map(share).collect();
    settle(total, &mut shares);
    shares
}

/// Gives what rounding lost to the largest share; what that cannot take for its size, to the next.
fn settle(total: KgCo2e, shares: &mut [KgCo2e]) {
    let is_settled = |shares: &[KgCo2e]| shares.iter().copied().sum::<KgCo2e>() == total;
    if is_settled(shares) {
        return;
    }
    let mut by_size: Vec<usize> = (0..shares.len()).collect();
    by_size.sort_by(|a, b| shares[*b].get().total_cmp(&shares[*a].get()));
    for at in by_size {
        let settled = shares[at].get() + lost(total, shares);
        if settled >= 0.0 {
            shares[at] = KgCo2e::computed(settled);
        }
        if is_settled(shares) {
            return;
        }
    }
}

/// total - shares, with the rounding of every subtraction caught (Neumaier).
fn lost(total: KgCo2e, shares: &[KgCo2e]) -> f64 {
    let (mut rest, mut caught) = (total.get(), 0.0);
    for share in shares.iter().map(|share| share.get()) {
        let next = rest - share;
        caught += if rest.abs() >= share { (rest - next) - share } else { rest - (next + share) };
        rest = next;
    }
    rest + caught
}
