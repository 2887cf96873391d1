/* To and from the server: the work to take along, and sheets with their photos, each sent once. */

/** The network is away, or the session has ended: nothing is lost, it is tried again later. */
export class NotNow extends Error {
  constructor(why) {
    super(why);
    this.why = why; // "offline" or "login"
  }
}

export class Sync {
  constructor(store, addresses) {
    this.store = store;
    this.addresses = addresses;
    this.token = null;
    this.refusals = []; // why photos were not taken, for the surveyor to read
  }

  async ask(address, options = {}) {
    let answer;
    try {
      answer = await fetch(address, { ...options, headers: { Accept: "application/json", ...options.headers } });
    } catch {
      throw new NotNow("offline");
    }
    const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
    if (answer.status === 403 || (isJson && answer.status < 500)) return answer;
    if (answer.redirected || answer.status === 404) throw new NotNow("login");
    throw new NotNow("offline");
  }

  /** Fetch the work; what is on the device of somebody else is never mixed with it: then it is not kept. */
  async fetch() {
    const answer = await this.ask(this.addresses.work);
    if (!answer.ok) throw new NotNow("login");
    const work = await answer.json();
    this.token = work.token;
    delete work.token;
    const owner = await this.store.owner();
    if (owner && owner !== work.owner) return { work, foreign: true };
    await this.store.own(work.owner);
    await this.store.put("work", work);
    return { work, foreign: false };
  }

  async post(address, body, headers = {}) {
    if (!this.token) await this.fetch();
    const options = () => ({ method: "POST", body, headers: { ...headers, "X-CSRFToken": this.token } });
    const answer = await this.ask(address, options());
    if (answer.status !== 403) return answer;
    await this.fetch(); // the token changes when somebody logs in anew
    return this.ask(address, options());
  }

  /** Send what waits, one after the other; in one tab at a time. Gives the number of sheets that arrived. */
  async sendAll() {
    return navigator.locks.request("survey-send", async () => {
      let sent = 0;
      for (const [id, sheet] of await this.store.all("queue/")) {
        if (sheet.state === "waiting") sent += await this.send(id, sheet);
      }
      return sent;
    });
  }

  async send(id, sheet) {
    if (!sheet.sheet) {
      const { key, base, answers, method, visited_at, n_asked, note, point } = sheet;
      const body = JSON.stringify({ key, base, answers, method, visited_at, n_asked, note, point });
      const address = this.addresses.send.replace("/0/", `/${sheet.task}/`);
      const answer = await this.post(address, body, { "Content-Type": "application/json" });
      const told = await answer.json();
      if (!answer.ok) {
        const state = told.conflicts ? "conflict" : "refused";
        await this.store.put(id, { ...sheet, state, told });
        return 0;
      }
      sheet.sheet = told.sheet;
      await this.store.put(id, sheet);
    }
    await this.sendPhotos(id, sheet);
    await this.store.drop(id);
    return 1;
  }

  async sendPhotos(id, sheet) {
    for (const photo of [...sheet.photos]) {
      const bytes = await this.store.bytes(photo.id);
      if (bytes) {
        const body = new FormData();
        body.append("caption", photo.caption);
        body.append("photo", new Blob([bytes], { type: "image/jpeg" }), "photo.jpg");
        const answer = await this.post(this.addresses.photo.replace("/0/", `/${sheet.sheet}/`), body);
        if (answer.status === 403) throw new NotNow("login");
        // A photo that the server will never take must not hold up the rest, but it is told.
        if (!answer.ok) this.refusals.push(`${sheet.about.name}：${(await answer.json()).message}`);
        await this.store.drop(photo.id);
      }
      sheet.photos = sheet.photos.filter((one) => one.id !== photo.id);
      await this.store.put(id, sheet);
    }
  }
}
