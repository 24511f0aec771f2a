// Queries: whose answers are rated down, which find nothing, which are hidden.

import { act, api, h, number, percent, say, time, userText } from "./admin-core.js";
import {
  actionButton,
  button,
  DATES,
  PERIODS,
  empty,
  field,
  figures,
  query,
  showErrors,
  sizes,
  table,
} from "./admin-parts.js";

const HIDDEN = "/admin/analytics/hidden-queries";

export const patterns = {
  title: "Negative queries",
  lead: "Queries whose answers were most often rated down.",
  periods: "30",
  load: (params, signal) => api("/admin/feedback/patterns", { signal, query: { days: params.get("days") ?? "30" } }),
  draw(data, params, { go }) {
    const show = (it) =>
      button("Show feedback", (event) => {
        const words = [...it.query].slice(0, 100).join("");
        go(event, new URLSearchParams({ view: "feedback", rating: "down", reviewed: "all", query_search: words }));
      });
    return [
      figures([
        ["Negative", number(data.total_negative)],
        ["Of these not reviewed", number(data.total_unreviewed)],
      ]),
      data.frequent_queries.length === 0
        ? empty("No negative feedback in this period.")
        : table(
            "Most frequent first",
            [
              { title: "Query", kind: "head", cell: (it) => userText(it.query) },
              { title: "Negative ratings", kind: "number", cell: (it) => number(it.negative_count) },
              { title: "Actions", kind: "actions", cell: show },
            ],
            data.frequent_queries,
          ),
    ];
  },
};

export const zero = {
  title: "Nothing found",
  lead: "Searches without a result, the most frequent first: what players miss.",
  filters: [
    {
      name: "days",
      label: "Period",
      initial: "7",
      options: [...PERIODS, ["", "By dates"]],
      clears: ["date_from", "date_to"],
    },
    ...DATES.map((it) => ({ ...it, clears: ["days"] })),
    sizes,
  ],
  load: (params, signal) => api("/admin/analytics/zero-results", { signal, query: query(params, "days") }),
  draw: (data) =>
    data.queries.length === 0
      ? empty("Every search in this period found something.")
      : table(
          "Searches without results",
          [
            { title: "Query", kind: "head", cell: (it) => userText(it.query) },
            { title: "Mode", cell: (it) => it.search_mode },
            { title: "Without results", kind: "number", cell: (it) => number(it.zero_count) },
            { title: "Searches", kind: "number", cell: (it) => number(it.count) },
            { title: "Share", kind: "number", cell: (it) => percent(it.zero_count / it.count) },
            { title: "Last day", cell: (it) => h("time", { datetime: it.last_day }, it.last_day) },
          ],
          data.queries,
        ),
};

function hideForm({ reload }) {
  const form = h("form", {
    class: "inline",
    "aria-label": "Hide a query",
    onsubmit: (event) => {
      event.preventDefault();
      act(form.querySelector("button"), hide);
    },
  });
  const hide = async () => {
    const input = form.elements.query;
    showErrors(form, []);
    try {
      const hidden = await api(HIDDEN, { method: "POST", body: { query: input.value } });
      input.value = "";
      await reload();
      return `“${hidden.query}” is hidden from popular queries.`;
    } catch (error) {
      if (error.status !== 422 || !showErrors(form, error.fields)) throw error;
      say("Nothing was hidden. Correct the marked field, then try again.", true);
      return null;
    }
  };
  form.append(
    field({ name: "query", label: "Query to hide", hint: "Case and white space do not matter.", maxlength: 500 }),
    h("button", { class: "button primary" }, "Hide query"),
  );
  return form;
}

export const hidden = {
  title: "Hidden queries",
  lead: "Queries that are kept out of the public list of popular queries.",
  filters: [...DATES, sizes],
  tools: (params, context) => hideForm(context),
  load: (params, signal) => api(HIDDEN, { signal, query: query(params) }),
  draw(data) {
    const show = (it, redraw) =>
      it.shown
        ? "Shown again"
        : actionButton("Show again", async () => {
            await api(HIDDEN, { method: "DELETE", body: { query: it.query } });
            redraw({ ...it, shown: true });
            return `“${it.query}” may appear among popular queries again.`;
          });
    return data.queries.length === 0
      ? empty("No query is hidden here.")
      : table(
          "Hidden queries, newest first",
          [
            { title: "Query", kind: "head", cell: (it) => userText(it.query) },
            { title: "Hidden (UTC)", cell: (it) => time(it.hidden_at) },
            { title: "Actions", kind: "actions", cell: show },
          ],
          data.queries,
        );
  },
};
