// Generated from services.yml by `make generate-from-spec`. Do not edit.

/** What the clients of services have in common: requests over `fetch`, and errors that say what services say. */

/** An error as services answer it: a problem document (RFC 9457). */
export interface Problem {
  title?: string;
  detail?: string;
  /** The stable name of the error, for programs: `not-found`. */
  code?: string;
}

/** Settings of a client. */
export interface ClientOptions {
  /** Where the service is: `http://localhost:8000`, or a path at the server that the page came from. */
  baseUrl?: string | undefined;
  /** What is sent with every request, such as `authorization`. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** How often a call is repeated where that is safe; three times if nothing is said. */
  maxRetries?: number | undefined;
}

/** Settings of one call. */
export interface CallOptions {
  /** Gives the call up; it then fails with the reason of the signal. */
  signal?: AbortSignal | undefined;
  /** How long the call may take with its repetitions, in milliseconds; 10 seconds if nothing is said. */
  timeout?: number | undefined;
}

/** Settings of a call that takes effect once, however often it is repeated. */
export interface IdempotentCallOptions extends CallOptions {
  /** Its name, to repeat it after a reload of the page, say; a new one if nothing is said. */
  idempotencyKey?: string | undefined;
}

/** One request: what a client makes of the arguments of a method. */
export interface Call extends CallOptions {
  method: string;
  path: string;
  query?: Readonly<Record<string, unknown>>;
  headers?: Readonly<Record<string, unknown>>;
  payload?: unknown;
  idempotencyKey?: string;
  errors?: readonly OperationErrorClass[];
}

/** A call failed in a way that the spec of the operation does not foresee. */
export class ServiceError extends Error {
  override readonly name: string = "ServiceError";
}

/** The service could not be reached, or did not answer in time. */
export class ServiceUnavailable extends ServiceError {
  override readonly name = "ServiceUnavailable";
}

/** The service answered, and not with what it promises: refused (4xx) or failed (5xx). */
export class UnexpectedAnswer extends ServiceError {
  override readonly name = "UnexpectedAnswer";
  readonly status: number;
  readonly problem: Problem;

  constructor(message: string, status: number, problem: Problem) {
    super(message);
    this.status = status;
    this.problem = problem;
  }
}

/** The service has what the caller has, as it said with `if_none_match`. */
export class NotModified extends ServiceError {
  override readonly name = "NotModified";
}

/** The operation was refused for a reason that its spec names; the message may be shown to people. */
export class OperationError extends Error {
  static readonly status: number = 400;
  static readonly code: string = "operation-error";
}

type OperationErrorClass = typeof OperationError;

const DEADLINE = 10_000;
const MAX_RETRIES = 3;
/** The longest time before the first repetition, in milliseconds; it is doubled for each further one. */
const FIRST_DELAY = 300;
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "PUT", "DELETE"]);

interface Answer {
  status: number;
  text: string;
  retryAfter: string | null;
}

/**
 * Calls one service over HTTP.
 *
 * A call that is idempotent, by its method or by a key, is repeated after a random time that grows when nothing
 * or only a proxy answers (502, 504); any call is when the service says when to come back, in `Retry-After`.
 */
export class HttpClient {
  readonly #baseUrl: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #maxRetries: number;

  constructor(baseUrl: string, options: ClientOptions) {
    this.#baseUrl = (options.baseUrl ?? baseUrl).replace(/\/$/, "");
    this.#headers = options.headers ?? {};
    this.#maxRetries = options.maxRetries ?? MAX_RETRIES;
  }

  /**
   * Send a request and read its answer.
   *
   * @throws {OperationError} one of `call.errors`, where the answer has its status and code
   * @throws {NotModified} where nothing has changed since the version that the caller has
   * @throws {UnexpectedAnswer} for any other answer that tells no success, or is not JSON
   * @throws {ServiceUnavailable} if there is no answer
   */
  async call<Answer>(call: Call): Promise<Answer> {
    const { status, text } = await this.#exchange(call);
    if (status < 200 || status > 299) {
      throw refusal(call, status, problem(text));
    }
    if (text === "") {
      return undefined as Answer;
    }
    const answer = parsed(text);
    if (answer === undefined) {
      throw new UnexpectedAnswer(
        `${named(call)} was answered with something else than JSON`,
        status,
        {},
      );
    }
    return answer as Answer;
  }

