// Generated from openapi.json by `npm run generate`. Do not edit.
export interface paths {
    "/api/tenants/{slug}/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Usage of this month against its limits.
         * @description A limit is that of a metric with a monthly window which counts events, tokens or cost: of the tenant, or of one user
         *     (`user`, and always for a member) by tier or by override. Where several apply it is the one nearest to being reached;
         *     without one `limit` is null. A slug that is not the caller's is 404.
         */
        get: operations["tenant_quota"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{slug}/usage/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Statistics of a tenant over a period.
         * @description `today`, `week` (from Monday), `month` and `year` are those of the calendar in the zone, as the ranges `today`,
         *     `this_week`, `this_month` and `this_year`. `change` compares with the period before, of the same length: of a period
         *     that is still running with as much of the one before as has passed of it. A member sees its own user's usage. A slug
         *     that is not the caller's is 404.
         */
        get: operations["tenant_statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/admin/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the usage of the last days, today first. */
        get: operations["limit_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/admin/manual-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start the day over: set today's counters to nothing, of everyone or of the user and metric named. Audited. */
        post: operations["manual_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/admin/near-limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the users who have used more than a share of a limit of theirs. */
        get: operations["near_limits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/admin/top-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the users who used most of a metric on a day. */
        get: operations["top_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/admin/usage-limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the limits of the built-in metrics, a row a tier. */
        get: operations["read_usage_limits"];
        /** Change limits of tiers; a row that is refused changes none. Answers the whole table. */
        put: operations["set_usage_limits"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Give a user another tier, at once. */
        patch: operations["set_tier"];
        trace?: never;
    };
    "/api/usage/breakdown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tokens and cost by one dimension, largest first.
         * @description `percentage` is the share of all tokens. Beyond 1,000 values the rest is one row called `Other`.
         */
        get: operations["usage_breakdown"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/budget-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the budget stands.
         * @description The tenant's default budget; with `workspace` that of the project where it has one of its own; with `budget` any other.
         *     It is answered with nothing spent too. `current_spend` counts of every event in the period its cost (what it names as
         *     `metrics.cost_usd` instead, where it does) and money that decisions counted without an event; events of models without a
         *     price count nothing. Rounded half to even to a nano-dollar: `projected_monthly_spend` = `current_spend` x length of the
         *     period / time since `from`; `daily_average` = that / calendar days of the period. Lengths are those of the clock, so a
         *     month in which clocks change is an hour longer or shorter. A member is told what its own user spent.
         */
        get: operations["usage_budget_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/check-limit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a limit.
         * @description Tells what `consume` would answer, and changes nothing. Between the check and what follows others may be quicker:
         *     `consume` and reservations check and record in one step. Hard budgets are asked too: of the tenant, of its user, and of
         *     the project, model, API key and department that are named.
         */
        post: operations["check_limit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/consume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a limit and record usage, in one step.
         * @description One metric; several under `metrics`, all or nothing; or an array of such requests (1 to 10,000), each with a verdict of
         *     its own. A limit is never passed, however many ask at once. Nor is a hard budget, where the request names money
         *     (`cost_usd`); other metrics are refused once nothing is left of it (`budget_exceeded`), and a model without a price is
         *     refused by a hard budget that does not allow it (`unpriced_model`).
         */
        post: operations["consume_usage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/cost-intelligence/{workspace_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where a workspace wastes money.
         * @description Every event of the range is gone over. No event saves twice: a failed call counts only for `error_spend`, an answered
         *     repetition only for `duplicate_calls`, and of the others short calls can save by a smaller model, long prompts by the
         *     cache. So `potential_savings` is the sum over `alerts`.
         *
         *     - `expensive_model`: of the answered calls of a large model at least 100, and 10 %, had at most 500 input and 200 output
         *       tokens, and would have saved 0.1 % of the cost or more. Saving: their cost less what the same tokens cost by the smaller model named, each
         *       call priced and rounded by itself.
         *     - `duplicate_calls`: the same `request_hash` was sent to the same model within 24 hours of an answered call whose answer
         *       could have been kept, 20 times or more. Saving: the cost of the repetitions. Retries of failed calls are none.
         *     - `low_cache_hit`: of prompts of 1,024 tokens or more less than 30 % was read from the cache, but on some day (of 50 such
         *       calls or more) at least 50 %. Saving: as if every day had had that day's share.
         *     - `error_spend`: 20 failed calls or more that cost money, 1 % of the cost or more. Saving: their cost.
         *     - `cost_spike`: a finished day cost more than three times the median of the same weekday in the four weeks before, and a dollar
         *       more. No saving is claimed.
         *     - `idle_key`: a key that is at least 30 days old was not used for 30 days (shown to owners), or one that events named in
         *       the 30 days before the last 30 is named no more. No saving is claimed.
         *     - `unpriced_model`: calls of a model without a price. No saving is claimed.
         *
         *     With fewer than 100 calls `enough_data` is false and only the last two are told of; `not_judged` says what could not be
         *     judged and why. A workspace that is not the caller's is 404. A member sees its own user's calls.
         */
        get: operations["usage_cost_intelligence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/current-month": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Usage and cost of the current month.
         * @description The calendar month in the zone, from its first instant to now. `total_cost` is the sum of the cost of every event, exact
         *     to a nano-dollar; days and models each add up to it exactly, in every zone. What an event costs is fixed when it is
         *     recorded: by the price in force at its time, or as the sender says. A member sees its own user's usage.
         */
        get: operations["usage_current_month"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/dashboard/{workspace_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything about the money of one workspace.
         * @description `current-month`, `today`, `budget-status`, `model-comparison` and `cost-intelligence` of it, all asked at one instant and
         *     over the same events. A workspace that is not the caller's is 404.
         */
        get: operations["usage_dashboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/increment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record usage without a limit.
         * @description Records and never refuses. One metric, or several under `metrics`, or an array of such requests.
         */
        post: operations["increment_usage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Single events, a page at a time.
         * @description Sorted by any column, `-` before it for descending; rows of equal value keep one order, so no page repeats or skips
         *     one. Page numbers reach 100,000 rows deep; `cursor` goes on at the same cost at any depth, over the range of its first
         *     page, and what is recorded meanwhile moves no row to another page. Sorting by `id` or `source` reads the whole range,
         *     which may hold at most 50,000 events then; every other column sorts a range of any size.
         */
        get: operations["usage_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/model-comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Models beside each other: what each costs, and for what.
         * @description `percentage` is the share of the cost. `efficiency_score` is 0 to 100: 100 x (the lowest `cost_per_1k_tokens` above 0 of
         *     the models in the answer with the same `operation` / that of the model) x (calls that did not fail / calls), so it can be
         *     reckoned from the row and the cheapest one that does the same: chat is compared with chat, embeddings with embeddings.
         *     `recommendations` names smaller models of the tenant's price book for models with 5 % of the cost or
         *     more; what they would have cost is answered by `/api/v1/usage/what-if`.
         */
        get: operations["usage_model_comparison"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hold an amount.
         * @description It counts against the limit, and money against hard budgets too, until it is committed with what was really used, released, or its time is over.
         */
        post: operations["create_reservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/reservations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a reservation. */
        get: operations["read_reservation"];
        put?: never;
        post?: never;
        /**
         * Release a reservation.
         * @description What it holds is given back. Doing it twice is fine.
         */
        delete: operations["release_reservation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/reservations/{id}/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Commit a reservation.
         * @description With what was really used: more than was held is recorded all the same and marked `over_hold`, and so is what comes
         *     after it expired (`after_expiry`). The same commit again gets the same answer.
         */
        post: operations["commit_reservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where a user stands.
         * @description Every metric of the tenant with what was used and held in its present window, the limit and what is left.
         */
        get: operations["limit_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Total tokens and cost of a range. */
        get: operations["usage_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/today": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Usage and cost of today, by hour.
         * @description The calendar day in the zone, from midnight there to now, defined like `current-month`. A day may have 23, 24 or 25
         *     hours, or half an hour more or less; `hourly_breakdown` has those that have begun.
         */
        get: operations["usage_today"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the rules, one a kind of alert. */
        get: operations["list_alert_rules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-rules/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the rule of one kind of alert. */
        get: operations["read_alert_rule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the rule of one kind of alert (owner).
         * @description - `budget_threshold`: the spending of a budget passes one of its thresholds. Once a period and threshold.
         *     - `budget_projected`: what is spent, divided by the elapsed share of the period, passes the amount. Not before
         *       `min_elapsed_percent` of the period; once a period.
         *     - `spend_spike`: today's cost is above the mean of the same weekday of the last `weeks` weeks by more than
         *       `above_percent` of it and by more than `min_usd` dollars. Needs two such days with usage; once a day.
         *     - `limit_near`: a user, or the tenant, has used `percent` of a daily, weekly or monthly limit. Once a window.
         *     - `provider_failing`: a connection to a provider's report has been failing for `minutes`. Once for each time it fails.
         *     - `unpriced_model`: events name a model without a price. Once a model.
         */
        patch: operations["update_alert_rule"];
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List alerts, newest first, with what became of each message.
         * @description `kind`, `severity` and `state` (of one of its deliveries: `pending`, `delivered` or `failed`) narrow it, `from` and `to`
         *     are dates or instants of when it was raised. Alerts are kept for 800 days.
         */
        get: operations["list_alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one alert. */
        get: operations["read_alert"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send what has not arrived again now (owner), also what was given up; its tries begin anew. */
        post: operations["retry_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/snooze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Snooze what an alert is about (owner): the same budget, the same user's limit, the same model.
         * @description What has not arrived waits until then, and so does what is raised about it meanwhile; nothing is lost. `{"until":null}`
         *     ends the snooze, and what waits is sent at once.
         */
        post: operations["snooze_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List changes, newest first. An admin who names no tenant sees those of the instance. */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List budgets.
         * @description By id, the default one first, each with where it stands now.
         */
        get: operations["list_budgets"];
        put?: never;
        /**
         * Make a budget.
         * @description What was spent of its present period counts at once. A part of another budget (`parent`) that would be more than is left
         *     of the whole is a 409 with the figures, and so is one budget too many: a tenant may have 10,000, 20 of one scope.
         */
        post: operations["create_budget"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/budgets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one budget. */
        get: operations["read_budget"];
        put?: never;
        post?: never;
        /** Delete a budget. The default one, and one that has parts, cannot be deleted. */
        delete: operations["delete_budget"];
        options?: never;
        head?: never;
        /**
         * Change a budget.
         * @description A whole cannot become less than its parts, nor a part more than is left of its whole: 409 with the figures.
         */
        patch: operations["update_budget"];
        trace?: never;
    };
    "/api/v1/budgets/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A budget's past periods.
         * @description Counted from usage by its present scope: late events, voids and erasures are in it. Each period shows the amount that was
         *     in force at its end.
         */
        get: operations["budget_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/budgets/{id}/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Split a budget.
         * @description Makes a part for each value, all or none: of the same period, zone, hardness, thresholds and channels, its scope narrowed
         *     to the value. Parts that together would be more than is left of the whole are a 409 with the figures.
         */
        post: operations["split_budget"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List channels; a tenant has at most 20. Viewers get of a webhook's address scheme and host only. */
        get: operations["list_channels"];
        put?: never;
        /**
         * Make a channel (owner).
         * @description A webhook gets `POST` with JSON `{"type":"alert.raised","timestamp","data":{"id","tenant","kind","severity","title",
         *     "detail","raised_at"}}`, signed as [Standard Webhooks](https://www.standardwebhooks.com) says: headers `webhook-id`,
         *     `webhook-timestamp` and `webhook-signature`. The secret is in this answer and never shown again. Any 2xx means that it has
         *     arrived; 410 switches the channel off; everything else is tried again, 12 times over about a day, under the same
         *     `webhook-id`. An address within a private network is refused (422, `field` `url`), a taken name or a twenty-first channel
         *     is 409.
         */
        post: operations["create_channel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one channel. Viewers get of a webhook's address scheme and host only. */
        get: operations["read_channel"];
        put?: never;
        post?: never;
        /** Delete a channel (owner). What was on its way there is given up; the history keeps its name. */
        delete: operations["delete_channel"];
        options?: never;
        head?: never;
        /** Change a channel (owner). What is on its way goes to the new address. */
        patch: operations["update_channel"];
        trace?: never;
    };
    "/api/v1/channels/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test message by a channel now (owner), also where it is switched off, and see what happened.
         * @description It is tried once and answered with 200 either way: `{"arrived":false,"error":"it answered 500","took_ms":12}`.
         */
        post: operations["test_channel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/closings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List closed periods, the latest first. */
        get: operations["list_closings"];
        put?: never;
        /**
         * Close a month, or another period of whole days that is over.
         * @description Its statement is frozen: totals by day, provider, model, project and department, as exact decimals, in bytes that never
         *     change again. Events that are received for the period later, and events of it that are voided later, are recorded as
         *     ever; they appear in the adjustment beside the statement. Statement and adjustment together are today's totals, to the
         *     last nano-dollar. A running period is 422, one that overlaps a closed one 409.
         */
        post: operations["create_closing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/closings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one closed period. */
        get: operations["read_closing"];
        put?: never;
        post?: never;
        /** Open a closed period again: its statement and the list of changes are forgotten, the audit log keeps the statement's hash. */
        delete: operations["delete_closing"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/closings/{id}/adjustment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What has come since a period was closed, group by group.
         * @description Late events are added, voided ones taken away; a group whose changes come to nothing is left out. For every group and in
         *     total, `statement` and `adjustment` add up to `today`, exactly. `format=csv` has every group.
         */
        get: operations["read_adjustment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/closings/{id}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what has come since a period was closed, event by event, in the order of recording.
         * @description An event that came late and was voided later stands here twice and comes to nothing in the adjustment.
         */
        get: operations["list_closing_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/closings/{id}/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Take the frozen statement.
         * @description `format=json` (default) is the frozen document itself, byte for byte: its SHA-256 is the one of the closing. Keys are
         *     sorted and there are no spaces. `rows` are sorted by day, provider, model, project, department; each has `calls`,
         *     `errors`, `unpriced_calls`, `tokens` by bucket (those of none left out) and `cost_usd`, an exact decimal. `format=csv`
         *     and `format=pdf` are made of the frozen bytes and of nothing else.
         */
        get: operations["read_closed_statement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/departments/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Cost by department, with its projects and teams.
         * @description An event pays for the department that it names, else for the one of its project at the time it was recorded; what names
         *     neither stands under a department of `null`, so that the rows always add up to the total, exactly. The team is the
         *     project's of now. `compare=previous`, `last_year`, or dates set an earlier period beside it. A member sees its own
         *     user's usage only. `format=csv` is a row a department and project, all of them.
         */
        get: operations["department_costs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dimensions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List declared dimensions, by name; there are at most 8. */
        get: operations["list_dimensions"];
        put?: never;
        /**
         * Declare a property of events as a dimension (owner).
         * @description From now on usage can be grouped and filtered by it like by a built-in one. The value of an event is a text as it is,
         *     or a number or truth value as its JSON; everything else, an empty text and one of more than 256 bytes are absent. Of
         *     more than 10,000 different values the later ones count under `(more)`. Older events are counted by a job: until the
         *     state is `ready`, questions that use the dimension get 409 `dimension_filling`. A ninth dimension is refused with 422.
         */
        post: operations["declare_dimension"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dimensions/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one declared dimension and how far it is filled. */
        get: operations["read_dimension"];
        put?: never;
        post?: never;
        /** Remove a declared dimension (owner); the properties of events stay, and it can be declared again. */
        delete: operations["remove_dimension"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/embed-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a short-lived token for a page in your own app.
         * @description Ask for it on your server, with an owner's key, and give it to the browser: the key stays with you. It shows the tenant,
         *     or one user's own usage where `user` is named, and only reads: it records nothing, takes no limit decision, makes no key
         *     and no further token. It ends by itself, and at once when the key that made it is revoked, ends or is given a new
         *     token. Nothing is kept of it but an entry of the audit log. Pages of other origins may ask the API where
         *     `server.cors_origins` names them.
         */
        post: operations["create_embed_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record events.
         * @description Takes one event, an array, NDJSON, a CloudEvent (structured or binary) or a batch of them; at most 10,000 events and
         *     16 MiB, gzip or zstd. Identity is (tenant, source, id): sending again stores nothing twice. When the answer leaves,
         *     everything stored is on disk and in every total.
         */
        post: operations["record_events"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{source}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an event.
         * @description The event whole, voided or not, with the price it was rated with and every product of its cost: quantity times rate is
         *     the amount, the amounts are the sum, and the sum rounded once is the cost that is in every total. A member sees its own
         *     user's events; another's is 404.
         */
        get: operations["read_event"];
        put?: never;
        post?: never;
        /**
         * Void an event.
         * @description Totals, counters and budgets follow; the event and its identity stay for the audit, so that sending it again does
         *     not bring it back. Doing it twice is fine.
         */
        delete: operations["void_event"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Take usage away as a file.
         * @description `view=log` is every event in the order of time, as it stood at the moment of asking, of any number: rows are sent while
         *     they are read, and nothing is kept. Events that are recorded meanwhile are not in it; one that is voided meanwhile may
         *     be left out. A transfer that breaks off was cut by an error: take no part for the whole. `view=summary` is a row a
         *     bucket (days, unless `granularity` says otherwise), `view=breakdown` a row for every group, without `Other`.
         *
         *     - `format=csv`: RFC 4180, UTF-8. A text that a spreadsheet could take for a formula has an apostrophe before it.
         *     - `format=ndjson`: a JSON object a line. Those of the log can be recorded elsewhere as they are; costs are then taken as
         *       given.
         *     - `format=pdf`: a statement of the period with its days, models, projects and users.
         *     - `format=focus`: FOCUS 1.2, a row a day, provider, model, project and service tier, read a week at a time; texts beyond
         *       ASCII are percent-escaped in FOCUS's own columns and as they are in those with `x_`.
         *
         *     Money is an exact decimal of US dollars; the cost of an event whose model has no price is empty or null. A member
         *     takes only its own user's usage. A tenant exports at most four files at once; one more is answered 503.
         */
        get: operations["export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List keys. An admin who names no tenant sees those of the instance. */
        get: operations["list_keys"];
        put?: never;
        /** Make a key. The token is in this answer and never again. */
        post: operations["create_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one key. */
        get: operations["read_key"];
        put?: never;
        post?: never;
        /** Revoke a key and end its sessions, at once. */
        delete: operations["revoke_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a key a new token; the old one ends at once. */
        post: operations["rotate_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I? */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List metrics. */
        get: operations["list_metrics"];
        put?: never;
        /** Make a metric. What events count into it counts from now on. */
        post: operations["create_metric"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one metric. */
        get: operations["read_metric"];
        put?: never;
        post?: never;
        /** Delete a metric with its limits and what was counted. Those that every tenant has cannot be deleted. */
        delete: operations["delete_metric"];
        options?: never;
        head?: never;
        /** Change a metric. */
        patch: operations["update_metric"];
        trace?: never;
    };
    "/api/v1/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the tenant's own prices. */
        get: operations["list_prices"];
        put?: never;
        /** Make a price of the tenant's own. It holds for events recorded from now on. */
        post: operations["create_price"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prices/book": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the built-in price book. */
        get: operations["list_price_book"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prices/rerate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rate recorded usage anew.
         * @description An event keeps the price that it was rated with. This is the one way to another: every event of the range is rated by the
         *     prices of now, as if it were recorded now, but for those whose cost was sent. First, and by default, the difference is
         *     shown and nothing changes; a range has at most 2,000,000 events and 1,000 models. With `dry_run: false` and the `basis`
         *     of the difference it begins, and goes on by itself in short steps, over restarts too: by the prices and over the events
         *     of the basis, whatever comes meanwhile. Totals, limits, budgets and adjustments of closed periods move with each step.
         *     Where something else would change by now, the answer is 409 `rerate_changed` with the new difference in
         *     `detail.difference`. A tenant has one at a time; another is 409. Begin and end are in the audit log.
         */
        post: operations["rerate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prices/rerates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List re-ratings, the latest first. */
        get: operations["list_rerates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prices/rerates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a re-rating: how far it is, and what it has changed. */
        get: operations["read_rerate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one price of the tenant's own. */
        get: operations["read_price"];
        /** Put another price in its place. Events that are recorded keep their cost. */
        put: operations["update_price"];
        post?: never;
        /** Delete a price of the tenant's own. Events that are recorded keep their cost. */
        delete: operations["delete_price"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List projects. */
        get: operations["list_projects"];
        put?: never;
        /** Make a project. */
        post: operations["create_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one project. */
        get: operations["read_project"];
        put?: never;
        post?: never;
        /** Delete a project; its events stay. */
        delete: operations["delete_project"];
        options?: never;
        head?: never;
        /** Change a project's name or tier. */
        patch: operations["update_project"];
        trace?: never;
    };
    "/api/v1/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List connections to providers, those of the instance's settings first; all of them are on the one page. Members that act
         *     for one user are refused (403), here and below.
         */
        get: operations["list_providers"];
        put?: never;
        /**
         * Connect a provider (owner).
         * @description It is asked at once, for the last two months, and again whenever its answer is older than `USAGE_API_CACHE_TTL` seconds
         *     (300). The key must be an admin key: `sk-admin-..` of OpenAI, `sk-ant-admin..` of Anthropic. The same key twice is a
         *     conflict (409), as it would count everything twice; so are a taken name and a twenty-first connection.
         */
        post: operations["create_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one connection and how it stands. */
        get: operations["read_provider"];
        put?: never;
        post?: never;
        /** Take a connection away, with its key and what it reported (owner). */
        delete: operations["delete_provider"];
        options?: never;
        head?: never;
        /**
         * Change a connection (owner). Another key or address is tried at once. For another organization of the provider make
         *     another connection: what the old one reported would stay.
         */
        patch: operations["update_provider"];
        trace?: never;
    };
    "/api/v1/providers/{id}/backfill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read older days too (owner). `state.backfill` tells how far it has come. */
        post: operations["backfill_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{id}/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask again at once what failed or is not fresh any more (owner). An answer younger than `USAGE_API_CACHE_TTL` seconds is
         *     kept, and a provider that asked to wait is left alone until then.
         */
        post: operations["refresh_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reconciliation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Set the providers' reports beside our own events, day by model, and name the causes of each difference.
         * @description Costs are what the providers' cost reports say, tokens and requests what their usage reports say. Our side is every event
         *     of the providers that are connected. The range must be whole days, at most 400, and defaults to this month. `format=csv`
         *     gives the same as a file, a column a cause. A member that is confined to one user is refused (403).
         */
        get: operations["reconciliation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List reports. */
        get: operations["list_reports"];
        put?: never;
        /**
         * Make a report that is mailed by the calendar.
         * @description The period that has just ended is sent once, at `hour` on the first day after it, in the report's zone; the first one is
         *     the period that is running now. Where the server stood still meanwhile, the newest finished period is sent after its
         *     start and older ones are not. A mail that is not taken is tried again with growing pauses for about a day.
         */
        post: operations["create_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Make a report by hand and take it as a file.
         * @description `csv` has a row a day, provider, model, project and department; where there are more than 30,000, days are put together,
         *     then projects and departments, so that its costs always add up to the total. `pdf` is the statement of the period.
         */
        get: operations["report_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a report by hand, mail it at once, and tell how that went. It is not tried again; the audit log notes it. */
        post: operations["mail_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one report. */
        get: operations["read_report"];
        put?: never;
        post?: never;
        /** Delete a report with its history. */
        delete: operations["delete_report"];
        options?: never;
        head?: never;
        /** Change a report. Another schedule, zone or hour begins with the period that is running. */
        patch: operations["update_report"];
        trace?: never;
    };
    "/api/v1/reports/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what was sent of a report, the latest first. */
        get: operations["list_report_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{id}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send the newest finished period of a report now, beside the calendar, and tell how it went. */
        post: operations["send_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exchange a key for a session cookie that scripts cannot read. */
        post: operations["sign_in"];
        /** Sign out. */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenant-limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what all users of the tenant together may use; what is not named has no such limit. */
        get: operations["read_tenant_limits"];
        /** Replace what all users of the tenant together may use. A user's limit and this one must both allow. */
        put: operations["set_tenant_limits"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tenants: all for the admin, else the own one. */
        get: operations["list_tenants"];
        put?: never;
        /** Make a tenant (admin). */
        post: operations["create_tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one tenant. */
        get: operations["read_tenant"];
        put?: never;
        post?: never;
        /** Delete a tenant that has no events (admin). */
        delete: operations["delete_tenant"];
        options?: never;
        head?: never;
        /**
         * Change a tenant's name, its zone, or how long its single events are kept.
         * @description With `retention_days` a job drops single events of days that are older (UTC), and whatever could tell them apart; their
         *     totals stay, so questions about whole UTC days by one dimension go on. A question that would need them gets 422
         *     `beyond_retention`. An event is kept for at least 35 days after it was recorded, so that a duplicate is found. What was
         *     dropped does not come back when the value is taken back.
         */
        patch: operations["update_tenant"];
        trace?: never;
    };
    "/api/v1/tiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tiers. */
        get: operations["list_tiers"];
        put?: never;
        /** Make a tier. */
        post: operations["create_tier"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tiers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one tier. */
        get: operations["read_tier"];
        put?: never;
        post?: never;
        /** Delete a tier that no user has; `free` stays. */
        delete: operations["delete_tier"];
        options?: never;
        head?: never;
        /** Change limits of a tier, at once for all its users. */
        patch: operations["update_tier"];
        trace?: never;
    };
    "/api/v1/usage/daily": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Calls a day. */
        get: operations["live_daily"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/usage/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why the cost changed.
         * @description Takes the difference to another period apart into price, volume and mix of models, for each model and in all, to the
         *     last nano-dollar. The units `q` of a model are its tokens; a model that was called without tokens in either period
         *     is counted in calls, and a period in which none of its calls has a price has no units of it. `Q` is the sum over all
         *     models counted in the same unit, `c` the cost, 0 the earlier period, 1 the present one. With `A = c0 * q1 / q0` (the
         *     present units at the earlier price; `c1` where `q0` is 0) and `B = c0 * Q1 / Q0` (the earlier cost, had all models
         *     grown alike; `A` where `Q0` is 0), each rounded to the nano-dollar, half to even:
         *
         *     - `price_usd = c1 - A`: what a unit costs more. Longer answers, fewer cache hits and other service tiers are in it.
         *     - `volume_usd = B - c0`: what more units in all would have cost, had nothing else changed.
         *     - `mix_usd = A - B`: that the model grew more than the rest. A new model is all mix.
         *
         *     Of a period that is still running only as much of the other one is taken as has passed.
         */
        get: operations["explain_change"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/usage/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a running period will come to.
         * @description An estimate from up to 400 whole days before today: with 21 days or more a season of the week (MSTL) and exponential
         *     smoothing (ETS), with 14 or more smoothing alone, with fewer every day like the mean, which `method` and `reason` say.
         *     The day on which usage began is no whole day. Today is what it used so far and the share of a day that came after
         *     this time of the day in the last four weeks. The bounds are of the sum over the rest of the period, not the sum of the
         *     bounds of its days: the surprises of the days are independent, the part of them that stays in the level is carried on,
         *     and what the back-test missed widens them. They are never below what was used already. The range must be running and
         *     end with a day, at most 400 days ahead. A member sees its own user's usage.
         */
        get: operations["forecast_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/usage/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ask about usage.
         * @description Up to two dimensions to group by, filters, a series, a comparison. Days always add up to the range, groups to the
         *     total. Values of a repeated filter are alternatives; an empty value means events without one. A declared dimension whose
         *     older events are still being counted is refused with 409 `dimension_filling`, what would need single events that
         *     were dropped for their age with 422 `beyond_retention`.
         */
        get: operations["query_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/usage/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The totals of today, as they change.
         * @description Server-sent events. The present totals come at once, then whenever they change, at most one message a second and at
         *     most one second behind; at midnight in the zone a new day begins by itself. Each message is
         *     `event: totals`, `id: ..`, `data: {..}`. Totals are a state, not a log: who comes back with `Last-Event-ID` is sent the
         *     present totals at once, or nothing until they change where they are still those. A comment comes every 15 seconds without
         *     a message. The stream ends when the server stops and, within a few seconds, when the token expires or is revoked.
         *     A member sees its own user's totals. Beyond the number of streams that the server holds it is 503.
         */
        get: operations["stream_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/usage/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Usage of the current billing period.
         * @description The period is the calendar month in the tenant's zone, up to now. A member sees its own user's usage.
         */
        get: operations["live_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/usage/what-if": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a range would have cost with another model.
         * @description Every event of the range (and, where it is named, of the model) is priced anew on its own tokens, by the price of
         *     `instead` in force at its time in the tenant's price book, and rounded once half to even, exactly as if it had been
         *     recorded so. Service tiers and steps by context size hold as always. Events without tokens keep their cost. It is assumed
         *     that the other model takes the same number of tokens. `instead` without a price is 422.
         */
        get: operations["usage_what_if"];
        put?: never;
        /**
         * What a range would have cost at other prices.
         * @description Like the question with another model, but at the prices given, whenever an event happened and whatever its service tier.
         */
        post: operations["usage_what_if_prices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List users; a member sees itself. */
        get: operations["list_users"];
        put?: never;
        /** Make a user. */
        post: operations["create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one user. */
        get: operations["read_user"];
        put?: never;
        post?: never;
        /** Delete a user; its events stay. */
        delete: operations["delete_user"];
        options?: never;
        head?: never;
        /** Change a user's name or tier. */
        patch: operations["update_user"];
        trace?: never;
    };
    "/api/v1/users/{id}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase a user: totals stay, the identity goes (owner).
         * @description In one step a pseudonym takes the user's place in events, counters, levels, reservations and the audit log, keys that act
         *     for the user are revoked, and its own limits are deleted; then properties and request hashes of its events are cleared.
         *     No total changes, and there are as many different users as before. A later event that names the user makes a new one.
         *     Not touched is what a sender wrote elsewhere: ids and sources of events, idempotency keys, values of declared dimensions.
         *     404 where there is no such user, 422 where the body names another.
         */
        post: operations["erase_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what a user may use instead of what its tier says: null is unlimited, what is not named is as the tier says. */
        get: operations["read_user_limits"];
        /** Replace all that a user may use instead of what its tier says. */
        put: operations["set_user_limits"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process is alive. */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics for Prometheus. They name no tenant. */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The stores can be written and read. */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organization/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Costs a day in the shape of `OpenAI`'s costs API, for the events of every provider.
         * @description The sum of all results is the cost that `usage/query` tells for the same span, whatever the grouping. An event keeps
         *     one cost, so a line item is a provider and a model (`openai/gpt-4o`), not an input or an output of it; `quantity`
         *     is its tokens. `amount.value` is a JSON number: the nearest to the exact nano-dollars, which it tells to the last of
         *     nine decimals below nine million dollars; `cost_usd` is exact at any size. Money without a price is no money:
         *     `unpriced_calls` counts the events whose cost is not known.
         *
         *     Buckets, paging, tenants and errors are those of `/v1/organization/usage/{kind}`; `bucket_width` is a day of UTC.
         */
        get: operations["organization_costs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organization/usage/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Usage in the shape of `OpenAI`'s usage API, for the events of every provider.
         * @description `OpenAI`'s official clients work unchanged: give them `http://<here>/v1` as the base URL and a Meterwire key as the
         *     admin key. Buckets are minutes, hours or days of UTC; times are Unix seconds.
         *
         *     Every event is in exactly one kind, decided by its `operation`: `chat`, `responses`, `messages`, `generate_content`
         *     and their like are `completions`; `embeddings`, `moderation`, `image_generation`, `speech`, `transcription`,
         *     `vector_store`, `code_interpreter`, `file_search`, `web_search` and `decision` (each in several spellings) are what they
         *     say; tools, `rerank`, `retrieval` and video are `other`, which `OpenAI` does not have. An event whose operation is
         *     absent or not known is a completion if it names a model or a provider, else `other`. So `num_model_requests` (or
         *     `num_requests`, `num_sessions`) over all kinds is the number of events, failed ones included, and `input_tokens` and
         *     `output_tokens` over all kinds are all tokens of `usage/query`.
         *
         *     `project_id` is the project, `user_id` the user, `api_key_id` the name of the API key as events give it; a group
         *     whose events do not name it is null. `batch` is whether the service tier is `batch`. `images`, `characters`, `seconds` and
         *     `usage_bytes` add up what events say under `metrics` by these names (0 where they say nothing, the sum cut to a whole
         *     number); `size`, `vector_store_id` and `context_level` are the properties `size`, `vector_store_id` and
         *     `search_context_size`. Beside `OpenAI`'s fields each result has `errors`, and `input_tokens` and `output_tokens` where
         *     `OpenAI` has none. How cached tokens split into text, audio and images is not known: null, unless there are none.
         *
         *     A page may hold fewer buckets than `limit` where they hold very much; follow `next_page`.
         *     Errors have `OpenAI`'s shape; a value that is refused is 400.
         */
        get: operations["organization_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description How the cost came about. */
        AccountToApi: {
            /**
             * Format: int64
             * @description The rates are those of requests with more input tokens than this; null are the ordinary ones.
             */
            context_above?: number | null;
            /** @description One a bucket that holds anything, and the fee of the request where there is one. */
            lines: components["schemas"]["LineToApi"][];
            /**
             * @description What rounding once to nine decimals, half to even, adds to it.
             * @example 0.0000000005
             */
            rounding_usd: string;
            /**
             * @description The service tier whose rates were taken: `default`, `batch`, `flex`, `priority`.
             * @example default
             */
            service_tier: string;
            /**
             * @description The sum of all lines, exact.
             * @example 0.0074999985
             */
            sum_usd: string;
            /** @description Whether the event's tier has no rates of its own in this price, so that the default ones were taken. */
            tier_fallback: boolean;
            /**
             * @description The sum after rounding.
             * @example 0.007499999
             */
            total_usd: string;
        };
        /** @description One group that differs. */
        AdjustmentRowToApi: {
            /** @description What has come since. */
            adjustment: components["schemas"]["SumsToApi"];
            /** @description The calendar day in the statement's zone. */
            day: string;
            department?: string | null;
            model?: string | null;
            project?: string | null;
            provider?: string | null;
            /** @description What the statement says of it. */
            statement: components["schemas"]["SumsToApi"];
            /** @description The two together. */
            today: components["schemas"]["SumsToApi"];
        };
        /** @description By how much today's totals differ from a statement. */
        AdjustmentToApi: {
            /** @description What all changes since come to; negative where more was voided than came late. */
            adjustment: components["schemas"]["SumsToApi"];
            /** @description When this was asked for. */
            as_of: string;
            /** @description The closed period. */
            closing: components["schemas"]["ClosingToApi"];
            /** @description Groups that differ, the largest difference of cost first; 2,000 at most. */
            rows: components["schemas"]["AdjustmentRowToApi"][];
            /** @description Groups that differ beyond those; `format=csv` has all. */
            rows_left_out: number;
            /** @description What the whole statement comes to. */
            statement: components["schemas"]["SumsToApi"];
            /** @description The two together: today's totals of the period. */
            today: components["schemas"]["SumsToApi"];
        };
        /** @description What to change of a rule; what is not named stays. */
        AlertRuleChange: {
            /** @description Ids of channels; empty: every channel. */
            channels?: string[] | null;
            /** @description Whether it is raised at all. */
            enabled?: boolean | null;
            /** @description Numbers, whole. */
            params?: {
                [key: string]: number;
            };
        };
        /** @description Which alerts of one kind a tenant wants. */
        AlertRuleToApi: {
            /** @description Ids of channels; empty: every channel. Budgets may name their own. */
            channels: string[];
            /** @description Whether it is raised at all. */
            enabled: boolean;
            /**
             * @description Of which kind.
             * @example spend_spike
             */
            kind: string;
            /** @description The numbers it goes by, whole; the unit is in the name. */
            params: {
                [key: string]: number;
            };
        };
        /** @description An alert that was raised, and whom it was told to. */
        AlertToApi: {
            /** @description One a channel; empty where there was none. */
            deliveries: components["schemas"]["DeliveryToApi"][];
            /** @description The figures behind it; amounts of money are decimal texts in US dollars. */
            detail: Record<string, never>;
            /** @description UUID; also the `webhook-id` of its messages. */
            id: string;
            /**
             * @description What makes it this one; it is raised once.
             * @example budget/0199c0de-0000-7000-8000-000000000001/1793491200000/800000/250000000000
             */
            key: string;
            /**
             * @description `budget_threshold`, `budget_projected`, `spend_spike`, `limit_near`, `provider_failing` or `unpriced_model`.
             * @example budget_threshold
             */
            kind: string;
            /** @description When it was noticed. */
            raised_at: string;
            /**
             * @description `info`, `warning` or `critical`.
             * @example warning
             */
            severity: string;
            /** @description Until when nothing more is sent about the same thing. */
            snoozed_until?: string | null;
            /** @description A sentence for people. */
            title: string;
        };
        /**
         * @description An exact decimal with up to six places; of `cost_usd` up to nine.
         * @example 2.5
         */
        Amount: number;
        /** @description A number, or an exact decimal string: 2.5 or "2.5". */
        AmountFromApi: number | string;
        /** @description An amount of money. */
        AmountToApi: {
            /**
             * @description Always `usd`.
             * @example usd
             */
            currency: string;
            /**
             * Format: double
             * @description US dollars with up to nine decimals; exact below nine million dollars.
             * @example 0.06
             */
            value: number;
        };
        /** @description Calls. */
        ApiCallStats: {
            /**
             * Format: double
             * @description Change of the total in percent, with two decimals; null where it was zero before.
             * @example 12.5
             */
            change?: number | null;
            /**
             * Format: double
             * @description Share of the failed ones in percent; null without calls.
             */
            errorRate?: number | null;
            /**
             * Format: int64
             * @description Those with a status of 400 or above.
             */
            failed: number;
            /**
             * Format: int64
             * @description Those with a status below 400, or without one.
             */
            successful: number;
            /**
             * Format: int64
             * @description All of them.
             */
            total: number;
        };
        /** @description One change. */
        AuditToApi: {
            /**
             * @description What.
             * @example key.revoke
             */
            action: string;
            /**
             * @description Who: a key by its public beginning, a JWT by its user, or the command line.
             * @example key:mw_ab12cd34
             */
            actor: string;
            /** @description When. */
            at: string;
            /**
             * Format: int64
             * @description Its number, ascending.
             */
            seq: number;
            /** @description On what. */
            target: string;
        };
        /** @description How far back to read. */
        BackfillFromApi: {
            /**
             * @description The first UTC date, or an instant; at most 1096 days ago.
             * @example 2026-01-01
             */
            from: string;
            /** @description The first date after them; now where it is absent. Days between it and what is there already are read too. */
            to?: string | null;
        };
        /** @description Progress of reading older days. */
        BackfillToApi: {
            /**
             * Format: int64
             * @description Days of all reports that are there.
             */
            done_buckets: number;
            /**
             * Format: int64
             * @description Of so many.
             */
            of: number;
        };
        /** @description How well the same method did on the past. */
        BacktestToApi: {
            /**
             * Format: double
             * @description The share of folds whose sum lay within its 80 % bounds, in percent; each was judged by the others' misses.
             * @example 80
             */
            coverage_80: number;
            /**
             * Format: double
             * @description The same for 95 %.
             * @example 100
             */
            coverage_95: number;
            /**
             * @description From so many days of the past a forecast was made, knowing only what was known then.
             * @example 10
             */
            folds: number;
            /**
             * @description Each looked so many days ahead, at most 30.
             * @example 8
             */
            horizon_days: number;
            /**
             * Format: double
             * @description How far the sums were missed, the mean over the folds, in percent of what came; null where nothing came.
             * @example 4.2
             */
            mean_absolute_percentage_error?: number | null;
            /**
             * Format: double
             * @description How far the single days were missed, all together, in percent of what came.
             * @example 11.3
             */
            weighted_absolute_percentage_error?: number | null;
        };
        /** @description One row of a breakdown; its name stands under `providerName`, `projectName`, `modelName` and so on. */
        BreakdownRow: Record<string, never>;
        /** @description One bucket. */
        BucketToApi: {
            /** @description First instant after it. */
            end: string;
            /**
             * @description Its name in the zone: `2026-11-16`, `2026-11-16T10:00`, `2026-11`.
             * @example 2026-11-16
             */
            label: string;
            /** @description First instant. */
            start: string;
        };
        /** @description One bucket of UTC time. */
        BucketToApi_CostsResult: {
            /**
             * Format: int64
             * @description First second after it. The last bucket ends at `end_time`.
             */
            end_time: number;
            /**
             * @description Always `bucket`.
             * @example bucket
             */
            object: string;
            /** @description A result for each group; none where nothing was used. */
            results: {
                /** @description The cost of everything that has a price. */
                amount: components["schemas"]["AmountToApi"];
                /** @description The name of the API key, as events give it. */
                api_key_id?: string | null;
                /** @description `unlabeled` where it was grouped by: events do not tell. */
                api_source?: string | null;
                /** @description The amount as an exact decimal of US dollars. Not of `OpenAI`'s. */
                cost_usd: string;
                /** @description Provider and model, `openai/gpt-4o`, where it was grouped by; null where the events name neither. */
                line_item?: string | null;
                /**
                 * @description Always `organization.costs.result`.
                 * @example organization.costs.result
                 */
                object: string;
                /** @description The project. */
                project_id?: string | null;
                /**
                 * Format: int64
                 * @description Tokens, where it was grouped by `line_item` and there are any.
                 */
                quantity?: number | null;
                /** @description `tokens` beside a quantity. */
                quantity_unit?: string | null;
                /**
                 * Format: int64
                 * @description Events with tokens whose model has no price; they are not in the amount. Not of `OpenAI`'s.
                 */
                unpriced_calls: number;
                /** @description The user. */
                user_id?: string | null;
            }[];
            /**
             * Format: int64
             * @description First second, Unix time. The first bucket begins at `start_time`, the others on whole minutes, hours or days.
             */
            start_time: number;
        };
        /** @description One bucket of UTC time. */
        BucketToApi_UsageResult: {
            /**
             * Format: int64
             * @description First second after it. The last bucket ends at `end_time`.
             */
            end_time: number;
            /**
             * @description Always `bucket`.
             * @example bucket
             */
            object: string;
            /** @description A result for each group; none where nothing was used. */
            results: ((components["schemas"]["CompletionsResult"] & {
                /** @enum {string} */
                object: "organization.usage.completions.result";
            }) | (components["schemas"]["CompletionsResult"] & {
                /** @enum {string} */
                object: "organization.usage.decisions.result";
            }) | (components["schemas"]["TokensResult"] & {
                /** @enum {string} */
                object: "organization.usage.embeddings.result";
            }) | (components["schemas"]["TokensResult"] & {
                /** @enum {string} */
                object: "organization.usage.moderations.result";
            }) | (components["schemas"]["TokensResult"] & {
                /** @enum {string} */
                object: "organization.usage.other.result";
            }) | (components["schemas"]["ImagesResult"] & {
                /** @enum {string} */
                object: "organization.usage.images.result";
            }) | (components["schemas"]["SpeechesResult"] & {
                /** @enum {string} */
                object: "organization.usage.audio_speeches.result";
            }) | (components["schemas"]["TranscriptionsResult"] & {
                /** @enum {string} */
                object: "organization.usage.audio_transcriptions.result";
            }) | (components["schemas"]["VectorStoresResult"] & {
                /** @enum {string} */
                object: "organization.usage.vector_stores.result";
            }) | (components["schemas"]["SessionsResult"] & {
                /** @enum {string} */
                object: "organization.usage.code_interpreter_sessions.result";
            }) | (components["schemas"]["FileSearchesResult"] & {
                /** @enum {string} */
                object: "organization.usage.file_searches.result";
            }) | (components["schemas"]["WebSearchesResult"] & {
                /** @enum {string} */
                object: "organization.usage.web_searches.result";
            }))[];
            /**
             * Format: int64
             * @description First second, Unix time. The first bucket begins at `start_time`, the others on whole minutes, hours or days.
             */
            start_time: number;
        };
        /** @description A budget and where it stands. */
        Budget: {
            /** @description Whether a hard budget lets models pass that have no price. */
            allow_unpriced: boolean;
            /**
             * @description Dollars that may be spent in a period.
             * @example 250
             */
            amount_usd: string;
            /** @description Of `custom`: the first day of one of its periods. */
            anchor?: string | null;
            /** @description Ids of the channels that are told; none are all of the tenant's. */
            channels: string[];
            /**
             * @description When it was made.
             * @example 2026-11-22T10:30:00Z
             */
            created_at: string;
            /** @description Where it stands in its present period. */
            current: components["schemas"]["BudgetStanding"];
            /**
             * Format: int32
             * @description Of `custom`: how many days each has.
             */
            days?: number | null;
            /** @description Whether that is the tenant's, whatever it is. */
            follows_tenant: boolean;
            /** @description Whether decisions are refused once it is used up. */
            hard: boolean;
            /** @description UUID. */
            id: string;
            /** @description Whether the tenant was made with it. It cannot be deleted. */
            is_default: boolean;
            /**
             * @description For people.
             * @example support
             */
            name: string;
            /** @description Id of the budget that it is a part of. */
            parent?: string | null;
            /** @description Which spans it is counted over. */
            period: components["schemas"]["BudgetPeriod"];
            /** @description Which usage it is for. */
            scope: {
                [key: string]: string;
            };
            /**
             * @description At which parts of the amount somebody is told.
             * @example [
             *       0.5,
             *       0.8,
             *       0.95,
             *       1
             *     ]
             */
            thresholds: number[];
            /**
             * @description IANA zone that it is counted in.
             * @example Europe/Berlin
             */
            timezone: string;
        };
        /**
         * @description What to change of a budget. Another scope, period or zone counts the present period anew; a budget that has parts keeps
         *     them.
         */
        BudgetChangeFromApi: {
            /** @description Whether a hard budget lets models pass that have no price. */
            allow_unpriced?: boolean | null;
            /**
             * @description Dollars that may be spent in a period. The default budget no longer follows the configuration.
             * @example 300.00
             */
            amount_usd?: string | null;
            /** @description Of `custom`: the first day of one of its periods. */
            anchor?: string | null;
            /** @description Ids of the channels that are told. */
            channels?: string[] | null;
            /**
             * Format: int32
             * @description Of `custom`: how many days each has, 1 to 366.
             */
            days?: number | null;
            /** @description Whether decisions are refused once it is used up. */
            hard?: boolean | null;
            /** @description For people. */
            name?: string | null;
            period?: components["schemas"]["BudgetPeriod"] | null;
            scope?: components["schemas"]["BudgetScope"] | null;
            /** @description At which parts of the amount somebody is told. */
            thresholds?: number[] | null;
            /** @description IANA zone; null is the tenant's. */
            timezone?: string | null;
        };
        /** @description The periods of a budget, counted from usage by its present scope, each with the amount that was in force. */
        BudgetHistory: {
            /** @description The budget. */
            id: string;
            /** @description Newest first; the first is the present one. */
            periods: components["schemas"]["BudgetHistoryPeriod"][];
            /** @description IANA zone of the periods. */
            timezone: string;
        };
        /** @description One period of a budget. */
        BudgetHistoryPeriod: {
            /**
             * @description Dollars that might be spent in this period: the amount in force at its end, now where it is running. Periods from before
             *     the budget was made show its first amount.
             * @example 250
             */
            amount_usd: string;
            /**
             * @description When it began.
             * @example 2026-10-01T00:00:00Z
             */
            from: string;
            /** @description Whether the period is running. */
            is_current: boolean;
            /** @description Whether it is. */
            is_over_budget: boolean;
            /**
             * @description Dollars by which that is more than the amount, 0 where it is not.
             * @example 11.2
             */
            over_usd: string;
            /**
             * @description Dollars that were spent.
             * @example 261.2
             */
            spent_usd: string;
            /**
             * @description When it ends, or ended.
             * @example 2026-11-01T00:00:00Z
             */
            to: string;
        };
        /** @description The parts that were made, in their order. */
        BudgetParts: {
            /** @description One for each value. */
            items: components["schemas"]["Budget"][];
        };
        /**
         * @description Which calendar spans a budget is counted over, in its zone. Weeks begin on Monday, quarters in January, April, July and
         *     October; `custom` is every `days` days from `anchor`.
         * @enum {string}
         */
        BudgetPeriod: "day" | "week" | "month" | "quarter" | "year" | "custom";
        /**
         * @description Which usage a budget is for: everything that has all these values. Nothing named is everything of the tenant. A `team` is
         *     the projects that belong to it now.
         */
        BudgetScope: {
            /** @description Your own name for the API key. */
            api_key?: string | null;
            department?: string | null;
            /** @description As events name it. */
            model?: string | null;
            /** @example support-bot */
            project?: string | null;
            team?: string | null;
            user?: string | null;
        };
        /**
         * @description Where a budget stands in its present period. Spent is what events count as money (the amount they name for `cost_usd`,
         *     else their cost; without a price nothing) and what decisions counted without an event.
         */
        BudgetStanding: {
            /**
             * @description `normal`; `warning` from 80 % (configurable), or where spent / the share of the period that is over is more than the amount;
             *     `critical` from 95 % (configurable).
             * @example normal
             */
            alert_level: string;
            /**
             * @description When the period began.
             * @example 2026-11-01T00:00:00Z
             */
            from: string;
            /**
             * @description Dollars that reservations hold.
             * @example 0.5
             */
            held_usd: string;
            /** @description Whether more was spent than the amount. */
            is_over_budget: boolean;
            /**
             * @description Dollars that are left: amount - spent - held; negative where there is less than nothing.
             * @example 124
             */
            remaining_usd: string;
            /**
             * @description Dollars that were spent.
             * @example 125.5
             */
            spent_usd: string;
            /**
             * @description When it ends.
             * @example 2026-12-01T00:00:00Z
             */
            to: string;
            /**
             * Format: double
             * @description How much of the amount was spent, in percent, rounded to two decimals.
             * @example 50.2
             */
            used_percentage: number;
        };
        /** @description Where a budget stands in its present period. Money is a number of US dollars. */
        BudgetStatus: {
            /** @description When it was asked. */
            as_of: string;
            /**
             * @description `critical` from 95 % on, `warning` from 80 % on (both configurable), or where `projected_monthly_spend` is more than the budget; else
             *     `normal`.
             * @example normal
             */
            budget_alert_level: string;
            /** @description The budget's id. */
            budget_id: string;
            /**
             * @description Its name.
             * @example Monthly budget
             */
            budget_name: string;
            /**
             * Format: double
             * @description `current_spend` in percent of `monthly_budget`, rounded half to even to two decimals. A budget of nothing is used up.
             * @example 41.25
             */
            budget_used_percentage: number;
            /**
             * Format: double
             * @description What was spent of it.
             * @example 41.25
             */
            current_spend: number;
            /**
             * Format: double
             * @description `current_spend` / the days that are over, of today the part that is over: `projected_monthly_spend` / the days of the
             *     period.
             * @example 2.578125
             */
            daily_average: number;
            /**
             * Format: int64
             * @description Calendar days after today in the period: 0 on its last day.
             * @example 14
             */
            days_remaining: number;
            /** @description First instant of the period. */
            from: string;
            /**
             * Format: double
             * @description What reservations hold of it; not in `current_spend`.
             */
            held: number;
            /** @description Whether `current_spend` is more than `monthly_budget`. */
            is_over_budget: boolean;
            /**
             * Format: double
             * @description What may be spent in the period. The name is that of the default budget, which is monthly; another budget's period
             *     is in `from` and `to`.
             * @example 100
             */
            monthly_budget: number;
            /**
             * Format: double
             * @description `current_spend` / the part of the period that is over, by the clock; in its first instant `current_spend`.
             * @example 77.34375
             */
            projected_monthly_spend: number;
            /** @description What to do, in sentences; empty where nothing is. */
            recommendations: string[];
            /**
             * @description Where `current_spend` comes from: `provider`, `metered` or `quota`.
             * @example metered
             */
            source: string;
            /** @description Why it is this source, for people. */
            source_reason: string;
            /** @description First instant after it. */
            to: string;
            /**
             * @description The zone of its period.
             * @example UTC
             */
            tz: string;
        };
        /** @description One kind of cause over all rows. */
        CauseSumToApi: {
            /** @description Its part of the difference, US dollars. */
            cost_usd: string;
            /** @description Which. */
            kind: string;
        };
        /** @description One cause of a difference. */
        CauseToApi: {
            /** @description Its part of the difference, US dollars. */
            cost_usd: string;
            /** @description The figures behind it. */
            detail: string;
            /**
             * @description `zone_edge`: the provider's day ends at midnight UTC. `no_report`: no report of the day was ever read from the provider,
             *     since its connection has not worked yet or reaches back less far. `late_report`: not all of it is reported yet.
             *     `unknown_key`: used with an API key that none of our events names. `unpriced_model`: our events have no price.
             *     `missing_events`: the provider counted what we have no event of. `extra_events`: we have events that it did not count.
             *     `price_difference`: the same usage at another price. `rounding`: sums of rounded costs. `unexplained`: the rest.
             * @example price_difference
             */
            kind: string;
        };
        /** @description One change of a closed period. */
        ChangeToApi: {
            /** @description What it added to today's totals, or took away. */
            adjustment: components["schemas"]["SumsToApi"];
            /** @description When it was received, voided or rated anew. */
            at: string;
            department?: string | null;
            /** @description The id of the event. */
            id?: string | null;
            /**
             * @description `late`: received after the closing. `void`: voided after it. `rerated`: events of one quarter of an hour and group were
             *     rated anew after it; source and id are null, the time is that of the first.
             * @example late
             */
            kind: string;
            model?: string | null;
            project?: string | null;
            provider?: string | null;
            /** @description The source of the event; null where the event was dropped for its age. Its sums are kept. */
            source?: string | null;
            /** @description The time of the event. */
            time: string;
        };
        /** @description What became of a test message. */
        ChannelTestToApi: {
            /** @description Whether the other side has taken it. */
            arrived: boolean;
            /**
             * @description What went wrong, in a sentence; with `arrived` true, which addresses of a mail were refused.
             * @example it answered 500
             */
            error?: string | null;
            /**
             * Format: int64
             * @description Milliseconds that it took.
             */
            took_ms: number;
        };
        /**
         * @description A channel. The address of Slack and the secret of a webhook are never shown again, and the whole address of a webhook is
         *     shown to owners alone.
         */
        ChannelToApi: {
            /** @description When it was made. */
            created_at: string;
            /** @description Whether alerts go there. */
            enabled: boolean;
            /** @description UUID. */
            id: string;
            /**
             * @description For people.
             * @example on call
             */
            name: string;
            /** @description Why it was switched off by itself: the other side answered that it wants nothing more. */
            off_because?: string | null;
            /**
             * @description Webhook: what messages are signed with; only in the answer that makes it.
             * @example whsec_mzxw6ytboi5dgnbvgy3tqojqgezdgnbv
             */
            secret?: string | null;
            /** @description Mail: the addresses. */
            to?: string[];
            /**
             * @description `email`, `slack` or `webhook`.
             * @example webhook
             */
            type: string;
            /**
             * @description Webhook: the address. Its path and query can be as good as a password, so whoever is not owner or admin gets scheme and
             *     host only: `https://hooks.example.com`.
             * @example https://hooks.example.com/meterwire
             */
            url?: string | null;
        };
        /** @description What to change of a channel; its type stays. */
        ChannelToChange: {
            /** @description Whether alerts go there. */
            enabled?: boolean | null;
            /** @description For people. */
            name?: string | null;
            /** @description Webhook: true makes a new secret, which is shown this once; the old one ends at once. */
            new_secret?: boolean;
            /** @description Mail: 1 to 20 addresses. */
            to?: string[] | null;
            /** @description Slack, webhook: the address. */
            url?: string | null;
        };
        /** @description A channel to make: `to` for mail, `url` for the others. */
        ChannelToMake: {
            /** @description Whether alerts go there; yes where it is absent. */
            enabled?: boolean | null;
            /**
             * @description For people; one of its name a tenant.
             * @example on call
             */
            name: string;
            /** @description Mail: 1 to 20 addresses. */
            to?: string[] | null;
            /**
             * @description `email`, `slack` or `webhook`.
             * @example webhook
             */
            type: string;
            /**
             * @description Slack: the address of its incoming webhook. Webhook: an address of your own. https:// or http://, at most 2,048 bytes,
             *     without user and password, and not within a private network.
             */
            url?: string | null;
        };
        /** @description What to check. */
        CheckFromApi: {
            amount?: components["schemas"]["AmountFromApi"] | null;
            /** @description Your own name for the API key it is for. */
            api_key?: string | null;
            /** @description The department it is for; the project's where it is absent. */
            department?: string | null;
            /**
             * @description The metric.
             * @example deployments
             */
            metric: string;
            /**
             * @description The model it is for. Hard budgets refuse one without a price unless they allow it.
             * @example gpt-4o
             */
            model?: string | null;
            /**
             * @description The project it is for; the key's own where it is absent. A key that is bound to a project may name no other (403
             *     `other_project`). With the model, the API key and the department, hard budgets
             *     are found by it.
             * @example support-bot
             */
            project?: string | null;
            /**
             * @description Whose limit; a member's own where it is absent, else it must be named.
             * @example u-42
             */
            user?: string | null;
        };
        /** @description A closed period. */
        ClosingToApi: {
            /**
             * Format: int64
             * @description How many bytes the statement has.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Events of the statement.
             */
            calls: number;
            /** @description When it was closed. */
            closed_at: string;
            /** @description By whom, as the audit log calls it. */
            closed_by: string;
            /**
             * @description Cost of the statement, exact US dollars.
             * @example 12.345678
             */
            cost_usd: string;
            /** @description Its first instant. */
            from: string;
            /** @description UUID. */
            id: string;
            /**
             * @description The month, or the first and the last day.
             * @example 2026-10
             */
            name: string;
            /** @description SHA-256 of the statement's bytes, hexadecimal. */
            sha256: string;
            /** @description What has come since. */
            since: components["schemas"]["SinceToApi"];
            /** @description IANA zone of its days. */
            timezone: string;
            /** @description The first instant after it. */
            to: string;
            /**
             * Format: int64
             * @description Those whose model has no price; they are not in the cost.
             */
            unpriced_calls: number;
        };
        /** @description With what to settle: an `amount`, a `cost_usd`, an `event` that is recorded with it, or nothing for what was held. */
        CommitFromApi: {
            amount?: components["schemas"]["AmountFromApi"] | null;
            cost_usd?: components["schemas"]["AmountFromApi"] | null;
            event?: components["schemas"]["EventFromApi"] | null;
        };
        /** @description The answer over the period it is compared with. */
        ComparedToApi: {
            /** @description Its buckets. */
            buckets: components["schemas"]["BucketToApi"][];
            /** @description First instant. */
            from: string;
            /** @description Its groups. */
            groups: components["schemas"]["GroupToApi"][];
            /** @description `weekday` where the days were matched by the day of the week. */
            matched?: string | null;
            /** @description Values a bucket. */
            series: components["schemas"]["ValuesToApi"][];
            /** @description First instant after it. */
            to: string;
            /** @description Values over the whole period. */
            total: components["schemas"]["ValuesToApi"];
        };
        /** @description Text out of a model. */
        CompletionsResult: components["schemas"]["ResultCounts"] & components["schemas"]["ResultOwner"] & {
            /** @description `unlabeled` where it was grouped by: events do not tell. */
            api_source?: string | null;
            /** @description Whether the service tier is `batch`. */
            batch?: boolean | null;
            /**
             * Format: int64
             * @description Uncached audio input tokens.
             */
            input_audio_tokens: number;
            /**
             * Format: int64
             * @description Input tokens written to a cache, for however long.
             */
            input_cache_write_tokens: number;
            /**
             * Format: int64
             * @description Cached audio; null like the text.
             */
            input_cached_audio_tokens?: number | null;
            /**
             * Format: int64
             * @description Cached images; null like the text.
             */
            input_cached_image_tokens?: number | null;
            /**
             * Format: int64
             * @description Cached text; null where there are cached tokens, since their kind is not known.
             */
            input_cached_text_tokens?: number | null;
            /**
             * Format: int64
             * @description Input tokens read from a cache.
             */
            input_cached_tokens: number;
            /**
             * Format: int64
             * @description Uncached image input tokens.
             */
            input_image_tokens: number;
            /**
             * Format: int64
             * @description Those of them that are text.
             */
            input_text_tokens: number;
            /**
             * Format: int64
             * @description Input tokens neither read from nor written to a cache, of text, audio and images.
             */
            input_uncached_tokens: number;
            /** @description The model. */
            model?: string | null;
            /**
             * Format: int64
             * @description Events, failed ones too.
             */
            num_model_requests: number;
            /**
             * Format: int64
             * @description Audio output tokens.
             */
            output_audio_tokens: number;
            /**
             * Format: int64
             * @description Image output tokens.
             */
            output_image_tokens: number;
            /**
             * Format: int64
             * @description Output tokens that are text, reasoning too.
             */
            output_text_tokens: number;
            /**
             * Format: int64
             * @description Output tokens spent on reasoning. Not of `OpenAI`'s.
             */
            reasoning_tokens: number;
            /** @description The service tier. */
            service_tier?: string | null;
        };
        /** @description What to change of a connection; what is absent stays. */
        ConnectionChangeFromApi: {
            /** @description Where the provider is asked, null for its usual address. The key has to be sent with it. */
            base_url?: string | null;
            /** @description Whether it is asked. */
            enabled?: boolean | null;
            /** @description Another key. */
            key?: string | null;
            /** @description The provider's API keys to ours, all of them. */
            key_map?: {
                [key: string]: string;
            } | null;
            /** @description Its name for people. */
            name?: string | null;
            /** @description The provider's projects to ours, all of them. */
            project_map?: {
                [key: string]: string;
            } | null;
        };
        /** @description A connection to make. */
        ConnectionFromApi: {
            /** @description Where the provider is asked; an address inside of a private network is refused. */
            base_url?: string | null;
            /** @description Whether it is asked; true where it is absent. */
            enabled?: boolean | null;
            /** @description An admin key of the provider. It is sealed before it is stored and never shown again. */
            key: string;
            /** @description The provider's API keys to ours. */
            key_map?: {
                [key: string]: string;
            };
            /** @description Its name for people; the provider's where it is absent. */
            name?: string | null;
            /** @description The provider's projects to ours. */
            project_map?: {
                [key: string]: string;
            };
            /**
             * @description `openai` or `anthropic`.
             * @example openai
             */
            provider: string;
        };
        /** @description A connection to a provider's report API. The key is never shown. */
        ConnectionToApi: {
            /** @description Where the provider is asked, if not at its usual address. */
            base_url?: string | null;
            /** @description When it was made; null where it is set by the settings. */
            created_at?: string | null;
            /** @description Whether it is asked. */
            enabled: boolean;
            /**
             * @description Its id. `env-openai` and `env-anthropic` are set by the instance's settings.
             * @example 0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b
             */
            id: string;
            /** @description Set by the instance's settings: it cannot be changed or deleted by a request. */
            is_fixed: boolean;
            /** @description The provider's id of an API key to the `api_key` that our events name. */
            key_map: {
                [key: string]: string;
            };
            /** @description Its name for people. */
            name: string;
            /**
             * @description The provider's project (Anthropic: workspace) to ours; `default` is usage without one. Figures of one project come from
             *     the provider only where every connection maps to it.
             */
            project_map: {
                [key: string]: string;
            };
            /** @description `openai` or `anthropic`. */
            provider: string;
            /** @description How it stands. */
            state: components["schemas"]["StateToApi"];
        };
        /** @description Where a workspace wastes money. Money is a number of US dollars. */
        CostIntelligence: {
            /** @description What was found, the largest saving first. */
            alerts: components["schemas"]["Insight"][];
            /** @description When it was asked. */
            as_of: string;
            /** @description Whether there were calls enough to judge by: 100. Without them only keys and missing prices are told of. */
            enough_data: boolean;
            /** @description First instant of the range. */
            from: string;
            /** @description Kinds that could not be judged, and why. */
            not_judged: components["schemas"]["NotJudgedToApi"][];
            /**
             * Format: double
             * @description The savings of all alerts together. No event counts twice.
             */
            potential_savings: number;
            /** @description What to do, in the same order, each once. */
            recommendations: string[];
            /**
             * Format: int64
             * @description Events that were gone over.
             */
            requests: number;
            /**
             * @description Where the numbers come from: insights are found in our own events.
             * @example metered
             */
            source: string;
            /** @description First instant after it. */
            to: string;
            /**
             * Format: double
             * @description What they cost.
             */
            total_cost: number;
            /**
             * @description The zone of its days.
             * @example UTC
             */
            tz: string;
            /**
             * @description The workspace: a project.
             * @example support-bot
             */
            workspace_id?: string | null;
        };
        /** @description What one model costs. */
        CostOfModel: {
            /**
             * Format: int64
             * @description Its calls.
             */
            calls: number;
            /**
             * Format: double
             * @description US dollars.
             */
            cost: number;
            /**
             * @description The model.
             * @example gpt-4o
             */
            model: string;
        };
        /** @description Cost in US dollars with up to nine decimals. */
        CostStats: {
            /**
             * @description By model, dearest first; it adds up to the total. Beyond 100 models the rest is one row called `Other`, events
             *     without a model are `(none)`.
             */
            breakdown: components["schemas"]["CostOfModel"][];
            /**
             * Format: double
             * @description Change of the total in percent; null where it was zero before.
             */
            change?: number | null;
            /**
             * Format: double
             * @description All of it.
             */
            total: number;
        };
        /** @description Costs of one thing. */
        CostToApi: {
            /**
             * Format: int64
             * @description Events.
             */
            calls: number;
            /**
             * Format: double
             * @description The change in percent, two decimals; null without a period to compare with, or where that cost nothing.
             */
            change_percentage?: number | null;
            /**
             * @description Cost, exact US dollars.
             * @example 12.345678
             */
            cost_usd: string;
            /** @description Cost of the period that it is compared with; null without one. */
            previous_cost_usd?: string | null;
            /**
             * Format: double
             * @description Its part of the total cost in percent, two decimals; null where the total is nothing.
             */
            share_percentage?: number | null;
            /**
             * Format: int64
             * @description Input and output tokens.
             */
            tokens: number;
            /**
             * Format: int64
             * @description Events whose model has no price; they are not in the cost.
             */
            unpriced_calls: number;
        };
        /** @description Costs of one group. */
        CostsResult: {
            /** @description The cost of everything that has a price. */
            amount: components["schemas"]["AmountToApi"];
            /** @description The name of the API key, as events give it. */
            api_key_id?: string | null;
            /** @description `unlabeled` where it was grouped by: events do not tell. */
            api_source?: string | null;
            /** @description The amount as an exact decimal of US dollars. Not of `OpenAI`'s. */
            cost_usd: string;
            /** @description Provider and model, `openai/gpt-4o`, where it was grouped by; null where the events name neither. */
            line_item?: string | null;
            /**
             * @description Always `organization.costs.result`.
             * @example organization.costs.result
             */
            object: string;
            /** @description The project. */
            project_id?: string | null;
            /**
             * Format: int64
             * @description Tokens, where it was grouped by `line_item` and there are any.
             */
            quantity?: number | null;
            /** @description `tokens` beside a quantity. */
            quantity_unit?: string | null;
            /**
             * Format: int64
             * @description Events with tokens whose model has no price; they are not in the amount. Not of `OpenAI`'s.
             */
            unpriced_calls: number;
            /** @description The user. */
            user_id?: string | null;
        };
        /**
         * @description What an event adds to a metric: `events` 1, `tokens` all its tokens, `cost_usd` its cost (the metric of that name and
         *     no other), `named` what it names under `metrics`, `decisions` nothing. An event that names the metric itself under
         *     `metrics` adds that amount instead, except to `decisions`.
         * @enum {string}
         */
        Counts: "events" | "tokens" | "cost_usd" | "named" | "decisions";
        /** @description Usage of one day. */
        DailyUsage: {
            /**
             * Format: int64
             * @description Its calls.
             */
            calls: number;
            /**
             * Format: double
             * @description US dollars.
             */
            cost: number;
            /**
             * @description The day in the zone.
             * @example 2026-11-22
             */
            date: string;
            /**
             * Format: int64
             * @description Input and output tokens.
             */
            tokens: number;
        };
        /** @description Everything about the money of one workspace. */
        Dashboard: {
            /** @description When it was asked. */
            as_of: string;
            /** @description The budget of the workspace where it has one of its own, else the tenant's. */
            budget_status: components["schemas"]["BudgetStatus"];
            /** @description Where it wastes money. */
            cost_intelligence: components["schemas"]["CostIntelligence"];
            /** @description The month so far. */
            current_month: components["schemas"]["UsageData"];
            /** @description The models of the month. */
            model_comparison: components["schemas"]["ModelComparison"];
            /**
             * @description That of `current_month`.
             * @example metered
             */
            source: string;
            /** @description Today so far. */
            today: components["schemas"]["UsageData"];
            /**
             * @description The workspace: a project.
             * @example support-bot
             */
            workspace_id: string;
        };
        /** @description One request, or an array of 1 to 10,000, each with a verdict of its own. */
        Decide: components["schemas"]["DecideFromApi"] | components["schemas"]["DecideFromApi"][];
        /** @description What to record: one `metric` with its `amount`, or several under `metrics`. */
        DecideFromApi: {
            amount?: components["schemas"]["AmountFromApi"] | null;
            /** @description Your own name for the API key it is for. */
            api_key?: string | null;
            /** @description The department it is for; the project's where it is absent. */
            department?: string | null;
            /**
             * @description 1 to 256 bytes: sent again with the same request within 48 hours, it gets the same answer and counts once.
             * @example deploy-7f3a
             */
            idempotency_key?: string | null;
            /**
             * @description The metric.
             * @example deployments
             */
            metric?: string | null;
            /** @description Several metrics, all or nothing: `{"api_calls": 10, "tokens": 512}`. */
            metrics?: {
                [key: string]: components["schemas"]["AmountFromApi"];
            } | null;
            /**
             * @description The model it is for. Hard budgets refuse one without a price unless they allow it.
             * @example gpt-4o
             */
            model?: string | null;
            /**
             * @description The project it is for; the key's own where it is absent. A key that is bound to a project may name no other (403
             *     `other_project`). With the model, the API key and the department, hard budgets
             *     are found by it.
             * @example support-bot
             */
            project?: string | null;
            /**
             * @description Whose usage; a member's own where it is absent, else it must be named.
             * @example u-42
             */
            user?: string | null;
        };
        /** @description The answer in the form of the request: about one metric, about several, or an array. */
        Decided: components["schemas"]["DecisionToApi"] | components["schemas"]["ManyToApi"] | components["schemas"]["DecisionsToApi"];
        /** @description A decision about one metric. */
        DecisionToApi: {
            /** @description Whether it was, or would be, allowed. */
            allowed: boolean;
            /** @description What was asked for. */
            amount: components["schemas"]["Amount"];
            /** @description Used and held, afterwards. */
            current: components["schemas"]["Amount"];
            /** @description Whether `current` is above the limit, which `increment` can bring about. */
            exceeded: boolean;
            /** @description How much of `current` reservations hold. */
            held: components["schemas"]["Amount"];
            limit?: components["schemas"]["Amount"] | null;
            /**
             * @description The metric.
             * @example deployments
             */
            metric: string;
            over_budget?: components["schemas"]["OverBudget"] | null;
            /**
             * @description Why not.
             * @example Daily deployments limit exceeded
             */
            reason?: string | null;
            remaining?: components["schemas"]["Amount"] | null;
            /**
             * @description When the window ends; null for a level.
             * @example 2026-11-23T00:00:00Z
             */
            resets_at?: string | null;
            /**
             * @description The user's tier.
             * @example free
             */
            tier: string;
            /**
             * @description `day`, `week`, `month`, or `none` for a level that is not reset.
             * @example day
             */
            window: string;
        };
        /** @description Verdicts of an array, in its order. */
        DecisionsToApi: {
            /** @description Allowed and recorded. */
            allowed: number;
            /** @description Not valid; nothing of them was recorded. */
            invalid: number;
            /** @description Requests in the array. */
            received: number;
            /** @description Refused by a limit or a hard budget; nothing of them was recorded. */
            refused: number;
            /** @description One an entry. */
            results: components["schemas"]["ItemToApi"][];
        };
        /** @description An alert on its way to one channel. */
        DeliveryToApi: {
            /**
             * Format: int32
             * @description How often it was tried.
             */
            attempts: number;
            /** @description The channel's id; it may be deleted by now. */
            channel: string;
            /** @description Its name then. */
            channel_name: string;
            /** @description When the other side had taken it. */
            delivered_at?: string | null;
            /** @description What went wrong the last time. */
            last_error?: string | null;
            /** @description When it was tried last. */
            last_try_at?: string | null;
            /** @description When it is tried next, where it is still to arrive and was tried before, or snoozed. */
            next_try_at?: string | null;
            /**
             * @description `pending` (to be tried, or tried again), `snoozed`, `delivered`, `failed` (given up).
             * @example delivered
             */
            state: string;
            /** @description `email`, `slack` or `webhook`. */
            type: string;
        };
        /** @description Costs by department. */
        DepartmentCostsToApi: {
            /** @description When it was asked. */
            as_of: string;
            /** @description Whether projects are told apart; not so where that would need single events that are gone for their age. */
            by_project: boolean;
            /** @description First instant of the period that it is compared with; null without one, or where its single events are gone for their age. */
            compared_from?: string | null;
            /** @description First instant after it. */
            compared_to?: string | null;
            /** @description Dearest first; their sums are the total. */
            departments: components["schemas"]["DepartmentToApi"][];
            /** @description First instant. */
            from: string;
            /**
             * @description Where the numbers come from: `metered`, our events.
             * @example metered
             */
            source: string;
            /** @description First instant after it. */
            to: string;
            /** @description What all departments come to. */
            total: components["schemas"]["CostToApi"];
            /** @description IANA zone of the range. */
            tz: string;
        };
        /** @description What one department costs. */
        DepartmentToApi: components["schemas"]["CostToApi"] & {
            /** @description Its name; null is what no department was named for, or the rest. */
            department?: string | null;
            /** @description Whether this is the rest beyond 200 departments. */
            other: boolean;
            /** @description Its projects, dearest first; their sums are its own. */
            projects: components["schemas"]["ProjectCostToApi"][];
            /** @description Teams of its projects. */
            teams: string[];
        };
        /** @description A declared dimension. */
        DimensionToApi: {
            /** @description When it was declared. */
            created_at: string;
            /**
             * Format: int64
             * @description Of about so many.
             */
            events_to_fill: number;
            /**
             * Format: int64
             * @description Events from before the declaration that are counted.
             */
            filled_events: number;
            /**
             * @description Its name in `group_by` and `filter[..]`.
             * @example feature
             */
            name: string;
            /**
             * @description The key under the `properties` of events.
             * @example feature
             */
            property: string;
            /**
             * @description `filling` while events from before the declaration are being counted, then `ready`.
             * @example ready
             */
            state: string;
        };
        /** @description Parts of a difference of cost, exact decimals of US dollars. */
        EffectsToApi: {
            /**
             * @description From which models they went to.
             * @example 0.26
             */
            mix_usd: string;
            /**
             * @description From what a unit costs.
             * @example 0.12
             */
            price_usd: string;
            /**
             * @description From how many units there were in all.
             * @example 0.48
             */
            volume_usd: string;
        };
        /** @description An embed token, shown this once. */
        EmbedTokenToApi: {
            /**
             * @description When it ends.
             * @example 2026-11-22T10:45:00Z
             */
            expires_at: string;
            /** @description `member` for one user, else `viewer`. Whatever it is, the token only reads. */
            role: components["schemas"]["RoleName"];
            /**
             * @description The tenant's slug.
             * @example acme
             */
            tenant: string;
            /**
             * @description The token, to be sent as `Authorization: Bearer`.
             * @example mwe_...
             */
            token: string;
            /**
             * @description The user whose usage it shows.
             * @example u-42
             */
            user?: string | null;
        };
        /** @description What became of an erased user. */
        ErasedToApi: {
            /**
             * @description What stands for the user from now on, everywhere.
             * @example erased-1f0a9c3e
             */
            pseudonym: string;
            /**
             * @description `complete`, or `clearing` while a job clears what is left of a user with many events.
             * @example complete
             */
            state: string;
        };
        /** @description Names the user that is to be erased once more, since it cannot be taken back. */
        Erasure: {
            /**
             * @description The id of the address.
             * @example u-42
             */
            user: string;
        };
        /** @description The body of every error. */
        ErrorBody: {
            /** @description What went wrong. */
            detail: components["schemas"]["ErrorDetail"];
        };
        /** @description What went wrong. */
        ErrorDetail: {
            /**
             * @description A stable code to decide by.
             * @example invalid_value
             */
            code: string;
            difference?: components["schemas"]["RerateAnswerToApi"] | null;
            /**
             * @description A short title.
             * @example Invalid value
             */
            error: string;
            /**
             * Format: int64
             * @description Of so many.
             */
            events_to_fill?: number | null;
            /** @description The field that is wrong. */
            field?: string | null;
            /**
             * Format: int64
             * @description Older events that a dimension being filled counts by now.
             */
            filled_events?: number | null;
            /**
             * @description A sentence for the caller.
             * @example days must be from 1 to 90
             */
            message: string;
            /** @description Names the request in our log. */
            request_id?: string | null;
        };
        /** @description An estimate and between what it will lie. */
        EstimateToApi: {
            high_80?: components["schemas"]["ForecastValue"] | null;
            high_95?: components["schemas"]["ForecastValue"] | null;
            low_80?: components["schemas"]["ForecastValue"] | null;
            low_95?: components["schemas"]["ForecastValue"] | null;
            mean?: components["schemas"]["ForecastValue"] | null;
        };
        /** @description Why one event was refused. */
        EventError: {
            /**
             * @description A stable code.
             * @example invalid_value
             */
            code: string;
            /** @description The field at fault. */
            field: string;
            /** @description A sentence for the caller. */
            message: string;
        };
        /** @description One event. Only what is known need be sent. */
        EventFromApi: {
            /** @description The agent inside the project. */
            agent?: string | null;
            /** @description The customer's name for the API key that was used. */
            api_key?: string | null;
            /**
             * @description A cost in US dollars that overrides the price book, as a decimal string or number.
             * @example 0.0042
             */
            cost_usd?: string | null;
            /**
             * @description ISO 3166 country code of the caller.
             * @example DE
             */
            country?: string | null;
            /** @description The department that pays. */
            department?: string | null;
            /**
             * @description The sender's id; with the source it makes the event's identity. Without one an id is made and returned.
             * @example chatcmpl-9x
             */
            id?: string | null;
            /**
             * Format: int32
             * @description Whole duration in milliseconds.
             */
            latency_ms?: number | null;
            /** @description Amounts of countable metrics: numbers or exact decimal strings, to six decimals and of `cost_usd` to nine. */
            metrics?: {
                [key: string]: number;
            } | null;
            /**
             * @description The model that answered.
             * @example gpt-4o
             */
            model?: string | null;
            /**
             * @description What was done.
             * @example chat
             */
            operation?: string | null;
            /** @description The project (workspace) it belongs to; the key's where it is absent. A key that is bound to a project may name no other. */
            project?: string | null;
            /** @description Whatever else is to be kept with the event, at most 8 KiB. */
            properties?: Record<string, never> | null;
            /**
             * @description Who sells the model; found by the model where it is absent.
             * @example openai
             */
            provider?: string | null;
            /** @description The provider's own usage object instead of `usage`. */
            provider_usage?: Record<string, never> | null;
            /** @description How an exported event was rated; not read, so that lines of an export can be sent as they are. */
            rated?: Record<string, never> | null;
            /** @description SHA-256 of the normalised request, hexadecimal. */
            request_hash?: string | null;
            /**
             * @description The provider's service tier.
             * @example default
             */
            service_tier?: string | null;
            /**
             * @description Where it comes from; `default` where it is absent.
             * @example support-api
             */
            source?: string | null;
            /**
             * Format: int32
             * @description HTTP status of the call.
             */
            status?: number | null;
            /** @description The tenant; only an admin token may name one. */
            tenant?: string | null;
            /**
             * @description When it happened, RFC 3339; now where it is absent.
             * @example 2026-11-22T10:30:00.125Z
             */
            time?: string | null;
            /**
             * Format: int32
             * @description Time to the first token in milliseconds.
             */
            time_to_first_token_ms?: number | null;
            usage?: components["schemas"]["UsageFromApi"] | null;
            /** @description The end user. */
            user?: string | null;
        };
        /** @description What became of one event. */
        EventResult: {
            error?: components["schemas"]["EventError"] | null;
            /** @description Its id. */
            id?: string | null;
            /** @description Its place in the request, from 0. */
            index: number;
            /**
             * @description `stored`, `duplicate`, `conflict` or `rejected`.
             * @example duplicate
             */
            status: string;
        };
        /** @description What became of a request's events. */
        EventsReply: {
            /** @description There already with other content; nothing changed. */
            conflict: number;
            /** @description There already with the same content; nothing changed. */
            duplicate: number;
            /** @description Events in the request. */
            received: number;
            /** @description Refused; nothing changed. */
            rejected: number;
            /** @description Every event that was not stored, and stored ones whose id was made here. */
            results: components["schemas"]["EventResult"][];
            /** @description Stored now: on disk and in every total. */
            stored: number;
        };
        /** @description The period that a range is compared with. */
        ExplainCompared: {
            /** @description First instant. */
            from: string;
            /** @description `weekday` where the days were matched by the day of the week. */
            matched?: string | null;
            /** @description First instant after it. */
            to: string;
        };
        /** @description The change of cost between two periods, taken apart. */
        ExplainReply: {
            /** @description When it was asked; everything answered before is in it. */
            as_of: string;
            /** @description The period that it is compared with. */
            compared: components["schemas"]["ExplainCompared"];
            /**
             * @description Cost of the period that it is compared with.
             * @example 0.8
             */
            compared_cost_usd: string;
            /**
             * Format: int64
             * @description The same of the period that it is compared with.
             */
            compared_unpriced_calls: number;
            /**
             * @description Cost of the range, an exact decimal of US dollars.
             * @example 1.66
             */
            cost_usd: string;
            /**
             * @description `cost_usd` less `compared_cost_usd`.
             * @example 0.86
             */
            difference_usd: string;
            /** @description The parts of the difference; they add up to it exactly. */
            effects: components["schemas"]["EffectsToApi"];
            /** @description First instant of the range. */
            from: string;
            /** @description The models, the largest difference first; the rest beyond `top` last. They add up to everything above, exactly. */
            models: components["schemas"]["ExplainedToApi"][];
            /**
             * @description Where the numbers come from: `metered` are our own events.
             * @example metered
             */
            source: string;
            /** @description First instant after it. */
            to: string;
            /**
             * @description The zone of days, weeks and months.
             * @example UTC
             */
            tz: string;
            /**
             * Format: int64
             * @description Events of the range with tokens whose model has no price; they are not in `cost_usd`.
             */
            unpriced_calls: number;
        };
        /** @description One model in both periods. */
        ExplainedToApi: components["schemas"]["EffectsToApi"] & {
            /**
             * Format: int64
             * @description Events of the range.
             */
            calls: number;
            /**
             * Format: int64
             * @description Events of the period that it is compared with.
             */
            compared_calls: number;
            /** @description Cost of the period that it is compared with. */
            compared_cost_usd: string;
            /**
             * Format: int64
             * @description Those of the period that it is compared with.
             */
            compared_tokens: number;
            /**
             * Format: int64
             * @description The same of the period that it is compared with.
             */
            compared_unpriced_calls: number;
            /** @description Cost of the range. */
            cost_usd: string;
            /** @description What it costs more. */
            difference_usd: string;
            /** @description Its name; null where no event said so. */
            model?: string | null;
            /** @description Whether it is the rest beyond `top`. */
            other: boolean;
            /** @description Who sells it; null where no event said so. */
            provider?: string | null;
            /**
             * @description `both`, `new` (not called before) or `ended` (not called any more); null for the rest beyond `top`.
             * @example both
             */
            state?: string | null;
            /**
             * Format: int64
             * @description Input and output tokens of the range.
             */
            tokens: number;
            /**
             * Format: int64
             * @description Events of the range without a price.
             */
            unpriced_calls: number;
        };
        /** @description An entry that is not valid. */
        FailedItem: {
            allowed: boolean;
            detail: components["schemas"]["ErrorDetail"];
            /**
             * Format: int32
             * @description The status it would have got alone.
             * @example 422
             */
            status: number;
        };
        /** @description Why a report was not read. Nothing that the provider wrote is in it. */
        FailureToApi: {
            /** @description When. */
            at: string;
            /**
             * @description `unauthorized forbidden rate_limited provider_error unreachable timed_out cut_off too_large redirected page_loop
             *     wrong_shape refused not_offered address_refused secret`.
             * @example unauthorized
             */
            code: string;
            /** @description A sentence. */
            message: string;
        };
        /** @description Searches in kept files. */
        FileSearchesResult: components["schemas"]["ResultOwner"] & components["schemas"]["ResultCounts"] & {
            /**
             * Format: int64
             * @description Events.
             */
            num_requests: number;
            /** @description The property `vector_store_id`. */
            vector_store_id?: string | null;
        };
        /** @description One day of the period. */
        ForecastDay: components["schemas"]["EstimateToApi"] & {
            actual?: components["schemas"]["ForecastValue"] | null;
            /**
             * @description The day in the zone.
             * @example 2026-11-22
             */
            date: string;
        };
        /** @description A forecast to the end of a running period. */
        ForecastToApi: {
            /** @description What the period used so far, exact. */
            actual_to_date: components["schemas"]["ForecastValue"];
            /** @description When it was asked; everything answered before is in it. */
            as_of: string;
            backtest?: components["schemas"]["BacktestToApi"] | null;
            /** @description Every day of the period. */
            days: components["schemas"]["ForecastDay"][];
            /** @description The whole period, what it used so far included. */
            forecast: components["schemas"]["EstimateToApi"];
            /** @description First instant of the period. */
            from: string;
            /** @description Whole days of history that it was made from. */
            history_days: number;
            /**
             * @description `mstl_ets` (a season of the week and exponential smoothing), `ets` (smoothing alone) or `flat` (every day like the
             *     mean).
             * @example mstl_ets
             */
            method: string;
            /**
             * @description What is forecast: `cost`, `tokens` or `calls`.
             * @example cost
             */
            metric: string;
            /** @description Why so, in a sentence. */
            reason: string;
            /**
             * @description Where the numbers come from: `metered` are our own events.
             * @example metered
             */
            source: string;
            /** @description First instant after it. */
            to: string;
            /**
             * @description The zone of days.
             * @example UTC
             */
            tz: string;
            /**
             * @description `usd`, `tokens` or `calls`.
             * @example usd
             */
            unit: string;
            /**
             * Format: int64
             * @description Events of the period so far with tokens whose model has no price; they are in no cost.
             */
            unpriced_calls: number;
        };
        /** @description Dollars as a decimal text, tokens and calls as a number. */
        ForecastValue: string | number;
        /** @description One group. */
        GroupToApi: {
            /** @description Its values of `group_by`; null is the absent value. */
            key: (string | null)[];
            /** @description Whether it is the rest beyond `top`. */
            other: boolean;
            /** @description Values a bucket. */
            series: components["schemas"]["ValuesToApi"][];
            /** @description Values over the whole range. */
            total: components["schemas"]["ValuesToApi"];
        };
        /** @description The state of the server. */
        Health: {
            /** @description `ok`. */
            status: string;
        };
        /** @description One day of all users together. */
        HistoryDayToApi: {
            /**
             * Format: int64
             * @description Users who used anything.
             * @example 17
             */
            active_users: number;
            /**
             * @description The day.
             * @example 2026-11-22
             */
            date: string;
            /** @description API calls of the day. */
            total_api_calls: components["schemas"]["Amount"];
            /** @description Deployments of the day. */
            total_deployments: components["schemas"]["Amount"];
            /**
             * @description What was used of every metric.
             * @example {
             *       "api_calls": 1250,
             *       "compute_hours": 2.5,
             *       "deployments": 3,
             *       "storage": 0
             *     }
             */
            totals: {
                [key: string]: components["schemas"]["Amount"];
            };
        };
        /** @description The last days. */
        HistoryReply: {
            /** @description Today first; every day is there. */
            items: components["schemas"]["HistoryDayToApi"][];
        };
        /** @description Images. */
        ImagesResult: components["schemas"]["ResultOwner"] & components["schemas"]["ResultCounts"] & {
            /**
             * Format: int64
             * @description The sum of the metric `images`.
             */
            images: number;
            /** @description The model. */
            model?: string | null;
            /**
             * Format: int64
             * @description Events, failed ones too.
             */
            num_model_requests: number;
            /** @description The property `size`. */
            size?: string | null;
            /** @description `image.generation`, `image.edit` or `image.variation`. */
            source?: string | null;
        };
        /** @description One finding. */
        Insight: {
            /** @description What was found. */
            detail: string;
            /** @description The rows that it was found from; the saving can be reckoned from them as `rule` says. */
            evidence: Record<string, never>;
            /**
             * @description `expensive_model duplicate_calls low_cache_hit error_spend cost_spike idle_key unpriced_model`.
             * @example duplicate_calls
             */
            kind: string;
            /**
             * @description The model it is about, where it is about one.
             * @example gpt-4o
             */
            model?: string | null;
            /**
             * Format: double
             * @description What would have been saved, from the events, exact to a nano-dollar.
             */
            potential_savings: number;
            /** @description Who sells it. */
            provider?: string | null;
            /** @description What to do. */
            recommendation: string;
            /**
             * @description By its saving: `critical` from 10 % of the cost of the range on, `warning` from 1 % on, else `info`. A spike and a
             *     model without a price are `warning`.
             * @example warning
             */
            severity: string;
            /** @description A short title. */
            title: string;
        };
        /** @description A key with its token, shown this once. */
        IssuedKeyToApi: components["schemas"]["KeyToApi"] & {
            /**
             * @description Its token. It is stored only as a hash and cannot be shown again.
             * @example mw_...
             */
            token: string;
        };
        /** @description The verdict of one entry: the body that it would have got alone. */
        ItemToApi: (components["schemas"]["DecisionToApi"] | null) | components["schemas"]["ManyToApi"] | components["schemas"]["RefusedItem"] | components["schemas"]["OverBudgetItem"] | components["schemas"]["FailedItem"];
        /** @description A key, by name. */
        KeyName: {
            /** @description Its id. */
            id: string;
            /** @description Its name for people. */
            name: string;
            /**
             * @description The public beginning of its token.
             * @example mw_ab12cd34
             */
            prefix: string;
        };
        /** @description An API key. */
        KeyToApi: {
            /** @description When it was made. */
            created_at: string;
            /** @description When it ends by itself. */
            expires_at?: string | null;
            /** @description UUID. */
            id: string;
            /** @description When it was last used, to about a minute. */
            last_used_at?: string | null;
            /**
             * @description Its name for people.
             * @example prod
             */
            name: string;
            /**
             * @description The public beginning of its token.
             * @example mw_ab12cd34
             */
            prefix: string;
            /** @description The project it is bound to: what it records and decides belongs to this project, and naming another one is refused. */
            project?: string | null;
            /** @description When it was revoked. */
            revoked_at?: string | null;
            /** @description `owner`, `member`, `viewer`, `ingest`, or `admin` for keys of the instance. */
            role: components["schemas"]["RoleName"];
            /** @description The user it acts for. */
            user?: string | null;
        };
        /** @description An exact decimal; null is unlimited. */
        Limit: number | null;
        /** @description The limit that refused. */
        LimitExceeded: {
            /**
             * @description A stable code to decide by.
             * @example limit_exceeded
             */
            code: string;
            /** @description Used and held. */
            current: components["schemas"]["Amount"];
            /**
             * @description A short title.
             * @example Usage limit exceeded
             */
            error: string;
            limit?: components["schemas"]["Amount"] | null;
            /**
             * @description A sentence for the caller.
             * @example Daily deployments limit exceeded
             */
            message: string;
            /**
             * @description The metric.
             * @example deployments
             */
            metric: string;
            /** @description `tenant` where it is the limit of all users together; absent where it is the user's own. */
            scope?: string | null;
            /**
             * @description The user's tier.
             * @example free
             */
            tier: string;
        };
        /** @description The body of a refusal. */
        LimitExceededBody: {
            /** @description What refused it. */
            detail: components["schemas"]["LimitExceeded"];
        };
        /** @description A number, or an exact decimal string; null is unlimited. */
        LimitFromApi: number | string | null;
        /** @description Limits to put in place of those that are there. */
        LimitsChange: {
            /**
             * @description Limits by metric; null is unlimited.
             * @example {
             *       "api_calls": null,
             *       "deployments": 25
             *     }
             */
            limits: {
                [key: string]: components["schemas"]["LimitFromApi"];
            };
        };
        /** @description The limits of a user or of the tenant. */
        LimitsReply: {
            /**
             * @description Limits by metric; null is unlimited.
             * @example {
             *       "api_calls": null,
             *       "deployments": 25
             *     }
             */
            limits: {
                [key: string]: components["schemas"]["Limit"];
            };
        };
        /** @description One product. */
        LineToApi: {
            /**
             * @description The product, exact.
             * @example 0.0025
             */
            amount_usd: string;
            /**
             * @description `input_uncached`, `cache_read`, `cache_write_short`, `cache_write_long`, `audio_input`, `image_input`,
             *     `output_visible`, `reasoning`, `audio_output`, `image_output`, or `request`.
             * @example input_uncached
             */
            bucket: string;
            /**
             * Format: int64
             * @description How many tokens; of `request` one.
             */
            quantity: number;
            /**
             * @description What one of them costs.
             * @example 0.0000025
             */
            rate_usd: string;
            /**
             * @description What a million of them cost.
             * @example 2.5
             */
            rate_usd_per_million: string;
        };
        /** @description One page of a list. */
        ListReply_AlertRuleToApi: {
            /** @description The rows. */
            items: {
                /** @description Ids of channels; empty: every channel. Budgets may name their own. */
                channels: string[];
                /** @description Whether it is raised at all. */
                enabled: boolean;
                /**
                 * @description Of which kind.
                 * @example spend_spike
                 */
                kind: string;
                /** @description The numbers it goes by, whole; the unit is in the name. */
                params: {
                    [key: string]: number;
                };
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_AlertToApi: {
            /** @description The rows. */
            items: {
                /** @description One a channel; empty where there was none. */
                deliveries: components["schemas"]["DeliveryToApi"][];
                /** @description The figures behind it; amounts of money are decimal texts in US dollars. */
                detail: Record<string, never>;
                /** @description UUID; also the `webhook-id` of its messages. */
                id: string;
                /**
                 * @description What makes it this one; it is raised once.
                 * @example budget/0199c0de-0000-7000-8000-000000000001/1793491200000/800000/250000000000
                 */
                key: string;
                /**
                 * @description `budget_threshold`, `budget_projected`, `spend_spike`, `limit_near`, `provider_failing` or `unpriced_model`.
                 * @example budget_threshold
                 */
                kind: string;
                /** @description When it was noticed. */
                raised_at: string;
                /**
                 * @description `info`, `warning` or `critical`.
                 * @example warning
                 */
                severity: string;
                /** @description Until when nothing more is sent about the same thing. */
                snoozed_until?: string | null;
                /** @description A sentence for people. */
                title: string;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_AuditToApi: {
            /** @description The rows. */
            items: {
                /**
                 * @description What.
                 * @example key.revoke
                 */
                action: string;
                /**
                 * @description Who: a key by its public beginning, a JWT by its user, or the command line.
                 * @example key:mw_ab12cd34
                 */
                actor: string;
                /** @description When. */
                at: string;
                /**
                 * Format: int64
                 * @description Its number, ascending.
                 */
                seq: number;
                /** @description On what. */
                target: string;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_Budget: {
            /** @description The rows. */
            items: {
                /** @description Whether a hard budget lets models pass that have no price. */
                allow_unpriced: boolean;
                /**
                 * @description Dollars that may be spent in a period.
                 * @example 250
                 */
                amount_usd: string;
                /** @description Of `custom`: the first day of one of its periods. */
                anchor?: string | null;
                /** @description Ids of the channels that are told; none are all of the tenant's. */
                channels: string[];
                /**
                 * @description When it was made.
                 * @example 2026-11-22T10:30:00Z
                 */
                created_at: string;
                /** @description Where it stands in its present period. */
                current: components["schemas"]["BudgetStanding"];
                /**
                 * Format: int32
                 * @description Of `custom`: how many days each has.
                 */
                days?: number | null;
                /** @description Whether that is the tenant's, whatever it is. */
                follows_tenant: boolean;
                /** @description Whether decisions are refused once it is used up. */
                hard: boolean;
                /** @description UUID. */
                id: string;
                /** @description Whether the tenant was made with it. It cannot be deleted. */
                is_default: boolean;
                /**
                 * @description For people.
                 * @example support
                 */
                name: string;
                /** @description Id of the budget that it is a part of. */
                parent?: string | null;
                /** @description Which spans it is counted over. */
                period: components["schemas"]["BudgetPeriod"];
                /** @description Which usage it is for. */
                scope: {
                    [key: string]: string;
                };
                /**
                 * @description At which parts of the amount somebody is told.
                 * @example [
                 *       0.5,
                 *       0.8,
                 *       0.95,
                 *       1
                 *     ]
                 */
                thresholds: number[];
                /**
                 * @description IANA zone that it is counted in.
                 * @example Europe/Berlin
                 */
                timezone: string;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_ChangeToApi: {
            /** @description The rows. */
            items: {
                /** @description What it added to today's totals, or took away. */
                adjustment: components["schemas"]["SumsToApi"];
                /** @description When it was received, voided or rated anew. */
                at: string;
                department?: string | null;
                /** @description The id of the event. */
                id?: string | null;
                /**
                 * @description `late`: received after the closing. `void`: voided after it. `rerated`: events of one quarter of an hour and group were
                 *     rated anew after it; source and id are null, the time is that of the first.
                 * @example late
                 */
                kind: string;
                model?: string | null;
                project?: string | null;
                provider?: string | null;
                /** @description The source of the event; null where the event was dropped for its age. Its sums are kept. */
                source?: string | null;
                /** @description The time of the event. */
                time: string;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_ChannelToApi: {
            /** @description The rows. */
            items: {
                /** @description When it was made. */
                created_at: string;
                /** @description Whether alerts go there. */
                enabled: boolean;
                /** @description UUID. */
                id: string;
                /**
                 * @description For people.
                 * @example on call
                 */
                name: string;
                /** @description Why it was switched off by itself: the other side answered that it wants nothing more. */
                off_because?: string | null;
                /**
                 * @description Webhook: what messages are signed with; only in the answer that makes it.
                 * @example whsec_mzxw6ytboi5dgnbvgy3tqojqgezdgnbv
                 */
                secret?: string | null;
                /** @description Mail: the addresses. */
                to?: string[];
                /**
                 * @description `email`, `slack` or `webhook`.
                 * @example webhook
                 */
                type: string;
                /**
                 * @description Webhook: the address. Its path and query can be as good as a password, so whoever is not owner or admin gets scheme and
                 *     host only: `https://hooks.example.com`.
                 * @example https://hooks.example.com/meterwire
                 */
                url?: string | null;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_ClosingToApi: {
            /** @description The rows. */
            items: {
                /**
                 * Format: int64
                 * @description How many bytes the statement has.
                 */
                bytes: number;
                /**
                 * Format: int64
                 * @description Events of the statement.
                 */
                calls: number;
                /** @description When it was closed. */
                closed_at: string;
                /** @description By whom, as the audit log calls it. */
                closed_by: string;
                /**
                 * @description Cost of the statement, exact US dollars.
                 * @example 12.345678
                 */
                cost_usd: string;
                /** @description Its first instant. */
                from: string;
                /** @description UUID. */
                id: string;
                /**
                 * @description The month, or the first and the last day.
                 * @example 2026-10
                 */
                name: string;
                /** @description SHA-256 of the statement's bytes, hexadecimal. */
                sha256: string;
                /** @description What has come since. */
                since: components["schemas"]["SinceToApi"];
                /** @description IANA zone of its days. */
                timezone: string;
                /** @description The first instant after it. */
                to: string;
                /**
                 * Format: int64
                 * @description Those whose model has no price; they are not in the cost.
                 */
                unpriced_calls: number;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_ConnectionToApi: {
            /** @description The rows. */
            items: {
                /** @description Where the provider is asked, if not at its usual address. */
                base_url?: string | null;
                /** @description When it was made; null where it is set by the settings. */
                created_at?: string | null;
                /** @description Whether it is asked. */
                enabled: boolean;
                /**
                 * @description Its id. `env-openai` and `env-anthropic` are set by the instance's settings.
                 * @example 0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b
                 */
                id: string;
                /** @description Set by the instance's settings: it cannot be changed or deleted by a request. */
                is_fixed: boolean;
                /** @description The provider's id of an API key to the `api_key` that our events name. */
                key_map: {
                    [key: string]: string;
                };
                /** @description Its name for people. */
                name: string;
                /**
                 * @description The provider's project (Anthropic: workspace) to ours; `default` is usage without one. Figures of one project come from
                 *     the provider only where every connection maps to it.
                 */
                project_map: {
                    [key: string]: string;
                };
                /** @description `openai` or `anthropic`. */
                provider: string;
                /** @description How it stands. */
                state: components["schemas"]["StateToApi"];
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_DimensionToApi: {
            /** @description The rows. */
            items: {
                /** @description When it was declared. */
                created_at: string;
                /**
                 * Format: int64
                 * @description Of about so many.
                 */
                events_to_fill: number;
                /**
                 * Format: int64
                 * @description Events from before the declaration that are counted.
                 */
                filled_events: number;
                /**
                 * @description Its name in `group_by` and `filter[..]`.
                 * @example feature
                 */
                name: string;
                /**
                 * @description The key under the `properties` of events.
                 * @example feature
                 */
                property: string;
                /**
                 * @description `filling` while events from before the declaration are being counted, then `ready`.
                 * @example ready
                 */
                state: string;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_KeyToApi: {
            /** @description The rows. */
            items: {
                /** @description When it was made. */
                created_at: string;
                /** @description When it ends by itself. */
                expires_at?: string | null;
                /** @description UUID. */
                id: string;
                /** @description When it was last used, to about a minute. */
                last_used_at?: string | null;
                /**
                 * @description Its name for people.
                 * @example prod
                 */
                name: string;
                /**
                 * @description The public beginning of its token.
                 * @example mw_ab12cd34
                 */
                prefix: string;
                /** @description The project it is bound to: what it records and decides belongs to this project, and naming another one is refused. */
                project?: string | null;
                /** @description When it was revoked. */
                revoked_at?: string | null;
                /** @description `owner`, `member`, `viewer`, `ingest`, or `admin` for keys of the instance. */
                role: components["schemas"]["RoleName"];
                /** @description The user it acts for. */
                user?: string | null;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_MetricToApi: {
            /** @description The rows. */
            items: {
                /** @description What events add to it. */
                counts: components["schemas"]["Counts"];
                /**
                 * @description When it was made.
                 * @example 2026-11-22T10:30:00Z
                 */
                created_at: string;
                /** @description What it is, for people. */
                description?: string | null;
                /**
                 * @description Its name.
                 * @example compute_hours
                 */
                name: string;
                /**
                 * @description IANA zone of its days, weeks (from Monday) and months.
                 * @example UTC
                 */
                timezone: string;
                /**
                 * @description What one of it is called.
                 * @example hours
                 */
                unit?: string | null;
                /** @description Over which span it is counted. */
                window: components["schemas"]["Window"];
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_PriceToApi: {
            /** @description The rows. */
            items: (Record<string, never> & {
                /** @description Its id; events keep that of the price they were rated with. */
                id: string;
                /**
                 * @description The model.
                 * @example gpt-4o
                 */
                model: string;
                /**
                 * @description Who sells the model.
                 * @example openai
                 */
                provider: string;
                /** @description Where it was taken from: `override` for a tenant's own. */
                source: string;
                /** @description First instant it holds for; null is always before. */
                valid_from?: string | null;
                /** @description First instant it no longer holds for; null is for good. */
                valid_to?: string | null;
            })[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_ProjectToApi: {
            /** @description The rows. */
            items: {
                /** @description When it was made or first seen. */
                created_at: string;
                /** @description The department that pays. */
                department?: string | null;
                /** @description Its name for people. */
                name: string;
                /**
                 * @description Its name in events and addresses.
                 * @example support-bot
                 */
                slug: string;
                /** @description The team that works on it. */
                team?: string | null;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_ReportDeliveryToApi: {
            /** @description The rows. */
            items: {
                /**
                 * Format: int32
                 * @description How often it was tried.
                 */
                attempts: number;
                /** @description Asked for by somebody, beside the calendar. */
                by_hand: boolean;
                /** @description When the mail server took it. */
                delivered_at?: string | null;
                /** @description First instant of the period. */
                from: string;
                /** @description Why the last try failed, or which addresses were refused. */
                last_error?: string | null;
                /** @description When it was begun. */
                made_at: string;
                /**
                 * Format: int64
                 * @description Its number, ascending.
                 */
                n: number;
                /** @description When it is tried next, while it is pending. */
                next_at?: string | null;
                /**
                 * @description `pending` (tried again at `next_at`), `delivered` (the mail server has taken it) or `failed` (given up).
                 * @example delivered
                 */
                state: string;
                /** @description First instant after it. */
                to: string;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_ReportToApi: {
            /** @description The rows. */
            items: {
                /** @description When it was made. */
                created_at: string;
                /** @description Whether it is sent by itself. */
                enabled: boolean;
                /**
                 * @description day, week or month.
                 * @example month
                 */
                every: string;
                /** @description The files that come with it. */
                formats: string[];
                /**
                 * Format: int32
                 * @description The hour of the day at which it is sent.
                 */
                hour: number;
                /** @description UUID. */
                id: string;
                /** @description Whether this server can send mail at all; where not, the admin has yet to set `mail.url`. */
                mail_is_set_up: boolean;
                /** @description Its name for people. */
                name: string;
                /** @description When the next finished period is due; null where it is not sent by itself. */
                next_at?: string | null;
                /** @description What it tells of; `{}` is the whole tenant. */
                scope: components["schemas"]["ScopeWire"];
                /** @description IANA zone of its periods and its hour. */
                timezone: string;
                /** @description Whom it is mailed to. */
                to: string[];
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_RerateToApi: {
            /** @description The rows. */
            items: (components["schemas"]["RerateScopeToApi"] & {
                /**
                 * Format: int64
                 * @description Those that are rated anew.
                 */
                changed: number;
                /** @description When it was begun. */
                created_at: string;
                /** @description By whom, as the audit log calls it. */
                created_by: string;
                /**
                 * @description By how many US dollars, exact, the totals have changed so far.
                 * @example -2.25
                 */
                difference: string;
                /**
                 * Format: int64
                 * @description Events that were looked at.
                 */
                done: number;
                /** @description When it ended; null while it is running. */
                ended_at?: string | null;
                /** @description Why it was given up. */
                error?: string | null;
                /** @description The difference that was shown before it began. */
                expected: components["schemas"]["RerateDifferenceToApi"];
                /** @description Its id; the audit log names it. */
                id: string;
                /**
                 * @description `running`, `done`, or `failed`: given up; what was rated anew until then stays so.
                 * @example running
                 */
                state: string;
                /**
                 * Format: int64
                 * @description Of so many.
                 */
                total: number;
                /**
                 * Format: int64
                 * @description By how many events the number of those without a price has changed so far.
                 */
                unpriced_difference: number;
            })[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_TenantToApi: {
            /** @description The rows. */
            items: {
                /** @description When it was made. */
                created_at: string;
                /**
                 * @description Events before this date (UTC) are kept only as totals; null where none were dropped.
                 * @example 2026-10-18
                 */
                events_from?: string | null;
                /**
                 * @description Its name for people.
                 * @example Acme
                 */
                name: string;
                /**
                 * Format: int32
                 * @description How many days single events are kept; null is for ever. Totals are always kept.
                 */
                retention_days?: number | null;
                /**
                 * @description Its name in addresses.
                 * @example acme
                 */
                slug: string;
                /**
                 * @description IANA zone of its days and months.
                 * @example UTC
                 */
                timezone: string;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_TierToApi: {
            /** @description The rows. */
            items: {
                /**
                 * @description When it was made.
                 * @example 2026-11-22T10:30:00Z
                 */
                created_at: string;
                /**
                 * @description What its users may use of every metric in its window; null is unlimited.
                 * @example {
                 *       "api_calls": 5000,
                 *       "compute_hours": 10,
                 *       "deployments": 10,
                 *       "storage": null
                 *     }
                 */
                limits: {
                    [key: string]: components["schemas"]["Limit"];
                };
                /**
                 * @description Its name.
                 * @example free
                 */
                name: string;
                /**
                 * Format: int64
                 * @description How many users have it; a member is not told.
                 * @example 12
                 */
                users?: number | null;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description One page of a list. */
        ListReply_UserToApi: {
            /** @description The rows. */
            items: {
                /** @description When it was made or first seen. */
                created_at: string;
                /**
                 * @description Its id, as events name it.
                 * @example u-42
                 */
                id: string;
                /**
                 * @description Its tier.
                 * @example free
                 */
                tier: string;
                /** @description Its name for people. */
                username: string;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last. */
            nextCursor?: string | null;
        };
        /** @description Calls a day. */
        LiveDaily: {
            /** @description Every day, oldest first, today last. */
            usage: components["schemas"]["LiveDay"][];
        };
        /** @description One day. */
        LiveDay: {
            /**
             * Format: int64
             * @description Its events.
             * @example 180
             */
            calls: number;
            /**
             * @description The day in the tenant's zone.
             * @example 2024-01-08
             */
            date: string;
        };
        /** @description Usage of the current billing period. */
        LiveSummary: {
            /**
             * Format: int64
             * @description Cents, half to even: calls times the flat rate where one is configured, else the metered cost.
             * @example 2500
             */
            est_cost_cents: number;
            /**
             * Format: int64
             * @description Events since the period began.
             * @example 1250
             */
            total_calls: number;
            /**
             * @description Now.
             * @example 2024-01-15T10:30:00Z
             */
            window_end: string;
            /**
             * @description When the calendar month began in the tenant's zone.
             * @example 2024-01-01T00:00:00Z
             */
            window_start: string;
        };
        /** @description The totals of today, as the data of one message. */
        LiveTotalsToApi: {
            /** @description When they were added up; everything answered before is in them. */
            as_of: string;
            /**
             * Format: int64
             * @description Its events.
             */
            calls: number;
            /**
             * @description US dollars, an exact decimal.
             * @example 12.345678
             */
            cost_usd: string;
            /**
             * @description The day in the zone.
             * @example 2026-11-22
             */
            date: string;
            /**
             * Format: int64
             * @description Of them with a status of 400 or above.
             */
            errors: number;
            /**
             * @description Where the numbers come from: `metered` are our own events.
             * @example metered
             */
            source: string;
            /**
             * Format: int64
             * @description Input and output tokens.
             */
            tokens: number;
            /**
             * @description The zone of the day.
             * @example Europe/Berlin
             */
            tz: string;
            /**
             * Format: int64
             * @description Events with tokens whose model has no price; they are not in `cost_usd`.
             */
            unpriced_calls: number;
        };
        /** @description One event. */
        LogItem: {
            /** @description The agent inside the project. */
            agent?: string | null;
            /** @description The customer's own name for the API key that was used. */
            apiKey?: string | null;
            /**
             * Format: double
             * @description US dollars with up to nine decimals; null where the model has no price.
             */
            cost?: number | null;
            /** @description ISO 3166 country of the caller. */
            country?: string | null;
            /**
             * @description When it happened.
             * @example 2026-11-22T10:30:00.125Z
             */
            date: string;
            /** @description The department that pays. */
            department?: string | null;
            /** @description Its id. */
            id: string;
            /**
             * Format: int64
             * @description All input tokens.
             */
            inputTokens: number;
            /**
             * Format: int32
             * @description Whole duration in milliseconds.
             */
            latencyMs?: number | null;
            /** @description The model. */
            model?: string | null;
            /** @description What was done. */
            operation?: string | null;
            /**
             * Format: int64
             * @description All output tokens.
             */
            outputTokens: number;
            /** @description Whether the cost is known. */
            priced: boolean;
            /** @description Its project. */
            projectName?: string | null;
            /** @description Who sold the model. */
            provider?: string | null;
            /** @description The provider's service tier. */
            serviceTier?: string | null;
            /** @description Its source. */
            source: string;
            /**
             * Format: int32
             * @description HTTP status.
             */
            status?: number | null;
            /**
             * Format: int64
             * @description Both.
             */
            totalTokens: number;
            /** @description The user. */
            user?: string | null;
        };
        /** @description A page of the log. */
        LogPageToApi: {
            /** @description Where the single events that are kept begin, where that cut the range; what is older is kept as totals only. */
            eventsFrom?: string | null;
            /** @description First instant of the range. A cursor keeps to the range of its first page. */
            from: string;
            /** @description The rows. */
            items: components["schemas"]["LogItem"][];
            /** @description Where the next page begins; null on the last. */
            nextCursor?: string | null;
            /**
             * Format: int64
             * @description Number of the page, from 1; null where a cursor was followed.
             */
            page?: number | null;
            /** @description Rows a page. */
            pageSize: number;
            /** @description First instant after it. */
            to: string;
            /**
             * Format: int64
             * @description How many events match in all, at the moment of this page.
             */
            total: number;
        };
        /** @description How a mail went. */
        MailedToApi: {
            /** @description Why it failed, or which addresses were refused. */
            last_error?: string | null;
            /**
             * @description `delivered` (the mail server has taken it) or `failed`.
             * @example delivered
             */
            state: string;
        };
        /** @description Which counters to set to nothing; without either, those of today of everyone. */
        ManualReset: {
            /**
             * @description Only this metric's. A level, such as storage, is set to nothing only when it is named.
             * @example deployments
             */
            metric?: string | null;
            /**
             * @description Only this user's.
             * @example u-42
             */
            user?: string | null;
        };
        /** @description What was set to nothing. */
        ManualResetReply: {
            /**
             * @description The UTC day on which it was done.
             * @example 2026-11-22
             */
            date: string;
            /**
             * @description How many counters.
             * @example 12
             */
            reset: number;
        };
        /** @description A decision about several metrics. */
        ManyToApi: {
            /** @description Always true: a refusal is a 429. */
            allowed: boolean;
            /** @description By metric, afterwards. */
            metrics: {
                [key: string]: components["schemas"]["StandingToApi"];
            };
            /**
             * @description The user's tier.
             * @example free
             */
            tier: string;
        };
        /** @description The caller. */
        Me: {
            /** @description Whether this instance holds made-up demo data. */
            demo: boolean;
            key?: components["schemas"]["KeyName"] | null;
            /** @description `admin`, `owner`, `member`, `viewer` or `ingest`. */
            role: components["schemas"]["RoleName"];
            tenant?: components["schemas"]["TenantName"] | null;
            /** @description The tenants it may look at. */
            tenants: components["schemas"]["TenantName"][];
            /** @description The user it acts for. */
            user?: string | null;
            /** @description Version of the server. */
            version: string;
        };
        /**
         * @description What to change of a metric; null takes description or unit away. Its window can become `none`, or cease to be it, only
         *     while it is unused.
         */
        MetricChange: {
            counts?: components["schemas"]["Counts"] | null;
            /** @description What it is, for people. */
            description?: string | null;
            /** @description IANA zone of its days, weeks and months. */
            timezone?: string | null;
            /** @description What one of it is called. */
            unit?: string | null;
            window?: components["schemas"]["Window"] | null;
        };
        /** @description A countable quantity. */
        MetricToApi: {
            /** @description What events add to it. */
            counts: components["schemas"]["Counts"];
            /**
             * @description When it was made.
             * @example 2026-11-22T10:30:00Z
             */
            created_at: string;
            /** @description What it is, for people. */
            description?: string | null;
            /**
             * @description Its name.
             * @example compute_hours
             */
            name: string;
            /**
             * @description IANA zone of its days, weeks (from Monday) and months.
             * @example UTC
             */
            timezone: string;
            /**
             * @description What one of it is called.
             * @example hours
             */
            unit?: string | null;
            /** @description Over which span it is counted. */
            window: components["schemas"]["Window"];
        };
        /** @description Models beside each other. */
        ModelComparison: {
            /** @description When it was asked. */
            as_of: string;
            /** @description First instant of the range. */
            from: string;
            /** @description The models, dearest first; they add up to the total. */
            models: components["schemas"]["ModelCost"][];
            /** @description Large models with the prices of smaller ones beside theirs, and models without a price; at most five sentences. */
            recommendations: string[];
            /**
             * @description Where the numbers come from: `provider`, `metered` or `quota`.
             * @example metered
             */
            source: string;
            /** @description Why it is this source, for people. */
            source_reason: string;
            /** @description First instant after it. */
            to: string;
            /**
             * Format: double
             * @description US dollars.
             */
            total_cost: number;
            /**
             * @description The zone.
             * @example UTC
             */
            tz: string;
        };
        /** @description What one model costs. */
        ModelCost: {
            /**
             * Format: double
             * @description US dollars.
             */
            cost: number;
            /**
             * Format: double
             * @description US dollars for 1,000 tokens, input and output alike, rounded half to even to nine decimals; null without tokens or
             *     where some of them have no price.
             */
            cost_per_1k_tokens?: number | null;
            /**
             * Format: double
             * @description 0 to 100, with two decimals: 100 x (lowest `cost_per_1k_tokens` above 0 of the models beside it with the same `operation`
             *     / its own) x ((`requests` - `errors`) / `requests`). 100 is the cheapest model of its operation without failures. It says
             *     nothing of how good the answers are. Null where `cost_per_1k_tokens` is, and for `Other`.
             * @example 73.5
             */
            efficiency_score?: number | null;
            /**
             * Format: int64
             * @description Events with a status of 400 or above.
             */
            errors: number;
            /**
             * Format: int64
             * @description Input, cached ones too.
             */
            input_tokens: number;
            /**
             * @description The model.
             * @example gpt-4o
             */
            model: string;
            /**
             * @description What it does: the operation that most of its calls name (`chat`, `embeddings` ..); where none does, `embeddings` for
             *     tokens without output, else `chat`. Null for `Other` and `(none)`.
             * @example chat
             */
            operation?: string | null;
            /**
             * Format: int64
             * @description Output, reasoning too.
             */
            output_tokens: number;
            /**
             * Format: double
             * @description Share of the cost of all models in percent, rounded half to even to two decimals; 0 where nothing cost anything.
             */
            percentage: number;
            /**
             * @description Who sells it; null where its events name nobody.
             * @example openai
             */
            provider?: string | null;
            /**
             * Format: int64
             * @description Events.
             */
            requests: number;
            /**
             * Format: int64
             * @description Input and output tokens.
             */
            tokens: number;
            /**
             * Format: int64
             * @description Events with tokens but without a price; they are in no cost.
             */
            unpriced_requests: number;
        };
        /** @description The sums of one model. */
        ModelRerateToApi: components["schemas"]["RerateSumsToApi"] & {
            /** @description Its name, as events name it. */
            model?: string | null;
            /** @description Who sold it. */
            provider?: string | null;
        };
        /** @description A user and the limit that it is near. */
        NearLimitToApi: {
            /** @description What is used, with what is held. */
            current: components["schemas"]["Amount"];
            /** @description How much of it is held by reservations. */
            held: components["schemas"]["Amount"];
            limit?: components["schemas"]["Amount"] | null;
            /**
             * @description What is limited.
             * @example deployments
             */
            metric: string;
            /**
             * Format: double
             * @description How much of the limit is used, in percent.
             * @example 90
             */
            percentage?: number | null;
            /**
             * @description When the window ends; null for a level.
             * @example 2026-11-23T00:00:00Z
             */
            resets_at?: string | null;
            /**
             * @description Its tier.
             * @example free
             */
            tier: string;
            /**
             * @description Its id.
             * @example u-42
             */
            user: string;
            /** @description Its name for people. */
            username: string;
            /** @description Over which span it is counted. */
            window: components["schemas"]["Window"];
        };
        /** @description Users who have used much of a limit. */
        NearLimitsReply: {
            /** @description The highest percentage first. */
            items: components["schemas"]["NearLimitToApi"][];
            /**
             * Format: double
             * @description The share of a limit that they are above.
             * @example 0.8
             */
            threshold: number;
        };
        /** @description A budget to make. */
        NewBudgetFromApi: {
            /** @description Whether a hard budget lets models pass that have no price. */
            allow_unpriced?: boolean;
            /**
             * @description Dollars that may be spent in a period, up to nine decimals.
             * @example 250.00
             */
            amount_usd: string;
            /**
             * @description Of `custom`: the first day of one of its periods.
             * @example 2026-11-03
             */
            anchor?: string | null;
            /** @description Ids of the channels that are told; none are all of the tenant's. */
            channels?: string[];
            /**
             * Format: int32
             * @description Of `custom`: how many days each has, 1 to 366.
             * @example 14
             */
            days?: number | null;
            /** @description Whether `check-limit`, `consume` and reservations are refused once it is used up. Events are never refused. */
            hard?: boolean;
            /**
             * @description For people.
             * @example support
             */
            name: string;
            /**
             * @description Id of the budget that it is a part of: of the same period and zone, within its scope. The parts together are never
             *     more than the whole.
             */
            parent?: string | null;
            period?: components["schemas"]["BudgetPeriod"] | null;
            /** @description Which usage it is for. */
            scope?: components["schemas"]["BudgetScope"];
            /**
             * @description At which parts of the amount somebody is told, ascending, up to ten; 0.5, 0.8, 0.95 and 1 where it is absent.
             * @example [
             *       0.5,
             *       0.8,
             *       0.95,
             *       1
             *     ]
             */
            thresholds?: number[] | null;
            /**
             * @description IANA zone; the tenant's, whatever that is, where it is absent.
             * @example Europe/Berlin
             */
            timezone?: string | null;
        };
        /** @description A period to close: a month, or its first day and the first one after it. */
        NewClosing: {
            /** @description Instead of a month: the first day. */
            from?: string | null;
            /**
             * @description A calendar month that is over.
             * @example 2026-10
             */
            month?: string | null;
            /** @description IANA zone of its days; default the tenant's. */
            timezone?: string | null;
            /** @description Instead of a month: the first day after it, at most 366 days later. */
            to?: string | null;
        };
        /** @description A dimension to declare. */
        NewDimension: {
            /**
             * @description 1 to 63 of a-z, 0-9 and _, beginning with a letter; not the name of a built-in dimension.
             * @example feature
             */
            name: string;
            /** @description The key under the `properties` of events; the name where it is absent. */
            property?: string | null;
        };
        /** @description An embed token to make. */
        NewEmbedTokenFromApi: {
            /**
             * Format: int64
             * @description How long it lasts, in seconds: 30 to 86,400, 900 where it is absent.
             * @default null
             * @example 900
             */
            ttl_seconds: number | null;
            /**
             * @description The user whose usage it shows; without one it shows the whole tenant.
             * @default null
             * @example u-42
             */
            user: string | null;
        };
        /** @description A key to make. */
        NewKeyFromApi: {
            /** @description When it ends, an instant or a date. */
            expires_at?: string | null;
            /** @description Its name for people. */
            name: string;
            /**
             * @description The project it is bound to; none where it is absent. Events, decisions and reservations that name no project belong to
             *     this one. Another project is refused: an event is rejected (`field` `project`), a decision or reservation is 403
             *     `other_project`. So a hard budget of the project holds such a key whatever it names. What it reads is not confined.
             * @example support-bot
             */
            project?: string | null;
            /** @description `owner`, `member`, `viewer`, `ingest`, or `admin` for keys of the instance. */
            role: components["schemas"]["RoleName"];
            /** @description The user it acts for; a member needs one. */
            user?: string | null;
        };
        /** @description A metric to make. */
        NewMetric: {
            counts?: components["schemas"]["Counts"] | null;
            /** @description What it is, for people. */
            description?: string | null;
            /**
             * @description 1 to 64 of a-z, 0-9 and _.
             * @example tokens
             */
            name: string;
            /**
             * @description `UTC` where it is absent.
             * @example Europe/Berlin
             */
            timezone?: string | null;
            /**
             * @description What one of it is called.
             * @example tokens
             */
            unit?: string | null;
            window?: components["schemas"]["Window"] | null;
        };
        /** @description A project to make. */
        NewProject: {
            /** @description The department that pays. */
            department?: string | null;
            /** @description The slug where it is absent. */
            name?: string | null;
            /** @description Its name in events and addresses. */
            slug: string;
            /** @description The team that works on it. */
            team?: string | null;
        };
        /** @description A report to make. */
        NewReport: {
            /** @description Whether it is sent by itself; default true. */
            enabled?: boolean | null;
            /**
             * @description day, week (from Monday) or month.
             * @example month
             */
            every: string;
            /** @description The files that come with it: csv, pdf or both (default). */
            formats?: string[] | null;
            /**
             * Format: int32
             * @description The hour of the day at which it is sent, 0 to 23; default 7.
             */
            hour?: number | null;
            /**
             * @description Its name for people; it stands in the subject of its mails.
             * @example Monthly statement
             */
            name: string;
            /** @description What it tells of; default the whole tenant. */
            scope?: components["schemas"]["ScopeWire"];
            /** @description IANA zone of its periods and its hour; default the tenant's. */
            timezone?: string | null;
            /**
             * @description Whom it is mailed to: 1 to 20 addresses.
             * @example [
             *       "finance@example.com"
             *     ]
             */
            to: string[];
        };
        /** @description A tenant to make. */
        NewTenant: {
            /** @description The slug where it is absent. */
            name?: string | null;
            /** @description 1 to 63 of a-z, 0-9 and -. */
            slug: string;
            /** @description `UTC` where it is absent. */
            timezone?: string | null;
        };
        /** @description A tier to make. */
        NewTier: {
            /**
             * @description Limits by metric; null, or not to be named, is unlimited.
             * @example {
             *       "api_calls": 20000,
             *       "compute_hours": 0.5,
             *       "deployments": 25
             *     }
             */
            limits?: {
                [key: string]: components["schemas"]["LimitFromApi"];
            };
            /**
             * @description 1 to 64 of a-z, 0-9, _ and -.
             * @example team
             */
            name: string;
        };
        /** @description A user to make. */
        NewUser: {
            /** @description Its id, as events name it. */
            id: string;
            /** @description `free` where it is absent. */
            tier?: string | null;
            /** @description The id where it is absent. */
            username?: string | null;
        };
        /** @description A provider that is not connected. */
        NotComparedToApi: {
            /** @description What we counted. */
            metered: components["schemas"]["SideToApi"];
            /** @description As the price book calls it. */
            provider_name: string;
        };
        /** @description A kind that could not be judged. */
        NotJudgedToApi: {
            /**
             * @description Which.
             * @example cost_spike
             */
            kind: string;
            /** @description Why. */
            reason: string;
        };
        /** @description The body of every error of these routes. */
        OrganizationErrorBody: {
            /** @description What went wrong. */
            error: components["schemas"]["OrganizationErrorDetail"];
        };
        /** @description What went wrong. */
        OrganizationErrorDetail: {
            /**
             * @description A stable code to decide by.
             * @example invalid_value
             */
            code?: string | null;
            /**
             * @description A sentence for the caller.
             * @example limit must be from 1 to 31
             */
            message: string;
            /**
             * @description The parameter that is wrong.
             * @example limit
             */
            param?: string | null;
            /**
             * @description Whose fault it is: `invalid_request_error` or `server_error`.
             * @example invalid_request_error
             */
            type: string;
        };
        /** @description The hard budget that refused. */
        OverBudget: {
            /** @description The budget and where it stands. */
            budget: components["schemas"]["RefusingBudget"];
            /**
             * @description `budget_exceeded`, or `unpriced_model` where the model that is named has no price.
             * @example budget_exceeded
             */
            code: string;
            /**
             * @description A short title.
             * @example Budget exceeded
             */
            error: string;
            /**
             * @description A sentence for the caller.
             * @example Monthly budget "support" exceeded
             */
            message: string;
            /**
             * @description Dollars that were asked for; null where something else was.
             * @example 0.25
             */
            requested_usd?: string | null;
        };
        /** @description The body of a refusal by a hard budget. */
        OverBudgetBody: {
            /** @description What refused it. */
            detail: components["schemas"]["OverBudget"];
        };
        /** @description An entry that a hard budget refused. */
        OverBudgetItem: {
            allowed: boolean;
            detail: components["schemas"]["OverBudget"];
            /**
             * Format: int32
             * @description 429.
             */
            status: number;
        };
        /** @description One page of buckets. */
        PageToApi_CostsResult: {
            /** @description The buckets, oldest first, also those where nothing was used. */
            data: components["schemas"]["BucketToApi_CostsResult"][];
            /** @description Whether there is a next page. */
            has_more: boolean;
            /** @description Send it as `page`, with the same other parameters, for the next page; null on the last. */
            next_page?: string | null;
            /**
             * @description Always `page`.
             * @example page
             */
            object: string;
        };
        /** @description One page of buckets. */
        PageToApi_UsageResult: {
            /** @description The buckets, oldest first, also those where nothing was used. */
            data: components["schemas"]["BucketToApi_UsageResult"][];
            /** @description Whether there is a next page. */
            has_more: boolean;
            /** @description Send it as `page`, with the same other parameters, for the next page; null on the last. */
            next_page?: string | null;
            /**
             * @description Always `page`.
             * @example page
             */
            object: string;
        };
        /** @description One part: an amount, or a share of the whole. */
        PartFromApi: {
            /**
             * @description Dollars.
             * @example 100.00
             */
            amount_usd?: string | null;
            /**
             * Format: double
             * @description A part of the whole, from 0 to 1, with up to six decimals; rounded down to a nano-dollar.
             */
            share?: number | null;
            /**
             * @description For which value.
             * @example care
             */
            value: string;
        };
        /** @description How an event was rated before it was rated anew. */
        PastRatingToApi: {
            /** @description When that was begun. */
            at: string;
            /** @description By whom, as the audit log calls it. */
            by: string;
            /**
             * @description What it cost then; null where its model had no price.
             * @example 0.0075
             */
            cost_usd?: string | null;
            /** @description The price it was rated with; null where there was none. */
            price?: string | null;
            /** @description Id of the re-rating that changed it. */
            rerate: string;
        };
        /** @description How much of the usage has a price. */
        PriceCoverage: {
            /**
             * Format: double
             * @description Share of the priced ones, 0 to 100.
             */
            percentage: number;
            /**
             * Format: int64
             * @description Events with a price, and those that need none.
             */
            priced_calls: number;
            /**
             * Format: int64
             * @description Events with tokens whose model has no price.
             */
            unpriced_calls: number;
        };
        /** @description A price to make or to put in place of another. */
        PriceFromApi: {
            /** @description Per million audio input tokens. */
            audio_input?: string | null;
            /** @description Per million audio output tokens. */
            audio_output?: string | null;
            /** @description Per million tokens read from a cache; like input where it is absent. */
            cache_read?: string | null;
            /** @description Per million tokens written to a long-lived cache. */
            cache_write_long?: string | null;
            /** @description Per million tokens written to a short-lived cache. */
            cache_write_short?: string | null;
            /** @description Per million image input tokens. */
            image_input?: string | null;
            /** @description Per million image output tokens. */
            image_output?: string | null;
            /**
             * @description US dollars per million input tokens.
             * @example 2.50
             */
            input: string;
            /** @description The model. */
            model: string;
            /**
             * @description US dollars per million output tokens.
             * @example 10.00
             */
            output: string;
            /** @description US dollars per request, beside the tokens. */
            per_request?: string | null;
            /** @description Who sells the model. */
            provider: string;
            /** @description Per million reasoning tokens; like output where it is absent. */
            reasoning?: string | null;
            /** @description Date or instant from which it holds; always where it is absent. */
            valid_from?: string | null;
            /** @description Date or instant from which it no longer holds; never where it is absent. */
            valid_to?: string | null;
        };
        /** @description The price of a receipt. */
        PriceOfReceipt: {
            /**
             * @description Its id.
             * @example openai/gpt-4o@2024-10-02
             */
            id: string;
            /**
             * @description Whether it was in force when the event happened. An event from before a model's first known price takes its
             *     latest one.
             */
            in_force?: boolean | null;
            /** @description Of which model, as the book calls it. */
            model?: string | null;
            /** @description Whose price, as the book calls it; null where the price is no longer there, and so below. */
            provider?: string | null;
            /** @description Where it was taken from: a price sheet's source, or `override` for the tenant's own. */
            source?: string | null;
            /** @description First instant it holds for; null is always before. */
            valid_from?: string | null;
            /** @description First instant it no longer holds for; null is for good. */
            valid_to?: string | null;
        };
        /**
         * @description A price. Rates are decimal strings of US dollars per million tokens: `input`, `output`, and where they differ
         *     `cache_read`, `cache_write_short`, `cache_write_long`, `reasoning`, `audio_input`, `audio_output`, `image_input`,
         *     `image_output`; `per_request` is in dollars. `context` and `tiers` hold those of long inputs and service tiers.
         */
        PriceToApi: Record<string, never> & {
            /** @description Its id; events keep that of the price they were rated with. */
            id: string;
            /**
             * @description The model.
             * @example gpt-4o
             */
            model: string;
            /**
             * @description Who sells the model.
             * @example openai
             */
            provider: string;
            /** @description Where it was taken from: `override` for a tenant's own. */
            source: string;
            /** @description First instant it holds for; null is always before. */
            valid_from?: string | null;
            /** @description First instant it no longer holds for; null is for good. */
            valid_to?: string | null;
        };
        /** @description What to change of a project; null takes department or team away. */
        ProjectChange: {
            /** @description The department that pays. */
            department?: string | null;
            /** @description Its name for people. */
            name?: string | null;
            /** @description The team that works on it. */
            team?: string | null;
        };
        /** @description What one project costs a department. */
        ProjectCostToApi: components["schemas"]["CostToApi"] & {
            /** @description Whether this is the rest beyond 50 projects. */
            other: boolean;
            /** @description Its slug; null is what names no project, or the rest. */
            project?: string | null;
            /** @description The team that works on it. */
            team?: string | null;
        };
        /** @description A project (workspace). */
        ProjectToApi: {
            /** @description When it was made or first seen. */
            created_at: string;
            /** @description The department that pays. */
            department?: string | null;
            /** @description Its name for people. */
            name: string;
            /**
             * @description Its name in events and addresses.
             * @example support-bot
             */
            slug: string;
            /** @description The team that works on it. */
            team?: string | null;
        };
        /** @description An answer. */
        QueryReply: {
            /** @description When it was asked; everything answered before is in it. */
            as_of: string;
            /** @description The buckets; `series[i]` belongs to `buckets[i]`. */
            buckets: components["schemas"]["BucketToApi"][];
            compared?: components["schemas"]["ComparedToApi"] | null;
            /** @description First instant of the range. */
            from: string;
            /** @description Width of the buckets; null where no series was asked for. */
            granularity?: string | null;
            /** @description The dimensions of the groups. */
            group_by: string[];
            /** @description Groups, largest first by the first metric; the rest beyond `top` last, with an empty key. */
            groups: components["schemas"]["GroupToApi"][];
            /** @description The metrics asked for. */
            metrics: string[];
            /** @description How much of the usage has a price. */
            price_coverage: components["schemas"]["PriceCoverage"];
            /** @description Values a bucket, none left out. */
            series: components["schemas"]["ValuesToApi"][];
            /**
             * @description Where the numbers come from: `metered` are our own events.
             * @example metered
             */
            source: string;
            /** @description First instant after it. */
            to: string;
            /** @description Values over the whole range. */
            total: components["schemas"]["ValuesToApi"];
            /**
             * @description The zone of days, weeks and months.
             * @example UTC
             */
            tz: string;
        };
        /** @description Usage of this month against its limits. */
        QuotaReply: {
            /** @description One an event. */
            apiCalls: components["schemas"]["QuotaToApi"];
            /** @description When it was asked. */
            asOf: string;
            /** @description When the calendar month began in it. */
            from: string;
            /**
             * @description Where the numbers come from: `metered` are our own events.
             * @example metered
             */
            source: string;
            /** @description US dollars. */
            spend: components["schemas"]["QuotaToApi"];
            /** @description When it ends. */
            to: string;
            /** @description Input and output tokens. */
            tokens: components["schemas"]["QuotaToApi"];
            /** @description The tenant's zone. */
            tz: string;
            /**
             * Format: int64
             * @description Events with tokens whose model has no price; they are not in the spend.
             */
            unpricedCalls: number;
            /** @description Whose usage it is; null is all of the tenant's. */
            user?: string | null;
        };
        /** @description One quantity against its limit. */
        QuotaToApi: {
            limit?: components["schemas"]["Amount"] | null;
            /**
             * @description The monthly metric that has the limit; null where there is none.
             * @example monthly_calls
             */
            metric?: string | null;
            /**
             * Format: double
             * @description How much of it is used, 0 to 100 and beyond; null where there is none.
             */
            percentage?: number | null;
            /** @description What was recorded in the month, whatever counts against a limit: decisions and holds are not in it. */
            recorded: components["schemas"]["Amount"];
            remaining?: components["schemas"]["Amount"] | null;
            /** @description When it starts again. */
            resetsAt: string;
            /** @description What counts against the limit, holds included; without a limit what was recorded in the month. */
            used: components["schemas"]["Amount"];
        };
        /** @description One event and how its cost came about. All money is an exact decimal of US dollars. */
        ReceiptToApi: {
            account?: components["schemas"]["AccountToApi"] | null;
            /**
             * @description `priced`: the account below is how it came to its cost. `price_changed`: the price has another content by now; the
             *     account shows what it would come to today, and the stored cost stands. `price_gone`: the price it was rated with
             *     is no longer there. `given`: the sender named the cost. `unpriced`: there was no price. `free`: nothing to price.
             * @example priced
             */
            basis: string;
            /**
             * @description What it costs in every total; null where its model had no price.
             * @example 0.0075
             */
            cost_usd?: string | null;
            /** @description The event as it was recorded. */
            event: components["schemas"]["RecordedEvent"];
            /** @description The same as a sentence. */
            explanation: string;
            price?: components["schemas"]["PriceOfReceipt"] | null;
            /** @description How it was rated before it was rated anew, the oldest first. */
            rated_before: components["schemas"]["PastRatingToApi"][];
            /** @description When it was voided; null where it counts. */
            voided_at?: string | null;
        };
        /** @description The providers' reports beside our events. */
        ReconciliationReply: {
            /** @description When this was put together. */
            as_of: string;
            /** @description First instant of the range. */
            from: string;
            /** @description What we counted of providers that are not connected, so that nothing stands beside it. It is in no row and no sum. */
            not_compared: components["schemas"]["NotComparedToApi"][];
            /** @description A row a day, provider and model that either side knows, by day. */
            rows: components["schemas"]["RowToApi"][];
            /** @description First instant after it. */
            to: string;
            /** @description The sums of the rows. */
            total: components["schemas"]["TotalToApi"];
            /** @description The zone of our days. A provider's day is the UTC day of the same date; `zone_edge` is what that makes. */
            tz: string;
        };
        /** @description An event as it was recorded; what was not sent and not filled in is null. */
        RecordedEvent: {
            /** @description The agent inside the project. */
            agent?: string | null;
            /** @description The customer's name for the API key that was used. */
            api_key?: string | null;
            /** @description ISO 3166 country code of the caller. */
            country?: string | null;
            /** @description The department that pays. */
            department?: string | null;
            /** @description Its id. */
            id: string;
            /**
             * Format: int32
             * @description Whole duration in milliseconds.
             */
            latency_ms?: number | null;
            /** @description Amounts of metrics, exact decimals. */
            metrics: {
                [key: string]: string;
            };
            /** @description The model. */
            model?: string | null;
            /** @description What was done. */
            operation?: string | null;
            /** @description The project. */
            project?: string | null;
            /** @description Whatever else the sender keeps with it. */
            properties: Record<string, never>;
            /** @description Who sold the model. */
            provider?: string | null;
            /** @description When it was received. */
            received_at: string;
            /** @description SHA-256 of the normalised request, hexadecimal. */
            request_hash?: string | null;
            /** @description The provider's service tier, as it was sent. */
            service_tier?: string | null;
            /** @description Its source. */
            source: string;
            /**
             * Format: int32
             * @description HTTP status of the call.
             */
            status?: number | null;
            /** @description When it happened. */
            time: string;
            /**
             * Format: int32
             * @description Time to the first token in milliseconds.
             */
            time_to_first_token_ms?: number | null;
            /** @description Token counts; input includes cached tokens, output includes reasoning. */
            usage: components["schemas"]["UsageFromApi"];
            /** @description The end user. */
            user?: string | null;
        };
        /** @description What was asked for. */
        RefreshReply: components["schemas"]["ConnectionToApi"] & {
            /** @description So many reports are asked for now; the others are fresh, or the provider asked to wait. */
            asked: number;
        };
        /** @description A refusal by a limit, or by a hard budget. */
        Refusal: components["schemas"]["LimitExceededBody"] | components["schemas"]["OverBudgetBody"];
        /** @description An entry that a limit refused. */
        RefusedItem: {
            allowed: boolean;
            detail: components["schemas"]["LimitExceeded"];
            /**
             * Format: int32
             * @description 429.
             */
            status: number;
        };
        /** @description The budget that refused and where it stood. */
        RefusingBudget: {
            /**
             * @description Dollars that may be spent in a period.
             * @example 250
             */
            amount_usd: string;
            /**
             * @description Dollars that reservations hold.
             * @example 0.1
             */
            held_usd: string;
            /** @description UUID. */
            id: string;
            /**
             * @description Its name.
             * @example support
             */
            name: string;
            /**
             * @description `day`, `week`, `month`, `quarter`, `year` or `custom`.
             * @example month
             */
            period: string;
            /**
             * @description Dollars that are left; negative where more was spent.
             * @example 0
             */
            remaining_usd: string;
            /**
             * @description When the period ends.
             * @example 2026-12-01T00:00:00Z
             */
            resets_at: string;
            /** @description What it is for; nothing named is everything. */
            scope: {
                [key: string]: string;
            };
            /**
             * @description Dollars that were spent in the present one.
             * @example 249.9
             */
            spent_usd: string;
        };
        /** @description What to change of a report. */
        ReportChange: {
            /** @description Whether it is sent by itself. */
            enabled?: boolean | null;
            /** @description day, week or month. */
            every?: string | null;
            /** @description The files that come with it. */
            formats?: string[] | null;
            /**
             * Format: int32
             * @description The hour of the day at which it is sent, 0 to 23.
             */
            hour?: number | null;
            /** @description Its name for people. */
            name?: string | null;
            scope?: components["schemas"]["ScopeWire"] | null;
            /** @description IANA zone of its periods and its hour. */
            timezone?: string | null;
            /** @description Whom it is mailed to. */
            to?: string[] | null;
        };
        /** @description A period of a report that was sent, or is on its way. */
        ReportDeliveryToApi: {
            /**
             * Format: int32
             * @description How often it was tried.
             */
            attempts: number;
            /** @description Asked for by somebody, beside the calendar. */
            by_hand: boolean;
            /** @description When the mail server took it. */
            delivered_at?: string | null;
            /** @description First instant of the period. */
            from: string;
            /** @description Why the last try failed, or which addresses were refused. */
            last_error?: string | null;
            /** @description When it was begun. */
            made_at: string;
            /**
             * Format: int64
             * @description Its number, ascending.
             */
            n: number;
            /** @description When it is tried next, while it is pending. */
            next_at?: string | null;
            /**
             * @description `pending` (tried again at `next_at`), `delivered` (the mail server has taken it) or `failed` (given up).
             * @example delivered
             */
            state: string;
            /** @description First instant after it. */
            to: string;
        };
        /** @description A report to make by hand and to mail. */
        ReportMail: {
            /** @description The files that come with it: csv, pdf or both (default). */
            formats?: string[] | null;
            /** @description Or the first date or instant. */
            from?: string | null;
            /** @description Named range; default `last_month`. */
            range?: string | null;
            /** @description What it tells of; default the whole tenant. */
            scope?: components["schemas"]["ScopeWire"];
            /** @description IANA zone; default the tenant's. */
            timezone?: string | null;
            /** @description Whom it is mailed to: 1 to 20 addresses. */
            to: string[];
            /** @description And the first one after it. */
            until?: string | null;
        };
        /** @description A report that is mailed by the calendar. */
        ReportToApi: {
            /** @description When it was made. */
            created_at: string;
            /** @description Whether it is sent by itself. */
            enabled: boolean;
            /**
             * @description day, week or month.
             * @example month
             */
            every: string;
            /** @description The files that come with it. */
            formats: string[];
            /**
             * Format: int32
             * @description The hour of the day at which it is sent.
             */
            hour: number;
            /** @description UUID. */
            id: string;
            /** @description Whether this server can send mail at all; where not, the admin has yet to set `mail.url`. */
            mail_is_set_up: boolean;
            /** @description Its name for people. */
            name: string;
            /** @description When the next finished period is due; null where it is not sent by itself. */
            next_at?: string | null;
            /** @description What it tells of; `{}` is the whole tenant. */
            scope: components["schemas"]["ScopeWire"];
            /** @description IANA zone of its periods and its hour. */
            timezone: string;
            /** @description Whom it is mailed to. */
            to: string[];
        };
        /** @description What rating anew would change, before anything is. */
        RerateAnswerToApi: components["schemas"]["RerateScopeToApi"] & components["schemas"]["RerateDifferenceToApi"] & {
            /** @description Stands for exactly this difference; send it back with `dry_run: false` to begin. */
            basis: string;
            /** @description Zone in which dates were read. */
            tz: string;
        };
        /** @description What rating anew changes. */
        RerateDifferenceToApi: components["schemas"]["RerateSumsToApi"] & {
            /** @description Ids of the budgets that take in something that changes. */
            budgets: string[];
            /** @description By model, the largest difference first. */
            by_model: components["schemas"]["ModelRerateToApi"][];
            /** @description Names of the closed periods in which something changes; the difference becomes their adjustment. */
            closings: string[];
            /**
             * Format: int64
             * @description Events of the range whose cost was sent: left as they are.
             */
            given: number;
        };
        /** @description Which usage to rate anew. */
        RerateFromApi: {
            /** @description Of the difference that was shown. */
            basis?: string | null;
            /** @description true (default) shows the difference and changes nothing; false begins, and needs `basis`. */
            dry_run?: boolean | null;
            /**
             * @description First date or instant.
             * @example 2026-11-01
             */
            from: string;
            /** @description Only events of this model, as events name it. */
            model?: string | null;
            /**
             * @description `all` (default), or `unpriced`: only events whose model had no price.
             * @example all
             */
            only?: string | null;
            /** @description Only events of this provider. */
            provider?: string | null;
            /**
             * @description First date or instant after it.
             * @example 2026-12-01
             */
            to: string;
            /** @description IANA zone of dates; the tenant's where it is absent. */
            tz?: string | null;
        };
        /** @description Which usage, as it was understood. */
        RerateScopeToApi: {
            /** @description First instant. */
            from: string;
            /** @description Only events of this model. */
            model?: string | null;
            /**
             * @description `all` or `unpriced`.
             * @example all
             */
            only: string;
            /** @description Only events of this provider. */
            provider?: string | null;
            /** @description First instant after it. */
            to: string;
        };
        /** @description Sums over events before and after. Money is exact US dollars. */
        RerateSumsToApi: {
            /**
             * Format: int64
             * @description Those that come to another cost, or to their cost by another price.
             */
            changed: number;
            /**
             * @description And after.
             * @example 10.25
             */
            cost_after: string;
            /**
             * @description What they cost before.
             * @example 12.5
             */
            cost_before: string;
            /**
             * @description By how much totals change, negative where less.
             * @example -2.25
             */
            difference: string;
            /**
             * Format: int64
             * @description Events that are looked at. Those whose cost was sent (`cost_usd`) are never rated anew and in none of these.
             */
            events: number;
            /**
             * Format: int64
             * @description And after.
             */
            unpriced_after: number;
            /**
             * Format: int64
             * @description Those without a price before.
             */
            unpriced_before: number;
        };
        /** @description A re-rating. */
        RerateToApi: components["schemas"]["RerateScopeToApi"] & {
            /**
             * Format: int64
             * @description Those that are rated anew.
             */
            changed: number;
            /** @description When it was begun. */
            created_at: string;
            /** @description By whom, as the audit log calls it. */
            created_by: string;
            /**
             * @description By how many US dollars, exact, the totals have changed so far.
             * @example -2.25
             */
            difference: string;
            /**
             * Format: int64
             * @description Events that were looked at.
             */
            done: number;
            /** @description When it ended; null while it is running. */
            ended_at?: string | null;
            /** @description Why it was given up. */
            error?: string | null;
            /** @description The difference that was shown before it began. */
            expected: components["schemas"]["RerateDifferenceToApi"];
            /** @description Its id; the audit log names it. */
            id: string;
            /**
             * @description `running`, `done`, or `failed`: given up; what was rated anew until then stays so.
             * @example running
             */
            state: string;
            /**
             * Format: int64
             * @description Of so many.
             */
            total: number;
            /**
             * Format: int64
             * @description By how many events the number of those without a price has changed so far.
             */
            unpriced_difference: number;
        };
        /** @description A reservation. */
        ReservationToApi: {
            /** @description Whether it was committed after it had expired: recorded all the same. */
            after_expiry: boolean;
            /** @description How much it holds, or held. */
            amount: components["schemas"]["Amount"];
            committed_amount?: components["schemas"]["Amount"] | null;
            /** @description The same in dollars, where money is held. */
            cost_usd?: string | null;
            /** @description When it was made. */
            created_at: string;
            current?: components["schemas"]["Amount"] | null;
            /** @description Whether `current` is above the limit. */
            exceeded: boolean;
            /** @description When it gives itself back. */
            expires_at: string;
            held?: components["schemas"]["Amount"] | null;
            /** @description UUID. */
            id: string;
            limit?: components["schemas"]["Amount"] | null;
            /**
             * @description What it holds.
             * @example compute_hours
             */
            metric: string;
            /** @description The model it is for. */
            model?: string | null;
            /** @description Whether more was committed than held: all of it is recorded. */
            over_hold: boolean;
            /** @description The project it is for. */
            project?: string | null;
            remaining?: components["schemas"]["Amount"] | null;
            /** @description When the window ends; null for a level. */
            resets_at?: string | null;
            /** @description When it was settled. */
            settled_at?: string | null;
            /**
             * @description `held`, `committed`, `released` or `expired`.
             * @example held
             */
            status: string;
            /**
             * @description The user's tier.
             * @example free
             */
            tier: string;
            /**
             * @description Whose it is.
             * @example u-42
             */
            user: string;
        };
        /** @description What to hold: a `metric` with its `amount`, or money as `cost_usd`. */
        ReserveFromApi: {
            amount?: components["schemas"]["AmountFromApi"] | null;
            /** @description Your own name for the API key it is for. */
            api_key?: string | null;
            cost_usd?: components["schemas"]["AmountFromApi"] | null;
            /** @description The department it is for; the project's where it is absent. */
            department?: string | null;
            /** @description 1 to 256 bytes: sent again with the same request within 48 hours, it gets the same answer and holds once. */
            idempotency_key?: string | null;
            /**
             * @description The metric.
             * @example compute_hours
             */
            metric?: string | null;
            /**
             * @description The model it is for. Hard budgets refuse one without a price unless they allow it.
             * @example gpt-4o
             */
            model?: string | null;
            /**
             * @description The project it is for; the key's own where it is absent. A key that is bound to a project may name no other (403
             *     `other_project`). With the model, the API key and the department, hard budgets
             *     are found by it.
             * @example support-bot
             */
            project?: string | null;
            /**
             * Format: int32
             * @description How long, 1 to 86,400 seconds; 600 where it is absent. Then it gives itself back.
             * @example 600
             */
            ttl_seconds?: number | null;
            /**
             * @description Whose usage; a member's own where it is absent, else it must be named.
             * @example u-42
             */
            user?: string | null;
        };
        /** @description What was counted of every kind. */
        ResultCounts: {
            /**
             * Format: int64
             * @description Events with a status of 400 or above. Not of `OpenAI`'s.
             */
            errors: number;
            /**
             * Format: int64
             * @description All input tokens, cached ones too.
             */
            input_tokens: number;
            /**
             * Format: int64
             * @description All output tokens, reasoning too.
             */
            output_tokens: number;
        };
        /** @description Who and what a result is of: null where it was not grouped by, or where the events do not say. */
        ResultOwner: {
            /** @description The name of the API key, as events give it. */
            api_key_id?: string | null;
            /** @description The project. */
            project_id?: string | null;
            /** @description The user. */
            user_id?: string | null;
        };
        /** @description Days that changed afterwards. */
        RevisedToApi: {
            /** @description How many, over all reports. */
            buckets: number;
            /** @description When the last of them. */
            last_at?: string | null;
        };
        /**
         * @description The roles, for the document: those of `meterwire_app::ports::Role`.
         * @enum {string}
         */
        RoleName: "admin" | "owner" | "member" | "viewer" | "ingest";
        /** @description One day and model. */
        RowToApi: {
            /** @description Why the costs differ. They add up to the difference exactly. */
            causes: components["schemas"]["CauseToApi"][];
            /**
             * @description The date.
             * @example 2026-11-16
             */
            day: string;
            /** @description The provider's less ours. */
            difference: components["schemas"]["SideToApi"];
            /** @description What we counted. */
            metered: components["schemas"]["SideToApi"];
            /** @description The model by the price book's name, else as it was named; a cost that no model made by the provider's line item. */
            model: string;
            /** @description What the provider says. */
            provider: components["schemas"]["SideToApi"];
            /** @description `openai` or `anthropic`. */
            provider_name: string;
            /** @description When the provider last changed this day after it had been over; null where it never did. */
            revised_at?: string | null;
        };
        /** @description What a report tells of: `{}` is the whole tenant. */
        ScopeWire: {
            /** @description One department. */
            department?: string | null;
            /** @description Or one project. */
            project?: string | null;
        };
        /** @description Sessions of a code interpreter. */
        SessionsResult: components["schemas"]["ResultCounts"] & {
            /**
             * Format: int64
             * @description Events.
             */
            num_sessions: number;
            /** @description The project. */
            project_id?: string | null;
        };
        /** @description One side, or the difference of both. */
        SideToApi: {
            /**
             * @description US dollars.
             * @example 12.345678
             */
            cost_usd: string;
            /**
             * Format: int64
             * @description Input tokens, cached ones too.
             */
            input_tokens: number;
            /**
             * Format: int64
             * @description Output tokens, reasoning too.
             */
            output_tokens: number;
            /**
             * Format: int64
             * @description Requests; null where the provider does not tell them (Anthropic).
             */
            requests?: number | null;
        };
        /** @description A key to sign in with. */
        SignIn: {
            /**
             * @description The key's token.
             * @example mw_...
             */
            token: string;
        };
        /** @description What has come since a period was closed. */
        SinceToApi: {
            /**
             * Format: int64
             * @description By how many events today's total differs.
             */
            calls: number;
            /**
             * Format: int64
             * @description Late events, voids, and groups of events that were rated anew.
             */
            changes: number;
            /** @description By how many US dollars, exact, negative where less is known today. */
            cost_usd: string;
        };
        /** @description Until when to snooze. */
        Snooze: {
            /**
             * @description A date or an instant, by 90 days ahead at most; null ends the snooze.
             * @example 2026-11-23T08:00:00Z
             */
            until?: string | null;
        };
        /** @description Whole UTC days. */
        SpanToApi: {
            /**
             * @description The first date.
             * @example 2026-09-21
             */
            from: string;
            /**
             * @description The first date after them.
             * @example 2026-11-23
             */
            to: string;
        };
        /** @description Speech out of text. */
        SpeechesResult: components["schemas"]["ResultOwner"] & components["schemas"]["ResultCounts"] & {
            /**
             * Format: int64
             * @description The sum of the metric `characters`.
             */
            characters: number;
            /** @description The model. */
            model?: string | null;
            /**
             * Format: int64
             * @description Events, failed ones too.
             */
            num_model_requests: number;
        };
        /** @description Usage and cost of a day. */
        SpendOfDay: {
            /**
             * Format: double
             * @description US dollars.
             */
            cost: number;
            /**
             * @description The day in the zone.
             * @example 2026-11-22
             */
            date: string;
            /**
             * Format: int64
             * @description Events.
             */
            requests: number;
            /**
             * Format: int64
             * @description Input and output tokens.
             */
            tokens: number;
        };
        /** @description Usage and cost of an hour. */
        SpendOfHour: {
            /**
             * Format: double
             * @description US dollars.
             */
            cost: number;
            /** @description Its first instant. */
            from: string;
            /**
             * @description The hour in the zone; where clocks are put back it is there twice, and `from` tells which.
             * @example 2026-11-22T10:00
             */
            hour: string;
            /**
             * Format: int64
             * @description Events.
             */
            requests: number;
            /**
             * Format: int64
             * @description Input and output tokens.
             */
            tokens: number;
        };
        /** @description How to hand a budget out. */
        SplitFromApi: {
            /**
             * @description `project`, `user`, `api_key`, `department`, `team` or `model`; one that its scope does not name yet.
             * @example department
             */
            by: string;
            /** @description One for each value, up to 1,000. */
            parts: components["schemas"]["PartFromApi"][];
        };
        /** @description Where a user stands on one metric. */
        StandingToApi: {
            /** @description Used and held in the present window. */
            current: components["schemas"]["Amount"];
            /** @description How much of `current` reservations hold. */
            held: components["schemas"]["Amount"];
            limit?: components["schemas"]["Amount"] | null;
            /**
             * Format: double
             * @description How much of the limit is used, 0 to 100 and beyond; null is unlimited.
             * @example 30
             */
            percentage?: number | null;
            remaining?: components["schemas"]["Amount"] | null;
            /**
             * @description When the window ends; null for a level.
             * @example 2026-11-23T00:00:00Z
             */
            resets_at?: string | null;
            /**
             * @description `day`, `week`, `month`, or `none` for a level that is not reset.
             * @example day
             */
            window: string;
        };
        /** @description How a connection stands. */
        StateToApi: {
            /** @description How far it has come with reading older days. */
            backfill: components["schemas"]["BackfillToApi"];
            /**
             * Format: int64
             * @description By how many seconds the provider's clock is ahead of ours; 0 within a minute.
             */
            clock_skew_seconds: number;
            covers?: components["schemas"]["SpanToApi"] | null;
            /**
             * @description Its numbers may be shown: every report was read within three times the cache's time (at least 15 minutes), and none was
             *     refused or could not be understood. A passing fault (429, 5xx, no answer) harms it only when it lasts.
             */
            healthy: boolean;
            last_error?: components["schemas"]["FailureToApi"] | null;
            /** @description When all of its reports had been read; null where one never was. */
            last_success_at?: string | null;
            /** @description When something of it is asked next. */
            next_at?: string | null;
            /** @description Each report by itself. */
            reports: components["schemas"]["ReportToApi"][];
            /** @description Days of the last two months that the provider changed after they had been over; the newer report replaced the older. */
            revised: components["schemas"]["RevisedToApi"];
            /** @description A sentence that says why, or why not. */
            why: string;
        };
        /** @description Where a user stands on every metric. */
        StatusToApi: {
            /**
             * @description The UTC day.
             * @example 2026-11-22
             */
            date: string;
            /** @description By metric. */
            metrics: {
                [key: string]: components["schemas"]["StandingToApi"];
            };
            /**
             * @description When it ends.
             * @example 2026-11-23T00:00:00Z
             */
            resets_at: string;
            /**
             * @description Its tier.
             * @example free
             */
            tier: string;
            /**
             * @description The user.
             * @example u-42
             */
            user: string;
        };
        /** @description Totals of a range. */
        SummaryReply: {
            /**
             * Format: double
             * @description Their share in percent; null without events.
             */
            errorRate?: number | null;
            /**
             * Format: int64
             * @description Events with a status of 400 or above.
             */
            errors: number;
            /** @description First instant of the range. */
            from: string;
            /** @description First instant after it. */
            to: string;
            /**
             * Format: int64
             * @description Events.
             */
            totalCalls: number;
            /**
             * Format: double
             * @description US dollars with up to nine decimals.
             */
            totalCost: number;
            /**
             * Format: int64
             * @description Input and output tokens.
             */
            totalTokens: number;
            /** @description The zone of its days. */
            tz: string;
            /**
             * Format: int64
             * @description Events with tokens whose model has no price; they are not in `totalCost`.
             */
            unpricedCalls: number;
        };
        /** @description Sums; in an adjustment they may be negative. */
        SumsToApi: {
            /**
             * Format: int64
             * @description Events.
             */
            calls: number;
            /** @description Exact US dollars. */
            cost_usd: string;
            /**
             * Format: int64
             * @description Events with a status of 400 or above.
             */
            errors: number;
            /** @description Tokens by bucket; those of none are left out. */
            tokens: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Events whose model has no price; they are not in the cost.
             */
            unpriced_calls: number;
        };
        /** @description What to change of a tenant. */
        TenantChange: {
            /** @description Its name for people. */
            name?: string | null;
            /**
             * Format: int32
             * @description How many days single events are kept, 35 to 3650; null is for ever.
             */
            retention_days?: number | null;
            /** @description IANA zone of its days and months. */
            timezone?: string | null;
        };
        /** @description A tenant, by name. */
        TenantName: {
            /** @description Its name for people. */
            name: string;
            /** @description Its name in addresses. */
            slug: string;
            /** @description Its zone. */
            timezone: string;
        };
        /** @description A tenant. */
        TenantToApi: {
            /** @description When it was made. */
            created_at: string;
            /**
             * @description Events before this date (UTC) are kept only as totals; null where none were dropped.
             * @example 2026-10-18
             */
            events_from?: string | null;
            /**
             * @description Its name for people.
             * @example Acme
             */
            name: string;
            /**
             * Format: int32
             * @description How many days single events are kept; null is for ever. Totals are always kept.
             */
            retention_days?: number | null;
            /**
             * @description Its name in addresses.
             * @example acme
             */
            slug: string;
            /**
             * @description IANA zone of its days and months.
             * @example UTC
             */
            timezone: string;
        };
        /** @description What to change of a tier: limits that are not named stay. */
        TierChange: {
            /**
             * @description Limits by metric; null is unlimited.
             * @example {
             *       "deployments": 20,
             *       "storage": null
             *     }
             */
            limits: {
                [key: string]: components["schemas"]["LimitFromApi"];
            };
        };
        /** @description A user's tier to set. */
        TierOfUser: {
            /**
             * @description The tier.
             * @example pro
             */
            tier: string;
        };
        /** @description A tier. */
        TierToApi: {
            /**
             * @description When it was made.
             * @example 2026-11-22T10:30:00Z
             */
            created_at: string;
            /**
             * @description What its users may use of every metric in its window; null is unlimited.
             * @example {
             *       "api_calls": 5000,
             *       "compute_hours": 10,
             *       "deployments": 10,
             *       "storage": null
             *     }
             */
            limits: {
                [key: string]: components["schemas"]["Limit"];
            };
            /**
             * @description Its name.
             * @example free
             */
            name: string;
            /**
             * Format: int64
             * @description How many users have it; a member is not told.
             * @example 12
             */
            users?: number | null;
        };
        /** @description Tokens. */
        TokenStats: {
            /**
             * Format: double
             * @description Change of the total in percent; null where it was zero before.
             */
            change?: number | null;
            /**
             * Format: int64
             * @description Output, reasoning too.
             */
            completion: number;
            /**
             * Format: int64
             * @description Input, cached ones too.
             */
            prompt: number;
            /**
             * Format: int64
             * @description All of them.
             */
            total: number;
        };
        /** @description Requests that are counted by their tokens. */
        TokensResult: components["schemas"]["ResultCounts"] & components["schemas"]["ResultOwner"] & {
            /** @description The model. */
            model?: string | null;
            /**
             * Format: int64
             * @description Events, failed ones too.
             */
            num_model_requests: number;
        };
        /** @description Usage of one model. */
        TopModel: {
            /**
             * Format: int64
             * @description Its calls.
             */
            calls: number;
            /**
             * Format: double
             * @description US dollars.
             */
            cost: number;
            /**
             * @description The model.
             * @example gpt-4o
             */
            model: string;
            /**
             * Format: int64
             * @description Input and output tokens.
             */
            tokens: number;
        };
        /** @description A user and what it used on the day. */
        TopUserToApi: {
            /** @description What it used of the metric they are ordered by. */
            current: components["schemas"]["Amount"];
            /**
             * @description What it used of every metric.
             * @example {
             *       "api_calls": 1250,
             *       "compute_hours": 2.5,
             *       "deployments": 3,
             *       "storage": 0
             *     }
             */
            metrics: {
                [key: string]: components["schemas"]["Amount"];
            };
            /**
             * @description Its tier.
             * @example free
             */
            tier: string;
            /**
             * @description Its id.
             * @example u-42
             */
            user: string;
            /** @description Its name for people. */
            username: string;
        };
        /** @description The users who used most of a metric on a day. */
        TopUsersReply: {
            /**
             * @description The day, in the metric's zone.
             * @example 2026-11-22
             */
            date: string;
            /** @description Largest first. */
            items: components["schemas"]["TopUserToApi"][];
            /**
             * @description The metric they are ordered by.
             * @example api_calls
             */
            metric: string;
        };
        /** @description Sums of the rows. */
        TotalToApi: {
            /** @description The causes of all rows; they add up to the difference exactly. */
            causes: components["schemas"]["CauseSumToApi"][];
            /** @description The providers' less ours. */
            difference: components["schemas"]["SideToApi"];
            /** @description What we counted. */
            metered: components["schemas"]["SideToApi"];
            /** @description What the providers say. */
            provider: components["schemas"]["SideToApi"];
        };
        /** @description Text out of speech. */
        TranscriptionsResult: components["schemas"]["ResultOwner"] & components["schemas"]["ResultCounts"] & {
            /** @description The model. */
            model?: string | null;
            /**
             * Format: int64
             * @description Events, failed ones too.
             */
            num_model_requests: number;
            /**
             * Format: int64
             * @description The sum of the metric `seconds`, cut to whole seconds.
             */
            seconds: number;
        };
        /** @description Usage and cost of a range. */
        UsageData: {
            /** @description When it was asked; all numbers are of this one moment. Where the source is `provider`, when they were read. */
            as_of: string;
            /** @description Every day of the range that has begun, oldest first; they add up to the totals. */
            daily_breakdown: components["schemas"]["SpendOfDay"][];
            /** @description First instant of the range. */
            from: string;
            /**
             * @description Every hour of today that has begun, oldest first; they add up to the totals. Absent where hours were not asked for,
             *     empty where the source is `provider`, which reports days.
             */
            hourly_breakdown?: components["schemas"]["SpendOfHour"][] | null;
            /**
             * @description By model, dearest first; they add up to the totals. Beyond 100 models the rest is one row called `Other`, events
             *     without a model are `(none)`.
             */
            model_breakdown: components["schemas"]["ModelCost"][];
            /**
             * @description Where the numbers come from: `provider` is the provider's own report, `metered` our events, `quota` neither, so that
             *     only counts against the tier are known. Never two of them in one answer.
             * @example metered
             */
            source: string;
            /** @description Why it is this source, for people. */
            source_reason: string;
            /** @description First instant after it. */
            to: string;
            /**
             * Format: double
             * @description US dollars.
             * @example 12.345678
             */
            total_cost: number;
            /**
             * Format: int64
             * @description Events.
             */
            total_requests: number;
            /**
             * Format: int64
             * @description Input and output tokens, cached and reasoning ones too.
             */
            total_tokens: number;
            /**
             * @description The zone of its days.
             * @example UTC
             */
            tz: string;
            /**
             * Format: int64
             * @description Events with tokens whose model has no price; they are in no cost.
             */
            unpriced_requests: number;
        };
        /** @description Token counts in the OpenAI and OpenTelemetry meaning: the details are parts of the two totals. */
        UsageFromApi: {
            /**
             * Format: int64
             * @description Of them uncached audio.
             * @default 0
             */
            audio_input_tokens: number;
            /**
             * Format: int64
             * @description Of them audio.
             * @default 0
             */
            audio_output_tokens: number;
            /**
             * Format: int64
             * @description Of them written to a long-lived cache.
             * @default 0
             */
            cache_write_long_tokens: number;
            /**
             * Format: int64
             * @description Of them written to a short-lived cache.
             * @default 0
             */
            cache_write_tokens: number;
            /**
             * Format: int64
             * @description Of them read from a cache.
             * @default 0
             */
            cached_input_tokens: number;
            /**
             * Format: int64
             * @description Of them uncached images.
             * @default 0
             */
            image_input_tokens: number;
            /**
             * Format: int64
             * @description Of them images.
             * @default 0
             */
            image_output_tokens: number;
            /**
             * Format: int64
             * @description All input tokens.
             * @default 0
             */
            input_tokens: number;
            /**
             * Format: int64
             * @description All output tokens.
             * @default 0
             */
            output_tokens: number;
            /**
             * Format: int64
             * @description Of them reasoning.
             * @default 0
             */
            reasoning_tokens: number;
        };
        /** @description Limits of a tier to change: what is not named stays, null is unlimited. */
        UsageLimitChange: {
            /** @description Limit of `api_calls`. */
            max_api_calls_per_day?: components["schemas"]["LimitFromApi"];
            /** @description Limit of `compute_hours`. */
            max_compute_hours_per_day?: components["schemas"]["LimitFromApi"];
            /** @description Limit of `deployments`. */
            max_deployments_per_day?: components["schemas"]["LimitFromApi"];
            /** @description Limit of `storage`. */
            max_storage?: components["schemas"]["LimitFromApi"];
            /**
             * @description The tier.
             * @example free
             */
            tier: string;
        };
        /** @description The limits of a tier; null is unlimited. */
        UsageLimitToApi: {
            /** @description Limit of `api_calls`. */
            max_api_calls_per_day: components["schemas"]["Limit"];
            /** @description Limit of `compute_hours`. */
            max_compute_hours_per_day: components["schemas"]["Limit"];
            /** @description Limit of `deployments` (in its window, which is a day unless it was changed). */
            max_deployments_per_day: components["schemas"]["Limit"];
            /** @description Limit of `storage`. */
            max_storage: components["schemas"]["Limit"];
            /**
             * @description The tier.
             * @example free
             */
            tier: string;
        };
        /** @description Limits of tiers to change. */
        UsageLimitsChange: {
            /** @description A row for each tier to change. */
            items: components["schemas"]["UsageLimitChange"][];
        };
        /** @description The limits of the tiers as one table. */
        UsageLimitsReply: {
            /** @description A row a tier, by name. */
            items: components["schemas"]["UsageLimitToApi"][];
        };
        /** @description What was used: `object` tells the kind. */
        UsageResult: (components["schemas"]["CompletionsResult"] & {
            /** @enum {string} */
            object: "organization.usage.completions.result";
        }) | (components["schemas"]["CompletionsResult"] & {
            /** @enum {string} */
            object: "organization.usage.decisions.result";
        }) | (components["schemas"]["TokensResult"] & {
            /** @enum {string} */
            object: "organization.usage.embeddings.result";
        }) | (components["schemas"]["TokensResult"] & {
            /** @enum {string} */
            object: "organization.usage.moderations.result";
        }) | (components["schemas"]["TokensResult"] & {
            /** @enum {string} */
            object: "organization.usage.other.result";
        }) | (components["schemas"]["ImagesResult"] & {
            /** @enum {string} */
            object: "organization.usage.images.result";
        }) | (components["schemas"]["SpeechesResult"] & {
            /** @enum {string} */
            object: "organization.usage.audio_speeches.result";
        }) | (components["schemas"]["TranscriptionsResult"] & {
            /** @enum {string} */
            object: "organization.usage.audio_transcriptions.result";
        }) | (components["schemas"]["VectorStoresResult"] & {
            /** @enum {string} */
            object: "organization.usage.vector_stores.result";
        }) | (components["schemas"]["SessionsResult"] & {
            /** @enum {string} */
            object: "organization.usage.code_interpreter_sessions.result";
        }) | (components["schemas"]["FileSearchesResult"] & {
            /** @enum {string} */
            object: "organization.usage.file_searches.result";
        }) | (components["schemas"]["WebSearchesResult"] & {
            /** @enum {string} */
            object: "organization.usage.web_searches.result";
        });
        /** @description Statistics of one period. */
        UsageStats: {
            /** @description Calls, by how they ended. */
            apiCalls: components["schemas"]["ApiCallStats"];
            /** @description When it was asked. All numbers are of this one moment. */
            asOf: string;
            /**
             * @description First instant of the period that `change` compares with; null where single events would be needed that are no longer
             *     kept, and then `change` is null too.
             */
            comparedFrom?: string | null;
            /** @description First instant after that one: of a period that is still running, as much of the one before as has passed of it. */
            comparedTo?: string | null;
            /** @description Cost, by model. */
            costs: components["schemas"]["CostStats"];
            /** @description Every day of the period that has begun, oldest first. They add up to the totals. */
            dailyUsage: components["schemas"]["DailyUsage"][];
            /** @description First instant of the period. */
            from: string;
            /**
             * @description `today`, `week`, `month` or `year`; the name of the range where one was asked for, else `custom`.
             * @example month
             */
            period: string;
            /**
             * @description Where the numbers come from: `metered` are our own events.
             * @example metered
             */
            source: string;
            /** @description First instant after it. */
            to: string;
            /** @description Tokens, by side. */
            tokens: components["schemas"]["TokenStats"];
            /** @description The ten models with most calls. */
            topModels: components["schemas"]["TopModel"][];
            /**
             * @description The zone of its days.
             * @example UTC
             */
            tz: string;
            /**
             * Format: int64
             * @description Events with tokens whose model has no price; they are in no cost.
             */
            unpricedCalls: number;
        };
        /** @description What to change of a user. */
        UserChange: {
            /** @description Its tier. */
            tier?: string | null;
            /** @description Its name for people. */
            username?: string | null;
        };
        /** @description A user. */
        UserToApi: {
            /** @description When it was made or first seen. */
            created_at: string;
            /**
             * @description Its id, as events name it.
             * @example u-42
             */
            id: string;
            /**
             * @description Its tier.
             * @example free
             */
            tier: string;
            /** @description Its name for people. */
            username: string;
        };
        /**
         * @description Values by metric name: those that were asked for.
         * @example {
         *       "calls": 123,
         *       "cost_usd": "1.234567",
         *       "tokens": 4567,
         *       "unpriced_calls": 3
         *     }
         */
        ValuesToApi: {
            /**
             * Format: int64
             * @description Input tokens read from a cache.
             */
            cached_input_tokens?: number;
            /**
             * Format: int64
             * @description Events.
             */
            calls?: number;
            /** @description Cost of everything that has a price, an exact decimal of US dollars. Answers the metric `cost`. */
            cost_usd?: string;
            /**
             * Format: double
             * @description Share of events with a status of 400 or above, in percent with two decimals; null without events.
             */
            error_rate?: number | null;
            /**
             * Format: int64
             * @description Events with a status of 400 or above.
             */
            errors?: number;
            /**
             * Format: int64
             * @description All input tokens.
             */
            input_tokens?: number;
            /**
             * Format: double
             * @description Median latency in milliseconds; null where none was measured.
             */
            latency_p50?: number | null;
            /**
             * Format: double
             * @description 95th percentile of the latency.
             */
            latency_p95?: number | null;
            /**
             * Format: double
             * @description 99th percentile of the latency.
             */
            latency_p99?: number | null;
            /**
             * Format: int64
             * @description All output tokens.
             */
            output_tokens?: number;
            /**
             * Format: int64
             * @description Output tokens spent on reasoning.
             */
            reasoning_tokens?: number;
            /**
             * Format: int64
             * @description Input and output tokens.
             */
            tokens?: number;
            /**
             * Format: double
             * @description Median time to the first token in milliseconds; null where none was measured.
             */
            ttft_p50?: number | null;
            /**
             * Format: double
             * @description 95th percentile of the time to the first token.
             */
            ttft_p95?: number | null;
            /**
             * Format: int64
             * @description Events with tokens whose model has no price; they are not in `cost_usd`. Comes with it.
             */
            unpriced_calls?: number;
            /**
             * Format: int64
             * @description Different users; null for the rest beyond `top`, where they are not known.
             */
            users?: number | null;
        };
        /** @description Bytes kept for searching. */
        VectorStoresResult: components["schemas"]["ResultCounts"] & {
            /**
             * Format: int64
             * @description Events. Not of `OpenAI`'s.
             */
            num_requests: number;
            /** @description The project. */
            project_id?: string | null;
            /**
             * Format: int64
             * @description The sum of the metric `usage_bytes`.
             */
            usage_bytes: number;
        };
        /** @description Searches in the web. */
        WebSearchesResult: components["schemas"]["ResultOwner"] & components["schemas"]["ResultCounts"] & {
            /** @description `unlabeled` where it was grouped by: events do not tell. */
            api_source?: string | null;
            /** @description The property `search_context_size`. */
            context_level?: string | null;
            /** @description The model. */
            model?: string | null;
            /**
             * Format: int64
             * @description Events: each search is a request.
             */
            num_model_requests: number;
            /**
             * Format: int64
             * @description Events.
             */
            num_requests: number;
        };
        /** @description A day of it. */
        WhatIfDay: components["schemas"]["WhatIfSumsToApi"] & {
            /**
             * @description The day in the zone.
             * @example 2026-11-22
             */
            date: string;
        };
        /** @description A question with prices of one's own. */
        WhatIfFromApi: {
            /** @description Date or instant, instead of range. */
            from?: string | null;
            /**
             * @description The model that is replaced; all of them where it is absent.
             * @example gpt-4o
             */
            model?: string | null;
            /**
             * @description Decimal texts of US dollars per million tokens: `input`, `output`, and where they differ `cache_read`,
             *     `cache_write_short`, `cache_write_long`, `reasoning`, `audio_input`, `audio_output`, `image_input`, `image_output`;
             *     `per_request` in dollars.
             */
            prices: Record<string, never>;
            /** @description Who sells the model that is replaced. */
            provider?: string | null;
            /** @description Named range; default this_month. */
            range?: string | null;
            /** @description Date or instant, exclusive. */
            to?: string | null;
            /** @description IANA zone; default the tenant's. */
            tz?: string | null;
            /** @description One project. */
            workspace?: string | null;
        };
        /** @description What was, and what would have been. Money is a decimal text of US dollars. */
        WhatIfSumsToApi: {
            /**
             * Format: int64
             * @description Events.
             */
            calls: number;
            /**
             * @description What they would have cost.
             * @example 10.7016
             */
            cost_then_usd: string;
            /**
             * @description What they cost.
             * @example 178.36
             */
            cost_usd: string;
            /**
             * Format: double
             * @description The difference in percent of the cost, two decimals; null where nothing cost anything.
             */
            difference_percentage?: number | null;
            /**
             * @description `cost_then_usd` - `cost_usd`: negative is cheaper.
             * @example -167.6584
             */
            difference_usd: string;
            /**
             * Format: int64
             * @description Events with tokens for which there would be no price either; they keep their cost.
             */
            not_repriced_calls: number;
            /**
             * Format: int64
             * @description Events with tokens whose model has no price: they cost nothing now.
             */
            unpriced_calls: number;
        };
        /** @description What a range costs, and what it would have cost. */
        WhatIfToApi: components["schemas"]["WhatIfSumsToApi"] & {
            /** @description When it was asked. */
            as_of: string;
            /** @description Every day that has begun; they add up to the sums. */
            days: components["schemas"]["WhatIfDay"][];
            /** @description First instant of the range. */
            from: string;
            /**
             * @description What is taken instead, with its rates as of now in US dollars per million tokens. Of a model each event takes the
             *     price in force at its own time.
             */
            instead: Record<string, never>;
            /**
             * @description The model that is replaced; null is all of them.
             * @example gpt-4o
             */
            model?: string | null;
            /**
             * @description Where the numbers come from.
             * @example metered
             */
            source: string;
            /** @description First instant after it. */
            to: string;
            /** @description Token buckets that hold anything; they do not overlap. */
            tokens: Record<string, never>;
            /**
             * @description The zone of its days.
             * @example UTC
             */
            tz: string;
        };
        /**
         * @description Over which span a metric is counted; `none` is a level, such as storage, which is not reset.
         * @enum {string}
         */
        Window: "day" | "week" | "month" | "none";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    tenant_quota: {
        parameters: {
            query?: {
                /** @description One user of it; a member only itself */
                user?: string;
            };
            header?: never;
            path: {
                /** @description The tenant */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuotaReply"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    tenant_statistics: {
        parameters: {
            query?: {
                /** @description today, week, month or year; default month */
                period?: string;
                /** @description Named range, instead of period */
                range?: string;
                /** @description Date or instant, instead of period */
                from?: string;
                /** @description Date or instant, exclusive */
                to?: string;
                /** @description IANA zone; default the tenant's */
                tz?: string;
                /** @description Only these values; likewise for every dimension, repeatable */
                "filter[model]"?: string;
            };
            header?: never;
            path: {
                /** @description The tenant */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageStats"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    limit_history: {
        parameters: {
            query?: {
                /** @description 1 to 90; 7 where it is absent */
                days?: number;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HistoryReply"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    manual_reset: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ManualReset"] | null;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ManualResetReply"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    near_limits: {
        parameters: {
            query?: {
                /**
                 * @description 0 to 1; 0.8 where it is absent
                 * @example 0.8
                 */
                threshold?: number;
                /** @description 1 to 1000; 100 where it is absent */
                limit?: number;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NearLimitsReply"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    top_users: {
        parameters: {
            query?: {
                /**
                 * @description `api_calls` where it is absent
                 * @example deployments
                 */
                metric?: string;
                /**
                 * @description Today where it is absent
                 * @example 2026-11-22
                 */
                date?: string;
                /** @description 1 to 1000; 10 where it is absent */
                limit?: number;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TopUsersReply"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_usage_limits: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageLimitsReply"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    set_usage_limits: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UsageLimitsChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageLimitsReply"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    set_tier: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TierOfUser"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    usage_breakdown: {
        parameters: {
            query: {
                /** @description provider project model user api_key agent department country status operation service_tier */
                by: string;
                /** @description Named range; default 30d */
                range?: string;
                from?: string;
                to?: string;
                tz?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BreakdownRow"][];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    usage_budget_status: {
        parameters: {
            query?: {
                /** @description Id of a budget */
                budget?: string;
                /** @description One project. One that does not exist is 404 */
                workspace?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetStatus"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    check_limit: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckFromApi"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    consume_usage: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: {
                /** @description The same as `idempotency_key` in the body */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Decide"];
            };
        };
        responses: {
            /** @description Allowed and recorded: it is on disk and in every total */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
            /** @description Refused by a limit, or by a hard budget; nothing was recorded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Not recorded */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    usage_cost_intelligence: {
        parameters: {
            query?: {
                /** @description Named range; default 30d */
                range?: string;
                from?: string;
                to?: string;
                /** @description IANA zone; default the tenant's */
                tz?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path: {
                /** @description The project */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CostIntelligence"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    usage_current_month: {
        parameters: {
            query?: {
                /** @description One project; all of the tenant's without it. One that does not exist is 404 */
                workspace?: string;
                /** @description IANA zone; default the tenant's */
                tz?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageData"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    usage_dashboard: {
        parameters: {
            query?: {
                /** @description IANA zone; default the tenant's */
                tz?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path: {
                /** @description The project */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dashboard"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    increment_usage: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: {
                /** @description The same as `idempotency_key` in the body */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Decide"];
            };
        };
        responses: {
            /** @description Recorded: it is on disk and in every total */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
            /** @description Not recorded */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    usage_log: {
        parameters: {
            query?: {
                /** @description Named range; default 30d */
                range?: string;
                from?: string;
                to?: string;
                tz?: string;
                /** @description From 1 */
                page?: number;
                /** @description 1 to 500; default 50 */
                page_size?: number;
                /** @description date projectName provider model inputTokens outputTokens totalTokens cost status latencyMs user apiKey agent department country operation serviceTier id source; default -date */
                sort?: string;
                /** @description nextCursor of the last page, instead of page; with the same sort and filters */
                cursor?: string;
                /** @description Only these values; likewise for every dimension, repeatable */
                "filter[model]"?: string;
                /** @description true: only events with a known cost; false: only those whose model has no price */
                priced?: boolean;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogPageToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    usage_model_comparison: {
        parameters: {
            query?: {
                /** @description One project; all of the tenant's without it. One that does not exist is 404 */
                workspace?: string;
                /** @description Named range; default this_month */
                range?: string;
                from?: string;
                to?: string;
                /** @description IANA zone; default the tenant's */
                tz?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelComparison"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_reservation: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: {
                /** @description The same as `idempotency_key` in the body */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReserveFromApi"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReservationToApi"];
                };
            };
            /** @description Refused by a limit, or by a hard budget; nothing is held */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_reservation: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReservationToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    release_reservation: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReservationToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    commit_reservation: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommitFromApi"];
            };
        };
        responses: {
            /** @description Recorded: it is on disk and in every total */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReservationToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    limit_status: {
        parameters: {
            query?: {
                /** @description Whose; a member's own, else it must be named */
                user?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    usage_summary: {
        parameters: {
            query?: {
                /** @description Named range; default 30d */
                range?: string;
                from?: string;
                to?: string;
                tz?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SummaryReply"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    usage_today: {
        parameters: {
            query?: {
                /** @description One project; all of the tenant's without it. One that does not exist is 404 */
                workspace?: string;
                /** @description IANA zone; default the tenant's */
                tz?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageData"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_alert_rules: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_AlertRuleToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_alert_rule: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRuleToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_alert_rule: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                kind: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertRuleChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRuleToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_alerts: {
        parameters: {
            query?: {
                kind?: string;
                severity?: string;
                state?: string;
                from?: string;
                to?: string;
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_AlertToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_alert: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    retry_alert: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    snooze_alert: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Snooze"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_audit: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_AuditToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_budgets: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_Budget"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_budget: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBudgetFromApi"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_budget: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_budget: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_budget: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BudgetChangeFromApi"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    budget_history: {
        parameters: {
            query?: {
                tenant?: string;
                /** @description How many, the present one included: 1 to 120, 12 where it is absent */
                periods?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetHistory"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    split_budget: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SplitFromApi"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetParts"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_channels: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_ChannelToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_channel: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelToMake"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_channel: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_channel: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_channel: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelToChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    test_channel: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelTestToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_closings: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_ClosingToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_closing: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewClosing"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClosingToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_closing: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClosingToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_closing: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Open again */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_adjustment: {
        parameters: {
            query?: {
                /** @description json csv; default json */
                format?: string;
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The adjustment */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdjustmentToApi"];
                    "text/csv": string;
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_closing_changes: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_ChangeToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_closed_statement: {
        parameters: {
            query?: {
                /** @description json csv pdf; default json */
                format?: string;
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file; its name stands in Content-Disposition */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                    "text/csv": string;
                    "application/pdf": number[];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    department_costs: {
        parameters: {
            query?: {
                /** @description Named range; default this_month */
                range?: string;
                from?: string;
                to?: string;
                /** @description IANA zone; default the tenant's */
                tz?: string;
                /** @description previous, last_year, or custom with compare_from and compare_to */
                compare?: string;
                compare_from?: string;
                compare_to?: string;
                /** @description weekday: set the earlier period back by whole weeks */
                match?: string;
                /** @description Only these values; likewise for every dimension, repeatable */
                "filter[project]"?: string;
                /** @description json csv; default json */
                format?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Costs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DepartmentCostsToApi"];
                    "text/csv": string;
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_dimensions: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_DimensionToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    declare_dimension: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDimension"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DimensionToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_dimension: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DimensionToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_dimension: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_embed_token: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEmbedTokenFromApi"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmbedTokenToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    record_events: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/cloudevents+json": Record<string, never>;
                "application/cloudevents-batch+json": Record<string, never>[];
                "application/json": components["schemas"]["EventFromApi"][];
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description A verdict for every event */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsReply"];
                };
            };
            /** @description CloudEvents: all stored or duplicates */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Every event was refused */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsReply"];
                };
            };
            /** @description Nothing was recorded */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_event: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path: {
                /** @description Source of the event, percent-encoded; `default` where none was sent */
                source: string;
                /** @description Id of the event, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    void_event: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path: {
                /** @description Source of the event, percent-encoded; `default` where none was sent */
                source: string;
                /** @description Id of the event, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Voided */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    export: {
        parameters: {
            query?: {
                /** @description csv ndjson pdf focus; default csv */
                format?: string;
                /** @description log summary breakdown; default log. A PDF is always the summary, FOCUS is a view of its own */
                view?: string;
                /** @description Named range; default 30d */
                range?: string;
                from?: string;
                to?: string;
                /** @description IANA zone of the days; default the tenant's. Instants are UTC */
                tz?: string;
                /** @description Only these values; likewise for every dimension, repeatable */
                "filter[model]"?: string;
                /** @description Of the log: true for only events with a known cost, false for only those whose model has no price */
                priced?: boolean;
                /** @description Of a breakdown: up to two dimensions, comma-separated; default model */
                group_by?: string;
                /** @description Of a summary or breakdown: 15m hour day week month; a breakdown without it is of the whole range */
                granularity?: string;
                /** @description names: only the names of the columns (default). full: before them the tenant, range, zone, filters and moment, as lines that begin with # in a CSV, as a first object {"export": ..} in NDJSON */
                header?: string;
                /** @description true: begin a CSV with the mark by which some spreadsheets know UTF-8 */
                bom?: boolean;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file; its name stands in Content-Disposition */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/pdf": number[];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_keys: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_KeyToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_key: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKeyFromApi"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedKeyToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_key: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    revoke_key: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    rotate_key: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedKeyToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_metrics: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_MetricToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_metric: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMetric"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_metric: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_metric: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_metric: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MetricChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_prices: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_PriceToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_price: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PriceFromApi"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_price_book: {
        parameters: {
            query?: {
                provider?: string;
                /** @description Only models whose name contains this */
                model?: string;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_PriceToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    rerate: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RerateFromApi"];
            };
        };
        responses: {
            /** @description The difference; nothing was changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RerateAnswerToApi"];
                };
            };
            /** @description It has begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RerateToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_rerates: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_RerateToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_rerate: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RerateToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_price: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_price: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PriceFromApi"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_price: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_projects: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_ProjectToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_project: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProject"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_project: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_project: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_project: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_providers: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_ConnectionToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_provider: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionFromApi"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_provider: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_provider: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_provider: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionChangeFromApi"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    backfill_provider: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BackfillFromApi"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    refresh_provider: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefreshReply"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    reconciliation: {
        parameters: {
            query?: {
                /** @description Named range; default this_month */
                range?: string;
                from?: string;
                to?: string;
                /** @description IANA zone of our days; default the tenant's */
                tz?: string;
                /** @description Only `openai` or `anthropic` */
                provider?: string;
                /** @description json csv; default json */
                format?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationReply"];
                    "text/csv": string;
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_reports: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_ReportToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_report: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewReport"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    report_file: {
        parameters: {
            query?: {
                /** @description Named range; default last_month */
                range?: string;
                from?: string;
                to?: string;
                /** @description IANA zone; default the tenant's */
                tz?: string;
                department?: string;
                project?: string;
                /** @description pdf csv; default pdf */
                format?: string;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file; its name stands in Content-Disposition */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": number[];
                    "text/csv": string;
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    mail_report: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportMail"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailedToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_report: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_report: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_report: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_report_deliveries: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_ReportDeliveryToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    send_report: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportDeliveryToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Not signed in */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_tenant_limits: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsReply"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    set_tenant_limits: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitsChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsReply"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_tenants: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_TenantToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTenant"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TenantChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_tiers: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_TierToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_tier: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTier"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TierToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_tier: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TierToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_tier: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_tier: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TierChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TierToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    live_daily: {
        parameters: {
            query?: {
                /** @description 1 to 90; default 7 */
                days?: number;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveDaily"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    explain_change: {
        parameters: {
            query?: {
                /** @description today yesterday 24h 7d 30d 90d this_week this_month last_month this_year 12m; default 30d */
                range?: string;
                /** @description Date or instant, instead of range */
                from?: string;
                /** @description Date or instant, exclusive */
                to?: string;
                /** @description IANA zone; default the tenant's */
                tz?: string;
                /** @description previous (default), last_year, or custom with compare_from and compare_to */
                compare?: string;
                compare_from?: string;
                compare_to?: string;
                /** @description weekday: the other period is moved by whole weeks, so that Mondays meet Mondays; with compare=previous or last_year */
                match?: string;
                /** @description Only these values; likewise for every dimension, repeatable */
                "filter[project]"?: string;
                /** @description Models beside the rest, 1 to 1000; default 100 */
                top?: number;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExplainReply"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    forecast_usage: {
        parameters: {
            query?: {
                /** @description today this_week this_month this_year, or any other that is running; default this_month */
                range?: string;
                /** @description Date or instant, instead of range */
                from?: string;
                /** @description Date, exclusive */
                to?: string;
                /** @description IANA zone; default the tenant's */
                tz?: string;
                /** @description cost (default), tokens or calls */
                metric?: string;
                /** @description Only these values; likewise for every dimension, repeatable */
                "filter[project]"?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForecastToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    query_usage: {
        parameters: {
            query?: {
                /** @description today yesterday 24h 7d 30d 90d this_week this_month last_month this_year 12m; default 30d */
                range?: string;
                /** @description Date or instant, instead of range */
                from?: string;
                /** @description Date or instant, exclusive */
                to?: string;
                /** @description IANA zone; default the tenant's */
                tz?: string;
                /** @description 15m hour day week month; without it there is no series */
                granularity?: string;
                /** @description Up to two of provider model project user api_key agent department country status operation service_tier or of declared dimensions, comma-separated */
                group_by?: string;
                /** @description calls errors error_rate input_tokens cached_input_tokens output_tokens reasoning_tokens tokens cost latency_p50 latency_p95 latency_p99 ttft_p50 ttft_p95 users, comma-separated; default calls,tokens,cost */
                metrics?: string;
                /** @description Only these values; likewise for every dimension, repeatable */
                "filter[provider]"?: string;
                "filter[model]"?: string;
                "filter[project]"?: string;
                "filter[user]"?: string;
                "filter[api_key]"?: string;
                "filter[agent]"?: string;
                "filter[department]"?: string;
                "filter[country]"?: string;
                "filter[status]"?: string;
                "filter[operation]"?: string;
                "filter[service_tier]"?: string;
                /** @description previous, last_year, or custom with compare_from and compare_to */
                compare?: string;
                compare_from?: string;
                compare_to?: string;
                /** @description weekday: the other period is moved by whole weeks, so that Mondays meet Mondays; with compare=previous or last_year */
                match?: string;
                /** @description Groups beside Other, 1 to 1000; default 100 */
                top?: number;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueryReply"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    stream_usage: {
        parameters: {
            query?: {
                /** @description IANA zone; default the tenant's */
                tz?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: {
                /** @description The id of the last message that was received */
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Messages until either side ends it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["LiveTotalsToApi"];
                };
            };
            /** @description Not opened */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    live_summary: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveSummary"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    usage_what_if: {
        parameters: {
            query: {
                /** @description The model to take instead */
                instead: string;
                /** @description The model that is replaced, as events name it; all of them without it */
                model?: string;
                /** @description Who sells the model that is replaced */
                provider?: string;
                /** @description Who sells the other one, where its name does not say */
                instead_provider?: string;
                /** @description One project. One that does not exist is 404 */
                workspace?: string;
                /** @description Named range; default this_month */
                range?: string;
                from?: string;
                to?: string;
                /** @description IANA zone; default the tenant's */
                tz?: string;
                /** @description Only these values; likewise for every dimension, repeatable */
                "filter[user]"?: string;
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhatIfToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    usage_what_if_prices: {
        parameters: {
            query?: {
                /** @description Slug of the tenant; only for an admin token */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhatIfFromApi"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhatIfToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_users: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReply_UserToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_user: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_user: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserToApi"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_user: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_user: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    erase_user: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Erasure"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasedToApi"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_user_limits: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsReply"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    set_user_limits: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitsChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsReply"];
                };
            };
            /** @description Not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus text format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description A store cannot be written or read */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    organization_costs: {
        parameters: {
            query: {
                /** @description First second, Unix time */
                start_time: number;
                /** @description First second after; default the end of today, UTC */
                end_time?: number;
                /** @description Only 1d */
                bucket_width?: string;
                /** @description Only these projects; lists are repeated, with or without [] */
                project_ids?: string[];
                /** @description Only these API keys, by name */
                api_key_ids?: string[];
                /** @description Only these line items, written in full */
                line_items?: string[];
                /** @description project_id user_id api_key_id line_item */
                group_by?: string[];
                /** @description Days a page; default 7, at most 180 */
                limit?: number;
                /** @description next_page of the answer before, with the same other parameters */
                page?: string;
                /** @description Slug of the tenant, only for an admin token; the header OpenAI-Organization is the same */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageToApi_CostsResult"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationErrorBody"];
                };
            };
        };
    };
    organization_usage: {
        parameters: {
            query: {
                /** @description First second, Unix time */
                start_time: number;
                /** @description First second after; default the end of the bucket that is running */
                end_time?: number;
                /** @description 1m 1h 1d; default 1d */
                bucket_width?: string;
                /** @description Only these projects; lists are repeated, with or without [] */
                project_ids?: string[];
                /** @description Only these users */
                user_ids?: string[];
                /** @description Only these API keys, by name */
                api_key_ids?: string[];
                /** @description Only these models */
                models?: string[];
                /** @description Only batches, or only others (completions, decisions) */
                batch?: boolean;
                /** @description Only these sizes (images) */
                sizes?: string[];
                /** @description Only image.generation, image.edit or image.variation (images) */
                sources?: string[];
                /** @description Only these (file_search_calls) */
                vector_store_ids?: string[];
                /** @description Only low, medium or high (web_search_calls) */
                context_levels?: string[];
                /** @description project_id user_id api_key_id model; batch service_tier (completions, decisions); size source (images); vector_store_id; context_level */
                group_by?: string[];
                /** @description Buckets a page: 1d 7, at most 31; 1h 24, at most 168; 1m 60, at most 1440 */
                limit?: number;
                /** @description next_page of the answer before, with the same other parameters */
                page?: string;
                /** @description Slug of the tenant, only for an admin token; the header OpenAI-Organization is the same */
                tenant?: string;
            };
            header?: never;
            path: {
                /** @description completions decisions embeddings moderations images audio_speeches audio_transcriptions vector_stores code_interpreter_sessions file_search_calls web_search_calls other */
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageToApi_UsageResult"];
                };
            };
            /** @description Not answered */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationErrorBody"];
                };
            };
        };
    };
}
