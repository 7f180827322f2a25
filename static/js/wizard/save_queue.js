// The queue of autosave: the rows of the draft that were edited, are being sent, failed or were
// refused, and when each is sent (again). It doesn't depend on the page.

export const PAUSE = 500; // milliseconds after the last keystroke
export const RETRY_DELAYS = [2000, 5000, 10000, 30000]; // milliseconds until a failed row is sent again

export class SaveQueue {
  #timers = new Map(); // row id -> timer until it is sent
  #retries = 0;
  #retryTimer = 0;

  // `send(id)` sends a row; `changed()` is called when the state may have changed.
  constructor({ send, changed = () => {} }) {
    this.send = send;
    this.changed = changed;
    this.unsaved = new Set(); // ids of rows that were edited and are not sent yet
    this.failed = new Set(); // ids of rows that did not reach the server: sent again later
    this.refused = new Set(); // ids of rows with errors: sent again once they are changed
    this.pending = 0; // requests in progress that change the draft
    this.outage = ""; // why the last request failed: "unreachable" or "signed-out"
  }

  // The ids of all rows whose text the server does not have.
  get rows() {
    return [...this.unsaved, ...this.failed, ...this.refused];
  }

  get isSaved() {
    return !this.rows.length && !this.pending;
  }

  // The state shown on the page: "saving", "saved", "failed", or "waiting" for an unreachable server.
  get state() {
    const isSaving = this.unsaved.size || this.pending;
    if (this.outage && (isSaving || this.failed.size)) return this.outage === "unreachable" ? "waiting" : "failed";
    if (isSaving) return "saving";
    return this.failed.size || this.refused.size ? "failed" : "saved";
  }

  // A row was edited: it is sent after a pause.
  typed(id) {
    this.failed.delete(id);
    this.refused.delete(id);
    this.unsaved.add(id);
    clearTimeout(this.#timers.get(id));
    this.#timers.set(id, setTimeout(() => this.save(id), PAUSE));
    this.changed();
  }

  // Sends a row now.
  save(id) {
    this.#stopTimer(id);
    this.send(id);
  }

  // The row is gone from the page.
  forget(id) {
    this.unsaved.delete(id);
    this.changed();
  }

  // The page was loaded with errors in this row.
  refuse(id) {
    this.refused.add(id);
  }

  // A request with these rows is in progress.
  sent(ids) {
    for (const id of ids) {
      for (const rows of [this.unsaved, this.failed, this.refused]) rows.delete(id);
      this.#stopTimer(id);
    }
    this.pending += 1;
    this.changed();
  }

  // That request was answered with `status` (0: the server was not reached). `isRefused(id)` tells
  // whether a 422 is about this row; the others of the same request were not saved either.
  answered(ids, status, isRefused = () => true) {
    this.pending -= 1;
    const isSaved = status >= 200 && status < 400;
    if (!status || status >= 500) this.outage = "unreachable";
    else this.outage = status === 401 ? "signed-out" : "";
    for (const id of isSaved ? [] : ids.filter((one) => !this.unsaved.has(one))) {
      (status === 422 && isRefused(id) ? this.refused : this.failed).add(id);
    }
    if (this.outage) this.#retryLater();
    else this.#retries = 0;
    this.changed();
  }

  // Sends again what was dropped before it was sent.
  sendDropped() {
    for (const id of [...this.unsaved]) if (!this.#timers.has(id)) this.save(id);
  }

  // Sends all rows that failed.
  retry() {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = 0;
    const rows = [...this.failed];
    this.failed.clear();
    for (const id of rows) this.unsaved.add(id);
    for (const id of rows) this.save(id);
  }

  // The server might be reachable again.
  retryAfterOutage() {
    if (this.outage) this.retry();
  }

  // Sends everything, to find out whether the server is reachable. Returns whether there was any.
  sendAll() {
    for (const id of this.unsaved) this.failed.add(id);
    const isAny = this.failed.size > 0;
    if (isAny) this.retry();
    return isAny;
  }

  #stopTimer(id) {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  #retryLater() {
    if (this.#retryTimer || !this.failed.size) return;
    const delay = RETRY_DELAYS[Math.min(this.#retries, RETRY_DELAYS.length - 1)];
    this.#retryTimer = setTimeout(() => this.retry(), delay);
    this.#retries += 1;
  }
}
