// What the other modules share: words in the language of the page (frame.script_words()), and how to say and make things.

const held = document.getElementById("ui-words");
const known = held ? JSON.parse(held.textContent) : {};

/** The sentence called `name`, its # replaced by `value`. */
export const words = (name, value = "") => (known[name] ?? name).replace("#", value);

/** Said to those who hear the page, once. */
export function announce(text) {
  const live = document.getElementById("live");
  if (!live || !text) return;
  live.textContent = "";
  setTimeout(() => (live.textContent = text), 50);
}

/** Whether a key pressed there is text. */
export const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

/** Whether a key stands for itself there: alone, not as text, with no dialog open, and not switched off by this person. */
export const isSingleKey = (event) =>
  !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing &&
  document.body.dataset.keys !== "off" && !isTyping(event.target) && !document.querySelector("dialog[open]");

/** A new element with attributes, text and children; text is never markup. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null && child !== ""));
  return element;
}
