// Makes comity/ui/static/vendor/ from node_modules and the theme: `npm run build`, or `make assets`.
//
//   theme.css            comity/ui/theme/theme.scss compiled against USWDS
//   uswds-init.js, uswds.js   USWDS' own behaviour (accordion, navigation on a phone, ...)
//   fonts/               Public Sans, only the weights the theme names
//   print/               Public Sans as Typst reads it, for PDF
//   img/                 only the USWDS pictures the theme names
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

const started = Date.now();
await rm(fresh, { force: true, recursive: true });
await mkdir(fresh, { recursive: true });
const [files] = await Promise.all([
  buildTheme(),
  copyFaces("Regular", "SemiBold", "Bold"),
  copyText("dist/js/uswds.min.js", "uswds.js"),
  copyText("dist/js/uswds-init.min.js", "uswds-init.js"),
]);
await rm(target, { force: true, recursive: true });
await rename(fresh, target);
console.log(`Built the browser assets: the theme and ${files} fonts and pictures in ${Date.now() - started} ms.`);
