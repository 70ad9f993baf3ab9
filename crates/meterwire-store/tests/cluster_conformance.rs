//! The cluster store passes rules of the suite that every store must pass.

#![expect(clippy::unwrap_used, reason = "what fails is a test")]

mod common;

use common::engines;
use meterwire_app::clock::SystemClock;
use meterwire_app::conformance::Stores;
use meterwire_store::{ClusterOptions, ClusterStore};
use std::sync::Arc;
use std::time::Duration;

async fn make() -> Stores {
    let database = engines::Postgres::empty().await;
    let tables = engines::ClickHouse::shards();
    let options = ClusterOptions {
        clickhouse_database: tables.database().to_owned(),
        clickhouse_cluster: tables.cluster().map(str::to_owned),
        // So that rules meet both what has gone to ClickHouse and what has not.
        flush_every: Duration::from_millis(100),
        ..ClusterOptions::new(database.url(), tables.urls().to_vec())
    };
    let store = Arc::new(ClusterStore::open(options, Arc::new(SystemClock)).await.unwrap());
    Stores {
        ledger: store.clone(),
        usage: store.clone(),
        limits: store.clone(),
        statements: store.clone(),
        budgets: store.clone(),
        provider_reports: store.clone(),
        alerts: store.clone(),
        reratings: store.clone(),
        catalog: store,
        guard: Box::new((database, tables)),
    }
}

// What is not here yet needs retention, erasure, the filling of dimensions or re-rating, or was not tried: see the plan.
meterwire_app::conformance_tests! { make:
    identity::the_same_event_twice_is_a_duplicate,
    identity::another_event_with_the_same_id_is_a_conflict,
    identity::a_batch_may_hold_an_event_twice,
    identity::sources_and_tenants_do_not_share_ids,
    identity::a_voided_event_keeps_its_identity,
    identity::voiding_twice_changes_nothing_more,
    identity::what_is_not_there_cannot_be_voided,
    identity::a_tenant_that_does_not_exist_takes_no_events,
    totals::every_answer_equals_the_model,
    totals::questions_about_unknown_values_are_empty,
    totals::the_largest_numbers_are_added_exactly,
    totals::a_sum_beyond_64_bits_is_refused_and_changes_nothing,
    dimensions::names_and_places_are_bounded,
    log::events_come_back_as_they_were_stored,
    log::a_page_stays_where_it_was_when_events_arrive,
    statements::a_closing_loses_nothing_while_events_arrive,
    statements::what_comes_while_a_period_is_closed_counts_once,
    statements::closings,
    statements::reports,
    survey::a_survey_tells_each_event_in_the_order_of_time,
    moments::answers_of_one_moment_agree_while_events_arrive,
    moments::answers_of_one_moment_equal_those_to_each_question,
    moments::one_event_is_found_by_its_identity,
    moments::revisions_tell_of_what_was_recorded,
    concurrency::racing_appends_store_each_event_once,
    concurrency::a_refused_change_does_not_harm_its_neighbours,
    races::exactly_the_allowed_number_win,
    races::racing_amounts_and_repeated_keys_never_pass_a_limit,
    budgets::a_tenant_begins_with_a_budget,
    budgets::former_amounts_are_kept,
    budgets::budgets_are_bounded_and_kept_apart,
    budgets::exactly_so_many_spend_a_hard_budget,
    budgets::racing_holds_and_decisions_never_pass_a_hard_budget,
    budgets::parts_are_never_more_than_the_whole,
    budgets::a_hard_budget_refuses_what_it_takes_in,
    decisions::windows_follow_the_calendar,
    decisions::both_limits_must_allow,
    decisions::several_metrics_are_all_or_nothing,
    decisions::a_key_is_answered_once,
    reservations::reservations_end_once,
    reservations::reservations_expire_by_themselves,
    decisions::events_count_into_metrics,
    reservations::a_reservation_is_committed_with_an_event,
    decisions::a_reset_forgives,
    decisions::a_day_begins_once,
    decisions::what_cannot_be_counted_is_refused,
    catalog::tenants,
    catalog::keys,
    catalog::sessions,
    catalog::users,
    catalog::projects,
    catalog::prices,
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
    limit_questions::levels_last_from_day_to_day,
}
