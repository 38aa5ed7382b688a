// Two minutes before the session ends for want of use, asks; when it has ended, goes to sign-in and comes back here.
// What was typed stays in the drafts. All tabs of one browser share one clock.
import { words } from "./words.js";

const { idleSeconds, stay, signIn } = document.body.dataset;
const limit = Number(idleSeconds) * 1000;
const dialog = document.getElementById("idle");

if (limit > 0 && dialog && stay) start();

function start() {
  const CONTACT = "last-contact";
  const notice = Math.min(120_000, limit / 2);
  const form = dialog.querySelector("[data-idle-stay]");
  const left = dialog.querySelector("[data-idle-left]");
  let contact = Date.now();
  let active = Date.now();
  let asking = false;

  const store = (value) => {
    contact = value;
    try {
      localStorage.setItem(CONTACT, String(value));
    } catch {
      // Without storage each tab keeps its own clock.
    }
  };
  const shared = () => {
    try {
      return Math.max(contact, Number(localStorage.getItem(CONTACT)) || 0);
    } catch {
      return contact;
    }
  };

  async function stayIn() {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(stay, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (answer.ok && !answer.redirected) store(Date.now());
      else leave();
    } catch {
      // Without a network there is nobody to ask; the next tick tries again.
    } finally {
      asking = false;
    }
  }

  function leave() {
    const here = location.pathname + location.search;
    location.assign(`${signIn}?next=${encodeURIComponent(here)}`);
  }

  function tick() {
    const rest = shared() + limit - Date.now();
    if (rest > notice) {
      if (dialog.open) dialog.close("stayed");
      return;
    }
    if (rest <= -2000) return leave();
    if (!dialog.open && Date.now() - active < 60_000 && active > contact + 1000) return void stayIn();
    if (!dialog.open) {
      for (const other of document.querySelectorAll("dialog[open]")) other.close();
      dialog.returnValue = "";
      dialog.showModal();
    }
    const seconds = Math.max(0, Math.ceil(rest / 1000));
    const text = seconds > 60 ? words("minutes", Math.ceil(seconds / 60)) : words("seconds", seconds > 10 ? Math.ceil(seconds / 10) * 10 : seconds);
    if (left.textContent !== text) left.textContent = text;
  }

  store(Date.now());
  document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && store(Date.now()));
  for (const kind of ["keydown", "pointerdown", "input"]) {
    document.addEventListener(kind, () => !dialog.open && (active = Date.now()), { passive: true });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    dialog.close("stayed");
    stayIn();
  });
  dialog.addEventListener("cancel", () => stayIn()); // Escape means: I am here
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
}
