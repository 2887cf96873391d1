/* Lists by keyboard, and the bar for the rows that are ticked. Everything here can also be done without it. */

const table = document.querySelector("[data-list]");
const rows = table ? [...table.tBodies[0].rows] : [];
const bar = document.querySelector("[data-bulk]");
const all = document.querySelector("[data-pick-all]");
const boxes = () => rows.map((row) => row.querySelector("input[name=pick]")).filter(Boolean);

function count() {
  const picked = boxes().filter((box) => box.checked).length;
  bar.hidden = picked === 0;
  bar.querySelector("[data-picked]").textContent = picked;
  all.checked = picked === rows.length;
  all.indeterminate = picked > 0 && !all.checked;
}

if (bar && all) {
  all.hidden = false;
  all.addEventListener("change", () => {
    boxes().forEach((box) => { box.checked = all.checked; });
    count();
  });
  table.addEventListener("change", count);
  count();
}

rows.forEach((row) => { row.tabIndex = -1; });
const here = () => rows.findIndex((row) => row.contains(document.activeElement));

function go(step) {
  const next = Math.min(Math.max(here() + step, 0), rows.length - 1);
  rows[next]?.focus();
  rows[next]?.scrollIntoView({ block: "nearest" });
}

const keys = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => { location.hash = "help"; },
  e: () => document.querySelector("[data-export]")?.click(),
  j: () => go(1),
  k: () => go(-1),
  o: () => rows[here()]?.querySelector("a[href]")?.click(),
  x: () => rows[here()]?.querySelector("input[name=pick]")?.click(),
};

// Single letters disturb people who dictate: they can be switched off, on this machine.
const KEPT = "shouhu-keys";
const lamp = document.querySelector("[data-keys]");
if (lamp) {
  lamp.parentElement.hidden = false;
  lamp.checked = localStorage.getItem(KEPT) !== "off";
  lamp.addEventListener("change", () => localStorage.setItem(KEPT, lamp.checked ? "on" : "off"));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !lamp?.checked) return;
  if (event.key === "Escape" && location.hash === "#help") location.hash = "main";
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const act = event.key === "Enter" && event.target.matches("tr") ? keys.o : keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
