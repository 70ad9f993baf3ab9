//! The suite that every store must pass. A store's crate gives [`conformance_tests!`](crate::conformance_tests) a way
//! to make itself and gets one test a rule.
//!
//! Rules check what a user would notice, against the plainest possible model: a list of events added up anew for every
//! question. They share one store but each makes tenants of its own, so a rule also shows that tenants do not mix.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a rule that fails is a test that fails")]

pub mod alerts;
pub mod budget_model;
mod budget_steps;
pub mod budgets;
pub mod catalog;
pub mod concurrency;
pub mod decisions;
pub mod dimensions;
pub mod forgetting;
pub mod identity;
pub mod limit_catalog;
pub mod limit_model;
pub mod limit_questions;
mod linear;
pub mod log;
pub mod make;
pub mod model;
pub mod moments;
pub mod providers;
pub mod races;
pub mod reratings;
pub mod reservations;
pub mod scan;
pub mod statements;
pub mod survey;
pub mod totals;
pub mod zones;

use crate::ports::{
    Alerts, Audit, Budgets, Catalog, Ledger, Limits, ProviderReports, Reratings, Statements, Store, Tenant,
    Usage,
};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestRunner};
use std::any::Any;
use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use tokio::runtime::Runtime;

/// One store behind its ports.
pub struct Stores {
    /// Writes usage.
    pub ledger: Arc<dyn Ledger>,
    /// Answers questions.
    pub usage: Arc<dyn Usage>,
    /// Counts, decides and holds.
    pub limits: Arc<dyn Limits>,
    /// Keeps budgets.
    pub budgets: Arc<dyn Budgets>,
    /// Keeps channels, rules, alerts and their deliveries.
    pub alerts: Arc<dyn Alerts>,
    /// Keeps reports and closed periods.
    pub statements: Arc<dyn Statements>,
    /// Rates recorded events anew.
    pub reratings: Arc<dyn Reratings>,
    /// Keeps the rest.
    pub catalog: Arc<dyn Catalog>,
    /// Keeps what providers report.
    pub provider_reports: Arc<dyn ProviderReports>,
    /// Whatever has to live as long as the store: a directory, a process.
    pub guard: Box<dyn Any>,
}

impl Stores {
    /// A store that implements every port, with what has to live as long as it.
    pub fn of<S: Store + 'static>(store: Arc<S>, guard: impl Any) -> Self {
        Self {
            ledger: store.clone(),
            usage: store.clone(),
            limits: store.clone(),
            budgets: store.clone(),
            alerts: store.clone(),
            statements: store.clone(),
            reratings: store.clone(),
            provider_reports: store.clone(),
            catalog: store,
            guard: Box::new(guard),
        }
    }
}

/// A store and the runtime that a rule runs it on.
pub struct World {
    runtime: Runtime,
    share: u32,
    stores: Stores,
    tenants: AtomicUsize,
    appended: AtomicI64,
}

impl World {
    /// A world around the store that `make` makes.
    pub fn new<F: Future<Output = Stores>>(make: impl FnOnce() -> F) -> Self {
        Self::with_one_in(1, make)
    }

    /// The same, where what is checked on random input is checked on one in `share` of its cases, at least on two: a store
    /// that takes milliseconds for an answer would take minutes for all.
    pub fn with_one_in<F: Future<Output = Stores>>(share: u32, make: impl FnOnce() -> F) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime can be built");
        let stores = runtime.block_on(make());
        Self { runtime, share, stores, tenants: AtomicUsize::new(0), appended: AtomicI64::new(0) }
    }

    fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// A tenant that no other rule or case uses.
    async fn new_tenant(&self) -> Tenant {
        let slug = format!("tenant-{:06}", self.tenants.fetch_add(1, Ordering::SeqCst));
        self.stores.catalog.create_tenant(&slug, &slug, "UTC", audit("tenant.create", &slug)).await.unwrap()
    }

    /// Runs a check on random input; a failing input is made smaller before it is shown.
    fn check_property<S>(&self, cases: u32, strategy: S, check: impl AsyncFn(&Self, S::Value))
    where
        S: Strategy,
        S::Value: Debug,
    {
        let cases = (cases / self.share.max(1)).max(2);
        let config = Config { cases, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
        TestRunner::new(config)
            .run(&strategy, |input| {
                self.run(check(self, input));
                Ok(())
            })
            .unwrap_or_else(|failure| unreachable!("{failure}"));
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Stores may need the runtime to end; their guard goes last.
        let _entered = self.runtime.enter();
        self.stores.guard = Box::new(());
    }
}

fn audit(action: &'static str, target: &str) -> Audit {
    Audit { actor: "conformance".to_owned(), action, target: target.to_owned(), at_ms: make::NOW_MS }
}

