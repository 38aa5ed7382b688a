// Answering with scripts: questions that wait for an answer appear with it, and the progress follows. Nothing is kept
// in the browser: others may use it too.

const forms = document.querySelectorAll("[data-answering]");

for (const form of forms) {
  const asks = [...form.querySelectorAll("[data-ask]")];
  const progress = form.querySelector("progress");
  const said = form.querySelector("[data-progress-words]");

  const given = (name) =>
    [...form.querySelectorAll(`[name="${CSS.escape(name)}"]:not(:disabled)`)]
      .filter((field) => !field.closest("fieldset[disabled]"))
      .flatMap((field) => (field.matches("[type=radio],[type=checkbox]") ? (field.checked ? [field.value] : []) : [field.value.trim()]))
      .filter(Boolean);

  const follow = () => {
    // In their order, so that what waits for a question just hidden is hidden with it.
    for (const ask of asks) {
      if (!ask.dataset.waitsFor) continue;
      const wanted = ask.dataset.waitsForValues;
      const shown = given(ask.dataset.waitsFor).some((value) => !wanted || wanted.split(" ").includes(value));
      ask.hidden = ask.disabled = !shown;
    }
    if (!progress) return;
    const counted = asks.filter((ask) => "counted" in ask.dataset);
    const done = counted.filter((ask) => given(ask.dataset.ask).length).length;
    progress.value = done;
    said.textContent = said.dataset.progressWords.replace("#", done);
  };

  form.addEventListener("change", follow);
  form.addEventListener("input", follow);
  addEventListener("pageshow", follow);
  follow();
}
