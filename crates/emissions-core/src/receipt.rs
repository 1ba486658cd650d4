//! The receipt: a calculation written out, step by step, each with its formula, inputs and source.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    AdjustmentRow, CalculationError, Citation, DefaultLoadRow, ElectricityRow, Emissions, Estimates, Facts,
    FuelRow, HubRow, HubStay, Intensity, IntensityRow, Leg, LegEmissions, LoadUnit, LoadUnitRow, Toc,
};

/// A number with its name and unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// What it is.
    pub name: Cow<'static, str>,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: Cow<'static, str>,
}

/// One step of a calculation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What the step finds.
    pub name: Cow<'static, str>,
    /// The formula, over the names of the inputs.
    pub formula: Cow<'static, str>,
    /// What goes in.
    pub inputs: Vec<Quantity>,
    /// What comes out.
    pub result: Quantity,
    /// Where the factor in the step stands, if there is one.
    pub source: Option<String>,
    /// The clause that the step follows.
    pub clause: Cow<'static, str>,
}

/// A leg's calculation, written out, with all that is needed to compute it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The version of `emissions-core` that wrote it.
    pub engine: String,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// What the transport emits.
    pub transport: Emissions,
    /// What the hub emits for the load.
    pub hub: Emissions,
    /// What cleaning emits.
    pub cleaning: Emissions,
    /// All of it.
    pub total: Emissions,
    /// What was estimated.
    pub estimated: Estimates,
    /// The question.
    pub leg: Leg,
    /// The rows used.
    pub facts: OwnedFacts,
}

/// Why a receipt does not hold.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReceiptError {
    /// The leg has no result with the rows named.
    #[error(transparent)]
    Calculation(#[from] CalculationError),
    /// Computed again, something else came out.
    #[error("the receipt's {what} is not what its inputs give")]
    Differs {
        /// The first part that differs.
        what: String,
    },
}

macro_rules! owned_facts {
    ($($field:ident: $row:ty),* ; $($optional:ident: $optional_row:ty),*) => {
        /// [`Facts`] that hold their rows: for storage and for receipts.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "the fields are those of `Facts`, documented there")]
        pub struct OwnedFacts {
            $(pub $field: $row,)*
            $(pub $optional: Option<$optional_row>,)*
            pub estimated: Estimates,
        }

        impl OwnedFacts {
            /// The facts, borrowed, to calculate with.
            #[must_use]
            pub fn facts(&self) -> Facts<'_> {
                Facts {
                    $($field: &self.$field,)*
                    $($optional: self.$optional.as_ref(),)*
                    estimated: self.estimated,
                }
            }
        }

        impl From<Facts<'_>> for OwnedFacts {
            fn from(facts: Facts<'_>) -> Self {
                Self {
                    $($field: facts.$field.clone(),)*
                    $($optional: facts.$optional.cloned(),)*
                    estimated: facts.estimated,
                }
            }
        }
    };
}

owned_facts!(
    toc: Toc, intensity: IntensityRow;
    grid: ElectricityRow, fuel: FuelRow, load_unit: LoadUnitRow, default_load: DefaultLoadRow, teu: LoadUnitRow,
    distance: AdjustmentRow, temperature: AdjustmentRow, cleaning: AdjustmentRow, hub: HubRow
);

impl Receipt {
    /// Writes out a calculation.
    #[must_use]
    pub fn of(leg: &Leg, emissions: &LegEmissions<'_>) -> Self {
        Self {
            engine: concat!("emissions-core ", env!("CARGO_PKG_VERSION")).to_owned(),
            steps: steps(leg, emissions),
            transport: emissions.transport,
            hub: emissions.hub,
            cleaning: emissions.cleaning,
            total: emissions.total(),
            estimated: emissions.estimated,
            leg: *leg,
            facts: emissions.facts.into(),
        }
    }

