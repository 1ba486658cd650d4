//! From rows to legs.

use emissions_core::CountryCode;
use logistics_domain::leg::{FieldError, LegDraft, NewLeg, Problem};
use logistics_domain::numbers;
use serde::Serialize;

use crate::block::Row;
use crate::cells::{self, DateFault, Habits, NumberFault, words};
use crate::{Columns, Field};

/// A cell that is at fault, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellError {
    /// The number of its row, as [`Row::number`] gives it.
    pub row: u64,
    /// The name of its column as the file writes it; nothing where the file has no such column, or the row as a whole is at fault.
    pub column: Option<String>,
    /// The field of the leg; nothing where the row as a whole is at fault.
    pub field: Option<&'static str>,
    /// What is written there.
    pub value: String,
    /// The fault, the value and the remedy.
    pub message: String,
}

/// Turns the rows of one file into legs.
#[derive(Debug, Clone)]
pub struct LegReader {
    columns: Columns,
    habits: Habits,
    delimiter: u8,
}

impl LegReader {
    pub(crate) fn new(columns: Columns, habits: Habits, delimiter: u8) -> Self {
        Self { columns, habits, delimiter }
    }

    /// The columns, and what they were recognized as.
    #[must_use]
    pub const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// What separates the cells of a CSV file; a comma for a workbook.
    #[must_use]
    pub const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    pub(crate) const fn habits(&self) -> Habits {
        self.habits
    }

    /// The leg of a row.
    ///
    /// # Errors
    /// Every cell at fault.
    pub fn leg(&self, row: Row<'_>) -> Result<NewLeg, Vec<CellError>> {
        let (draft, faults) = self.read(row)?;
        draft.parse_beside(faults).map_err(|faults| self.located(row, faults))
    }

    /// The leg of a row as the API's JSON takes it, checked as [`LegReader::leg`] checks it.
    ///
    /// # Errors
    /// Every cell at fault.
    pub fn draft(&self, row: Row<'_>) -> Result<LegDraft, Vec<CellError>> {
        let (draft, faults) = self.read(row)?;
        match draft.clone().parse_beside(faults) {
            Ok(_) => Ok(draft),
            Err(faults) => Err(self.located(row, faults)),
        }
    }

    /// What the row's cells say, and those whose type is wrong.
    fn read(&self, row: Row<'_>) -> Result<(LegDraft, Vec<FieldError>), Vec<CellError>> {
        let width = self.columns.names().len();
        if (width..row.width()).any(|column| !row.cell(column).trim().is_empty()) {
            let message = format!(
                "the row has {} cells where the first row names {width}; put quotation marks around a cell that contains '{}'",
                row.width(),
                char::from(self.delimiter).escape_default(),
            );
            let value = row.cell(width).to_owned();
            return Err(vec![CellError { row: row.number(), column: None, field: None, value, message }]);
        }
        let (mut draft, mut faults) = (LegDraft::default(), Vec::new());
        for (column, meaning) in self.columns.meanings().iter().enumerate() {
            let Some(meaning) = meaning else { continue };
            let cell = row.cell(column).trim();
            if cell.is_empty() {
                continue;
            }
            if let Err(message) = self.put(&mut draft, meaning.field, cell) {
                faults.push(FieldError {
                    field: meaning.field.as_str(),
                    problem: Problem::WrongType,
                    message,
                });
            }
            if let (Some(unit), None) = (meaning.unit, &draft.load_unit) {
                draft.load_unit = Some(unit.as_str().to_owned());
            }
        }
        Ok((draft, faults))
    }

