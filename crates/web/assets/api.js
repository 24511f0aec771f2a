// Calls to the API with the session that the site keeps in this browser.
const KEY = "myashes_session_id";
const base = document.documentElement.dataset.api;
let memory = null;

/** The session of this browser, or null when it has none yet. */
export function session() {
  try {
    return localStorage.getItem(KEY) ?? memory;
  } catch {
    return memory;
  }
}

function keep(value) {
  if (!/^sess_[0-9a-f]{24}$/.test(value ?? "") || value === session()) return;
  memory = value;
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // Storage is blocked: the session lives as long as the page.
  }
}

/** Calls the API. Resolves to `{ok, status, body, retryAfter}`; status 0 means that there was no answer. */
export async function call(method, path, body) {
  const headers = { Accept: "application/json" };
  const id = session();
  if (id) headers["X-Session-ID"] = id;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(base + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout?.(15000),
    });
    keep(response.headers.get("X-Session-ID"));
    const parsed = await response.json().catch(() => null);
    const retryAfter = Number(parsed?.details?.retry_after ?? response.headers.get("Retry-After")) || 0;
    return { ok: response.ok && parsed !== null, status: response.status, body: parsed, retryAfter };
  } catch {
    return { ok: false, status: 0, body: null, retryAfter: 0 };
  }
}

/** What a refused call means for the reader. */
export function explain(answer) {
  const later = answer.retryAfter ? ` Try again in ${answer.retryAfter} seconds.` : " Try again in a moment.";
  switch (answer.status) {
    case 0:
      return "There was no answer. Check your connection, then try again.";
    case 401:
      return "Rating needs a player who is signed in. Open the build on MyAshes to sign in.";
    case 403:
    case 404:
      return "This build cannot be rated any more.";
    case 429:
      return answer.body?.details?.limit === "build_votes"
        ? "Many ratings of this build came from your network. Signing in on MyAshes lifts this limit." + later
        : "Too many ratings in a short time." + later;
    case 503:
      return "The service is busy." + later;
    default:
      return "Something went wrong on our side." + later;
  }
}
