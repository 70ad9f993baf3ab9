//! Alerts: raised once, told to whom they should be, marked as what became of them.

use super::make::NOW_MS;
use super::{World, audit};
use crate::ports::{
    AlertFilter, Channel, DeliveryState, DueDelivery, DueRequest, NewAlert, PageRequest, StoreError,
    TenantId, Tried,
};
use meterwire_core::alert::{AlertKind, AlertRule, ChannelKind, MAX_CHANNELS_OF_TENANT, Severity};
use serde_json::json;

fn alert(key: &str) -> NewAlert {
    NewAlert {
        kind: AlertKind::LimitNear,
        key: key.to_owned(),
        severity: Severity::Warning,
        title: format!("of {key}"),
        channels: None,
        detail: json!({ "key": key }),
        user: None,
        at_ms: NOW_MS,
    }
}

fn channel(id: &str) -> Channel {
    Channel {
        id: id.to_owned(),
        name: format!("channel {id}"),
        kind: ChannelKind::Webhook,
        to: vec![],
        url: Some("https://hooks.example.com/".to_owned()),
        sealed: Some(vec![1, 2, 3]),
        enabled: true,
        off_because: None,
        created_ms: NOW_MS,
    }
}

async fn make(world: &World, tenant: TenantId, id: &str) {
    world.stores.alerts.create_channel(tenant, channel(id), audit("channel.create", id)).await.unwrap();
}

async fn raise(world: &World, tenant: TenantId, key: &str) -> bool {
    world.stores.alerts.raise_alert(tenant, alert(key)).await.unwrap()
}

fn request(now_ms: i64) -> DueRequest {
    DueRequest { now_ms, busy: vec![], after: TenantId(0), most: 100, most_of_tenant: 100 }
}

/// What is due of some tenants: tenant, key and channel, and the number of the delivery.
async fn due(world: &World, request: DueRequest, of: &[TenantId]) -> Vec<(TenantId, String, String, i64)> {
    let found = world.stores.alerts.due_deliveries(request).await.unwrap();
    let named = |due: DueDelivery| {
        let delivery = due.alert.deliveries.into_iter().next().unwrap();
        (due.tenant, due.alert.key, delivery.channel_id, delivery.seq)
    };
    found.into_iter().map(named).filter(|(tenant, ..)| of.contains(tenant)).collect()
}

fn names(found: &[(TenantId, String, String, i64)]) -> Vec<(&str, &str)> {
    found.iter().map(|(_, key, channel, _)| (key.as_str(), channel.as_str())).collect()
}

/// A key is raised once a tenant, to the channels of the alert, else of the rule, else to all that are on.
pub fn an_alert_is_raised_once_and_to_whom_it_should_be(world: &World) {
    world.run(async {
        let (tenant, other) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let alerts = &world.stores.alerts;
        for id in ["a", "b", "off"] {
            make(world, tenant, id).await;
        }
        let off = Channel { enabled: false, ..channel("off") };
        alerts.update_channel(tenant, off, audit("channel.update", "off")).await.unwrap();
        make(world, other, "a").await;
        assert!(raise(world, tenant, "limit/u/1").await);
        assert!(!raise(world, tenant, "limit/u/1").await);
        assert!(raise(world, other, "limit/u/1").await, "another tenant's is another");
        let own = NewAlert { channels: Some(vec!["b".to_owned()]), ..alert("limit/u/2") };
        assert!(alerts.raise_alert(tenant, own).await.unwrap());
        let mut rule = AlertRule::default_of(AlertKind::LimitNear);
        rule.channels = vec!["none".to_owned()];
        let refused = alerts.set_alert_rule(tenant, rule.clone(), audit("alert_rule.update", "x")).await;
        assert!(matches!(refused, Err(StoreError::Invalid(invalid)) if invalid.field == "channels.0"));
        rule.channels = vec!["a".to_owned()];
        alerts.set_alert_rule(tenant, rule.clone(), audit("alert_rule.update", "x")).await.unwrap();
        assert!(raise(world, tenant, "limit/u/3").await);
        rule.enabled = false;
        alerts.set_alert_rule(tenant, rule.clone(), audit("alert_rule.update", "x")).await.unwrap();
        assert!(!raise(world, tenant, "limit/u/4").await, "the rule is off");
        assert_eq!(alerts.alert_rule(tenant, AlertKind::LimitNear).await.unwrap(), rule);
        let page = PageRequest { after: None, limit: 2 };
        let first = alerts.alerts(tenant, AlertFilter::default(), page).await.unwrap();
        let rest = PageRequest { after: first.next.clone(), limit: 2 };
        let rest = alerts.alerts(tenant, AlertFilter::default(), rest).await.unwrap();
        let found: Vec<_> = first.items.iter().chain(&rest.items).collect();
        let keys: Vec<_> = found.iter().map(|alert| alert.key.as_str()).collect();
        assert_eq!((keys, rest.next), (vec!["limit/u/3", "limit/u/2", "limit/u/1"], None), "newest first");
        let to = |place: usize| -> Vec<&str> {
            found[place].deliveries.iter().map(|delivery| delivery.channel_id.as_str()).collect()
        };
        assert_eq!((to(0), to(1), to(2)), (vec!["a"], vec!["b"], vec!["a", "b"]));
    });
}

