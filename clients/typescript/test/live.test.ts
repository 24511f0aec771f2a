// The client against a live service.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ApiError, createClient, idempotencyKey, memoryStore, type ApiClient, type ClientOptions } from "@myashes/client";
import { startService, tokenOf, type Running } from "./service.js";

let service: Running;
before(async () => {
  service = await startService({ RATE_LIMIT_ENABLED: "false" });
});
after(() => service.stop());

const client = (options: ClientOptions = {}) =>
  createClient({ baseUrl: service.url, session: memoryStore(), ...options });
const failure = (call: Promise<unknown>) =>
  call.then(
    () => assert.fail("the call succeeded"),
    (error: unknown) => {
      assert.ok(error instanceof ApiError, String(error));
      return error;
    },
  );
const knight = {
  name: "Wall of the harbour",
  primary_archetype: "tank",
  secondary_archetype: "fighter",
  race: "vek",
  build_data: { skills: ["taunt"] },
};
const createBuild = async (api: ApiClient) => (await api.POST("/api/v1/builds", { body: knight })).data;

test("a build is created, read, changed and deleted by the session that made it", async () => {
  const api = client();
  const { data: build, response } = await api.POST("/api/v1/builds", { body: knight });
  assert.equal(build.class_name, "Knight");
  const params = { path: { id: build.build_id } };
  const etag = response.headers.get("ETag") ?? "";
  const { data: changed } = await api.PATCH("/api/v1/builds/{id}", {
    params: { ...params, header: { "If-Match": etag } },
    body: { name: "Wall of the city" },
  });
  assert.equal(changed.name, "Wall of the city");
  const { data: read } = await api.GET("/api/v1/builds/{id}", { params });
  assert.deepEqual(read.build_data, { skills: ["taunt"] });
  const { data: deleted } = await api.DELETE("/api/v1/builds/{id}", { params });
  assert.equal(deleted.deleted, true);
});

test("requests that begin together share one session", async () => {
  const api = client();
  const builds = await Promise.all([createBuild(api), createBuild(api), createBuild(api)]);
  const { data } = await api.GET("/api/v1/builds/mine", {});
  assert.deepEqual(data.builds.map((build) => build.build_id).sort(), builds.map((build) => build.build_id).sort());
});

test("a stored session that the service does not take is replaced by the service's", async () => {
  const store = memoryStore();
  await store.set("not-a-session");
  const api = client({ session: store });
  const { response } = await api.GET("/api/v1/builds", {});
  assert.match(String(await store.get()), /^sess_[0-9a-f]{24}$/);
  assert.equal(await store.get(), response.headers.get("X-Session-ID"));
});

test("a session that was lost no longer owns its builds", async () => {
  const api = client();
  const build = await createBuild(api);
  await api.session.renew();
  const error = await failure(
    api.PATCH("/api/v1/builds/{id}", { params: { path: { id: build.build_id } }, body: { name: "Mine" } }),
  );
  assert.deepEqual([error.status, error.code], [403, "not_owner"]);
});

test("an error has code, details and the id of its request", async () => {
  const api = client();
  const error = await failure(api.GET("/api/v1/builds", { params: { query: { limit: 0 } } }));
  assert.deepEqual([error.status, error.code, error.retryAfter], [422, "validation_error", undefined]);
  assert.deepEqual(error.details.errors?.map(({ field, code }) => [field, code]), [["limit", "range"]]);
  assert.match(error.requestId ?? "", /^[0-9a-f]{16}$/);
});

test("an edit of a build that was changed meanwhile is a 412", async () => {
  const api = client();
  const { data: build, response } = await api.POST("/api/v1/builds", { body: knight });
  const params = { path: { id: build.build_id }, header: { "If-Match": response.headers.get("ETag") ?? "" } };
  await api.PATCH("/api/v1/builds/{id}", { params, body: { name: "First" } });
  const error = await failure(api.PATCH("/api/v1/builds/{id}", { params, body: { name: "Second" } }));
  assert.deepEqual([error.status, error.code], [412, "precondition_failed"]);
});

