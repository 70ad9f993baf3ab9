//! Many callers at once.

use super::make::{event, event_with};
use super::{World, audit};
use crate::ports::{StoreError, Verdict};
use meterwire_core::dimension::Dimension;

/// Overlapping batches from several tasks: each event is stored by exactly one of them.
pub fn racing_appends_store_each_event_once(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let mut tasks = Vec::new();
        for task in 0..8_usize {
            let ledger = world.stores.ledger.clone();
            tasks.push(tokio::spawn(async move {
                let mut stored = 0;
                for round in 0..10_usize {
                    let first = (task * 3 + round * 7) % 50;
                    let events = (first..first + 20).map(|i| event(&format!("id-{}", i % 60))).collect();
                    let verdicts = ledger.append(tenant, events).await.unwrap();
                    assert!(!verdicts.contains(&Verdict::Conflict));
                    stored += verdicts.iter().filter(|verdict| **verdict == Verdict::Stored).count();
                }
                stored
            }));
        }
        let mut stored = 0;
        for task in tasks {
            stored += task.await.unwrap();
        }
        assert_eq!(stored, 60);
        assert_eq!(world.calls(tenant).await, 60);
    });
}

/// Refusals of every kind in between, at the same time, cost nobody else anything.
pub fn a_refused_change_does_not_harm_its_neighbours(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await;
        let mut tasks = Vec::new();
        for task in 0..40_usize {
            let (ledger, catalog) = (world.stores.ledger.clone(), world.stores.catalog.clone());
            let tenant = tenant.clone();
            tasks.push(tokio::spawn(async move {
                if task % 4 == 0 {
                    let taken =
                        catalog.create_tenant(&tenant.slug, "x", "UTC", audit("tenant.create", "x")).await;
                    assert!(matches!(taken, Err(StoreError::Conflict(_))), "{taken:?}");
                } else if task % 4 == 1 {
                    let missing =
                        ledger.void(tenant.id, "default", "missing", audit("event.void", "x")).await;
                    assert!(matches!(missing, Err(StoreError::NotFound(_))), "{missing:?}");
                } else {
                    let named = event_with(&format!("id-{task}"), |sent| {
                        sent.labels.set(Dimension::User, Some(format!("user-{task}")));
                    });
                    assert_eq!(ledger.append(tenant.id, vec![named]).await.unwrap(), [Verdict::Stored]);
                    let user = catalog.user(tenant.id, &format!("user-{task}")).await.unwrap();
                    assert_eq!(user.unwrap().tier, "free");
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(world.calls(tenant.id).await, 20);
    });
}
