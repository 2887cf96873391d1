/* While an item of a plan is pointed at or focused, its sentence is marked in the plan's text and brought into view there. */

const text = document.querySelector("[data-plan-text]");

function mark(pk) {
  for (const old of text.querySelectorAll(".marked")) old.classList.remove("marked");
  const pieces = text.querySelectorAll(`[data-items~="${pk}"]`);
  for (const piece of pieces) piece.classList.add("marked");
  if (pieces.length && text.scrollHeight > text.clientHeight) {
    const above = pieces[0].getBoundingClientRect().top - text.getBoundingClientRect().top;
    text.scrollTop += above - text.clientHeight / 3;
  }
}

for (const kind of ["mouseover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const item = text && event.target.closest?.("[data-item]");
    if (item) mark(item.dataset.item);
  });
}
