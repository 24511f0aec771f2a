// Feedback: the list with review and flag in place, one piece of it, and its download.

import { api, h, number, reviewer, say, send, time, userText } from "./admin-core.js";
import {
  actionButton,
  checkbox,
  DATES,
  empty,
  field,
  longText,
  MODES,
  pairs,
  PERIODS,
  query,
  showErrors,
  sizes,
  table,
} from "./admin-parts.js";

const rating = (item) =>
  h("span", { class: item.rating === "up" ? "badge ok" : "badge bad" }, item.rating === "up" ? "Positive" : "Negative");
const yesNo = (all) => [
  [all, "All"],
  ["false", "No"],
  ["true", "Yes"],
];
/** What needs work is what the list shows at first. */
const FIRST = { rating: "down", reviewed: "false" };
const FILTERS = ["rating", "reviewed", "search_mode", "flagged", "query_search", "date_from", "date_to"];

/** What the API gets of the filters. */
function filters(params) {
  const first = Object.entries(FIRST).map(([name, value]) => [name, (params.get(name) ?? value).replace(/^all$/, "")]);
  return { ...query(params, ...FILTERS), ...Object.fromEntries(first) };
}

const path = (id, rest = "") => `/admin/feedback/${encodeURIComponent(id)}${rest}`;

const setReview = (item, changes) =>
  api(path(item.feedback_id, "/review"), {
    method: "POST",
    body: {
      reviewed_by: item.reviewed_by ?? reviewer.get(),
      flagged_for_cleanup: item.flagged_for_cleanup,
      cleanup_issue_url: item.cleanup_issue_url,
      ...changes,
    },
  });

const takeBack = (item) => api(path(item.feedback_id, "/review"), { method: "DELETE" });

function state(item) {
  return h(
    "div",
    { class: "row" },
    item.reviewed
      ? h("span", { class: "badge ok" }, h("span", {}, "Reviewed by ", userText(item.reviewed_by)))
      : h("span", { class: "badge" }, "Not reviewed"),
    item.flagged_for_cleanup && h("span", { class: "badge warn" }, "⚑ Flagged"),
  );
}

function actions(item, redraw, params, go) {
  const target = new URLSearchParams(params);
  target.set("view", "item");
  target.set("id", item.feedback_id);
  const review = item.reviewed
    ? actionButton(
        "Undo review",
        async () => {
          redraw(await takeBack(item));
          return `The review of ${item.feedback_id} was taken back${item.flagged_for_cleanup ? ", and its flag" : ""}.`;
        },
        { key: "review" },
      )
    : actionButton(
        "Mark reviewed",
        async () => {
          redraw(await setReview(item, {}));
          return `${item.feedback_id} is marked as reviewed by ${reviewer.get()}.`;
        },
        { key: "review" },
      );
  const flagged = item.flagged_for_cleanup;
  const flag = actionButton(
    flagged ? "Remove flag" : "Flag",
    async () => {
      redraw(await setReview(item, { flagged_for_cleanup: !flagged }));
      return flagged
        ? `${item.feedback_id} is no longer flagged.`
        : `${item.feedback_id} is flagged for cleanup and reviewed.`;
    },
    { key: "flag" },
  );
  const open = h("a", { class: "button", href: `?${target}`, onclick: (event) => go(event, target) }, "Open");
  return h("div", { class: "row" }, open, review, flag);
}

