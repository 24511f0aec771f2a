// Feedback: the list with review and flag in place, one piece of it, and its download.

import { api, h, number, reviewer, say, send, time, userText } from "./admin-core.js";
import {
  actionButton,
  checkbox,
  DATES,
  empty,
  field,
  MODES,
  PERIODS,
  query,
  showErrors,
  sizes,
  table,
} from "./admin-parts.js";

const rating = (item) =>
  h("span", { class: item.rating === "up" ? "badge ok" : "badge bad" }, item.rating === "up" ? "Positive" : "Negative");
const YES_NO = [
  ["", "All"],
  ["false", "No"],
  ["true", "Yes"],
];
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

/** Asks for the reviewer's name when there is none; true when there is one. */
function named() {
  const input = document.querySelector("#reviewer input");
  const name = input.value.trim();
  showErrors(
    input.form,
    name ? [] : [{ field: "reviewer", message: "Enter your name: it is recorded with each review." }],
  );
  if (name) reviewer.set(name);
  else say("Nothing was changed: your name is missing.", true);
  return name !== "";
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
          if (!named()) return "";
          redraw(await setReview(item, {}));
          return `${item.feedback_id} is marked as reviewed by ${reviewer.get()}.`;
        },
        { key: "review" },
      );
  const flagged = item.flagged_for_cleanup;
  const flag = actionButton(
    flagged ? "Remove flag" : "Flag",
    async () => {
      if (!item.reviewed && !named()) return "";
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

function exportForm() {
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
    field({ name: "days", label: "Rated down in", options: PERIODS, value: "30" }),
    actionButton("Download CSV", async () => {
      const period = form.elements.days.value;
      const file = await (await send("/admin/feedback/export", { query: { days: period, bom: "true" } })).blob();
      const url = URL.createObjectURL(file);
      h("a", { href: url, download: `negative-feedback-${period}-days.csv` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      return `negative-feedback-${period}-days.csv was downloaded (${number(Math.ceil(file.size / 1024))} KiB).`;
    }),
  );
  return form;
}

const reviewerForm = () =>
  h(
    "form",
    {
      id: "reviewer",
      class: "inline",
      "aria-label": "Reviewer",
      onsubmit: (event) => {
        event.preventDefault();
        if (named()) say(`Reviews are recorded as ${reviewer.get()}.`);
      },
    },
    field({
      name: "reviewer",
      label: "Reviewing as",
      value: reviewer.get(),
      maxlength: 100,
      onchange: (event) => reviewer.set(event.target.value.trim()),
    }),
  );

function list(data, params, { go }) {
  const columns = [
    {
      title: "Query",
      kind: "head",
      cell: (it) => [userText(it.query), it.comment && h("p", { class: "muted clamp" }, userText(it.comment))],
    },
    { title: "Rating", cell: (it) => h("div", { class: "row" }, rating(it), it.search_mode) },
    { title: "Received (UTC)", cell: (it) => time(it.received_at) },
    { title: "Review", cell: state },
    { title: "Actions", kind: "actions", cell: (it, redraw) => actions(it, redraw, params, go) },
  ];
  const filtered = ["rating", "search_mode", "reviewed", "flagged", "query_search", "date_from", "date_to"].some(
    (name) => params.get(name),
  );
  if (data.items.length) return table("Feedback, newest first", columns, data.items);
  return empty(
    filtered
      ? "No feedback matches these filters. Clear one of them to see more."
      : "Nothing to review: there is no feedback yet.",
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
      h(
        "dl",
        { class: "panel pairs" },
        entries.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
      ),
      form,
    ),
  );
  return section;
}

export const feedback = {
  title: "Feedback",
  lead: "What players said about answers, and what was done about it.",
  filters: [
    { name: "query_search", label: "Query contains", type: "search", maxlength: 100 },
    {
      name: "rating",
      label: "Rating",
      options: [
        ["", "All"],
        ["down", "Negative"],
        ["up", "Positive"],
      ],
    },
    { name: "search_mode", label: "Mode", options: MODES },
    { name: "reviewed", label: "Reviewed", options: YES_NO },
    { name: "flagged", label: "Flagged", options: YES_NO },
    ...DATES,
    sizes,
  ],
  tools: () => [reviewerForm(), exportForm()],
  load: (params, signal) =>
    api("/admin/feedback", {
      signal,
      query: query(params, "rating", "search_mode", "reviewed", "flagged", "query_search"),
    }),
  draw: list,
};

export const item = {
  title: "One piece of feedback",
  load: (params, signal) => api(path(params.get("id") ?? ""), { signal }),
  draw: detail,
};
