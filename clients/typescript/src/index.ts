export { createClient, idempotencyKey, type ApiClient, type Call, type ClientOptions, type Middleware } from "./client.js";
export {
  ApiError,
  type ClientErrorCode,
  type ErrorCode,
  type ErrorDetails,
  type FieldError,
  type ServiceErrorCode,
} from "./error.js";
export type { components, paths } from "./schema.js";
export { browserStore, memoryStore, type Session, type SessionStore } from "./session.js";
export type { CallOptions, Retry } from "./send.js";
