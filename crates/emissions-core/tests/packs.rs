//! Reading packs: what is refused, and with which words.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::tables;
use emissions_core::{FactorPack, Factors, HubCategory, Leg, PACK_FILES};
use proptest::prelude::*;

/// A change to the small pack, and the refusal that it must meet: file, line and part of the reason.
#[test]
fn faults_are_refused_with_file_line_and_reason() {
    let t = tables;
    #[rustfmt::skip]
    let faults = [
        (t().without("pack.tsv"), "pack.tsv", None, "is missing"),
        (t().without("sources.tsv"), "sources.tsv", None, "is missing"),
        (t().replace("pack.tsv", "format\t1", "format\t2"), "pack.tsv", None, "`format` is `2`"),
        (t().replace("pack.tsv", "id\ttest", "id\t"), "pack.tsv", None, "`id` is missing"),
        (t().add("pack.tsv", "author\tme"), "pack.tsv", Some(7), "`key` is `author`"),
        (t().replace("sources.tsv", "\tCC0\t", "\t\t"), "sources.tsv", Some(2), "`licence` is missing"),
        (t().replace("sources.tsv", "\tCC0\t\t", "\tCC0\t\tAR9"), "sources.tsv", Some(2), "`gwp` is `AR9`"),
        (t().add("sources.tsv", "made-up\tAgain\t\t\tCC0\t\t"), "sources.tsv", Some(3), "stands in the table already"),
        (t().replace("tocs.tsv", "truck_diesel\troad\ttruck\tdiesel", "truck_diesel\troad\ttruck\tpetrol"),
            "tocs.tsv", Some(2), "vehicle and type make `truck_petrol`"),
        (t().replace("tocs.tsv", "\trail\t", "\trails\t"), "tocs.tsv", Some(7), "`mode` is `rails`"),
        (t().replace("tocs.tsv", "\tvan\tdiesel\tambient", "\tlorry\tdiesel\tambient"), "tocs.tsv", Some(3), "`class` is `lorry`"),
        (t().replace("tocs.tsv", "\tvan\tdiesel\tambient", "\tvan\tdisel\tambient"), "tocs.tsv", Some(3), "`fuel` is `disel`"),
        (t().replace("tocs.tsv", "controlled", "cold"), "tocs.tsv", Some(4), "`temperature` is `cold`"),
        (t().add("tocs.tsv", "bike_cargo\troad\tbike\tcargo\tother\t\tambient\tBike"), "tocs.tsv", None, "`bike_cargo` has no intensity"),
        (t().replace("aliases.tsv", "truck\ttruck_diesel", "truck\tlorry"), "aliases.tsv", Some(2), "`toc` is `lorry`"),
        (t().replace("aliases.tsv", "truck\t", "ship\t"), "aliases.tsv", Some(2), "is a TOC already"),
        (t().replace("aliases.tsv", "truck\t", "Truck\t"), "aliases.tsv", Some(2), "lower-case"),
        (t().replace("intensities.tsv", "wtt\tttw", "ttw\twtt"), "intensities.tsv", Some(1), "expected the tab-separated columns"),
        (t().replace("intensities.tsv", "\tderived", ""), "intensities.tsv", Some(1), "expected the tab-separated columns"),
        (t().replace("intensities.tsv", "\tp1\t", "\tp1"), "intensities.tsv", Some(2), "expected 19 cells, found 18"),
        (t().replace("intensities.tsv", "truck-2020\ttruck_diesel", "truck-2020\tlorry"), "intensities.tsv", Some(2), "`toc` is `lorry`"),
        (t().replace("intensities.tsv", "\tglobal\tGLO\t2020", "\tworld\tGLO\t2020"), "intensities.tsv", Some(2), "`world` is not a region"),
        (t().replace("intensities.tsv", "\tglobal\tGLO\t2020", "\tglobal\tWORLD\t2020"), "intensities.tsv", Some(2), "`location` is `WORLD`"),
        (t().replace("intensities.tsv", "\t2020\t", "\t20\t"), "intensities.tsv", Some(2), "`year` is `20`"),
        (t().replace("intensities.tsv", "\ttkm\t", "\tkm\t"), "intensities.tsv", Some(2), "`unit` is `km`"),
        (t().replace("intensities.tsv", "\t0.03\t", "\t0.3\t"), "intensities.tsv", Some(2), "`wtt` 0.3 and `ttw` 0.07 do not add up to `wtw` 0.1"),
        (t().replace("intensities.tsv", "\t0.03\t", "\t\t"), "intensities.tsv", Some(2), "both given or both blank"),
        (t().replace("intensities.tsv", "\t0.03\t0.07\t0.1\t", "\t0.03\t0.07\t\t"), "intensities.tsv", Some(2), "`wtw` is missing"),
        (t().replace("intensities.tsv", "\t0.03\t", "\t3e-2\t"), "intensities.tsv", Some(2), "`wtt` is `3e-2`: expected a plain decimal"),
        (t().replace("intensities.tsv", "\t0.03\t", "\t-0.03\t"), "intensities.tsv", Some(2), "expected a plain decimal"),
        (t().replace("intensities.tsv", "\t0.03\t", "\t0,03\t"), "intensities.tsv", Some(2), "expected a plain decimal"),
        (t().replace("intensities.tsv", "\t0.03\t", "\tNaN\t"), "intensities.tsv", Some(2), "expected a plain decimal"),
        (t().replace("intensities.tsv", "\t0.03\t", "\t1000001\t"), "intensities.tsv", Some(2), "expected a plain decimal"),
        (t().replace("intensities.tsv", "\tactual\t", "\troute\t"), "intensities.tsv", Some(2), "`basis` is `route`"),
        (t().replace("intensities.tsv", "\t60\t17\t", "\t160\t17\t"), "intensities.tsv", Some(3), "`load_factor_pct` is 160: expected 0 to 100"),
        (t().replace("intensities.tsv", "+95km\t1500\t\t", "+95km\t1500\t1500\t"), "intensities.tsv", Some(12), "`max_km` is not above `min_km`"),
        (t().replace("intensities.tsv", "+95km\t1500\t\t", "+95km\t1400\t\t"), "intensities.tsv", Some(12), "line 11 serves the same TOC `plane`"),
        (t().replace("intensities.tsv", "\tGLO\t2022\t", "\tGLO\t2020\t"), "intensities.tsv", Some(3), "line 2 serves the same TOC `truck_diesel`"),
        (t().replace("intensities.tsv", "truck-2022\t", "truck-2020\t"), "intensities.tsv", Some(3), "`row` is `truck-2020`"),
        (t().replace("intensities.tsv", "\tmade-up\t", "\tthin-air\t"), "intensities.tsv", Some(2), "`source` is `thin-air`"),
        (t().replace("intensities.tsv", "\tmade-up\t", "\t\t"), "intensities.tsv", Some(2), "`source` is missing"),
        (t().replace("intensities.tsv", "\tp1\t", "\t\t"), "intensities.tsv", Some(2), "`ref` is missing"),
        (t().replace("intensities.tsv", "\t0.03\t0.07\t0.1\t\t", "\t0.03\t0.07\t0.1\t0.2\t"), "intensities.tsv", Some(2), "a row with `kwh`"),
        (t().replace("intensities.tsv", "\t0.03\t0.07\t0.1\t\t", "\t\t\t\t0.2\t"), "intensities.tsv", Some(2), "the fuel of `truck_diesel` is not `electricity`"),
        (t().replace("default_loads.tsv", "\tES\t", "\tglobal\t"), "default_loads.tsv", Some(3), "has a default load for `global` already"),
        (t().replace("electricity.tsv", "\t0.275\t", "\t0.3\t"), "electricity.tsv", Some(2), "the parts make 0.275"),
        (t().replace("electricity.tsv", "ES\t2023", "ES\t2020"), "electricity.tsv", Some(3), "`ES` has a row for 2020 already"),
        (t().replace("fuels.tsv", "\t0.6\t2.4\t3\t", "\t\t\t3\t"), "fuels.tsv", Some(2), "a fuel needs `wtt` and `ttw`"),
        (t().replace("fuels.tsv", "\tl\t", "\tgal\t"), "fuels.tsv", Some(2), "`unit` is `gal`"),
        (t().replace("fuels.tsv", "\t2022\t", "\t2020\t"), "fuels.tsv", Some(3), "`diesel` has a row for `global`, 2020 and `l` already"),
        (t().replace("hubs.tsv", "transshipment_ambient", "depot"), "hubs.tsv", Some(2), "`category` is `depot`"),
        (t().replace("hubs.tsv", "\tt\t", "\tkg\t"), "hubs.tsv", Some(2), "`unit` is `kg`"),
        (t().replace("load_units.tsv", "\tyes\t", "\tno\t"), "load_units.tsv", Some(2), "`assumption` is `no`"),
        (t().replace("load_units.tsv", "teu\tteu\t10", "teu\tteu\t0"), "load_units.tsv", Some(3), "`tonnes` is 0: expected 0.001 to 1000"),
        (t().add("load_units.tsv", "kg\tkg\t1\t\tmade-up\tp6\t"), "load_units.tsv", Some(5), "a unit of mass has a fixed one"),
        (t().add("load_units.tsv", "teu2\tteu\t12\t\tmade-up\tp6\t"), "load_units.tsv", Some(5), "`teu` has a row already"),
        (t().replace("adjustments.tsv", "\t1.05\t", "\t0.95\t"), "adjustments.tsv", Some(2), "`value` is 0.95: expected 1 to 10"),
        (t().replace("adjustments.tsv", "distance\troad", "detour\troad"), "adjustments.tsv", Some(2), "`kind` is `detour`"),
        (t().replace("adjustments.tsv", "\tvan\t1.15", "\tvans\t1.15"), "adjustments.tsv", Some(4), "`class` is `vans`"),
        (t().replace("adjustments.tsv", "distance\tsea", "distance\troad"), "adjustments.tsv", Some(3), "another row adjusts the same"),
        (t().add("refrigerants.tsv", "again\tr-134A\t1\tmade-up\tp8\t"), "refrigerants.tsv", Some(3), "`r-134A` has a row already"),
    ];
    for (tables, file, line, reason) in faults {
        let error = tables.read().expect_err(reason);
        assert_eq!((error.file.as_str(), error.line), (file, line), "{error}");
        assert!(error.reason.contains(reason), "expected `{reason}` in `{error}`");
    }
}

