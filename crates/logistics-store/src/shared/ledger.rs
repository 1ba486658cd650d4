//! The figures of reports. The database sums them, so that no more leaves it than a report shows.

use std::collections::{BTreeMap, HashMap, HashSet};

use async_trait::async_trait;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
use emissions_core::{Emissions, Estimates, FuelUnit, HubCategory, KgCo2e};
use logistics_domain::Category;
use logistics_domain::calculator::FactsId;
use logistics_domain::hub::HubKind;
use logistics_domain::ids::OrganizationId;
use logistics_domain::leg::{AnyOf, LegFilter, LegStatus};
use logistics_domain::ports::StoreError;
use logistics_domain::report::{
    Cell, Figures, FuelUse, HubUse, Items, Lane, Ledger, Ledgers, Remainder, Selection, Sums,
};

use super::Store;
use super::backend::{self, Connection, MONTH};
use super::index;
use super::read::read_facts;
use crate::columns::{Uid, UidValue};
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::records::{RecordError, impossible};
use crate::search_blocks::SearchBlocks;

impl Ledgers for Store {
    fn ledger(&self, organization: OrganizationId) -> Box<dyn Ledger> {
        Box::new(StoredLedger { store: self.clone(), organization })
    }
}

struct StoredLedger {
    store: Store,
    organization: OrganizationId,
}

#[async_trait]
impl Ledger for StoredLedger {
    async fn figures(&self, selection: &Selection) -> Result<Figures, StoreError> {
        let (store, organization, selection) = (self.store.clone(), self.organization, selection.clone());
        let figures = self.store.read(move |connection| {
            backend::snapshot(connection, |connection| {
                let asked = Asked::new(connection, store.blocks(), organization, selection)?;
                figures(connection, store.facts(), &asked)
            })
        });
        figures.await
    }
}

/// Legs, each with its result in force. CROSS JOIN makes SQLite begin with the legs: fewer of them are selected than there are
/// results.
const LEGS: &str = "
    FROM legs AS leg CROSS JOIN leg_results AS result";

/// The calculated legs of a selection: $1 organization, $2 and $3 the days, $4 the client, $5 and $6 the first and the last of their
/// positions.
const SELECTED: &str = "
    WHERE leg.organization_id = $1 AND leg.shipment_date >= $2 AND leg.shipment_date <= $3
        AND ($4 IS NULL OR leg.client = $4) AND leg.position >= $5 AND leg.position <= $6
        AND result.organization_id = $1 AND result.leg_id = leg.id AND result.is_current
        AND result.total_wtw IS NOT NULL";

/// A leg's load in kilograms: as given, the vehicle's average, or the activity by the distance.
const LOAD: &str = "
    CASE WHEN leg.load_unit = 'kg' AND leg.load IS NOT NULL THEN leg.load * leg.load_factor
        WHEN leg.load_unit = 'ton' AND leg.load IS NOT NULL THEN leg.load * leg.load_factor * 1000
        WHEN leg.load IS NULL AND result.default_load_kg IS NOT NULL THEN result.default_load_kg * leg.load_factor
        WHEN result.distance_km > 0 THEN result.tkm / result.distance_km * 1000 END";

const SUMS: &str = "
    count(*) AS legs, coalesce(sum(result.tkm), 0) AS tkm, coalesce(sum(result.distance_km), 0) AS distance_km,
    sum(result.total_wtw) AS total_wtw, sum(result.total_wtt) AS total_wtt, sum(result.total_ttw) AS total_ttw,
    sum(result.transport_wtw) AS transport_wtw, sum(result.transport_wtt) AS transport_wtt,
    sum(result.transport_ttw) AS transport_ttw, sum(result.hub_wtw) AS hub_wtw,
    sum(result.cleaning_wtw) AS cleaning_wtw";

/// The bounds of a selection without positions: no position lies between them.
const NOWHERE: (i64, i64) = (1, 0);

/// A selection as the statements take it.
struct Asked {
    organization: UidValue,
    from: NaiveDate,
    until: NaiveDate,
    client: Option<String>,
    /// The first and the last position of its legs.
    positions: (i64, i64),
    /// How many they are.
    legs: u64,
    /// How many of them failed.
    failed: u64,
}

