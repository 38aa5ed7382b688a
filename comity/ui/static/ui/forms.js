// Forms: the error summary takes the focus, Ctrl+Enter sends, a form is sent once, one box ticks all of a set.
// Shows what needs scripts.

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

// The box above a set of boxes ticks them all or none, and shows when only some are.
for (const set of document.querySelectorAll("[data-tick-all]")) {
  const all = set.querySelector(".tick-all input");
  const boxes = [...set.querySelectorAll("input[type=checkbox]")].filter((box) => box !== all);
  const draw = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.closest(".tick-all").hidden = boxes.length < 2;
  set.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes) box.checked = all.checked;
    draw();
  });
  addEventListener("pageshow", draw);
  draw();
}
