// Builds of every visibility, what admins do with them, and the audit log.

import { api, explain, h, mount, plural, time, userText } from "./admin-core.js";
import { actionButton, DATES, empty, field, pairs, query, sizes, table } from "./admin-parts.js";

const buildPath = (id, rest = "") => `/admin/builds/${encodeURIComponent(id)}${rest}`;

/** Whether the API shows all of it to an admin: neither a private nor a deleted build. */
const isReadable = ({ visibility }) => visibility === "public" || visibility === "unlisted";

/** How the votes of a build are reached, and its page where that is no 404. */
function buildLinks(build, go) {
  const votes = new URLSearchParams({ view: "votes", build: build.build_id });
  const page = `${mount}/b/${encodeURIComponent(build.build_id)}`;
  return [
    h("a", { class: "button", href: `?${votes}`, onclick: (event) => go(event, votes) }, "Votes"),
    isReadable(build) && !build.hidden && h("a", { class: "button", href: page }, "Page"),
  ];
}

/** Hides or restores a build. `changed` gets what it is now, also when the outcome is undone. */
async function setHidden(id, hidden, changed) {
  const now = await api(buildPath(id, hidden ? "/hide" : "/restore"), { method: "POST" });
  changed(now);
  return {
    text: now.hidden
      ? `${id} is hidden: only its owner and admins see it.`
      : `${id} is restored and ${now.visibility} again.`,
    undo: () => setHidden(id, !hidden, changed),
    key: "hide",
  };
}

const hideButton = ({ build_id: id, hidden }, changed) =>
  actionButton(hidden ? "Restore" : "Hide", () => setHidden(id, !hidden, changed), { key: "hide", danger: !hidden });

const visibility = (build) => [
  build.hidden && h("span", { class: "badge bad" }, "Hidden"),
  build.visibility && h("span", { class: "badge" }, build.visibility),
];

const json = (value) =>
  h(
    "pre",
    { class: "json user-text", dir: "auto", tabindex: 0, role: "group", "aria-label": "Build data" },
    JSON.stringify(value, null, 2),
  );

const textOf = ({ description, tags, created_by: author, build_data: data }) =>
  pairs([
    ["Description", description ? userText(description) : "None"],
    [
      "Tags",
      tags.length ? h("div", { class: "row" }, tags.map((it) => h("span", { class: "tag" }, userText(it)))) : "None",
    ],
    ["Author", userText(author)],
    ["Build data", data ? json(data) : "None"],
  ]);

/** A fold-out with what a build says, loaded when it is opened. */
function foldOut(id) {
  const content = h("div");
  let isLoaded = false;
  const load = async ({ target }) => {
    if (!target.open || isLoaded) return;
    content.replaceChildren(h("p", { class: "muted" }, "Loading…"));
    try {
      content.replaceChildren(textOf(await api(`/builds/${encodeURIComponent(id)}`)));
      isLoaded = true;
    } catch (error) {
      content.replaceChildren(h("p", { class: "field-error", role: "alert" }, explain(error)));
    }
  };
  return h(
    "details",
    { class: "fold-out", ontoggle: load },
    h("summary", {}, "Description, tags and build data"),
    content,
  );
}

/** What can be read of a build below its row. It is kept with the build, so that a redrawn row leaves it open. */
function buildText(build) {
  if (!build.visibility) return null;
  if (!isReadable(build)) return h("p", { class: "muted" }, "Private: only its owner can read its text.");
  return (build.text ??= foldOut(build.build_id));
}

/** “2 votes, 4.0 ★”. */
const votesText = ({ vote_count: count, rating }) =>
  `${plural(count, "vote")}${rating === null ? "" : `, ${rating.toFixed(1)} ★`}`;

/** Opens the votes of a build by its id. */
const votesForm = (go) =>
  h(
    "form",
    {
      class: "inline",
      "aria-label": "Votes of a build",
      onsubmit: (event) => {
        go(event, new URLSearchParams({ view: "votes", build: event.target.elements.build.value.trim() }));
      },
    },
    field({ name: "build", label: "Votes of the build", placeholder: "Its id: b_…", required: true }),
    h("button", { class: "button" }, "Show votes"),
  );

let races = null;

/** The names of races by their ids, loaded once. Without them the ids are shown. */
async function raceNames() {
  races ??= api("/game").then((game) => new Map(game.races.map((it) => [it.id, it.name])));
  try {
    return await races;
  } catch {
    races = null;
    return new Map();
  }
}

export const builds = {
  title: "Builds",
  lead: "All builds of every visibility, the newest first.",
  filters: [
    {
      name: "reported",
      label: "Open reports",
      options: [
        ["", "All"],
        ["true", "With"],
        ["false", "Without"],
      ],
    },
    ...DATES,
    sizes,
  ],
  tools: (params, { go }) => votesForm(go),
  async load(params, signal) {
    const list = api("/admin/builds", { signal, query: query(params, "reported") });
    const [data, names] = await Promise.all([list, raceNames()]);
    return { ...data, names };
  },
  draw: (data, params, { go }) =>
    data.items.length === 0
      ? empty("No builds match these filters.")
      : table(
          "Builds, newest first",
          [
            {
              title: "Build",
              kind: "head",
              cell: (it) => [userText(it.name), h("p", { class: "muted" }, it.build_id)],
            },
            { title: "Class and race", cell: (it) => `${it.class_name}, ${data.names.get(it.race) ?? it.race}` },
            { title: "Author", kind: "author", cell: (it) => userText(it.created_by) },
            {
              title: "State",
              cell: (it) =>
                h(
                  "div",
                  { class: "row" },
                  visibility(it),
                  it.open_reports > 0 && h("span", { class: "badge warn" }, plural(it.open_reports, "report")),
                ),
            },
            {
              title: "Votes",
              kind: "number",
              cell: votesText,
            },
            { title: "Created (UTC)", cell: (it) => time(it.created_at) },
            {
              title: "Actions",
              kind: "actions",
              cell: (it, redraw) =>
                h(
                  "div",
                  { class: "row" },
                  buildLinks(it, go),
                  hideButton(it, (now) => redraw({ ...it, ...now })),
                ),
            },
          ],
          data.items,
          buildText,
        ),
};

const text = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

export const audit = {
  title: "Audit log",
  lead: "What admins changed, the newest first. It cannot be edited.",
  filters: [...DATES, sizes],
  load: (params, signal) => api("/admin/audit", { signal, query: query(params) }),
  draw: (data) =>
    data.items.length === 0
      ? empty("No admin has changed anything in this period.")
      : table(
          "Audit log, newest first",
          [
            { title: "When (UTC)", kind: "head", cell: (it) => time(it.at) },
            { title: "Actor", cell: (it) => userText(it.actor) },
            { title: "Action", cell: (it) => h("code", {}, it.action) },
            { title: "Target", kind: "text", cell: (it) => userText(it.target) },
            {
              title: "Details",
              kind: "text",
              cell: (it) =>
                Object.entries(it.details ?? {}).map(([name, value]) =>
                  h("div", {}, `${name}: `, userText(text(value))),
                ),
            },
          ],
          data.items,
        ),
};

export { buildLinks, buildPath, buildText, hideButton, setHidden, visibility, votesForm, votesText };
