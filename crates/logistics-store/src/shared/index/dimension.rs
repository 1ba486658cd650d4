//! What legs are filtered by.

use std::fmt::{self, Display, Formatter};

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use logistics_domain::leg::LegStatus;

use crate::columns::InstantValue;
use crate::schema::legs;

/// What legs are filtered by, and packages. A leg has one value of each, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Every leg. The value is empty.
    All,
    Status,
    Category,
    Toc,
    Client,
    /// The hub, as the leg names it.
    Hub,
    /// The day of the shipment.
    Shipped,
    /// The month of the shipment, so that a range of days is few values.
    ShippedMonth,
    /// The day, in UTC, on which it was stored. Days follow each other as positions do: a range of them has few segments.
    Created,
    /// The vehicle's code, of a trip.
    Vehicle,
    /// Every package, by the packages' positions, not the legs'. The value is empty.
    Package,
    /// The clients of a package's legs, by the packages' positions. A package may have several.
    PackageClient,
}

impl Dimension {
    /// How many there are.
    pub const COUNT: usize = Self::PackageClient as usize + 1;

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Status => "status",
            Self::Category => "category",
            Self::Toc => "toc",
            Self::Client => "client",
            Self::Hub => "hub",
            Self::Shipped => "shipped",
            Self::ShippedMonth => "shipped_month",
            Self::Created => "created",
            Self::Vehicle => "vehicle",
            Self::Package => "package",
            Self::PackageClient => "package_client",
        }
    }
}

/// A value of a dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Value<'a> {
    Text(&'a str),
    Day(NaiveDate),
    /// The month of a day.
    Month {
        year: i32,
        month: u32,
    },
}

impl Value<'_> {
    pub fn month(day: NaiveDate) -> Self {
        Self::Month { year: day.year(), month: day.month() }
    }
}

impl Display for Value<'_> {
    /// As it is stored: days and months in the order of time.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Day(day) => {
                let year = day.year().clamp(0, 9999);
                write!(f, "{year:04}-{:02}-{:02}", day.month(), day.day())
            }
            Self::Month { year, month } => write!(f, "{:04}-{month:02}", year.clamp(&0, &9999)),
        }
    }
}

/// A leg's position, and its values of the dimensions; not the vehicle, which only trips have.
#[derive(Debug, Clone, Copy)]
pub struct Marks<'a> {
    pub position: i64,
    pub status: &'a str,
    pub category: &'a str,
    pub toc: &'a str,
    pub client: Option<&'a str>,
    pub hub: Option<&'a str>,
    pub shipped: NaiveDate,
    pub created: NaiveDate,
}

impl<'a> Marks<'a> {
    pub fn values(&self) -> impl Iterator<Item = (Dimension, Value<'a>)> {
        let values = [
            (Dimension::All, Some(Value::Text(""))),
            (Dimension::Status, Some(Value::Text(self.status))),
            (Dimension::Category, Some(Value::Text(self.category))),
            (Dimension::Toc, Some(Value::Text(self.toc))),
            (Dimension::Client, self.client.map(Value::Text)),
            (Dimension::Hub, self.hub.map(Value::Text)),
            (Dimension::Shipped, Some(Value::Day(self.shipped))),
            (Dimension::ShippedMonth, Some(Value::month(self.shipped))),
            (Dimension::Created, Some(Value::Day(self.created))),
        ];
        values.into_iter().filter_map(|(dimension, value)| Some((dimension, value?)))
    }
}

/// The marks of a leg as they were read.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = legs, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg))]
pub struct MarksRow {
    pub position: i64,
    category: String,
    toc: String,
    client: Option<String>,
    hub_id: Option<String>,
    shipment_date: NaiveDate,
    pub created_at: InstantValue,
}

impl MarksRow {
    /// The marks with the leg's status, which its result has.
    pub fn marks(&self, status: LegStatus) -> Marks<'_> {
        Marks {
            position: self.position,
            status: status.as_str(),
            category: &self.category,
            toc: &self.toc,
            client: self.client.as_deref(),
            hub: self.hub_id.as_deref(),
            shipped: self.shipment_date,
            created: self.created_at.get().date_naive(),
        }
    }
}
