// Writes src/schema.ts from docs/openapi.json; with --check compares instead, and fails when they differ.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const documentUrl = new URL("../../../docs/openapi.json", import.meta.url);
const typesUrl = new URL("../src/schema.ts", import.meta.url);
const header = "// Written by `npm run types` from docs/openapi.json. Edit the service's annotations instead.\n\n";

const document = JSON.parse(await readFile(documentUrl, "utf8"));
const expected = header + astToString(await openapiTS(document, { silent: true, alphabetize: false }));

if (process.argv.includes("--check")) {
  const present = await readFile(typesUrl, "utf8").catch(() => "");
  if (present !== expected) {
    console.error("src/schema.ts is stale: run `npm run types` and commit the result");
    process.exit(1);
  }
  console.log("src/schema.ts is what docs/openapi.json says");
} else {
  await writeFile(typesUrl, expected);
  console.log("src/schema.ts is written");
}