/// One message a channel at a time, nothing to busy ones, a few a tenant, and every tenant gets its turn.
pub fn what_is_due_is_shared_out(world: &World) {
    world.run(async {
        let (one, two) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let both = [one, two];
        for (tenant, id) in [(one, "a"), (one, "b"), (two, "c")] {
            make(world, tenant, id).await;
        }
        for tenant in both {
            raise(world, tenant, "limit/x/1").await;
            raise(world, tenant, "limit/x/2").await;
        }
        let all = due(world, request(NOW_MS), &both).await;
        assert_eq!(names(&all), [("limit/x/1", "a"), ("limit/x/1", "b"), ("limit/x/1", "c")]);
        let busy = DueRequest { busy: vec![(one, "a".to_owned())], ..request(NOW_MS) };
        assert_eq!(names(&due(world, busy.clone(), &both).await), [("limit/x/1", "b"), ("limit/x/1", "c")]);
        let few = DueRequest { most_of_tenant: 1, ..busy };
        assert_eq!(names(&due(world, few, &both).await), [("limit/x/1", "c")]);
        let after = DueRequest { after: one, most: 1, ..request(NOW_MS) };
        assert_eq!(names(&due(world, after, &both).await), [("limit/x/1", "c")]);
    });
}

/// A try is marked as what it was; who does not answer is left alone for a while, who answers again gets what waits.
pub fn tries_are_marked(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let (alerts, of) = (&world.stores.alerts, [tenant]);
        make(world, tenant, "a").await;
        for key in ["limit/x/1", "limit/x/2"] {
            raise(world, tenant, key).await;
            let first = due(world, request(NOW_MS), &of).await;
            let later = Tried::Later("it answered 500".to_owned(), NOW_MS + 1_000);
            alerts.tried_delivery(first[0].3, later, NOW_MS).await.unwrap();
            assert!(due(world, request(NOW_MS), &of).await.is_empty());
        }
        raise(world, tenant, "limit/x/3").await;
        let new = due(world, request(NOW_MS), &of).await;
        assert_eq!(names(&new), [("limit/x/3", "a")], "a new one does not wait for the old ones");
        alerts.tried_delivery(new[0].3, Tried::Delivered(None), NOW_MS).await.unwrap();
        let woken = due(world, request(NOW_MS), &of).await;
        assert_eq!(names(&woken), [("limit/x/1", "a")], "it works again");
        alerts.tried_delivery(woken[0].3, Tried::Failed("no".to_owned()), NOW_MS).await.unwrap();
        let last = due(world, request(NOW_MS), &of).await;
        alerts.tried_delivery(last[0].3, Tried::Gone("it answered 410".to_owned()), NOW_MS).await.unwrap();
        let off = alerts.channel(tenant, "a").await.unwrap().unwrap();
        assert_eq!((off.enabled, off.off_because.as_deref()), (false, Some("it answered 410")));
        let page = PageRequest { after: None, limit: 10 };
        let found = alerts.alerts(tenant, AlertFilter::default(), page).await.unwrap().items;
        let states: Vec<_> =
            found.iter().map(|alert| (alert.deliveries[0].state, alert.deliveries[0].attempts)).collect();
        let (delivered, failed) = (DeliveryState::Delivered, DeliveryState::Failed);
        assert_eq!(states, [(delivered, 1), (failed, 2), (failed, 2)]);
        let id = &found[1].id;
        assert_eq!(
            alerts.retry_alert(tenant, id, NOW_MS, audit("alert.retry", id)).await.unwrap(),
            0,
            "it is off"
        );
        alerts.update_channel(tenant, channel("a"), audit("channel.update", "a")).await.unwrap();
        assert_eq!(alerts.retry_alert(tenant, id, NOW_MS, audit("alert.retry", id)).await.unwrap(), 1);
        assert_eq!(names(&due(world, request(NOW_MS), &of).await), [("limit/x/2", "a")]);
    });
}

