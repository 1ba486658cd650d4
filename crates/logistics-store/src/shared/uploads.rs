//! Files that were uploaded by hand.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use logistics_domain::ids::{OrganizationId, UploadId};
use logistics_domain::ports::StoreError;
use logistics_domain::uploads::{KEPT_FOR, MOST_UPLOADS, NewUpload, Upload, UploadRepository, Uploads};
use uuid::Uuid;

use super::Store;
use super::backend::Connection;
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::records::impossible;
use crate::schema::uploads;

impl Uploads for Store {
    fn uploads(&self, organization: OrganizationId) -> Box<dyn UploadRepository> {
        Box::new(StoredUploads { store: self.clone(), organization: UidValue(organization.0) })
    }
}

struct StoredUploads {
    store: Store,
    organization: UidValue,
}

#[async_trait]
impl UploadRepository for StoredUploads {
    async fn keep(&self, upload: NewUpload, at: DateTime<Utc>) -> Result<Upload, StoreError> {
        let organization = self.organization;
        self.store.write(move |connection| keep(connection, organization, &upload, at)).await
    }

    async fn list(&self, at: DateTime<Utc>) -> Result<Vec<Upload>, StoreError> {
        let organization = self.organization;
        let listed = self.store.read(move |connection| {
            let rows = uploads::table
                .filter(uploads::organization_id.eq(organization))
                .filter(uploads::created_at.gt(oldest(at)))
                .order((uploads::created_at.desc(), uploads::id.desc()))
                .select(ABOUT)
                .load::<About>(connection)?;
            rows.into_iter().map(upload).collect()
        });
        listed.await
    }

    async fn find(&self, id: UploadId, at: DateTime<Utc>) -> Result<Option<(Upload, Vec<u8>)>, StoreError> {
        let organization = self.organization;
        let found = self.store.read(move |connection| {
            let row: Option<(About, Vec<u8>)> = uploads::table
                .find((organization, UidValue(id.0)))
                .filter(uploads::created_at.gt(oldest(at)))
                .select((ABOUT, uploads::content))
                .first(connection)
                .optional()?;
            row.map(|(about, content)| Ok((upload(about)?, content))).transpose()
        });
        found.await
    }

    async fn renew(&self, id: UploadId, at: DateTime<Utc>) -> Result<Option<UploadId>, StoreError> {
        let (organization, anew) = (self.organization, UidValue(Uuid::now_v7()));
        let renewed = self.store.write(move |connection| {
            let kept = uploads::table
                .find((organization, UidValue(id.0)))
                .filter(uploads::created_at.gt(oldest(at)));
            let now = uploads::created_at.eq(InstantValue::new(at));
            Ok(diesel::update(kept).set((uploads::id.eq(anew), now)).execute(connection)?)
        });
        Ok((renewed.await? == 1).then_some(UploadId(anew.0)))
    }

    async fn forget(&self, id: UploadId) -> Result<(), StoreError> {
        let organization = self.organization;
        let forgotten = self.store.write(move |connection| {
            diesel::delete(uploads::table.find((organization, UidValue(id.0)))).execute(connection)?;
            Ok(())
        });
        forgotten.await
    }
}

type About = (UidValue, String, i32, InstantValue);

const ABOUT: (uploads::id, uploads::name, uploads::records, uploads::created_at) =
    (uploads::id, uploads::name, uploads::records, uploads::created_at);

fn upload((id, name, records, at): About) -> Result<Upload, WorkError> {
    let records = u32::try_from(records).map_err(|_range| impossible("records", records))?;
    Ok(Upload { id: UploadId(id.0), name, records, uploaded_at: at.get() })
}

fn keep(
    connection: &mut Connection,
    organization: UidValue,
    new: &NewUpload,
    at: DateTime<Utc>,
) -> Result<Upload, WorkError> {
    diesel::delete(uploads::table.filter(uploads::created_at.le(oldest(at)))).execute(connection)?;
    let own = uploads::organization_id.eq(organization);
    let same = uploads::table.filter(own).filter(uploads::digest.eq(new.digest.as_slice()));
    if let Some(there) = same.select(ABOUT).first::<About>(connection).optional()? {
        return upload(there);
    }
    let newest = uploads::table.filter(own).order((uploads::created_at.desc(), uploads::id.desc()));
    let beyond: Vec<UidValue> = newest
        .select(uploads::id)
        .offset(i64::try_from(MOST_UPLOADS).unwrap_or(i64::MAX) - 1)
        .load(connection)?;
    diesel::delete(uploads::table.filter(own).filter(uploads::id.eq_any(beyond))).execute(connection)?;
    let about = (
        UidValue(Uuid::now_v7()),
        new.name.clone(),
        i32::try_from(new.records).map_err(|_range| impossible("records", new.records))?,
        InstantValue::new(at),
    );
    diesel::insert_into(uploads::table)
        .values((
            own,
            uploads::id.eq(about.0),
            uploads::created_at.eq(about.3),
            uploads::name.eq(&about.1),
            uploads::records.eq(about.2),
            uploads::digest.eq(new.digest.as_slice()),
            uploads::content.eq(&new.content),
        ))
        .execute(connection)?;
    upload(about)
}

/// The time before which files are no longer kept.
fn oldest(at: DateTime<Utc>) -> InstantValue {
    InstantValue::new(at - KEPT_FOR)
}
