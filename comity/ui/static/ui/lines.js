// A set of lines in a form, <div data-line> each, whose fields are called "set-0-name": one more without asking the server.

/** Another line below the last of a set, empty; false where there is none to go by, or no room for more. */
export function grow(form, set) {
  const total = form.elements[`${set}-TOTAL_FORMS`];
  const last = [...form.querySelectorAll("[data-line]")].at(-1);
  const count = Number(total?.value);
  if (!last || !count || count >= Number(form.elements[`${set}-MAX_NUM_FORMS`]?.value ?? 1000)) return false;
  last.insertAdjacentHTML("afterend", last.outerHTML.replaceAll(`${set}-${count - 1}-`, `${set}-${count}-`));
  for (const field of last.nextElementSibling.querySelectorAll("input, textarea")) field.value = "";
  total.value = count + 1;
  return true;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-more]");
  if (!button || !grow(button.form, button.dataset.more)) return;
  event.preventDefault();
  [...button.form.querySelectorAll("[data-line]")].at(-1).querySelector("input, textarea").focus();
});