test("a second vote by POST is refused with the first one, and PUT replaces it", async () => {
  const api = client();
  const params = { path: { id: (await createBuild(api)).build_id } };
  await api.POST("/api/v1/builds/{id}/vote", { params, body: { rating: 4 } });
  const error = await failure(api.POST("/api/v1/builds/{id}/vote", { params, body: { rating: 5 } }));
  assert.deepEqual([error.code, error.details.your_rating], ["already_voted", 4]);
  const { data } = await api.PUT("/api/v1/builds/{id}/vote", { params, body: { rating: 5 } });
  assert.deepEqual([data.your_rating, data.vote_count], [5, 1]);
});

test("an idempotency key makes one build of two calls", async () => {
  const api = client();
  const params = { header: { "Idempotency-Key": idempotencyKey() } };
  const first = await api.POST("/api/v1/builds", { params, body: knight });
  const second = await api.POST("/api/v1/builds", { params, body: knight });
  assert.deepEqual(second.data, first.data);
  const other = await failure(api.POST("/api/v1/builds", { params, body: { ...knight, race: "dunir" } }));
  assert.equal(other.code, "idempotency_key_reused");
});

test("a player claims what the session made", async () => {
  const store = memoryStore();
  const build = await createBuild(client({ session: store }));
  const api = client({ session: store, token: () => tokenOf("p1") });
  const { data } = await api.POST("/api/v1/builds/auth/claim", { body: { session_id: await api.session.current() } });
  assert.deepEqual(data.build_ids, [build.build_id]);
  const { data: read } = await api.GET("/api/v1/builds/{id}", { params: { path: { id: build.build_id } } });
  assert.equal(read.creator.is_authenticated, true);
});

test("a bad token is a 401 and is not sent again", async () => {
  let retries = 0;
  const api = client({ token: () => `${tokenOf("p1")}x`, onRetry: () => retries++ });
  const error = await failure(api.GET("/api/v1/builds", {}));
  assert.deepEqual([error.status, error.code, retries], [401, "authentication_failed", 0]);
});

test("a 503 carries Retry-After and is repeated at most as often as retries says", async () => {
  const waits: number[] = [];
  const api = client({ token: () => "opaque", retries: 1, backoff: 1, onRetry: ({ wait }) => waits.push(wait) });
  const error = await failure(api.GET("/api/v1/builds", {}));
  assert.deepEqual([error.status, error.code, waits.length], [503, "service_unavailable", 1]);
  assert.ok(error.retryAfter && error.retryAfter * 1000 <= (waits[0] ?? 0));
});

test("an answer that is no JSON is given as text", async () => {
  const { data } = await client().GET("/metrics", { parseAs: "text" });
  assert.match(data, /^# (HELP|TYPE) /m);
});

test("a limit that is reached is a 429 with the limit's name and the seconds to wait", async () => {
  const limited = await startService({ RATE_LIMIT_CREATES: "1" });
  try {
    const api = client({ baseUrl: limited.url });
    await createBuild(api);
    const error = await failure(createBuild(api));
    assert.deepEqual([error.status, error.code, error.details.limit], [429, "rate_limited", "creates"]);
    assert.equal(error.retryAfter, error.details.retry_after);
  } finally {
    await limited.stop();
  }
});

test("a service that is started again meanwhile is reached by the next try", async () => {
  const first = await startService();
  const port = new URL(first.url).port;
  await first.stop();
  let second: Promise<Running> | undefined;
  const api = client({
    baseUrl: first.url,
    retries: Infinity,
    maxWait: 100,
    deadline: 60_000,
    onRetry: () => (second ??= startService({ PORT: port })),
  });
  await api.GET("/api/v1/builds", {});
  await (await second)?.stop();
});
