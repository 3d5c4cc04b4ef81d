import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BackendClient } from "../generated/clients/backend.ts";
import { mount } from "./users.ts";

/** What the backend answers next, over real HTTP; without an answer it is Ada alone. */
let answers: { status: number; body: unknown }[] = [];
let server: Server;
let section: HTMLElement;

const ADA = {
  id: 1,
  name: "Ada",
  email: "ada@example.org",
  telegram_id: null,
  is_admin: false,
  created_at: "2026-01-31T12:30:00Z",
  updated_at: "2026-01-31T12:30:00Z",
};

function page(items: unknown[], next_cursor: string | null = null) {
  return { items, next_cursor };
}

beforeEach(async () => {
  answers = [];
  server = createServer((request, response) => {
    const isQuestion = request.method === "OPTIONS"; // whether a page from elsewhere may ask
    const { status, body } = (!isQuestion && answers.shift()) || { status: 200, body: page([ADA]) };
    response.writeHead(status, {
      "content-type": "application/json",
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "*",
    });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  section = document.createElement("section");
});

afterEach(() => server.close());

function show(): void {
  const { port } = server.address() as AddressInfo;
  mount(section, new BackendClient({ baseUrl: `http://127.0.0.1:${port}` }));
}

test("the users are listed", async () => {
  show();

  await vi.waitFor(() =>
    expect(section.querySelector("li")?.textContent).toContain("ada@example.org"),
  );
});

test("the next page is asked for where there is one", async () => {
  const grace = { ...ADA, id: 2, name: "Grace" };
  answers = [
    { status: 200, body: page([ADA], "after Ada") },
    { status: 200, body: page([grace]) },
  ];
  show();
  const more = [...section.querySelectorAll("button")].find(
    (each) => each.textContent === "Show more",
  );
  await vi.waitFor(() => expect(more?.hidden).toBe(false));

  more?.click();

  await vi.waitFor(() => expect(section.querySelectorAll("li").length).toBe(2));
  expect(more?.hidden).toBe(true);
});

test("a backend that is not well is told", async () => {
  answers = [{ status: 503, body: { detail: "The database is down." } }];

  show();

  await vi.waitFor(() => expect(section.textContent).toContain("The database is down."));
});

test("a refusal is told beside the form, and what was typed stays", async () => {
  const body = { code: "user-exists", detail: "Another user has this email." };
  answers = [
    { status: 200, body: page([]) },
    { status: 409, body },
  ];
  show();
  const [name, email] = section.querySelectorAll("input");
  Object.assign(name ?? {}, { value: "Ada" });
  Object.assign(email ?? {}, { value: "ada@example.org" });

  section.querySelector("form")?.requestSubmit();

  const alert = section.querySelector("[role=alert]");
  await vi.waitFor(() => expect(alert?.textContent).toBe("Another user has this email."));
  expect(name?.value).toBe("Ada");
});
