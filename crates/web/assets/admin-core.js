// Shared by the admin modules: elements, formats, credentials, requests and messages.

import { isolated } from "./text.js";

const STORED_CREDENTIALS = "myashes.admin";
const STORED_NAME = "myashes.admin.reviewer";
const SVG = "http://www.w3.org/2000/svg";
const site = document.documentElement.dataset;
const apiBase = (site.api ?? "/api/v1").replace(/\/$/, "");
const mount = (site.mount ?? "").replace(/\/$/, "");

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Makes an HTML element. Strings become text nodes, never markup. */
const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/** Makes an SVG element. */
const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** Text written by a player, isolated from the direction of the text around it. */
const userText = (text) => isolated(text, "user-text");

const number = (value) => value.toLocaleString("en");
const percent = (share) => (share === null ? "–" : `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`);
const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

const STEPS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

function relative(instant) {
  const seconds = (Date.parse(instant) - Date.now()) / 1000;
  const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

/** An instant in UTC to the minute, with how long ago it was. */
const time = (instant) =>
  h(
    "time",
    { datetime: instant, title: instant },
    instant.slice(0, 16).replace("T", " "),
    " ",
    h("span", { class: "muted" }, relative(instant)),
  );

/** What the API answered instead of success; `status` is 0 when there was no answer. */
class ApiError extends Error {
  constructor(status, body, retryAfter) {
    super(body?.message ?? "");
    this.status = status;
    this.code = body?.error ?? "";
    this.fields = body?.details?.errors ?? [];
    this.requestId = body?.request_id;
    this.retryAfter = Number(retryAfter) || body?.details?.retry_after || 0;
  }

  get unauthorized() {
    return this.status === 401 || this.status === 403;
  }
}

const credentials = {
  value: JSON.parse(sessionStorage.getItem(STORED_CREDENTIALS) ?? "null"),
  keep(value) {
    this.value = value;
    sessionStorage.setItem(STORED_CREDENTIALS, JSON.stringify(value));
  },
  forget() {
    this.value = null;
    sessionStorage.removeItem(STORED_CREDENTIALS);
  },
  headers({ kind, token }) {
    return kind === "bearer" ? { Authorization: `Bearer ${token}` } : { "X-Admin-Token": token };
  },
};

/** What to do when the server refuses the credentials; set by the frame. */
const session = { expired() {} };

/** The name that reviews are recorded with, kept for the tab. */
const reviewer = {
  get: () => sessionStorage.getItem(STORED_NAME) ?? "",
  set: (name) => sessionStorage.setItem(STORED_NAME, name),
};

/** Calls the API. `query` and `body` are plain objects; empty query values are left out. */
async function send(path, { method = "GET", query = {}, body, signal, as = credentials.value } = {}) {
  const parameters = new URLSearchParams(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== ""),
  );
  const headers = as ? credentials.headers(as) : {};
  if (body) headers["Content-Type"] = "application/json";
  const options = {
    method,
    headers,
    signal,
    cache: "no-store",
    credentials: "omit",
    body: body && JSON.stringify(body),
  };
  let response;
  try {
    response = await fetch(`${apiBase}${path}${parameters.size ? `?${parameters}` : ""}`, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : new ApiError(0);
  }
  if (!response.ok) {
    throw new ApiError(response.status, await response.json().catch(() => null), response.headers.get("Retry-After"));
  }
  return response;
}

const api = async (path, options) => (await send(path, options)).json();

/** Says what happened, what was kept, and what to do. */
function explain(error, isWrite, kept = isWrite ? "Nothing was changed." : "Your filters are kept in the address.") {
  if (!(error instanceof ApiError)) {
    console.error(error);
    return "This page failed. Reload it, and report the message in the browser’s console.";
  }
  const unsure = "It may have been saved or not; repeating it does no harm.";
  const wait = error.retryAfter ? `Try again in ${plural(error.retryAfter, "second")}.` : "Try again in a moment.";
  const fields = error.fields.map((field) => `${field.field}: ${field.message}`).join("; ");
  switch (error.status) {
    case 0:
      return `The server could not be reached. ${isWrite ? unsure : kept} Check the connection, then try again.`;
    case 404:
      return error.code === "not_found" && !isWrite
        ? "Admin access is not configured on this server. Set ADMIN_TOKEN or ADMIN_STEAM_IDS and restart the service."
        : `${error.message || "It does not exist"}. ${kept} Go back to the list and reload it.`;
    case 422:
      return `The server did not accept this: ${fields || error.message}. ${kept} Correct it, then try again.`;
    case 429:
      return `Too many requests. ${kept} ${wait}`;
    case 503:
      return `The service is busy. ${isWrite ? unsure : kept} ${wait}`;
    default:
      return error.status >= 500
        ? `The service failed${error.requestId ? ` (request ${error.requestId})` : ""}. ${isWrite ? unsure : kept} ${wait}`
        : `${error.message || `The server answered ${error.status}`}. ${kept}`;
  }
}

/**
 * Shows the outcome of a write in the status region. It is a text, or `{ text, undo, undoLabel, key }` with the write
 * that takes it back; `key` is that of the button in the row to go on with.
 */
function say(outcome, failed = false) {
  const { text, undo, undoLabel = "Undo", key } = typeof outcome === "string" ? { text: outcome } : outcome;
  const status = document.getElementById("status");
  const hadFocus = status.contains(document.activeElement);
  const dismiss = () => {
    status.replaceChildren();
    document.getElementById("results").focus();
  };
  status.replaceChildren(
    ...(text
      ? [
          h(
            "div",
            { class: failed ? "notice bad" : "notice ok" },
            h("p", {}, text),
            undo &&
              h(
                "button",
                {
                  type: "button",
                  class: "button",
                  "data-key": key,
                  onclick: (event) => act(event.currentTarget, undo),
                },
                undoLabel,
              ),
            h("button", { type: "button", class: "button quiet", onclick: dismiss }, "Dismiss"),
          ),
        ]
      : []),
  );
  if (hadFocus) status.querySelector("button")?.focus();
}

/** Tells screen readers what a list now shows. */
function announce(message) {
  document.getElementById("announcer").textContent = message;
}

/** Shows beside the link to the reports how many are open. */
async function countReports() {
  const { total } = await api("/admin/reports", { query: { resolved: "false", limit: "1" } });
  const badge =
    total > 0 && h("span", { class: "badge warn" }, number(total), h("span", { class: "visually-hidden" }, " open"));
  document.getElementById("open-reports").replaceChildren(...(badge ? [badge] : []));
}

/**
 * Runs a write for a button, which keeps the focus and takes no second press meanwhile. `run` returns what to say
 * about it (see `say`), or nothing when it has said it.
 */
async function act(button, run) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    const outcome = await run();
    if (outcome) say(outcome);
  } catch (error) {
    if (error.unauthorized) session.expired(error);
    else say(explain(error, true), true);
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

export {
  act,
  announce,
  api,
  countReports,
  credentials,
  explain,
  h,
  mount,
  number,
  percent,
  plural,
  reviewer,
  say,
  send,
  session,
  svg,
  time,
  userText,
};
