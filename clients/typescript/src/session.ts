type MaybePromise<T> = T | Promise<T>;

/** Where the session id is kept between page loads. It is a secret: anyone who has it owns what was made with it. */
export interface SessionStore {
  get(): MaybePromise<string | null | undefined>;
  set(id: string): MaybePromise<void>;
}

/** The session of a client. */
export interface Session {
  /** The id in the store; a new one is made, and stored, when there is none. */
  current(): Promise<string>;
  /** Forgets the id and starts another session, such as after a sign-out on a shared device. */
  renew(): Promise<string>;
}

/**
 * Keeps the id in `localStorage`, so that all tabs of an origin share it. Where that is blocked or full, and outside
 * browsers, it is kept in memory.
 */
export function browserStore(key = "myashes.session"): SessionStore {
  let fallback: string | null = null;
  return {
    get() {
      try {
        return fallback ?? localStorage.getItem(key);
      } catch {
        return fallback;
      }
    },
    set(id) {
      try {
        localStorage.setItem(key, id);
        fallback = null;
      } catch {
        fallback = id;
      }
    },
  };
}

/** Keeps the id as long as the page lives. */
export function memoryStore(): SessionStore {
  let stored: string | null = null;
  return {
    get: () => stored,
    set: (id) => {
      stored = id;
    },
  };
}

/** Random lower-case hex characters, two for each byte. */
export function randomHex(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(values, (value) => value.toString(16).padStart(2, "0")).join("");
}

export interface SessionKeeper extends Session {
  /** Takes over the id of a response, where the service replaced the one that was sent. */
  adopt(sent: string | null, received: string | null): Promise<void>;
}

export function keepSession(store: SessionStore): SessionKeeper {
  let pending: Promise<string> | undefined;

  // The id is read anew for each request: another tab may have written one.
  const load = async () => {
    const id = await store.get();
    return id && isHeaderValue(id) ? id : create();
  };
  const create = async () => {
    const id = `sess_${randomHex(12)}`;
    await store.set(id);
    return id;
  };

  return {
    // Requests that begin together share one look-up, so that they do not make a session each.
    current: () => (pending ??= load().finally(() => (pending = undefined))),
    renew: create,
    async adopt(sent, received) {
      if (received && received !== sent && (await store.get()) === sent) await store.set(received);
    },
  };
}

function isHeaderValue(text: string): boolean {
  return /^[!-~]+$/.test(text);
}
