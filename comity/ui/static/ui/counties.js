// A map of counties is one stop of the keyboard: the arrow keys go to the next county that way, and the line below says which.

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function middle(link) {
  const box = link.getBBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** The nearest that way; what lies aside counts as three times as far. */
function next(from, [right, down], links) {
  const [x, y] = middle(from);
  const far = (link) => {
    const [dx, dy] = [middle(link)[0] - x, middle(link)[1] - y];
    const along = dx * right + dy * down;
    return along > 1 ? along + 3 * Math.abs(dx * down - dy * right) : Infinity;
  };
  return links.map((link) => [far(link), link]).filter(([way]) => way < Infinity).sort(([one], [other]) => one - other)[0]?.[1];
}

for (const map of document.querySelectorAll("svg.counties")) {
  const links = [...map.querySelectorAll("a")];
  const said = map.nextElementSibling;
  const tell = (event) => (said.textContent = event.target.closest("a, g")?.querySelector("title").textContent ?? "");
  map.addEventListener("focusin", tell);
  map.addEventListener("pointerover", tell);
  map.addEventListener("keydown", (event) => {
    const here = event.target.closest("a");
    const there = here && WAYS[event.key] && next(here, WAYS[event.key], links);
    if (!there) return;
    event.preventDefault();
    here.tabIndex = -1;
    there.tabIndex = 0;
    there.focus();
  });
}