#[test]
fn a_refusal_names_its_place() {
    let error = tables().replace("hubs.tsv", "\tt\t", "\tkg\t").read().unwrap_err();
    assert_eq!(error.to_string(), "hubs.tsv, line 2: `unit` is `kg`, which is not known");
    let error = tables().without("pack.tsv").read().unwrap_err();
    assert_eq!(error.to_string(), "pack.tsv: is missing");
}

#[test]
fn unknown_and_repeated_files_are_refused() {
    let read = |files: &[(&str, &str)]| FactorPack::from_tables(files).unwrap_err().to_string();
    assert_eq!(read(&[("intensity.tsv", "")]), "intensity.tsv: is not a file of a factor pack");
    assert_eq!(read(&[("pack.tsv", ""), ("pack.tsv", "")]), "pack.tsv: is given twice");
}

#[test]
fn comments_and_windows_line_ends_are_read() {
    let commented = tables().replace("hubs.tsv", "row\t", "# medians of GLEC\n\nrow\t");
    assert!(commented.read().is_ok());
    let table = "key\tvalue\r\nformat\t1\r\nid\ttest\r\nversion\t1\r\ntitle\tT\r\nlicence\tCC0\r\n";
    let pack = tables().with_text("pack.tsv", table).read().unwrap();
    assert_eq!((pack.identity().id.as_str(), pack.licence(), pack.notice()), ("test", "CC0", ""));
}