    /// Computes the leg again from the receipt's own inputs and compares every number, bit for bit.
    ///
    /// # Errors
    /// [`ReceiptError`] if it cannot be computed or differs.
    pub fn verify(&self) -> Result<(), ReceiptError> {
        let facts = self.facts.facts();
        let again = Self::of(&self.leg, &facts.calculate(&self.leg)?);
        let parts = [
            ("transport", again.transport == self.transport),
            ("hub", again.hub == self.hub),
            ("cleaning", again.cleaning == self.cleaning),
            ("total", again.total == self.total),
            ("list of estimates", again.estimated == self.estimated),
        ];
        let differs = parts.iter().find(|(_, same)| !same).map(|(what, _)| (*what).to_owned());
        let step = || {
            let pairs = self.steps.iter().zip(&again.steps);
            let wrong = pairs.into_iter().find(|(written, computed)| written != computed);
            wrong.map(|(written, _)| format!("step `{}`", written.name))
        };
        let count = || (self.steps.len() != again.steps.len()).then(|| "number of steps".to_owned());
        match differs.or_else(step).or_else(count) {
            Some(what) => Err(ReceiptError::Differs { what }),
            None => Ok(()),
        }
    }
}

fn quantity(name: &'static str, value: f64, unit: &'static str) -> Quantity {
    Quantity { name: name.into(), value, unit: unit.into() }
}

fn step(
    name: &'static str,
    formula: &'static str,
    inputs: Vec<Quantity>,
    result: Quantity,
    citation: Option<&Citation>,
    clause: &'static str,
) -> Step {
    let source = citation.map(cite);
    Step { name: name.into(), formula: formula.into(), inputs, result, source, clause: clause.into() }
}

/// A citation as one line.
fn cite(citation: &Citation) -> String {
    let source = &citation.source;
    format!(
        "{} {}, {} (pack {} {}, row {}, {})",
        source.title,
        source.edition,
        citation.reference,
        source.pack.id,
        source.pack.version,
        citation.row,
        source.licence
    )
}

fn steps(leg: &Leg, emissions: &LegEmissions<'_>) -> Vec<Step> {
    let mut steps = Vec::with_capacity(8);
    steps.extend(mass_step(leg, emissions));
    steps.extend(distance_step(leg, emissions));
    steps.extend(activity_step(leg, emissions));
    intensity_steps(emissions, &mut steps);
    transport_steps(emissions, &mut steps);
    steps.extend(hub_step(leg, emissions));
    steps.extend(cleaning_step(leg, emissions));
    let (transport, hub, cleaning) = (emissions.transport, emissions.hub, emissions.cleaning);
    steps.push(step(
        "total",
        "transport + hub + cleaning",
        vec![
            quantity("transport", transport.wtw.get(), "kg CO2e"),
            quantity("hub", hub.wtw.get(), "kg CO2e"),
            quantity("cleaning", cleaning.wtw.get(), "kg CO2e"),
        ],
        quantity("emissions", emissions.total().wtw.get(), "kg CO2e"),
        None,
        "ISO 14083:2023, clause 12",
    ));
    steps
}

fn mass_step(leg: &Leg, emissions: &LegEmissions<'_>) -> Option<Step> {
    let mass = quantity("mass", emissions.mass?.get(), "t");
    let factor = quantity("load factor", leg.load_factor.get(), "1");
    let clause = "GLEC v3.0 module 4: actual mass";
    let Some(load) = leg.load else {
        let row = emissions.facts.default_load?;
        let inputs = vec![quantity("average load", row.tonnes, "t"), factor];
        return Some(step("mass", "average load x load factor", inputs, mass, Some(&row.citation), clause));
    };
    let amount = quantity("load", load.amount(), load.unit().as_str());
    Some(match (load.unit(), emissions.facts.load_unit) {
        (LoadUnit::Kg, _) | (_, None) => {
            let formula =
                if load.unit() == LoadUnit::Kg { "load / 1000 x load factor" } else { "load x load factor" };
            step("mass", formula, vec![amount, factor], mass, None, clause)
        }
        (LoadUnit::Ton, _) => step("mass", "load x load factor", vec![amount, factor], mass, None, clause),
        (_, Some(row)) => {
            let inputs = vec![amount, quantity("tonnes per unit", row.tonnes, "t"), factor];
            let formula = "load x tonnes per unit x load factor";
            step("mass", formula, inputs, mass, Some(&row.citation), clause)
        }
    })
}

