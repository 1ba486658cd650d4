//! The steps of a calculation, from the leg, the rows and the result.

use std::borrow::Cow;

use super::{Quantity, Step};
use crate::facts::{DistanceAdjustment, Provision, containers, laden_share};
use crate::{
    AIR_DETOUR, AdjustmentRow, Citation, FuelUnit, HubRow, HubStay, HubUnit, Intensity, KgCo2e, Leg,
    LegEmissions, LoadUnit, Tonnes,
};

const KG: &str = "kg CO2e";
const PER_TKM: &str = "kg CO2e/tkm";

const MASS: &str = "GLEC v3.0 module 4: actual mass";
const ACTIVITY: &str = "ISO 14083:2023, clause 6";
const DISTANCE: &str = "ISO 14083:2023, clause 6; GLEC v3.0 p. 115-117, 143: distance adjustment";
const INTENSITY: &str = "GLEC v3.0 section 3, module 2: default intensities";
const ELECTRICITY: &str = "ISO 14083:2023, annex J: electricity counts as energy provision";
const PROVISION: &str = "ISO 14083:2023, clause 8: energy provision and vehicle operation apart";
const EMPTY_RUNNING: &str =
    "ours: kilometres that contain the empty ones meet an intensity per laden kilometre";
const TEMPERATURE: &str = "GLEC v3.0 p. 94";
const EMISSIONS: &str = "ISO 14083:2023, clause 12";
const HUB: &str = "ISO 14083:2023, clause 9; GLEC v3.0 p. 87: hub operations";
const CLEANING: &str = "GLEC v3.0 module 5, p. 132: cleaning of tanks";

/// Every step, each using only what the leg, the rows or an earlier step say.
pub(super) fn steps(leg: &Leg, emissions: &LegEmissions<'_>) -> Vec<Step> {
    let mut steps = Vec::with_capacity(12);
    steps.extend(mass(leg, emissions));
    steps.extend(distance(leg, emissions));
    steps.extend(activity(leg, emissions));
    intensities(leg, emissions, &mut steps);
    transport(emissions, &mut steps);
    steps.extend(hub(leg, emissions));
    steps.extend(cleaning(leg, emissions));
    steps.push(total(emissions));
    steps
}

fn quantity(name: &'static str, value: f64, unit: &'static str) -> Quantity {
    Quantity { name: name.into(), value, unit: unit.into() }
}

/// A step before it is known where its factor stands.
fn step(
    name: &'static str,
    formula: impl Into<Cow<'static, str>>,
    inputs: Vec<Quantity>,
    result: Quantity,
    clause: &'static str,
) -> Step {
    Step { name: name.into(), formula: formula.into(), inputs, result, source: None, clause: clause.into() }
}

impl Step {
    fn from(self, citation: &Citation) -> Self {
        Self { source: Some(cite(citation)), ..self }
    }
}

/// A citation as one line.
fn cite(citation: &Citation) -> String {
    let Citation { row, source, reference, .. } = citation;
    let pack = &source.pack;
    let title = format!("{} {}", source.title, source.edition);
    let pack = format!("{} {}", pack.id, pack.version);
    let (title, pack) = (title.trim_end(), pack.trim_end());
    format!("{title}, {reference} (pack {pack}, row {row}, {})", source.licence)
}

fn mass(leg: &Leg, emissions: &LegEmissions<'_>) -> Option<Step> {
    if !emissions.facts.needs_mass(leg) {
        return None;
    }
    let result = quantity("mass", emissions.mass?.get(), "t");
    let factor = quantity("load factor", leg.load_factor.get(), "1");
    let Some(load) = leg.load else {
        let row = emissions.facts.default_load?;
        let inputs = vec![quantity("average load", row.tonnes, "t"), factor];
        return Some(step("mass", "average load x load factor", inputs, result, MASS).from(&row.citation));
    };
    let amount = quantity("load", load.amount(), load.unit().as_str());
    Some(match (load.unit(), emissions.facts.load_unit) {
        (LoadUnit::Kg, _) => step("mass", "load / 1000 x load factor", vec![amount, factor], result, MASS),
        (LoadUnit::Ton, _) => step("mass", "load x load factor", vec![amount, factor], result, MASS),
        (_, row) => {
            let row = row?;
            let inputs = vec![amount, quantity("tonnes per unit", row.tonnes, "t"), factor];
            let formula = "load x tonnes per unit x load factor";
            step("mass", formula, inputs, result, MASS).from(&row.citation)
        }
    })
}

