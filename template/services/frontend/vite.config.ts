import process from "node:process";
import { defineConfig } from "vitest/config";
import { port, proxy } from "./src/generated/proxy.ts";

export default defineConfig({
  server: {
    host: "127.0.0.1",
    port: Number(process.env.PORT) || port,
    strictPort: true,
    proxy: proxy(process.env),
  },
  test: { environment: "happy-dom" },
});