fn distance_step(leg: &Leg, emissions: &LegEmissions<'_>) -> Option<Step> {
    let (distance, adjusted) = (leg.distance?, emissions.adjusted_km?);
    let km = distance.km.get();
    if adjusted == km {
        return None;
    }
    let result = quantity("adjusted distance", adjusted, "km");
    let given = quantity("distance", km, "km");
    let clause = "ISO 14083:2023, clause 6; GLEC v3.0 p. 115-117, 143: distance adjustment";
    Some(match emissions.facts.distance {
        Some(row) if adjusted == km * row.value => {
            let inputs = vec![given, quantity("distance adjustment factor", row.value, "1")];
            let formula = "distance x distance adjustment factor";
            step("distance adjustment", formula, inputs, result, Some(&row.citation), clause)
        }
        _ => {
            let formula = if adjusted > km { "distance + detour" } else { "distance - detour" };
            let inputs = vec![given, quantity("detour", crate::AIR_DETOUR.get(), "km")];
            step("distance adjustment", formula, inputs, result, None, clause)
        }
    })
}

fn activity_step(leg: &Leg, emissions: &LegEmissions<'_>) -> Option<Step> {
    let activity = quantity("transport activity", emissions.adjusted_activity.get(), "tkm");
    let clause = "ISO 14083:2023, clause 6";
    if let Some(given) = leg.activity {
        let inputs = vec![quantity("tkm", given.get(), "tkm")];
        return Some(step("transport activity", "tkm", inputs, activity, None, clause));
    }
    let inputs = vec![
        quantity("mass", emissions.mass?.get(), "t"),
        quantity("distance", emissions.adjusted_km?, "km"),
    ];
    Some(step("transport activity", "mass x distance", inputs, activity, None, clause))
}

fn intensity_steps(emissions: &LegEmissions<'_>, steps: &mut Vec<Step>) {
    let facts = &emissions.facts;
    let row = facts.intensity;
    let unit = "kg CO2e/tkm";
    let uplift = facts.temperature.map_or(1.0, |row| row.value);
    let before = emissions.intensity.wtw.get() / uplift;
    let clause = "GLEC v3.0 section 3, module 2: default intensities";
    let found = match (row.intensity, facts.grid, facts.teu) {
        (Intensity::Electric(kwh), Some(grid), _) => step(
            "emission intensity",
            "energy x grid factor",
            vec![quantity("energy", kwh, "kWh/tkm"), quantity("grid factor", grid.total, "kg CO2e/kWh")],
            quantity("emission intensity", kwh * grid.total, unit),
            Some(&grid.citation),
            "ISO 14083:2023, annex J: electricity counts as energy provision",
        ),
        (Intensity::PerTeuKm(split), _, Some(teu)) => step(
            "emission intensity",
            "intensity per TEU-km / tonnes per TEU",
            vec![
                quantity("intensity per TEU-km", split.wtw, "kg CO2e/TEU-km"),
                quantity("tonnes per TEU", teu.tonnes, "t"),
            ],
            quantity("emission intensity", split.wtw / teu.tonnes, unit),
            Some(&row.citation),
            clause,
        ),
        (Intensity::PerTonneKm(split), ..) | (Intensity::PerTeuKm(split), ..) => step(
            "emission intensity",
            "published",
            Vec::new(),
            quantity("emission intensity", split.wtw, unit),
            Some(&row.citation),
            clause,
        ),
        (Intensity::Electric(kwh), ..) => step(
            "energy intensity",
            "published",
            Vec::new(),
            quantity("energy", kwh, "kWh/tkm"),
            Some(&row.citation),
            clause,
        ),
    };
    if let (Intensity::Electric(kwh), Some(_)) = (row.intensity, facts.grid) {
        let energy = quantity("energy", kwh, "kWh/tkm");
        let formula = if row.derived.is_empty() { "published" } else { "derived" };
        steps.push(step("energy intensity", formula, Vec::new(), energy, Some(&row.citation), clause));
    }
    steps.push(found);
    if let Some(row) = facts.temperature {
        steps.push(step(
            "temperature control",
            "emission intensity x uplift",
            vec![quantity("emission intensity", before, unit), quantity("uplift", row.value, "1")],
            quantity("emission intensity", emissions.intensity.wtw.get(), unit),
            Some(&row.citation),
            "GLEC v3.0 p. 94",
        ));
    }
}

