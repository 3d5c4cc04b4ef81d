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
}

/** Settings of one call. */
export interface CallOptions {
  /** Gives the call up; it then fails with the reason of the signal. */
  signal?: AbortSignal | undefined;
  /** How long the call may take, in milliseconds; 10 seconds if nothing is said. */
  timeout?: number | undefined;
}

/** One request: what a client makes of the arguments of a method. */
export interface Call extends CallOptions {
  method: string;
  path: string;
  query?: Readonly<Record<string, unknown>>;
  headers?: Readonly<Record<string, unknown>>;
  payload?: unknown;
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

/** The operation was refused for a reason that its spec names; the message may be shown to people. */
export class OperationError extends Error {
  static readonly status: number = 400;
  static readonly code: string = "operation-error";
}

type OperationErrorClass = typeof OperationError;

const DEADLINE = 10_000;

/** Calls one service over HTTP. */
export class HttpClient {
  readonly #baseUrl: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(baseUrl: string, options: ClientOptions) {
    this.#baseUrl = (options.baseUrl ?? baseUrl).replace(/\/$/, "");
    this.#headers = options.headers ?? {};
  }

  /**
   * Send a request and read its answer.
   *
   * @throws {OperationError} one of `call.errors`, where the answer has its status and code
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

  async #exchange(call: Call): Promise<{ status: number; text: string }> {
    const deadline = AbortSignal.timeout(call.timeout ?? DEADLINE);
    try {
      const response = await fetch(this.#baseUrl + call.path + search(call.query), {
        method: call.method,
        headers: { accept: "application/json", ...this.#headers, ...headers(call) },
        body: call.payload === undefined ? null : JSON.stringify(call.payload),
        signal: call.signal ? AbortSignal.any([call.signal, deadline]) : deadline,
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      call.signal?.throwIfAborted();
      const reason = deadline.aborted ? "in time" : "at all";
      throw new ServiceUnavailable(`${named(call)} was not answered ${reason}`, { cause: error });
    }
  }
}

/** A value as one segment of a path: nothing in it can end the segment, or climb out of it. */
export function segment(value: unknown): string {
  const text = String(value);
  if (text === "" || text === "." || text === "..") {
    throw new TypeError(`"${text}" cannot be a segment of a path`);
  }
  return encodeURIComponent(text);
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
  return call.payload === undefined ? sent : { "content-type": "application/json", ...sent };
}

function refusal(call: Call, status: number, found: Problem): Error {
  const error = call.errors?.find((each) => each.status === status && each.code === found.code);
  if (error !== undefined) {
    return new error(found.detail ?? error.code);
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
