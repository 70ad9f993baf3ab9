//! Identity: an event counts once, whatever its sender does.

use super::make::{event, event_with};
use super::{World, audit};
use crate::ports::{StoreError, TenantId, Verdict, Voided};
use Verdict::{Conflict, Duplicate, Stored};

/// A retry is recognised and changes no number.
pub fn the_same_event_twice_is_a_duplicate(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        assert_eq!(world.append(tenant, &[event("a"), event("b")]).await, [Stored, Stored]);
        assert_eq!(
            world.append(tenant, &[event("b"), event("c"), event("a")]).await,
            [Duplicate, Stored, Duplicate]
        );
        assert_eq!(world.calls(tenant).await, 3);
    });
}

/// The first one stays.
pub fn another_event_with_the_same_id_is_a_conflict(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let other = event_with("a", |sent| sent.tokens.input_uncached = 999);
        assert_eq!(world.append(tenant, &[event("a")]).await, [Stored]);
        assert_eq!(world.append(tenant, &[other]).await, [Conflict]);
        let rows = world.stores.usage.aggregate(tenant, super::make::whole()).await.unwrap();
        assert_eq!((rows[0].totals.calls, rows[0].totals.tokens[0]), (1, 10));
    });
}

/// Also within one batch.
pub fn a_batch_may_hold_an_event_twice(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let other = event_with("a", |sent| sent.status = Some(500));
        let verdicts = world.append(tenant, &[event("a"), event("a"), other, event("b")]).await;
        assert_eq!(verdicts, [Stored, Duplicate, Conflict, Stored]);
        assert_eq!(world.calls(tenant).await, 2);
    });
}

/// Identity is tenant, source and id together.
pub fn sources_and_tenants_do_not_share_ids(world: &World) {
    world.run(async {
        let (one, two) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let elsewhere = event_with("a", |sent| sent.source = Some("elsewhere".to_owned()));
        assert_eq!(world.append(one, &[event("a"), elsewhere.clone()]).await, [Stored, Stored]);
        assert_eq!(world.append(two, &[elsewhere, event("a")]).await, [Stored, Stored]);
        assert_eq!((world.calls(one).await, world.calls(two).await), (2, 2));
        // Where one text ends and the next begins makes a difference too.
        let shifted = event_with("ba", |sent| sent.source = Some("a".to_owned()));
        let other_way = event_with("a", |sent| sent.source = Some("ab".to_owned()));
        assert_eq!(world.append(one, &[shifted, other_way]).await, [Stored, Stored]);
    });
}

/// Sending a voided event again does not bring it back.
pub fn a_voided_event_keeps_its_identity(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        world.append(tenant, &[event("a"), event("b")]).await;
        let voided = world.stores.ledger.void(tenant, "default", "a", audit("event.void", "default/a")).await;
        assert_eq!(voided.unwrap(), Voided::Now);
        assert_eq!(world.calls(tenant).await, 1);
        let other = event_with("a", |sent| sent.status = Some(500));
        assert_eq!(world.append(tenant, &[event("a"), other]).await, [Duplicate, Conflict]);
        assert_eq!(world.calls(tenant).await, 1);
    });
}

/// The second time it is only told so.
pub fn voiding_twice_changes_nothing_more(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        world.append(tenant, &[event("a"), event("b")]).await;
        for expected in [Voided::Now, Voided::Already, Voided::Already] {
            let voided =
                world.stores.ledger.void(tenant, "default", "b", audit("event.void", "default/b")).await;
            assert_eq!(voided.unwrap(), expected);
        }
        assert_eq!(world.calls(tenant).await, 1);
        let page = crate::ports::PageRequest { after: None, limit: 10 };
        let entries = world.stores.catalog.audit(Some(tenant), page).await.unwrap().items;
        assert_eq!(entries.iter().filter(|entry| entry.action == "event.void").count(), 1);
    });
}

/// Another tenant's event is not there either.
pub fn what_is_not_there_cannot_be_voided(world: &World) {
    world.run(async {
        let (one, two) = (world.new_tenant().await.id, world.new_tenant().await.id);
        world.append(one, &[event("a")]).await;
        for (tenant, source, id) in [(one, "default", "b"), (one, "other", "a"), (two, "default", "a")] {
            let voided = world.stores.ledger.void(tenant, source, id, audit("event.void", id)).await;
            assert!(matches!(voided, Err(StoreError::NotFound("event"))), "{source}/{id}: {voided:?}");
        }
        assert_eq!(world.calls(one).await, 1);
    });
}

/// Not even with a number that was once a tenant's.
pub fn a_tenant_that_does_not_exist_takes_no_events(world: &World) {
    world.run(async {
        let gone = world.new_tenant().await;
        world.stores.catalog.delete_tenant(gone.id, audit("tenant.delete", &gone.slug)).await.unwrap();
        for tenant in [gone.id, TenantId(987_654_321)] {
            let refused = world.stores.ledger.append(tenant, vec![event("a")]).await;
            assert!(matches!(refused, Err(StoreError::NotFound("tenant"))), "{refused:?}");
        }
        assert_ne!(world.new_tenant().await.id, gone.id);
    });
}
