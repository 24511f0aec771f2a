// The parts that admin views are made of: tables, pages of a list, filters, fields with errors.

import { act, h, number, plural, userText } from "./admin-core.js";

const MAX_DEPTH = 10_000;
/** Characters that fit into the lines of a clamped text. */
const SHORT_TEXT = 100;
let ids = 0;

/** A push button. `key` names it within its row, so that the focus survives a redrawn row. */
const button = (label, onclick, { key, primary, danger } = {}) =>
  h(
    "button",
    {
      type: "button",
      "data-key": key,
      onclick,
      class: `button${primary ? " primary" : ""}${danger ? " danger" : ""}`,
    },
    label,
  );

/** A button that writes; see `act`. */
const actionButton = (label, run, options) => button(label, (event) => act(event.currentTarget, run), options);

/** A button for what cannot be undone: the first press asks for a second one. */
function confirmButton(label, question, run, options) {
  let asked = false;
  const node = button(
    label,
    () => {
      if (asked) {
        act(node, run);
        return;
      }
      asked = true;
      node.textContent = question;
    },
    { ...options, danger: true },
  );
  node.addEventListener("blur", () => {
    asked = false;
    node.textContent = label;
  });
  return node;
}

/**
 * A table whose rows become cards on narrow screens; roles keep its meaning there.
 * A column is `{ title, cell(item, redraw), kind }`; `redraw(changed)` draws all rows again, with `changed` for the item.
 * What `more(item)` returns, if anything, has a row of its own below.
 */
function table(caption, columns, items, more = () => null) {
  const all = [...items];
  const body = h("tbody", { role: "rowgroup" });
  const cell = ({ title, kind, cell: content }, item, redraw) =>
    h(
      kind === "head" ? "th" : "td",
      {
        role: kind === "head" ? "rowheader" : "cell",
        scope: kind === "head" && "row",
        class: kind,
        "data-label": title,
      },
      h("div", {}, content(item, redraw)),
    );
  const draw = () => {
    const rows = all.map((item, index) => {
      const redraw = (changed) => {
        const { key } = document.activeElement?.dataset ?? {};
        all[index] = changed;
        const row = draw()[index];
        (row.querySelector(`[data-key="${key}"]`) ?? row).focus();
      };
      return h(
        "tr",
        { role: "row", tabindex: -1 },
        columns.map((column) => cell(column, item, redraw)),
      );
    });
    const below = all.map((item) => {
      const content = more(item);
      return content
        ? [h("tr", { role: "row", class: "more" }, h("td", { role: "cell", colspan: columns.length }, content))]
        : [];
    });
    body.replaceChildren(...rows.flatMap((row, index) => [row, ...below[index]]));
    return rows;
  };
  draw();
  const headers = columns.map(({ title, kind }) => h("th", { role: "columnheader", scope: "col", class: kind }, title));
  return h(
    "div",
    { class: "table-wrap" },
    h(
      "table",
      { role: "table", class: "table cards" },
      h("caption", {}, caption),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, headers)),
      body,
    ),
  );
}

/** A player's text; a long one shows its first lines until it is opened. */
const longText = (text, className) =>
  text.length <= SHORT_TEXT && text.split("\n").length <= 2
    ? h("p", { class: className }, userText(text))
    : h(
        "details",
        { class: ["long", className].filter(Boolean).join(" ") },
        h("summary", {}, h("span", { class: "clamp" }, userText(text))),
      );

/** Names with their values. */
const pairs = (entries, className = "pairs") =>
  h(
    "dl",
    { class: className },
    entries.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );

/** What a list without items says: what it means, and which way on. */
const empty = (text, action) => h("div", { class: "empty" }, h("p", {}, text), action);

/** Where a list stands, in words. */
function position(data, params) {
  const shown = plural(data.total, "item");
  return params.has("cursor")
    ? `${shown}, beyond the first ${number(MAX_DEPTH)}`
    : `${shown}, page ${number(data.page)} of ${number(Math.max(data.pages, 1))}`;
}

/** Links to the pages around; a cursor goes on where page numbers end. */
function pager(data, params, go) {
  const link = (label, changes) => {
    const target = new URLSearchParams(params);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) target.delete(name);
      else target.set(name, value);
    }
    return h(
      "a",
      {
        href: `?${target}`,
        class: "button",
        onclick: (event) => go(event, target, "page"),
      },
      label,
    );
  };
  const behindCursor = params.has("cursor");
  const numbered = (data.page + 1) * data.limit <= MAX_DEPTH && !behindCursor;
  const previous = behindCursor
    ? link("Back to page 1", { page: null, cursor: null })
    : data.page > 1 && link("Previous", { page: data.page - 1 });
  const next =
    data.next_cursor &&
    (numbered ? link("Next", { page: data.page + 1 }) : link("Next", { page: null, cursor: data.next_cursor }));
  return h(
    "nav",
    { class: "pager", "aria-label": "Pages" },
    h("p", { class: "muted" }, position(data, params)),
    previous,
    next,
  );
}

