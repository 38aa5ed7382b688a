// Single keys, for those who have not switched them off: ? shows them all, g and a letter go to an area, j and k walk rows.
import { isSingleKey } from "./words.js";

const sheet = document.getElementById("keys");
const PATIENCE = 1500; // milliseconds between g and its letter
let going = -PATIENCE;

const show = () => document.querySelector("dialog[open]") || sheet.showModal();

/** The link that stands for each row of the page's lists. */
const rows = () =>
  [...document.querySelectorAll("main :is(tbody tr, .row)")]
    .map((row) => row.querySelector("a[href]"))
    .filter((link) => link?.checkVisibility());

function walk(step) {
  const links = rows();
  const here = document.activeElement.closest("tbody tr, .row");
  const at = links.findIndex((link) => here?.contains(link));
  links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (!isSingleKey(event)) return;
  const key = event.key.toLowerCase();
  if (event.timeStamp - going < PATIENCE) {
    going = -PATIENCE;
    const area = [...document.querySelectorAll("[data-key]")].find((link) => link.dataset.key === key);
    if (area) location.assign(area.href);
    return;
  }
  if (key === "g") going = event.timeStamp;
  else if (key === "j") walk(1);
  else if (key === "k") walk(-1);
  else if (key === "?" && sheet) {
    event.preventDefault();
    show();
  }
});

document.querySelector("[data-keys-button]")?.addEventListener("click", show);