/// A snooze holds back what is open and what comes, of its subject alone, until it ends.
pub fn a_snooze_holds_back_its_subject(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let (alerts, of) = (&world.stores.alerts, [tenant]);
        make(world, tenant, "a").await;
        raise(world, tenant, "limit/x/1").await;
        let page = PageRequest { after: None, limit: 1 };
        let id = alerts.alerts(tenant, AlertFilter::default(), page).await.unwrap().items.remove(0).id;
        let snooze = async |until_ms| {
            alerts.snooze_alert(tenant, &id, until_ms, audit("alert.snooze", &id)).await.unwrap();
        };
        snooze(Some(NOW_MS + 5_000)).await;
        raise(world, tenant, "limit/x/2").await;
        assert!(due(world, request(NOW_MS + 4_999), &of).await.is_empty());
        assert_eq!(names(&due(world, request(NOW_MS + 5_000), &of).await), [("limit/x/1", "a")]);
        raise(world, tenant, "limit/y/1").await;
        assert_eq!(names(&due(world, request(NOW_MS), &of).await), [("limit/y/1", "a")]);
        snooze(None).await;
        assert_eq!(alerts.alert(tenant, &id).await.unwrap().unwrap().snoozed_until_ms, None);
        let seq = due(world, request(NOW_MS), &of).await[0].3;
        alerts.tried_delivery(seq, Tried::Delivered(None), NOW_MS).await.unwrap();
        assert_eq!(names(&due(world, request(NOW_MS), &of).await), [("limit/x/1", "a")]);
        let foreign = world.new_tenant().await.id;
        let refused = alerts.snooze_alert(foreign, &id, None, audit("alert.snooze", &id)).await;
        assert!(matches!(refused, Err(StoreError::NotFound("alert"))), "{refused:?}");
    });
}

/// A snooze is of its tenant alone and holds though the channel works again; a shorter one takes the place of a longer.
pub fn a_snooze_is_of_its_tenant_and_holds(world: &World) {
    world.run(async {
        let (tenant, other) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let (alerts, both) = (&world.stores.alerts, [tenant, other]);
        make(world, tenant, "a").await;
        make(world, other, "b").await;
        for of in both {
            raise(world, of, "limit/x/1").await;
        }
        let newest = async |of: TenantId| {
            let page = PageRequest { after: None, limit: 1 };
            alerts.alerts(of, AlertFilter::default(), page).await.unwrap().items.remove(0)
        };
        let snooze = async |of: TenantId, until_ms: Option<i64>| {
            let id = newest(of).await.id;
            alerts.snooze_alert(of, &id, until_ms, audit("alert.snooze", &id)).await.unwrap();
        };
        let at = async |now_ms: i64| due(world, request(now_ms), &both).await;
        snooze(tenant, Some(NOW_MS + 9_000)).await;
        assert_eq!(names(&at(NOW_MS).await), [("limit/x/1", "b")]);
        raise(world, other, "limit/x/2").await;
        assert_eq!(newest(other).await.deliveries[0].next_ms, 0, "of another tenant it is due at once");
        snooze(other, Some(NOW_MS + 20_000)).await;
        snooze(tenant, Some(NOW_MS + 5_000)).await;
        assert!(at(NOW_MS + 4_999).await.is_empty());
        assert_eq!(names(&at(NOW_MS + 5_000).await), [("limit/x/1", "a")], "the shorter one");
        snooze(tenant, None).await;
        let first = at(NOW_MS).await;
        assert_eq!(names(&first), [("limit/x/1", "a")], "the other tenant sleeps on");
        // It was tried, is snoozed, and the channel works again.
        let later = Tried::Later("it answered 500".to_owned(), NOW_MS + 1_000);
        alerts.tried_delivery(first[0].3, later, NOW_MS).await.unwrap();
        snooze(tenant, Some(NOW_MS + 5_000)).await;
        raise(world, tenant, "limit/y/1").await;
        let second = at(NOW_MS).await;
        alerts.tried_delivery(second[0].3, Tried::Delivered(None), NOW_MS).await.unwrap();
        assert!(at(NOW_MS + 4_999).await.is_empty());
        assert_eq!(names(&at(NOW_MS + 5_000).await), [("limit/x/1", "a")]);
    });
}

