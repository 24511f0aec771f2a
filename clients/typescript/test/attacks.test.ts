// The client against servers, stores and callers that misbehave.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { ApiError, browserStore, createClient, memoryStore, type ClientOptions } from "@myashes/client";
import { answer, hang, startStandIn, type StandIn } from "./service.js";

const page = answer(200, { builds: [], total: 0, page: 1, limit: 20, has_more: false, next_cursor: null });
const busy = { error: "service_unavailable", message: "Busy", status: 503, request_id: "00ff" };
const limited = { error: "rate_limited", message: "Too many", status: 429, details: { retry_after: 7, limit: "lists" } };

const started: StandIn[] = [];
const start = async (...answers: Parameters<typeof startStandIn>) => {
  const server = await startStandIn(...answers);
  started.push(server);
  return server;
};
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

const client = (server: StandIn, options: ClientOptions = {}) =>
  createClient({ baseUrl: server.url, session: memoryStore(), backoff: 1, ...options });
const failure = async (call: Promise<unknown>) => {
  const error = await thrown(call);
  assert.ok(error instanceof ApiError, String(error));
  return error;
};
const thrown = (call: Promise<unknown>) =>
  call.then(
    () => assert.fail("the call succeeded"),
    (error: unknown) => error,
  );
const list = (server: StandIn, options?: ClientOptions) => client(server, options).GET("/api/v1/builds", {});
const vote = { params: { path: { id: "b_1" } }, body: { rating: 5 } };
const search = { query: "knight", search_mode: "quick", result_count: 3 } as const;

test("a server that hangs is given up after the timeout, as often as retries say", async () => {
  const server = await start(hang);
  const retries: string[] = [];
  const error = await failure(list(server, { timeout: 20, retries: 2, onRetry: ({ error }) => retries.push(error.code) }));
  assert.deepEqual([error.status, error.code, retries], [0, "timeout", ["timeout", "timeout"]]);
});

test("a server that hangs once is asked again", async () => {
  const server = await start(hang, page);
  const { data } = await list(server, { timeout: 500 });
  assert.equal(data.total, 0);
});

test("a body that hangs after its head is given up, too", async () => {
  const server = await start((_, response) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    response.write('{"builds":');
  });
  const error = await failure(list(server, { timeout: 50, retries: 0 }));
  assert.equal(error.code, "timeout");
});

test("a body that breaks off is a failed try", async () => {
  const broken = (_: unknown, response: import("node:http").ServerResponse) => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "100" });
    response.write('{"builds":', () => response.destroy());
  };
  const server = await start(broken, page);
  await list(server);
  assert.equal(server.requests.length, 2);
});

test("a connection that cannot be made is a network error", async () => {
  const server = await start(page);
  await server.stop();
  const error = await failure(list(server, { retries: 1 }));
  assert.deepEqual([error.status, error.code, error.cause instanceof Error], [0, "network_error", true]);
});

test("a call with the timeout 0 waits as long as the answer takes", async () => {
  const server = await start((request, response) => setImmediate(() => page(request as never, response as never)));
  await client(server, { timeout: 1 }).GET("/api/v1/builds", { timeout: 0 });
});

test("a 503 without Retry-After is repeated after the backoff", async () => {
  const server = await start(answer(503, busy), answer(503, busy), page);
  const waits: number[] = [];
  await list(server, { backoff: 4, onRetry: ({ wait }) => waits.push(wait) });
  assert.equal(waits.length, 2);
  const [first = 0, second = 0] = waits;
  assert.ok(first >= 2 && first <= 4 && second >= 4 && second <= 8, String(waits));
});

test("a 503 is repeated no oftener than retries say, and the last error is thrown", async () => {
  const server = await start(answer(503, busy));
  const error = await failure(list(server, { retries: 2 }));
  assert.deepEqual([error.code, error.requestId, server.requests.length], ["service_unavailable", "00ff", 3]);
});

test("a Retry-After of seconds is waited for", async () => {
  const server = await start(answer(503, busy, { "Retry-After": "1" }), page);
  let announced = 0;
  await list(server, { onRetry: ({ wait }) => (announced = wait) });
  assert.ok(announced >= 1000 && announced <= 1001, String(announced));
});

test("a Retry-After may be a date, and one in the past is now", async () => {
  const soon = new Date(Date.now() + 60_000).toUTCString();
  const error = await failure(list(await start(answer(429, limited, { "Retry-After": soon }))));
  assert.ok(error.retryAfter && error.retryAfter >= 50 && error.retryAfter <= 60, String(error.retryAfter));
  await list(await start(answer(503, busy, { "Retry-After": "Wed, 01 Jan 2020 00:00:00 GMT" }), page));
});

test("a Retry-After that means nothing is none", async () => {
  for (const value of ["soon", "-5", "NaN", "Infinity"]) {
    await list(await start(answer(503, busy, { "Retry-After": value }), page));
  }
});

test("a wait that is too long is not waited for, and the error has it", async () => {
  const server = await start(answer(429, limited), page);
  const error = await failure(list(server, { maxWait: 6_000 }));
  assert.deepEqual([error.retryAfter, error.details.limit, server.requests.length], [7, "lists", 1]);
});

