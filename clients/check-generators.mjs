#!/usr/bin/env node
// Lints docs/openapi.json and runs the generators that front-end developers use on it:
//
//     clients/check-generators.mjs [document]
//
// The rules of the linter are in .redocly.yaml. Installs the versions that clients/generators/ pins into a temporary
// folder. Fails on an error or a warning of any tool, and on output that does not compile. `KEEP=1` leaves the folder
// there and prints its name.
import { spawnSync } from "node:child_process";
import { cpSync, copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const document = resolve(process.argv[2] ?? join(root, "docs/openapi.json"));
const folder = mkdtempSync(join(tmpdir(), "myashes-generators-"));
const failures = [];

try {
  cpSync(join(root, "clients/generators"), folder, { recursive: true });
  copyFileSync(document, join(folder, "openapi.json"));
  copyFileSync(join(root, ".redocly.yaml"), join(folder, "lint.yaml"));
  install();
  for (const [name, check] of Object.entries(checks())) report(name, check());
} finally {
  if (process.env.KEEP) console.log(`kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
console.log(failures.length === 0 ? "all passed" : `failed: ${failures.join(", ")}`);
process.exitCode = failures.length === 0 ? 0 : 1;

function install() {
  must(run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]));
  must(run("python3", ["-m", "venv", "python"]));
  must(run("python/bin/pip", ["install", "--quiet", "--disable-pip-version-check", "--requirement", "requirements.txt"]));
}

/** Each returns what is wrong, line by line. */
function checks() {
  const node = recentNode();
  return {
    redocly: () => {
      const environment = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
      const args = ["node_modules/@redocly/cli/bin/cli.js", "lint", "--config=lint.yaml", "--format=json", "openapi.json"];
      const result = run(node, args, environment);
      if (!result.stdout.trimStart().startsWith("{")) return complaints(result);
      const { problems } = JSON.parse(result.stdout);
      return problems.map(({ ruleId, severity, message, location }) =>
        `${severity} ${ruleId} at ${location[0]?.pointer}: ${message}`);
    },
    "openapi-typescript": () =>
      generate("node_modules/.bin/openapi-typescript", ["openapi.json", "-o", "out/openapi-typescript/schema.ts"])
        ?? compile("openapi-typescript"),
    "hey-api": () => {
      const args = ["node_modules/@hey-api/openapi-ts/bin/run.js", "-i", "openapi.json", "-o", "out/hey-api", "--no-log-file"];
      return generate(node, args) ?? compile("hey-api");
    },
    orval: () =>
      generate(node, ["node_modules/orval/dist/bin/orval.mjs", "--config", "orval.config.mjs"]) ?? compile("orval"),
    "openapi-python-client": () => {
      const args = ["generate", "--path", "openapi.json", "--config", "python.yaml", "--output-path", "out/python", "--fail-on-warning"];
      return generate("python/bin/openapi-python-client", args)
        ?? lines(run("python/bin/mypy", ["--strict", "--no-error-summary", "out/python/client"]));
    },
  };
}

/** What the generator complained about, or nothing. */
function generate(program, args) {
  const found = complaints(run(program, args));
  return found.length === 0 ? undefined : found;
}

/** The output of a generator, and the page that uses it, through `tsc --strict`. */
function compile(name) {
  const tsconfig = `tsconfig.${name}.json`;
  const include = [`out/${name}`, `usage/${name}.ts`];
  writeFileSync(join(folder, tsconfig), JSON.stringify({ extends: "./tsconfig.json", include }));
  return lines(run("node_modules/.bin/tsc", ["--project", tsconfig]));
}

function complaints(result) {
  const all = `${result.stdout}\n${result.stderr}`.split("\n").filter((line) => line.trim());
  const warned = all.some((line) => /\bwarn|deprecat|⚠|❌/i.test(line));
  return result.status !== 0 || warned ? [...all, `exit code ${result.status}`] : [];
}

function lines(result) {
  if (result.status === 0) return [];
  return `${result.stdout}\n${result.stderr}`.split("\n").filter((line) => line.trim());
}

/** This Node, or, where it is too old for some generators, the one that clients/generators/ pins. */
function recentNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  const pinned = join(folder, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (!existsSync(pinned)) throw new Error("the generators need Node 22.18 or later");
  return pinned;
}

function run(program, args, environment = {}) {
  const path = program.includes("/") ? resolve(folder, program) : program;
  const options = { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28, env: { ...process.env, NO_COLOR: "1", ...environment } };
  const result = spawnSync(path, args, options);
  if (result.error) throw result.error;
  return result;
}

function must(result) {
  if (result.status !== 0) throw new Error(`${result.stdout}\n${result.stderr}`);
}

function report(name, problems) {
  const shown = 50;
  console.log(`${problems.length === 0 ? "ok    " : "FAILED"} ${name}`);
  for (const problem of problems.slice(0, shown)) console.log(`       ${problem}`);
  if (problems.length > shown) console.log(`       and ${problems.length - shown} more`);
  if (problems.length > 0) failures.push(name);
}