function download() {
  const form = h(
    "form",
    {
      class: "inline",
      "aria-label": "Download",
      onsubmit: (event) => {
        event.preventDefault();
        form.querySelector("button").click();
      },
    },
    field({ name: "days", label: "Received in the last", options: PERIODS, value: "30" }),
    actionButton("Download CSV", async () => {
      const period = form.elements.days.value;
      const file = await (await send("/admin/feedback/export", { query: { days: period, bom: "true" } })).blob();
      const url = URL.createObjectURL(file);
      h("a", { href: url, download: `negative-feedback-${period}-days.csv` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      return `negative-feedback-${period}-days.csv was downloaded (${number(Math.ceil(file.size / 1024))} KiB).`;
    }),
  );
  return h(
    "section",
    { class: "panel stack" },
    h("h2", {}, "Download negative feedback"),
    h(
      "p",
      { class: "muted" },
      "A CSV file with the query, response, comment and review of all feedback rated down in the period, reviewed or " +
        "not. The filters above do not apply to it.",
    ),
    form,
  );
}

function list(data, params, { go }) {
  const columns = [
    {
      title: "Query",
      kind: "head",
      cell: (it) => [longText(it.query), it.comment && longText(it.comment, "muted")],
    },
    { title: "Rating", cell: (it) => h("div", { class: "row" }, rating(it), it.search_mode) },
    { title: "Received (UTC)", cell: (it) => time(it.received_at) },
    { title: "Review", cell: state },
    { title: "Actions", kind: "actions", cell: (it, redraw) => actions(it, redraw, params, go) },
  ];
  if (data.items.length) return table("Feedback, newest first", columns, data.items);
  const chosen = filters(params);
  if (!FILTERS.some((name) => chosen[name])) return empty("There is no feedback yet.");
  const all = new URLSearchParams({ view: "feedback", rating: "all", reviewed: "all" });
  return empty(
    FILTERS.some((name) => params.has(name))
      ? "No feedback matches these filters."
      : "Nothing to do: all negative feedback is reviewed.",
    h("a", { class: "button", href: `?${all}`, onclick: (event) => go(event, all) }, "Show all feedback"),
  );
}

function detail(item, params, { go }) {
  const back = new URLSearchParams(params);
  back.set("view", "feedback");
  back.delete("id");
  const form = h("form", {
    class: "panel stack",
    "aria-label": "Review",
    onsubmit: (event) => {
      event.preventDefault();
      form.querySelector('[data-key="save"]').click();
    },
  });
  const section = h("article", { class: "detail" });
  const redraw = (changed, key) => {
    section.replaceWith(detail(changed, params, { go }));
    document.querySelector(`[data-key="${key}"]`)?.focus();
  };
  const save = actionButton(
    "Save review",
    async () => {
      const { reviewed_by: by, cleanup_issue_url: url, flagged_for_cleanup: flag } = form.elements;
      showErrors(form, []);
      try {
        const changed = await setReview(item, {
          reviewed_by: by.value.trim(),
          cleanup_issue_url: url.value.trim() || null,
          flagged_for_cleanup: flag.checked,
        });
        reviewer.set(by.value.trim());
        redraw(changed, "save");
        return `The review of ${item.feedback_id} was saved.`;
      } catch (error) {
        if (error.status !== 422 || !showErrors(form, error.fields)) throw error;
        say("The review was not saved. What you entered is kept: correct the marked fields, then save again.", true);
        return null;
      }
    },
    { key: "save", primary: true },
  );
  form.append(
    h("h2", {}, "Review"),
    field({ name: "reviewed_by", label: "Your name", value: item.reviewed_by ?? reviewer.get(), maxlength: 100 }),
    field({
      name: "cleanup_issue_url",
      label: "Cleanup issue (optional)",
      type: "url",
      value: item.cleanup_issue_url ?? "",
      hint: "An http or https address of at most 500 characters.",
    }),
    checkbox("flagged_for_cleanup", "Flagged for cleanup", item.flagged_for_cleanup),
    h(
      "div",
      { class: "row" },
      save,
      item.reviewed &&
        actionButton("Undo review", async () => {
          redraw(await takeBack(item), "save");
          return `The review of ${item.feedback_id} was taken back.`;
        }),
    ),
  );
  const entries = [
    ["Query", userText(item.query)],
    ["Response", userText(item.response_snippet)],
    ["Comment", item.comment ? userText(item.comment) : "None"],
    ["Rating", rating(item)],
    ["Mode", item.search_mode],
    ["Received (UTC)", time(item.received_at)],
    ["Player", item.player_id ? userText(item.player_id) : "Anonymous"],
    ["State", [state(item), item.reviewed_at && time(item.reviewed_at)]],
  ];
  section.append(
    h("p", {}, h("a", { class: "button", href: `?${back}`, onclick: (event) => go(event, back) }, "Back to the list")),
    h(
      "div",
      { class: "columns" },
      pairs(entries, "panel pairs"),
      form,
    ),
  );
  return section;
}

export const feedback = {
  title: "Feedback",
  lead: "What players said about answers, and what was done about it. At first: what is negative and not reviewed.",
  filters: [
    { name: "query_search", label: "Query contains", type: "search", maxlength: 100 },
    {
      name: "rating",
      label: "Rating",
      initial: FIRST.rating,
      options: [
        ["all", "All"],
        ["down", "Negative"],
        ["up", "Positive"],
      ],
    },
    { name: "search_mode", label: "Mode", options: MODES },
    { name: "reviewed", label: "Reviewed", initial: FIRST.reviewed, options: yesNo("all") },
    { name: "flagged", label: "Flagged", options: yesNo("") },
    ...DATES,
    sizes,
  ],
  load: (params, signal) => api("/admin/feedback", { signal, query: filters(params) }),
  draw: list,
  foot: download,
};

export const item = {
  title: "One piece of feedback",
  load: (params, signal) => api(path(params.get("id") ?? ""), { signal }),
  draw: detail,
};
