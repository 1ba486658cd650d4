//! A small pack with round numbers, and a reader of receipts' formulas.
#![allow(dead_code, reason = "each test file uses its own part of this module")]

use std::sync::Arc;

use proptest::sample::Index;

use emissions_core::{
    CountryCode, DistanceBasis, EmptyRunning, FactorPack, Factors, Kilometres, Leg, LegDistance, Load,
    LoadFactor, LoadUnit, PackError, Step, Temperature, TonneKilometres,
};

/// The tables of the small pack, as file name and rows below the header.
const TABLES: [(&str, &[&str], &[&str]); 12] = [
    ("pack.tsv", &["key", "value"], &["format\t1", "id\ttest", "version\t1", "title\tTest", "licence\tCC0"]),
    (
        "sources.tsv",
        &["source", "title", "edition", "year", "licence", "attribution", "gwp"],
        &["made-up\tRound numbers\t\t\tCC0\t\t"],
    ),
    (
        "tocs.tsv",
        &["toc", "mode", "vehicle", "type", "class", "fuel", "temperature", "name"],
        &[
            "truck_diesel\troad\ttruck\tdiesel\ttruck\tdiesel\tambient\tTruck",
            "van_diesel\troad\tvan\tdiesel\tvan\tdiesel\tambient\tVan",
            "reefer_diesel\troad\treefer\tdiesel\ttruck\tdiesel\tcontrolled\tReefer",
            "tank_truck_diesel\troad\ttank_truck\tdiesel\ttruck\tdiesel\tambient\tTank truck",
            "truck_electric\troad\ttruck\telectric\ttruck\telectricity\tambient\tElectric truck",
            "train\trail\ttrain\t\tother\t\tambient\tTrain",
            "train_electric\trail\ttrain\telectric\tother\telectricity\tambient\tElectric train",
            "ship\tsea\tship\t\tother\t\tambient\tShip",
            "plane\tair\tplane\t\tother\tkerosene\tambient\tPlane",
            "plane_gcd\tair\tplane\tgcd\tother\tkerosene\tambient\tPlane, uplift contained",
        ],
    ),
    ("aliases.tsv", &["alias", "toc"], &["truck\ttruck_diesel"]),
    (
        "intensities.tsv",
        &[
            "row",
            "toc",
            "region",
            "location",
            "year",
            "unit",
            "wtt",
            "ttw",
            "wtw",
            "kwh",
            "basis",
            "min_km",
            "max_km",
            "load_factor_pct",
            "empty_running_pct",
            "derived",
            "source",
            "ref",
            "note",
        ],
        &[
            "truck-2020\ttruck_diesel\tglobal\tGLO\t2020\ttkm\t0.03\t0.07\t0.1\t\tactual\t\t\t\t\t\tmade-up\tp1\t",
            "truck-2022\ttruck_diesel\tglobal\tGLO\t2022\ttkm\t0.02\t0.08\t0.1\t\tactual\t\t\t60\t17\t\tmade-up\tp1\t",
            "truck-eu\ttruck_diesel\teurope\tEU\t2021\ttkm\t0.02\t0.07\t0.09\t\tsfd\t\t\t\t\t\tmade-up\tp1\t",
            "truck-es\ttruck_diesel\tES|PT\tES\t2021\ttkm\t0.02\t0.06\t0.08\t\tactual\t\t\t\t\t0.1 x 0.8\tmade-up\tp1\t",
            "van\tvan_diesel|reefer_diesel|tank_truck_diesel\tglobal\tGLO\t2020\ttkm\t\t\t0.6\t\tactual\t\t\t\t\t\tmade-up\tp1\t",
            "truck-kwh\ttruck_electric\tglobal\tGB\t2020\ttkm\t\t\t\t0.2\tactual\t\t\t\t\t\tmade-up\tp1\t",
            "train\ttrain\tglobal\tGLO\t2020\ttkm\t0.012\t0.023\t0.036\t\tactual\t\t\t\t\t\tmade-up\tp1\t",
            "train-wtw\ttrain_electric\tglobal\tGLO\t2020\ttkm\t\t\t0.01\t\tactual\t\t\t\t\t\tmade-up\tp1\t",
            "ship\tship\tglobal\tGLO\t2020\tteu_km\t0.02\t0.07\t0.09\t\tactual\t\t\t\t\t\tmade-up\tp1\t",
            "plane-short\tplane\tglobal\tGLO\t2020\ttkm\t0.2\t1\t1.2\t\tgcd+95km\t\t1500\t\t\t\tmade-up\tp1\t",
            "plane-long\tplane\tglobal\tGLO\t2020\ttkm\t0.1\t0.7\t0.8\t\tgcd+95km\t1500\t\t\t\t\tmade-up\tp1\t",
            "plane-short-2022\tplane\tglobal\tGLO\t2022\ttkm\t0.2\t0.9\t1.1\t\tgcd+95km\t\t1500\t\t\t\tmade-up\tp1\t",
            "plane-gcd\tplane_gcd\tglobal\tGLO\t2020\ttkm\t0.1\t0.4\t0.5\t\tgcd\t\t\t\t\t\tmade-up\tp1\t",
        ],
    ),
    (
        "default_loads.tsv",
        &["row", "toc", "region", "load_t", "derived", "source", "ref", "note"],
        &[
            "truck\ttruck_diesel\tglobal\t8\t\tmade-up\tp2\t",
            "truck-es\ttruck_diesel\tES\t10\t\tmade-up\tp2\t",
        ],
    ),
    (
        "electricity.tsv",
        &[
            "row",
            "region",
            "year",
            "generation",
            "losses",
            "wtt_generation",
            "wtt_losses",
            "total",
            "source",
            "ref",
            "note",
        ],
        &[
            "es-2020\tES\t2020\t0.2\t0.02\t0.05\t0.005\t0.275\tmade-up\tp3\t",
            "es-2023\tES\t2023\t0.1\t\t\t\t0.1\tmade-up\tp3\t",
            "gb-2020\tGB\t2020\t0.25\t\t\t\t0.25\tmade-up\tp3\t",
            "europe-2020\teurope\t2020\t\t\t\t\t0.3\tmade-up\tp3\t",
        ],
    ),
    (
        "fuels.tsv",
        &["row", "fuel", "name", "region", "year", "unit", "wtt", "ttw", "wtw", "source", "ref", "note"],
        &[
            "diesel-2020\tdiesel\tDiesel\tglobal\t2020\tl\t0.6\t2.4\t3\tmade-up\tp4\t",
            "diesel-2022\tdiesel\tDiesel\tglobal\t2022\tl\t0.75\t2.25\t3\tmade-up\tp4\t",
            "kerosene\tkerosene\tKerosene\tglobal\t2020\tkg\t0.7\t3.2\t3.9\tmade-up\tp4\t",
        ],
    ),
    (
        "hubs.tsv",
        &["row", "category", "unit", "wtw", "source", "ref", "note"],
        &[
            "transshipment\ttransshipment_ambient\tt\t0.6\tmade-up\tp5\t",
            "terminal\tmaritime_container_terminals_ambient\tcontainer\t10\tmade-up\tp5\t",
        ],
    ),
    (
        "load_units.tsv",
        &["row", "unit", "tonnes", "assumption", "source", "ref", "note"],
        &[
            "pallet\tpallets\t0.4\tyes\tmade-up\tp6\t",
            "teu\tteu\t10\t\tmade-up\tp6\t",
            "feu\tfeu\t20\t\tmade-up\tp6\t",
        ],
    ),
    (
        "adjustments.tsv",
        &["row", "kind", "mode", "class", "value", "unit", "source", "ref", "note"],
        &[
            "road\tdistance\troad\t\t1.05\tfactor\tmade-up\tp7\t",
            "sea\tdistance\tsea\t\t1.15\tfactor\tmade-up\tp7\t",
            "van\ttemperature\troad\tvan\t1.15\tfactor\tmade-up\tp7\t",
            "truck\ttemperature\troad\ttruck\t1.12\tfactor\tmade-up\tp7\t",
            "tank\tcleaning\troad\ttank\t86.6\tkg per operation\tmade-up\tp7\t",
            "leak\trefrigerant_leak\troad\ttruck\t0.225\tkg per unit and year\tmade-up\tp7\t",
        ],
    ),
    (
        "refrigerants.tsv",
        &["row", "refrigerant", "gwp100", "source", "ref", "note"],
        &["r-134a\tR-134a\t1530\tmade-up\tp8\t"],
    ),
];

