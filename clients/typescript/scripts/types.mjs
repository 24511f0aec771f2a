// Writes src/schema.ts from docs/openapi.json; with --check compares instead, and fails when they differ.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const documentUrl = new URL("../../../docs/openapi.json", import.meta.url);
const typesUrl = new URL("../src/schema.ts", import.meta.url);
const header = "// Written by `npm run types` from docs/openapi.json. Edit the service's annotations instead.\n\n";

const document = JSON.parse(await readFile(documentUrl, "utf8"));
useUniqueOperationIds(document);
openFreeFormObjects(document);
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

/** Repeated operation ids would merge unrelated operations: then each operation is typed at its path instead. */
function useUniqueOperationIds(document) {
  const operations = Object.values(document.paths)
    .flatMap((path) => Object.values(path))
    .filter((operation) => operation?.operationId);
  const ids = operations.map((operation) => operation.operationId);
  if (new Set(ids).size === ids.length) return;
  for (const operation of operations) delete operation.operationId;
}

/** An object of which the document says nothing can hold anything; without this it is typed as always empty. */
function openFreeFormObjects(node) {
  if (node === null || typeof node !== "object") return;
  const isObject = [node.type].flat().includes("object");
  const isFree = !("properties" in node) && !("additionalProperties" in node) && !("allOf" in node);
  if (isObject && isFree) node.additionalProperties = true;
  Object.values(node).forEach(openFreeFormObjects);
}
