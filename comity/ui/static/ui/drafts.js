// <form data-draft="name">: what is typed stays in this browser until it has been sent, and is offered back.
// Never passwords or files; everything is forgotten at sign-out and after two weeks.
import { grow } from "./lines.js";
import { make, words } from "./words.js";

const TWO_WEEKS = 14 * 24 * 60 * 60 * 1000;
const SENT = "drafts-sent";
const { user = "", signIn } = document.body.dataset;
const keyOf = (form) => `draft:${user}:${form.dataset.draft}`;
const onSignIn = signIn && location.pathname === signIn;

/** localStorage may be full, or switched off: a draft is a kindness, never a reason to fail. */
const attempt = (act) => {
  try {
    return act();
  } catch {
    return null;
  }
};

const isKept = (field) =>
  field.name &&
  !field.disabled &&
  !["password", "file", "submit", "button", "reset", "image"].includes(field.type) &&
  field.autocomplete !== "one-time-code" &&
  (field.type !== "hidden" || field.closest(".combo"));

const read = (form) =>
  [...form.elements].filter(isKept).map((field) => {
    if (field.type === "checkbox" || field.type === "radio") return [field.name, field.value, field.checked];
    if (field.type === "select-multiple") return [field.name, [...field.selectedOptions].map((option) => option.value)];
    return [field.name, field.value];
  });

function put(form, fields) {
  // As many lines as there were ("promise-1-title"), also of those that were added by hand.
  for (const [name] of fields) {
    const [, set, number] = /^(.+)-(\d+)-/.exec(name) ?? [];
    if (set && number === form.elements[`${set}-TOTAL_FORMS`]?.value) grow(form, set);
  }
  const left = [...form.elements].filter(isKept);
  for (const [name, value, checked] of fields) {
    const at = left.findIndex((field) => field.name === name && (checked === undefined || field.value === value));
    if (at < 0) continue;
    const [field] = left.splice(at, 1);
    if (checked !== undefined) field.checked = checked;
    else if (Array.isArray(value)) for (const option of field.options) option.selected = value.includes(option.value);
    else field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function keep(form) {
  attempt(() => localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), fields: read(form) })));
}

function forget(key) {
  attempt(() => localStorage.removeItem(key));
}

function offer(form, draft) {
  const day = new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const back = make("button", { type: "button", class: "usa-button quiet" }, words("draftPut"));
  const drop = make("button", { type: "button", class: "usa-button quiet" }, words("draftForget"));
  const bar = make("div", { class: "draft", role: "status" }, make("p", {}, words("draft", day)), make("div", { class: "cluster" }, back, drop));
  back.addEventListener("click", () => {
    put(form, draft.fields);
    bar.remove();
    [...form.elements].find((field) => isKept(field) && field.type !== "hidden")?.focus();
  });
  drop.addEventListener("click", () => {
    forget(keyOf(form));
    bar.remove();
  });
  form.prepend(bar);
}

/** Without a network nothing is sent, so that the page and what was typed stay. */
function sayOffline(form) {
  form.querySelector(".draft.offline")?.remove();
  const said = make("div", { class: "draft offline", role: "alert" }, make("p", {}, words("offline")));
  (form.querySelector(".form-end") ?? form.lastElementChild).before(said);
  addEventListener("online", () => said.remove(), { once: true });
}

// A form that was sent is done with, unless the answer is the same form with errors, or the sign-in page.
function settle(forms) {
  const sent = attempt(() => JSON.parse(sessionStorage.getItem(SENT) ?? "[]")) ?? [];
  if (onSignIn || sent.length === 0) {
    if (onSignIn) attempt(() => sessionStorage.removeItem(SENT));
    return;
  }
  const failed = new Set(forms.filter((form) => form.querySelector("[data-errors]")).map(keyOf));
  for (const key of sent) if (!failed.has(key)) forget(key);
  attempt(() => sessionStorage.removeItem(SENT));
}

function start(form) {
  if (form.dataset.drafting) return;
  form.dataset.drafting = "1";
  const before = JSON.stringify(read(form));
  const draft = attempt(() => JSON.parse(localStorage.getItem(keyOf(form))));
  if (draft && Date.now() - draft.at > TWO_WEEKS) forget(keyOf(form));
  else if (draft && !form.querySelector("[data-errors]") && JSON.stringify(draft.fields) !== before) offer(form, draft);
  let waiting = 0;
  const changed = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(form), 300);
  };
  const typing = document.activeElement; // perhaps for some time: this script may come late
  if (typing.form === form && isKept(typing) && "defaultValue" in typing && typing.value !== typing.defaultValue) changed();
  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => event.isTrusted && changed());
  form.addEventListener("htmx:beforeRequest", () => {
    clearTimeout(waiting);
    keep(form);
  });
  form.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful && forget(keyOf(form)));
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(waiting);
    keep(form);
    if (!navigator.onLine) {
      event.preventDefault();
      return sayOffline(form);
    }
    attempt(() => sessionStorage.setItem(SENT, JSON.stringify([keyOf(form)])));
  });
}

const all = () => [...document.querySelectorAll("form[data-draft]")];
settle(all());
all().forEach(start);
document.addEventListener("htmx:load", () => all().forEach(start));

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]")) return;
  attempt(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
  });
});
