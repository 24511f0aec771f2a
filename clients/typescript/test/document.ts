// Reads the blocks of a Markdown page and compares what came back with what the page says; `…` stands for anything.
import assert from "node:assert/strict";

export interface Block {
  /** The heading above it, without its marks. */
  section: string;
  language: string;
  text: string;
}

/** The fenced blocks below headings of the second level. */
export function readBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  let section = "";
  let open: Block | undefined;
  for (const line of markdown.split("\n")) {
    const [, fence] = /^```(\w*)$/.exec(line) ?? [];
    if (open && fence === "") {
      if (open.section) blocks.push(open);
      open = undefined;
    } else if (open) open.text += `${line}\n`;
    else if (fence !== undefined) open = { section, language: fence, text: "" };
    else if (line.startsWith("## ")) section = line.slice(3);
  }
  assert.equal(open, undefined, "a block is not closed");
  return blocks;
}

export interface HttpResponse {
  status: string;
  headers: Map<string, string>;
  body: unknown;
}

/** HTTP/1.1 responses with JSON bodies, one behind the other, as `curl -i` prints them. */
export function readResponses(text: string): HttpResponse[] {
  const parts = text.replaceAll("\r\n", "\n").split(/(?=HTTP\/1\.1 \d{3} )/).filter((part) => part.trim());
  return parts.map((part) => {
    const end = part.indexOf("\n\n");
    assert.ok(end > 0, `no body in ${part}`);
    const [status = "", ...lines] = part.slice(0, end).split("\n");
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    return { status, headers: new Map(headers), body: JSON.parse(part.slice(end)) };
  });
}

export function matchesText(found: string, expected: string): void {
  const pattern = expected.trim().split("…").map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  assert.match(found.trim(), new RegExp(`^${pattern.join(".*")}$`));
}

/** What is expected is there; objects may have more. A `"…"` as the last item of a list stands for one or more. */
export function matchesJson(found: unknown, expected: unknown, path: string): void {
  if (expected === "…") return assert.notEqual(found, undefined, `${path} is missing`);
  if (typeof expected === "string" && expected.includes("…")) {
    assert.equal(typeof found, "string", path);
    return matchesText(found as string, expected);
  }
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(found), `${path} is no list`);
    const isOpen = expected.at(-1) === "…";
    assert.ok(isOpen ? found.length >= expected.length : found.length === expected.length, `${path} has ${found.length} items`);
    for (const [index, value] of expected.entries()) matchesJson(found[index], value, `${path}[${index}]`);
    return;
  }
  if (typeof expected === "object" && expected !== null) {
    assert.ok(typeof found === "object" && found !== null, `${path} is no object`);
    for (const [key, value] of Object.entries(expected)) {
      matchesJson((found as Record<string, unknown>)[key], value, `${path}.${key}`);
    }
    return;
  }
  assert.deepEqual(found, expected, path);
}
