// Names are offered after an @ in a comment, as in a combobox, though a field of several lines may not be called one: ARIA in
// HTML leaves it a text box, whose suggestions it may point at. Without scripts the @ is typed out.
import { announce, make, words } from "../ui/words.js";

// An @ at the beginning of a word, and up to four words after it: the same as the office looks for (commenting.AT).
const CALL = /(?:^|[\s(\[“"'])@((?:[^\s@]+(?: [^\s@]*){0,3})?)$/u;

function start(field) {
  const early = document.activeElement === field; // somebody was quicker than this script, and loses no key by the move
  const box = make("div", { class: "combo" });
  field.before(box);
  const list = make("div", { role: "listbox", id: `${field.id}-people`, "aria-label": words("choices") });
  const popup = make("div", { class: "combo-popup", hidden: true }, list);
  box.append(field, popup);
  const officeOnly = field.form.elements[field.dataset.mentionsOfficeOnly];

  let at = -1;
  let asking = null;
  let waiting = 0;
  let left = -1; // the @ whose names somebody sent away with Escape
  const options = () => [...list.children];
  const isOpen = () => !popup.hidden;

  /** The @ before the caret and what is typed after it; null where there is none. */
  function call() {
    const caret = field.selectionStart;
    if (caret !== field.selectionEnd) return null;
    const found = CALL.exec(field.value.slice(0, caret));
    return found && { text: found[1], from: caret - found[1].length - 1, to: caret };
  }

  function mark(index) {
    const every = options();
    at = (index + every.length) % every.length;
    every.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    field.setAttribute("aria-activedescendant", every[at].id);
    every[at].scrollIntoView({ block: "nearest" });
  }

  // It points at them only while they are offered: closed, its keys are those of any text.
  function open(people) {
    const drawn = people.map((one, place) => {
      const option = make("div", { role: "option", id: `${list.id}-${place}`, "aria-selected": "false" }, make("span", {}, one.label), one.hint ? make("small", {}, one.hint) : "");
      option.dataset.value = one.value;
      return option;
    });
    list.replaceChildren(...drawn);
    popup.hidden = false;
    for (const [name, value] of Object.entries({ "aria-haspopup": "listbox", "aria-controls": list.id, "aria-autocomplete": "list" })) field.setAttribute(name, value);
    mark(0);
    announce(`${words("found", drawn.length)}. ${people[0].label}`);
  }

  function close() {
    asking?.abort();
    clearTimeout(waiting);
    popup.hidden = true;
    at = -1;
    for (const name of ["aria-haspopup", "aria-controls", "aria-autocomplete", "aria-activedescendant"]) field.removeAttribute(name);
  }

  async function find(text) {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const only = officeOnly && !officeOnly.checked ? "" : "&office_only=1";
    try {
      const answer = await fetch(`${field.dataset.mentions}?q=${encodeURIComponent(text)}${only}`, { signal, headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const { items } = await answer.json();
      if (signal.aborted || document.activeElement !== field || call()?.text !== text) return;
      if (items.length) open(items);
      else close(); // it is text like any other
    } catch (problem) {
      if (problem.name !== "AbortError") close();
    }
  }

  function take(option) {
    const where = call();
    if (!option || !where) return close();
    close();
    field.setRangeText(`@${option.dataset.value} `, where.from, where.to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true })); // a draft keeps it, and there is no call any more
    announce(option.firstChild.textContent);
  }

  function look() {
    const where = call();
    clearTimeout(waiting);
    if (!where) left = -1;
    if (!where || where.from === left) return close();
    waiting = setTimeout(() => find(where.text), 150);
  }

  field.addEventListener("input", look);
  officeOnly?.addEventListener("change", close);
  field.addEventListener("click", () => isOpen() && look());
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || !isOpen()) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(event.key === "ArrowDown" ? at + 1 : at - 1);
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || (event.key === "Tab" && !event.shiftKey)) take(options()[at]);
    else if (event.key === "Escape") {
      left = call()?.from ?? -1;
      close();
      event.stopPropagation();
    } else if (/^(ArrowLeft|ArrowRight|Home|End|PageUp|PageDown)$/.test(event.key)) return close();
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);
  popup.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => take(event.target.closest("[role=option]")));
  if (early) {
    field.focus();
    look();
  }
}

document.querySelectorAll("textarea[data-mentions]").forEach(start);
