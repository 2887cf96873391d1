/* Forms: what was typed is not lost by leaving the page unasked, and the summary of errors is read first. */

for (const form of document.querySelectorAll("form[data-guard]")) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

document.querySelector("[data-errors]")?.focus();
