// A field that finds as one types, after the ARIA combobox pattern. Without scripts it is a text field.
import { announce, make, words } from "./words.js";

let number = 0;

function start(box) {
  if (box.dataset.started) return;
  box.dataset.started = "1";
  const field = box.querySelector("input:not([type=hidden])");
  const chosen = box.querySelector("input[type=hidden]");
  const one = "comboOne" in box.dataset; // what is chosen and what is typed go under one name
  const label = one ? { value: field.value } : box.querySelector("input[name$='-label']");
  if (one) {
    chosen.name = field.name;
    field.removeAttribute("name");
  }
  box.querySelector("datalist")?.remove(); // the browser's own offer, where no script runs
  field.removeAttribute("list");
  const other = box.dataset.comboBeside && field.form?.elements[box.dataset.comboBeside];
  const beside = () => (other ? field.form.elements[`${other.name}-chosen`].value : "");
  const list = make("div", { role: "listbox", id: `combo-${++number}`, "aria-label": words("choices") });
  const nothing = make("p", { class: "combo-empty", hidden: true });
  const popup = make("div", { class: "combo-popup", hidden: true }, list, nothing);
  box.append(popup);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) field.setAttribute(name, value);

  let at = -1;
  let asking = null;
  let waiting = 0;
  const options = () => [...list.querySelectorAll("[role=option]")];

  function mark(index) {
    const every = options();
    at = every.length ? (index + every.length) % every.length : -1;
    every.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    if (at < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", every[at].id);
    every[at].scrollIntoView({ block: "nearest" });
  }

  function close() {
    popup.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    asking?.abort();
    clearTimeout(waiting);
  }

  function show(items, text) {
    const held = options()[at]?.dataset.value; // a late answer must not take away what is marked
    const drawn = items.map((item, place) => {
      const option = make("div", { role: "option", id: `${list.id}-${place}`, "aria-selected": "false" }, make("span", {}, item.label), item.hint ? make("small", {}, item.hint) : "");
      option.dataset.value = item.value;
      option.dataset.label = item.label;
      return option;
    });
    const said = drawn.length ? words("found", drawn.length) : words("nothing", text);
    list.replaceChildren(...drawn);
    nothing.textContent = said;
    nothing.hidden = drawn.length > 0;
    popup.hidden = false;
    field.setAttribute("aria-expanded", String(drawn.length > 0));
    announce(said);
    at = -1;
    if (held !== undefined) {
      const again = drawn.findIndex((option) => option.dataset.value === held);
      if (again >= 0) mark(again);
      else field.removeAttribute("aria-activedescendant");
    }
  }

  async function ask(text) {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const joint = box.dataset.combo.includes("?") ? "&" : "?";
    const near = beside() ? `&beside=${encodeURIComponent(beside())}` : "";
    try {
      const answer = await fetch(`${box.dataset.combo}${joint}q=${encodeURIComponent(text)}${near}`, { signal, headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const found = await answer.json();
      return signal.aborted ? null : (found.items ?? found);
    } catch (problem) {
      if (problem.name !== "AbortError") close(); // the field still takes what is typed
      return null;
    }
  }

  async function find() {
    const text = field.value.trim();
    const items = await ask(text);
    if (!items || document.activeElement !== field) return;
    if (text || items.length) show(items, text);
    else close();
  }

  async function fill() {
    if (field.value.trim() || !beside()) return;
    const near = ((await ask("")) ?? []).filter((item) => item.near);
    if (field.value.trim() || !near.length) return;
    if (near.length > 1) return announce(words("beside", near.map((item) => item.label).join("; ")));
    choose(near[0].value, near[0].label);
    announce(words("filled", near[0].label));
  }

  function choose(value, text) {
    field.value = label.value = text;
    chosen.value = value;
  }

  function take(option) {
    if (!option) return;
    choose(option.dataset.value, option.dataset.label);
    close();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function typed() {
    if (one && (field.value !== label.value || !chosen.value)) chosen.value = field.value.trim();
    else if (field.value !== label.value) chosen.value = "";
    clearTimeout(waiting);
    if (field.value.trim() || beside()) waiting = setTimeout(find, 150);
    else close();
  }

  field.addEventListener("input", typed);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !popup.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) find();
      else mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
    } else if (event.key === "Enter" && open && at >= 0) {
      event.preventDefault();
      take(options()[at]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") {
      if (open && at >= 0) take(options()[at]);
      close();
    }
  });
  field.addEventListener("blur", close);
  field.addEventListener("focus", () => {
    if (beside() && !field.value.trim()) find();
  });
  if (other && "comboFills" in box.dataset) other.addEventListener("change", fill);
  popup.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => take(event.target.closest("[role=option]")));
  if (document.activeElement === field && field.value !== label.value) typed(); // while this script was on its way
}

const all = () => document.querySelectorAll("[data-combo]").forEach(start);
all();
document.addEventListener("htmx:load", all);
