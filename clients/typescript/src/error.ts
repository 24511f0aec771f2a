import type { components } from "./schema.js";

/** Codes of the service's errors; `docs/API-DESIGN.md` says what each means. */
export type ServiceErrorCode =
  | "admin_required"
  | "already_flagged"
  | "already_voted"
  | "authentication_failed"
  | "authentication_required"
  | "bad_request"
  | "build_hidden"
  | "build_not_found"
  | "feedback_not_found"
  | "headers_too_large"
  | "idempotency_conflict"
  | "idempotency_key_reused"
  | "internal_error"
  | "method_not_allowed"
  | "not_found"
  | "not_owner"
  | "payload_too_large"
  | "precondition_failed"
  | "rate_limited"
  | "request_timeout"
  | "service_unavailable"
  | "session_mismatch"
  | "template_read_only"
  | "unsupported_media_type"
  | "uri_too_long"
  | "validation_error";

/**
 * What the client itself reports: no connection, no answer in time, an answer that is no JSON. An error status whose
 * body is not the service's, such as a proxy's page, is `http_<status>`.
 */
export type ClientErrorCode = "network_error" | "timeout" | "invalid_response" | `http_${number}`;

/** The service may add codes: treat an unknown one by its status. */
export type ErrorCode = ServiceErrorCode | ClientErrorCode | (string & {});

/** One invalid field or parameter of a 422 `validation_error`. */
export interface FieldError {
  field: string;
  code: string;
  message: string;
}

/** Details that some codes carry. All of them are optional, since each belongs to one code. */
export interface ErrorDetails {
  /** `validation_error` */
  errors?: FieldError[];
  /** `already_voted` */
  your_rating?: number;
  /** `already_voted` */
  cast_at?: string;
  /** `rate_limited`, in seconds */
  retry_after?: number;
  /** `rate_limited`: the class of requests, or `build_votes` */
  limit?: string;
  [key: string]: unknown;
}

interface ApiErrorInit {
  code: ErrorCode;
  message: string;
  status?: number | undefined;
  details?: ErrorDetails | undefined;
  retryAfter?: number | undefined;
  requestId?: string | undefined;
  cause?: unknown;
}

/** A call that failed. A call that its own signal aborted throws the signal's reason instead. */
export class ApiError extends Error {
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  /** Seconds to wait before the next request. */
  readonly retryAfter: number | undefined;
  /** To be quoted when the error is reported: the service's log has it. */
  readonly requestId: string | undefined;

  constructor({ code, message, status = 0, details = {}, retryAfter, requestId, cause }: ApiErrorInit) {
    super(message, { cause });
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.details = details;
    this.retryAfter = retryAfter;
    this.requestId = requestId;
  }
}

/** Reads an error response of the service or of a proxy before it. */
export function errorOf(response: Response, text: string): ApiError {
  const { status, headers } = response;
  const body = parseBody(text);
  return new ApiError({
    status,
    code: body.error ?? `http_${status}`,
    message: body.message ?? `The service answered ${status}`,
    details: body.details,
    retryAfter: secondsOf(headers.get("Retry-After")) ?? secondsOf(body.details?.retry_after),
    requestId: headers.get("X-Request-ID") ?? body.request_id,
  });
}

interface Body {
  error?: string | undefined;
  message?: string | undefined;
  details?: ErrorDetails | undefined;
  request_id?: string | undefined;
}

/** What of the body has the types of the service's errors. */
function parseBody(text: string): Body {
  let body: Partial<Record<keyof components["schemas"]["ErrorBody"], unknown>> | null;
  try {
    body = JSON.parse(text);
  } catch {
    return {};
  }
  const error = stringOf(body?.error);
  if (!error) return {};
  const details = body?.details;
  return {
    error,
    message: stringOf(body?.message),
    details: typeof details === "object" && details ? { ...details } : undefined,
    request_id: stringOf(body?.request_id),
  };
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" && value ? value : undefined;
}

/** `Retry-After` holds seconds or a date. */
function secondsOf(value: unknown): number | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  const seconds = isNaN(Number(value)) ? (Date.parse(String(value)) - Date.now()) / 1000 : Number(value);
  return isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
