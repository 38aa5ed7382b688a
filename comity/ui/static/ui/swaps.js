// After htmx has changed part of a page: says so, puts the focus where the reader is, and copes with what went wrong.
import { announce, make, words } from "./words.js";

const { signIn } = document.body.dataset;
let paged = false;

document.addEventListener("htmx:beforeRequest", (event) => {
  paged = Boolean(event.target.closest?.(".usa-pagination"));
});

// A session that has ended answers with the sign-in page: go there, and come back here.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const landed = xhr.responseURL ? new URL(xhr.responseURL).pathname : "";
  if (signIn && landed === signIn) {
    event.detail.shouldSwap = false;
    location.assign(`${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
});

// Work whose page no longer shows it has ended, and the page is another one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, xhr } = event.detail;
  const asked = requestConfig?.elt;
  if (asked?.matches?.(".progress") && !xhr.responseText.includes(`id="${asked.id}"`)) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.target;
  const told = part.matches?.("[data-announce]") ? part : part.querySelector?.("[data-announce]");
  if (told) announce(told.dataset.announce);
  if (paged && told) {
    told.scrollIntoView({ block: "start" });
    told.focus({ preventScroll: true });
    paged = false;
  }
  const ended = document.querySelector(".progress[data-ended]");
  if (ended && ended === document.getElementById(part.id)) finish(ended);
});

// A form that unfolds beneath what it is about takes the focus, and folds any other. What a step changed has the focus then.
document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  if (target.matches?.("[data-fold]")) {
    for (const other of document.querySelectorAll("[data-fold]")) if (other !== target) other.replaceChildren();
    const first = target.querySelector("input:not([type=hidden]), textarea, select");
    const chosen = first?.type === "radio" && target.querySelector(`[name="${first.name}"]:checked`);
    (target.querySelector("[data-errors]") || chosen || first)?.focus();
  } else if (detail.requestConfig?.elt?.closest?.(".act")) {
    (target.querySelector(".message button, h3 a") ?? target).focus();
  }
});

/** Folds a form, and gives the focus back to what unfolded it. */
function fold(box) {
  box.replaceChildren();
  box.previousElementSibling?.querySelector("[hx-get]")?.focus();
}

document.addEventListener("keydown", (event) => {
  const box = event.key === "Escape" && !event.defaultPrevented && event.target.closest?.("[data-fold]");
  if (box) fold(box);
});

document.addEventListener(
  "click",
  (event) => {
    const out = event.target.closest?.("[data-fold] .cancel");
    if (!out) return;
    event.preventDefault();
    event.stopPropagation();
    fold(out.closest("[data-fold]"));
  },
  true,
);

/** Long work has ended: if its result is this page, shows it; else says so, and the link stands there. */
function finish(box) {
  const url = box.dataset.ended;
  if (!url || new URL(url, location).pathname === location.pathname) location.reload();
  else announce(box.textContent.trim());
}

for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, () => {
    const main = document.getElementById("main");
    document.getElementById("swap-failed")?.remove();
    const bar = make("div", { id: "swap-failed", class: "draft", role: "alert" }, make("p", {}, words("swapFailed")), make("a", { class: "usa-button quiet", href: location.href }, words("reload")));
    main?.prepend(bar);
  });
}
