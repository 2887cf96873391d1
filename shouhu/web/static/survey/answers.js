/* One question on the screen: big answers, and how an answer reads. Null is an answer: asked, and could not be found out. */

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  const { data, ...rest } = properties;
  Object.assign(made, rest);
  Object.assign(made.dataset, data ?? {});
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function button(label, act, className = "btn btn-plain", more = {}) {
  const made = element("button", { type: "button", className, textContent: label, ...more });
  made.addEventListener("click", act);
  return made;
}

const NUMBERS = ["money", "count", "months"];
const label = (question, one) => question.labels?.[one] ?? one;

export function reads(question, value, say) {
  if (value === undefined) return say.unanswered;
  if (value === null) return say.unclear;
  if (typeof value === "boolean") return value ? say.yes : say.no;
  if (Array.isArray(value)) return value.map((one) => label(question, one)).join("、") || say.none;
  if (typeof value === "object") return `${value.low}–${value.high}${question.unit ?? ""}`;
  return `${label(question, value)}${question.unit ?? ""}`;
}

/** The answers of a question; `done(value)` is called with the one chosen. */
export function answers(question, value, say, done) {
  const box = element("div", { className: "answers" });
  const unclear = () => button(say.unclear, () => done(null), `answer answer-unclear${value === null ? " chosen" : ""}`);
  const choice = (label, held) =>
    button(label, () => done(held), `answer${value === held ? " chosen" : ""}`, { ariaPressed: String(value === held) });
  if (question.type === "yes_no") {
    box.append(choice(say.yes, true), choice(say.no, false), unclear());
  } else if (question.type === "choice") {
    box.append(...question.choices.map((one) => choice(label(question, one), one)), unclear());
  } else if (question.type === "persons") {
    box.append(...persons(question, value, say, done), unclear());
  } else {
    box.append(typed(question, value, say, done), unclear());
  }
  return box;
}

function persons(question, value, say, done) {
  const picked = new Set(value ?? []);
  const toggles = question.choices.map((one) => {
    const made = button(label(question, one), () => {
      if (!picked.delete(one)) picked.add(one);
      made.classList.toggle("chosen", picked.has(one));
      made.ariaPressed = String(picked.has(one));
      take.disabled = !picked.size;
    }, `answer${picked.has(one) ? " chosen" : ""}`, { ariaPressed: String(picked.has(one)) });
    return made;
  });
  const take = button(say.confirm, () => done([...picked]), "btn btn-primary", { disabled: !picked.size });
  const none = button(say.none, () => done([]), `answer${value?.length === 0 ? " chosen" : ""}`);
  return [none, ...toggles, take];
}

function typed(question, value, say, done) {
  const isNumber = NUMBERS.includes(question.type);
  const isList = question.type === "names";
  const input = element(isList ? "textarea" : "input", { className: "form-control", ariaLabel: question.ask, maxLength: 300 });
  if (isList) input.rows = 3;
  if (isNumber) input.inputMode = "decimal";
  if (value !== undefined && value !== null && (typeof value !== "object" || Array.isArray(value))) {
    input.value = Array.isArray(value) ? value.join("\n") : value;
  }
  const fault = element("p", { className: "field-error", hidden: true, role: "alert" });
  const form = element("form", { className: "typed" }, input,
    question.unit ? element("span", { className: "unit", textContent: question.unit }) : null,
    element("button", { className: "btn btn-primary", textContent: say.confirm }), fault);
  if (isList) form.append(button(say.none, () => done([]), "answer"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    const number = Number(text);
    const wrong = isNumber && (!Number.isFinite(number) || number < 0 || (question.type === "count" && !Number.isInteger(number)));
    if (!text || wrong) {
      fault.textContent = text ? say.notNumber : say.typeFirst;
      fault.hidden = false;
      return;
    }
    if (isList) done(text.split("\n").map((line) => line.trim()).filter(Boolean));
    else done(isNumber ? number : text);
  });
  return form;
}
