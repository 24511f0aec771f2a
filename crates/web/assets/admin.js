// The frame of the admin desk: signing in, the address, and drawing the view that it names.

import { announce, api, countReports, credentials, explain, h, reviewer, say, session } from "./admin-core.js";
import { field, filterForm, pager, periods, position, showErrors } from "./admin-parts.js";

const SLOW = 200;
const wide = matchMedia("(min-width: 640px)");
const byId = (id) => document.getElementById(id);
const context = { go, reload };
const feedback = () => import("./admin-feedback.js");
const trends = () => import("./admin-trends.js");
const queries = () => import("./admin-queries.js");
const builds = () => import("./admin-builds.js");
const reports = () => import("./admin-reports.js");
const votesOfBuild = () => import("./admin-votes.js");

/** The module of each view; `link` is the view whose link stands for it. */
const VIEWS = {
  feedback: { load: feedback },
  item: { load: feedback, link: "feedback" },
  satisfaction: { load: trends },
  patterns: { load: queries },
  searches: { load: trends },
  zero: { load: queries },
  hidden: { load: queries },
  reports: { load: reports },
  builds: { load: builds },
  votes: { load: votesOfBuild, link: "builds" },
  audit: { load: builds },
};

let current = null;
let shown = "";

/** What the address names: a view, and how to load it. */
function place() {
  const params = new URLSearchParams(location.search);
  const asked = params.get("view");
  const name = Object.hasOwn(VIEWS, asked) ? asked : "feedback";
  return { params, name, ...VIEWS[name] };
}

/** Goes to another address without leaving the page; `focus` says what was used to go there. */
function go(event, params, focus = "view") {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button > 0) return;
  event.preventDefault();
  history.pushState(null, "", `?${params}`);
  show(focus);
}

function drawHead(view, { name, params, link = name }) {
  document.title = `${view.title} · Admin · MyAshes`;
  document.querySelector("#views [aria-current]")?.removeAttribute("aria-current");
  document.querySelector(`#views [href="?view=${link}"]`).setAttribute("aria-current", "page");
  byId("view-menu").textContent = view.title;
  const keep = Object.fromEntries((view.keep ?? []).map((key) => [key, params.get(key) ?? ""]));
  byId("head").replaceChildren(
    h("h1", { tabindex: -1 }, view.title),
    ...(view.lead ? [h("p", { class: "muted" }, view.lead)] : []),
    ...(view.periods ? [periods(view.periods, params, name, go)] : []),
    ...(view.filters ? [filterForm(view.filters, params, { view: name, ...keep }, go)] : []),
  );
  byId("tools").replaceChildren(...[view.tools?.(params, context) ?? []].flat());
}

/** Shows what the address names. The list that is there stays until the next is loaded, and fades when that takes long. */
async function show(focus) {
  const target = place();
  const { params, name } = target;
  const results = byId("results");
  const isNewView = current?.name !== name;
  current?.controller.abort();
  const mine = { name, controller: new AbortController() };
  current = mine;
  shown = location.search;
  if (isNewView) results.replaceChildren();
  const slow = setTimeout(() => {
    results.setAttribute("aria-busy", "true");
    if (!results.hasChildNodes()) results.append(h("p", { class: "loading" }, "Loading…"));
    announce("Loading");
  }, SLOW);
  try {
    const { [name]: view } = await target.load();
    if (current !== mine) return;
    if (focus !== "reload") {
      say("");
      drawHead(view, target);
    }
    if (focus === "view") byId("head").querySelector("h1").focus();
    if (focus === "filters" && wide.matches) byId("head").querySelector('[data-focus="filters"]').focus();
    const data = await view.load(params, mine.controller.signal);
    if (current !== mine) return;
    const drawn = [view.draw(data, params, context)].flat();
    if (data?.pages > 0) drawn.push(pager(data, params, go));
    if (view.foot) drawn.push(view.foot());
    results.replaceChildren(...drawn);
    if (data?.pages > 0) results.querySelector("caption")?.append(`: ${position(data, params)}`);
    announce(data?.pages === undefined ? `${view.title} loaded` : position(data, params));
    if (focus === "page" || (focus === "filters" && !wide.matches)) {
      results.focus();
      results.scrollIntoView();
    }
  } catch (error) {
    if (current !== mine) return;
    if (error.unauthorized) {
      current = null;
      signInAgain(error);
      return;
    }
    results.replaceChildren(
      h(
        "div",
        { class: "notice bad", role: "alert" },
        h("p", {}, explain(error)),
        h("button", { type: "button", class: "button", onclick: () => show("view") }, "Try again"),
      ),
    );
  } finally {
    clearTimeout(slow);
    if (current === mine || current === null) results.removeAttribute("aria-busy");
  }
}

