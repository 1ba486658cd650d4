//! The receipt: a calculation written out, step by step, each with its formula, inputs and source.

mod steps;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    AdjustmentRow, CalculationError, DefaultLoadRow, ElectricityRow, Emissions, Estimates, FactorPack,
    Factors, Facts, FuelRow, HubRow, IntensityRow, Leg, LegEmissions, LoadUnit, LoadUnitRow, Toc,
};

/// What writes receipts here.
const ENGINE: &str = concat!("emissions-core ", env!("CARGO_PKG_VERSION"));

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
    /// The formula over the names of the inputs, in numbers of IEEE 754 double precision, evaluated from left to right;
    /// `published` or `derived` where the source's figure is the result.
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
///
/// Displayed, it is a page for people; as JSON, a record that [`verify`](Self::verify) computes again.
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
    /// Computed or looked up again, something else came out.
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
            engine: ENGINE.to_owned(),
            steps: steps::steps(leg, emissions),
            transport: emissions.transport,
            hub: emissions.hub,
            cleaning: emissions.cleaning,
            total: emissions.total(),
            estimated: emissions.estimated,
            leg: *leg,
            facts: emissions.facts.into(),
        }
    }

    /// Computes the leg again from the receipt's own inputs and rows and compares every number, bit for bit.
    ///
    /// The steps are compared where this version of the library wrote the receipt: another one may word them differently.
    /// Whether the rows are those of a published pack is for [`verify_against`](Self::verify_against) to say.
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
        if let Some((what, _)) = parts.iter().find(|(_, same)| !same) {
            return Err(differs(*what));
        }
        if self.engine == ENGINE { self.same_steps(&again) } else { Ok(()) }
    }

    fn same_steps(&self, again: &Self) -> Result<(), ReceiptError> {
        let mut pairs = self.steps.iter().zip(&again.steps);
        if let Some((written, _)) = pairs.find(|(written, computed)| written != computed) {
            return Err(differs(format!("step `{}`", written.name)));
        }
        if self.steps.len() == again.steps.len() { Ok(()) } else { Err(differs("number of steps")) }
    }

    /// As [`verify`](Self::verify), and that the packs in force hold every row as it is (same pack, version, digest and
    /// figures) and choose these rows for this leg. A receipt from other packs, or from the same ones in another order,
    /// may be honest and still differ here.
    ///
    /// # Errors
    /// [`ReceiptError`] if the receipt cannot be computed or differs, a row is not in the packs, or others are chosen.
    pub fn verify_against(&self, factors: &Factors) -> Result<(), ReceiptError> {
        self.verify()?;
        if let Some(what) = self.facts.first_unknown(factors) {
            return Err(differs(what));
        }
        let chosen =
            |toc| factors.facts(toc, &self.leg).is_ok_and(|facts| OwnedFacts::from(facts) == self.facts);
        if factors.named(&self.facts.toc).any(chosen) { Ok(()) } else { Err(differs("choice of rows")) }
    }
}

fn differs(what: impl Into<String>) -> ReceiptError {
    ReceiptError::Differs { what: what.into() }
}

impl OwnedFacts {
    /// The first kind of row that no pack in force holds as it is.
    fn first_unknown(&self, factors: &Factors) -> Option<&'static str> {
        let in_force = |holds: &dyn Fn(&FactorPack) -> bool| factors.packs().iter().any(|pack| holds(pack));
        let pallet = factors.load_unit(LoadUnit::Pallets);
        let unit = |row: &Option<LoadUnitRow>| {
            row.as_ref() == pallet || in_force(&|pack| among(row, &pack.load_units))
        };
        let adjustment = |row: &Option<AdjustmentRow>| in_force(&|pack| among(row, &pack.adjustments));
        let default_load = |pack: &FactorPack| {
            let mut rows = pack.default_loads.iter().flatten();
            self.default_load.as_ref().is_none_or(|row| rows.any(|(_, other)| other == row))
        };
        let rows = [
            ("TOC", in_force(&|pack| pack.tocs.contains(&self.toc))),
            ("intensity row", in_force(&|pack| pack.intensities.contains(&self.intensity))),
            ("grid row", in_force(&|pack| among(&self.grid, &pack.electricity))),
            ("fuel row", in_force(&|pack| among(&self.fuel, &pack.fuels))),
            ("load unit row", unit(&self.load_unit)),
            ("default load row", in_force(&default_load)),
            ("TEU row", unit(&self.teu)),
            ("distance adjustment row", adjustment(&self.distance)),
            ("temperature row", adjustment(&self.temperature)),
            ("cleaning row", adjustment(&self.cleaning)),
            ("hub row", in_force(&|pack| among(&self.hub, &pack.hubs))),
        ];
        rows.into_iter().find(|(_, known)| !known).map(|(what, _)| what)
    }
}

fn among<T: PartialEq>(row: &Option<T>, rows: &[T]) -> bool {
    row.as_ref().is_none_or(|row| rows.contains(row))
}

impl fmt::Display for Receipt {
    /// One paragraph for each step, then the result.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in (1..).zip(&self.steps) {
            writeln!(f, "{number}. {step}")?;
        }
        let Emissions { wtw, wtt, ttw } = self.total;
        writeln!(f, "WTW {} kg CO2e (WTT {}, TTW {})", wtw.get(), wtt.get(), ttw.get())?;
        let estimated: Vec<&str> = self.estimated.iter().map(|estimate| estimate.as_str()).collect();
        if !estimated.is_empty() {
            writeln!(f, "estimated: {}", estimated.join(", "))?;
        }
        write!(f, "computed by {}", self.engine)
    }
}

impl fmt::Display for Step {
    /// Name, formula and numbers, source and clause, on lines of their own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} = {}", self.name, self.formula, self.result)?;
        for input in &self.inputs {
            writeln!(f, "     {} = {input}", input.name)?;
        }
        if let Some(source) = &self.source {
            writeln!(f, "     source: {source}")?;
        }
        write!(f, "     after {}", self.clause)
    }
}

impl fmt::Display for Quantity {
    /// Value and unit, as in `20 t`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.unit == "1" { "" } else { &self.unit };
        f.write_str(format!("{} {unit}", self.value).trim_end())
    }
}
