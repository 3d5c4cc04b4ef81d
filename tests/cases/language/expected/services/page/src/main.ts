/** The service `page`. Run it with `npm start`; it listens at `PORT` of `LISTEN_ON`, and ends on SIGTERM. */

import { lookup } from "node:dns/promises";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";

import { createApp } from "./server.ts";

const port = Number(process.env.PORT ?? 8100);
/** Names or addresses of this machine, separated by commas. */
const hosts = process.env.LISTEN_ON || process.env.HOST || "127.0.0.1";

/** What a name means here: that of a service which runs more than once means other machines, too. */
async function addressesOf(host: string): Promise<string[]> {
  const found = (await lookup(host, { all: true })).map((each) => each.address);
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return found.length > 1 ? found.filter((address) => own.some((each) => each.address === address)) : found;
}

const [first, ...others] = (await Promise.all(hosts.split(",").map(addressesOf))).flat();
const app = createApp().listen(port, first, () => console.log(`listening on port ${port} of ${hosts}`));
const doors = others.map((address) => createServer((socket) => app.emit("connection", socket)).listen(port, address));

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    for (const door of [app, ...doors]) door.close();
    app.closeIdleConnections();
  });
}