/// Makes one test a rule. The argument is an async function without arguments that makes a [`Stores`]; `one in 4` behind it
/// is the share of a [`World`]; rules behind `:` are tested alone.
#[macro_export]
macro_rules! conformance_tests {
    ($make:path) => {
        $crate::conformance_tests!($make, one in 1);
    };
    ($make:path, one in $share:literal) => {
        $crate::conformance_tests! { $make, one in $share:
            identity::the_same_event_twice_is_a_duplicate,
            identity::another_event_with_the_same_id_is_a_conflict,
            identity::a_batch_may_hold_an_event_twice,
            identity::sources_and_tenants_do_not_share_ids,
            identity::a_voided_event_keeps_its_identity,
            identity::voiding_twice_changes_nothing_more,
            identity::what_is_not_there_cannot_be_voided,
            identity::a_tenant_that_does_not_exist_takes_no_events,
            totals::every_answer_equals_the_model,
            totals::order_and_split_of_batches_never_change_totals,
            totals::questions_about_unknown_values_are_empty,
            totals::the_largest_numbers_are_added_exactly,
            totals::a_sum_beyond_64_bits_is_refused_and_changes_nothing,
            zones::every_zone_adds_up,
            dimensions::a_declared_dimension_answers_like_the_model,
            dimensions::a_dimension_that_is_being_filled_is_refused,
            dimensions::tenants_declare_for_themselves,
            dimensions::declared_again_it_knows_nothing_of_before,
            dimensions::names_and_places_are_bounded,
            dimensions::values_beyond_the_bound_count_together,
            forgetting::totals_stay_when_events_are_dropped,
            forgetting::totals_by_declared_dimensions_stay,
            forgetting::events_recorded_lately_are_not_dropped,
            forgetting::an_erased_user_is_another_name,
            log::pages_cover_each_row_once_in_every_order,
            log::events_come_back_as_they_were_stored,
            log::a_page_stays_where_it_was_when_events_arrive,
            scan::a_scan_tells_each_row_of_its_view_once,
            statements::a_closing_loses_nothing_while_events_arrive,
            statements::what_comes_while_a_period_is_closed_counts_once,
            statements::closings,
            statements::reports,
            reratings::rated_anew_all_is_as_if_it_had_been_recorded_so,
            reratings::a_re_rating_goes_on_and_ends_once,
            survey::a_survey_tells_each_event_in_the_order_of_time,
            moments::answers_of_one_moment_agree_while_events_arrive,
            moments::answers_of_one_moment_equal_those_to_each_question,
            moments::one_event_is_found_by_its_identity,
            moments::revisions_tell_of_what_was_recorded,
            concurrency::racing_appends_store_each_event_once,
            concurrency::a_refused_change_does_not_harm_its_neighbours,
            races::exactly_the_allowed_number_win,
            races::racing_amounts_and_repeated_keys_never_pass_a_limit,
            races::histories_are_linearizable,
            races::histories_of_a_hard_budget_are_linearizable,
            budgets::a_tenant_begins_with_a_budget,
            budgets::former_amounts_are_kept,
            budgets::budgets_are_bounded_and_kept_apart,
            budgets::exactly_so_many_spend_a_hard_budget,
            budgets::racing_holds_and_decisions_never_pass_a_hard_budget,
            budgets::parts_are_never_more_than_the_whole,
            budgets::a_hard_budget_refuses_what_it_takes_in,
            budget_model::every_budget_equals_the_model,
            decisions::windows_follow_the_calendar,
            decisions::both_limits_must_allow,
            decisions::several_metrics_are_all_or_nothing,
            decisions::a_key_is_answered_once,
            reservations::reservations_end_once,
            reservations::reservations_expire_by_themselves,
            decisions::events_count_into_metrics,
            reservations::a_reservation_is_committed_with_an_event,
            reservations::a_refused_reset_gives_nothing_back,
            decisions::a_reset_forgives,
            decisions::a_day_begins_once,
            limit_model::every_standing_equals_the_model,
            decisions::what_cannot_be_counted_is_refused,
            catalog::tenants,
            catalog::keys,
            catalog::sessions,
            catalog::users,
            catalog::projects,
            catalog::prices,
            catalog::the_audit_log_tells_of_every_change_and_of_no_refused_one,
            catalog::settings_and_probe,
            alerts::an_alert_is_raised_once_and_to_whom_it_should_be,
            alerts::what_is_due_is_shared_out,
            alerts::tries_are_marked,
            alerts::a_snooze_holds_back_its_subject,
            alerts::a_snooze_is_of_its_tenant_and_holds,
            alerts::who_does_not_answer_is_left_alone_by_all_that_wait,
            alerts::channels_are_bounded_and_alerts_are_forgotten,
            providers::connections,
            providers::a_later_report_replaces_a_bucket_whole,
            providers::a_connection_leaves_with_its_reports,
            providers::streams_keep_where_they_stand,
            limit_catalog::a_tenant_begins_with_the_built_in_metrics_and_tiers,
            limit_catalog::metrics,
            limit_catalog::what_a_metric_counts_may_change_from_event_to_event,
            limit_catalog::tiers,
            limit_catalog::overrides,
            limit_catalog::tenant_limits,
            limit_catalog::a_user_needs_a_tier_that_exists,
            limit_catalog::every_change_of_limits_is_told_in_the_audit_log,
            limit_questions::history_and_top_users_equal_a_naive_sum,
            limit_questions::standings_and_near_limits_equal_a_naive_sum,
            limit_questions::all_users_together_equal_a_naive_sum,
            limit_questions::levels_last_from_day_to_day,
            limit_questions::a_reset_takes_usage_out_of_every_answer,
        }
    };
    ($make:path: $($module:ident::$rule:ident,)+) => {
        $crate::conformance_tests! { $make, one in 1: $($module::$rule,)+ }
    };
    ($make:path, one in $share:literal: $($module:ident::$rule:ident,)+) => {
        $(
            #[test]
            fn $rule() {
                let world = $crate::conformance::World::with_one_in($share, $make);
                $crate::conformance::$module::$rule(&world);
            }
        )+
    };
}
