// Light, dark or as the system is, at once; the cookie makes the server draw the next page the same way.

const root = document.documentElement;
const tell = () => document.dispatchEvent(new CustomEvent("ui:theme"));

document.addEventListener("submit", (event) => {
  const form = event.target;
  const chosen = event.submitter?.value;
  if (!form.matches("[data-theme-form]") || chosen === undefined) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const secure = location.protocol === "https:" ? ";secure" : "";
  document.cookie = `theme=${chosen};path=/;samesite=lax;max-age=${chosen ? 31536000 : 0}${secure}`;
  if (chosen) root.dataset.theme = chosen;
  else delete root.dataset.theme;
  document.querySelector("meta[name=color-scheme]")?.setAttribute("content", chosen || "light dark");
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", button.value === chosen);
  tell();
}, true);

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
