// What narrows a list: a chip takes its filter off without leaving the page; the view in force is in sight.

let cleared = null;

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-clear]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const form = link.closest(".table-frame").querySelector("form[data-filters]");
  event.preventDefault();
  const names = link.dataset.clear.split(" ");
  for (const field of form.elements) {
    if (!names.includes(field.name)) continue;
    if (field.type === "checkbox") field.checked = false;
    else field.value = "";
    for (const part of field.closest("[data-combo]")?.querySelectorAll("input") ?? []) part.value = "";
  }
  cleared = form;
  form.requestSubmit();
});

// Where more than the list hangs on its filters, the page is loaded anew.
document.addEventListener("change", (event) => event.target.form?.matches("[data-filters]:not([hx-get])") && event.target.form.requestSubmit());

// The chip is gone; the focus goes to where the filter can be set again.
document.addEventListener("htmx:afterSettle", () => {
  if (cleared) (cleared.querySelector("summary") ?? cleared.querySelector("input[type=search]"))?.focus();
  cleared = null;
  show();
});

/** On a phone the views stand in a row that scrolls. */
function show() {
  for (const view of document.querySelectorAll(".views > ul [aria-current]")) {
    const row = view.closest("ul");
    row.scrollLeft = view.offsetLeft - row.clientWidth / 2 + view.clientWidth / 2;
  }
}

show();
