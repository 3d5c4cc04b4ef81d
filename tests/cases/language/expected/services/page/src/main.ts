/** The service `page`. Run it with `npm start`; it listens at `PORT`, and ends on SIGTERM. */

import { createApp } from "./server.ts";

const port = Number(process.env.PORT ?? 8100);
const host = process.env.HOST ?? "127.0.0.1";

const app = createApp().listen(port, host, () => console.log(`listening on http://${host}:${port}`));

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    app.close();
    app.closeIdleConnections();
  });
}
