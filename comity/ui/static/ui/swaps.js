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
