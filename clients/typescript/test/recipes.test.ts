// Every block of docs/RECIPES.md runs against a live service, and what comes back is what the page says.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { matchesJson, matchesText, readBlocks, readResponses } from "./document.js";
import { root, startService, tokenOf, type Running } from "./service.js";

const run = promisify(execFile);
const folder = join(root, "build/recipes");
const documented = "https://artemis.hq.solidrust.net";
const recipes = readBlocks(await readFile(join(root, "../../docs/RECIPES.md"), "utf8"));
const sections = [...new Set(recipes.map((block) => block.section))];

let service: Running;
before(async () => {
  service = await startService({}, { templates: true });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const signIn = `export const signIn = async (): Promise<string> => "${tokenOf("p-typescript")}";\n`;
  await writeFile(join(folder, "sign-in.ts"), signIn);
  const readme = readBlocks(await readFile(join(root, "README.md"), "utf8"));
  for (const [index, block] of readme.entries()) {
    if (block.language === "ts") await writeFile(join(folder, `readme-${index}.ts`), block.text);
  }
  for (const section of sections) await writeFile(join(folder, `${nameOf(section)}.ts`), typescriptOf(section));
  const compilerOptions = { rootDir: ".", outDir: "out", declaration: false };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../../tsconfig.json", compilerOptions, include: ["*.ts"] }));
});
after(() => service?.stop());

test("the page's TypeScript and the README's compile strictly", async () => {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, "--project", folder]).catch((error: { stdout: string }) => assert.fail(error.stdout));
});

for (const section of sections) {
  const of = (language: string) => recipes.find((block) => block.section === section && block.language === language);

  test(`${section}: TypeScript`, async () => {
    const { stdout } = await run(process.execPath, [join(folder, "out", `${nameOf(section)}.js`)]);
    matchesText(stdout, of("text")?.text ?? assert.fail("the page says nothing of what is printed"));
  });

  test(`${section}: curl`, async () => {
    const script = of("sh")?.text ?? assert.fail("the page has no block with curl");
    const session = `sess_${Buffer.from(crypto.getRandomValues(new Uint8Array(12))).toString("hex")}`;
    const env = { ...process.env, API: `${service.url}/api/v1`, SESSION: session, TOKEN: tokenOf("p-curl") };
    const { stdout } = await run("bash", ["-euo", "pipefail", "-c", script], { env });
    const expected = readResponses(of("http")?.text ?? assert.fail("the page says nothing of the answers"));
    const found = readResponses(stdout);
    assert.deepEqual(found.map(({ status }) => status), expected.map(({ status }) => status));
    for (const [index, { headers, body }] of expected.entries()) {
      for (const [name, value] of headers) matchesText(found[index]?.headers.get(name) ?? `no ${name}`, value);
      matchesJson(found[index]?.body, body, section);
    }
  });
}

function nameOf(section: string): string {
  return section.toLowerCase().replaceAll(/[^a-z]+/g, "-");
}

function typescriptOf(section: string): string {
  const block = recipes.find((block) => block.section === section && block.language === "ts");
  assert.ok(block, `${section} has no TypeScript`);
  assert.ok(block.text.includes(documented), `${section} does not call ${documented}`);
  return block.text.replaceAll(documented, service.url);
}
