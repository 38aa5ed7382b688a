// Ctrl-K, Cmd-K or /: finds with GET /find/?q= and does the acts the page carries. The dialog is in every page.
import { isTyping, make, words } from "./words.js";

const dialog = document.getElementById("palette");
const address = document.body.dataset.find;

if (dialog && address) start();

function start() {
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const note = dialog.querySelector(".palette-nothing");
  const held = document.getElementById("palette-acts");
  const acts = held ? JSON.parse(held.textContent) : [];
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
    const held = at > 0 ? options()[at]?.dataset.url : undefined; // a late answer must not take away what is marked
    const drawn = groups
      .filter((group) => group.items?.length)
      .map((group, place) => {
        const label = make("div", { class: "palette-label", id: `palette-group-${place}` }, group.label);
        const items = group.items.map((item) => {
          const option = make("div", { role: "option", id: `palette-${count++}`, "aria-selected": "false" }, make("span", {}, item.label), item.hint ? make("small", {}, item.hint) : "");
          option.dataset.url = item.url;
          return option;
        });
        return make("div", { role: "group", "aria-labelledby": label.id }, label, ...items);
      });
    list.replaceChildren(...drawn);
    choose(Math.max(0, options().findIndex((option) => held !== undefined && option.dataset.url === held)));
    say(count === 0 && text ? words("nothing", text) : "");
    if (text && count) announce(words("found", count));
  }

  const matching = (text) => {
    const wanted = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const items = acts.filter((act) => wanted.every((word) => `${act.label} ${act.hint ?? ""}`.toLocaleLowerCase().includes(word)));
    return { label: words("acts"), items };
  };

  async function find() {
    const text = field.value.trim();
    asking?.abort();
    if (!text) return show([matching("")], "");
    asking = new AbortController();
    const { signal } = asking;
    try {
      const answer = await fetch(`${address}?q=${encodeURIComponent(text)}`, { signal, headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const { groups } = await answer.json();
      if (!signal.aborted) show([matching(text), ...groups], text);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      list.replaceChildren();
      say(words("failed"));
    }
  }

  function open(text = "") {
    if (dialog.open || document.querySelector("dialog[open]")) return;
    field.value = text;
    dialog.showModal();
    field.focus();
    find();
  }

  const go = (option, elsewhere) => {
    if (!option?.dataset.url) return;
    if (elsewhere) window.open(option.dataset.url, "_blank", "noopener");
    else location.assign(option.dataset.url);
  };

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
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
    if (!called && !slash) return;
    event.preventDefault();
    open();
  });

  // The field in the header is a plain search form without scripts; with them it opens this.
  const plain = document.querySelector("[data-find-form]");
  plain?.addEventListener("click", () => open());
  plain?.querySelector("input").addEventListener("input", (event) => {
    const text = event.target.value;
    event.target.value = "";
    open(text);
  });
}
