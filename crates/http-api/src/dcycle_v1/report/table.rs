//! A report as one table: a line for each figure, with the part of the report that it stands in.

use super::view::{Part, Report, Share};

/// The table.
pub(super) fn csv(report: &Report) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut row = |section: &str, name: &str, measure: &str, value: String| {
        table.write_record([section, guarded(name).as_str(), measure, &value])
    };
    row("section", "name", "measure", "value".to_owned())?;
    row("report", "", "start_date", report.period.start_date.to_string())?;
    row("report", "", "end_date", report.period.end_date.to_string())?;
    row("report", "", "client", guarded(report.client.as_deref().unwrap_or_default()))?;
    row("report", "", "data_source", report.data_source.to_owned())?;
    row("report", "", "methodology", report.methodology.to_owned())?;
    let summary = &report.summary;
    for (measure, value) in [
        ("items", summary.total_items.to_string()),
        ("legs", summary.total_legs.to_string()),
        ("co2e_kg", summary.total_co2e_kg.to_string()),
        ("distance_km", summary.total_distance_km.to_string()),
        ("tkm", summary.total_tkm.to_string()),
        ("co2e_kg_per_item", summary.avg_co2e_per_item.to_string()),
        ("transport_co2e_kg", summary.transport_co2e_kg.to_string()),
        ("transport_wtt_kg", summary.transport_wtt_kg.to_string()),
        ("transport_ttw_kg", summary.transport_ttw_kg.to_string()),
        ("hub_co2e_kg", summary.hub_co2e_kg.to_string()),
        ("cleaning_co2e_kg", summary.cleaning_co2e_kg.to_string()),
    ] {
        row("summary", "", measure, value)?;
    }
    for part in &report.by_category {
        row("category", part.category, "items", part.items.to_string())?;
        row("category", part.category, "co2e_kg", part.co2e_kg.to_string())?;
        row("category", part.category, "distance_km", part.distance_km.to_string())?;
        row("category", part.category, "percentage_co2e", part.percentage_co2e.to_string())?;
    }
    for (section, parts) in [("month", &report.by_month), ("client", &report.by_client)] {
        for part in parts {
            for (measure, value) in measures(part) {
                row(section, part.name.as_deref().unwrap_or_default(), measure, value)?;
            }
        }
    }
    for line in &report.scopes {
        row(&format!("scope {}", line.scope), line.name, "co2e_kg", line.co2e_kg.to_string())?;
    }
    for part in &report.by_toc {
        row("toc", &part.toc, "own_co2e_kg", part.own_co2e_kg.to_string())?;
        row("toc", &part.toc, "own_tkm", part.own_tkm.to_string())?;
        row("toc", &part.toc, "subcontracted_co2e_kg", part.subcontracted_co2e_kg.to_string())?;
        row("toc", &part.toc, "subcontracted_tkm", part.subcontracted_tkm.to_string())?;
        row("toc", &part.toc, "default_g_per_tkm", optional(part.default_g_per_tkm))?;
        row("toc", &part.toc, "own_g_per_tkm", optional(part.own_g_per_tkm))?;
    }
    for fuel in &report.fuels {
        let name = format!("{} {}", fuel.fuel_name, fuel.toc.as_deref().unwrap_or_default());
        row("fuel", name.trim(), &format!("quantity_{}", fuel.unit), fuel.quantity.to_string())?;
        row("fuel", name.trim(), "co2e_kg", fuel.co2e_kg.to_string())?;
    }
    let quality = &report.data_quality;
    for (name, share) in
        [("given", &quality.given), ("estimated", &quality.estimated), ("default", &quality.default)]
    {
        for (measure, value) in shares(share) {
            row("data quality", name, measure, value)?;
        }
    }
    for source in &report.sources {
        let name = format!("{} ({})", source.title, source.edition);
        row("source", &name, "legs", source.legs.to_string())?;
        row("source", &name, "pack", format!("{} {}", source.pack, source.pack_version))?;
        row("source", &name, "licence", source.licence.clone())?;
    }
    row("not calculated", "pending", "legs", report.not_calculated.pending.to_string())?;
    row("not calculated", "failed", "legs", report.not_calculated.failed.to_string())?;
    for sentence in &report.method {
        row("method", "", "", sentence.clone())?;
    }
    table.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn measures(part: &Part) -> [(&'static str, String); 4] {
    [
        ("legs", part.legs.to_string()),
        ("co2e_kg", part.co2e_kg.to_string()),
        ("distance_km", part.distance_km.to_string()),
        ("tkm", part.tkm.to_string()),
    ]
}

fn shares(share: &Share) -> [(&'static str, String); 3] {
    [
        ("legs", share.legs.to_string()),
        ("percentage_legs", share.percentage_legs.to_string()),
        ("percentage_co2e", share.percentage_co2e.to_string()),
    ]
}

fn optional(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A client's text that a spreadsheet does not take for a formula.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
