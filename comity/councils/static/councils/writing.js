// What is written on a phone stays in its browser until the server has taken it. It is sent again with the same key, so
// one sent twice is kept once; what the server refuses comes back into the form.
import { make } from "../ui/words.js";

const form = document.querySelector("[data-write]");
const { title, said, key } = form.elements;
const waiting = form.querySelector("[data-waiting]");
const refused = form.querySelector("[data-refused]");
const KEPT = `council-topics:${form.dataset.write}`;
const TYPED = `${KEPT}:typed`;
let kept = read(KEPT) ?? []; // without storage, as long as the page is open
let sending = false;

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function store(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A full or switched-off storage keeps nobody from writing.
  }
}

function keep(list) {
  kept = list;
  store(KEPT, kept);
  waiting.replaceChildren(...kept.map((each) => make("li", {}, form.dataset.unsent.replace("#", each.title))));
}

const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");

function put(topic) {
  [title.value, said.value, key.value] = [topic.title, topic.said, topic.key];
}

/** Sends what waits, the oldest first; what cannot be sent now is tried again. */
async function send() {
  if (sending || !kept.length) return;
  sending = true;
  try {
    while (kept.length) {
      const [first] = kept;
      const body = new FormData(form);
      for (const name of ["title", "said", "key"]) body.set(name, first[name]);
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok && answer.status !== 422) {
        if (answer.status === 403 && answer.headers.get("Content-Type") === "application/json") refused.textContent = (await answer.json()).said;
        return;
      }
      refused.textContent = answer.ok ? "" : (await answer.json()).said;
      if (!answer.ok && title.value) return; // something else is being written: it waits until that is sent
      if (!answer.ok) put(first);
      keep(kept.slice(1));
    }
  } catch {
    // No network: it waits.
  } finally {
    sending = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!title.value.trim()) return title.focus();
  keep([...kept, { title: title.value, said: said.value, key: key.value }]);
  put({ title: "", said: "", key: newKey() });
  store(TYPED, null);
  title.focus();
  send();
});
form.addEventListener("input", () => store(TYPED, { title: title.value, said: said.value, key: key.value }));
addEventListener("online", send);
setInterval(send, 3000);

const typed = read(TYPED);
if (typed && !title.value) put(typed);
keep(kept);
send();
