//! The catalogue: what is made can be found, changed, listed and deleted, by its own tenant only.

use super::make::{NOW_MS, event_with};
use super::{World, audit};
use crate::ports::{
    ApiKey, AuditEntry, Page, PageRequest, PriceOverride, Project, Role, Session, StoreError, StoreResult,
    TenantId, User,
};
use meterwire_core::dimension::Dimension;
use std::fmt::Debug;

pub(super) fn first(limit: usize) -> PageRequest {
    PageRequest { after: None, limit }
}

/// Reads a list to its end, a page at a time.
pub(super) async fn all<T>(limit: usize, list: impl AsyncFn(PageRequest) -> StoreResult<Page<T>>) -> Vec<T> {
    let (mut items, mut request) = (Vec::new(), first(limit));
    loop {
        let page = list(request.clone()).await.unwrap();
        assert!(page.items.len() <= limit);
        items.extend(page.items);
        match page.next {
            Some(next) => request.after = Some(next),
            None => return items,
        }
    }
}

pub(super) fn assert_conflict<T: Debug>(result: StoreResult<T>) {
    assert!(matches!(result, Err(StoreError::Conflict(_))), "{result:?}");
}

pub(super) fn assert_not_found<T: Debug>(result: StoreResult<T>) {
    assert!(matches!(result, Err(StoreError::NotFound(_))), "{result:?}");
}

/// Made, found, listed by slug, changed; deleted only without events.
pub fn tenants(world: &World) {
    world.run(async {
        let catalog = &world.stores.catalog;
        let tenant = world.new_tenant().await;
        assert_eq!(tenant.created_ms, NOW_MS);
        assert_eq!(catalog.tenant(&tenant.slug).await.unwrap(), Some(tenant.clone()));
        assert_eq!(catalog.tenant_by_id(tenant.id).await.unwrap(), Some(tenant.clone()));
        assert_eq!(catalog.tenant("nobody").await.unwrap(), None);
        assert_conflict(catalog.create_tenant(&tenant.slug, "x", "UTC", audit("tenant.create", "x")).await);

        let change = audit("tenant.update", &tenant.slug);
        let changed = catalog.update_tenant(tenant.id, "Acme", "Europe/Berlin", change).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.timezone.as_str()), ("Acme", "Europe/Berlin"));
        assert_eq!(catalog.tenant(&tenant.slug).await.unwrap(), Some(changed.clone()));
        let nobody = TenantId(987_654_321);
        assert_not_found(catalog.update_tenant(nobody, "x", "UTC", audit("tenant.update", "x")).await);
        assert_not_found(catalog.delete_tenant(nobody, audit("tenant.delete", "x")).await);

        for _ in 0..3 {
            world.new_tenant().await;
        }
        let slugs: Vec<_> = all(2, async |page| catalog.tenants(page).await)
            .await
            .into_iter()
            .map(|tenant| tenant.slug)
            .collect();
        assert!(slugs.is_sorted() && slugs.len() == 4, "{slugs:?}");

        let empty = world.new_tenant().await;
        catalog.create_user(empty.id, a_user("u"), audit("user.create", "u")).await.unwrap();
        catalog.delete_tenant(empty.id, audit("tenant.delete", &empty.slug)).await.unwrap();
        assert_eq!(catalog.tenant(&empty.slug).await.unwrap(), None);
        assert_eq!(catalog.user(empty.id, "u").await.unwrap(), None);
        world.append(tenant.id, &[event_with("a", |_| ())]).await;
        assert_conflict(catalog.delete_tenant(tenant.id, audit("tenant.delete", "x")).await);
        world.stores.ledger.void(tenant.id, "default", "a", audit("event.void", "a")).await.unwrap();
        assert_conflict(catalog.delete_tenant(tenant.id, audit("tenant.delete", "x")).await);
    });
}

fn a_key(id: &str, tenant: Option<TenantId>) -> ApiKey {
    ApiKey {
        id: id.to_owned(),
        tenant,
        name: "prod".to_owned(),
        role: Role::Member,
        prefix: format!("mw_{id}"),
        hash: [1; 32],
        user: Some("u-1".to_owned()),
        project: None,
        created_ms: NOW_MS,
        expires_ms: Some(NOW_MS + 1),
        revoked_ms: None,
        last_used_ms: None,
    }
}

