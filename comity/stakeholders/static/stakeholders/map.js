// The grid of stakeholders: somebody is dragged to another square and kept there, or moved with the arrow keys, kept with
// Enter and put back with Escape. Kept means sent like any form; without scripts the form on their page does the same.
import { announce } from "../ui/words.js";

const map = document.querySelector("[data-map]");
const form = document.getElementById("map-move");
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
let moving = null; // who stands somewhere else than is kept: { who, home, next }
let dragged = false; // a drag ends in a click, which is not meant

const squareOf = (who) => who.closest("td");
const squareAt = (influence, interest) => map.querySelector(`td[data-influence="${influence}"][data-interest="${interest}"]`);

function putBack() {
  if (!moving) return;
  const { who, home, next } = moving;
  who.classList.remove("moving");
  home.insertBefore(who, next);
  moving = null;
}

function put(who, square) {
  if (moving && moving.who !== who) putBack();
  moving ??= { who, home: squareOf(who), next: who.nextSibling };
  square.append(who);
  who.classList.add("moving");
}

function keep() {
  const { who } = moving;
  const { influence, interest } = squareOf(who).dataset;
  if (squareOf(who) === moving.home) return putBack();
  form.action = who.dataset.move;
  Object.assign(form.elements.influence, { value: influence });
  Object.assign(form.elements.interest, { value: interest });
  Object.assign(form.elements.seen_before, { value: who.dataset.seen });
  form.submit();
}

map.addEventListener("keydown", (event) => {
  const who = event.target.closest(".map-who");
  if (!who || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = STEPS[event.key];
  if (step) {
    event.preventDefault();
    const { influence, interest } = squareOf(who).dataset;
    const square = squareAt(Number(influence) + step[0], Number(interest) + step[1]);
    if (!square) return;
    put(who, square);
    who.focus();
    announce(square.dataset.words);
  } else if (moving?.who === who && (event.key === "Enter" || event.key === "Escape")) {
    event.preventDefault();
    if (event.key === "Enter") return keep();
    putBack();
    who.focus();
    announce(squareOf(who).dataset.words);
  }
});

map.addEventListener("pointerdown", (event) => {
  const who = event.target.closest(".map-who");
  if (!who || event.button !== 0) return;
  const from = [event.clientX, event.clientY];
  let over = null;
  const mark = (square) => {
    over?.classList.remove("over");
    over = square;
    over?.classList.add("over");
  };
  const end = new AbortController();
  const listen = (kind, act) => addEventListener(kind, act, { signal: end.signal });
  dragged = false;
  listen("pointermove", ({ clientX, clientY }) => {
    dragged ||= Math.hypot(clientX - from[0], clientY - from[1]) > 6;
    if (dragged) mark(document.elementFromPoint(clientX, clientY)?.closest("[data-map] td[data-influence]"));
  });
  listen("pointercancel", () => {
    mark(null);
    end.abort();
  });
  listen("pointerup", () => {
    const square = over;
    mark(null);
    end.abort();
    if (!dragged || !square || square === squareOf(who)) return;
    put(who, square);
    keep();
  });
});

map.addEventListener("click", (event) => {
  if (dragged && event.target.closest(".map-who")) event.preventDefault();
  dragged = false;
});

// Whoever was moved keeps the focus.
if (/^#s\d+$/.test(location.hash)) document.querySelector(location.hash)?.focus();