fn distance(leg: &Leg, emissions: &LegEmissions<'_>) -> Option<Step> {
    let (distance, adjusted) = (leg.distance?, emissions.adjusted_km?);
    let result = quantity("adjusted distance", adjusted, "km");
    let given = quantity("distance", distance.km.get(), "km");
    let detour = quantity("detour", AIR_DETOUR.get(), "km");
    let adjustment =
        |formula, factor, result| step("distance adjustment", formula, vec![given, factor], result, DISTANCE);
    match emissions.facts.distance_adjustment(distance) {
        DistanceAdjustment::None => None,
        DistanceAdjustment::Factor(row) => {
            let factor = quantity("distance adjustment factor", row.value, "1");
            let formula = "distance x distance adjustment factor";
            Some(adjustment(formula, factor, result).from(&row.citation))
        }
        DistanceAdjustment::AddDetour => Some(adjustment("distance + detour", detour, result)),
        DistanceAdjustment::TakeDetour => Some(adjustment("max(distance - detour, 0)", detour, result)),
    }
}

fn activity(leg: &Leg, emissions: &LegEmissions<'_>) -> Option<Step> {
    let result = quantity("transport activity", emissions.adjusted_activity.get(), "tkm");
    if let Some(given) = leg.activity {
        let inputs = vec![quantity("tkm", given.get(), "tkm")];
        return Some(step("transport activity", "tkm", inputs, result, ACTIVITY));
    }
    let mass = quantity("mass", emissions.mass?.get(), "t");
    let adjusted = emissions.facts.distance_adjustment(leg.distance?) != DistanceAdjustment::None;
    let km = emissions.adjusted_km?;
    let (formula, distance) = if adjusted {
        ("mass x adjusted distance", quantity("adjusted distance", km, "km"))
    } else {
        ("mass x distance", quantity("distance", km, "km"))
    };
    Some(step("transport activity", formula, vec![mass, distance], result, ACTIVITY))
}

fn intensities(leg: &Leg, emissions: &LegEmissions<'_>, steps: &mut Vec<Step>) {
    let facts = &emissions.facts;
    let Ok(ambient) = facts.base_intensity(leg) else { return };
    let row = facts.intensity;
    let as_printed = if row.derived.is_empty() { "published" } else { "derived" };
    let result = quantity("emission intensity", ambient.wtw, PER_TKM);
    match (row.intensity, facts.grid, facts.teu) {
        (Intensity::Electric(kwh), Some(grid), _) => {
            let energy = || quantity("energy intensity", kwh, "kWh/tkm");
            steps.push(
                step("energy intensity", as_printed, Vec::new(), energy(), INTENSITY).from(&row.citation),
            );
            let inputs = vec![energy(), quantity("grid factor", grid.total, "kg CO2e/kWh")];
            let formula = "energy intensity x grid factor";
            steps.push(step("emission intensity", formula, inputs, result, ELECTRICITY).from(&grid.citation));
        }
        (Intensity::PerTeuKm(split), _, Some(teu)) => {
            let per_teu = || quantity("intensity per TEU-km", split.wtw, "kg CO2e/TEU-km");
            steps.push(
                step("intensity per TEU-km", as_printed, Vec::new(), per_teu(), INTENSITY)
                    .from(&row.citation),
            );
            let inputs = vec![per_teu(), quantity("tonnes per TEU", teu.tonnes, "t")];
            let formula = "intensity per TEU-km / tonnes per TEU";
            steps.push(step("emission intensity", formula, inputs, result, INTENSITY).from(&teu.citation));
        }
        _ => steps
            .push(step("emission intensity", as_printed, Vec::new(), result, INTENSITY).from(&row.citation)),
    }
    if let Some(wtt) = ambient.wtt {
        steps.push(provision(emissions, ambient.wtw, wtt));
    }
    let mut ambient = ambient;
    if let Some(percent) = facts.empty_running_out(leg) {
        let laden = ambient.times(laden_share(percent));
        steps.push(
            without_empty_running("emission intensity", ambient.wtw, percent, laden.wtw).from(&row.citation),
        );
        let wtt = ambient.wtt.zip(laden.wtt);
        let step = |(before, after)| without_empty_running("WTT intensity", before, percent, after);
        steps.extend(wtt.map(|wtt| step(wtt).from(&row.citation)));
        ambient = laden;
    }
    if let Some(uplift) = facts.temperature {
        let (wtw, wtt) = (emissions.intensity.wtw.get(), emissions.intensity.wtt.get());
        steps.push(uplifted("emission intensity", ambient.wtw, uplift, wtw));
        steps.extend(ambient.wtt.map(|before| uplifted("WTT intensity", before, uplift, wtt)));
    }
}

