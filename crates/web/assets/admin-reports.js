// Reports. Those about one build stand together, so that one decision settles them.

import { buildLinks, buildText, hideButton, setHidden, visibility } from "./admin-builds.js";
import { api, countReports, explain, h, number, plural, say, time, userText } from "./admin-core.js";
import { actionButton, DATES, empty, longText, query, sizes, table } from "./admin-parts.js";

const openReports = (group) => group.reports.filter((it) => !it.resolved_at);

/** Resolves the open reports of a group one after the other. `hiding` is the outcome of hiding their build before. */
async function resolveAll(group, redraw, hiding) {
  const open = openReports(group);
  const outcome = (...texts) => ({ ...hiding, text: [hiding?.text, ...texts].filter(Boolean).join(" ") });
  let resolved = 0;
  try {
    for (const report of open) {
      const path = `/admin/reports/${encodeURIComponent(report.report_id)}/resolve`;
      Object.assign(report, await api(path, { method: "POST" }));
      resolved += 1;
    }
  } catch (error) {
    if (error.unauthorized) throw error;
    const count = `${number(resolved)} of ${plural(open.length, "report")} about ${group.build_id}`;
    say(outcome(`${count} were resolved.`, explain(error, true, "The others are still open.")), true);
    return null;
  } finally {
    redraw(group);
    countReports().catch(() => {});
  }
  const verb = open.length === 1 ? "is" : "are";
  return outcome(`${plural(open.length, "report")} about ${group.build_id} ${verb} resolved.`);
}

function actions(group, redraw, go) {
  const open = openReports(group).length;
  const all = open > 1 ? " all" : "";
  const changed = (now) => redraw(Object.assign(group, now));
  const hideAndResolve = async () => {
    // The row is drawn once, at the end: until then no other button takes the place of this one.
    const { text } = await setHidden(group.build_id, true, (now) => Object.assign(group, now));
    const undo = () => setHidden(group.build_id, false, changed);
    return resolveAll(group, redraw, { text, undo, undoLabel: "Undo hiding", key: "hide" });
  };
  return h(
    "div",
    { class: "row" },
    buildLinks(group, go),
    open > 0 &&
      actionButton(`${group.hidden ? "Resolve" : "Dismiss"}${all}`, () => resolveAll(group, redraw), {
        key: "resolve",
      }),
    open > 0 && !group.hidden
      ? actionButton(`Hide and resolve${all}`, hideAndResolve, { key: "hide", danger: true })
      : hideButton(group, changed),
  );
}

const reason = (it) =>
  h(
    "li",
    {},
    longText(it.reason),
    h(
      "div",
      { class: "row muted" },
      it.resolved_at
        ? [h("span", { class: "badge ok" }, "Resolved"), time(it.resolved_at)]
        : [h("span", { class: "badge warn" }, "Open"), time(it.reported_at)],
    ),
  );

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
  /** A page of reports, with a group for each build among them. */
  async load(params, signal) {
    const resolved = params.get("resolved") ?? "false";
    const data = await api("/admin/reports", {
      signal,
      query: { ...query(params), resolved: resolved === "all" ? "" : resolved },
    });
    const ids = [...new Set(data.items.map((it) => it.build_id))];
    data.groups = await Promise.all(
      ids.map(async (id) => ({
        ...(await api(`/builds/${encodeURIComponent(id)}`, { signal }).catch(() => null)),
        build_id: id,
        reports: data.items.filter((it) => it.build_id === id),
      })),
    );
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
    const count = (group) => `${plural(group.reports.length, "report")}${data.pages > 1 ? " on this page" : ""}`;
    return table(
      "Reports, oldest first",
      [
        {
          title: "Build",
          kind: "head",
          cell: (it) => [
            it.name ? userText(it.name) : "Private or deleted",
            h(
              "div",
              { class: "row muted" },
              it.build_id,
              visibility(it),
              h("span", { class: "badge warn" }, count(it)),
            ),
          ],
        },
        {
          title: "Reasons (times in UTC)",
          kind: "text",
          cell: (it) => h("ul", { class: "reasons" }, it.reports.map(reason)),
        },
        { title: "Actions", kind: "actions", cell: (it, redraw) => actions(it, redraw, go) },
      ],
      data.groups,
      buildText,
    );
  },
};
