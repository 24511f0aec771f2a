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
        get: {
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
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["HiddenQueries"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        /** Hide a query */
        post: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["HiddenQuery"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is larger than 64 KiB */
                413: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        /** Show a query again */
        delete: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QueryShown"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is larger than 64 KiB */
                413: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ZeroResults"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PageOf_AuditLine"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PageOf_AdminBuild"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        delete: {
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
                /** @description It is gone */
                200: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BuildRemoved"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        post: {
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
            requestBody?: never;
            responses: {
                /** @description It is hidden */
                200: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BuildModeration"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        post: {
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
            requestBody?: never;
            responses: {
                /** @description It is shown again */
                200: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BuildModeration"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PageOf_AdminVote"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Remove many votes
         * @description Those on one build that meet all conditions; at least one of `from`, `to`, `voter` and `rating` is needed.
         *     A parameter that is not known is refused, so that a mistyped condition does not remove more than was meant.
         */
        delete: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VotesRemoved"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        delete: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VoteRemoved"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
            parameters: {
                query?: {
                    /** @description `up` or `down`. */
                    rating?: "up" | "down";
                    /** @description `quick`, `smart` or `deep`. */
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PageOf_AdminFeedback"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FeedbackPatterns"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FeedbackSummary"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FeedbackTrends"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AdminFeedback"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
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
        post: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AdminFeedback"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is larger than 64 KiB */
                413: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        /** Take a review back */
        delete: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AdminFeedback"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PageOf_Report"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        post: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Report"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
            parameters: {
                query?: {
                    /** @description UTC days, today included; 7 by default. */
                    days?: number;
                    /** @description 10 by default. */
                    limit?: number;
                    /** @description `quick`, `smart` or `deep`; all without it. */
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PopularQueries"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        post: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SearchRecorded"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is larger than 64 KiB */
                413: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        /** List public builds */
        get: {
            parameters: {
                query?: {
                    /**
                     * @description Over name, description, class and race name; empty is none. `%` and `_` match themselves. At most 100 characters, also
                     *     after case and compatibility folding.
                     */
                    search?: string;
                    /** @description A part of the class name, in any case. */
                    class_name?: string;
                    primary_archetype?: string;
                    secondary_archetype?: string;
                    race?: string;
                    tag?: string;
                    is_template?: boolean;
                    game_version?: string;
                    /** @description `newest` (default), `rating`, `popular`, `trending`, or `relevance` with a search. */
                    sort?: "newest" | "rating" | "popular" | "trending" | "relevance";
                    /** @description 20 by default. */
                    limit?: number;
                    /** @description From 1; reaches 10,000 items deep. Not with `cursor`. */
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BuildPage"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Create a build
         * @description The class follows from the two archetypes. With `Idempotency-Key`, a repeated request gets the first
         *     answer.
         */
        post: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Build"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is larger than 64 KiB */
                413: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        post: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Claimed"];
                    };
                };
                /** @description What is the player's so far: the rest is on its way */
                202: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Claimed"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is larger than 64 KiB */
                413: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuthStatus"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
            parameters: {
                query?: {
                    /**
                     * @description Over name, description, class and race name; empty is none. `%` and `_` match themselves. At most 100 characters, also
                     *     after case and compatibility folding.
                     */
                    search?: string;
                    /** @description A part of the class name, in any case. */
                    class_name?: string;
                    primary_archetype?: string;
                    secondary_archetype?: string;
                    race?: string;
                    tag?: string;
                    is_template?: boolean;
                    game_version?: string;
                    /** @description `newest` (default), `rating`, `popular`, `trending`, or `relevance` with a search. */
                    sort?: "newest" | "rating" | "popular" | "trending" | "relevance";
                    /** @description 20 by default. */
                    limit?: number;
                    /** @description From 1; reaches 10,000 items deep. Not with `cursor`. */
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BuildPage"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
            parameters: {
                query?: {
                    /** @description `day` (today and yesterday), `week` (default), `month` or `all`. */
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PopularBuilds"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Templates"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
         * @description Unlisted builds are for whoever has the id, private ones for their owner, hidden ones for their owner and
         *     for admins.
         */
        get: {
            parameters: {
                query?: never;
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Build"];
                    };
                };
                /** @description The client has this version */
                304: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a build
         * @description For its owner. Its votes go with it.
         */
        delete: {
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
                /** @description It is gone */
                200: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Deleted"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change a build
         * @description For its owner, unless an admin has hidden it. Fields that are given are replaced whole. `If-Match` takes the ETag and compares the
         *     revision alone, so that a vote does not fail an edit.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The ETag as given, or "<revision>" */
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Build"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It has changed meanwhile */
                412: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is larger than 64 KiB */
                413: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        post: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReportFiled"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is larger than 64 KiB */
                413: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Vote"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        /** Cast or change a vote */
        put: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Vote"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is larger than 64 KiB */
                413: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        /**
         * Cast a vote
         * @description One for each session and player; owners may vote too.
         */
        post: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Vote"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is larger than 64 KiB */
                413: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        /**
         * Withdraw one's vote
         * @description Without one, nothing changes.
         */
        delete: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Vote"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description There is no such thing, or none that the caller may know of */
                404: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        post: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FeedbackReceipt"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body did not arrive in time */
                408: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is larger than 64 KiB */
                413: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is not JSON */
                415: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Game"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        delete: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Erasure"];
                    };
                };
                /** @description It is running */
                202: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Erasure"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The caller may not do this */
                403: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description It is there already */
                409: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Export"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MyVotes"];
                    };
                };
                /** @description It cannot be read */
                400: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Credentials are missing or were found bad */
                401: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Fields or parameters are invalid; all of them are named */
                422: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description A limit is reached; `details.limit` names it */
                429: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Something went wrong in the service */
                500: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The service cannot answer right now */
                503: {
                    headers: {
                        /** @description To be quoted in reports */
                        "X-Request-ID"?: string;
                        /** @description The caller's session */
                        "X-Session-ID"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
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
        get: {
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
            };
        };
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
        get: {
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
            };
        };
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
        get: {
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
            };
        };
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
        get: {
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
        get: {
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
            };
        };
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
        get: {
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
            visibility: components["schemas"]["VisibilityName"];
            /** Format: int64 */
            vote_count: number;
        };
        AdminFeedback: {
            cleanup_issue_url: string | null;
            comment: string | null;
            feedback_id: string;
            flagged_for_cleanup: boolean;
            player_id: string | null;
            query: string;
            rating: components["schemas"]["ThumbName"];
            /** Format: date-time */
            received_at: string;
            response_snippet: string;
            reviewed: boolean;
            /** Format: date-time */
            reviewed_at: string | null;
            reviewed_by: string | null;
            search_mode: components["schemas"]["SearchModeName"];
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
        };
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
        /** @description Who the caller is. */
        AuthStatus: {
            authenticated: boolean;
            display_name: string | null;
            player_id: string | null;
            steam_id: string | null;
            tier: string;
        };
        /** @description A whole build. */
        Build: {
            /** @description What the calculator keeps. */
            build_data: {
                [key: string]: unknown;
            } | null;
            build_id: string;
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
            visibility: components["schemas"]["VisibilityName"];
            /** Format: int64 */
            vote_count: number;
        };
        /** @description Changes to a build; what is left out stays. */
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
            tags?: components["schemas"]["TagText"][];
            visibility?: components["schemas"]["VisibilityName"];
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
        /** @description What became of a build. */
        BuildModeration: {
            build_id: string;
            hidden: boolean;
            /** @description Its owner's choice, which holds again once the build is restored. */
            visibility: components["schemas"]["VisibilityName"];
        };
        /** @description A page of builds. */
        BuildPage: {
            builds: components["schemas"]["BuildListItem"][];
            has_more: boolean;
            /** Format: int32 */
            limit: number;
            next_cursor: string | null;
            /** Format: int32 */
            page: number;
            /** Format: int64 */
            total: number;
            /** @description `total` stands for "more than that". */
            total_capped?: boolean;
        };
        BuildRemoved: {
            build_id: string;
            deleted: boolean;
        };
        /** @description Which session to claim. */
        Claim: {
            /** @description The request's own `X-Session-ID`. */
            session_id: string;
        };
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
        Deleted: {
            build_id: string;
            deleted: boolean;
            message: string;
        };
        Dependencies: {
            cache: components["schemas"]["Dependency"];
            database: components["schemas"]["Dependency"];
        };
        Dependency: {
            /**
             * Format: double
             * @description Milliseconds; null while it does not answer.
             */
            latency_ms: number | null;
            status: string;
        };
        Erasure: {
            /** @description `done` or `running`. */
            status: string;
        };
        /** @description The shape of every error. */
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
        /** @description Everything stored about the caller, by kind. */
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
        FeedbackPatterns: {
            by_search_mode: components["schemas"]["ModeItem"][];
            frequent_queries: components["schemas"]["FrequentQuery"][];
            /** Format: int64 */
            total_negative: number;
            /** Format: int64 */
            total_unreviewed: number;
        };
        FeedbackReceipt: {
            feedback_id: string;
            /** Format: date-time */
            received_at: string;
        };
        FeedbackSummary: {
            by_search_mode: components["schemas"]["ModeItem"][];
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
        Game: {
            archetypes: components["schemas"]["Archetype"][];
            /** @description Class names by primary, then by secondary archetype. */
            classes: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            game: string;
            game_version: string;
            races: components["schemas"]["Race"][];
        };
        Health: {
            dependencies: components["schemas"]["Dependencies"];
            /** @description `healthy`, `degraded` (without its cache) or `unhealthy` (without its database). */
            status: string;
            /** Format: int64 */
            uptime_seconds: number;
            version: string;
        };
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
        HiddenQuery: {
            /** Format: date-time */
            hidden_at: string;
            query: string;
        };
        Links: {
            api: string;
            docs: string;
            health: string;
            openapi: string;
        };
        /** @description Thumbs of one search mode. */
        ModeItem: {
            /** Format: int64 */
            negative: number;
            /** Format: int64 */
            positive: number;
            search_mode: components["schemas"]["SearchModeName"];
            /** Format: int64 */
            total: number;
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
        /** @description The caller's votes. */
        MyVotes: {
            count: number;
            /** @description Only of the list of all votes. */
            has_more?: boolean;
            /** @description Only of the list of all votes; null at its end. */
            next_cursor?: string | null;
            votes: components["schemas"]["MyVote"][];
        };
        /** @description A build to create. */
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
            tags?: components["schemas"]["TagText"][];
            /** @description `public`, `unlisted` or `private`; must agree with `is_public`. */
            visibility?: components["schemas"]["VisibilityName"];
        };
        /** @description Feedback to store. */
        NewFeedback: {
            comment?: string | null;
            query: string;
            /** @description `up` or `down`. */
            rating: components["schemas"]["ThumbName"];
            /** @description Cut to 500 characters. */
            response_snippet: string;
            /** @description `quick`, `smart` or `deep`. */
            search_mode: components["schemas"]["SearchModeName"];
        };
        /** @description A report to file. */
        NewReport: {
            reason: string;
        };
        /** @description A review to set. */
        NewReview: {
            /** @description An http or https URL. */
            cleanup_issue_url?: string | null;
            flagged_for_cleanup?: boolean;
            reviewed_by: string;
        };
        /** @description A search to count. */
        NewSearch: {
            query: string;
            /** Format: int32 */
            result_count: number;
            /** @description `quick`, `smart` or `deep`. */
            search_mode: components["schemas"]["SearchModeName"];
        };
        /** @description A vote to cast. */
        NewVote: {
            /**
             * Format: int32
             * @description Stars.
             */
            rating: number;
        };
        /** @description A page of a list. */
        PageOf_AdminBuild: {
            items: {
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
                visibility: components["schemas"]["VisibilityName"];
                /** Format: int64 */
                vote_count: number;
            }[];
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
        /** @description A page of a list. */
        PageOf_AdminFeedback: {
            items: {
                cleanup_issue_url: string | null;
                comment: string | null;
                feedback_id: string;
                flagged_for_cleanup: boolean;
                player_id: string | null;
                query: string;
                rating: components["schemas"]["ThumbName"];
                /** Format: date-time */
                received_at: string;
                response_snippet: string;
                reviewed: boolean;
                /** Format: date-time */
                reviewed_at: string | null;
                reviewed_by: string | null;
                search_mode: components["schemas"]["SearchModeName"];
            }[];
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
        /** @description A page of a list. */
        PageOf_AdminVote: {
            items: {
                /** Format: date-time */
                cast_at: string;
                player_id: string | null;
                /** Format: int64 */
                rating: number;
                /** Format: int64 */
                vote_id: number;
                /** @description An opaque id, the same for all votes of one player, else of one session. */
                voter: string;
            }[];
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
        /** @description A page of a list. */
        PageOf_AuditLine: {
            items: {
                action: string;
                actor: string;
                /** Format: date-time */
                at: string;
                details: {
                    [key: string]: unknown;
                };
                target: string;
            }[];
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
        /** @description A page of a list. */
        PageOf_Report: {
            items: {
                build_id: string;
                reason: string;
                report_id: string;
                /** Format: date-time */
                reported_at: string;
                /** Format: date-time */
                resolved_at: string | null;
            }[];
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
        PeriodName: "day" | "week" | "month" | "all";
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
        PopularBuilds: {
            builds: components["schemas"]["PopularBuild"][];
            count: number;
            period: components["schemas"]["PeriodName"];
        };
        PopularQueries: {
            /** Format: int32 */
            period_days: number;
            queries: components["schemas"]["PopularQuery"][];
        };
        PopularQuery: {
            /** Format: int64 */
            count: number;
            query: string;
            search_mode: components["schemas"]["SearchModeName"];
        };
        QueryShown: {
            hidden: boolean;
            query: string;
        };
        /** @description A query to hide, or to show again. */
        QueryToHide: {
            query: string;
        };
        Race: {
            id: string;
            name: string;
            /** @description The people it descends from. */
            parent: string;
        };
        Ready: {
            ready: boolean;
        };
        Report: {
            build_id: string;
            reason: string;
            report_id: string;
            /** Format: date-time */
            reported_at: string;
            /** Format: date-time */
            resolved_at: string | null;
        };
        ReportFiled: {
            build_id: string;
            report_id: string;
            status: string;
        };
        Root: {
            links: components["schemas"]["Links"];
            name: string;
            version: string;
        };
        /** @enum {string} */
        SearchModeName: "quick" | "smart" | "deep";
        SearchRecorded: {
            recorded: boolean;
        };
        /** @description One tag of a build. */
        TagText: string;
        Templates: {
            count: number;
            templates: components["schemas"]["BuildListItem"][];
        };
        /** @enum {string} */
        ThumbName: "up" | "down";
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
        VisibilityName: "public" | "unlisted" | "private";
        /** @description A build's votes in sum, and the caller's own. */
        Vote: {
            /** Format: double */
            avg_rating: number | null;
            build_id: string;
            /** Format: int64 */
            vote_count: number;
            /** Format: int64 */
            your_rating: number | null;
        };
        VoteRemoved: {
            build_id: string;
            deleted: boolean;
            /** Format: int64 */
            vote_id: number;
        };
        /** @description How many votes were removed. */
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
            search_mode: components["schemas"]["SearchModeName"];
            /** Format: int64 */
            zero_count: number;
        };
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
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
