import createFetchClient, {
  type Client,
  type ClientPathsWithMethod,
  type FetchOptions,
  type MethodResponse,
  type Middleware,
  type ParseAs,
} from "openapi-fetch";
import { ApiError } from "./error.js";
import type { paths } from "./schema.js";
import { createSender, type CallOptions, type Retry } from "./send.js";
import { browserStore, keepSession, randomHex, type Session, type SessionStore } from "./session.js";

export interface ClientOptions extends CallOptions {
  /** Where the service is, without `/api/v1`; the page's own origin by default. */
  baseUrl?: string;
  /** Where the session id is kept; `browserStore()` by default. */
  session?: SessionStore;
  /** Gives the bearer token of the signed-in player, if there is one. Asked before each try. */
  token?: () => string | null | undefined | Promise<string | null | undefined>;
  /** Milliseconds before the first repetition; doubled for each further one. 300 by default. */
  backoff?: number;
  /** A longer wait, such as a long `Retry-After`, is not waited for: the call fails at once. 10 s by default. */
  maxWait?: number;
  /** Milliseconds from the start of a call after which no repetition begins. 30 s by default. */
  deadline?: number;
  /** Called before each repetition. */
  onRetry?: (retry: Retry) => void;
  /** Takes the place of `globalThis.fetch`. */
  fetch?: typeof globalThis.fetch;
}

type Core = Client<paths>;
type Method = "get" | "put" | "post" | "delete" | "patch";
type Operation<Path extends keyof paths, M extends Method> = NonNullable<paths[Path][M]>;
/** Without `fetch`, which would go past session, errors and repetition. */
type Init<Path extends keyof paths, M extends Method, As> = Omit<FetchOptions<Operation<Path, M>>, "fetch"> &
  CallOptions & { parseAs?: As };
type RequiredKeys<T> = { [K in keyof T]-?: {} extends Pick<T, K> ? never : K }[keyof T];
/** A call whose every option may be left out takes none at all, too. */
type Arguments<T> = [RequiredKeys<T>] extends [never] ? [init?: T] : [init: T];

/** Calls a path with this method; a failure throws an `ApiError`. */
export type Call<M extends Method> = <
  Path extends ClientPathsWithMethod<Core, M> & keyof paths,
  As extends ParseAs = "json",
>(
  path: Path,
  ...init: Arguments<Init<Path, M, As>>
) => Promise<{ data: MethodResponse<Core, M, Path, { parseAs: As }>; response: Response }>;

export interface ApiClient extends Pick<Core, "use" | "eject"> {
  GET: Call<"get">;
  PUT: Call<"put">;
  POST: Call<"post">;
  DELETE: Call<"delete">;
  PATCH: Call<"patch">;
  session: Session;
}

/** Makes a client of the service. Clients of one page share their session when they share its store. */
export function createClient(options: ClientOptions = {}): ApiClient {
  const session = keepSession(options.session ?? browserStore());
  const core = createFetchClient<paths>({
    ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
    // The service never redirects; a redirect would carry the session to where it points.
    redirect: "error",
    fetch: createSender({
      fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
      session,
      token: options.token,
      timeout: options.timeout ?? 10_000,
      retries: options.retries ?? 3,
      backoff: options.backoff ?? 300,
      maxWait: options.maxWait ?? 10_000,
      deadline: options.deadline ?? 30_000,
      onRetry: options.onRetry,
    }),
  });
  const call = (method: string) =>
    ((path: string, init?: object) =>
      (core.request as Function)(method, path, init).catch(toApiError)) as unknown;
  return {
    GET: call("get"),
    PUT: call("put"),
    POST: call("post"),
    DELETE: call("delete"),
    PATCH: call("patch"),
    use: core.use,
    eject: core.eject,
    session,
  } as ApiClient;
}

/** A new value for the header `Idempotency-Key`: one for each thing that the user wants done, kept for its retries. */
export function idempotencyKey(): string {
  return randomHex(16);
}

function toApiError(error: unknown): never {
  if (!(error instanceof SyntaxError)) throw error;
  throw new ApiError({ code: "invalid_response", message: "The answer is not JSON", cause: error });
}

export type { Middleware };
