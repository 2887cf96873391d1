/* One institution: the colour as it forms, the question that settles most, all answers, photos, and handing in. */

import { answers, button, element, reads } from "./answers.js";
import { rate } from "./rules.js";

const LONGEST_EDGE = 1600;

function fresh(task) {
  return {
    key: crypto.randomUUID(), task: task.id, base: task.base, answers: { ...task.returned?.answers }, skipped: [],
    method: "visit", visited_at: new Date().toISOString(), n_asked: "", note: "", point: null, photos: [],
    about: { id: task.id, name: task.name, address: task.address, number: task.number, due_on: task.due_on, latitude: null,
      longitude: null, state: "open", returned: null },
  };
}

/** Forget a draft and its photos. */
export async function discard(store, id, draft) {
  for (const photo of draft.photos) await store.drop(photo.id);
  await store.drop(`draft/${id}`);
}

export async function fill(app, id) {
  const work = await app.store.get("work");
  const task = work?.tasks.find((one) => String(one.id) === id);
  if (!task) {
    app.tell(app.say.notMine);
    return app.go("#");
  }
  const draft = (await app.store.get(`draft/${id}`)) ?? fresh(task);
  const topics = work.questionnaires[task.questionnaire];
  new Filling(app, task, draft, topics, work.programs[task.ruleset]).draw();
  return undefined;
}

class Filling {
  constructor(app, task, draft, topics, program) {
    Object.assign(this, { app, task, draft, topics, program, say: app.say, chosen: null, unfolded: new Set() });
    this.questions = topics.flatMap((topic) => topic.questions);
    this.has = (name) => name in this.draft.answers;
  }

  save() {
    return this.app.store.put(`draft/${this.task.id}`, this.draft);
  }

  get rating() {
    return rate(this.program, { ...this.task.facts, ...this.draft.answers });
  }

  /** The question to ask now: one picked by hand, else what settles most, else the next that is open. */
  next(rating) {
    if (this.chosen) return this.questions.find((one) => one.name === this.chosen);
    const open = this.questions.filter((one) => !this.has(one.name) && !this.draft.skipped.includes(one.name));
    const wanted = rating.ask.find((name) => open.some((one) => one.name === name));
    // Then what goes out of date, and last what seldom changes.
    return open.find((one) => one.name === wanted) ?? open.find((one) => one.expires) ?? open[0] ?? null;
  }

  async take(question, value) {
    if (value === undefined) this.draft.skipped.push(question.name);
    else this.draft.answers[question.name] = value;
    this.chosen = null;
    await this.save();
    this.ask();
  }

  /** Drawn anew, with the focus on the question: whoever has no pointer goes on from there. */
  ask() {
    this.draw();
    const heading = this.app.screen.querySelector(".question h2");
    heading?.focus();
    heading?.scrollIntoView({ block: "center" });
  }

  draw() {
    const rating = this.rating;
    const question = this.next(rating);
    const done = this.questions.filter((one) => this.has(one.name)).length;
    this.app.screen.replaceChildren(
      button(this.say.back, () => this.app.go("#"), "btn btn-plain"),
      element("h2", { className: "mt-3", textContent: this.task.name }),
      ...(this.task.returned ? [element("p", { className: "due-late", textContent: this.task.returned.reason })] : []),
      this.forming(rating),
      element("p", { textContent: this.say.answered.replace("{n}", done).replace("{m}", this.questions.length) },
        element("progress", { className: "progress-line", value: done, max: this.questions.length })),
      question ? this.card(question, rating) : element("section", { className: "card", textContent: this.say.allAsked }),
      this.overview(),
      this.made(),
      this.photos(),
      button(this.say.submit, () => this.submit(), "btn btn-primary full"),
      button(this.say.discard, () => this.discard(), "btn btn-plain full mt-2"),
    );
  }

  forming(rating) {
    const badge = (name, before = "") => {
      const [word, shape] = this.program.words[name];
      return element("span", { className: `colour colour-${name}`, textContent: `${before}${word}${shape}` });
    };
    return element("section", { className: "card forming", role: "status", data: { colour: rating.colour,
      least: rating.atLeast ?? "", most: rating.atMost ?? "", ask: rating.ask.join(" ") } },
      element("span", { textContent: this.say.forming }), badge(rating.colour),
      rating.atLeast && rating.atLeast !== rating.colour ? badge(rating.atLeast, this.say.atLeast) : null,
      rating.atMost && rating.atMost !== rating.atLeast ? badge(rating.atMost, this.say.atMost) : null,
      rating.ask.length ? null : element("span", { className: "muted", textContent: this.say.settled }));
  }

  card(question, rating) {
    const value = this.has(question.name) ? this.draft.answers[question.name] : undefined;
    const known = this.task.facts[question.name];
    const settles = !this.chosen && rating.ask.includes(question.name);
    return element("section", { className: "card question", data: { name: question.name } },
      element("p", { className: "muted", textContent: settles ? this.say.askFirst : question.title }),
      element("h2", { textContent: question.ask, tabIndex: -1 }),
      this.task.hints[question.name] ? element("p", { className: "muted", textContent: this.task.hints[question.name] }) : null,
      known === undefined ? null
        : button(this.say.same.replace("{x}", reads(question, known, this.say)), () => this.take(question, known),
          "btn btn-plain full mt-2"),
      answers(question, value, this.say, (taken) => this.take(question, taken)),
      value === undefined ? button(this.say.skip, () => this.take(question, undefined), "btn mt-2") : null);
  }