/// Found by prefix, rotated, revoked, noted as used; those of the instance and of tenants do not mix.
pub fn keys(world: &World) {
    world.run(async {
        let catalog = &world.stores.catalog;
        let (one, two) = (Some(world.new_tenant().await.id), Some(world.new_tenant().await.id));
        for (id, tenant) in [("k1", one), ("k2", one), ("k3", one), ("k4", two)] {
            catalog.create_key(a_key(id, tenant), audit("key.create", id)).await.unwrap();
        }
        // Keys of tenants are none of the instance.
        let first = async |id| catalog.create_first_key(a_key(id, None), audit("key.create", id)).await;
        assert_eq!((first("k0").await.unwrap(), first("k8").await.unwrap()), (true, false));
        assert_eq!(catalog.key_by_prefix("mw_k1").await.unwrap(), Some(a_key("k1", one)));
        assert_eq!(catalog.key(one, "k1").await.unwrap(), Some(a_key("k1", one)));
        for (tenant, id) in [(two, "k1"), (None, "k1"), (one, "k0")] {
            assert_eq!(catalog.key(tenant, id).await.unwrap(), None, "{id} of {tenant:?}");
            assert_not_found(catalog.revoke_key(tenant, id, audit("key.revoke", id)).await);
            assert_not_found(catalog.rotate_key(tenant, id, "mw_x", [2; 32], audit("key.rotate", id)).await);
        }
        let ids = async |tenant| -> Vec<String> {
            all(2, async |page| catalog.keys(tenant, page).await)
                .await
                .into_iter()
                .map(|key| key.id)
                .collect()
        };
        assert_eq!(
            (ids(one).await, ids(two).await, ids(None).await),
            (
                vec!["k1".to_owned(), "k2".to_owned(), "k3".to_owned()],
                vec!["k4".to_owned()],
                vec!["k0".to_owned()],
            )
        );

        let taken = ApiKey { prefix: "mw_k1".to_owned(), ..a_key("k9", two) };
        assert_conflict(catalog.create_key(taken, audit("key.create", "k9")).await);
        assert_conflict(catalog.rotate_key(one, "k2", "mw_k1", [2; 32], audit("key.rotate", "k2")).await);
        let nobody = a_key("k9", Some(TenantId(987_654_321)));
        assert_not_found(catalog.create_key(nobody, audit("key.create", "k9")).await);

        let rotated =
            catalog.rotate_key(one, "k2", "mw_new", [2; 32], audit("key.rotate", "k2")).await.unwrap();
        assert_eq!(rotated, ApiKey { prefix: "mw_new".to_owned(), hash: [2; 32], ..a_key("k2", one) });
        assert_eq!(catalog.key_by_prefix("mw_k2").await.unwrap(), None);
        assert_eq!(catalog.key_by_prefix("mw_new").await.unwrap(), Some(rotated));

        catalog.touch_key("k1", NOW_MS + 60_000).await.unwrap();
        catalog.touch_key("k1", NOW_MS).await.unwrap();
        assert_eq!(catalog.key(one, "k1").await.unwrap().unwrap().last_used_ms, Some(NOW_MS + 60_000));

        catalog.revoke_key(one, "k1", audit("key.revoke", "k1")).await.unwrap();
        let later = crate::ports::Audit { at_ms: NOW_MS + 5, ..audit("key.revoke", "k1") };
        catalog.revoke_key(one, "k1", later).await.unwrap();
        assert_eq!(catalog.key_by_prefix("mw_k1").await.unwrap().unwrap().revoked_ms, Some(NOW_MS));
    });
}

/// A session is found with its key, and ends by itself, by hand, and with its key or the key's token.
pub fn sessions(world: &World) {
    world.run(async {
        let catalog = &world.stores.catalog;
        let tenant = Some(world.new_tenant().await.id);
        let key = a_key("session-key", tenant);
        catalog.create_key(key.clone(), audit("key.create", &key.id)).await.unwrap();
        let session = |hash: u8, expires_ms| Session { hash: [hash; 32], key_id: key.id.clone(), expires_ms };
        let create = async |session| catalog.create_session(session, NOW_MS).await;

        create(session(1, NOW_MS + 10)).await.unwrap();
        assert_eq!(catalog.session([1; 32]).await.unwrap(), Some((session(1, NOW_MS + 10), key.clone())));
        assert_eq!(catalog.session([9; 32]).await.unwrap(), None);
        assert_not_found(create(Session { key_id: "nobody".to_owned(), ..session(2, NOW_MS) }).await);

        catalog.create_session(session(2, NOW_MS + 99), NOW_MS + 50).await.unwrap();
        assert_eq!(catalog.session([1; 32]).await.unwrap(), None, "an ended session is forgotten");
        catalog.delete_session([2; 32]).await.unwrap();
        assert_eq!(catalog.session([2; 32]).await.unwrap(), None);

        create(session(3, NOW_MS + 10)).await.unwrap();
        catalog.rotate_key(tenant, &key.id, "mw_rotated", [5; 32], audit("key.rotate", "k")).await.unwrap();
        assert_eq!(catalog.session([3; 32]).await.unwrap(), None, "the old token ends with its sessions");
        create(session(4, NOW_MS + 10)).await.unwrap();
        catalog.revoke_key(tenant, &key.id, audit("key.revoke", "k")).await.unwrap();
        assert_eq!(catalog.session([4; 32]).await.unwrap(), None);
    });
}

