import { ApiError, errorOf } from "./error.js";
import type { SessionKeeper } from "./session.js";

/** Options of a client that a single call may override. */
export interface CallOptions {
  /** Milliseconds that one try may take until its answer, JSON bodies included, is complete; 0 is no limit. */
  timeout?: number;
  /** How often a call is repeated at most; 0 never. */
  retries?: number;
}

/** A call that failed and is about to be repeated. */
export interface Retry {
  error: ApiError;
  /** 1 for the first repetition. */
  attempt: number;
  /** Milliseconds until then. */
  wait: number;
}

export interface SendOptions extends Required<CallOptions> {
  fetch: typeof globalThis.fetch;
  session: SessionKeeper;
  token: (() => string | null | undefined | Promise<string | null | undefined>) | undefined;
  backoff: number;
  maxWait: number;
  deadline: number;
  onRetry: ((retry: Retry) => void) | undefined;
}

const IDEMPOTENT = /^(GET|HEAD|OPTIONS|PUT|DELETE)$/;
/** Statuses of temporary conditions: the same request may succeed soon. */
const TRANSIENT = [408, 429, 502, 503, 504];

/** A longer delay overflows the timer, which then fires at once; it is treated as no limit. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Sends requests with session and token, and repeats those that may be repeated. */
export function createSender(options: SendOptions): (request: Request) => Promise<Response> {
  const { backoff, maxWait, deadline, onRetry } = options;
  return async (request) => {
    const { timeout = options.timeout, retries = options.retries } = request as Request & CallOptions;
    const repeatable = IDEMPOTENT.test(request.method) || request.headers.has("Idempotency-Key");
    const end = Date.now() + deadline;
    for (let attempt = 1; ; attempt++) {
      const last = !repeatable || attempt > retries;
      try {
        return await sendOnce(last ? request : request.clone(), timeout, options);
      } catch (error) {
        if (last || !(error instanceof ApiError) || !isTransient(error)) throw error;
        // Half of the wait is random, so that clients that failed together do not return together.
        const growing = Math.min(backoff * 2 ** (attempt - 1), maxWait) * (0.5 + Math.random() / 2);
        const wait = (error.retryAfter ?? 0) * 1000 + growing;
        if (wait > maxWait || Date.now() + wait > end) throw error;
        onRetry?.({ error, attempt, wait });
        await sleep(wait, request.signal);
      }
    }
  };
}

async function sendOnce(request: Request, timeout: number, options: SendOptions): Promise<Response> {
  const { signal } = request;
  const own = new AbortController();
  const abort = () => own.abort(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });

  const { headers } = request;
  // A header that the caller set wins.
  if (!headers.has("X-Session-ID")) headers.set("X-Session-ID", await options.session.current());
  if (!headers.has("Authorization")) {
    const token = await options.token?.();
    if (token) headers.set("Authorization", `Bearer ${token}`);
  }

  let isLate = false;
  const late = () => {
    isLate = true;
    own.abort();
  };
  const timer = timeout > 0 && timeout <= LONGEST_TIMER ? setTimeout(late, timeout) : undefined;
  let response: Response;
  let text: string | undefined;
  try {
    response = await options.fetch(request, { signal: own.signal });
    // JSON is read here, so that a body that hangs or breaks off counts as a failed try. Others are passed on as
    // streams, with no limit of time.
    const isRead = !response.ok || response.headers.get("Content-Type")?.includes("json");
    if (isRead) text = await response.text();
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw isLate
      ? new ApiError({ code: "timeout", message: `No answer within ${timeout} ms`, cause })
      : new ApiError({ code: "network_error", message: "The service cannot be reached", cause });
  } finally {
    clearTimeout(timer);
  }
  await options.session.adopt(headers.get("X-Session-ID"), response.headers.get("X-Session-ID"));
  if (!response.ok) throw errorOf(response, text ?? "");
  return text === undefined ? response : new Response(text || null, response);
}

function isTransient({ status, code }: ApiError): boolean {
  return status === 0 || TRANSIENT.includes(status) || code === "idempotency_conflict";
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
