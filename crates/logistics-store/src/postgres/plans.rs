//! What PostgreSQL does for lists, asked of PostgreSQL.

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Text;
use logistics_domain::Category;
use logistics_domain::ids::OrganizationId;
use logistics_domain::leg::{AnyOf, Days, LegFilter, LegStatus};
use logistics_domain::ports::Page;
use logistics_testkit::postgres::TestDatabase;
use uuid::Uuid;

use super::PostgresStore;
use super::shared::read::{page_ids, with_results};
use super::shared::select::selected;
use crate::columns::UidValue;
use crate::schema::{leg_results, legs, packages};

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
    INSERT INTO packages (organization_id, id, movement_id, package_key, created_at, updated_at)
    SELECT lpad((n / 20000)::text, 32, '0')::uuid, lpad(n::text, 32, '0')::uuid, 'M' || n / 3, 'P' || n, now(), now()
    FROM generate_series(0, 20099) AS n;
    INSERT INTO legs (organization_id, id, created_at, updated_at, status, load_unit, load_factor, toc, toc_estimated,
        category, year, cleaning, shipment_date, movement_id, client, subcontractor, hub_id, package_id)
    SELECT lpad((n / 20000)::text, 32, '0')::uuid, lpad(n::text, 32, '0')::uuid, now() + n * interval '1 minute', now(),
        CASE WHEN n % 100 = 0 THEN 'error' ELSE 'active' END, 'kg', 1, 'toc' || n % 5, false,
        CASE WHEN n % 7 = 0 THEN 'rail' ELSE 'road' END, 2025, false, date '2025-01-01' + n / 100, 'M' || n / 3,
        'C' || n % 50, false, 'H' || n % 20, lpad(n::text, 32, '0')::uuid
    FROM generate_series(0, 20099) AS n;
    VACUUM ANALYZE legs; VACUUM ANALYZE packages";

fn filled() -> Option<(TestDatabase, PgConnection)> {
    let database = TestDatabase::create(&|url| PostgresStore::migrate(url).unwrap())?;
    let mut connection = PgConnection::establish(database.url()).unwrap();
    for statement in FILL.split(';') {
        connection.batch_execute(statement).unwrap();
    }
    Some((database, connection))
}

#[test]
fn lists_are_found_in_indexes() {
    let Some((_database, mut connection)) = filled() else { return };
    let text = |text: &str| AnyOf::these(vec![text.to_owned()]);
    let all = LegFilter::default;
    let day = NaiveDate::from_ymd_opt(2025, 1, 4);
    let cases = [
        (all(), "legs_newest"),
        (LegFilter { movements: text("M7"), ..all() }, "legs_movement"),
        (LegFilter { packages: text("P7"), ..all() }, "legs_package"),
        (LegFilter { clients: text("C7"), ..all() }, "legs_client"),
        (LegFilter { shipped: Days { from: day, until: day }, ..all() }, "legs_shipped"),
        (LegFilter { hubs: text("H7"), ..all() }, "legs_hub"),
        (LegFilter { statuses: AnyOf::these(vec![LegStatus::Error]), ..all() }, "legs_status"),
        (LegFilter { tocs: text("toc1"), clients: text("C7"), ..all() }, "legs_client"),
        // Six of seven: to count them the whole table may be read.
        (LegFilter { categories: AnyOf::these(vec![Category::Road]), ..all() }, ""),
    ];
    for (filter, index) in cases {
        let page = Page { number: 1, size: 10 };
        let page =
            plan(&mut connection, page_ids(OrganizationId(Uuid::nil()), &filter, page).select(legs::id));
        assert!(page.contains("Index") && !page.contains("Seq Scan on legs"), "{filter:?}\n{page}");
        let total = plan(&mut connection, selected(OrganizationId(Uuid::nil()), &filter).count());
        assert!(filter == all() || total.contains(index), "{filter:?} is not found in {index}\n{total}");
    }
}

#[test]
fn records_are_found_by_their_keys() {
    let Some((_database, mut connection)) = filled() else { return };
    let ids = [UidValue(Uuid::nil()), UidValue(Uuid::max())];
    let whole = with_results(UidValue(Uuid::nil()), &ids).select((
        legs::toc,
        packages::package_key.nullable(),
        leg_results::total_wtw.nullable(),
    ));
    connection.batch_execute("SET enable_seqscan = off").unwrap();
    let plan = plan(&mut connection, whole);
    for index in ["legs_pkey", "packages_pkey", "leg_results_"] {
        assert!(plan.contains(index), "{plan}");
    }
    assert!(!plan.contains("Seq Scan"), "{plan}");
}