impl Asked {
    fn new(
        connection: &mut Connection,
        blocks: &SearchBlocks,
        organization: OrganizationId,
        Selection { shipped, client }: Selection,
    ) -> Result<Self, WorkError> {
        let year = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
        let clients = client.clone().map_or_else(AnyOf::default, |client| AnyOf::these(vec![client]));
        let all = LegFilter { shipped, clients, ..LegFilter::default() };
        let failed = LegFilter { statuses: AnyOf::these(vec![LegStatus::Error]), ..all.clone() };
        let found = index::positions(connection, blocks, organization, &all)?;
        Ok(Self {
            organization: UidValue(organization.0),
            from: shipped.from.unwrap_or_else(|| year(1)),
            until: shipped.until.unwrap_or_else(|| year(9999)),
            client,
            positions: found.bounds().unwrap_or(NOWHERE),
            legs: found.len(),
            failed: index::positions(connection, blocks, organization, &failed)?.len(),
        })
    }

    /// Rows of a statement about legs.
    fn load<T>(&self, connection: &mut Connection, statement: &str) -> QueryResult<Vec<T>>
    where
        T: QueryableByName<backend::Backend> + 'static,
    {
        let (first, last) = self.positions;
        diesel::sql_query(statement)
            .bind::<Uid, _>(self.organization)
            .bind::<Date, _>(self.from)
            .bind::<Date, _>(self.until)
            .bind::<Nullable<Text>, _>(self.client.as_deref())
            .bind::<BigInt, _>(first)
            .bind::<BigInt, _>(last)
            .load(connection)
    }

    /// The fuels. A client has none of its own: where one is selected there is none.
    fn fuels(&self, connection: &mut Connection) -> QueryResult<Vec<FuelUseRow>> {
        if self.client.is_some() {
            return Ok(Vec::new());
        }
        diesel::sql_query(FUELS)
            .bind::<Uid, _>(self.organization)
            .bind::<Date, _>(self.from)
            .bind::<Date, _>(self.until)
            .load(connection)
    }
}

fn figures(connection: &mut Connection, stored: &StoredFacts, asked: &Asked) -> Result<Figures, WorkError> {
    let groups = asked.load::<GroupRow>(connection, &groups())?;
    let clients = by_client(&groups)?;
    let ids: HashSet<FactsId> = groups.iter().filter_map(GroupRow::facts).collect();
    let (known, mut facts, mut positions) =
        (read_facts(connection, stored, &ids)?, Vec::new(), HashMap::new());
    for (id, record) in known {
        positions.insert(id, facts.len());
        facts.push(record);
    }
    let cells = cells(groups, &positions)?;
    let all = asked.load::<ItemsRow>(connection, &items(""))?.first().map(ItemsRow::items);
    let by_category = asked.load::<ItemsRow>(connection, &items("leg.category"))?;
    let by_category: Result<BTreeMap<Category, Items>, RecordError> =
        by_category.iter().map(|row| Ok((category(&row.category)?, row.items()))).collect();
    let lanes: Result<Vec<Lane>, RecordError> =
        asked.load::<LaneRow>(connection, &lanes())?.into_iter().map(LaneRow::into_lane).collect();
    let hubs: Result<Vec<HubUse>, RecordError> =
        asked.load::<HubUseRow>(connection, &hubs())?.iter().map(HubUseRow::hub_use).collect();
    let fuels: Result<Vec<FuelUse>, RecordError> =
        asked.fuels(connection)?.into_iter().map(FuelUseRow::into_fuel_use).collect();
    let calculated: u64 = cells.iter().map(|cell| cell.sums.legs).sum();
    let pending = asked.legs.saturating_sub(asked.failed + calculated);
    Ok(Figures {
        cells,
        facts,
        clients,
        lanes: lanes?,
        items: all.unwrap_or_default(),
        items_by_category: by_category?,
        hubs: hubs?,
        fuels: fuels?,
        remainder: Remainder { pending, failed: asked.failed },
    })
}

/// The finest grouping; every figure but lanes is summed from it, so legs and results are joined once.
pub fn groups() -> String {
    format!(
        "SELECT {MONTH} AS month, leg.category, leg.toc, leg.subcontractor, leg.toc_estimated, result.estimated,
         result.facts_id, leg.client, {SUMS}, coalesce(sum({LOAD}), 0) AS load_kg {LEGS} {SELECTED}
         GROUP BY {MONTH}, leg.category, leg.toc, leg.subcontractor, leg.toc_estimated, result.estimated,
            result.facts_id, leg.client
         ORDER BY 1, 2, 3, 4, 5, 6, 7"
    )
}

