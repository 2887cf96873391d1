/* The form for the phone: the list of work, and one question at a time, the one first that settles most. */

import { button, element } from "./answers.js";
import { discard, fill } from "./filling.js";
import { Store } from "./store.js";
import { NotNow, Sync } from "./sync.js";

const page = document.querySelector("[data-phone]");
const screen = page.querySelector("[data-screen]");
const notice = page.querySelector("[data-notice]");
const lamp = page.querySelector("[data-lamp]");
const say = JSON.parse(document.getElementById("words").textContent);
const choices = JSON.parse(document.getElementById("choices").textContent);
const app = { say, choices, screen, tell, go, submit };
let sync;
let exchanging = Promise.resolve();

function tell(text) {
  notice.textContent = text;
  notice.hidden = !text;
}

function light() {
  lamp.toggleAttribute("data-on", navigator.onLine);
  lamp.textContent = navigator.onLine ? say.online : say.offline;
}

function go(hash) {
  if (location.hash === hash) show();
  else location.hash = hash;
}

/** To the server and back, one exchange after the other: what one leaves behind, the next must find. */
function refresh() {
  exchanging = exchanging.then(exchange, exchange);
  return exchanging;
}

async function exchange() {
  light();
  if (!navigator.onLine) return;
  try {
    const { foreign } = await sync.fetch();
    if (foreign) {
      await meetForeign();
      return;
    }
    const sent = await sync.sendAll();
    if (sent) {
      await sync.fetch();
      const lost = sync.refusals.splice(0).map((why) => say.photoLost.replace("{x}", why));
      tell([say.sent.replace("{n}", sent), ...lost].join(" "));
    } else tell("");
  } catch (error) {
    if (!(error instanceof NotNow)) throw error;
    tell(error.why === "login" ? say.login : "");
  }
  if (!location.hash || location.hash === "#") await list();
}

/** What lies here belongs to another hand: unsent sheets wait for it, the rest is forgotten. */
async function meetForeign() {
  const unsent = [...await app.store.all("queue/"), ...await app.store.all("draft/")];
  if (!unsent.length) {
    await app.store.wipe();
    await exchange();
    return;
  }
  const clear = async () => {
    await app.store.wipe();
    await refresh();
  };
  screen.replaceChildren(element("section", { className: "card" },
    element("p", { textContent: say.foreign.replace("{n}", unsent.length) }),
    button(say.clearForeign, clear, "btn btn-plain full")));
}

function task(one, { draft, queued, gone }) {
  const state = queued ? say[queued.state] : draft ? say.draft : one.state === "returned" ? say.returned : "";
  const open = queued?.state === "conflict" ? `#conflict-${one.id}` : `#task-${one.id}`;
  const locked = queued?.state === "waiting";
  const card = element("section", { className: "card", data: { task: one.id } },
    element("h2", { textContent: one.name }),
    element("p", { textContent: one.address }),
    element("p", { className: "muted", textContent: `${say.due} ${one.due_on}　${one.number}` }));
  if (state) card.append(element("p", { className: queued || draft ? "" : "due-late", textContent: state, data: { state: "" } }));
  if (queued?.told) card.append(element("p", { className: "field-error", textContent: queued.told.message }));
  if (one.returned && !queued) card.append(element("p", { className: "due-late", textContent: one.returned.reason }));
  if (one.latitude !== null) {
    card.append(element("a", { href: `geo:${one.latitude},${one.longitude}`, textContent: say.map }));
  }
  if (gone && draft) {
    card.append(element("p", { className: "due-late", textContent: say.notMine }),
      button(say.discard, async () => {
        await discard(app.store, one.id, draft);
        await list();
      }, "btn btn-plain full"));
  } else if (queued?.state === "refused") card.append(button(say.mend, () => mend(one, queued), "btn btn-primary full mt-2"));
  else if (!locked) {
    card.append(button(queued ? say.compare : draft ? say.goOn : say.start, () => go(open), "btn btn-primary full mt-2"));
  }
  return card;
}

async function mend(one, queued) {
  const { state, told, sheet, ...draft } = queued;
  await app.store.put(`draft/${one.id}`, draft);
  await app.store.drop(`queue/${one.id}`);
  go(`#task-${one.id}`);
}

