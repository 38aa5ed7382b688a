// <form data-confirm="Withdraw this? Nobody is told.">: asked before it is sent.
import { make, words } from "./words.js";

const yes = make("button", { type: "submit", value: "yes", class: "usa-button danger" });
const no = make("button", { type: "submit", value: "no", class: "usa-button quiet", autofocus: true });
const question = make("h2", { id: "confirm-words" });
const dialog = make(
  "dialog",
  { class: "sheet", "aria-labelledby": "confirm-words" },
  question,
  make("form", { method: "dialog", class: "form-end" }, yes, no),
);
let asked = null;

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const text = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!text || form.dataset.confirmed) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    asked = { form, submitter: event.submitter };
    question.textContent = text;
    yes.textContent = event.submitter?.textContent.trim() || words("yes");
    no.textContent = words("no");
    if (!dialog.isConnected) document.body.append(dialog);
    dialog.returnValue = "";
    dialog.showModal();
  },
  true,
);

dialog.addEventListener("close", () => {
  const { form, submitter } = asked ?? {};
  asked = null;
  if (dialog.returnValue !== "yes" || !form) {
    submitter?.focus();
    return;
  }
  form.dataset.confirmed = "1";
  form.requestSubmit(submitter);
});