/// The groups without their clients: those that differ in nothing else stand together.
fn cells(groups: Vec<GroupRow>, positions: &HashMap<FactsId, usize>) -> Result<Vec<Cell>, RecordError> {
    let mut cells: Vec<Cell> = Vec::new();
    for group in groups {
        let cell = group.into_cell(positions)?;
        match cells.last_mut() {
            Some(last) if last.is_of_the_legs_of(&cell) => last.sums.add(&cell.sums),
            _ => cells.push(cell),
        }
    }
    Ok(cells)
}

/// The groups by client, the one that emits most first.
fn by_client(groups: &[GroupRow]) -> Result<Vec<(Option<String>, Sums)>, RecordError> {
    let mut clients: BTreeMap<Option<&str>, Sums> = BTreeMap::new();
    for group in groups {
        clients.entry(group.client.as_deref()).or_default().add(&group.sums.sums()?);
    }
    let mut clients: Vec<_> = clients.into_iter().collect();
    clients.sort_by(|(_, a), (_, b)| b.total.wtw.get().total_cmp(&a.total.wtw.get()));
    Ok(clients.into_iter().map(|(client, sums)| (client.map(str::to_owned), sums)).collect())
}

fn lanes() -> String {
    format!(
        "SELECT leg.origin, leg.destination, {SUMS}, coalesce(sum({LOAD}), 0) AS load_kg {LEGS} {SELECTED}
         GROUP BY leg.origin, leg.destination
         ORDER BY sum(result.total_wtw) DESC, leg.origin, leg.destination LIMIT {}",
        <dyn Ledger>::LANES
    )
}

fn items(by: &str) -> String {
    let (shown, grouped) = if by.is_empty() {
        ("''".to_owned(), String::new())
    } else {
        (by.to_owned(), format!("GROUP BY {by}"))
    };
    format!(
        "SELECT {shown} AS category, count(DISTINCT leg.package_id) AS packages,
         count(*) - count(leg.package_id) AS loose_legs {LEGS} {SELECTED} {grouped}"
    )
}

fn hubs() -> String {
    format!(
        "SELECT hub.kind, hub.category, count(*) AS legs, sum(result.hub_wtw) AS co2e {LEGS}
         JOIN leg_hubs AS handled ON handled.organization_id = leg.organization_id AND handled.leg_id = leg.id
         JOIN hubs AS hub ON hub.organization_id = handled.organization_id AND hub.id = handled.hub_id
         {SELECTED} GROUP BY hub.kind, hub.category ORDER BY hub.kind, hub.category"
    )
}

const FUELS: &str = "
    SELECT fuel_name, unit, toc, count(*) AS recharges, sum(quantity) AS quantity, sum(wtw) AS wtw, sum(wtt) AS wtt,
        sum(ttw) AS ttw, sum(generation) AS generation
    FROM recharges
    WHERE organization_id = $1 AND date >= $2 AND date <= $3
    GROUP BY fuel_name, unit, toc ORDER BY fuel_name, unit, toc";

#[derive(QueryableByName)]
struct SumsRow {
    #[diesel(sql_type = BigInt)]
    legs: i64,
    #[diesel(sql_type = Double)]
    tkm: f64,
    #[diesel(sql_type = Double)]
    distance_km: f64,
    #[diesel(sql_type = Double)]
    load_kg: f64,
    #[diesel(sql_type = Double)]
    total_wtw: f64,
    #[diesel(sql_type = Double)]
    total_wtt: f64,
    #[diesel(sql_type = Double)]
    total_ttw: f64,
    #[diesel(sql_type = Double)]
    transport_wtw: f64,
    #[diesel(sql_type = Double)]
    transport_wtt: f64,
    #[diesel(sql_type = Double)]
    transport_ttw: f64,
    #[diesel(sql_type = Double)]
    hub_wtw: f64,
    #[diesel(sql_type = Double)]
    cleaning_wtw: f64,
}

impl SumsRow {
    fn sums(&self) -> Result<Sums, RecordError> {
        Ok(Sums {
            legs: self.legs.unsigned_abs(),
            tkm: self.tkm,
            distance_km: self.distance_km,
            load_kg: self.load_kg,
            total: emissions(self.total_wtw, self.total_wtt, self.total_ttw)?,
            transport: emissions(self.transport_wtw, self.transport_wtt, self.transport_ttw)?,
            hub: KgCo2e::new(self.hub_wtw)?,
            cleaning: KgCo2e::new(self.cleaning_wtw)?,
        })
    }
}

