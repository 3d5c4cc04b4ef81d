// Generated from services.yml by `make generate-from-spec`. Do not edit.

/** Where this service listens in development, and which services it hands requests on to. */

/** The port of `page`, unless `PORT` says another. */
export const port = 8100;

const targets: readonly { name: string; setting: string; port: number }[] = [
  { name: "desk", setting: "DESK_API_BASE_URL", port: 8005 },
  { name: "shop", setting: "SHOP_API_BASE_URL", port: 8000 },
  { name: "worker", setting: "WORKER_API_BASE_URL", port: 8002 },
];

/** What Vite takes as `server.proxy`: `/api/<service>/…` is answered by that service, as `/…`. */
export function proxy(environment: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(
    targets.map(({ name, setting, port }) => [
      `^/api/${name}/`,
      {
        target: environment[setting] || `http://127.0.0.1:${port}`,
        rewrite: (path: string) => path.slice(`/api/${name}`.length),
        configure: endTogether,
      },
    ]),
  );
}

interface Proxy {
  on(event: "proxyRes", handle: (answer: Answer, _: unknown, response: Response) => void): unknown;
}

interface Answer {
  readonly complete: boolean;
  on(event: "close", handle: () => void): unknown;
}

interface Response {
  destroy(): unknown;
}

/** Have a stream break off for the browser when it does for the proxy: its service was killed, say. */
function endTogether(server: Proxy): void {
  server.on("proxyRes", (answer, _, response) => {
    answer.on("close", () => answer.complete || response.destroy());
  });
}
