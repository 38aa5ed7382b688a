// ? shows what the keyboard can do.
import { isTyping } from "./words.js";

const sheet = document.getElementById("keys");

document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!sheet || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  sheet.showModal();
});