/// The part of energy provision in the intensity.
fn provision(emissions: &LegEmissions<'_>, wtw: f64, wtt: f64) -> Step {
    let facts = &emissions.facts;
    let result = quantity("WTT intensity", wtt, PER_TKM);
    let whole = quantity("emission intensity", wtw, PER_TKM);
    let written = |(formula, inputs)| step("WTT intensity", formula, inputs, result, PROVISION);
    match facts.provision() {
        Provision::Published(_) => {
            let derived = !facts.intensity.derived.is_empty();
            written((if derived { "derived" } else { "published" }, Vec::new()))
                .from(&facts.intensity.citation)
        }
        Provision::Printed { wtt, ttw } => {
            let per_teu = matches!(facts.intensity.intensity, Intensity::PerTeuKm(_));
            let unit = if per_teu { "kg CO2e/TEU-km" } else { PER_TKM };
            let formula = "emission intensity x (published WTT / (published WTT + published TTW))";
            let parts = [quantity("published WTT", wtt, unit), quantity("published TTW", ttw, unit)];
            written((formula, [whole].into_iter().chain(parts).collect())).from(&facts.intensity.citation)
        }
        Provision::Fuel(fuel) => {
            let unit = per_fuel_unit(fuel.unit);
            let formula = "emission intensity x (fuel WTT / (fuel WTT + fuel TTW))";
            let parts = [quantity("fuel WTT", fuel.wtt, unit), quantity("fuel TTW", fuel.ttw, unit)];
            written((formula, [whole].into_iter().chain(parts).collect())).from(&fuel.citation)
        }
        Provision::Electricity | Provision::Unknown => {
            Step { clause: ELECTRICITY.into(), ..written(("emission intensity", vec![whole])) }
        }
    }
}

fn per_fuel_unit(unit: FuelUnit) -> &'static str {
    match unit {
        FuelUnit::L => "kg CO2e/l",
        FuelUnit::Kg => "kg CO2e/kg",
        FuelUnit::KWh => "kg CO2e/kWh",
        FuelUnit::Mj => "kg CO2e/MJ",
    }
}

fn without_empty_running(name: &'static str, before: f64, percent: f64, after: f64) -> Step {
    let inputs = vec![quantity(name, before, PER_TKM), quantity("empty running", percent, "%")];
    let formula = format!("{name} x ((100 - empty running) / 100)");
    step("empty running", formula, inputs, quantity(name, after, PER_TKM), EMPTY_RUNNING)
}

fn uplifted(name: &'static str, before: f64, uplift: &AdjustmentRow, after: f64) -> Step {
    let inputs = vec![quantity(name, before, PER_TKM), quantity("uplift", uplift.value, "1")];
    let result = quantity(name, after, PER_TKM);
    step("temperature control", format!("{name} x uplift"), inputs, result, TEMPERATURE)
        .from(&uplift.citation)
}

