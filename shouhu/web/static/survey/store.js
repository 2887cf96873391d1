/*
 * What lies on the device lies encrypted: AES-GCM under a key that no script can read out, kept by the browser beside it.
 * Whoever copies the browser's files without the key holds nothing; wiping the store forgets the key too.
 */

const NAME = "shouhu-survey";

const finished = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("plain");
    request.result.createObjectStore("sealed");
  };
  return finished(request);
}

export class Store {
  static async open() {
    const store = new Store();
    store.database = await opened();
    return store;
  }

  table(name, mode = "readonly") {
    return this.database.transaction(name, mode).objectStore(name);
  }

  async key() {
    const kept = await finished(this.table("plain").get("key"));
    if (kept) return kept;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // Two tabs may come here at once: the first key counts.
    const table = this.table("plain", "readwrite");
    const first = await finished(table.get("key"));
    if (first) return first;
    await finished(table.put(made, "key"));
    return made;
  }

  async owner() {
    return finished(this.table("plain").get("owner"));
  }

  async own(owner) {
    await finished(this.table("plain", "readwrite").put(owner, "owner"));
  }

  async putBytes(id, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const additionalData = new TextEncoder().encode(id);
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, await this.key(), bytes);
    await finished(this.table("sealed", "readwrite").put({ iv, data }, id));
  }

  async bytes(id) {
    const sealed = await finished(this.table("sealed").get(id));
    if (!sealed) return null;
    const additionalData = new TextEncoder().encode(id);
    return crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData }, await this.key(), sealed.data);
  }

  async put(id, value) {
    await this.putBytes(id, new TextEncoder().encode(JSON.stringify(value)));
  }

  async get(id) {
    const bytes = await this.bytes(id);
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  }

  async drop(id) {
    await finished(this.table("sealed", "readwrite").delete(id));
  }

  /** Everything whose id begins so, as [id, value]. */
  async all(begins) {
    const ids = await finished(this.table("sealed").getAllKeys(IDBKeyRange.bound(begins, `${begins}\uffff`)));
    return Promise.all(ids.map(async (id) => [id, await this.get(id)]));
  }

  async wipe() {
    await finished(this.table("sealed", "readwrite").clear());
    await finished(this.table("plain", "readwrite").clear());
  }
}