/// Tables that a test may change.
#[derive(Clone)]
pub struct Tables(Vec<(String, String)>);

/// The small pack's tables.
pub fn tables() -> Tables {
    let table = |(file, columns, rows): &(&str, &[&str], &[&str])| {
        (file.to_string(), format!("{}\n{}\n", columns.join("\t"), rows.join("\n")))
    };
    Tables(TABLES.iter().map(table).collect())
}

impl Tables {
    fn text(&mut self, file: &str) -> &mut String {
        &mut self.0.iter_mut().find(|(name, _)| name == file).unwrap().1
    }

    /// Puts other text in the place of some that must be there.
    pub fn replace(mut self, file: &str, from: &str, to: &str) -> Self {
        let text = self.text(file);
        assert!(text.contains(from), "{file} has no `{from}`");
        *text = text.replacen(from, to, 1);
        self
    }

    /// Adds a row.
    pub fn add(mut self, file: &str, row: &str) -> Self {
        let text = self.text(file);
        text.push_str(row);
        text.push('\n');
        self
    }

    /// Leaves a table out.
    pub fn without(mut self, file: &str) -> Self {
        self.0.retain(|(name, _)| name != file);
        self
    }

    /// Puts a whole table in place of another.
    pub fn with_text(mut self, file: &str, text: &str) -> Self {
        *self.text(file) = text.to_owned();
        self
    }

