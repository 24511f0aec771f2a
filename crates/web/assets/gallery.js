// Suggestions under the search field (an ARIA combobox), and a sign that a list is being loaded.
import { isolated } from "./text.js";

const root = document.documentElement.dataset;
const input = document.getElementById("search");
const box = document.querySelector(".search-box");
const kinds = { class: "Class", race: "Race", tag: "Tag", build: "Build" };
const number = new Intl.NumberFormat("en");
const list = document.createElement("ul");
let options = [];
let active = -1;
let timer = 0;
let request = null;

list.id = "suggestions";
list.className = "suggestions";
list.role = "listbox";
list.ariaLabel = "Suggestions";
list.hidden = true;
box.append(list);
input.role = "combobox";
input.ariaAutoComplete = "list";
input.ariaExpanded = "false";
input.setAttribute("aria-controls", list.id);

function close() {
  list.hidden = true;
  active = -1;
  input.ariaExpanded = "false";
  input.removeAttribute("aria-activedescendant");
}

function mark(at) {
  active = at;
  [...list.children].forEach((item, index) => (item.ariaSelected = String(index === at)));
  if (at < 0) input.removeAttribute("aria-activedescendant");
  else input.setAttribute("aria-activedescendant", list.children[at].id);
}

function open(option) {
  if (option.kind === "class" || option.kind === "tag") {
    const name = option.kind === "class" ? "class_name" : "tag";
    location.assign(`${root.mount}/builds?${name}=${encodeURIComponent(option.text)}`);
    return;
  }
  input.value = option.text;
  close();
  input.form.requestSubmit();
}

function show(suggestions) {
  options = suggestions;
  list.replaceChildren(
    ...options.map((option, at) => {
      const item = document.createElement("li");
      const text = isolated(option.text);
      const kind = document.createElement("span");
      item.id = `suggestion-${at}`;
      item.role = "option";
      item.ariaSelected = "false";
      kind.className = "muted";
      // A name is mostly that of one build.
      const count = option.kind === "build" ? "" : ` · ${number.format(option.count)}`;
      kind.textContent = `${kinds[option.kind] ?? ""}${count}`;
      item.append(text, kind);
      item.addEventListener("pointerdown", (event) => event.preventDefault());
      item.addEventListener("click", () => open(option));
      return item;
    }),
  );
  active = -1;
  list.hidden = options.length === 0;
  input.ariaExpanded = String(!list.hidden);
}

async function suggest() {
  const text = input.value.trim().slice(0, 50);
  request?.abort();
  if (text.length < 2) return close();
  request = new AbortController();
  try {
    const url = `${root.api}/builds/suggest?limit=8&q=${encodeURIComponent(text)}`;
    const response = await fetch(url, { signal: request.signal, credentials: "omit" });
    if (!response.ok) return close();
    const { suggestions } = await response.json();
    if (document.activeElement === input) show(suggestions);
  } catch {
    // Aborted by a newer text, or not reachable: the search works without suggestions.
  }
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(suggest, 120);
});
input.addEventListener("blur", close);
input.addEventListener("keydown", (event) => {
  if (list.hidden) return;
  const { key } = event;
  if (key === "ArrowDown") mark(active + 1 >= options.length ? -1 : active + 1);
  else if (key === "ArrowUp") mark(active < 0 ? options.length - 1 : active - 1);
  else if (key === "Enter" && active >= 0) open(options[active]);
  else if (key === "Escape") close();
  else return;
  event.preventDefault();
});

// On a phone the filters stay open, where they were, while one after the other is chosen.
const filters = document.querySelector(".filters-all");
const KEPT = "filters";
if (filters && matchMedia("(max-width: 39.99rem)").matches) {
  try {
    const kept = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    if (kept !== null) {
      filters.open = true;
      scrollTo(0, Number(kept));
    }
    filters.addEventListener("click", (event) => {
      if (event.target.closest(".facet a")) sessionStorage.setItem(KEPT, scrollY);
    });
  } catch {
    // Storage is blocked: the filters close, as without script.
  }
}

// A list that is slow to come is announced after 200 ms; one that comes at once does not flicker.
const results = document.querySelector(".results");
function leaving() {
  setTimeout(() => (results.ariaBusy = "true"), 200);
}
document.addEventListener("submit", leaving);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".filters a, .results-head a, .active a, .pager a, .drops a");
  if (link && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey) leaving();
});
addEventListener("pageshow", () => (results.ariaBusy = "false"));