#[test]
fn a_pack_may_leave_out_all_but_two_tables() {
    let mut tables = tables();
    for file in PACK_FILES.iter().filter(|file| !["pack.tsv", "sources.tsv"].contains(file)) {
        tables = tables.without(file);
    }
    assert_eq!(tables.read().unwrap().tocs().len(), 0);
}

#[test]
fn the_digest_depends_on_every_byte_and_on_nothing_else() {
    let digest = |tables: common::Tables| tables.read().unwrap().identity().digest.clone();
    let small = digest(tables());
    assert_eq!(small.len(), 64);
    assert_eq!(small, digest(tables()));
    assert_ne!(small, digest(tables().replace("hubs.tsv", "p5", "p6")));
    assert_ne!(small, digest(tables().without("refrigerants.tsv")));

    let mut files = FactorPack::open_tables().to_vec();
    files.reverse();
    assert_eq!(FactorPack::from_tables(&files).unwrap().identity(), FactorPack::open().identity());
}

#[test]
fn hub_kinds_are_known_in_both_spellings() {
    for kind in HubCategory::ALL {
        assert_eq!(HubCategory::from_name(kind.as_str()), Some(kind));
    }
    assert_eq!(HubCategory::from_name("transhipment_mixed"), Some(HubCategory::TransshipmentMixed));
    assert_eq!(
        HubCategory::from_name("storage_transshipment_mixed"),
        Some(HubCategory::StorageTranshipmentMixed)
    );
    assert_eq!(HubCategory::from_name("warehouse"), None);
}

