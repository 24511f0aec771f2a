// Written by `npm run types` from docs/openapi.json. Edit the service's annotations instead.

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this is */
        get: operations["service_info"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/analytics/hidden-queries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Queries that are not shown */
        get: operations["hidden_queries"];
        put?: never;
        /** Hide a query */
        post: operations["hide_query"];
        /** Show a query again */
        delete: operations["unhide_query"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/analytics/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Searches by day and mode
         * @description Searches that count: those beyond the daily shares of their caller or address are left out.
         */
        get: operations["search_trends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/analytics/zero-results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Searches that found nothing */
        get: operations["zero_result_queries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What admins did */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/builds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List builds of every visibility */
        get: operations["list_all_builds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/builds/{id}": {
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
         * Remove a build
         * @description A template too; its votes go with it.
         */
        delete: operations["remove_build"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/builds/{id}/hide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hide a build
         * @description A template too. Its owner still sees it and may delete it; for everybody else but admins it does not exist.
         *     Hiding it again changes nothing.
         */
        post: operations["hide_build"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/builds/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a hidden build
         * @description It has the visibility that it had. Restoring a build that is not hidden changes nothing.
         */
        post: operations["restore_build"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/builds/{id}/votes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the votes on a build
         * @description `voter` is the same for all votes of one player, else of one session, on any build.
         */
        get: operations["list_votes"];
        put?: never;
        post?: never;
        /**
         * Remove many votes
         * @description Those on one build that meet all conditions; at least one of `from`, `to`, `voter` and `rating` is needed.
         *     A parameter that is not known is refused, so that a mistyped condition does not remove more than was meant.
         */
        delete: operations["remove_votes"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/builds/{id}/votes/{vote_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove one vote */
        delete: operations["remove_vote"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List feedback */
        get: operations["list_feedback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/feedback/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Negative feedback as CSV
         * @description Every cell is quoted. An apostrophe is put before what a spreadsheet would take for a formula, at the start of a cell
         *     and behind a `;`, a tab or a line break within it.
         */
        get: operations["export_feedback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/feedback/negative": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List negative feedback
         * @description As `GET /api/v1/admin/feedback?rating=down`.
         */
        get: operations["list_negative_feedback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/feedback/patterns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Queries whose answers were disliked */
        get: operations["feedback_patterns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/feedback/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All feedback in numbers */
        get: operations["feedback_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/feedback/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Thumbs in sum */
        get: operations["feedback_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/feedback/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Thumbs by day */
        get: operations["feedback_trends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/feedback/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one piece of feedback */
        get: operations["get_feedback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Mark feedback as reviewed, or as not reviewed
         * @description `reviewed_by` is the admin as the audit log names them. A flag stays as it is.
         */
        patch: operations["update_feedback"];
        trace?: never;
    };
    "/api/v1/admin/feedback/{id}/flag": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Flag feedback for cleanup
         * @description 409 `already_flagged` when it is flagged already and `cleanup_issue_url` is set.
         */
        post: operations["flag_feedback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/feedback/{id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a review */
        post: operations["review_feedback"];
        /** Take a review back */
        delete: operations["unreview_feedback"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/limited-networks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Networks that the rate limits refuse
         * @description As the process that answers has seen it within the last 10 to 20 minutes; other replicas have lists of their own.
         *     Kept in memory only.
         */
        get: operations["limited_networks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List reports */
        get: operations["list_reports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/reports/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close a report */
        post: operations["resolve_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/popular-queries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The most frequent searches
         * @description A row for each folded query and mode, in its most frequent spelling. With very many queries the ranking is at most
         *     a minute old.
         */
        get: operations["popular_queries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record a search
         * @description Answered once it is stored durably. Of one query and mode a caller's first three searches of a UTC day count, an
         *     address's first twenty, and an address's first 500 queries; what is over is stored and does not count.
         */
        post: operations["record_search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List public builds
         * @description With `search`, a build that was created in the last five seconds may be missing.
         */
        get: operations["list_builds"];
        put?: never;
        /**
         * Create a build
         * @description The class follows from the two archetypes. With `Idempotency-Key`, a repeated request gets the first
         *     answer.
         */
        post: operations["create_build"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/auth/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give the session's builds and votes to the player
         * @description The session in the body must be the one of this request: to know a session is not to hold it. Of a double
         *     vote the player's own stays. Very many builds and votes move in batches: 202 tells what has moved so far, the
         *     rest follows by itself.
         */
        post: operations["claim_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/auth/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who the caller is */
        get: operations["auth_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/health/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Status for monitors of the older service */
        get: operations["builds_health_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's own builds
         * @description Of every visibility; of the player, else of the session.
         */
        get: operations["my_builds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/popular": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The widget: builds by the votes cast within a period */
        get: operations["popular_builds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/suggest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Suggest what to search for
         * @description Names of classes and races, tags and names of builds, best first. One typo is forgiven from four characters on;
         *     classes and races are also found by their sound.
         */
        get: operations["suggest_builds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tags of public builds
         * @description Most used first.
         */
        get: operations["build_tags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the official templates
         * @description By class, then by name.
         */
        get: operations["template_builds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a build
         * @description Unlisted builds are for every caller with the id, private ones for their owner, hidden ones for their owner and
         *     for admins.
         */
        get: operations["get_build"];
        put?: never;
        post?: never;
        /**
         * Delete a build
         * @description For its owner. Its votes go with it.
         */
        delete: operations["delete_build"];
        options?: never;
        head?: never;
        /**
         * Change a build
         * @description For its owner, unless an admin has hidden it. Fields that are given are replaced whole. `If-Match` takes the ETag and compares the
         *     revision alone, so that a vote does not fail an edit.
         */
        patch: operations["update_build"];
        trace?: never;
    };
    "/api/v1/builds/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report a build to the admins
         * @description One open report for each caller and build: a second one is answered with the first.
         */
        post: operations["report_build"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/{id}/vote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See one's vote */
        get: operations["get_vote"];
        /** Cast or change a vote */
        put: operations["put_vote"];
        /**
         * Cast a vote
         * @description One for each session and player; owners may vote too.
         */
        post: operations["cast_vote"];
        /**
         * Withdraw one's vote
         * @description Without one, nothing changes.
         */
        delete: operations["withdraw_vote"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what an answer of the assistant was worth */
        post: operations["record_feedback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/game": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Archetypes, the class matrix, races and the current game version */
        get: operations["get_game"];
        put?: never;
        post?: never;
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
        get?: never;
        put?: never;
        post?: never;
        /**
         * Erase everything stored about the caller
         * @description In batches, each of which leaves all aggregates exact. 202 while there is more to do: it goes on by
         *     itself, also after a crash, and the same request again is answered 200 once nothing is left.
         */
        delete: operations["erase_account"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything stored about the caller
         * @description Streamed. Two run at once for each caller, a third is a 429.
         */
        get: operations["export_account"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/votes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See one's votes
         * @description With `build_ids` those on a list of builds, else all of them, newest first, page by page. Builds without a
         *     vote of the caller, and those that the caller cannot vote on (private ones of others, hidden ones), are left
         *     out.
         */
        get: operations["my_votes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["openapi_document"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The viewer of this document */
        get: operations["docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Liveness
         * @description 200 whenever the process can answer; what it says is at most a second old.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/db": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the database answers */
        get: operations["database_health"];
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
        /**
         * Metrics in Prometheus' text format
         * @description On this listener in development only.
         */
        get: operations["metrics_text"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Readiness
         * @description 200 when the database answers with a schema that this version knows, 503 otherwise and as soon as a
         *     shutdown begins.
         */
        get: operations["ready"];
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
        AdminBuild: {
            build_id: string;
            class_name: string;
            /** Format: date-time */
            created_at: string;
            created_by: string;
            hidden: boolean;
            is_template: boolean;
            name: string;
            /** Format: int64 */
            open_reports: number;
            player_id: string | null;
            race: string;
            /** Format: double */
            rating: number | null;
            /** Format: date-time */
            updated_at: string;
            visibility: components["schemas"]["Visibility"];
            /** Format: int64 */
            vote_count: number;
        };
        /**
         * @example {
         *       "cleanup_issue_url": null,
         *       "comment": "Helpful",
         *       "created_at": "2026-01-14T09:30:00.123456Z",
         *       "feedback_id": "f_4f7k2m9q3x",
         *       "flagged_for_cleanup": false,
         *       "player_id": null,
         *       "query": "best tank build",
         *       "rating": "down",
         *       "received_at": "2026-01-14T09:30:00.123456Z",
         *       "response_snippet": "A Knight is …",
         *       "reviewed": true,
         *       "reviewed_at": "2026-01-14T09:30:00.123456Z",
         *       "reviewed_by": "token:admin",
         *       "search_mode": "smart"
         *     }
         */
        AdminFeedback: {
            cleanup_issue_url: string | null;
            comment: string | null;
            /**
             * Format: date-time
             * @description The same instant under its older name.
             */
            created_at: string;
            feedback_id: string;
            flagged_for_cleanup: boolean;
            player_id: string | null;
            query: string;
            rating: components["schemas"]["Thumb"];
            /** Format: date-time */
            received_at: string;
            response_snippet: string;
            reviewed: boolean;
            /** Format: date-time */
            reviewed_at: string | null;
            reviewed_by: string | null;
            search_mode: components["schemas"]["SearchMode"];
        };
        AdminVote: {
            /** Format: date-time */
            cast_at: string;
            player_id: string | null;
            /** Format: int64 */
            rating: number;
            /** Format: int64 */
            vote_id: number;
            /** @description An opaque id, the same for all votes of one player, else of one session. */
            voter: string;
        };
        Archetype: {
            id: string;
            name: string;
            /** @description On older builds only. */
            retired: boolean;
        };
        /**
         * @example {
         *       "action": "build.hide",
         *       "actor": "token:admin",
         *       "at": "2026-01-14T09:30:00.123456Z",
         *       "details": {},
         *       "target": "b_4f7k2m9q3x"
         *     }
         */
        AuditLine: {
            action: string;
            actor: string;
            /** Format: date-time */
            at: string;
            details: {
                [key: string]: unknown;
            };
            target: string;
        };
        /**
         * @description Who the caller is.
         * @example {
         *       "authenticated": false,
         *       "display_name": null,
         *       "player_id": null,
         *       "steam_id": null,
         *       "tier": "anonymous"
         *     }
         */
        AuthStatus: {
            authenticated: boolean;
            display_name: string | null;
            player_id: string | null;
            steam_id: string | null;
            tier: string;
        };
        /**
         * @description A whole build.
         * @example {
         *       "build_data": {
         *         "level": 25,
         *         "skills": [
         *           "shield_slam"
         *         ]
         *       },
         *       "build_id": "b_4f7k2m9q3x",
         *       "class_name": "Knight",
         *       "created_at": "2026-01-14T09:30:00.123456Z",
         *       "created_by": "anonymous",
         *       "creator": {
         *         "display_name": "anonymous",
         *         "is_authenticated": false,
         *         "steam_id": null
         *       },
         *       "description": "Holds the line",
         *       "game_version": "early-access",
         *       "is_public": true,
         *       "is_template": false,
         *       "name": "Iron Wall",
         *       "primary_archetype": "tank",
         *       "race": "vek",
         *       "rating": 4.3,
         *       "rating_distribution": [
         *         0,
         *         1,
         *         2,
         *         2,
         *         7
         *       ],
         *       "secondary_archetype": "fighter",
         *       "share_url": "https://myashes.ai/?build=b_4f7k2m9q3x",
         *       "tags": [
         *         "pvp"
         *       ],
         *       "updated_at": "2026-01-14T09:30:00.123456Z",
         *       "visibility": "public",
         *       "vote_count": 12
         *     }
         */
        Build: {
            /** @description What the calculator keeps. */
            build_data: {
                [key: string]: unknown;
            } | null;
            build_id: string;
            /** @description Whether the caller may change it; only with `viewer=true`. */
            can_edit?: boolean | null;
            class_name: string;
            /** Format: date-time */
            created_at: string;
            created_by: string;
            creator: components["schemas"]["Creator"];
            description: string | null;
            game_version: string;
            /** @description An admin has hidden it: only its owner and admins see it. */
            hidden?: boolean;
            is_public: boolean;
            is_template: boolean;
            name: string;
            primary_archetype: string;
            race: string;
            /**
             * Format: double
             * @description The mean of its votes, rounded half-even to one decimal.
             */
            rating: number | null;
            /** @description Votes of one to five stars, in this order. */
            rating_distribution: number[];
            secondary_archetype: string;
            /** Format: uri */
            share_url: string;
            tags: string[];
            /** Format: date-time */
            updated_at: string;
            visibility: components["schemas"]["Visibility"];
            /** Format: int64 */
            vote_count: number;
            /**
             * Format: int64
             * @description The caller's own vote, null without one; only with `viewer=true`.
             */
            your_rating?: number | null;
        };
        /**
         * @description Changes to a build; what is left out stays.
         * @example {
         *       "description": null,
         *       "name": "Iron Wall II"
         *     }
         */
        BuildChanges: {
            build_data?: {
                [key: string]: unknown;
            } | null;
            description?: string | null;
            /** @description `false` alone leaves an unlisted build unlisted. */
            is_public?: boolean;
            name?: string;
            primary_archetype?: string;
            race?: string;
            secondary_archetype?: string;
            tags?: components["schemas"]["Tag"][];
            visibility?: components["schemas"]["Visibility"];
        };
        /** @description The ten most frequent values of each field under the list's other filters. */
        BuildFacets: {
            class_name: components["schemas"]["FacetValue"][];
            game_version: components["schemas"]["FacetValue"][];
            primary_archetype: components["schemas"]["FacetValue"][];
            race: components["schemas"]["FacetValue"][];
            secondary_archetype: components["schemas"]["FacetValue"][];
            tag: components["schemas"]["FacetValue"][];
        };
        /** @description A build in a list. */
        BuildListItem: {
            build_id: string;
            class_name: string;
            /** Format: date-time */
            created_at: string;
            created_by: string;
            description: string | null;
            game_version: string;
            /** @description Only among the caller's own. */
            hidden?: boolean;
            is_template: boolean;
            name: string;
            primary_archetype: string;
            race: string;
            /** Format: double */
            rating: number | null;
            secondary_archetype: string;
            tags: string[];
            /** Format: int64 */
            vote_count: number;
        };
        /**
         * @description What became of a build.
         * @example {
         *       "build_id": "b_4f7k2m9q3x",
         *       "hidden": true,
         *       "visibility": "public"
         *     }
         */
        BuildModeration: {
            build_id: string;
            hidden: boolean;
            /** @description Its owner's choice, which holds again once the build is restored. */
            visibility: components["schemas"]["Visibility"];
        };
        /**
         * @description A page of builds.
         * @example {
         *       "builds": [
         *         {
         *           "build_id": "b_4f7k2m9q3x",
         *           "class_name": "Knight",
         *           "created_at": "2026-01-14T09:30:00.123456Z",
         *           "created_by": "anonymous",
         *           "description": null,
         *           "game_version": "early-access",
         *           "is_template": false,
         *           "name": "Iron Wall",
         *           "primary_archetype": "tank",
         *           "race": "vek",
         *           "rating": 4.3,
         *           "secondary_archetype": "fighter",
         *           "tags": [
         *             "pvp"
         *           ],
         *           "vote_count": 12
         *         }
         *       ],
         *       "facets": {
         *         "class_name": [
         *           {
         *             "count": 12,
         *             "value": "Knight"
         *           },
         *           {
         *             "count": 5,
         *             "value": "Templar"
         *           }
         *         ],
         *         "game_version": [
         *           {
         *             "count": 21,
         *             "value": "early-access"
         *           }
         *         ],
         *         "primary_archetype": [
         *           {
         *             "count": 14,
         *             "value": "tank"
         *           },
         *           {
         *             "count": 7,
         *             "value": "cleric"
         *           }
         *         ],
         *         "race": [
         *           {
         *             "count": 11,
         *             "value": "vek"
         *           },
         *           {
         *             "count": 10,
         *             "value": "dunir"
         *           }
         *         ],
         *         "secondary_archetype": [
         *           {
         *             "count": 12,
         *             "value": "fighter"
         *           },
         *           {
         *             "count": 9,
         *             "value": "mage"
         *           }
         *         ],
         *         "tag": [
         *           {
         *             "count": 15,
         *             "value": "pvp"
         *           },
         *           {
         *             "count": 4,
         *             "value": "siege"
         *           }
         *         ]
         *       },
         *       "has_more": true,
         *       "limit": 20,
         *       "next_cursor": "7349290084f2288100000000000000000006612adfa217250000000000000016",
         *       "page": 1,
         *       "total": 21
         *     }
         */
        BuildPage: {
            builds: components["schemas"]["BuildListItem"][];
            facets?: components["schemas"]["BuildFacets"] | null;
            /** @description Some facets are counted over the first 1,000 matches. */
            facets_approximate?: boolean;
            has_more: boolean;
            /** Format: int32 */
            limit: number;
            next_cursor: string | null;
            /** Format: int32 */
            page: number;
            /** @description A bounded search ended before the page was full; `next_cursor` goes on from there. */
            partial?: boolean;
            /** Format: int64 */
            total: number;
            /** @description `total` stands for "more than that". */
            total_capped?: boolean;
        };
        /**
         * @example {
         *       "build_id": "b_4f7k2m9q3x",
         *       "deleted": true
         *     }
         */
        BuildRemoved: {
            build_id: string;
            deleted: boolean;
        };
        /** @description A value for each search mode. */
        BySearchMode_ModeThumbs: {
            /** @description Thumbs of one search mode. */
            deep: {
                /** Format: int64 */
                negative: number;
                /** Format: int64 */
                positive: number;
            };
            /** @description Thumbs of one search mode. */
            quick: {
                /** Format: int64 */
                negative: number;
                /** Format: int64 */
                positive: number;
            };
            /** @description Thumbs of one search mode. */
            smart: {
                /** Format: int64 */
                negative: number;
                /** Format: int64 */
                positive: number;
            };
        };
        /** @description A value for each search mode. */
        BySearchMode_ModeUpDown: {
            /** @description Thumbs of one search mode. */
            deep: {
                /** Format: int64 */
                down: number;
                /** Format: int64 */
                up: number;
            };
            /** @description Thumbs of one search mode. */
            quick: {
                /** Format: int64 */
                down: number;
                /** Format: int64 */
                up: number;
            };
            /** @description Thumbs of one search mode. */
            smart: {
                /** Format: int64 */
                down: number;
                /** Format: int64 */
                up: number;
            };
        };
        /** @description A value for each search mode. */
        BySearchMode_u64: {
            /** Format: int64 */
            deep: number;
            /** Format: int64 */
            quick: number;
            /** Format: int64 */
            smart: number;
        };
        /**
         * @description Which session to claim.
         * @example {
         *       "session_id": "sess_0123456789abcdef01234567"
         *     }
         */
        Claim: {
            /** @description The request's own `X-Session-ID`. */
            session_id: string;
        };
        /**
         * @example {
         *       "build_ids": [
         *         "b_4f7k2m9q3x"
         *       ],
         *       "claimed_count": 1,
         *       "message": "Claimed 1 build(s) and 0 vote(s)"
         *     }
         */
        Claimed: {
            build_ids: string[];
            claimed_count: number;
            message: string;
        };
        Creator: {
            display_name: string;
            is_authenticated: boolean;
            steam_id: string | null;
        };
        /**
         * @example {
         *       "build_id": "b_4f7k2m9q3x",
         *       "deleted": true,
         *       "message": "Build deleted successfully"
         *     }
         */
        Deleted: {
            build_id: string;
            deleted: boolean;
            message: string;
        };
        Dependencies: {
            cache: components["schemas"]["Dependency"];
            database: components["schemas"]["Dependency"];
        };
        /**
         * @example {
         *       "latency_ms": 0.8,
         *       "status": "healthy"
         *     }
         */
        Dependency: {
            /**
             * Format: double
             * @description Milliseconds; null while it does not answer.
             */
            latency_ms: number | null;
            status: components["schemas"]["DependencyState"];
        };
        /**
         * @description How a dependency is.
         * @enum {string}
         */
        DependencyState: "healthy" | "unhealthy";
        /**
         * @example {
         *       "status": "done"
         *     }
         */
        Erasure: {
            status: components["schemas"]["ErasureStatus"];
        };
        /** @enum {string} */
        ErasureStatus: "done" | "running";
        /**
         * @description The shape of every error.
         * @example {
         *       "error": "build_not_found",
         *       "message": "Build b_4f7k2m9q3x does not exist",
         *       "status": 404
         *     }
         */
        ErrorBody: {
            /** @description More about this error, where that helps. */
            details?: {
                [key: string]: unknown;
            } | null;
            /** @description A stable code for programs. */
            error: string;
            /** @description A sentence for people. */
            message: string;
            /** @description To be quoted when this error is reported; in 5xx only. */
            request_id?: string | null;
            /** Format: int32 */
            status: number;
        };
        /**
         * @description Everything stored about the caller, by kind.
         * @example {
         *       "builds": [
         *         {
         *           "build_data": {
         *             "skills": [
         *               "shield_slam"
         *             ]
         *           },
         *           "build_id": "b_4f7k2m9q3x",
         *           "class_name": "Knight",
         *           "created_at": "2026-01-14T09:30:00.123456Z",
         *           "description": null,
         *           "display_name": null,
         *           "game_version": "early-access",
         *           "hidden": false,
         *           "name": "Iron Wall",
         *           "primary_archetype": "tank",
         *           "race": "vek",
         *           "secondary_archetype": "fighter",
         *           "steam_id": null,
         *           "tags": [
         *             "pvp"
         *           ],
         *           "updated_at": "2026-01-14T09:30:00.123456Z",
         *           "visibility": "public"
         *         }
         *       ],
         *       "exported_at": "2026-01-14T09:30:00.123456Z",
         *       "feedback": [
         *         {
         *           "comment": "Helpful",
         *           "feedback_id": "f_4f7k2m9q3x",
         *           "query": "best tank build",
         *           "rating": "down",
         *           "received_at": "2026-01-14T09:30:00.123456Z",
         *           "response_snippet": "A Knight is …",
         *           "search_mode": "smart"
         *         }
         *       ],
         *       "idempotency_keys": [],
         *       "reports": [
         *         {
         *           "build_id": "b_4f7k2m9q3x",
         *           "reason": "An offensive name",
         *           "report_id": "r_4f7k2m9q3x",
         *           "reported_at": "2026-01-14T09:30:00.123456Z"
         *         }
         *       ],
         *       "searches": [
         *         {
         *           "query": "best tank build",
         *           "result_count": 0,
         *           "search_mode": "quick",
         *           "searched_at": "2026-01-14T09:30:00.123456Z"
         *         }
         *       ],
         *       "votes": [
         *         {
         *           "build_id": "b_4f7k2m9q3x",
         *           "cast_at": "2026-01-14T09:30:00.123456Z",
         *           "rating": 5
         *         }
         *       ]
         *     }
         */
        Export: {
            builds: {
                [key: string]: unknown;
            }[];
            /** Format: date-time */
            exported_at: string;
            feedback: {
                [key: string]: unknown;
            }[];
            idempotency_keys: {
                [key: string]: unknown;
            }[];
            reports: {
                [key: string]: unknown;
            }[];
            searches: {
                [key: string]: unknown;
            }[];
            votes: {
                [key: string]: unknown;
            }[];
        };
        /** @description A value and how many builds have it. */
        FacetValue: {
            /** Format: int64 */
            count: number;
            value: string;
        };
        /**
         * @description Whether feedback is reviewed.
         * @example {
         *       "reviewed": true
         *     }
         */
        FeedbackChanges: {
            reviewed: boolean;
        };
        /**
         * @example {
         *       "cleanup_issue_url": null,
         *       "feedback_id": "f_4f7k2m9q3x",
         *       "flagged_for_cleanup": true,
         *       "message": "Feedback flagged for cleanup"
         *     }
         */
        FeedbackFlagged: {
            cleanup_issue_url: string | null;
            feedback_id: string;
            flagged_for_cleanup: boolean;
            message: string;
        };
        /**
         * @example {
         *       "by_search_mode": {
         *         "deep": 0,
         *         "quick": 1,
         *         "smart": 2
         *       },
         *       "frequent_queries": [
         *         {
         *           "negative_count": 2,
         *           "query": "best tank build"
         *         }
         *       ],
         *       "total_negative": 3,
         *       "total_unreviewed": 1
         *     }
         */
        FeedbackPatterns: {
            /** @description Negative ones. */
            by_search_mode: components["schemas"]["BySearchMode_u64"];
            frequent_queries: components["schemas"]["FrequentQuery"][];
            /** Format: int64 */
            total_negative: number;
            /** Format: int64 */
            total_unreviewed: number;
        };
        /**
         * @example {
         *       "feedback_id": "f_4f7k2m9q3x",
         *       "received_at": "2026-01-14T09:30:00.123456Z"
         *     }
         */
        FeedbackReceipt: {
            feedback_id: string;
            /** Format: date-time */
            received_at: string;
        };
        /**
         * @example {
         *       "feedback_id": "f_4f7k2m9q3x",
         *       "message": "Feedback marked as reviewed",
         *       "reviewed_at": "2026-01-14T09:30:00.123456Z",
         *       "reviewed_by": "token:admin"
         *     }
         */
        FeedbackReviewed: {
            feedback_id: string;
            message: string;
            /** Format: date-time */
            reviewed_at: string | null;
            reviewed_by: string | null;
        };
        /**
         * @example {
         *       "by_search_mode": {
         *         "deep": {
         *           "down": 0,
         *           "up": 0
         *         },
         *         "quick": {
         *           "down": 1,
         *           "up": 3
         *         },
         *         "smart": {
         *           "down": 2,
         *           "up": 4
         *         }
         *       },
         *       "feedback_last_24h": 2,
         *       "feedback_last_30d": 10,
         *       "feedback_last_7d": 6,
         *       "thumbs_down": 3,
         *       "thumbs_up": 7,
         *       "thumbs_up_percentage": 70,
         *       "total_feedback": 10,
         *       "total_flagged": 1,
         *       "total_reviewed": 2,
         *       "total_unreviewed": 8
         *     }
         */
        FeedbackStats: {
            by_search_mode: components["schemas"]["BySearchMode_ModeUpDown"];
            /** Format: int64 */
            feedback_last_24h: number;
            /** Format: int64 */
            feedback_last_30d: number;
            /** Format: int64 */
            feedback_last_7d: number;
            /** Format: int64 */
            thumbs_down: number;
            /** Format: int64 */
            thumbs_up: number;
            /**
             * Format: double
             * @description 0 to 100, to two decimals; 0 without any.
             */
            thumbs_up_percentage: number;
            /** Format: int64 */
            total_feedback: number;
            /** Format: int64 */
            total_flagged: number;
            /** Format: int64 */
            total_reviewed: number;
            /** Format: int64 */
            total_unreviewed: number;
        };
        /**
         * @example {
         *       "by_search_mode": {
         *         "deep": {
         *           "negative": 0,
         *           "positive": 0
         *         },
         *         "quick": {
         *           "negative": 1,
         *           "positive": 3
         *         },
         *         "smart": {
         *           "negative": 2,
         *           "positive": 4
         *         }
         *       },
         *       "negative_count": 3,
         *       "period_days": 30,
         *       "positive_count": 7,
         *       "positive_rate": 0.7,
         *       "queried_at": "2026-01-14T09:30:00.123456Z",
         *       "total_feedback": 10
         *     }
         */
        FeedbackSummary: {
            by_search_mode: components["schemas"]["BySearchMode_ModeThumbs"];
            /** Format: int64 */
            negative_count: number;
            /** Format: int32 */
            period_days: number;
            /** Format: int64 */
            positive_count: number;
            /**
             * Format: double
             * @description Of all, 0 to 1, to four decimals; 0 without any.
             */
            positive_rate: number;
            /** Format: date-time */
            queried_at: string;
            /** Format: int64 */
            total_feedback: number;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "date": "2026-01-14",
         *           "negative": 1,
         *           "positive": 4,
         *           "total": 5
         *         }
         *       ],
         *       "period_days": 1
         *     }
         */
        FeedbackTrends: {
            data: components["schemas"]["TrendDay"][];
            /** Format: int32 */
            period_days: number;
        };
        FrequentQuery: {
            /** Format: int64 */
            negative_count: number;
            query: string;
        };
        /**
         * @example {
         *       "archetypes": [
         *         {
         *           "id": "fighter",
         *           "name": "Fighter",
         *           "retired": false
         *         },
         *         {
         *           "id": "tank",
         *           "name": "Tank",
         *           "retired": false
         *         }
         *       ],
         *       "classes": {
         *         "fighter": {
         *           "fighter": "Weapon Master",
         *           "tank": "Dreadnought"
         *         },
         *         "tank": {
         *           "fighter": "Knight",
         *           "tank": "Guardian"
         *         }
         *       },
         *       "game": "Ashes of Creation",
         *       "game_version": "early-access",
         *       "races": [
         *         {
         *           "id": "kaelar",
         *           "name": "Kaelar",
         *           "parent": "Aela Humans",
         *           "retired": false
         *         },
         *         {
         *           "id": "vaelune",
         *           "name": "Vaelune",
         *           "parent": "Aela Humans",
         *           "retired": false
         *         }
         *       ]
         *     }
         */
        Game: {
            archetypes: components["schemas"]["Archetype"][];
            /** @description Class names by primary, then by secondary archetype; a pair may lack one. */
            classes: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            game: string;
            game_version: string;
            races: components["schemas"]["Race"][];
        };
        /**
         * @example {
         *       "dependencies": {
         *         "cache": {
         *           "latency_ms": 0.3,
         *           "status": "healthy"
         *         },
         *         "database": {
         *           "latency_ms": 0.8,
         *           "status": "healthy"
         *         }
         *       },
         *       "identity": "configured",
         *       "status": "healthy",
         *       "uptime_seconds": 86400,
         *       "version": "1.0.0"
         *     }
         */
        Health: {
            dependencies: components["schemas"]["Dependencies"];
            /** @description Whether tokens can be checked: `configured`, `not configured` or `unreachable`. Never a reason to restart. */
            identity: components["schemas"]["IdentityStatus"];
            /** @description `healthy`, `degraded` (without its cache) or `unhealthy` (without its database). */
            status: components["schemas"]["HealthStatus"];
            /** Format: int64 */
            uptime_seconds: number;
            version: string;
        };
        /**
         * @description How the service is.
         * @enum {string}
         */
        HealthStatus: "healthy" | "degraded" | "unhealthy";
        /**
         * @example {
         *       "count": 1,
         *       "limit": 20,
         *       "next_cursor": null,
         *       "page": 1,
         *       "pages": 1,
         *       "queries": [
         *         {
         *           "hidden_at": "2026-01-14T09:30:00.123456Z",
         *           "query": "a rude word"
         *         }
         *       ],
         *       "total": 1
         *     }
         */
        HiddenQueries: {
            /** @description On this page. */
            count: number;
            /** Format: int32 */
            limit: number;
            next_cursor: string | null;
            /**
             * Format: int32
             * @description 1 behind a cursor.
             */
            page: number;
            /** Format: int64 */
            pages: number;
            queries: components["schemas"]["HiddenQuery"][];
            /** Format: int64 */
            total: number;
        };
        /**
         * @example {
         *       "hidden_at": "2026-01-14T09:30:00.123456Z",
         *       "query": "a rude word"
         *     }
         */
        HiddenQuery: {
            /** Format: date-time */
            hidden_at: string;
            query: string;
        };
        /**
         * @description How tokens can be checked.
         * @enum {string}
         */
        IdentityStatus: "configured" | "not configured" | "unreachable";
        LimitedNetwork: {
            /** @description The /24 of an IPv4 address, or the /48 of an IPv6 address. */
            network: string;
            /**
             * Format: int64
             * @description Requests that were answered 429; it may be too high where very many networks are refused.
             */
            refused: number;
        };
        /**
         * @example {
         *       "networks": [
         *         {
         *           "network": "198.51.100.0/24",
         *           "refused": 1200
         *         }
         *       ]
         *     }
         */
        LimitedNetworks: {
            networks: components["schemas"]["LimitedNetwork"][];
        };
        Links: {
            api: string;
            docs: string;
            health: string;
            openapi: string;
        };
        MyVote: {
            build_id: string;
            /**
             * Format: date-time
             * @description Only in the list of all votes.
             */
            cast_at?: string;
            /** Format: int64 */
            your_rating: number;
        };
        /**
         * @description The caller's votes.
         * @example {
         *       "count": 1,
         *       "has_more": false,
         *       "next_cursor": null,
         *       "votes": [
         *         {
         *           "build_id": "b_4f7k2m9q3x",
         *           "cast_at": "2026-01-14T09:30:00.123456Z",
         *           "your_rating": 5
         *         }
         *       ]
         *     }
         */
        MyVotes: {
            count: number;
            /** @description Only of the list of all votes. */
            has_more?: boolean;
            /** @description Only of the list of all votes; null at its end. */
            next_cursor?: string | null;
            votes: components["schemas"]["MyVote"][];
        };
        /**
         * @description A build to create.
         * @example {
         *       "build_data": {
         *         "level": 25,
         *         "skills": [
         *           "shield_slam"
         *         ]
         *       },
         *       "description": "Holds the line",
         *       "name": "Iron Wall",
         *       "primary_archetype": "tank",
         *       "race": "vek",
         *       "secondary_archetype": "fighter",
         *       "tags": [
         *         "pvp"
         *       ],
         *       "visibility": "public"
         *     }
         */
        NewBuild: {
            /** @description At most 32 KiB of JSON and 16 levels deep. Numbers come back as they were sent. */
            build_data?: {
                [key: string]: unknown;
            } | null;
            description?: string | null;
            /** @description `true` when neither this nor `visibility` is given; `false` alone means `private`. */
            is_public?: boolean;
            name: string;
            /**
             * @description In any case; the game data lists them.
             * @example tank
             */
            primary_archetype: string;
            /** @example vek */
            race: string;
            /** @example fighter */
            secondary_archetype: string;
            /** @description Each of 1 to 30 characters; stored in lower case, each once. */
            tags?: components["schemas"]["Tag"][];
            /** @description Must agree with `is_public`. */
            visibility?: components["schemas"]["Visibility"];
        };
        /**
         * @description Feedback to store.
         * @example {
         *       "comment": "Helpful",
         *       "query": "best tank build",
         *       "rating": "up",
         *       "response_snippet": "A Knight is …",
         *       "search_mode": "smart"
         *     }
         */
        NewFeedback: {
            comment?: string | null;
            query: string;
            rating: components["schemas"]["Thumb"];
            /** @description Cut to 500 characters. */
            response_snippet: string;
            search_mode: components["schemas"]["SearchMode"];
        };
        /**
         * @description Why feedback is flagged for cleanup.
         * @example {
         *       "priority": "medium",
         *       "reason": "The answer names a removed class"
         *     }
         */
        NewFlag: {
            /** @enum {string} */
            priority: "low" | "medium" | "high";
            /** @description Not stored; the audit log gets its length. */
            reason: string;
        };
        /**
         * @description A report to file.
         * @example {
         *       "reason": "An offensive name"
         *     }
         */
        NewReport: {
            reason: string;
        };
        /**
         * @description A review to set.
         * @example {
         *       "flagged_for_cleanup": false,
         *       "reviewed_by": "Ada"
         *     }
         */
        NewReview: {
            /** @description An http or https URL. */
            cleanup_issue_url?: string | null;
            flagged_for_cleanup?: boolean;
            reviewed_by: string;
        };
        /**
         * @description A search to count.
         * @example {
         *       "query": "best tank build",
         *       "result_count": 7,
         *       "search_mode": "quick"
         *     }
         */
        NewSearch: {
            query: string;
            /** Format: int32 */
            result_count: number;
            search_mode: components["schemas"]["SearchMode"];
        };
        /**
         * @description A vote to cast.
         * @example {
         *       "rating": 5
         *     }
         */
        NewVote: {
            /**
             * Format: int32
             * @description Stars.
             */
            rating: number;
        };
        /**
         * @example {
         *       "auth_required_for_writes": false,
         *       "status": "operational"
         *     }
         */
        Operational: {
            auth_required_for_writes: boolean;
            status: components["schemas"]["OperationalStatus"];
        };
        /** @enum {string} */
        OperationalStatus: "operational";
        /**
         * @description A page of a list.
         * @example {
         *       "items": [
         *         {
         *           "build_id": "b_4f7k2m9q3x",
         *           "class_name": "Knight",
         *           "created_at": "2026-01-14T09:30:00.123456Z",
         *           "created_by": "anonymous",
         *           "hidden": false,
         *           "is_template": false,
         *           "name": "Iron Wall",
         *           "open_reports": 1,
         *           "player_id": null,
         *           "race": "vek",
         *           "rating": 4.3,
         *           "updated_at": "2026-01-14T09:30:00.123456Z",
         *           "visibility": "public",
         *           "vote_count": 12
         *         }
         *       ],
         *       "limit": 20,
         *       "next_cursor": "7349290084f2288100000000000000000006612adfa217250000000000000016",
         *       "page": 1,
         *       "pages": 2,
         *       "total": 21
         *     }
         */
        PageOf_AdminBuild: {
            items: components["schemas"]["AdminBuild"][];
            /** Format: int32 */
            limit: number;
            next_cursor: string | null;
            /**
             * Format: int32
             * @description 1 behind a cursor.
             */
            page: number;
            /** Format: int64 */
            pages: number;
            /** Format: int64 */
            total: number;
        };
        /**
         * @description A page of a list.
         * @example {
         *       "items": [
         *         {
         *           "cleanup_issue_url": null,
         *           "comment": "Helpful",
         *           "created_at": "2026-01-14T09:30:00.123456Z",
         *           "feedback_id": "f_4f7k2m9q3x",
         *           "flagged_for_cleanup": false,
         *           "player_id": null,
         *           "query": "best tank build",
         *           "rating": "down",
         *           "received_at": "2026-01-14T09:30:00.123456Z",
         *           "response_snippet": "A Knight is …",
         *           "reviewed": false,
         *           "reviewed_at": null,
         *           "reviewed_by": null,
         *           "search_mode": "smart"
         *         }
         *       ],
         *       "limit": 20,
         *       "next_cursor": null,
         *       "page": 1,
         *       "pages": 1,
         *       "total": 1
         *     }
         */
        PageOf_AdminFeedback: {
            items: components["schemas"]["AdminFeedback"][];
            /** Format: int32 */
            limit: number;
            next_cursor: string | null;
            /**
             * Format: int32
             * @description 1 behind a cursor.
             */
            page: number;
            /** Format: int64 */
            pages: number;
            /** Format: int64 */
            total: number;
        };
        /**
         * @description A page of a list.
         * @example {
         *       "items": [
         *         {
         *           "cast_at": "2026-01-14T09:30:00.123456Z",
         *           "player_id": null,
         *           "rating": 5,
         *           "vote_id": 42,
         *           "voter": "v_0123456789abcdef01234567"
         *         }
         *       ],
         *       "limit": 20,
         *       "next_cursor": null,
         *       "page": 1,
         *       "pages": 1,
         *       "total": 1
         *     }
         */
        PageOf_AdminVote: {
            items: components["schemas"]["AdminVote"][];
            /** Format: int32 */
            limit: number;
            next_cursor: string | null;
            /**
             * Format: int32
             * @description 1 behind a cursor.
             */
            page: number;
            /** Format: int64 */
            pages: number;
            /** Format: int64 */
            total: number;
        };
        /**
         * @description A page of a list.
         * @example {
         *       "items": [
         *         {
         *           "action": "feedback.flag",
         *           "actor": "token:admin",
         *           "at": "2026-01-14T09:30:00.123456Z",
         *           "details": {
         *             "priority": "medium",
         *             "reason_length": 32
         *           },
         *           "target": "f_4f7k2m9q3x"
         *         }
         *       ],
         *       "limit": 20,
         *       "next_cursor": "7349290084f2288100000000000000000006612adfa217250000000000000016",
         *       "page": 1,
         *       "pages": 2,
         *       "total": 21
         *     }
         */
        PageOf_AuditLine: {
            items: components["schemas"]["AuditLine"][];
            /** Format: int32 */
            limit: number;
            next_cursor: string | null;
            /**
             * Format: int32
             * @description 1 behind a cursor.
             */
            page: number;
            /** Format: int64 */
            pages: number;
            /** Format: int64 */
            total: number;
        };
        /**
         * @description A page of a list.
         * @example {
         *       "items": [
         *         {
         *           "build_id": "b_4f7k2m9q3x",
         *           "reason": "An offensive name",
         *           "report_id": "r_4f7k2m9q3x",
         *           "reported_at": "2026-01-14T09:30:00.123456Z",
         *           "resolved_at": null
         *         }
         *       ],
         *       "limit": 20,
         *       "next_cursor": null,
         *       "page": 1,
         *       "pages": 1,
         *       "total": 1
         *     }
         */
        PageOf_Report: {
            items: components["schemas"]["Report"][];
            /** Format: int32 */
            limit: number;
            next_cursor: string | null;
            /**
             * Format: int32
             * @description 1 behind a cursor.
             */
            page: number;
            /** Format: int64 */
            pages: number;
            /** Format: int64 */
            total: number;
        };
        /** @enum {string} */
        Period: "day" | "week" | "month" | "all";
        /** @description A build in the widget. */
        PopularBuild: {
            build_id: string;
            class_name: string;
            created_by: string;
            is_template: boolean;
            name: string;
            race: string;
            /** Format: double */
            rating: number | null;
            /** Format: uri */
            share_url: string;
            /** Format: int64 */
            vote_count: number;
        };
        /**
         * @example {
         *       "builds": [
         *         {
         *           "build_id": "b_4f7k2m9q3x",
         *           "class_name": "Knight",
         *           "created_by": "anonymous",
         *           "is_template": false,
         *           "name": "Iron Wall",
         *           "race": "vek",
         *           "rating": 4.3,
         *           "share_url": "https://myashes.ai/?build=b_4f7k2m9q3x",
         *           "vote_count": 12
         *         }
         *       ],
         *       "count": 1,
         *       "period": "week"
         *     }
         */
        PopularBuilds: {
            builds: components["schemas"]["PopularBuild"][];
            count: number;
            period: components["schemas"]["Period"];
        };
        /**
         * @example {
         *       "period_days": 7,
         *       "queries": [
         *         {
         *           "count": 12,
         *           "query": "best tank build",
         *           "search_mode": "quick"
         *         }
         *       ]
         *     }
         */
        PopularQueries: {
            /** Format: int32 */
            period_days: number;
            queries: components["schemas"]["PopularQuery"][];
        };
        PopularQuery: {
            /** Format: int64 */
            count: number;
            query: string;
            search_mode: components["schemas"]["SearchMode"];
        };
        /**
         * @example {
         *       "hidden": false,
         *       "query": "a rude word"
         *     }
         */
        QueryShown: {
            hidden: boolean;
            query: string;
        };
        /**
         * @description A query to hide, or to show again.
         * @example {
         *       "query": "a rude word"
         *     }
         */
        QueryToHide: {
            query: string;
        };
        Race: {
            id: string;
            name: string;
            /** @description The people it descends from. */
            parent: string;
            /** @description On older builds only. */
            retired: boolean;
        };
        /**
         * @example {
         *       "ready": true
         *     }
         */
        Ready: {
            ready: boolean;
        };
        /**
         * @example {
         *       "build_id": "b_4f7k2m9q3x",
         *       "reason": "An offensive name",
         *       "report_id": "r_4f7k2m9q3x",
         *       "reported_at": "2026-01-14T09:30:00.123456Z",
         *       "resolved_at": "2026-01-14T09:30:00.123456Z"
         *     }
         */
        Report: {
            build_id: string;
            reason: string;
            report_id: string;
            /** Format: date-time */
            reported_at: string;
            /** Format: date-time */
            resolved_at: string | null;
        };
        /**
         * @example {
         *       "build_id": "b_4f7k2m9q3x",
         *       "report_id": "r_4f7k2m9q3x",
         *       "status": "received"
         *     }
         */
        ReportFiled: {
            build_id: string;
            report_id: string;
            status: string;
        };
        /**
         * @example {
         *       "links": {
         *         "api": "/api/v1",
         *         "docs": "/docs",
         *         "health": "/health",
         *         "openapi": "/api/v1/openapi.json"
         *       },
         *       "name": "MyAshes API",
         *       "version": "1.0.0"
         *     }
         */
        Root: {
            links: components["schemas"]["Links"];
            name: string;
            version: string;
        };
        /** @enum {string} */
        SearchMode: "quick" | "smart" | "deep";
        /**
         * @example {
         *       "recorded": true
         *     }
         */
        SearchRecorded: {
            recorded: boolean;
        };
        /** @description Searches of one UTC day in one mode. */
        SearchTrendDay: {
            /** Format: date */
            date: string;
            search_mode: components["schemas"]["SearchMode"];
            /** Format: int64 */
            searches: number;
            /** Format: int64 */
            zero_results: number;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "date": "2026-01-14",
         *           "search_mode": "quick",
         *           "searches": 12,
         *           "zero_results": 1
         *         },
         *         {
         *           "date": "2026-01-14",
         *           "search_mode": "smart",
         *           "searches": 7,
         *           "zero_results": 0
         *         },
         *         {
         *           "date": "2026-01-14",
         *           "search_mode": "deep",
         *           "searches": 2,
         *           "zero_results": 0
         *         }
         *       ],
         *       "period_days": 1
         *     }
         */
        SearchTrends: {
            data: components["schemas"]["SearchTrendDay"][];
            /** Format: int32 */
            period_days: number;
        };
        /** @description What a text may become. */
        Suggestion: {
            /**
             * Format: int64
             * @description Public builds that have it.
             */
            count: number;
            kind: components["schemas"]["SuggestionKind"];
            text: string;
        };
        /** @enum {string} */
        SuggestionKind: "class" | "race" | "tag" | "build";
        /**
         * @example {
         *       "suggestions": [
         *         {
         *           "count": 3,
         *           "kind": "class",
         *           "text": "Knight"
         *         }
         *       ]
         *     }
         */
        SuggestionList: {
            suggestions: components["schemas"]["Suggestion"][];
        };
        /** @description One tag of a build. */
        Tag: string;
        /** @description A tag and how many public builds have it. */
        TagCount: {
            /** Format: int64 */
            count: number;
            tag: string;
        };
        /**
         * @example {
         *       "tags": [
         *         {
         *           "count": 14,
         *           "tag": "pve"
         *         },
         *         {
         *           "count": 12,
         *           "tag": "group"
         *         }
         *       ]
         *     }
         */
        TagList: {
            tags: components["schemas"]["TagCount"][];
        };
        /**
         * @example {
         *       "count": 1,
         *       "templates": [
         *         {
         *           "build_id": "b_tpl_mag01",
         *           "class_name": "Archwizard",
         *           "created_at": "2026-01-15T12:10:00.000000Z",
         *           "created_by": "MyAshes Official",
         *           "description": "Stand well behind the wall.",
         *           "game_version": "early-access",
         *           "is_template": true,
         *           "name": "The Weather Is Personal",
         *           "primary_archetype": "mage",
         *           "race": "pyrai",
         *           "rating": null,
         *           "secondary_archetype": "mage",
         *           "tags": [
         *             "raid",
         *             "group",
         *             "pve",
         *             "ranged",
         *             "area"
         *           ],
         *           "vote_count": 0
         *         }
         *       ]
         *     }
         */
        TemplateList: {
            count: number;
            templates: components["schemas"]["BuildListItem"][];
        };
        /** @enum {string} */
        Thumb: "up" | "down";
        TrendDay: {
            date: string;
            /** Format: int64 */
            negative: number;
            /** Format: int64 */
            positive: number;
            /** Format: int64 */
            total: number;
        };
        /** @enum {string} */
        Visibility: "public" | "unlisted" | "private";
        /**
         * @description A build's votes in sum, and the caller's own.
         * @example {
         *       "avg_rating": 4.3,
         *       "build_id": "b_4f7k2m9q3x",
         *       "vote_count": 12,
         *       "your_rating": 5
         *     }
         */
        Vote: {
            /** Format: double */
            avg_rating: number | null;
            build_id: string;
            /** Format: int64 */
            vote_count: number;
            /** Format: int64 */
            your_rating: number | null;
        };
        /**
         * @example {
         *       "build_id": "b_4f7k2m9q3x",
         *       "deleted": true,
         *       "vote_id": 42
         *     }
         */
        VoteRemoved: {
            build_id: string;
            deleted: boolean;
            /** Format: int64 */
            vote_id: number;
        };
        /**
         * @description How many votes were removed.
         * @example {
         *       "by_rating": [
         *         3,
         *         0,
         *         0,
         *         0,
         *         0
         *       ],
         *       "removed": 3
         *     }
         */
        VotesRemoved: {
            /** @description Votes of one to five stars, in this order. */
            by_rating: number[];
            /** Format: int64 */
            removed: number;
        };
        ZeroResult: {
            /** Format: int64 */
            count: number;
            last_day: string;
            query: string;
            search_mode: components["schemas"]["SearchMode"];
            /** Format: int64 */
            zero_count: number;
        };
        /**
         * @example {
         *       "limit": 20,
         *       "next_cursor": null,
         *       "page": 1,
         *       "pages": 1,
         *       "period_days": 7,
         *       "queries": [
         *         {
         *           "count": 2,
         *           "last_day": "2026-01-14",
         *           "query": "best tank build",
         *           "search_mode": "quick",
         *           "zero_count": 2
         *         }
         *       ],
         *       "total": 1
         *     }
         */
        ZeroResults: {
            /** Format: int32 */
            limit: number;
            next_cursor: string | null;
            /**
             * Format: int32
             * @description 1 behind a cursor.
             */
            page: number;
            /** Format: int64 */
            pages: number;
            /**
             * Format: int32
             * @description Days up to the last one, when no first one was named.
             */
            period_days: number;
            queries: components["schemas"]["ZeroResult"][];
            /** Format: int64 */
            total: number;
        };
    };
    responses: {
        /** @description It cannot be read */
        BadRequest: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "bad_request",
                 *       "message": "The body is not JSON",
                 *       "status": 400
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description It is there already, or a request with this `Idempotency-Key` is still running */
        Conflict: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "details": {
                 *         "cast_at": "2026-01-14T09:30:00.123456Z",
                 *         "your_rating": 4
                 *       },
                 *       "error": "already_voted",
                 *       "message": "This build has already been rated by this caller",
                 *       "status": 409
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The caller may not do this */
        Forbidden: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "not_owner",
                 *       "message": "Only the owner of a build can change it",
                 *       "status": 403
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description Something went wrong in the service */
        InternalError: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "internal_error",
                 *       "message": "Something went wrong on our side",
                 *       "request_id": "0198c0de-7a1b-7c3d-8e4f-5a6b7c8d9e0f",
                 *       "status": 500
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The route does not have this method; `Allow` lists those that it has */
        MethodNotAllowed: {
            headers: {
                Allow: components["headers"]["Allow"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "method_not_allowed",
                 *       "message": "This method is not allowed here; Allow lists those that are",
                 *       "status": 405
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description There is no such thing, or none that the caller may know of */
        NotFound: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "build_not_found",
                 *       "message": "Build b_4f7k2m9q3x does not exist",
                 *       "status": 404
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The body is larger than 64 KiB */
        PayloadTooLarge: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "payload_too_large",
                 *       "message": "The request body must be at most 65536 bytes",
                 *       "status": 413
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description It has changed meanwhile */
        PreconditionFailed: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "precondition_failed",
                 *       "message": "The build has changed since it was read",
                 *       "status": 412
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description A limit is reached; `details.limit` names it */
        RateLimited: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "details": {
                 *         "limit": "lists",
                 *         "retry_after": 12
                 *       },
                 *       "error": "rate_limited",
                 *       "message": "Too many requests",
                 *       "status": 429
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The body did not arrive in time */
        RequestTimeout: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "request_timeout",
                 *       "message": "The request body did not arrive in time",
                 *       "status": 408
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The service cannot answer right now */
        ServiceUnavailable: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "service_unavailable",
                 *       "message": "The service cannot answer right now",
                 *       "request_id": "0198c0de-7a1b-7c3d-8e4f-5a6b7c8d9e0f",
                 *       "status": 503
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description Credentials are missing or were found bad */
        Unauthorized: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "authentication_failed",
                 *       "message": "The token is invalid or has expired",
                 *       "status": 401
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The body is not JSON */
        UnsupportedMediaType: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "unsupported_media_type",
                 *       "message": "The request body must be application/json in UTF-8, not compressed",
                 *       "status": 415
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The address is longer than 8192 bytes */
        UriTooLong: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": "uri_too_long",
                 *       "message": "The address must be at most 8192 bytes",
                 *       "status": 414
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description Fields or parameters are invalid; all of them are named */
        ValidationError: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-ID": components["headers"]["X-Request-ID"];
                "X-Session-ID": components["headers"]["X-Session-ID"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "details": {
                 *         "errors": [
                 *           {
                 *             "code": "range",
                 *             "field": "rating",
                 *             "message": "must be between 1 and 5"
                 *           }
                 *         ]
                 *       },
                 *       "error": "validation_error",
                 *       "message": "The request has 1 invalid field(s)",
                 *       "status": 422
                 *     }
                 */
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The methods of the route */
        Allow: string;
        /** @description Requests left in the caller's and in the address's bucket */
        RateLimit: string;
        /** @description Quotas and windows of both buckets */
        "RateLimit-Policy": string;
        /** @description Seconds to wait before the next try */
        "Retry-After": number;
        /** @description Requests per minute of the tighter bucket */
        "X-RateLimit-Limit": number;
        /** @description Requests left in the tighter bucket */
        "X-RateLimit-Remaining": number;
        /** @description Seconds until the tighter bucket is full */
        "X-RateLimit-Reset": number;
        /** @description To be quoted in reports */
        "X-Request-ID": string;
        /** @description The caller's session: the one sent, or a new one */
        "X-Session-ID": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    service_info: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Name, version and links */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Root"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["RateLimited"];
        };
    };
    hidden_queries: {
        parameters: {
            query?: {
                /** @description A day, or an instant (RFC 3339); included. */
                date_from?: string;
                /** @description A day, or an instant (RFC 3339); included. */
                date_to?: string;
                /** @description From 1; reaches 10,000 items deep. Not with `cursor`. */
                page?: number;
                /** @description 20 by default. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HiddenQueries"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    hide_query: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
                /** @description 1 to 255 visible ASCII characters; a repeated request gets the first answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueryToHide"];
            };
        };
        responses: {
            /** @description It is hidden, folded */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HiddenQuery"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    unhide_query: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueryToHide"];
            };
        };
        responses: {
            /** @description It is shown */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueryShown"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    search_trends: {
        parameters: {
            query?: {
                /** @description UTC days, today included. */
                days?: number;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Over 30 days by default, empty ones too */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchTrends"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    zero_result_queries: {
        parameters: {
            query?: {
                /** @description UTC days up to `date_to` or today, when `date_from` is not given; 7 by default. */
                days?: number;
                /** @description A day, or an instant (RFC 3339); included. */
                date_from?: string;
                /** @description A day, or an instant (RFC 3339); included. */
                date_to?: string;
                /** @description From 1; reaches 10,000 items deep. Not with `cursor`. */
                page?: number;
                /** @description 20 by default. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Over 7 days by default, the most frequent first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ZeroResults"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    list_audit: {
        parameters: {
            query?: {
                /** @description A day, or an instant (RFC 3339); included. */
                date_from?: string;
                /** @description A day, or an instant (RFC 3339); included. */
                date_to?: string;
                /** @description From 1; reaches 10,000 items deep. Not with `cursor`. */
                page?: number;
                /** @description 20 by default. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, newest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOf_AuditLine"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    list_all_builds: {
        parameters: {
            query?: {
                /** @description With, or without, an open report. */
                reported?: boolean;
                /** @description A day, or an instant (RFC 3339); included. */
                date_from?: string;
                /** @description A day, or an instant (RFC 3339); included. */
                date_to?: string;
                /** @description From 1; reaches 10,000 items deep. Not with `cursor`. */
                page?: number;
                /** @description 20 by default. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, newest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOf_AdminBuild"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    remove_build: {
        parameters: {
            query?: {
                /** @description Why. Kept in the audit log's details. */
                reason?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was deleted */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuildRemoved"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    hide_build: {
        parameters: {
            query?: {
                /** @description Why. Kept in the audit log's details. */
                reason?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
                /** @description 1 to 255 visible ASCII characters; a repeated request gets the first answer */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is hidden */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuildModeration"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    restore_build: {
        parameters: {
            query?: {
                /** @description Why. Kept in the audit log's details. */
                reason?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
                /** @description 1 to 255 visible ASCII characters; a repeated request gets the first answer */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is shown again */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuildModeration"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    list_votes: {
        parameters: {
            query?: {
                /** @description A day, or an instant (RFC 3339); included. */
                date_from?: string;
                /** @description A day, or an instant (RFC 3339); included. */
                date_to?: string;
                /** @description From 1; reaches 10,000 items deep. Not with `cursor`. */
                page?: number;
                /** @description 20 by default. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, newest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOf_AdminVote"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    remove_votes: {
        parameters: {
            query?: {
                /** @description Cast on this day, or at this instant (RFC 3339), or later. */
                from?: string;
                /** @description Cast on this day, or at this instant (RFC 3339), or earlier. */
                to?: string;
                /** @description The `voter` of a listed vote. */
                voter?: string;
                /** @description Stars. */
                rating?: number;
                /** @description Only count them. False by default. */
                dry_run?: boolean;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are removed; with `dry_run` they would be */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VotesRemoved"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    remove_vote: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
                /** @description Number of a vote */
                vote_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is removed */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VoteRemoved"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    list_feedback: {
        parameters: {
            query?: {
                rating?: "up" | "down";
                search_mode?: "quick" | "smart" | "deep";
                reviewed?: boolean;
                flagged?: boolean;
                /** @description A part of the query, in any case. */
                query_search?: string;
                /** @description A day, or an instant (RFC 3339); included. */
                date_from?: string;
                /** @description A day, or an instant (RFC 3339); included. */
                date_to?: string;
                /** @description From 1; reaches 10,000 items deep. Not with `cursor`. */
                page?: number;
                /** @description 20 by default. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, newest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOf_AdminFeedback"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    export_feedback: {
        parameters: {
            query?: {
                /** @description UTC days, today included; 30 by default. */
                days?: number;
                /** @description Begin with a byte order mark, by which spreadsheets know UTF-8; `false` by default. */
                bom?: boolean;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Over 30 days by default, oldest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    list_negative_feedback: {
        parameters: {
            query?: {
                search_mode?: "quick" | "smart" | "deep";
                reviewed?: boolean;
                flagged?: boolean;
                /** @description A part of the query, in any case. */
                query_search?: string;
                /** @description A day, or an instant (RFC 3339); included. */
                date_from?: string;
                /** @description A day, or an instant (RFC 3339); included. */
                date_to?: string;
                /** @description From 1; reaches 10,000 items deep. Not with `cursor`. */
                page?: number;
                /** @description 20 by default. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, newest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOf_AdminFeedback"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    feedback_patterns: {
        parameters: {
            query?: {
                /** @description UTC days, today included. */
                days?: number;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Over 30 days by default */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackPatterns"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    feedback_stats: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Since the first feedback that is kept */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackStats"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    feedback_summary: {
        parameters: {
            query?: {
                /** @description UTC days, today included. */
                days?: number;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Over 30 days by default */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackSummary"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    feedback_trends: {
        parameters: {
            query?: {
                /** @description UTC days, today included. */
                days?: number;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Over 7 days by default, empty ones too */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackTrends"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    get_feedback: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path: {
                /** @description Id of a piece of feedback */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The feedback */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminFeedback"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    update_feedback: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path: {
                /** @description Id of a piece of feedback */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeedbackChanges"];
            };
        };
        responses: {
            /** @description It is marked */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackReviewed"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    flag_feedback: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
                /** @description 1 to 255 visible ASCII characters; a repeated request gets the first answer */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a piece of feedback */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFlag"];
            };
        };
        responses: {
            /** @description It is flagged */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackFlagged"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    review_feedback: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
                /** @description 1 to 255 visible ASCII characters; a repeated request gets the first answer */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a piece of feedback */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewReview"];
            };
        };
        responses: {
            /** @description The feedback */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminFeedback"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    unreview_feedback: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path: {
                /** @description Id of a piece of feedback */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The feedback */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminFeedback"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    limited_networks: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description At most 20, the most refused first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitedNetworks"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    list_reports: {
        parameters: {
            query?: {
                /** @description Only resolved, or only open ones. */
                resolved?: boolean;
                /** @description A day, or an instant (RFC 3339); included. */
                date_from?: string;
                /** @description A day, or an instant (RFC 3339); included. */
                date_to?: string;
                /** @description From 1; reaches 10,000 items deep. Not with `cursor`. */
                page?: number;
                /** @description 20 by default. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, oldest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOf_Report"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    resolve_report: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
                /** @description 1 to 255 visible ASCII characters; a repeated request gets the first answer */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a report */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    popular_queries: {
        parameters: {
            query?: {
                /** @description UTC days, today included; 7 by default. */
                days?: number;
                /** @description 10 by default. */
                limit?: number;
                /** @description All without it. */
                search_mode?: "quick" | "smart" | "deep";
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Queries, the most frequent first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PopularQueries"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    record_search: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
                /** @description 1 to 255 visible ASCII characters; a repeated request gets the first answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSearch"];
            };
        };
        responses: {
            /** @description It is stored */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchRecorded"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    list_builds: {
        parameters: {
            query?: {
                /**
                 * @description Over name, description, class and race name; empty is none. `%` and `_` match themselves. At most 100 characters, also
                 *     after case and compatibility folding.
                 */
                search?: string;
                /** @description Parts of the class name, in any case: any of up to 20, separated by commas. */
                class_name?: string;
                /**
                 * @description Any of up to 20 ids, separated by commas.
                 * @example tank,cleric
                 */
                primary_archetype?: string;
                /** @description Any of up to 20 ids, separated by commas. */
                secondary_archetype?: string;
                /** @description Any of up to 20 ids, separated by commas. */
                race?: string;
                /** @description Up to 20 tags, separated by commas: any of them, or with `tag_mode=all` all of them. */
                tag?: string;
                /** @description `any` by default. */
                tag_mode?: "any" | "all";
                is_template?: boolean;
                /** @description Any of up to 20, separated by commas. */
                game_version?: string;
                /** @description The Steam id of the player whose builds are listed. */
                creator?: string;
                /** @description Adds the ten most frequent values of each field under the other filters; of public lists only. */
                facets?: boolean;
                /** @description `newest` by default; `relevance` needs a search. */
                sort?: "newest" | "rating" | "popular" | "trending" | "relevance";
                /** @description 20 by default. */
                limit?: number;
                /** @description From 1; reaches 10,000 items deep, with `search`, `tag` or `creator` 1,000. Not with `cursor`. */
                page?: number;
                /** @description `next_cursor` of the page before, with the same filters and sort. */
                cursor?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of builds */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuildPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    create_build: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
                /** @description 1 to 255 visible ASCII characters; a repeated request gets the first answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBuild"];
            };
        };
        responses: {
            /** @description The build */
            201: {
                headers: {
                    /** @description Weak tag of this version */
                    ETag?: string;
                    /** @description Path of the build */
                    Location?: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Build"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    claim_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
                /** @description 1 to 255 visible ASCII characters; a repeated request gets the first answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Claim"];
            };
        };
        responses: {
            /** @description What is the player's now */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Claimed"];
                };
            };
            /** @description What is the player's so far: the rest is on its way */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Claimed"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    auth_status: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthStatus"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    builds_health_status: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process can answer */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operational"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    my_builds: {
        parameters: {
            query?: {
                /**
                 * @description Over name, description, class and race name; empty is none. `%` and `_` match themselves. At most 100 characters, also
                 *     after case and compatibility folding.
                 */
                search?: string;
                /** @description Parts of the class name, in any case: any of up to 20, separated by commas. */
                class_name?: string;
                /**
                 * @description Any of up to 20 ids, separated by commas.
                 * @example tank,cleric
                 */
                primary_archetype?: string;
                /** @description Any of up to 20 ids, separated by commas. */
                secondary_archetype?: string;
                /** @description Any of up to 20 ids, separated by commas. */
                race?: string;
                /** @description Up to 20 tags, separated by commas: any of them, or with `tag_mode=all` all of them. */
                tag?: string;
                /** @description `any` by default. */
                tag_mode?: "any" | "all";
                is_template?: boolean;
                /** @description Any of up to 20, separated by commas. */
                game_version?: string;
                /** @description The Steam id of the player whose builds are listed. */
                creator?: string;
                /** @description Adds the ten most frequent values of each field under the other filters; of public lists only. */
                facets?: boolean;
                /** @description `newest` by default; `relevance` needs a search. */
                sort?: "newest" | "rating" | "popular" | "trending" | "relevance";
                /** @description 20 by default. */
                limit?: number;
                /** @description From 1; reaches 10,000 items deep, with `search`, `tag` or `creator` 1,000. Not with `cursor`. */
                page?: number;
                /** @description `next_cursor` of the page before, with the same filters and sort. */
                cursor?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of builds */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuildPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    popular_builds: {
        parameters: {
            query?: {
                /** @description `week` by default; `day` is today and yesterday. */
                period?: "day" | "week" | "month" | "all";
                /** @description 5 by default. */
                limit?: number;
                include_templates?: boolean;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Builds, most votes first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PopularBuilds"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    suggest_builds: {
        parameters: {
            query: {
                /** @description What was typed so far. */
                q: string;
                /** @description 8 by default. */
                limit?: number;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Suggestions */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuggestionList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    build_tags: {
        parameters: {
            query?: {
                /** @description What the tags begin with, in any case. */
                prefix?: string;
                /** @description 30 by default. */
                limit?: number;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tags */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    template_builds: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All templates */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    get_build: {
        parameters: {
            query?: {
                /** @description Adds `can_edit` and `your_rating`. */
                viewer?: boolean;
            };
            header?: {
                /** @description ETags the client has */
                "If-None-Match"?: string | null;
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The build */
            200: {
                headers: {
                    /** @description Weak tag of this version */
                    ETag?: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Build"];
                };
            };
            /** @description The client has this version */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    delete_build: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was deleted */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    update_build: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag as given, or "<revision>"; a list of them for any */
                "If-Match"?: string | null;
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BuildChanges"];
            };
        };
        responses: {
            /** @description The build */
            200: {
                headers: {
                    /** @description Weak tag of this version */
                    ETag?: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Build"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    report_build: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
                /** @description 1 to 255 visible ASCII characters; a repeated request gets the first answer */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewReport"];
            };
        };
        responses: {
            /** @description It is in the queue */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportFiled"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    get_vote: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The vote, null when there is none */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vote"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    put_vote: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewVote"];
            };
        };
        responses: {
            /** @description It counts */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vote"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    cast_vote: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
                /** @description 1 to 255 visible ASCII characters; a repeated request gets the first answer */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewVote"];
            };
        };
        responses: {
            /** @description It counts */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vote"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    withdraw_vote: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path: {
                /** @description Id of a build */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It counts no more */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vote"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    record_feedback: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
                /** @description 1 to 255 visible ASCII characters; a repeated request gets the first answer */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFeedback"];
            };
        };
        responses: {
            /** @description It is stored */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackReceipt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    get_game: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The game's data */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Game"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    erase_account: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing is left */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            /** @description It is running */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    export_account: {
        parameters: {
            query?: never;
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By kind */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    my_votes: {
        parameters: {
            query?: {
                /** @description Up to 100 ids, with commas between. Without any, all votes are listed, newest first. */
                build_ids?: string;
                /** @description Of the list of all: 20 by default. */
                limit?: number;
                /** @description Of the list of all: `next_cursor` of the page before. Not with `build_ids`. */
                cursor?: string;
            };
            header?: {
                /** @description sess_ and 24 lower-case hex characters; made by the service when it is missing */
                "X-Session-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The votes */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-ID": components["headers"]["X-Request-ID"];
                    "X-Session-ID": components["headers"]["X-Session-ID"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyVotes"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["ValidationError"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    openapi_document: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["RateLimited"];
        };
    };
    docs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["RateLimited"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is alive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
        };
    };
    database_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dependency"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            /** @description It does not */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dependency"];
                };
            };
        };
    };
    metrics_text: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            405: components["responses"]["MethodNotAllowed"];
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Send traffic */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            /** @description Send none */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
        };
    };
}
