//! The publications that a pack cites.

use std::collections::HashMap;
use std::sync::Arc;

use super::table::{Keys, Row, Table};
use crate::pack::PackError;
use crate::pack::rows::{Citation, PackIdentity, Source};

/// Publications by their id.
pub(super) struct Sources {
    list: Vec<Arc<Source>>,
    by_id: HashMap<Box<str>, usize>,
}

impl Sources {
    pub fn read(text: &str, pack: &Arc<PackIdentity>) -> Result<Self, PackError> {
        let columns = &["source", "title", "edition", "year", "licence", "attribution", "gwp"];
        let table = Table::read("sources.tsv", columns, text)?;
        let (mut list, mut by_id, mut keys) = (Vec::new(), HashMap::new(), Keys::default());
        for row in table.rows() {
            let row = row?;
            let id: Box<str> = row.key("source", &mut keys)?.into();
            by_id.insert(id.clone(), list.len());
            list.push(Arc::new(Source {
                pack: pack.clone(),
                id,
                title: row.required("title")?.into(),
                edition: row.cell("edition").into(),
                year: if row.cell("year").is_empty() { None } else { Some(row.year()?) },
                licence: row.required("licence")?.into(),
                attribution: row.cell("attribution").into(),
                gwp: gwp(&row)?.into(),
            }));
        }
        Ok(Self { list, by_id })
    }

    pub fn into_list(self) -> Vec<Arc<Source>> {
        self.list
    }

    /// The citation that every row carries: its id, its source, the page or table there, and a note.
    pub fn citation<'t>(&self, row: &Row<'t>, keys: &mut Keys<'t>) -> Result<Citation, PackError> {
        let id = row.required("source")?;
        let Some(&at) = self.by_id.get(id) else {
            return Err(row.error(format!("`source` is `{id}`, which sources.tsv does not have")));
        };
        Ok(Citation {
            row: row.key("row", keys)?.into(),
            source: self.list[at].clone(),
            reference: row.required("ref")?.into(),
            note: row.cell("note").into(),
        })
    }
}

fn gwp<'t>(row: &Row<'t>) -> Result<&'t str, PackError> {
    match row.cell("gwp") {
        gwp @ ("" | "AR4" | "AR5" | "AR6") => Ok(gwp),
        other => Err(row.error(format!("`gwp` is `{other}`: expected `AR4`, `AR5`, `AR6` or nothing"))),
    }
}
