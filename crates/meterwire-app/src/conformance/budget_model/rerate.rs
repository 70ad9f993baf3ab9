//! An event in the life of budgets that is rated anew.

use super::{Life, priced};
use crate::ports::{NewRerating, RerateStep, Rerated, ScanPlace};
use meterwire_core::period::Range;
use meterwire_core::rerate::{RerateDifference, RerateScope};

impl Life<'_> {
    /// A step of the re-rating that changes one event.
    pub(super) async fn rerate(&mut self, place: usize, cost: i64) {
        let (stores, id) = (&self.world.stores, format!("rerating-{}", self.tenant.0));
        if self.rerated.is_none() {
            let range = Range { from_ms: 0, to_ms: i64::MAX };
            let scope = RerateScope { range, provider: None, model: None, only_unpriced: false };
            let new = NewRerating {
                id: id.clone(),
                by: "conformance".to_owned(),
                at_ms: self.now_ms,
                scope,
                last_seq: i64::MAX,
                prices: "{}".to_owned(),
                expected: RerateDifference::default(),
            };
            stores.reratings.begin_rerating(self.tenant, new, self.audit("prices.rerate")).await.unwrap();
        }
        let event = self.spent[place].event.clone().unwrap();
        let found = stores.usage.event(self.tenant, "default", &event).await.unwrap().unwrap().row;
        let after = self.rerated;
        let next = ScanPlace { time_ms: after.map_or(0, |after| after.time_ms + 1), seq: found.seq };
        let rerated = vec![Rerated { seq: found.seq, before: found.event.rating, after: priced(cost) }];
        let again = !self.repriced.insert(found.seq);
        let rerated = if again { vec![] } else { rerated };
        let step = RerateStep { id, after, next: Some(next), events: 1, rerated, at_ms: self.now_ms };
        assert!(stores.reratings.rerate(self.tenant, step).await.unwrap());
        self.rerated = Some(next);
        if !again && self.spent[place].is_cost {
            self.spent[place].nanos = cost;
        }
    }
}
