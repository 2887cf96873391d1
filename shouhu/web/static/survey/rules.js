/*
 * The rules on the phone: the compiled program that the server sends, run on one record.
 * It gives the same colour, bounds and order of questions as the server (tests/web/test_survey_rules.py runs both).
 *
 * Facts are as in register.jsonl: true/false, numbers (money in yuan), {low, high} for a number that is not exact, words, lists.
 */

const blank = (value) => value === null || value === undefined;
const truthy = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

/** Fill in what given answers imply about facts without one. */
export function settle(program, facts) {
  const settled = { ...facts };
  for (const [name, implied] of Object.entries(program.implies)) {
    if (blank(settled[name])) continue;
    for (const [other, value] of Object.entries(implied[String(truthy(settled[name]))] ?? {})) {
      if (blank(settled[other])) settled[other] = value;
    }
  }
  return settled;
}

/** The least and the most that a number can be; money in whole fen, so that sums are exact. */
function ends(program, name, facts) {
  const value = facts[name];
  if (blank(value)) return [0, Infinity];
  const exact = program.money.includes(name) ? (yuan) => Math.round(yuan * 100) : (number) => number;
  return typeof value === "object" ? [exact(value.low), exact(value.high)] : [exact(value), exact(value)];
}

/** Whether one aspect of an answer holds: true, false, or null for not known. */
function aspect(program, atom, value) {
  if (blank(value)) return null;
  if (!atom.words) return truthy(value);
  if (atom.type === "choice") return atom.choices.includes(value) ? atom.words.includes(value) : null;
  if (value.some((one) => atom.words.includes(one))) return true;
  if (!value.includes(program.unnamed)) return false;
  return atom.words.length >= 3 ? true : null; // somebody unnamed is one of the three natural persons
}

/** [certainly true, certainly false] of an atom. */
function rails(program, atom, facts) {
  if (!atom.terms) {
    const truth = aspect(program, atom, facts[atom.fact]);
    return [truth === true, truth === false];
  }
  let least = atom.constant;
  let most = atom.constant;
  for (const [name, factor] of atom.terms) {
    const [low, high] = ends(program, name, facts);
    least += factor * (factor > 0 ? low : high);
    most += factor * (factor > 0 ? high : low);
  }
  return atom.strict ? [least > 0, most <= 0] : [least >= 0, most < 0];
}

function inputs(program, facts) {
  const found = {};
  program.atoms.forEach((atom, place) => {
    [found[`t${place}`], found[`f${place}`]] = rails(program, atom, facts);
  });
  for (const name of program.questions) found[`k_${name}`] = !blank(facts[name]);
  for (const name of program.facts) found[`x_${name}`] = unsure(program, name, facts);
  return found;
}

function unsure(program, name, facts) {
  if (!program.numbers.includes(name)) return false;
  const [low, high] = ends(program, name, facts);
  return low !== high;
}

function run(program, given) {
  const values = [];
  for (const [kind, operands] of program.steps) {
    if (kind === "in") values.push(given[operands]);
    else if (kind === "and") values.push(operands.every((place) => values[place]));
    else if (kind === "or") values.push(operands.some((place) => values[place]));
    else values.push(!values[operands[0]]);
  }
  return values;
}

function colour(program, values) {
  const state = program.state.map((place) => values[place]);
  const first = (from) => program.colours.find((_, rank) => state[from + rank]) ?? null;
  const [ownTrack, unknown, decide] = state.slice(3, 6);
  const fired = first(0) ?? (unknown ? "unknown" : decide ? "decide" : "green");
  return { colour: ownTrack ? "decide" : fired, atLeast: first(6), atMost: first(9) };
}

/** The inputs that one way of answering a question sets. */
function* answered(program, way, base) {
  for (const name of way.answered) if (program.needs.includes(`k_${name}`)) yield `k_${name}`;
  for (const [place, truth] of way.outcome) {
    const others = (program.atoms[place].terms ?? []).map(([name]) => name).filter((name) => name !== way.fact);
    const [own, opposite] = truth ? [`t${place}`, `f${place}`] : [`f${place}`, `t${place}`];
    const closed = program.needs.includes(opposite) && base[opposite];
    if (program.needs.includes(own) && !closed && (way.regardless || !others.some((name) => base[`x_${name}`]))) yield own;
  }
}

function order(program, facts, base, values) {
  const wanted = new Set(program.facts.filter((_, k) => values[program.asks[k]]));
  if (!wanted.size) return [];
  for (const [name, implied] of Object.entries(program.implies)) {
    const others = Object.values(implied).flatMap(Object.keys);
    if (blank(facts[name]) && program.questions.includes(name) && others.some((other) => wanted.has(other))) wanted.add(name);
  }
  const score = (name) => {
    const ways = program.answers.filter((way) => way.fact === name);
    const settled = ways.filter((way) => {
      const given = { ...base };
      for (const input of answered(program, way, base)) given[input] = true;
      return run(program, given)[program.settled];
    });
    return settled.length / ways.length;
  };
  const names = program.questions.filter((name) => wanted.has(name));
  const scores = new Map(names.map((name) => [name, score(name)]));
  return names.sort((one, other) => scores.get(other) - scores.get(one));
}

/** {colour, atLeast, atMost, ask}: what is known says this, and these questions would settle most, in this order. */
export function rate(program, facts) {
  const settled = settle(program, facts);
  const base = inputs(program, settled);
  const values = run(program, base);
  return { ...colour(program, values), ask: order(program, settled, base, values) };
}