/** Loads the results again and leaves the rest as it is. */
function reload() {
  return show("reload");
}

function drawSignIn(message, error) {
  const form = h(
    "form",
    {
      class: "panel stack",
      onsubmit: (event) => {
        event.preventDefault();
        signIn(form);
      },
    },
    h("h1", { tabindex: -1 }, "Admin"),
    h("p", { class: "muted" }, "Both are kept in this tab only and are forgotten when the tab is closed."),
    h("p", { class: message ? "notice bad" : "", role: "alert" }, message),
    h(
      "fieldset",
      { class: "row" },
      h("legend", {}, "Kind of token"),
      [
        ["admin", "Admin token"],
        ["bearer", "Player’s token (bearer)"],
      ].map(([value, label], index) =>
        h("label", { class: "check" }, h("input", { type: "radio", name: "kind", value, checked: index === 0 }), label),
      ),
    ),
    field({ name: "token", label: "Token", type: "password", required: true, error }),
    field({
      name: "name",
      label: "Your name",
      value: reviewer.get(),
      required: true,
      maxlength: 100,
      autocomplete: "nickname",
      hint: "Recorded with your reviews of feedback.",
    }),
    h("button", { class: "button primary" }, "Sign in"),
  );
  byId("desk").hidden = true;
  byId("sign-out").hidden = true;
  byId("sign-in").hidden = false;
  byId("sign-in").replaceChildren(form);
  form.elements.token.focus();
}

/** Asks for the token again; the view stays as it was below. */
function signInAgain(error) {
  credentials.forget();
  drawSignIn(
    "The server does not accept this token any more. What you had open is kept: sign in, then repeat the last step.",
    error.message,
  );
}

async function signIn(form) {
  const value = { kind: form.elements.kind.value, token: form.elements.token.value.trim() };
  const name = form.elements.name.value.trim();
  const alert = form.querySelector('[role="alert"]');
  const fail = (message, errors = []) => {
    alert.className = message ? "notice bad" : "";
    alert.textContent = message;
    showErrors(form, errors);
  };
  const errors = [];
  if (!/^[\x21-\x7e]+$/.test(value.token)) {
    errors.push({ field: "token", message: "Enter the token: letters, digits and signs without spaces." });
  }
  if (!name) errors.push({ field: "name", message: "Enter your name: it is recorded with your reviews." });
  fail("", errors);
  if (errors.length) return;
  try {
    await api("/admin/reports", { query: { limit: "1" }, as: value });
  } catch (error) {
    if (error.unauthorized)
      fail("The server does not accept this token. Nothing was kept: check the token and its kind, then try again.", [
        { field: "token", message: error.message },
      ]);
    else fail(explain(error));
    return;
  }
  reviewer.set(name);
  credentials.keep(value);
  open("view");
}

/** Shows the desk; a view that was drawn before stays as it is. */
function open(focus) {
  byId("sign-in").hidden = true;
  byId("sign-in").replaceChildren();
  byId("desk").hidden = false;
  byId("sign-out").hidden = false;
  if (!current) show(focus);
  else byId("head").querySelector("h1").focus();
  countReports().catch(() => {});
}

function signOut() {
  credentials.forget();
  reviewer.set("");
  current?.controller.abort();
  current = null;
  for (const id of ["head", "tools", "results", "status"]) byId(id).replaceChildren();
  drawSignIn("");
}

session.expired = signInAgain;
byId("sign-out").addEventListener("click", signOut);
const fold = () => byId("views-menu").toggleAttribute("open", wide.matches);
wide.addEventListener("change", fold);
fold();
for (const link of document.querySelectorAll("#views a")) {
  link.addEventListener("click", (event) => {
    fold();
    go(event, new URLSearchParams(link.search));
  });
}
addEventListener("popstate", () => {
  // Also fires for the fragment of the skip link.
  if (location.search !== shown && !byId("desk").hidden) show("view");
});
if (credentials.value && reviewer.get()) open();
else drawSignIn("");