    /// Writes a cell into its field.
    fn put(&self, draft: &mut LegDraft, field: Field, cell: &str) -> Result<(), String> {
        let text = || Some(cell.to_owned());
        match field {
            Field::Origin => draft.origin = text(),
            Field::Destination => draft.destination = text(),
            Field::DistanceKm => draft.distance_km = Some(self.number(field, cell)?),
            Field::Load => draft.load = Some(self.number(field, cell)?),
            Field::LoadUnit => {
                draft.load_unit = known(words::load_unit(cell).map(|unit| unit.as_str()), cell)
            }
            Field::LoadFactor => draft.load_factor = Some(self.share(cell)?),
            Field::Toc => draft.toc = text(),
            Field::Category => draft.category = known(words::category(cell).map(|mode| mode.as_str()), cell),
            Field::OriginCountry => {
                draft.origin_country =
                    known(CountryCode::from_name(cell).ok().map(|code| code.as_str()), cell);
            }
            Field::Year => draft.year = Some(whole(field, cell)?),
            Field::Cleaning => draft.cleaning = Some(yes_or_no(field, cell)?),
            Field::MovementId => draft.movement_id = text(),
            Field::Client => draft.client = text(),
            Field::ShipmentDate => draft.shipment_date = Some(self.date(cell)?),
            Field::MovementStretch => draft.movement_stretch = text(),
            Field::MovementStage => draft.movement_stage = text(),
            Field::VehicleLicensePlate => draft.vehicle_license_plate = text(),
            Field::TrailerLicensePlate => draft.trailer_license_plate = text(),
            Field::Subcontractor => draft.subcontractor = Some(yes_or_no(field, cell)?),
            Field::Tkm => draft.tkm = Some(self.number(field, cell)?),
            Field::HubId => draft.hub_id = text(),
            Field::PackageKey => draft.package_key = text(),
        }
        Ok(())
    }

    fn number(&self, field: Field, cell: &str) -> Result<f64, String> {
        cells::number(cell, self.habits.decimal.known()).map_err(|fault| match fault {
            NumberFault::NoNumber => format!("{field} is '{cell}'; give a number such as 1250.5"),
            NumberFault::Ambiguous => format!(
                "{field} is '{cell}', and nothing in the file tells whether its mark divides thousands or decimals; write it without \
                 thousands and with two decimals"
            ),
        })
    }

    /// A load factor, which may be written as a percentage.
    fn share(&self, cell: &str) -> Result<f64, String> {
        match cell.strip_suffix('%') {
            Some(percent) => Ok(self.number(Field::LoadFactor, percent.trim())? / 100.0),
            None => self.number(Field::LoadFactor, cell),
        }
    }

    fn date(&self, cell: &str) -> Result<String, String> {
        let day = cells::date(cell, self.habits.dates.known()).map_err(|fault| match fault {
            DateFault::NoDate => format!("shipment_date is '{cell}'; give a date such as 2024-11-25"),
            DateFault::Ambiguous(one, other) => {
                format!("shipment_date is '{cell}', which could be {one} or {other}; write it in one of these ways")
            }
        })?;
        Ok(numbers::day(day))
    }

    /// Says where the fields at fault stand in the file.
    fn located(&self, row: Row<'_>, faults: Vec<FieldError>) -> Vec<CellError> {
        let locate = |fault: FieldError| {
            let column = Field::from_name(fault.field).and_then(|field| self.columns.position(field));
            CellError {
                row: row.number(),
                column: column.map(|column| self.columns.names()[column].clone()),
                field: Some(fault.field),
                value: column.map(|column| row.cell(column).to_owned()).unwrap_or_default(),
                message: fault.message,
            }
        };
        faults.into_iter().map(locate).collect()
    }
}

/// The API's word for what a cell says, or the cell as it is, for the check that names the possible words.
fn known(word: Option<&'static str>, cell: &str) -> Option<String> {
    Some(word.unwrap_or(cell).to_owned())
}

fn whole(field: Field, cell: &str) -> Result<i64, String> {
    cells::whole(cell).ok_or_else(|| format!("{field} is '{cell}'; give a whole number such as 2024"))
}

fn yes_or_no(field: Field, cell: &str) -> Result<bool, String> {
    words::yes_or_no(cell).ok_or_else(|| format!("{field} is '{cell}'; give true or false"))
}
