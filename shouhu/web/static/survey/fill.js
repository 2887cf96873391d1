/* Counts the questions answered on the plain form. The form works without it. */

const form = document.querySelector("[data-survey]");
const questions = [...form.querySelectorAll("[data-question]")];
const bar = form.querySelector("[data-progress]");
const figure = form.querySelector("[data-answered]");

function answered(question) {
  return [...question.querySelectorAll("input, textarea, select")].some((input) =>
    ["radio", "checkbox"].includes(input.type) ? input.checked : input.value.trim() !== "");
}

function count() {
  const done = questions.filter(answered).length;
  bar.max = questions.length;
  bar.value = done;
  figure.textContent = `${done} / ${questions.length}`;
}

form.addEventListener("input", count);
count();
