//! Pinned places and avoided passages.

use logistics_domain::geography::{AliasName, AvoidedPassages, GeographySettings, Passage};

use super::{StoreUnderTest, first_organization};
use crate::records::{place, start};

pub async fn places_are_pinned_and_passages_avoided(store: &impl StoreUnderTest) {
    let (organization, _) = first_organization(store).await;
    let map = store.geography(organization);
    assert_eq!(map.settings().await.unwrap(), GeographySettings::default());

    let [hub, depot] = ["Zona Franca", "centro ÑORTE 貨"].map(|name| AliasName::of(name).unwrap());
    let (madrid, toledo) = (place("Madrid", 40.4165, -3.70256), place("Toledo", 0.1 + 0.2, -1.0 / 3.0));
    map.pin(&hub, &madrid, start()).await.unwrap();
    map.pin(&depot, &madrid, start()).await.unwrap();
    map.pin(&depot, &toledo, start()).await.unwrap();
    assert_eq!(map.aliases().await.unwrap(), [(depot.clone(), toledo), (hub.clone(), madrid.clone())]);

    assert!(map.unpin(&depot).await.unwrap());
    assert!(!map.unpin(&depot).await.unwrap());
    assert_eq!(map.aliases().await.unwrap(), [(hub.clone(), madrid.clone())]);

    let every: AvoidedPassages = Passage::ALL.into_iter().collect();
    for passages in [every, AvoidedPassages::NONE.with(Passage::Suez), AvoidedPassages::NONE] {
        map.avoid(passages).await.unwrap();
        let expected = GeographySettings::new([(hub.clone(), madrid.clone())], passages);
        assert_eq!(map.settings().await.unwrap(), expected);
    }
}
