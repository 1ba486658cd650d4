//! Several packs in force.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::{country, leg, tables};
use emissions_core::{Factors, Leg, PackConflict};

/// A pack that has trucks in Europe only, by another id and with an own name for them.
fn european() -> common::Tables {
    tables()
        .replace("pack.tsv", "id\ttest", "id\teuropean")
        .with_text("aliases.tsv", "alias\ttoc\ntruck_diesel\ttruck_40_t\n")
        .with_text(
            "tocs.tsv",
            "toc\tmode\tvehicle\ttype\tclass\tfuel\ttemperature\tname\n\
             truck_40_t\troad\ttruck\t40_t\ttruck\tdiesel\tambient\tTruck of 40 t\n\
             van_diesel\troad\tvan\tdiesel\tvan\tdiesel\tambient\tVan\n",
        )
        .with_text(
            "intensities.tsv",
            "row\ttoc\tregion\tlocation\tyear\tunit\twtt\tttw\twtw\tkwh\tbasis\tmin_km\tmax_km\tload_factor_pct\t\
             empty_running_pct\tderived\tsource\tref\tnote\n\
             t40\ttruck_40_t\teurope\tEU\t2019\ttkm\t0.01\t0.04\t0.05\t\tactual\t\t\t\t\t\tmade-up\tp1\t\n\
             v\tvan_diesel\tIN\tIN\t2019\ttkm\t0.1\t0.4\t0.5\t\tactual\t\t\t\t\t\tmade-up\tp1\t\n\
             v-eu\tvan_diesel\teurope\tEU\t2019\ttkm\t0.1\t0.3\t0.4\t\tactual\t\t\t\t\t\tmade-up\tp1\t\n",
        )
        .with_text("default_loads.tsv", "row\ttoc\tregion\tload_t\tderived\tsource\tref\tnote\n")
        .without("electricity.tsv")
}

fn row(factors: &Factors, toc: &str, code: &str) -> String {
    let leg = Leg { country: country(code), ..leg() };
    let facts = factors.facts(factors.toc(toc).unwrap(), &leg).unwrap();
    format!("{} {}", facts.intensity.citation.source.pack.id, facts.intensity.citation.row)
}

#[test]
fn the_first_pack_that_serves_the_region_wins() {
    let factors = Factors::new(vec![european().pack(), tables().pack()]).unwrap();
    assert_eq!(row(&factors, "truck_diesel", "DE"), "european t40");
    assert_eq!(row(&factors, "truck_diesel", "ES"), "european t40");
    assert_eq!(row(&factors, "truck_diesel", "US"), "test truck-2020");
    assert_eq!(row(&factors, "van_diesel", "IN"), "european v");
    assert_eq!(row(&factors, "van_diesel", "US"), "test van");

    let reversed = Factors::new(vec![tables().pack(), european().pack()]).unwrap();
    assert_eq!(row(&reversed, "truck_diesel", "DE"), "test truck-eu");
    assert_eq!(row(&reversed, "truck_40_t", "DE"), "european t40");
}

#[test]
fn an_alias_of_one_pack_finds_the_toc_in_the_others() {
    let factors = Factors::new(vec![european().pack(), tables().pack()]).unwrap();
    assert_eq!(row(&factors, "truck", "US"), "test truck-2020");
    assert_eq!(&*factors.describe(factors.toc("truck_diesel").unwrap()).id, "truck_40_t");
    let leg = Leg { country: country("US"), ..leg() };
    let facts = factors.facts(factors.toc("truck_diesel").unwrap(), &leg).unwrap();
    assert_eq!(&*facts.toc.id, "truck_diesel");
}

#[test]
fn a_region_that_no_pack_serves_takes_the_widest_that_there_is() {
    let factors = Factors::new(vec![european().pack()]).unwrap();
    assert_eq!(row(&factors, "van_diesel", "US"), "european v-eu");
    assert_eq!(row(&factors, "van_diesel", "IN"), "european v");
}

#[test]
fn tables_that_the_first_pack_leaves_out_come_from_the_next() {
    let factors = Factors::new(vec![european().pack(), tables().pack()]).unwrap();
    let leg = Leg { country: country("ES"), load: None, ..leg() };
    let emissions = factors.calculate(
        factors.toc("truck_electric").unwrap(),
        &Leg { load: common::load(1.0, emissions_core::LoadUnit::Ton), ..leg },
    );
    assert_eq!(emissions.unwrap().facts.grid.unwrap().citation.source.pack.id, "test");
    let average = factors.calculate(factors.toc("truck_diesel").unwrap(), &leg).unwrap();
    assert_eq!(average.facts.default_load.unwrap().tonnes, 10.0);
}

#[test]
fn an_average_load_is_that_of_the_intensitys_own_pack() {
    let first = || european().add("default_loads.tsv", "t40\ttruck_40_t\tglobal\t20\t\tmade-up\tp2\t").pack();
    let load = |factors: &Factors, code: &str| {
        let leg = Leg { country: country(code), load: None, ..leg() };
        let toc = factors.toc("truck_diesel").unwrap();
        let facts = factors.facts(toc, &leg).unwrap();
        (facts.default_load.unwrap().tonnes, factors.has_default_load(toc, country(code)))
    };
    let both = Factors::new(vec![first(), tables().pack()]).unwrap();
    assert_eq!(load(&both, "DE"), (20.0, true));
    assert_eq!(load(&both, "US"), (8.0, true));
    let without = Factors::new(vec![first(), tables().without("default_loads.tsv").pack()]).unwrap();
    assert_eq!(load(&without, "DE"), (20.0, true));
    assert_eq!(load(&without, "US"), (20.0, false), "another pack's, for want of its own");
}

#[test]
fn lists_show_the_row_that_is_used() {
    let listed = |packs: &Factors| -> Vec<String> {
        let list = packs.list();
        assert!(list.is_sorted_by_key(|entry| entry.id));
        let of = list.iter().filter(|entry| entry.id == "truck_diesel");
        of.map(|entry| format!("{} {}", entry.intensity.location, entry.intensity.citation.row)).collect()
    };
    let one = Factors::new(vec![tables().pack()]).unwrap();
    assert_eq!(listed(&one), ["ES truck-es", "EU truck-eu", "GLO truck-2022"]);
    let two = Factors::new(vec![european().pack(), tables().pack()]).unwrap();
    assert_eq!(listed(&two), ["EU t40", "ES truck-es", "GLO truck-2022"]);
}

#[test]
fn packs_that_contradict_each_other_are_refused() {
    let other = || tables().replace("pack.tsv", "id\ttest", "id\tother");
    let conflict = |packs: common::Tables| Factors::new(vec![tables().pack(), packs.pack()]).unwrap_err();
    let refused = |toc: &str| PackConflict { toc: toc.into(), first: "test".into(), second: "other".into() };
    let ship = other().replace("tocs.tsv", "ship\tsea", "ship\tinland_waterway");
    assert_eq!(conflict(ship), refused("ship"));
    let van = other().replace("tocs.tsv", "van\tdiesel\tvan", "van\tdiesel\ttruck");
    assert_eq!(conflict(van), refused("van_diesel"));
    let alias = other().replace("aliases.tsv", "truck\ttruck_diesel", "truck\tship");
    assert_eq!(conflict(alias), refused("truck"));
    assert!(Factors::new(vec![tables().pack(), other().pack()]).is_ok());
}
