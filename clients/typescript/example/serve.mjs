// Serves this package's folder on http://localhost:8080, an origin that a service in development allows.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript" };
const port = Number(process.env.PORT ?? 8080);

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  if (pathname === "/") return response.writeHead(302, { Location: "/example/index.html" }).end();
  // `normalize` resolves `..` first, so that nothing outside the folder is served.
  const path = join(root, normalize(decodeURIComponent(pathname)));
  const type = types[extname(path)];
  try {
    if (!type) throw new Error("not served");
    const content = await readFile(path);
    response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" }).end(content);
  } catch {
    response.writeHead(404).end();
  }
});
server.listen(port, "localhost", () => console.log(`http://localhost:${server.address().port}/`));
