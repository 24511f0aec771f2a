// Moderation: reports, builds, and the audit log.

import { api, countReports, h, mount, number, plural, time, userText } from "./admin-core.js";
import { actionButton, DATES, empty, field, query, sizes, table } from "./admin-parts.js";

const buildPath = (id, rest = "") => `/admin/builds/${encodeURIComponent(id)}${rest}`;

/** How the page of a build is reached, and its votes. */
function buildLinks(id, go) {
  const votes = new URLSearchParams({ view: "votes", build: id });
  return [
    h("a", { class: "button", href: `?${votes}`, onclick: (event) => go(event, votes) }, "Votes"),
    h("a", { class: "button", href: `${mount}/b/${encodeURIComponent(id)}` }, "Page"),
  ];
}

/** Hides or restores; `changed` gets whether it is hidden now. */
const hideButton = (id, hidden, changed) =>
  actionButton(
    hidden ? "Restore" : "Hide",
    async () => {
      const now = await api(buildPath(id, hidden ? "/restore" : "/hide"), { method: "POST" });
      changed(now);
      return now.hidden
        ? `${id} is hidden: only its owner and admins see it.`
        : `${id} is restored and ${now.visibility} again.`;
    },
    { key: "hide" },
  );

const visibility = (build) => [
  build.hidden && h("span", { class: "badge bad" }, "Hidden"),
  h("span", { class: "badge" }, build.visibility),
];

export const reports = {
  title: "Reports",
  lead: "Builds that players objected to, the oldest report first.",
  filters: [
    {
      name: "resolved",
      label: "State",
      initial: "false",
      options: [
        ["false", "Open"],
        ["true", "Resolved"],
        ["all", "All"],
      ],
    },
    ...DATES,
    sizes,
  ],
  async load(params, signal) {
    const resolved = params.get("resolved") ?? "false";
    const data = await api("/admin/reports", {
      signal,
      query: { ...query(params), resolved: resolved === "all" ? "" : resolved },
    });
    const ids = [...new Set(data.items.map((it) => it.build_id))];
    const found = await Promise.all(
      ids.map((id) => api(`/builds/${encodeURIComponent(id)}`, { signal }).catch(() => null)),
    );
    data.builds = new Map(ids.map((id, index) => [id, found[index]]));
    return data;
  },
  draw(data, params, { go }) {
    if (data.items.length === 0) {
      return empty(
        (params.get("resolved") ?? "false") === "false"
          ? "Nothing to do: no report is open."
          : "No reports match these filters.",
      );
    }
    const build = (it) => data.builds.get(it.build_id);
    const changed = (it, redraw) => (now) => {
      data.builds.set(it.build_id, { ...build(it), ...now });
      redraw(it);
    };
    const resolve = (it, redraw) =>
      actionButton(
        "Resolve",
        async () => {
          redraw(await api(`/admin/reports/${encodeURIComponent(it.report_id)}/resolve`, { method: "POST" }));
          countReports().catch(() => {});
          return `The report about ${it.build_id} is resolved.`;
        },
        { key: "resolve" },
      );
    return table(
      "Reports, oldest first",
      [
        {
          title: "Build",
          kind: "head",
          cell: (it) => [
            build(it)?.name ? userText(build(it).name) : "Private or deleted",
            h("div", { class: "row muted" }, it.build_id, build(it) && visibility(build(it))),
          ],
        },
        { title: "Reason", kind: "text", cell: (it) => userText(it.reason) },
        { title: "Reported (UTC)", cell: (it) => time(it.reported_at) },
        {
          title: "State",
          cell: (it) =>
            it.resolved_at
              ? [h("span", { class: "badge ok" }, "Resolved"), " ", time(it.resolved_at)]
              : h("span", { class: "badge warn" }, "Open"),
        },
        {
          title: "Actions",
          kind: "actions",
          cell: (it, redraw) =>
            h(
              "div",
              { class: "row" },
              !it.resolved_at && resolve(it, redraw),
              hideButton(it.build_id, build(it)?.hidden ?? false, changed(it, redraw)),
              buildLinks(it.build_id, go),
            ),
        },
      ],
      data.items,
    );
  },
};

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
  load: (params, signal) => api("/admin/builds", { signal, query: query(params, "reported") }),
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
            { title: "Class and race", cell: (it) => `${it.class_name}, ${it.race}` },
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
              cell: (it) => `${number(it.vote_count)}${it.rating === null ? "" : ` · ${it.rating} ★`}`,
            },
            { title: "Created (UTC)", cell: (it) => time(it.created_at) },
            {
              title: "Actions",
              kind: "actions",
              cell: (it, redraw) =>
                h(
                  "div",
                  { class: "row" },
                  hideButton(it.build_id, it.hidden, (now) => redraw({ ...it, ...now })),
                  buildLinks(it.build_id, go),
                ),
            },
          ],
          data.items,
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

export { buildPath, visibility, votesForm };
