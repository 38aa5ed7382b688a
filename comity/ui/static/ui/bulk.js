// Choosing rows of a table: the whole page at once, how many are chosen, all that was found.
import { words } from "./words.js";

const boxesOf = (bar) => [...document.querySelectorAll(`input[name=ids][form="${bar.dataset.bulk}"]`)];

function draw(bar) {
  const boxes = boxesOf(bar);
  const page = bar.querySelector("[data-bulk-page]");
  const every = bar.querySelector("input[name=all]");
  const chosen = boxes.filter((box) => box.checked).length;
  page.closest("label").hidden = false;
  page.checked = boxes.length > 0 && chosen === boxes.length;
  page.indeterminate = chosen > 0 && chosen < boxes.length;
  const all = every?.checked ?? false;
  for (const box of boxes) box.disabled = all;
  page.disabled = all;
  const said = all ? words("chosenAll", every.dataset.total) : chosen === 0 ? words("chosenNone") : words("chosen", chosen);
  const count = bar.querySelector(".bulk-count");
  if (count.textContent !== said) count.textContent = said;
  for (const button of bar.querySelectorAll("button")) button.setAttribute("aria-disabled", String(!all && chosen === 0));
}

const drawAll = () => document.querySelectorAll("[data-bulk]").forEach(draw);

document.addEventListener("change", (event) => {
  const bar = event.target.closest("[data-bulk]");
  if (event.target.matches("[data-bulk-page]")) for (const box of boxesOf(bar)) box.checked = event.target.checked;
  if (bar || event.target.matches("input[name=ids]")) drawAll();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-bulk] button");
  if (button?.getAttribute("aria-disabled") === "true") event.preventDefault();
});

// Shift-click takes all rows between.
let last = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("input[name=ids]");
  if (!box) return;
  if (event.shiftKey && last?.isConnected && last.form === box.form) {
    const boxes = [...document.querySelectorAll(`input[name=ids][form="${box.getAttribute("form")}"]`)];
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const between of boxes.slice(from, to)) between.checked = box.checked;
    drawAll();
  }
  last = box;
});

drawAll();
document.addEventListener("htmx:afterSettle", drawAll);
addEventListener("pageshow", drawAll);