pub(super) fn a_user(id: &str) -> User {
    User { id: id.to_owned(), username: "Ada".to_owned(), tier: "pro".to_owned(), created_ms: NOW_MS }
}

/// Made by hand or by their first event, with tier `free`; deleted and seen again, made again.
pub fn users(world: &World) {
    world.run(async {
        let catalog = &world.stores.catalog;
        let (one, two) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let sighting =
            |id: &str| event_with(id, |sent| sent.labels.set(Dimension::User, Some("u-1".to_owned())));
        let seen = User { username: "u-1".to_owned(), tier: "free".to_owned(), ..a_user("u-1") };

        catalog.create_user(one, a_user("u-2"), audit("user.create", "u-2")).await.unwrap();
        assert_conflict(catalog.create_user(one, a_user("u-2"), audit("user.create", "u-2")).await);
        assert_not_found(
            catalog.create_user(TenantId(987_654_321), a_user("x"), audit("user.create", "x")).await,
        );
        world.append(one, &[sighting("a")]).await;
        assert_eq!(catalog.user(one, "u-1").await.unwrap(), Some(seen.clone()));
        assert_eq!(catalog.user(two, "u-1").await.unwrap(), None);
        assert_eq!(all(1, async |page| catalog.users(one, page).await).await, [seen.clone(), a_user("u-2")]);

        let paying = User { tier: "enterprise".to_owned(), username: "Eve".to_owned(), ..a_user("u-1") };
        catalog.update_user(one, paying.clone(), audit("user.update", "u-1")).await.unwrap();
        world.append(one, &[sighting("b")]).await;
        assert_eq!(catalog.user(one, "u-1").await.unwrap(), Some(paying), "an event changes no tier");
        assert_not_found(catalog.update_user(two, a_user("u-1"), audit("user.update", "u-1")).await);
        assert_not_found(catalog.delete_user(two, "u-1", audit("user.delete", "u-1")).await);

        catalog.delete_user(one, "u-1", audit("user.delete", "u-1")).await.unwrap();
        assert_eq!(catalog.user(one, "u-1").await.unwrap(), None);
        assert_eq!(world.calls(one).await, 2, "the events stay");
        world.append(one, &[sighting("c")]).await;
        assert_eq!(catalog.user(one, "u-1").await.unwrap(), Some(seen));
    });
}

/// Like users.
pub fn projects(world: &World) {
    world.run(async {
        let catalog = &world.stores.catalog;
        let (one, two) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let project = |slug: &str| Project {
            slug: slug.to_owned(),
            name: slug.to_owned(),
            department: None,
            team: None,
            created_ms: NOW_MS,
        };
        let sighting =
            |id: &str| event_with(id, |sent| sent.labels.set(Dimension::Project, Some("p-1".to_owned())));

        catalog.create_project(one, project("p-2"), audit("project.create", "p-2")).await.unwrap();
        assert_conflict(catalog.create_project(one, project("p-2"), audit("project.create", "p-2")).await);
        world.append(one, &[sighting("a")]).await;
        assert_eq!(
            all(1, async |page| catalog.projects(one, page).await).await,
            [project("p-1"), project("p-2")]
        );
        assert_eq!(catalog.project(two, "p-1").await.unwrap(), None);

        let named =
            Project { department: Some("care".to_owned()), team: Some("t".to_owned()), ..project("p-1") };
        catalog.update_project(one, named.clone(), audit("project.update", "p-1")).await.unwrap();
        assert_eq!(catalog.project(one, "p-1").await.unwrap(), Some(named));
        assert_not_found(catalog.update_project(two, project("p-1"), audit("project.update", "p-1")).await);
        assert_not_found(catalog.delete_project(two, "p-1", audit("project.delete", "p-1")).await);
        catalog.delete_project(one, "p-1", audit("project.delete", "p-1")).await.unwrap();
        assert_eq!(catalog.project(one, "p-1").await.unwrap(), None);
        world.append(one, &[sighting("b")]).await;
        assert_eq!(catalog.project(one, "p-1").await.unwrap(), Some(project("p-1")));
    });
}

