// Forms: the error summary takes the focus, Ctrl+Enter sends, a form is sent once. Shows what needs scripts.

for (const hint of document.querySelectorAll("[data-needs-scripts]")) hint.hidden = false;

document.querySelector("[data-errors]")?.focus();

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  const form = event.target.closest?.("form[method=post]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

// A second press while the first is on its way is dropped; coming back by the browser's back button begins anew.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 8000); // a download answers without leaving the page
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