    /// Puts other text in the place of some cell.
    pub fn with_cell(mut self, file: &str, line: Index, at: Index, cell: &str) -> Self {
        let text = self.text(file);
        let mut lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
        let line = line.index(lines.len());
        let at = at.index(lines[line].len());
        lines[line][at] = cell;
        let lines: Vec<String> = lines.into_iter().map(|cells| cells.join("\t")).collect();
        *text = lines.join("\n");
        self
    }

    pub fn read(&self) -> Result<FactorPack, PackError> {
        let files: Vec<(&str, &str)> =
            self.0.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        FactorPack::from_tables(&files)
    }

    pub fn pack(&self) -> Arc<FactorPack> {
        Arc::new(self.read().unwrap())
    }

    pub fn factors(&self) -> Factors {
        Factors::new(vec![self.pack()]).unwrap()
    }
}

pub fn country(code: &str) -> Option<CountryCode> {
    Some(CountryCode::parse(code).unwrap())
}

pub fn load(amount: f64, unit: LoadUnit) -> Option<Load> {
    Some(Load::new(amount, unit).unwrap())
}

pub fn km(km: f64, basis: DistanceBasis) -> Option<LegDistance> {
    Some(LegDistance { km: Kilometres::new(km).unwrap(), basis })
}

pub fn tkm(tkm: f64) -> Option<TonneKilometres> {
    Some(TonneKilometres::new(tkm).unwrap())
}

/// One tonne over 100 km of a known road, in 2020.
pub fn leg() -> Leg {
    Leg {
        country: None,
        year: 2020,
        load: load(1.0, LoadUnit::Ton),
        load_factor: LoadFactor::FULL,
        distance: km(100.0, DistanceBasis::Actual),
        activity: None,
        temperature: Temperature::Ambient,
        empty_running: EmptyRunning::Contained,
        cleanings: 0,
        hub: None,
    }
}

/// What a step's formula gives for its inputs, or nothing for figures taken from a source.
pub fn evaluate(step: &Step) -> Option<f64> {
    if matches!(&*step.formula, "published" | "derived") {
        assert!(step.inputs.is_empty() && step.source.is_some());
        return None;
    }
    let mut parser = Parser { step, rest: &step.formula };
    let value = parser.sum();
    assert_eq!(parser.rest.trim(), "", "in `{}`", step.formula);
    Some(value)
}

struct Parser<'s> {
    step: &'s Step,
    rest: &'s str,
}

impl Parser<'_> {
    fn eat(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start();
        let eaten = rest.strip_prefix(token);
        self.rest = eaten.unwrap_or(rest);
        eaten.is_some()
    }

    fn sum(&mut self) -> f64 {
        let mut value = self.product();
        loop {
            if self.eat("+ ") {
                value += self.product();
            } else if self.eat("- ") {
                value -= self.product();
            } else {
                return value;
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut value = self.atom();
        loop {
            if self.eat("x ") {
                value *= self.atom();
            } else if self.eat("/ ") {
                value /= self.atom();
            } else {
                return value;
            }
        }
    }

    fn atom(&mut self) -> f64 {
        if self.eat("max(") {
            let a = self.sum();
            assert!(self.eat(","));
            let b = self.sum();
            assert!(self.eat(")"));
            return a.max(b);
        }
        if self.eat("(") {
            let value = self.sum();
            assert!(self.eat(")"));
            return value;
        }
        let mut inputs: Vec<_> = self.step.inputs.iter().collect();
        inputs.sort_by_key(|input| std::cmp::Reverse(input.name.len()));
        for input in inputs {
            if self.eat(&input.name) {
                return input.value;
            }
        }
        let digits = self.rest.trim_start();
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        self.rest = &digits[end..];
        digits[..end].parse().unwrap_or_else(|_| panic!("`{}` at `{digits}`", self.step.formula))
    }
}