fn transport_steps(emissions: &LegEmissions<'_>, steps: &mut Vec<Step>) {
    let clause = "ISO 14083:2023, clause 12";
    let activity = || quantity("transport activity", emissions.adjusted_activity.get(), "tkm");
    let (intensity, transport) = (emissions.intensity, emissions.transport);
    steps.push(step(
        "transport emissions",
        "transport activity x emission intensity",
        vec![activity(), quantity("emission intensity", intensity.wtw.get(), "kg CO2e/tkm")],
        quantity("WTW", transport.wtw.get(), "kg CO2e"),
        None,
        clause,
    ));
    if transport.wtt.get() + transport.ttw.get() == 0.0 {
        return;
    }
    steps.push(step(
        "energy provision",
        "transport activity x WTT intensity",
        vec![activity(), quantity("WTT intensity", intensity.wtt.get(), "kg CO2e/tkm")],
        quantity("WTT", transport.wtt.get(), "kg CO2e"),
        emissions.facts.fuel.map(|row| &row.citation),
        clause,
    ));
    steps.push(step(
        "vehicle operation",
        "WTW - WTT",
        vec![
            quantity("WTW", transport.wtw.get(), "kg CO2e"),
            quantity("WTT", transport.wtt.get(), "kg CO2e"),
        ],
        quantity("TTW", transport.ttw.get(), "kg CO2e"),
        None,
        clause,
    ));
}

fn hub_step(leg: &Leg, emissions: &LegEmissions<'_>) -> Option<Step> {
    let result = quantity("hub emissions", emissions.hub.wtw.get(), "kg CO2e");
    let clause = "ISO 14083:2023, clause 10; GLEC v3.0 p. 87: hub operations";
    match (leg.hub?, emissions.facts.hub) {
        (HubStay::Owned(share), _) => {
            let inputs = vec![quantity("share of the hub's emissions", share.get(), "kg CO2e")];
            Some(step("hub", "share of the hub's emissions", inputs, result, None, clause))
        }
        (HubStay::Subcontracted(_), Some(row)) => {
            let handled = if row.wtw > 0.0 { emissions.hub.wtw.get() / row.wtw } else { 0.0 };
            let (unit, per) = match row.unit {
                crate::HubUnit::Tonne => ("t", "kg CO2e/t"),
                crate::HubUnit::Container => ("containers", "kg CO2e/container"),
            };
            let inputs = vec![quantity("handled", handled, unit), quantity("hub intensity", row.wtw, per)];
            Some(step("hub", "handled x hub intensity", inputs, result, Some(&row.citation), clause))
        }
        (HubStay::Subcontracted(_), None) => None,
    }
}

fn cleaning_step(leg: &Leg, emissions: &LegEmissions<'_>) -> Option<Step> {
    let row = emissions.facts.cleaning?;
    let inputs = vec![
        quantity("cleanings", f64::from(leg.cleanings), "1"),
        quantity("emissions per cleaning", row.value, "kg CO2e"),
    ];
    let result = quantity("cleaning", emissions.cleaning.wtw.get(), "kg CO2e");
    let clause = "GLEC v3.0 module 5, p. 132: cleaning of tanks";
    Some(step("cleaning", "cleanings x emissions per cleaning", inputs, result, Some(&row.citation), clause))
}