async function list() {
  const work = await app.store.get("work");
  const drafts = new Map((await app.store.all("draft/")).map(([id, value]) => [id.split("/")[1], value]));
  const queue = new Map((await app.store.all("queue/")).map(([id, value]) => [id.split("/")[1], value]));
  const waiting = [...queue.values()].filter((one) => one.state === "waiting").length;
  const known = new Map((work?.tasks ?? []).map((one) => [String(one.id), one]));
  // A sheet that waits here is shown even when its work was meanwhile given to somebody else.
  const given = new Set(known.keys());
  for (const [id, kept] of [...queue, ...drafts]) if (!given.has(id)) known.set(id, kept.about);
  const todo = [...known].filter(([id, one]) => queue.has(id) || drafts.has(id) || ["open", "returned"].includes(one.state));
  screen.replaceChildren(
    element("p", { className: "muted", textContent: say.counts.replace("{n}", todo.length).replace("{m}", waiting) }),
    ...(waiting ? [button(say.sendNow, refresh, "btn btn-primary full")] : []),
    ...todo.map(([id, one]) => task(one, { draft: drafts.get(id), queued: queue.get(id), gone: !given.has(id) })),
    ...(todo.length ? [] : [element("p", { className: "card", textContent: work ? say.nothing : say.fetchFirst })]),
    button(say.update, refresh, "btn btn-plain full"),
    button(say.leave, leave, "btn btn-plain full mt-2"),
  );
}

/** Both texts of every answer that somebody else gave differently; what one's own hand keeps goes to the reviewer. */
async function conflict(id) {
  const queued = await app.store.get(`queue/${id}`);
  if (!queued?.told?.conflicts) return go("#");
  const kept = new Set(queued.told.conflicts.map((one) => one.name));
  const rows = queued.told.conflicts.map((one) => {
    const pick = (label, mine) => {
      const input = element("input", { type: "radio", name: one.name, checked: mine, className: "form-check-input" });
      input.addEventListener("change", () => (mine ? kept.add(one.name) : kept.delete(one.name)));
      return element("label", { className: "check" }, input, ` ${label}`);
    };
    return element("fieldset", { className: "versus" }, element("legend", { textContent: one.label }),
      pick(say.theirs.replace("{x}", one.old), false), element("br"), pick(say.mine.replace("{x}", one.new), true));
  });
  const resend = async () => {
    for (const one of queued.told.conflicts) if (!kept.has(one.name)) delete queued.answers[one.name];
    const { told, ...rest } = queued;
    await app.store.put(`queue/${id}`, { ...rest, base: told.base, state: "waiting" });
    go("#");
    await refresh();
  };
  screen.replaceChildren(element("section", { className: "card" },
    element("h2", { textContent: queued.about.name }), element("p", { textContent: say.conflictHelp }), ...rows,
    button(say.resend, resend, "btn btn-primary full"), button(say.back, () => go("#"), "btn btn-plain full mt-2")));
  return undefined;
}

async function submit(id, draft) {
  await app.store.put(`queue/${id}`, { ...draft, state: "waiting" });
  await app.store.drop(`draft/${id}`);
  tell(navigator.onLine ? "" : say.kept);
  go("#");
  await refresh();
}

async function leave() {
  const unsent = (await app.store.all("queue/")).length + (await app.store.all("draft/")).length;
  if (unsent && !window.confirm(say.leaveUnsent.replace("{n}", unsent))) return;
  await exchanging.catch(() => {}); // nothing may arrive after the wiping, and without its token nobody is logged out
  const { token } = sync;
  await app.store.wipe();
  const out = page.querySelector("[data-logout]");
  if (navigator.onLine && token) {
    out.elements.csrfmiddlewaretoken.value = token;
    out.submit();
  } else {
    tell(say.wiped);
    await list();
  }
}

async function show() {
  const [, kind, id] = location.hash.match(/^#(task|conflict)-(\d+)$/) ?? [];
  if (kind === "conflict") await conflict(id);
  else if (kind === "task") await fill(app, id);
  else await list();
  window.scrollTo(0, 0);
}

async function start() {
  if (!window.isSecureContext || !window.crypto?.subtle || !navigator.serviceWorker) {
    page.querySelector("[data-plain]").hidden = false;
    lamp.textContent = "";
    return;
  }
  light();
  navigator.serviceWorker.register(page.dataset.worker).catch(() => {}); // without a session it stays as it was
  app.store = await Store.open();
  const { work, send, photo } = page.dataset;
  sync = new Sync(app.store, { work, send, photo });
  window.addEventListener("hashchange", show);
  window.addEventListener("online", refresh);
  window.addEventListener("offline", light);
  await show();
  await refresh();
}

start();
