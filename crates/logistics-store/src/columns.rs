//! Column types that every database maps to a type of its own.

use std::io::Write;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, SqlType};
use diesel::sqlite::Sqlite;
use uuid::Uuid;

/// An identifier: 16 bytes in SQLite, `uuid` in PostgreSQL.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(sqlite_type(name = "Binary"), postgres_type(oid = 2950, array_oid = 2951))]
pub struct Uid;

/// A point in time to the microsecond: microseconds since 1970-01-01 UTC in SQLite, `timestamptz` in
/// PostgreSQL.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(sqlite_type(name = "Long"), postgres_type(oid = 1184, array_oid = 1185))]
pub struct Instant;

/// The value of a [`Uid`] column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Uid)]
pub struct UidValue(pub Uuid);

/// The value of an [`Instant`] column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = Instant)]
pub struct InstantValue(DateTime<Utc>);

impl InstantValue {
    /// The microsecond that an instant lies in.
    pub fn new(at: DateTime<Utc>) -> Self {
        let beyond = at.timestamp_subsec_nanos() % 1000;
        Self(at - TimeDelta::nanoseconds(beyond.into()))
    }

    pub fn get(self) -> DateTime<Utc> {
        self.0
    }

    /// A microsecond later.
    pub fn next(self) -> Self {
        Self(self.0 + TimeDelta::microseconds(1))
    }
}

impl ToSql<Uid, Sqlite> for UidValue {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_bytes().as_slice());
        Ok(IsNull::No)
    }
}

impl<DB> FromSql<Uid, DB> for UidValue
where
    DB: Backend,
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = Vec::<u8>::from_sql(bytes)?;
        Ok(Self(Uuid::from_slice(&bytes)?))
    }
}

impl ToSql<Uid, Pg> for UidValue {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl ToSql<Instant, Sqlite> for InstantValue {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.timestamp_micros());
        Ok(IsNull::No)
    }
}

impl FromSql<Instant, Sqlite> for InstantValue {
    fn from_sql(micros: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Sqlite>>::from_sql(micros)?;
        from_micros(micros)
    }
}

/// When PostgreSQL begins to count, in microseconds since 1970: 2000-01-01 UTC.
const PG_EPOCH_MICROS: i64 = 946_684_800_000_000;

impl ToSql<Instant, Pg> for InstantValue {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let micros = self.0.timestamp_micros().saturating_sub(PG_EPOCH_MICROS);
        <i64 as ToSql<BigInt, Pg>>::to_sql(&micros, &mut out.reborrow())
    }
}

impl FromSql<Instant, Pg> for InstantValue {
    fn from_sql(micros: PgValue<'_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Pg>>::from_sql(micros)?;
        from_micros(micros.saturating_add(PG_EPOCH_MICROS))
    }
}

fn from_micros(micros: i64) -> deserialize::Result<InstantValue> {
    let at = DateTime::from_timestamp_micros(micros);
    Ok(InstantValue(at.ok_or_else(|| format!("{micros} microseconds since 1970 are beyond all calendars"))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_cut_to_the_microsecond_on_both_sides_of_1970() {
        for (nanos, micros) in [(1_999, 1), (1_000, 1), (-1, -1), (-1_000, -1), (0, 0)] {
            let at = InstantValue::new(DateTime::from_timestamp_nanos(nanos));
            assert_eq!(at.get(), DateTime::from_timestamp_micros(micros).unwrap(), "{nanos} ns");
        }
    }
}
