//! `dray toc`: vehicles, found by words.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use emissions_core::ListedToc;
use logistics_domain::numbers::{intensity, kg};
use serde::Serialize;

use crate::calc::FactorsArgs;
use crate::{Failure, print};

#[derive(Debug, Subcommand)]
pub enum Tocs {
    /// Finds vehicles by words in their id, name, fuel or mode; all of them without words.
    Search(Search),
}

#[derive(Debug, Args)]
pub struct Search {
    /// All of these must occur, as in `van electric`.
    words: Vec<String>,

    #[command(flatten)]
    factors: FactorsArgs,
}

/// A vehicle, with its newest factors.
#[derive(Serialize)]
struct Found<'p> {
    toc: &'p str,
    name: &'p str,
    mode: &'static str,
    fuel: &'p str,
    /// The TOC that this id is another name of.
    alias_of: Option<&'p str>,
    default_load_kg: Option<f64>,
    /// By location and, where there are several, the kilometres from which on they hold.
    factors: Vec<Factor<'p>>,
}

#[derive(Serialize)]
struct Factor<'p> {
    location: &'p str,
    from_km: f64,
    year: u16,
    kg_per_tkm: f64,
    kwh_per_tkm: Option<f64>,
    source: &'p str,
}

impl Tocs {
    pub fn run(self, json: bool) -> Result<(), Failure> {
        let Self::Search(Search { words, factors }) = self;
        let factors = factors.load()?;
        let words: Vec<String> =
            words.iter().flat_map(|words| words.split_whitespace()).map(str::to_lowercase).collect();
        let mut found: BTreeMap<&str, Found<'_>> = BTreeMap::new();
        let listed = factors.list();
        for listed in listed.iter().filter(|listed| has_all(listed, &words)) {
            found.entry(listed.id).or_insert_with(|| Found::of(listed)).factors.push(Factor::of(listed));
        }
        if found.is_empty() {
            return Err(format!("no TOC has all of the words: {}; try fewer", words.join(", ")).into());
        }
        let found: Vec<Found<'_>> = found.into_values().collect();
        print(json, &found, || found.iter().map(Found::text).collect::<Vec<_>>().join("\n"))
    }
}

fn has_all(listed: &ListedToc<'_>, words: &[String]) -> bool {
    let toc = listed.toc;
    let about = format!("{} {} {} {}", listed.id, toc.name, toc.fuel, toc.mode.as_str()).to_lowercase();
    words.iter().all(|word| about.contains(word.as_str()))
}

impl<'p> Found<'p> {
    fn of(listed: &ListedToc<'p>) -> Self {
        let toc = listed.toc;
        Self {
            toc: listed.id,
            name: &toc.name,
            mode: toc.mode.as_str(),
            fuel: &toc.fuel,
            alias_of: (listed.id != &*toc.id).then_some(&*toc.id),
            default_load_kg: listed.default_load.map(|load| kg(load.tonnes * 1000.0)),
            factors: Vec::new(),
        }
    }

    fn text(&self) -> String {
        let factor = |factor: &Factor<'_>| {
            let from =
                if factor.from_km > 0.0 { format!(" from {} km", factor.from_km) } else { String::new() };
            match factor.kwh_per_tkm {
                Some(kwh) => format!("{} {kwh:.4} kWh/tkm{from}", factor.location),
                None => format!("{} {:.1} g/tkm{from}", factor.location, 1000.0 * factor.kg_per_tkm),
            }
        };
        let factors = self.factors.iter().map(factor).collect::<Vec<_>>().join(", ");
        let alias = self.alias_of.map(|toc| format!(" (= {toc})")).unwrap_or_default();
        format!("{:<44} {}{alias}\n{:<44} {factors}", self.toc, self.name, "")
    }
}

impl<'p> Factor<'p> {
    fn of(listed: &ListedToc<'p>) -> Self {
        let (row, (split, kwh_per_tkm)) = (listed.intensity, listed.per_tonne_km());
        Self {
            location: &row.location,
            from_km: row.min_km,
            year: row.year,
            kg_per_tkm: intensity(split.wtw),
            kwh_per_tkm,
            source: &row.citation.source.title,
        }
    }
}