test("no repetition begins after the deadline", async () => {
  const server = await start(answer(503, busy), page);
  await failure(list(server, { deadline: 0 }));
  assert.equal(server.requests.length, 1);
});

test("an error that will not pass is not repeated", async () => {
  for (const status of [400, 401, 403, 404, 409, 412, 422, 500, 501]) {
    const server = await start(answer(status, { error: "some_code", message: "No", status }));
    const error = await failure(list(server));
    assert.deepEqual([error.status, error.code, server.requests.length], [status, "some_code", 1]);
  }
});

test("an error whose body is not the service's is named by its status", async () => {
  const bodies = ["", "<html>Bad gateway</html>", '{"error": ', "null", "[]", '"text"', '{"error": {"code": 1}}', '{"detail": 1}'];
  for (const body of bodies) {
    const error = await failure(list(await start(answer(400, body))));
    assert.deepEqual([error.status, error.code, error.details], [400, "http_400", {}], body);
  }
});

test("details of another type are none", async () => {
  for (const details of [null, "text", 7]) {
    const error = await failure(list(await start(answer(404, { error: "not_found", message: 1, status: 404, details }))));
    assert.deepEqual([error.code, error.details], ["not_found", {}]);
  }
});

test("a success that is no JSON is an invalid response", async () => {
  for (const type of ["application/json", "text/html"]) {
    const error = await failure(list(await start(answer(200, "<html>Sign in to the network</html>", { "Content-Type": type }))));
    assert.equal(error.code, "invalid_response");
  }
});

test("a redirect is not followed, so that the session stays with the service", async () => {
  const other = await start(page);
  const server = await start(answer(307, "", { Location: other.url }));
  const error = await failure(list(server, { retries: 0 }));
  assert.deepEqual([error.code, other.requests.length], ["network_error", 0]);
});

test("a POST without an idempotency key is sent once", async () => {
  const server = await start(answer(503, busy));
  await failure(client(server).POST("/api/v1/analytics/search", { body: search }));
  assert.equal(server.requests.length, 1);
});

test("a POST with a key is repeated with the same key, session and body", async () => {
  const server = await start(hang, answer(503, busy), answer(201, { recorded: true }));
  const params = { header: { "Idempotency-Key": "k1" } };
  await client(server, { timeout: 500 }).POST("/api/v1/analytics/search", { params, body: search });
  const sent = server.requests.map(({ session, body }) => `${session} ${body}`);
  assert.equal(sent.length, 3);
  assert.equal(new Set(sent).size, 1);
  assert.deepEqual(JSON.parse(server.requests[2]?.body ?? ""), search);
});

test("a key whose first request is still running is asked again", async () => {
  const running = { error: "idempotency_conflict", message: "Running", status: 409 };
  const server = await start(answer(409, running), answer(201, { recorded: true }));
  const params = { header: { "Idempotency-Key": "k1" } };
  await client(server).POST("/api/v1/analytics/search", { params, body: search });
  assert.equal(server.requests.length, 2);
});

test("PUT and DELETE are repeated, PATCH is not", async () => {
  const rated = { build_id: "b_1", your_rating: 5, avg_rating: 5, vote_count: 1 };
  const server = await start(answer(502, ""), answer(200, rated), answer(504, ""), answer(200, rated), answer(503, busy));
  await client(server).PUT("/api/v1/builds/{id}/vote", vote);
  await client(server).DELETE("/api/v1/builds/{id}/vote", { params: vote.params });
  await failure(client(server).PATCH("/api/v1/builds/{id}", { params: vote.params, body: { name: "A" } }));
  assert.deepEqual(server.requests.map(({ method }) => method), ["PUT", "PUT", "DELETE", "DELETE", "PATCH"]);
});

test("a call may turn repetition off", async () => {
  const server = await start(answer(503, busy));
  await failure(client(server).GET("/api/v1/builds", { retries: 0 }));
  assert.equal(server.requests.length, 1);
});

test("an aborted call throws the signal's reason and is not repeated", async () => {
  const server = await start(hang);
  const controller = new AbortController();
  const call = client(server).GET("/api/v1/builds", { signal: controller.signal });
  while (server.requests.length === 0) await new Promise(setImmediate);
  controller.abort();
  const error = await thrown(call);
  assert.ok(error instanceof DOMException && error.name === "AbortError");
  assert.equal(server.requests.length, 1);
});

test("an abort ends the wait before a repetition", async () => {
  const server = await start(answer(429, limited, { "Retry-After": "3600" }));
  const controller = new AbortController();
  const reason = new Error("the page was left");
  const onRetry = () => queueMicrotask(() => controller.abort(reason));
  const call = client(server, { onRetry, maxWait: Infinity, deadline: Infinity }).GET("/api/v1/builds", { signal: controller.signal });
  assert.equal(await thrown(call), reason);
  assert.equal(server.requests.length, 1);
});

test("a signal that is aborted already sends nothing", async () => {
  const server = await start(page);
  const error = await thrown(client(server).GET("/api/v1/builds", { signal: AbortSignal.abort() }));
  assert.equal((error as Error).name, "AbortError");
  assert.equal(server.requests.length, 0);
});