/** A labelled field; `options` makes it a select. */
function field({ name, label, options, hint, error, value = "", ...attributes }) {
  const id = `field-${(ids += 1)}`;
  const described = [hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(" ");
  const common = { id, name, "aria-describedby": described, "aria-invalid": Boolean(error) && "true" };
  const input = options
    ? h(
        "select",
        common,
        options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)),
      )
    : h("input", { type: "text", autocomplete: "off", value, ...common, ...attributes });
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    input,
    hint && h("p", { id: `${id}-hint`, class: "hint" }, hint),
    h("p", { id: `${id}-error`, class: "field-error" }, error),
  );
}

const checkbox = (name, label, checked) =>
  h("label", { class: "check" }, h("input", { type: "checkbox", name, checked }), label);

/** Shows the errors of a 422 beside their fields and focuses the first; false when a field is not in the form. */
function showErrors(form, errors) {
  const inputs = [...form.elements].filter((input) => input.name);
  for (const input of inputs) {
    const error = errors.find((it) => it.field === input.name);
    const text = document.getElementById(`${input.id}-error`);
    if (!text) continue;
    input.toggleAttribute("aria-invalid", false);
    if (error) input.setAttribute("aria-invalid", "true");
    text.textContent = error ? error.message : "";
  }
  form.querySelector("[aria-invalid]")?.focus();
  return errors.length > 0 && errors.every((error) => inputs.some((input) => input.name === error.field));
}

/** The filters of a view, as a form whose values go to the address. A filter empties those that it `clears`. */
function filterForm(fields, params, base, go) {
  const values = fields.map((it) => [it.name, params.get(it.name) ?? it.initial ?? ""]);
  const active = fields.filter((it) => (params.get(it.name) ?? it.initial ?? "") !== (it.initial ?? "")).length;
  const submit = (event) => {
    const target = new URLSearchParams(base);
    for (const [name, value] of new FormData(event.target)) {
      const { initial = "" } = fields.find((it) => it.name === name);
      if (value.trim() !== initial) target.set(name, value.trim());
    }
    go(event, target, "filters");
  };
  const clear = ({ target }) => {
    const { clears = [] } = fields.find((it) => it.name === target.name);
    if (target.value) for (const name of clears) target.form.elements[name].value = "";
  };
  const cleared = new URLSearchParams(base);
  return h(
    "details",
    { class: "filters", open: matchMedia("(min-width: 640px)").matches },
    h("summary", {}, active ? `Filters (${active} active)` : "Filters"),
    h(
      "form",
      { onsubmit: submit, onchange: clear, role: "search", "aria-label": "Filters" },
      fields.map(({ clears, ...it }, index) => field({ ...it, value: values[index][1] })),
      h(
        "div",
        { class: "row" },
        h("button", { class: "button primary", "data-focus": "filters" }, "Apply filters"),
        active > 0 &&
          h(
            "a",
            {
              class: "button",
              href: `?${cleared}`,
              onclick: (event) => go(event, cleared, "filters"),
            },
            "Clear",
          ),
      ),
    ),
  );
}

const MODES = [
  ["", "All"],
  ["quick", "Quick"],
  ["smart", "Smart"],
  ["deep", "Deep"],
];
const DATES = [
  { name: "date_from", label: "From (UTC)", type: "date" },
  { name: "date_to", label: "To (UTC)", type: "date" },
];
const PERIODS = ["7", "30", "90", "365"].map((it) => [it, `${it} days`]);

/** The choice of a period, as links. */
function periods(initial, params, view, go) {
  const chosen = params.get("days") ?? initial;
  return h(
    "nav",
    { class: "segments", "aria-label": "Period" },
    PERIODS.map(([value, label]) => {
      const target = new URLSearchParams(value === initial ? { view } : { view, days: value });
      return h(
        "a",
        {
          href: `?${target}`,
          "aria-current": value === chosen && "true",
          "data-focus": value === chosen && "filters",
          onclick: (event) => go(event, target, "filters"),
        },
        label,
      );
    }),
  );
}

const sizes = {
  name: "limit",
  label: "Rows",
  initial: "20",
  options: [
    ["20", "20"],
    ["50", "50"],
    ["100", "100"],
  ],
};

/** The parameters of the address that the API takes. */
const query = (params, ...names) =>
  Object.fromEntries(
    ["date_from", "date_to", "page", "limit", "cursor", ...names].map((name) => [name, params.get(name) ?? ""]),
  );

/** Key figures beside each other. */
const figures = (entries) =>
  h(
    "dl",
    { class: "figures" },
    entries.map(([name, value, note]) =>
      h("div", {}, h("dt", {}, name), h("dd", {}, value, note && h("span", { class: "muted" }, note))),
    ),
  );

export {
  DATES,
  MODES,
  PERIODS,
  actionButton,
  button,
  checkbox,
  confirmButton,
  empty,
  field,
  figures,
  filterForm,
  longText,
  pager,
  pairs,
  periods,
  position,
  query,
  showErrors,
  sizes,
  table,
};
