"""The generated clients are TypeScript that its compiler and a page's own settings have nothing against."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from framework.node.programs import Node, NodeMissing, find_node
from tests.generators.cases import CASES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "template/services/frontend"
GENERATED = CASES / "language/expected/services/page/src/generated"


def test_a_service_has_its_own_copy_of_the_types() -> None:
    shared = CASES / "language/expected/shared/shared/generated/types.ts"

    assert (GENERATED / "types.ts").read_text() == shared.read_text()


def test_a_service_called_by_hand_has_no_client_and_is_reached() -> None:
    assert not (GENERATED / "clients/worker.ts").exists()
    assert '{ name: "worker", setting: "WORKER_API_BASE_URL", port: ' in (GENERATED / "proxy.ts").read_text()
    assert "location /api/worker/ {" in (GENERATED / "nginx.conf").read_text()


@pytest.fixture(scope="module")
def node() -> Node:
    try:
        return find_node()
    except NodeMissing as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def page(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of the template with the clients of the language case."""
    folder = tmp_path_factory.mktemp("page") / "frontend"
    shutil.copytree(PAGE, folder, ignore=shutil.ignore_patterns("parts", "live.ts", "*.jinja"))
    shutil.copytree(GENERATED, folder / "src/generated")
    (folder / "src/used.test.ts").write_text(USED)
    settings = (folder / "biome.json").read_text()
    assert '"!src/generated", ' in settings
    (folder / "biome.json").write_text(settings.replace('"!src/generated", ', ""))
    run(node, folder, *node.npm_command("ci", "--prefer-offline"))
    return folder


def run(node: Node, folder: Path, *command: str) -> str:
    """Run a program of the page; returns what it prints, and fails with that."""
    environment = node.environment(folder, os.environ)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.matrix
@pytest.mark.timeout(300)
def test_compiler_and_linter_have_nothing_against_it(node: Node, page: Path) -> None:
    run(node, page, "tsc")
    run(node, page, "biome", "check", "--error-on-warnings", "src/generated")


@pytest.mark.matrix
@pytest.mark.timeout(300)
def test_it_sends_and_understands_what_services_do(node: Node, page: Path) -> None:
    assert "12 passed" in run(node, page, "vitest", "run", "src/used.test.ts", "--environment", "node")


