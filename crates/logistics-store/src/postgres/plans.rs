//! What PostgreSQL does for lists, asked of PostgreSQL.

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, Binary, Text};
use logistics_domain::ids::OrganizationId;
use logistics_testkit::postgres::TestDatabase;
use uuid::Uuid;

use super::shared::index;
use super::shared::read::{hubs_of, legs_by_id, packages_by_id, results_of, trips_of};
use super::{PostgresStore, bulk, claim};
use crate::columns::{Instant, InstantValue, Uid, UidValue};
use crate::schema::{bitmaps, leg_hubs, leg_results, legs, packages, trips};

/// A query whose plan is asked for.
#[derive(QueryId)]
struct Explain<Q>(Q);

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Explain<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("EXPLAIN ");
        self.0.walk_ast(out)
    }
}

impl<Q> Query for Explain<Q> {
    type SqlType = Text;
}

impl<Q> RunQueryDsl<PgConnection> for Explain<Q> {}

fn plan(connection: &mut PgConnection, query: impl QueryFragment<Pg> + QueryId) -> String {
    let lines: Vec<String> = Explain(query).load(connection).unwrap();
    lines.join("\n")
}

/// Two organizations, of 20,000 legs and of few.
const FILL: &str = "
    INSERT INTO packages (organization_id, id, movement_id, package_key, created_at, updated_at, position)
    SELECT lpad((n / 20000)::text, 32, '0')::uuid, lpad(n::text, 32, '0')::uuid, 'M' || n / 3, 'P' || n, now(), now(), n
    FROM generate_series(0, 20099) AS n;
    INSERT INTO legs (organization_id, id, created_at, updated_at, load_unit, load_factor, toc, toc_estimated,
        category, year, cleaning, shipment_date, movement_id, client, subcontractor, hub_id, package_id, position)
    SELECT lpad((n / 20000)::text, 32, '0')::uuid, lpad(n::text, 32, '0')::uuid, now() + n * interval '1 minute', now(),
        'kg', 1, 'toc' || n % 5, false,
        CASE WHEN n % 7 = 0 THEN 'rail' ELSE 'road' END, 2025, false, date '2025-01-01' + n / 100, 'M' || n / 3,
        'C' || n % 50, false, 'H' || n % 20, lpad(n::text, 32, '0')::uuid, n
    FROM generate_series(0, 20099) AS n;
    INSERT INTO bitmaps (organization_id, dimension, value, segment, part, bits)
    SELECT lpad((n / 10000)::text, 32, '0')::uuid, 'client', 'C' || n % 50, n, lpad(n::text, 32, '0')::uuid, ''
    FROM generate_series(0, 10009) AS n;
    VACUUM ANALYZE bitmaps; VACUUM ANALYZE legs; VACUUM ANALYZE packages";

/// Three organizations with a long queue each, of which most is done.
const QUEUES: &str = "
    INSERT INTO organizations (id, name, created_at)
    SELECT lpad(n::text, 32, '0')::uuid, 'O' || n, now() FROM generate_series(1, 3) AS n;
    INSERT INTO jobs (organization_id, id, kind, state, total, succeeded, failed, refused, created_at, updated_at)
    SELECT id, id, 'bulk', 'RUNNING', 0, 0, 0, 0, now(), now() FROM organizations;
    INSERT INTO job_chunks (organization_id, job_id, number, state, records, queued_at, attempts)
    SELECT id, id, n, CASE WHEN n < 15000 THEN 'done' ELSE 'waiting' END, 500, now() + n * interval '1 ms', 0
    FROM organizations, generate_series(0, 19999) AS n;
    VACUUM ANALYZE job_chunks";

fn filled() -> Option<(TestDatabase, PgConnection)> {
    filled_with(FILL)
}

fn filled_with(rows: &str) -> Option<(TestDatabase, PgConnection)> {
    let database = TestDatabase::create(&|url| PostgresStore::migrate(url).unwrap())?;
    let mut connection = PgConnection::establish(database.url()).unwrap();
    for statement in rows.split(';') {
        connection.batch_execute(statement).unwrap();
    }
    Some((database, connection))
}

