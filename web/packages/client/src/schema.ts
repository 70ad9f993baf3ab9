// Generated from openapi.json by `npm run generate`. Do not edit.
export interface paths {
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
         *     `consume` and reservations check and record in one step.
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
         *     its own. A limit is never passed, however many ask at once.
         */
        post: operations["consume_usage"];
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
         *     one. Page numbers reach 100,000 rows deep; `cursor` goes on at the same cost.
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
         * @description It counts against the limit until it is committed with what was really used, released, or its time is over.
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
        get?: never;
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
        /** Change a tenant's name or zone. */
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
         *     total. Values of a repeated filter are alternatives; an empty value means events without one.
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description An exact decimal with up to six places; of `cost_usd` up to nine.
         * @example 2.5
         */
        Amount: number;
        /** @description A number, or an exact decimal string: 2.5 or "2.5". */
        AmountFromApi: number | string;
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
        /** @description What to check. */
        CheckFromApi: {
            amount?: components["schemas"]["AmountFromApi"] | null;
            /**
             * @description The metric.
             * @example deployments
             */
            metric: string;
            /**
             * @description Whose limit; a member's own where it is absent, else it must be named.
             * @example u-42
             */
            user?: string | null;
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
            /** @description Values a bucket. */
            series: components["schemas"]["ValuesToApi"][];
            /** @description First instant after it. */
            to: string;
            /** @description Values over the whole period. */
            total: components["schemas"]["ValuesToApi"];
        };
        /**
         * @description What an event adds to a metric: `events` 1, `tokens` all its tokens, `cost_usd` its cost (the metric of that name and
         *     no other), `named` what it names under `metrics`, `decisions` nothing. An event that names the metric itself under
         *     `metrics` adds that amount instead, except to `decisions`.
         * @enum {string}
         */
        Counts: "events" | "tokens" | "cost_usd" | "named" | "decisions";
        /** @description One request, or an array of 1 to 10,000, each with a verdict of its own. */
        Decide: components["schemas"]["DecideFromApi"] | components["schemas"]["DecideFromApi"][];
        /** @description What to record: one `metric` with its `amount`, or several under `metrics`. */
        DecideFromApi: {
            amount?: components["schemas"]["AmountFromApi"] | null;
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
            /** @description Refused by a limit; nothing of them was recorded. */
            refused: number;
            /** @description One an entry. */
            results: components["schemas"]["ItemToApi"][];
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
            /**
             * @description A short title.
             * @example Invalid value
             */
            error: string;
            /** @description The field that is wrong. */
            field?: string | null;
            /**
             * @description A sentence for the caller.
             * @example days must be from 1 to 90
             */
            message: string;
            /** @description Names the request in our log. */
            request_id?: string | null;
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
            /** @description Amounts of countable metrics, exact decimals. */
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
            /** @description The project (workspace) it belongs to. */
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
        /** @description A key with its token, shown this once. */
        IssuedKeyToApi: components["schemas"]["KeyToApi"] & {
            /**
             * @description Its token. It is stored only as a hash and cannot be shown again.
             * @example mw_...
             */
            token: string;
        };
        /** @description The verdict of one entry: the body that it would have got alone. */
        ItemToApi: (components["schemas"]["DecisionToApi"] | null) | components["schemas"]["ManyToApi"] | components["schemas"]["RefusedItem"] | components["schemas"]["FailedItem"];
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
            /** @description The project its events belong to unless they name one. */
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
                /** @description The project its events belong to unless they name one. */
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
        ListReply_TenantToApi: {
            /** @description The rows. */
            items: {
                /** @description When it was made. */
                created_at: string;
                /**
                 * @description Its name for people.
                 * @example Acme
                 */
                name: string;
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
        /** @description One event. */
        LogItem: {
            /**
             * Format: double
             * @description US dollars with up to nine decimals; null where the model has no price.
             */
            cost?: number | null;
            /**
             * @description When it happened.
             * @example 2026-11-22T10:30:00.125Z
             */
            date: string;
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
            /**
             * Format: int64
             * @description How many events match in all.
             */
            total: number;
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
        /** @description A key to make. */
        NewKeyFromApi: {
            /** @description When it ends, an instant or a date. */
            expires_at?: string | null;
            /** @description Its name for people. */
            name: string;
            /** @description The project its events belong to unless they name one. */
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
            cost_usd?: components["schemas"]["AmountFromApi"] | null;
            /** @description 1 to 256 bytes: sent again with the same request within 48 hours, it gets the same answer and holds once. */
            idempotency_key?: string | null;
            /**
             * @description The metric.
             * @example compute_hours
             */
            metric?: string | null;
            /** @description The model it is for. */
            model?: string | null;
            /** @description The project it is for. */
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
        /**
         * @description The roles, for the document: those of `meterwire_app::ports::Role`.
         * @enum {string}
         */
        RoleName: "admin" | "owner" | "member" | "viewer" | "ingest";
        /** @description A key to sign in with. */
        SignIn: {
            /**
             * @description The key's token.
             * @example mw_...
             */
            token: string;
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
        /** @description What to change of a tenant. */
        TenantChange: {
            /** @description Its name for people. */
            name?: string | null;
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
             * @description Its name for people.
             * @example Acme
             */
            name: string;
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
                /** @description provider project model user api_key department country */
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
            /** @description Refused; nothing was recorded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitExceededBody"];
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
                /** @description date projectName provider model inputTokens outputTokens totalTokens cost status latencyMs user; default -date */
                sort?: string;
                /** @description nextCursor of the last page, instead of page */
                cursor?: string;
                /** @description Only these values; likewise for every dimension, repeatable */
                "filter[model]"?: string;
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
            /** @description Refused; nothing is held */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitExceededBody"];
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
                /** @description Up to two of provider model project user api_key agent department country status operation service_tier, comma-separated */
                group_by?: string;
                /** @description calls errors input_tokens cached_input_tokens output_tokens reasoning_tokens tokens cost latency_p50 latency_p95 latency_p99 ttft_p50 ttft_p95 users, comma-separated; default calls,tokens,cost */
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
}
