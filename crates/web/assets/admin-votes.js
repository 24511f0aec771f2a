// The votes of a build, and their removal one by one or together.

import { buildPath, visibility, votesForm, votesText } from "./admin-builds.js";
import { act, api, h, number, plural, say, time, userText } from "./admin-core.js";
import {
  actionButton,
  button,
  confirmButton,
  DATES,
  empty,
  field,
  query,
  showErrors,
  sizes,
  table,
} from "./admin-parts.js";

/** “12 votes (1 ★: 10, 2 ★: 2)”. */
function counted({ removed, by_rating: byRating }) {
  const parts = byRating.map((count, index) => count > 0 && `${index + 1} ★: ${number(count)}`).filter(Boolean);
  return `${plural(removed, "vote")}${parts.length ? ` (${parts.join(", ")})` : ""}`;
}

/** A local date and time that means UTC, as the API takes it. */
const instant = (value) => value && `${value.length === 16 ? `${value}:00` : value}Z`;

/** Removes votes by their time, voter and stars: counts them first, then offers to remove what was counted. */
function removalForm(build, reload) {
  const outcome = h("div", { class: "row" });
  const form = h("form", {
    class: "stack",
    oninput: () => outcome.replaceChildren(),
    onsubmit: (event) => {
      event.preventDefault();
      act(form.querySelector(".primary"), count);
    },
  });
  const remove = async (dryRun) => {
    const { from, to, voter, rating } = form.elements;
    showErrors(form, []);
    try {
      return await api(buildPath(build, "/votes"), {
        method: "DELETE",
        query: {
          from: instant(from.value),
          to: instant(to.value),
          voter: voter.value.trim(),
          rating: rating.value,
          dry_run: String(dryRun),
        },
      });
    } catch (error) {
      if (error.status !== 422 || !showErrors(form, error.fields)) throw error;
      say("No votes were counted or removed. What you entered is kept: correct the marked fields.", true);
      return null;
    }
  };
  const count = async () => {
    outcome.replaceChildren();
    const matching = await remove(true);
    if (!matching) return null;
    outcome.replaceChildren(
      h("p", {}, `${counted(matching)} would be removed.`),
      ...(matching.removed === 0
        ? []
        : [
            actionButton(
              `Remove ${plural(matching.removed, "vote")}`,
              async () => {
                const removed = await remove(false);
                if (!removed) return null;
                outcome.replaceChildren();
                form.querySelector(".primary").focus();
                await reload();
                return `Removed ${counted(removed)}. The rating of ${build} was recalculated.`;
              },
              { danger: true },
            ),
          ]),
    );
    return `${counted(matching)} would be removed. Nothing was removed yet.`;
  };
  const stars = [["", "Any"], ...[1, 2, 3, 4, 5].map((it) => [String(it), `${it} ★`])];
  form.append(
    h(
      "div",
      { class: "fields" },
      field({ name: "from", label: "Cast from (UTC)", type: "datetime-local", step: 1 }),
      field({ name: "to", label: "Cast until (UTC)", type: "datetime-local", step: 1 }),
      field({ name: "voter", label: "Voter", placeholder: "v_…" }),
      field({ name: "rating", label: "Stars", options: stars }),
    ),
    h("p", { class: "hint" }, "Votes must meet every condition that is given; at least one is needed."),
    h("div", { class: "row" }, h("button", { class: "button primary" }, "Count matching votes"), outcome),
  );
  return h("details", { class: "panel", id: "removal" }, h("summary", {}, h("h2", {}, "Remove many votes")), form);
}

export const votes = {
  title: "Votes of a build",
  lead: "Who voted when. A voter is the same on every build.",
  keep: ["build"],
  filters: [...DATES, sizes],
  tools: (params, { go, reload }) => (params.get("build") ? removalForm(params.get("build"), reload) : votesForm(go)),
  async load(params, signal) {
    const id = params.get("build");
    if (!id) return null;
    const [data, build] = await Promise.all([
      api(buildPath(id, "/votes"), { signal, query: query(params) }),
      api(`/builds/${encodeURIComponent(id)}`, { signal }).catch(() => null),
    ]);
    return { ...data, build };
  },
  draw(data, params) {
    if (!data) return empty("Enter the id of a build.");
    const id = params.get("build");
    const about = h(
      "p",
      { class: "row" },
      data.build && userText(data.build.name),
      h("span", { class: "muted" }, id),
      data.build && visibility(data.build),
      data.build && votesText(data.build),
    );
    if (data.items.length === 0) return [about, empty("No votes here.")];
    const pick = (voter) =>
      button("Use as voter", () => {
        const details = document.getElementById("removal");
        details.open = true;
        const input = details.querySelector('[name="voter"]');
        input.value = voter;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.focus();
      });
    const actions = (it, redraw) =>
      it.removed
        ? h("span", { class: "badge" }, "Removed")
        : h(
            "div",
            { class: "row" },
            confirmButton("Remove", "Remove for good?", async () => {
              await api(buildPath(id, `/votes/${it.vote_id}`), { method: "DELETE" });
              redraw({ ...it, removed: true });
              return `Vote ${it.vote_id} (${it.rating} ★) was removed.`;
            }),
            pick(it.voter),
          );
    return [
      about,
      table(
        "Votes, newest first",
        [
          { title: "Vote", kind: "head", cell: (it) => String(it.vote_id) },
          { title: "Stars", cell: (it) => `${it.rating} ★` },
          { title: "Voter", cell: (it) => h("code", {}, it.voter) },
          { title: "Player", cell: (it) => (it.player_id ? userText(it.player_id) : "Anonymous") },
          { title: "Cast (UTC)", cell: (it) => time(it.cast_at) },
          { title: "Actions", kind: "actions", cell: actions },
        ],
        data.items,
      ),
    ];
  },
};