fn transport(emissions: &LegEmissions<'_>, steps: &mut Vec<Step>) {
    let activity = || quantity("transport activity", emissions.adjusted_activity.get(), "tkm");
    let (intensity, transport) = (emissions.intensity, emissions.transport);
    let result = |name, kg: KgCo2e| quantity(name, kg.get(), KG);
    steps.push(step(
        "transport emissions",
        "transport activity x emission intensity",
        vec![activity(), quantity("emission intensity", intensity.wtw.get(), PER_TKM)],
        result("WTW", transport.wtw),
        EMISSIONS,
    ));
    if emissions.facts.provision() == Provision::Unknown {
        return;
    }
    steps.push(step(
        "energy provision",
        "transport activity x WTT intensity",
        vec![activity(), quantity("WTT intensity", intensity.wtt.get(), PER_TKM)],
        result("WTT", transport.wtt),
        EMISSIONS,
    ));
    steps.push(step(
        "vehicle operation",
        "WTW - WTT",
        vec![result("WTW", transport.wtw), result("WTT", transport.wtt)],
        result("TTW", transport.ttw),
        EMISSIONS,
    ));
}

fn hub(leg: &Leg, emissions: &LegEmissions<'_>) -> Option<Step> {
    let result = quantity("hub emissions", emissions.hub.wtw.get(), KG);
    match (leg.hub?, emissions.facts.hub) {
        (HubStay::Owned(share), _) => {
            let inputs = vec![quantity("share of the hub's emissions", share.get(), KG)];
            Some(step("hub", "share of the hub's emissions", inputs, result, HUB))
        }
        (HubStay::Measured(intensity), _) => {
            let mass = quantity("mass", emissions.mass?.get(), "t");
            let inputs = vec![mass, quantity("own hub's intensity", intensity.get(), "kg CO2e/t")];
            Some(step("hub", "mass x own hub's intensity", inputs, result, HUB))
        }
        (HubStay::Subcontracted(_), Some(row)) => {
            let (formula, inputs) = handled(leg, emissions, row)?;
            Some(step("hub", formula, inputs, result, HUB).from(&row.citation))
        }
        (HubStay::Subcontracted(_), None) => None,
    }
}

/// How much a hub handles, and what it emits for each of it.
fn handled(leg: &Leg, emissions: &LegEmissions<'_>, row: &HubRow) -> Option<(&'static str, Vec<Quantity>)> {
    let mass = |mass: Tonnes| quantity("mass", mass.get(), "t");
    let intensity = |unit| quantity("hub intensity", row.wtw, unit);
    Some(match (row.unit, containers(leg)) {
        (HubUnit::Tonne, _) => ("mass x hub intensity", vec![mass(emissions.mass?), intensity("kg CO2e/t")]),
        (HubUnit::Container, Some(load)) => {
            let containers = quantity("containers", load.amount(), "1");
            let factor = quantity("load factor", leg.load_factor.get(), "1");
            (
                "containers x load factor x hub intensity",
                vec![containers, factor, intensity("kg CO2e/container")],
            )
        }
        (HubUnit::Container, None) => {
            let teu = quantity("tonnes per TEU", emissions.facts.tonnes_per_teu().ok()?, "t");
            let inputs = vec![mass(emissions.mass?), teu, intensity("kg CO2e/container")];
            ("mass / tonnes per TEU x hub intensity", inputs)
        }
    })
}

fn cleaning(leg: &Leg, emissions: &LegEmissions<'_>) -> Option<Step> {
    let row = emissions.facts.cleaning?;
    let inputs = vec![
        quantity("cleanings", f64::from(leg.cleanings), "1"),
        quantity("emissions per cleaning", row.value, KG),
    ];
    let result = quantity("cleaning", emissions.cleaning.wtw.get(), KG);
    let formula = "cleanings x emissions per cleaning";
    Some(step("cleaning", formula, inputs, result, CLEANING).from(&row.citation))
}

fn total(emissions: &LegEmissions<'_>) -> Step {
    let parts = [
        quantity("WTW", emissions.transport.wtw.get(), KG),
        quantity("hub emissions", emissions.hub.wtw.get(), KG),
        quantity("cleaning", emissions.cleaning.wtw.get(), KG),
    ];
    let result = quantity("emissions", emissions.total().wtw.get(), KG);
    step("total", "WTW + hub emissions + cleaning", parts.into(), result, EMISSIONS)
}