test("an abort ends the reading of a stream", async () => {
  const server = await start((_, response) => {
    response.writeHead(200, { "Content-Type": "text/csv" });
    response.write("id\n");
  });
  const controller = new AbortController();
  const { data } = await client(server, { timeout: 50 }).GET("/metrics", { parseAs: "stream", signal: controller.signal });
  const reader = data?.getReader();
  assert.equal(new TextDecoder().decode((await reader?.read())?.value), "id\n");
  const next = reader?.read();
  controller.abort();
  await assert.rejects(Promise.resolve(next));
});

test("the token is asked for before each try", async () => {
  const server = await start(answer(503, busy), page);
  let count = 0;
  await list(server, { token: async () => `t${++count}` });
  assert.deepEqual(server.requests.map(({ token }) => token), ["Bearer t1", "Bearer t2"]);
});

test("requests that begin together share a session also when the store is slow", async () => {
  const server = await start(page);
  let stored: string | null = null;
  const session = {
    get: () => {
      const seen = stored;
      return new Promise<string | null>((done) => setImmediate(() => done(seen)));
    },
    set: async (id: string) => void (stored = id),
  };
  const api = client(server, { session });
  await Promise.all([1, 2, 3].map(() => api.GET("/api/v1/builds", {})));
  assert.equal(new Set(server.requests.map((request) => request.session)).size, 1);
});

test("a stored value that no header can carry is replaced", async () => {
  const server = await start(page);
  for (const value of ["a\r\nX-Admin-Token: b", "ключ", " "]) {
    const session = memoryStore();
    await session.set(value);
    await list(server, { session });
    assert.match(server.requests.at(-1)?.session ?? "", /^sess_[0-9a-f]{24}$/);
  }
});

test("a session that the caller sends itself does not replace the stored one", async () => {
  const server = await start((request, response) => {
    response.setHeader("X-Session-ID", request.headers["x-session-id"] ?? "");
    page(request, response);
  });
  const session = memoryStore();
  const api = client(server, { session });
  const stored = await api.session.current();
  await api.GET("/api/v1/builds", { params: { header: { "X-Session-ID": "sess_of_another" } } });
  assert.equal(server.requests[0]?.session, "sess_of_another");
  assert.equal(await session.get(), stored);
});

test("a store that fails is the caller's error, and no network error", async () => {
  const server = await start(answer(200, { builds: [] }, { "X-Session-ID": "sess_new" }));
  const fault = new Error("the store is broken");
  const broken = { get: () => "sess_old", set: () => Promise.reject(fault) };
  assert.equal(await thrown(list(server, { session: broken })), fault);
  assert.equal(await thrown(list(server, { session: { ...broken, get: () => null } })), fault);
  assert.equal(server.requests.length, 1);
});

test("a timeout beyond what a timer can hold does not fire at once", async () => {
  for (const timeout of [Infinity, 2 ** 31]) await list(await start(page), { timeout, retries: 0 });
});

test("an answer to an older session does not overwrite the present one", async () => {
  const server = await start((request, response) => {
    response.setHeader("X-Session-ID", "sess_other");
    page(request, response);
  });
  const session = memoryStore();
  const api = client(server, { session });
  const call = api.GET("/api/v1/builds", { signal: new AbortController().signal });
  while (server.requests.length === 0) await new Promise(setImmediate);
  const renewed = await api.session.renew();
  await call;
  assert.equal(await session.get(), renewed);
});

/** `localStorage` as two tabs of one origin share it. */
function withStorage(storage: object | undefined): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
  const get = () => storage ?? assert.fail(new DOMException("Blocked", "SecurityError"));
  Object.defineProperty(globalThis, "localStorage", { configurable: true, get });
  return () => {
    if (before) Object.defineProperty(globalThis, "localStorage", before);
    else Reflect.deleteProperty(globalThis, "localStorage");
  };
}

test("two tabs share one session, also after one of them renewed or cleared it", async () => {
  const items = new Map<string, string>();
  const restore = withStorage({
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  });
  try {
    const server = await start(page);
    const [first, second] = [client(server, { session: browserStore() }), client(server, { session: browserStore() })];
    const lastSession = () => server.requests.at(-1)?.session;
    await first.GET("/api/v1/builds", {});
    assert.equal(await second.session.current(), lastSession());
    const renewed = await second.session.renew();
    await first.GET("/api/v1/builds", {});
    assert.equal(lastSession(), renewed);
    items.clear();
    await first.GET("/api/v1/builds", {});
    assert.notEqual(lastSession(), renewed);
    assert.equal(await second.session.current(), lastSession());
  } finally {
    restore();
  }
});

test("storage that is blocked or full is replaced by memory", async () => {
  const full = { getItem: () => null, setItem: () => assert.fail(new DOMException("Full", "QuotaExceededError")) };
  for (const storage of [undefined, full]) {
    const restore = withStorage(storage);
    try {
      const api = client(await start(page), { session: browserStore() });
      assert.equal(await api.session.current(), await api.session.current());
    } finally {
      restore();
    }
  }
});
