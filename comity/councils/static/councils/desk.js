// The facilitator's screen follows the session: its parts are fetched anew, a second after something happened at the earliest.
// What is ticked stays ticked, the focus stays, and a field that is typed in is left alone. And it says that it is still there.
const here = document.querySelector("[data-desk]");
const isField = (element) => element?.matches?.("input:not([type=checkbox],[type=radio])");
let waiting = 0;

function put(part, fresh) {
  const focus = part.contains(document.activeElement) ? document.activeElement : null;
  // What reads the same stays, so that nothing moves from under a finger.
  if (isField(focus) || part.textContent === fresh.textContent) return;
  const ticked = [...part.querySelectorAll(":checked")].map((each) => each.id);
  part.replaceChildren(...fresh.childNodes);
  for (const id of ticked) {
    const box = document.getElementById(id);
    if (box) box.checked = true;
  }
  if (focus?.id) document.getElementById(focus.id)?.focus();
}

async function refresh() {
  waiting = 0;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const found = fresh.getElementById(part.id);
    if (found) put(part, found);
  }
}

const soon = () => (waiting ||= setTimeout(refresh, 1000));

async function stay() {
  const body = new FormData(here);
  const answer = await fetch(here.action, { method: "POST", body }).catch(() => null);
  if (answer?.status === 409) soon();
}

document.addEventListener("live", soon);
if (here) {
  setInterval(stay, 30_000);
  stay();
}
