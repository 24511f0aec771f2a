// What the package weighs and holds.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./service.js";

const run = promisify(execFile);

/** The minified module, in bytes after gzip, that a page loads for this source, openapi-fetch included. */
async function sizeOf(source: string): Promise<number> {
  const result = await build({
    stdin: { contents: source, resolveDir: root },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false,
  });
  return gzipSync(result.outputFiles[0]?.contents ?? "", { level: 9 }).length;
}

test("the whole client with its dependency is below 5 KB after gzip", async (context) => {
  const size = await sizeOf('export * from "@myashes/client"');
  context.diagnostic(`${size} bytes`);
  assert.ok(size < 5 * 1024, `${size} bytes`);
});

test("what a page does not import is left out of its bundle", async () => {
  const size = await sizeOf('export { memoryStore } from "@myashes/client"');
  assert.ok(size < 200, `${size} bytes`);
});

test("the lock file names no registry", async () => {
  assert.doesNotMatch(await readFile(join(root, "package-lock.json"), "utf8"), /"resolved"|https?:\/\/registry/);
});

test("the packed client installs its types and runs elsewhere", async () => {
  const folder = await mkdtemp(join(tmpdir(), "myashes-pack-"));
  try {
    // `--ignore-scripts`: dist/ is built already, and the running test is part of what a build removes.
    const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], { cwd: root });
    const [packed] = Object.values(JSON.parse(stdout) as Record<string, { filename: string; files: { path: string }[] }>);
    const paths = packed?.files.map(({ path }) => path).sort() ?? [];
    assert.ok(paths.every((path) => /^(dist\/.*|package\.json|README\.md|LICENSE)$/.test(path)), paths.join(" "));
    for (const path of ["dist/index.js", "dist/index.d.ts", "README.md", "LICENSE"]) assert.ok(paths.includes(path), path);

    await run("tar", ["-xzf", packed?.filename ?? ""], { cwd: folder });
    const link = `import { symlinkSync, mkdirSync } from "node:fs";
      mkdirSync("node_modules/@myashes", { recursive: true });
      symlinkSync("../../package", "node_modules/@myashes/client");
      symlinkSync(${JSON.stringify(join(root, "node_modules/openapi-fetch"))}, "node_modules/openapi-fetch");`;
    await run(process.execPath, ["--input-type=module", "--eval", link], { cwd: folder });
    await writeFile(join(folder, "page.mjs"), 'import { createClient } from "@myashes/client"; console.log(typeof createClient().GET);');
    const page = await run(process.execPath, ["--preserve-symlinks", "page.mjs"], { cwd: folder });
    assert.equal(page.stdout.trim(), "function");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
