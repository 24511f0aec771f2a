// Satisfaction and searches per day: charts as SVG, each with its numbers in a table behind it.

import { api, h, number, percent, plural, svg } from "./admin-core.js";
import { empty, figures } from "./admin-parts.js";

const HEIGHT = 190;
const MARGIN = { top: 10, right: 12, bottom: 26, left: 44 };
// A date and a gap, and what the last one is moved by so that it does not stand out.
const LABEL_WIDTH = 100;
let charts = 0;

/** The smallest of 2, 4, 10, 20, 40, 100 … that is at least `value`; its half is whole. */
function roundUp(value) {
  const size = 10 ** Math.floor(Math.log10(Math.max(value, 2)));
  return [1, 2, 4, 10].map((step) => step * size).find((step) => step >= value && step >= 2);
}

/** The end of a scale of shares: 10 %, 20 %, 50 % or 100 %. */
const shareScale = (values) => [0.1, 0.2, 0.5].find((it) => it >= Math.max(...values)) ?? 1;

function axes({ dates, max, format }, width, x, y) {
  const middle = (index) => x(index + 0.5);
  const step = Math.ceil(dates.length / Math.max(1, Math.floor((width - MARGIN.left) / LABEL_WIDTH)));
  return [
    [0, max / 2, max].map((value) =>
      svg(
        "g",
        { class: "tick" },
        svg("line", { x1: MARGIN.left, x2: width - MARGIN.right, y1: y(value), y2: y(value) }),
        svg("text", { x: MARGIN.left - 6, y: y(value) + 4, "text-anchor": "end" }, format(value)),
      ),
    ),
    // Counted from the last day, which is always labelled.
    dates.map(
      (date, index) =>
        (dates.length - 1 - index) % step === 0 &&
        svg(
          "text",
          {
            class: "day",
            x: Math.min(middle(index), width - MARGIN.right - 24),
            y: HEIGHT - 6,
            "text-anchor": "middle",
          },
          date,
        ),
    ),
  ];
}

function bars({ dates, series }, x, y) {
  const thickness = Math.max(1, (x(1) - x(0)) * 0.72);
  return dates.map((_, index) => {
    let base = 0;
    return series.map(({ values }, at) => {
      const value = values[index] ?? 0;
      const rectangle =
        value > 0 &&
        svg("rect", {
          class: `series-${at}`,
          x: x(index + 0.5) - thickness / 2,
          width: thickness,
          y: y(base + value),
          height: Math.max(0.5, y(base) - y(base + value)),
        });
      base += value;
      return rectangle;
    });
  });
}

/** A line per series, broken where a day has no value. */
function lines({ series }, x, y) {
  return series.map(({ values }, at) => {
    const path = values.map((value, index) => {
      if (value === null) return "";
      const start = index === 0 || values[index - 1] === null;
      return `${start ? "M" : "L"}${x(index + 0.5).toFixed(1)} ${y(value).toFixed(1)}`;
    });
    const alone = (index) => (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
    const points = values.map(
      (value, index) =>
        value !== null &&
        (values.length <= 14 || alone(index)) &&
        svg("circle", {
          class: `series-${at}`,
          cx: x(index + 0.5),
          cy: y(value),
          r: 3,
        }),
    );
    return [svg("path", { class: `line series-${at}`, d: path.join("") || "M0 0" }), points];
  });
}

function draw(data, width, label) {
  const inner = Math.max(40, width - MARGIN.left - MARGIN.right);
  const x = (index) => MARGIN.left + (index / data.dates.length) * inner;
  const y = (value) => HEIGHT - MARGIN.bottom - (value / data.max) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const tips = data.dates.map((date, index) =>
    svg(
      "rect",
      {
        class: "tip",
        x: x(index),
        width: inner / data.dates.length,
        y: MARGIN.top,
        height: HEIGHT - MARGIN.top - MARGIN.bottom,
      },
      svg("title", {}, `${date}: ${data.series.map((it) => `${it.name} ${data.format(it.values[index])}`).join(", ")}`),
    ),
  );
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-labelledby": label },
    axes(data, width, x, y),
    data.kind === "lines" ? lines(data, x, y) : bars(data, x, y),
    tips,
  );
}

function numbers({ title, dates, series, format }) {
  const rows = dates.map((date, index) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, date),
      series.map((it) => h("td", { class: "number" }, format(it.values[index]))),
    ),
  );
  return h(
    "details",
    { class: "numbers" },
    h("summary", {}, "Show as table"),
    h(
      "table",
      { class: "plain" },
      h("caption", {}, title),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, "Day (UTC)"),
          series.map((it) => h("th", { scope: "col", class: "number" }, it.name)),
        ),
      ),
      h("tbody", {}, rows.reverse()),
    ),
  );
}

/**
 * A figure with a chart of days. `kind` is `bars` (stacked) or `lines`; a series is `{ name, values }` with a value
 * or null for each of `dates`; `summary` says in words what the chart shows.
 */
