// Choosing rows of a table: the whole page at once, how many are chosen, all that was found.
import { words } from "./words.js";

const boxesOf = (form) => [...document.querySelectorAll(`input[name=ids][form="${form}"]`)];

function draw(bar) {
  const boxes = boxesOf(bar.dataset.bulk);
  const every = bar.querySelector("input[name=all]");
  const chosen = boxes.filter((box) => box.checked).length;
  const all = every?.checked ?? false;
  for (const page of document.querySelectorAll(`[data-bulk-page="${bar.dataset.bulk}"]`)) {
    (page.closest("label") ?? page).hidden = false;
    page.checked = boxes.length > 0 && chosen === boxes.length;
    page.indeterminate = chosen > 0 && chosen < boxes.length;
    page.disabled = all;
  }
  for (const box of boxes) box.disabled = all;
  const none = !all && chosen === 0;
  if (none && bar.contains(document.activeElement)) boxes[0]?.focus();
  bar.hidden = none;
  const said = all ? words("chosenAll", every.dataset.total) : words("chosen", chosen);
  const count = bar.querySelector(".bulk-count");
  if (count.textContent !== said) count.textContent = said;
}

const drawAll = () => document.querySelectorAll("[data-bulk]").forEach(draw);

document.addEventListener("change", (event) => {
  const { target } = event;
  if (target.matches("[data-bulk-page]")) for (const box of boxesOf(target.dataset.bulkPage)) box.checked = target.checked;
  if (target.matches("[data-bulk-page], [data-bulk] input, input[name=ids]")) drawAll();
});

// Shift-click takes all rows between.
let last = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("input[name=ids]");
  if (!box) return;
  if (event.shiftKey && last?.isConnected && last.form === box.form) {
    const boxes = boxesOf(box.getAttribute("form"));
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const between of boxes.slice(from, to)) between.checked = box.checked;
    drawAll();
  }
  last = box;
});

drawAll();
document.addEventListener("htmx:afterSettle", drawAll);
addEventListener("pageshow", drawAll);