  async #exchange(call: Call): Promise<Answer> {
    const time = call.timeout ?? DEADLINE;
    const end = Date.now() + time;
    const deadline = AbortSignal.timeout(time);
    for (let retry = 0; ; retry += 1) {
      const found = await this.#attempt(call, deadline);
      const wait = delay(call, found, retry);
      if (wait === undefined || retry >= this.#maxRetries || Date.now() + wait >= end) {
        if (found instanceof ServiceUnavailable) {
          throw found;
        }
        return found;
      }
      await pause(wait, call.signal);
    }
  }

  async #attempt(call: Call, deadline: AbortSignal): Promise<Answer | ServiceUnavailable> {
    try {
      const response = await fetch(this.#baseUrl + call.path + search(call.query), {
        method: call.method,
        headers: { accept: "application/json", ...this.#headers, ...headers(call) },
        body: call.payload === undefined ? null : JSON.stringify(call.payload),
        signal: call.signal ? AbortSignal.any([call.signal, deadline]) : deadline,
      });
      const retryAfter = response.headers.get("retry-after");
      return { status: response.status, text: await response.text(), retryAfter };
    } catch (error) {
      call.signal?.throwIfAborted();
      const reason = deadline.aborted ? "in time" : "at all";
      return new ServiceUnavailable(`${named(call)} was not answered ${reason}`, { cause: error });
    }
  }
}

/** The time before a call is repeated, in milliseconds; nothing if it is not. */
function delay(call: Call, found: Answer | ServiceUnavailable, retry: number): number | undefined {
  const isRepeatable = call.idempotencyKey !== undefined || IDEMPOTENT.has(call.method);
  // At random, so that those who failed together do not come back together.
  const chance = Math.random() * FIRST_DELAY * 2 ** retry;
  if (found instanceof ServiceUnavailable || found.status === 502 || found.status === 504) {
    return isRepeatable ? chance : undefined;
  }
  if (found.status === 429 || (found.status === 503 && isRepeatable)) {
    const wanted = milliseconds(found.retryAfter);
    return wanted === undefined ? undefined : Math.max(wanted, chance);
  }
  const isInUse = found.status === 409 && problem(found.text).code === "idempotency-key-in-use";
  return isInUse && isRepeatable ? chance : undefined;
}

/** What `Retry-After` says: seconds, or a date. */
function milliseconds(retryAfter: string | null): number | undefined {
  if (retryAfter === null) {
    return undefined;
  }
  const wait = /^\d+$/.test(retryAfter)
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(wait, 0);
}

async function pause(time: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, time);
    signal?.addEventListener("abort", () => resolve(clearTimeout(timer)), { once: true });
  });
  signal?.throwIfAborted();
}

/** A name for a call that is like no other. */
export function newIdempotencyKey(): string {
  // Not `crypto.randomUUID`, which only pages over https have.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A value as one segment of a path: nothing in it can end the segment, or climb out of it. */
export function segment(value: unknown): string {
  const text = String(value);
  if (text === "" || text === "." || text === "..") {
    throw new TypeError(`"${text}" cannot be a segment of a path`);
  }
  return encodeURIComponent(text);
}

/** The items of a parameter of the query that has a default, which the service would take for none. */
export function atLeastOne<T extends readonly unknown[] | null | undefined>(items: T): T {
  if (items?.length === 0) {
    throw new TypeError(
      "an empty list cannot be sent in a query: the service would take its default",
    );
  }
  return items;
}

/** A version as a condition on it: its entity tag; `*` for any version. */
export function entityTag(version: number | "*" | undefined): string | undefined {
  return typeof version === "number" ? `"${version}"` : version;
}

function search(query: Call["query"] = {}): string {
  const sent = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null) {
        sent.append(name, String(item));
      }
    }
  }
  return sent.size > 0 ? `?${sent}` : "";
}

function headers(call: Call): Record<string, string> {
  const given = Object.entries(call.headers ?? {}).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  const sent = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
  if (call.idempotencyKey !== undefined) {
    sent["idempotency-key"] = call.idempotencyKey;
  }
  return call.payload === undefined ? sent : { "content-type": "application/json", ...sent };
}

function refusal(call: Call, status: number, found: Problem): Error {
  const error = call.errors?.find((each) => each.status === status && each.code === found.code);
  if (error !== undefined) {
    return new error(found.detail ?? error.code);
  }
  if (status === 304) {
    return new NotModified(`${named(call)} was answered 304: it has not changed`);
  }
  const words = found.detail ?? found.title;
  return new UnexpectedAnswer(
    `${named(call)} was answered ${status}${words ? `: ${words}` : ""}`,
    status,
    found,
  );
}

/** What an answer says of an error; input that is not valid is answered with a list of what is wrong. */
function problem(text: string): Problem {
  const found = parsed(text);
  if (typeof found !== "object" || found === null) {
    return {};
  }
  if ("detail" in found && Array.isArray(found.detail)) {
    const mistakes: { loc?: unknown[]; msg?: string }[] = found.detail;
    return {
      ...found,
      detail: mistakes.map(({ loc, msg }) => `${loc?.at(-1)}: ${msg}`).join("; "),
    };
  }
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function named(call: Call): string {
  return `${call.method} ${call.path}`;
}