USED = """\
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DeskClient } from "./generated/clients/desk.ts";
import { ShopClient } from "./generated/clients/shop.ts";
import { CaseExists } from "./generated/errors.ts";
import { ServiceUnavailable, UnexpectedAnswer } from "./generated/http.ts";

let server: Server;
let asked: { url: string; method: string; headers: IncomingMessage["headers"]; body: string }[];
type Answer = { status: number; body: string; retryAfter?: string };
let answer: Answer | undefined;
/** What is answered before that; nothing stands for a lost connection. */
let before: (Answer | undefined)[];
let baseUrl: string;

beforeEach(async () => {
  asked = [];
  answer = { status: 200, body: "[]" };
  before = [];
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) {
      body += chunk;
    }
    const { url = "", method = "", headers } = request;
    asked.push({ url, method, headers, body });
    const isFirst = before.length > 0;
    const given = isFirst ? before.shift() : answer;
    if (given) {
      const { status, body, retryAfter } = given;
      response.writeHead(status, retryAfter === undefined ? {} : { "retry-after": retryAfter });
      response.end(body);
    } else if (isFirst) {
      request.socket.destroy();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test("lists are repeated, and what is not given is not sent", async () => {
  await new ShopClient({ baseUrl }).findThings({ since: "2026-01-31T12:30:00Z", codes: ["a b", "c"] });

  expect(asked[0]?.url).toBe("/things?since=2026-01-31T12%3A30%3A00Z&codes=a+b&codes=c");
});

test("an empty list is refused where the service would take its default", async () => {
  const shop = new ShopClient({ baseUrl });

  await expect(shop.findThings({ since: "", codes: ["a"], colours: [] })).rejects.toThrow("empty list");
  await shop.findThings({ since: "", codes: ["a"], colours: ["green"] });

  expect(asked.map(({ url }) => url)).toEqual(["/things?since=&colours=green&codes=a"]);
});

test("nothing in a segment ends it or climbs out of it", async () => {
  const shop = new ShopClient({ baseUrl });

  await shop.showThing({ shelf: "a/b?c", thing_id: 1 });
  await expect(shop.showThing({ shelf: "..", thing_id: 1 })).rejects.toThrow(TypeError);

  expect(asked.map(({ url }) => url)).toEqual(["/things/a%2Fb%3Fc/1"]);
});

test("input is sent as JSON, and headers by their names", async () => {
  const desk = new DeskClient({ baseUrl, headers: { authorization: "Bearer x" } });
  await desk.showDefaults({ x_code: "6fa459ea-ee8a-3ca4-894e-db77e160355e" });
  await new ShopClient({ baseUrl }).addMany({ payload: [] });

  expect(asked[0]?.headers).toMatchObject({
    authorization: "Bearer x",
    "x-code": "6fa459ea-ee8a-3ca4-894e-db77e160355e",
  });
  expect(asked[1]).toMatchObject({ method: "POST", body: "[]" });
  expect(asked[1]?.headers["content-type"]).toBe("application/json");
});

test("an error that the spec names is raised as its class", async () => {
  answer = { status: 409, body: JSON.stringify({ code: "case-exists", detail: "It is open." }) };

  const opening = new DeskClient({ baseUrl }).openCase({ payload: {} as never });

  await expect(opening).rejects.toThrow(CaseExists);
  await expect(opening).rejects.toThrow("It is open.");
});

test("other refusals say what the service says", async () => {
  answer = {
    status: 422,
    body: JSON.stringify({ detail: [{ loc: ["query", "limit"], msg: "Input is too great" }] }),
  };
  const finding = new ShopClient({ baseUrl }).findThings({ since: "", codes: [] });

  await expect(finding).rejects.toThrow(UnexpectedAnswer);
  await expect(finding).rejects.toThrow("GET /things was answered 422: limit: Input is too great");
});

test("no answer in time, none at all, and none that is JSON", async () => {
  answer = { status: 200, body: "<html>" };
  await expect(new DeskClient({ baseUrl }).countCases()).rejects.toThrow("something else than JSON");
  answer = undefined;
  const late = new DeskClient({ baseUrl }).countCases({ timeout: 50 });
  await expect(late).rejects.toThrow("GET /cases/count was not answered in time");
  const nobody = new DeskClient({ baseUrl: "http://127.0.0.1:9" }).countCases();
  await expect(nobody).rejects.toThrow(ServiceUnavailable);
});

test("a call with a key is repeated under that key", async () => {
  before = [
    undefined,
    { status: 504, body: "" },
    { status: 409, body: JSON.stringify({ code: "idempotency-key-in-use" }) },
  ];
  answer = { status: 201, body: JSON.stringify({ thing_id: 1 }) };
  const shop = new ShopClient({ baseUrl });

  await shop.buyThing({ payload: {} as never, thing_id: 1 });
  await shop.buyThing({ payload: {} as never, thing_id: 1 }, { idempotencyKey: "mine" });

  const keys = asked.map(({ headers }) => headers["idempotency-key"]);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys).toEqual([keys[0], keys[0], keys[0], keys[0], "mine"]);
});

test("what is not safe to repeat is not, unless it was refused until later", async () => {
  const shop = new ShopClient({ baseUrl });
  before = [{ status: 503, body: "", retryAfter: "0" }];
  await expect(shop.addMany({ payload: [] })).rejects.toThrow("503");
  before = [undefined];
  await expect(shop.addMany({ payload: [] })).rejects.toThrow(ServiceUnavailable);
  before = [{ status: 429, body: "", retryAfter: "0" }];
  await shop.addMany({ payload: [] });

  expect(asked).toHaveLength(4);
});

test("a service says when to come back", async () => {
  const desk = new DeskClient({ baseUrl });
  const past = new Date(0).toUTCString();
  before = [
    { status: 503, body: "", retryAfter: "0" },
    { status: 503, body: "", retryAfter: past },
  ];
  await desk.countCases();
  expect(asked).toHaveLength(3);
  for (const given of [{ retryAfter: "60" }, { retryAfter: "soon" }, {}]) {
    before = [{ status: 503, body: "", ...given }];
    await expect(desk.countCases()).rejects.toThrow("503");
  }
  expect(asked).toHaveLength(6);
});

test("repetitions have an end, and can be turned off", async () => {
  answer = { status: 502, body: "" };
  await expect(new DeskClient({ baseUrl, maxRetries: 1 }).countCases()).rejects.toThrow("502");
  await expect(new DeskClient({ baseUrl, maxRetries: 0 }).countCases()).rejects.toThrow("502");

  expect(asked).toHaveLength(3);
});

test("who gives a call up gets their own reason", async () => {
  answer = undefined;
  const controller = new AbortController();
  const call = new DeskClient({ baseUrl }).countCases({ signal: controller.signal });
  controller.abort(new Error("never mind"));

  await expect(call).rejects.toThrow("never mind");
});
"""
