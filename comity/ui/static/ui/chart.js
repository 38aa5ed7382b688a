// Draws <div data-chart> with ECharts as SVG in the colours of the theme, and again when the theme changes.
// The table beside it has the same figures; it closes once the picture stands, and is all there is without scripts.

const drawn = new Map();

const library = (address) =>
  (window.comityCharts ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  }));

function colours() {
  const style = getComputedStyle(document.documentElement);
  const named = (name) => style.getPropertyValue(`--${name}`).trim();
  return { named, palette: [1, 2, 3, 4, 5].map((place) => named(`chart-${place}`)) };
}

const pen = document.createElement("canvas").getContext("2d");

// On how many lines names with a little box before each come to stand, as ECharts sets them.
function linesOf(names, width, { fontSize, fontFamily }) {
  pen.font = `${fontSize}px ${fontFamily}`;
  const BOX = 12 + 5 + 10; // the box, the space behind it, and that between two
  let lines = 1;
  let used = 0;
  for (const name of names) {
    const needed = BOX + pen.measureText(name).width;
    if (used && used + needed > width) {
      lines += 1;
      used = 0;
    }
    used += needed;
  }
  return lines;
}

// Few places have room for their whole names, on several lines if need be; of many some are left out.
const FEW = 6;
const MARGINS = 70; // the numbers at the left, and what is left free
const placeNames = (count, width) =>
  count <= FEW ? { interval: 0, width: Math.max(40, (width - MARGINS) / count - 8), overflow: "break", lineHeight: 17 } : { hideOverlap: true };

function options(spec, width) {
  const { named, palette } = colours();
  const locale = document.documentElement.lang;
  const format = (value) => (value == null ? "–" : `${value.toLocaleString(locale)}${spec.unit ? ` ${spec.unit}` : ""}`);
  const text = { color: named("soft"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const many = spec.series.length > 1;
  return {
    animation: !still,
    animationDuration: 250,
    aria: { enabled: true, label: { description: spec.title } },
    color: palette,
    textStyle: text,
    grid: { top: many ? 16 + 24 * linesOf(spec.series.map(({ name }) => name), width, text) : 14, right: 14, bottom: 4, left: 4, containLabel: true },
    legend: many ? { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 12, textStyle: text } : undefined,
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      axisPointer: { type: spec.kind === "line" ? "line" : "shadow", lineStyle: { color: named("line") }, shadowStyle: { color: named("shade") } },
      backgroundColor: named("paper"),
      borderColor: named("line"),
      textStyle: { ...text, color: named("ink") },
      valueFormatter: format,
    },
    xAxis: { type: "category", data: spec.x, axisTick: { show: false }, axisLine: { lineStyle: { color: named("field-line") } }, axisLabel: { ...text, ...placeNames(spec.x.length, width) } },
    yAxis: { type: "value", splitNumber: 4, splitLine: { lineStyle: { color: named("line") } }, axisLabel: { ...text, formatter: (value) => value.toLocaleString(locale) } },
    series: spec.series.map((series, place) => {
      const colour = series.tone ? named(series.tone) : palette[place % palette.length];
      const common = { name: series.name, data: series.values, itemStyle: { color: colour }, cursor: series.urls.length ? "pointer" : "default" };
      if (spec.kind === "line") return { ...common, type: "line", symbol: ["circle", "rect", "triangle", "diamond"][place % 4], symbolSize: 7, lineStyle: { color: colour, width: 2 }, connectNulls: false };
      const last = spec.kind === "bar" || place === spec.series.length - 1;
      return { ...common, type: "bar", stack: spec.kind === "stacked" ? "all" : undefined, barMaxWidth: 36, itemStyle: { color: colour, borderRadius: last ? [3, 3, 0, 0] : 0 } };
    }),
  };
}

// Paper is narrower than the window the picture was drawn for; with a box it can be scaled (theme/_print.scss).
const letItShrink = (svg) =>
  svg?.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);

async function draw(place) {
  if (drawn.has(place)) return;
  drawn.set(place, null);
  const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  let echarts;
  try {
    echarts = await library(place.dataset.library);
  } catch {
    return; // the table stays open
  }
  place.hidden = false;
  const chart = echarts.init(place, null, { renderer: "svg", height: spec.height });
  chart.setOption(options(spec, place.clientWidth));
  chart.on("click", ({ seriesIndex, dataIndex }) => {
    const url = spec.series[seriesIndex]?.urls[dataIndex];
    if (url) location.assign(url);
  });
  new ResizeObserver(() => {
    chart.resize();
    chart.setOption(options(spec, place.clientWidth), true);
  }).observe(place);
  chart.on("rendered", () => letItShrink(place.querySelector("svg")));
  drawn.set(place, { chart, spec });
  const table = place.parentElement.querySelector("details.chart-table");
  if (table) table.open = false;
}

const all = () => document.querySelectorAll("[data-chart]").forEach(draw);
const again = () => {
  for (const [place, held] of drawn) held?.chart.setOption(options(held.spec, place.clientWidth), true);
};

all();
document.addEventListener("htmx:load", all);
document.addEventListener("ui:theme", () => requestAnimationFrame(again));