#[derive(QueryableByName)]
struct GroupRow {
    #[diesel(sql_type = Text)]
    month: String,
    #[diesel(sql_type = Text)]
    category: String,
    #[diesel(sql_type = Text)]
    toc: String,
    #[diesel(sql_type = Bool)]
    subcontractor: bool,
    #[diesel(sql_type = Bool)]
    toc_estimated: bool,
    #[diesel(sql_type = Nullable<Integer>)]
    estimated: Option<i32>,
    #[diesel(sql_type = Nullable<Binary>)]
    facts_id: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Text>)]
    client: Option<String>,
    #[diesel(embed)]
    sums: SumsRow,
}

impl GroupRow {
    fn facts(&self) -> Option<FactsId> {
        Some(FactsId(self.facts_id.as_deref()?.try_into().ok()?))
    }

    fn into_cell(self, positions: &HashMap<FactsId, usize>) -> Result<Cell, RecordError> {
        let facts = self.facts().and_then(|id| positions.get(&id)).copied();
        let month = format!("{}-01", self.month).parse();
        let bits = self.estimated.and_then(|bits| u16::try_from(bits).ok()).unwrap_or_default();
        let mut estimated = Estimates::from_bits(bits);
        if self.toc_estimated {
            estimated.insert(emissions_core::Estimate::Toc);
        }
        Ok(Cell {
            month: month.map_err(|_malformed| impossible("shipment_date", &self.month))?,
            category: category(&self.category)?,
            facts: facts.ok_or_else(|| impossible("facts_id", "no facts"))?,
            subcontractor: self.subcontractor,
            estimated,
            sums: self.sums.sums()?,
            toc: self.toc,
        })
    }
}

#[derive(QueryableByName)]
struct LaneRow {
    #[diesel(sql_type = Nullable<Text>)]
    origin: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    destination: Option<String>,
    #[diesel(embed)]
    sums: SumsRow,
}

impl LaneRow {
    fn into_lane(self) -> Result<Lane, RecordError> {
        Ok(Lane { sums: self.sums.sums()?, origin: self.origin, destination: self.destination })
    }
}

#[derive(QueryableByName)]
struct ItemsRow {
    #[diesel(sql_type = Text)]
    category: String,
    #[diesel(sql_type = BigInt)]
    packages: i64,
    #[diesel(sql_type = BigInt)]
    loose_legs: i64,
}

impl ItemsRow {
    fn items(&self) -> Items {
        Items { packages: self.packages.unsigned_abs(), loose_legs: self.loose_legs.unsigned_abs() }
    }
}

#[derive(QueryableByName)]
struct HubUseRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    category: Option<String>,
    #[diesel(sql_type = BigInt)]
    legs: i64,
    #[diesel(sql_type = Double)]
    co2e: f64,
}

impl HubUseRow {
    fn hub_use(&self) -> Result<HubUse, RecordError> {
        Ok(HubUse {
            kind: HubKind::from_name(&self.kind).ok_or_else(|| impossible("kind", &self.kind))?,
            category: self.category.as_deref().and_then(HubCategory::from_name),
            legs: self.legs.unsigned_abs(),
            co2e: KgCo2e::new(self.co2e)?,
        })
    }
}

#[derive(QueryableByName)]
struct FuelUseRow {
    #[diesel(sql_type = Text)]
    fuel_name: String,
    #[diesel(sql_type = Text)]
    unit: String,
    #[diesel(sql_type = Nullable<Text>)]
    toc: Option<String>,
    #[diesel(sql_type = BigInt)]
    recharges: i64,
    #[diesel(sql_type = Double)]
    quantity: f64,
    #[diesel(sql_type = Double)]
    wtw: f64,
    #[diesel(sql_type = Double)]
    wtt: f64,
    #[diesel(sql_type = Double)]
    ttw: f64,
    #[diesel(sql_type = Double)]
    generation: f64,
}

impl FuelUseRow {
    fn into_fuel_use(self) -> Result<FuelUse, RecordError> {
        Ok(FuelUse {
            unit: FuelUnit::from_name(&self.unit).ok_or_else(|| impossible("unit", &self.unit))?,
            recharges: self.recharges.unsigned_abs(),
            quantity: self.quantity,
            emissions: emissions(self.wtw, self.wtt, self.ttw)?,
            generation: KgCo2e::new(self.generation)?,
            fuel: self.fuel_name,
            toc: self.toc,
        })
    }
}

fn category(name: &str) -> Result<Category, RecordError> {
    Category::from_name(name).ok_or_else(|| impossible("category", name))
}

fn emissions(wtw: f64, wtt: f64, ttw: f64) -> Result<Emissions, RecordError> {
    Ok(Emissions { wtw: KgCo2e::new(wtw)?, wtt: KgCo2e::new(wtt)?, ttw: KgCo2e::new(ttw)? })
}