  overview() {
    return element("section", { className: "panel overview" }, ...this.topics.map((topic) => {
      const done = topic.questions.filter((one) => this.has(one.name)).length;
      const details = element("details", { open: this.unfolded.has(topic.id) }, element("summary", {}, element("b", { textContent: topic.title }),
        element("span", { className: "muted", textContent: `${done} / ${topic.questions.length}` })),
        ...topic.questions.map((question) => {
          const value = this.has(question.name) ? this.draft.answers[question.name] : undefined;
          const row = button("", () => {
            this.chosen = question.name;
            this.ask();
          }, "");
          row.append(question.title, element("b", { textContent: reads(question, value, this.say) }));
          return row;
        }));
      details.addEventListener("toggle", () => this.unfolded[details.open ? "add" : "delete"](topic.id));
      return details;
    }));
  }

  made() {
    const kept = (input, name, read) => {
      input.addEventListener("change", async () => {
        this.draft[name] = read(input.value);
        await this.save();
      });
      return input;
    };
    const methods = element("div", { className: "answers" }, ...Object.entries(this.app.choices.methods).map(([code, label]) =>
      button(label, async () => {
        this.draft.method = code;
        await this.save();
        this.draw();
        this.app.screen.querySelector(`[data-method="${code}"]`).focus();
      }, `answer${this.draft.method === code ? " chosen" : ""}`, { ariaPressed: String(this.draft.method === code), data: { method: code } })));
    const local = new Date(new Date(this.draft.visited_at) - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    const field = (label, input) => element("label", { className: "field d-block mt-3" }, element("b", { textContent: label }), input);
    return element("section", { className: "card" }, element("h2", { textContent: this.say.how }), methods,
      field(this.say.when, kept(element("input", { type: "datetime-local", className: "form-control", value: local }), "visited_at",
        (value) => (value ? new Date(value).toISOString() : this.draft.visited_at))),
      field(this.say.asked, kept(element("input", { type: "number", min: 0, inputMode: "numeric", className: "form-control",
        value: this.draft.n_asked, name: "n_asked" }), "n_asked", (value) => value)),
      field(this.say.note, kept(element("textarea", { rows: 3, className: "form-control", value: this.draft.note, maxLength: 1000 }),
        "note", (value) => value)),
      button(this.draft.point ? this.say.placed : this.say.place, () => this.locate(), "btn btn-plain full mt-2"));
  }

  locate() {
    navigator.geolocation.getCurrentPosition(async ({ coords }) => {
      this.draft.point = [coords.latitude, coords.longitude];
      await this.save();
      this.draw();
    }, () => this.app.tell(this.say.noPlace), { enableHighAccuracy: true, timeout: 20000 });
  }

  photos() {
    const caption = element("select", { className: "form-select", ariaLabel: this.say.caption },
      ...Object.entries(this.app.choices.captions).map(([code, label]) => element("option", { value: code, textContent: label })));
    const input = element("input", { type: "file", accept: "image/*", className: "form-control mt-2", ariaLabel: this.say.photo });
    input.setAttribute("capture", "environment");
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (file) await this.shoot(file, caption.value);
    });
    const shots = element("ul", { className: "shots" });
    for (const photo of this.draft.photos) shots.append(this.shot(photo));
    return element("section", { className: "card" }, element("h2", { textContent: this.say.photos }),
      element("p", { className: "muted", textContent: this.say.photoHelp }), shots, caption, input);
  }

  shot(photo) {
    const image = element("img", { alt: this.app.choices.captions[photo.caption] });
    this.app.store.bytes(photo.id).then((bytes) => {
      image.src = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    });
    return element("li", {}, image, button(this.say.remove, async () => {
      await this.app.store.drop(photo.id);
      this.draft.photos = this.draft.photos.filter((one) => one.id !== photo.id);
      await this.save();
      this.draw();
    }, "btn"));
  }

  /** Drawn anew, smaller: what the camera wrote about place and device stays behind. */
  async shoot(file, caption) {
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      this.app.tell(this.say.noPhoto);
      return;
    }
    const scale = Math.min(1, LONGEST_EDGE / Math.max(picture.width, picture.height));
    const canvas = element("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.85); });
    const id = `photo/${crypto.randomUUID()}`;
    await this.app.store.putBytes(id, await blob.arrayBuffer());
    this.draft.photos.push({ id, caption });
    await this.save();
    this.draw();
  }

  async submit() {
    if (this.draft.n_asked === "" || !Number.isInteger(Number(this.draft.n_asked)) || Number(this.draft.n_asked) < 0) {
      this.app.tell(this.say.askCount);
      this.app.screen.querySelector("[name=n_asked]").focus();
      return;
    }
    await this.app.submit(this.task.id, this.draft);
  }

  async discard() {
    if (!window.confirm(this.say.discardSure)) return;
    await discard(this.app.store, this.task.id, this.draft);
    this.app.go("#");
  }
}