#[test]
fn lists_are_found_in_indexes() {
    let Some((_database, mut connection)) = filled() else { return };
    let own = legs::table.filter(legs::organization_id.eq(UidValue(Uuid::nil()))).select(legs::position);
    let one = |plan: String, index: &str| {
        assert!(plan.contains(index) && !plan.contains("Seq Scan"), "not found in {index}\n{plan}");
    };
    one(plan(&mut connection, index::at(OrganizationId(Uuid::nil()), &[1, 2])), "legs_position");
    one(plan(&mut connection, own.filter(legs::movement_id.eq_any(["M7"]))), "legs_movement");
    one(
        plan(&mut connection, own.filter(legs::package_id.eq_any([Some(UidValue(Uuid::nil()))]))),
        "legs_package",
    );
    let standing = diesel::sql_query(bulk::STANDING)
        .bind::<Uid, _>(UidValue(Uuid::nil()))
        .bind::<Array<Text>, _>(vec!["M7"])
        .bind::<Array<Binary>, _>(vec![b"a".as_slice()]);
    one(plan(&mut connection, standing), "Index Scan using legs_movement");
    let packages = diesel::sql_query(bulk::PACKAGES)
        .bind::<Uid, _>(UidValue(Uuid::nil()))
        .bind::<Array<Text>, _>(vec!["M7"])
        .bind::<Array<Text>, _>(vec!["P7"]);
    one(plan(&mut connection, packages), "Index Scan using packages_");
    let any = diesel::sql_query(bulk::ANY_BETWEEN)
        .bind::<Uid, _>(UidValue(Uuid::nil()))
        .bind::<Text, _>("M7")
        .bind::<Text, _>("M8");
    one(plan(&mut connection, any), "using packages_key");
    let day = NaiveDate::from_ymd_opt(2025, 1, 4).unwrap();
    let in_part = own.filter(legs::position.ge(300).and(legs::position.le(400)));
    one(plan(&mut connection, in_part.filter(legs::shipment_date.eq(day))), "legs_position");
    one(plan(&mut connection, own.order(legs::updated_at.desc()).limit(1)), "legs_updated");
    let parts = bitmaps::table
        .filter(bitmaps::organization_id.eq(UidValue(Uuid::nil())))
        .filter(bitmaps::dimension.eq("client"))
        .select(bitmaps::bits);
    one(plan(&mut connection, parts.filter(bitmaps::value.eq_any(["C7"]))), "bitmaps_pkey");
}

#[test]
fn the_next_chunk_is_found_in_its_queue() {
    let Some((_database, mut connection)) = filled_with(QUEUES) else { return };
    let now = InstantValue::new(chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::days(365_000));
    let is_due = diesel::sql_query(claim::is_any_due_sql()).bind::<Instant, _>(now).bind::<Instant, _>(now);
    let claim = diesel::sql_query(claim::claim_sql())
        .bind::<Instant, _>(now)
        .bind::<Instant, _>(now)
        .bind::<Uid, _>(UidValue(Uuid::max()))
        .bind::<Instant, _>(now)
        .bind::<Uid, _>(UidValue(Uuid::nil()));
    for plan in [plan(&mut connection, is_due), plan(&mut connection, claim)] {
        assert!(plan.contains("Scan using job_chunks_queue"), "{plan}");
        assert!(!plan.contains("Seq Scan on job_chunks") && !plan.contains("Sort"), "{plan}");
    }
}

#[test]
fn records_are_found_by_their_keys() {
    let Some((_database, mut connection)) = filled() else { return };
    let ids = [UidValue(Uuid::nil()), UidValue(Uuid::max())];
    let own = UidValue(Uuid::nil());
    connection.batch_execute("SET enable_seqscan = off").unwrap();
    for (plan, index) in [
        (plan(&mut connection, legs_by_id(own, &ids).select(legs::toc)), "legs_pkey"),
        (plan(&mut connection, results_of(own, &ids).select(leg_results::question)), "leg_results_"),
        (plan(&mut connection, hubs_of(own, &ids).select(leg_hubs::json)), "leg_hubs_pkey"),
        (plan(&mut connection, trips_of(own, &ids).select(trips::json)), "trips_pkey"),
        (plan(&mut connection, packages_by_id(own, &ids).select(packages::package_key)), "packages_pkey"),
    ] {
        assert!(plan.contains(index) && !plan.contains("Seq Scan"), "{plan}");
    }
}
