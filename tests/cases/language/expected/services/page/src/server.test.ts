/** The service as others see it. Run with `npm test`. */

import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import { createApp } from "./server.ts";

test("whoever asks is greeted", async () => {
  const app = createApp().listen(0, "127.0.0.1");
  await once(app, "listening");
  const { port } = app.address() as AddressInfo;

  const answer = await fetch(`http://127.0.0.1:${port}/`);

  assert.equal(await answer.text(), "Hello, world!\n");
  app.close();
});