function chart({
  title,
  summary,
  kind,
  dates,
  series,
  format = (value) => (value === null ? "–" : number(value)),
  max,
}) {
  const id = `chart-${(charts += 1)}`;
  const sums = dates.map((_, index) => series.reduce((sum, it) => sum + (it.values[index] ?? 0), 0));
  const data = { title, kind, dates, series, format, max: max ?? roundUp(Math.max(...sums, 0)) };
  const canvas = h("div", { class: "canvas" });
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.floor(canvas.clientWidth);
    if (width === 0 || width === drawn) return;
    drawn = width;
    canvas.replaceChildren(draw(data, width, `${id}-title ${id}-summary`));
  }).observe(canvas);
  const legend =
    series.length > 1 &&
    h(
      "ul",
      { class: "legend" },
      series.map((it, at) =>
        h(
          "li",
          {},
          svg(
            "svg",
            { width: 24, height: 12, "aria-hidden": "true" },
            kind === "lines"
              ? svg("path", { class: `line series-${at}`, d: "M0 6H24" })
              : svg("rect", { class: `series-${at}`, width: 24, height: 12 }),
          ),
          it.name,
        ),
      ),
    );
  return h(
    "figure",
    { class: "chart" },
    h(
      "figcaption",
      {},
      h("h2", { id: `${id}-title` }, title),
      h("p", { id: `${id}-summary`, class: "muted" }, summary),
    ),
    legend,
    canvas,
    numbers(data),
  );
}

export const satisfaction = {
  title: "Satisfaction",
  lead: "How many answers players found useful, day by day.",
  periods: "30",
  async load(params, signal) {
    const period = { days: params.get("days") ?? "30" };
    const [trends, summary] = await Promise.all(
      ["trends", "summary"].map((it) => api(`/admin/feedback/${it}`, { signal, query: period })),
    );
    return { trends, summary };
  },
  draw({ trends, summary }) {
    const total = summary.total_feedback;
    if (total === 0) return empty(`No feedback in the last ${trends.period_days} days.`);
    const dates = trends.data.map((it) => it.date);
    const shares = trends.data.map((it) => (it.total ? it.positive / it.total : null));
    const modes = Object.entries(summary.by_search_mode).map(([mode, it]) => {
      const count = it.positive + it.negative;
      return [`Positive, ${mode}`, percent(count ? it.positive / count : null), `of ${number(count)}`];
    });
    return [
      figures([["Positive", percent(summary.positive_rate), `of ${number(total)}`], ...modes]),
      chart({
        title: "Positive share per day",
        kind: "lines",
        dates,
        max: 1,
        format: percent,
        summary: `${percent(summary.positive_rate)} of ${plural(total, "rating")} in ${trends.period_days} days were positive.`,
        series: [{ name: "Positive share", values: shares }],
      }),
      chart({
        title: "Ratings per day",
        kind: "bars",
        dates,
        summary: `${number(summary.positive_count)} positive and ${number(summary.negative_count)} negative.`,
        series: [
          { name: "Positive", values: trends.data.map((it) => it.positive) },
          { name: "Negative", values: trends.data.map((it) => it.negative) },
        ],
      }),
    ];
  },
};

const MODE_NAMES = { quick: "Quick", smart: "Smart", deep: "Deep" };

/** Rows of day and mode as a list of days and, for each mode, its counts on them. */
function byMode(rows) {
  const dates = [...new Set(rows.map((it) => it.date))].sort();
  const counts = new Map(rows.map((it) => [`${it.date} ${it.search_mode}`, it]));
  const modes = Object.keys(MODE_NAMES).map((mode) => {
    const ofDay = dates.map((date) => counts.get(`${date} ${mode}`) ?? { searches: 0, zero_results: 0 });
    const sum = (name) => ofDay.reduce((total, it) => total + it[name], 0);
    return { name: MODE_NAMES[mode], ofDay, searches: sum("searches"), zero: sum("zero_results") };
  });
  return { dates, modes };
}

const share = (zero, searches) => (searches ? zero / searches : null);

export const searches = {
  title: "Searches",
  lead: "How many searches there were in each mode, and how many found nothing.",
  periods: "30",
  load: (params, signal) => api("/admin/analytics/trends", { signal, query: { days: params.get("days") ?? "30" } }),
  draw({ data }) {
    const { dates, modes } = byMode(data);
    const searches = modes.reduce((sum, it) => sum + it.searches, 0);
    const zero = modes.reduce((sum, it) => sum + it.zero, 0);
    if (searches === 0) return empty("No searches in this period.");
    const found = (it) => `${it.name} ${percent(share(it.zero, it.searches))}`;
    return [
      figures([
        ["Searches", number(searches)],
        ["Without results", percent(share(zero, searches)), `${number(zero)} searches`],
        ...modes.map((it) => [it.name, number(it.searches), `${percent(share(it.zero, it.searches))} without results`]),
      ]),
      chart({
        title: "Searches per day",
        kind: "bars",
        dates,
        summary: `${plural(searches, "search", "searches")} in ${dates.length} days.`,
        series: modes.map((it) => ({ name: it.name, values: it.ofDay.map((day) => day.searches) })),
      }),
      chart({
        title: "Share without results per day",
        kind: "lines",
        dates,
        format: percent,
        max: shareScale(modes.flatMap((it) => it.ofDay.map((day) => share(day.zero_results, day.searches)))),
        summary: `Over the whole period: ${modes.map(found).join(", ")}.`,
        series: modes.map((it) => ({
          name: it.name,
          values: it.ofDay.map((day) => share(day.zero_results, day.searches)),
        })),
      }),
    ];
  },
};
