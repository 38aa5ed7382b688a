// The sentences beside the form say at once what is typed into it.
for (const shown of document.querySelectorAll("[data-preview]")) {
  const field = document.getElementById(shown.dataset.preview);
  field?.addEventListener("input", () => (shown.textContent = field.value.trim()));
}
