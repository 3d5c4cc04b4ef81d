/** What the service `page` answers: put your routes here. */

import { createServer, type Server } from "node:http";

const HEALTH = new Set(["/health/live", "/health/ready"]);

/** Make the server; it listens once it is told where. */
export function createApp(): Server {
  return createServer((request, response) => {
    if (HEALTH.has(request.url ?? "")) {
      response.writeHead(200, { "content-type": "application/json" }).end('{"status":"ok"}');
    } else {
      response.writeHead(200, { "content-type": "text/plain" }).end("Hello, world!\n");
    }
  });
}
