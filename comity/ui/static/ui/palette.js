// Ctrl-K, Cmd-K or /: what can be done on this page, where one was lately, and what GET /find/?q= finds and offers.
import { isSingleKey, make, words } from "./words.js";

const dialog = document.getElementById("palette");
const { find: address, user } = document.body.dataset;
const RECENT = `recent:${user}`;
const KEPT = 6;

if (dialog && address) start();

/** The pages of single rows this person opened last in this browser, the newest first. */
function recent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT) ?? "[]");
  } catch {
    return []; // without storage nothing is remembered
  }
}

function remember() {
  if (!user || !/\/\d+\/$/.test(location.pathname)) return;
  const here = { label: document.title.replace(/ - [^-]*$/, ""), url: location.pathname };
  try {
    localStorage.setItem(RECENT, JSON.stringify([here, ...recent().filter((one) => one.url !== here.url)].slice(0, KEPT + 1)));
  } catch {
    // as above
  }
}

function start() {
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const note = dialog.querySelector(".palette-nothing");
  const chosen = new Map(); // what each option does
  let asking = null;
  let waiting = 0;
  let at = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];

  function choose(index) {
    const every = options();
    at = every.length ? (index + every.length) % every.length : 0;
    every.forEach((option, place) => option.setAttribute("aria-selected", place === at));
    if (every[at]) {
      field.setAttribute("aria-activedescendant", every[at].id);
      every[at].scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  // The dialog covers the page's live region, so it has one of its own.
  const announce = (text) => (dialog.querySelector("[role=status]").textContent = text);

  function say(text) {
    note.textContent = text;
    note.hidden = !text;
    announce(text);
  }

  function show(groups, text) {
    let count = 0;
    const held = at > 0 ? options()[at]?.textContent : undefined; // a late answer must not take away what is marked
    chosen.clear();
    const drawn = groups
      .filter((group) => group.items?.length)
      .map((group, place) => {
        const label = make("div", { class: "palette-label", id: `palette-group-${place}` }, group.label);
        const items = group.items.map((item) => {
          const option = make("div", { role: "option", id: `palette-${count++}`, "aria-selected": "false" }, make("span", {}, item.label), item.hint ? make("small", {}, item.hint) : "");
          chosen.set(option, item);
          return option;
        });
        return make("div", { role: "group", "aria-labelledby": label.id }, label, ...items);
      });
    list.replaceChildren(...drawn);
    choose(Math.max(0, options().findIndex((option) => held !== undefined && option.textContent === held)));
    say(count === 0 && text ? words("nothing", text) : "");
    if (text && count) announce(words("found", count));
  }

  /** The page's own actions, but for those that the answer offers as well. */
  function onThisPage(text, groups) {
    const offered = new Set(groups.flatMap((group) => group.items.map((item) => item.url)));
    const wanted = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const items = [...document.querySelectorAll(".page-actions :is(a[href], button[type=submit])")]
      .map((one) => ({ label: one.textContent.trim(), url: one.getAttribute("href"), button: one }))
      .filter((item) => !offered.has(item.url) && wanted.every((word) => item.label.toLocaleLowerCase().includes(word)));
    return { label: words("here"), items };
  }

  const lately = (text) => ({ label: words("recent"), items: text ? [] : recent().filter((one) => one.url !== location.pathname) });

  async function find() {
    const text = field.value.trim();
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const query = new URLSearchParams({ q: text, at: location.pathname });
      const answer = await fetch(`${address}?${query}`, { signal, headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const { groups } = await answer.json();
      if (!signal.aborted) show([onThisPage(text, groups), lately(text), ...groups], text);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      list.replaceChildren();
      say(words("failed"));
    }
  }

  function open(text = "") {
    if (dialog.open || document.querySelector("dialog[open]")) return;
    field.value = text;
    list.replaceChildren();
    say("");
    dialog.showModal();
    field.focus();
    find();
  }

  function go(option, elsewhere) {
    const item = chosen.get(option);
    if (!item) return;
    if (!item.url) {
      dialog.close();
      item.button.click();
    } else if (elsewhere) window.open(item.url, "_blank", "noopener");
    else location.assign(item.url);
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 120);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") choose(at + 1);
    else if (event.key === "ArrowUp") choose(at - 1);
    else if (event.key === "Enter") go(options()[at], event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
  list.addEventListener("click", (event) => go(event.target.closest("[role=option]"), event.ctrlKey || event.metaKey));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => asking?.abort());

  document.addEventListener("keydown", (event) => {
    const called = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    if (!called && !(event.key === "/" && isSingleKey(event))) return;
    event.preventDefault();
    open();
  });

  // The field in the header is a plain search form without scripts, and a link on a phone; with them both open this.
  const plain = document.querySelector("[data-find-form]");
  plain?.addEventListener("click", () => open());
  plain?.querySelector("input").addEventListener("input", (event) => {
    const text = event.target.value;
    event.target.value = "";
    open(text);
  });
  document.querySelector("[data-find-link]")?.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sign-out]")) localStorage.removeItem(RECENT);
  });
  remember();
}