/// Who does not answer is tried by one message at a time, not by all that wait.
pub fn who_does_not_answer_is_left_alone_by_all_that_wait(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let of = [tenant];
        make(world, tenant, "a").await;
        for (key, pause_ms) in [("limit/x/1", 1_000), ("limit/x/2", 5_000)] {
            raise(world, tenant, key).await;
            let first = due(world, request(NOW_MS), &of).await;
            let later = Tried::Later("it answered 500".to_owned(), NOW_MS + pause_ms);
            world.stores.alerts.tried_delivery(first[0].3, later, NOW_MS).await.unwrap();
        }
        assert!(due(world, request(NOW_MS + 4_999), &of).await.is_empty());
        assert_eq!(due(world, request(NOW_MS + 5_000), &of).await.len(), 1);
    });
}

/// Channels are bounded and kept apart; old alerts and those of an erased user go.
pub fn channels_are_bounded_and_alerts_are_forgotten(world: &World) {
    world.run(async {
        let (tenant, other) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let alerts = &world.stores.alerts;
        for number in 0..MAX_CHANNELS_OF_TENANT {
            make(world, tenant, &format!("{number:02}")).await;
        }
        let more = alerts.create_channel(tenant, channel("more"), audit("channel.create", "more")).await;
        assert!(matches!(more, Err(StoreError::Conflict(_))), "{more:?}");
        make(world, other, "00").await;
        let twin = Channel { id: "01".to_owned(), ..channel("00") };
        let taken = alerts.create_channel(other, twin, audit("channel.create", "01")).await;
        assert!(matches!(taken, Err(StoreError::Conflict(_))), "{taken:?}");
        assert_eq!(alerts.channel(other, "00").await.unwrap(), Some(channel("00")));
        assert_eq!(alerts.channel(other, "05").await.unwrap(), None);
        let missing = alerts.delete_channel(other, "05", audit("channel.delete", "05")).await;
        assert!(matches!(missing, Err(StoreError::NotFound("channel"))));
        raise(world, other, "limit/u-1/1").await;
        alerts.delete_channel(other, "00", audit("channel.delete", "00")).await.unwrap();
        let page = || PageRequest { after: None, limit: 10 };
        let kept = alerts.alerts(other, AlertFilter::default(), page()).await.unwrap().items;
        assert_eq!(kept[0].deliveries[0].state, DeliveryState::Failed, "what was on its way is given up");
        assert_eq!(kept[0].deliveries[0].channel_name, "channel 00");
        while alerts.forget_alerts(NOW_MS).await.unwrap() {}
        assert_eq!(alerts.alerts(other, AlertFilter::default(), page()).await.unwrap().items.len(), 1);
        while alerts.forget_alerts(NOW_MS + 1).await.unwrap() {}
        assert!(alerts.alerts(other, AlertFilter::default(), page()).await.unwrap().items.is_empty());
        assert!(raise(world, other, "limit/u-1/1").await, "forgotten, it is new");
    });
}