/// Kept as they are given.
pub fn prices(world: &World) {
    world.run(async {
        let catalog = &world.stores.catalog;
        let (one, two) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let price = |id: &str| PriceOverride {
            id: id.to_owned(),
            provider: "openai".to_owned(),
            model: "gpt-4o".to_owned(),
            from_ms: None,
            until_ms: Some(NOW_MS),
            rates: r#"{"input":"2.50","output":"10.00"}"#.to_owned(),
            created_ms: NOW_MS,
        };
        for id in ["a", "b", "c"] {
            catalog.create_price(one, price(id), audit("price.create", id)).await.unwrap();
        }
        assert_conflict(catalog.create_price(one, price("a"), audit("price.create", "a")).await);
        assert_eq!(catalog.price(one, "a").await.unwrap(), Some(price("a")));
        assert_eq!(catalog.price(two, "a").await.unwrap(), None);
        assert_eq!(
            all(2, async |page| catalog.prices(one, page).await).await,
            [price("a"), price("b"), price("c")]
        );

        let changed = PriceOverride { model: "gpt-5".to_owned(), from_ms: Some(1), ..price("b") };
        catalog.update_price(one, changed.clone(), audit("price.update", "b")).await.unwrap();
        assert_eq!(catalog.price(one, "b").await.unwrap(), Some(changed));
        assert_not_found(catalog.update_price(two, price("b"), audit("price.update", "b")).await);
        assert_not_found(catalog.delete_price(two, "b", audit("price.delete", "b")).await);
        catalog.delete_price(one, "b", audit("price.delete", "b")).await.unwrap();
        assert_eq!(catalog.price(one, "b").await.unwrap(), None);
    });
}

/// Newest first, paged, each tenant its own; making and deleting a tenant is told in the instance's.
pub fn the_audit_log_tells_of_every_change_and_of_no_refused_one(world: &World) {
    world.run(async {
        let catalog = &world.stores.catalog;
        let (tenant, other) = (world.new_tenant().await, world.new_tenant().await);
        let told = async |tenant| -> Vec<AuditEntry> {
            all(2, async |page| catalog.audit(tenant, page).await).await
        };
        let actions = |entries: &[AuditEntry]| -> Vec<(String, String)> {
            entries.iter().map(|entry| (entry.action.clone(), entry.target.clone())).collect()
        };
        let pair = |action: &str, target: &str| (action.to_owned(), target.to_owned());
        assert_eq!(
            actions(&told(None).await),
            [pair("tenant.create", &other.slug), pair("tenant.create", &tenant.slug),]
        );

        let id = tenant.id;
        catalog.update_tenant(id, "x", "UTC", audit("tenant.update", "x")).await.unwrap();
        catalog.create_user(id, a_user("u"), audit("user.create", "u")).await.unwrap();
        assert_conflict(catalog.create_user(id, a_user("u"), audit("user.create", "refused")).await);
        assert_not_found(catalog.delete_user(id, "nobody", audit("user.delete", "refused")).await);
        let rotated =
            catalog.rotate_key(Some(id), "nobody", "mw_x", [2; 32], audit("key.rotate", "refused")).await;
        assert_not_found(rotated);
        catalog.create_key(a_key("audited", Some(id)), audit("key.create", "audited")).await.unwrap();
        catalog.revoke_key(Some(id), "audited", audit("key.revoke", "audited")).await.unwrap();
        catalog.delete_user(id, "u", audit("user.delete", "u")).await.unwrap();
        let entries = told(Some(id)).await;
        assert_eq!(
            actions(&entries),
            [
                pair("user.delete", "u"),
                pair("key.revoke", "audited"),
                pair("key.create", "audited"),
                pair("user.create", "u"),
                pair("tenant.update", "x"),
            ]
        );
        assert!(entries.iter().all(|entry| entry.actor == "conformance" && entry.at_ms == NOW_MS));
        assert!(entries.is_sorted_by(|a, b| a.seq > b.seq));
        assert_eq!(told(Some(other.id)).await, []);

        catalog.delete_tenant(other.id, audit("tenant.delete", &other.slug)).await.unwrap();
        assert_eq!(actions(&told(None).await)[0], pair("tenant.delete", &other.slug));
    });
}

/// Settings are kept; a probe writes.
pub fn settings_and_probe(world: &World) {
    world.run(async {
        let catalog = &world.stores.catalog;
        assert_eq!(catalog.setting("demo").await.unwrap(), None);
        for value in ["1", "2"] {
            catalog.set_setting("demo", value).await.unwrap();
            assert_eq!(catalog.setting("demo").await.unwrap().as_deref(), Some(value));
        }
        world.stores.ledger.probe().await.unwrap();
        world.stores.ledger.probe().await.unwrap();
    });
}
