// Starts the service on a free port with an SQLite file of its own, and a stand-in that answers what a test wants.
import { execFile, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The package's folder; this file runs as build/test/service.js. */
export const root = resolve(fileURLToPath(import.meta.url), "../../..");

const binary = resolve(root, process.env.MYASHES_BIN ?? "../../target/debug/myashes");
const jwt = { secret: "a secret of thirty-two bytes here", issuer: "https://issuer.test", audience: "myashes" };

export interface Running {
  url: string;
  stop(): Promise<void>;
}

// A test run that is ended early runs its exit handlers, too, and with them ends its services.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

/** A live service; variables override its configuration. `templates` loads the official builds first. */
export async function startService(
  variables: Record<string, string> = {},
  { templates = false }: { templates?: boolean } = {},
): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), "myashes-client-"));
  const options = {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? "",
      HOST: "127.0.0.1",
      PORT: "0",
      DATABASE_URL: "sqlite://service.db",
      LOG_FORMAT: "json",
      JWT_HS256_SECRET: jwt.secret,
      JWT_ISSUER: jwt.issuer,
      JWT_AUDIENCE: jwt.audience,
      // Nothing listens there: an opaque token cannot be checked, which is a 503.
      IDENTITY_URL: "http://127.0.0.1:9",
      ...variables,
    },
  };
  if (templates) await promisify(execFile)(binary, ["seed"], options);
  const child = spawn(binary, ["serve"], { ...options, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    process.off("exit", kill);
    await rm(folder, { recursive: true, force: true });
  };
  const lines: string[] = [];
  try {
    const port = await new Promise<number>((found, failed) => {
      child.once("error", (error) => failed(new Error(`cannot start ${binary}; set MYASHES_BIN`, { cause: error })));
      child.once("close", (code) => failed(new Error(`${binary} ended with ${code}:\n${lines.join("\n")}`)));
      createInterface(child.stderr).on("line", (line) => {
        lines.push(line);
        const port = /"message":"serving",.*"port":(\d+)/.exec(line)?.[1];
        if (port) found(Number(port));
      });
    });
    return { url: `http://127.0.0.1:${port}`, stop };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A bearer token of the player, as the service checks it. */
export function tokenOf(player: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = encode({ alg: "HS256", typ: "JWT" });
  const claims = encode({
    sub: player,
    name: `Player of ${player}`,
    iss: jwt.issuer,
    aud: jwt.audience,
    exp: Math.floor(Date.now() / 1000) + 600,
  });
  const signature = createHmac("sha256", jwt.secret).update(`${head}.${claims}`).digest("base64url");
  return `${head}.${claims}.${signature}`;
}

export interface StandIn extends Running {
  /** Requests that arrived, in order. */
  requests: { method: string; url: string; session: string | undefined; token: string | undefined; body: string }[];
}

/** A server that answers the n-th request with the n-th listener, and further ones with the last. */
export async function startStandIn(...answers: RequestListener[]): Promise<StandIn> {
  const requests: StandIn["requests"] = [];
  const server = createServer(async (request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    const entry = {
      method: request.method ?? "",
      url: request.url ?? "",
      session: request.headers["x-session-id"] as string | undefined,
      token: request.headers.authorization,
      body: "",
    };
    requests.push(entry);
    for await (const chunk of request) entry.body += chunk;
    answer?.(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const stop = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop, requests };
}

/** Answers with this status, headers and body. */
export function answer(status: number, body: unknown, headers: Record<string, string> = {}): RequestListener {
  return (_, response) => {
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

/** Accepts the request and never answers. */
export const hang: RequestListener = () => {};