#[cfg(feature = "fs")]
#[test]
fn a_folder_is_a_pack() {
    let folder = std::env::temp_dir().join(format!("emissions-core-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (file, text) in FactorPack::open_tables() {
        std::fs::write(folder.join(file), text).unwrap();
    }
    std::fs::write(folder.join("LICENSE"), "open").unwrap();
    let pack = FactorPack::from_dir(&folder);
    std::fs::write(folder.join("intensity.tsv"), "").unwrap();
    let misspelt = FactorPack::from_dir(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(pack.unwrap().identity(), FactorPack::open().identity());
    assert!(misspelt.unwrap_err().to_string().ends_with("intensity.tsv: is not a file of a factor pack"));
    assert!(FactorPack::from_dir(&folder).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(file in prop::sample::select(&PACK_FILES[..]), text in "\\PC*") {
        let _ = tables().with_text(file, &text).read();
    }

    #[test]
    fn any_cell_is_read_or_refused(
        file in prop::sample::select(&PACK_FILES[..]),
        line in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        cell in prop_oneof!["\\PC{0,12}", "-?[0-9]{0,20}\\.?[0-9]{0,400}", Just("1e400".to_owned()), Just("\t".to_owned())],
    ) {
        let _ = tables().with_cell(file, line, at, &cell).read();
    }
}

/// The pack of docs/adding-a-factor-pack.md, as it is printed there.
#[test]
fn documented_pack() {
    let page = include_str!("../../../docs/adding-a-factor-pack.md");
    let table = |file: &str| {
        let (_, rest) = page.split_once(&format!("\n`{file}`\n\n")).unwrap();
        let lines = rest.lines().map_while(|line| line.strip_prefix("    "));
        lines.map(|line| line.replace('→', "\t") + "\n").collect::<String>()
    };
    let files = ["pack.tsv", "sources.tsv", "tocs.tsv", "intensities.tsv"].map(|file| (file, table(file)));
    let files: Vec<(&str, &str)> = files.iter().map(|(file, text)| (*file, text.as_str())).collect();
    let pack = std::sync::Arc::new(FactorPack::from_tables(&files).unwrap());
    let factors = Factors::new(vec![pack, FactorPack::open()]).unwrap();
    let of = |code| {
        let leg = Leg { country: common::country(code), year: 2025, ..common::leg() };
        let emissions = factors.calculate(factors.toc("artic_truck_diesel").unwrap(), &leg).unwrap();
        emissions.facts.intensity.citation.source.pack.id.clone()
    };
    assert_eq!((of("ES").as_str(), of("FR").as_str()), ("our-carrier", "open"));

    let wrong = files[3].1.replace("\t0.075\t", "\t0.085\t");
    let refused = FactorPack::from_tables(&[files[0], files[1], files[2], (files[3].0, &wrong)]).unwrap_err();
    assert!(page.contains(&format!("our-carrier/{refused}")), "{refused}");
}
