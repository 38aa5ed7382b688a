// A live session as it goes on: what is told is put into the page as it comes, by a stream while the tab is seen. After three
// failures the page asks every five seconds instead, from the same number on. Without scripts one reloads the page.
import { announce, make } from "../ui/words.js";

const root = document.querySelector("[data-live]");
const { live: url, asOf, lost } = root.dataset;
const offset = Date.parse(root.dataset.now) - Date.now(); // the clock of the server, which sets the timer
const seen = (name) => document.querySelector(`[data-${name}]`);
const show = (element, shown) => element && (element.hidden = !shown);
let after = Number(root.dataset.after);
let source = null;
let asking = 0;
let failures = 0;
let polls = 0;
let last = root.textContent.trim();

/** The page is as the server has it now. */
function fresh() {
  last = new Date().toLocaleTimeString(document.documentElement.lang);
  root.textContent = asOf.replace("#", last);
}

function topic({ id, title, said }) {
  const list = seen("topics");
  if (!list || document.getElementById(`topic-${id}`)) return;
  list.prepend(make("li", { id: `topic-${id}` }, make("b", {}, title), said && make("p", {}, said)));
}

function state({ hand, until, locked, ended }) {
  if (ended) return location.reload();
  const title = seen("hand-title");
  if (hand && title.textContent !== hand.title) announce(hand.title);
  title.textContent = hand?.title ?? "";
  seen("hand-said").textContent = hand?.said ?? "";
  show(seen("hand-none"), !hand);
  seen("until").dataset.until = until ?? "";
  tick();
  for (const each of document.querySelectorAll("[data-when-locked]")) show(each, locked);
}

function take(said, number) {
  after = number;
  for (const each of said) {
    if (each.topic) topic(each.topic);
    for (const id of each.gone ?? []) document.getElementById(`topic-${id}`)?.remove();
    if (each.state) state(each.state);
    const hands = seen("hands");
    if (hands && "hands" in each) {
      hands.textContent = hands.dataset.hands.replace("#", each.hands);
      show(hands, each.hands);
    }
  }
  const count = seen("count");
  if (count) count.textContent = seen("topics").children.length;
  fresh();
  if (said.length) document.dispatchEvent(new CustomEvent("live"));
}

async function ask() {
  try {
    const answer = await fetch(`${url}?after=${after}`, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const { said, after: number, gone } = await answer.json();
    take(said, number);
    if (gone !== undefined) show(seen("gone"), gone);
    if (!source && ++polls % 6 === 0) listen(); // every half minute the stream is tried again
  } catch {
    root.textContent = lost.replace("#", last);
  }
}

function listen() {
  if (document.hidden || source) return;
  source = new EventSource(`${url}?after=${after}`);
  source.onopen = () => {
    failures = 0;
    clearInterval(asking);
    fresh();
  };
  source.onmessage = (event) => take(JSON.parse(event.data), Number(event.lastEventId));
  source.onerror = () => {
    failures += source.readyState === EventSource.CLOSED ? 3 : 1;
    if (failures < 3) return;
    stop();
    failures = 2; // one more is enough the next time
    ask();
    asking = setInterval(ask, 5000);
  };
}

function stop() {
  source?.close();
  source = null;
  clearInterval(asking);
}

function tick() {
  const timer = seen("until");
  const { until } = timer.dataset;
  show(timer, until);
  if (!until) return;
  const left = Math.max(0, Math.ceil((Date.parse(until) - Date.now() - offset) / 1000));
  timer.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  timer.classList.toggle("up", left === 0);
}

document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()));
addEventListener("online", () => {
  stop();
  listen();
});
setInterval(tick, 1000);
tick();
listen();
if (seen("gone")) setInterval(ask, 30_000); // whether the facilitator is still there
