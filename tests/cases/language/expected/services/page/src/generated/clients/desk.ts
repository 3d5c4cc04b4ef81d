// Generated from services/desk/spec by `make generate-from-spec`. Do not edit.

/** The service `desk` as `page` calls it. */

import * as errors from "../errors.ts";
import { atLeastOne, type CallOptions, type ClientOptions, HttpClient, segment } from "../http.ts";
import type * as types from "../types.ts";

export interface ChangeMessageArguments {
  payload: types.AliasedUpdate;
}

export interface KeepPicturesArguments {
  payload: { [key: string]: types.Base64String };
}

export interface OpenCaseArguments {
  payload: types.CaseOpen;
}

export interface SendMessageArguments {
  payload: types.AliasedCreate;
  class: string;
  from: string;
  /** @default false */
  session?: boolean | undefined;
  /** @default [] */
  payload_?: types.Integer[] | undefined;
}

export interface ShowDefaultsArguments {
  /**
   * The day.
   *
   * @default "2024-02-29"
   */
  x_day?: types.DateString | undefined;
  x_trace?: string | null | undefined;
  x_code: types.UuidString;
  /** @default "2024-01-01T00:00:00Z" */
  since?: types.DateTimeString | undefined;
  /** @default "PT1H" */
  lasts?: types.DurationString | undefined;
  /** @default "0.5" */
  price?: types.DecimalString | undefined;
  /** @default "6fa459ea-ee8a-3ca4-894e-db77e160355e" */
  trace_id?: types.UuidString | undefined;
  /** @default "https://example.org/" */
  page?: string | undefined;
  /** @default ["b", "a"] */
  marks?: string[] | undefined;
  numbers?: types.Integer[] | null | undefined;
  /** @default ["2024-02-29"] */
  days?: types.DateString[] | undefined;
}

/** Calls `desk`, by default through the server that the page came from. */
export class DeskClient {
  readonly #http: HttpClient;

  constructor(options: ClientOptions = {}) {
    this.#http = new HttpClient("/api/desk", options);
  }

  /** Change message. */
  async changeMessage(
    args: ChangeMessageArguments,
    options: CallOptions = {},
  ): Promise<types.AliasedRead> {
    return this.#http.call({
      method: "PATCH",
      path: "/messages",
      payload: args.payload,
      ...options,
    });
  }

  /**
   * Count cases.
   *
   * @throws {errors.Invalid} answered as 422
   * @throws {errors.NotFound} answered as 404
   * @deprecated
   */
  async countCases(options: CallOptions = {}): Promise<types.Integer> {
    return this.#http.call({
      method: "GET",
      path: "/cases/count",
      errors: [errors.Invalid, errors.NotFound],
      ...options,
    });
  }

  /** Keep pictures. */
  async keepPictures(
    args: KeepPicturesArguments,
    options: CallOptions = {},
  ): Promise<types.Base64String[]> {
    return this.#http.call({
      method: "POST",
      path: "/cases/pictures",
      payload: args.payload,
      ...options,
    });
  }

  /**
   * Open case.
   *
   * @throws {errors.CaseExists} answered as 409
   * @throws {errors.Conflict} answered as 409
   * @throws {errors.Invalid} answered as 422
   * @throws {errors.DeskClosed} answered as 503
   */
  async openCase(args: OpenCaseArguments, options: CallOptions = {}): Promise<types.Case | null> {
    return this.#http.call({
      method: "POST",
      path: "/cases",
      payload: args.payload,
      errors: [errors.CaseExists, errors.Conflict, errors.Invalid, errors.DeskClosed],
      ...options,
    });
  }

  /** Send message. */
  async sendMessage(
    args: SendMessageArguments,
    options: CallOptions = {},
  ): Promise<types.AliasedRead> {
    return this.#http.call({
      method: "POST",
      path: `/messages/${segment(args.class)}`,
      query: {
        session: args.session,
        payload: args.payload_,
      },
      headers: {
        from: args.from,
      },
      payload: args.payload,
      ...options,
    });
  }

  /** Parameters with a default of every type, from every place. */
  async showDefaults(
    args: ShowDefaultsArguments,
    options: CallOptions = {},
  ): Promise<types.Defaults> {
    return this.#http.call({
      method: "GET",
      path: "/cases/defaults",
      query: {
        since: args.since,
        lasts: args.lasts,
        price: args.price,
        trace_id: args.trace_id,
        page: args.page,
        marks: atLeastOne(args.marks),
        numbers: args.numbers,
        days: atLeastOne(args.days),
      },
      headers: {
        "x-day": args.x_day,
        "x-trace": args.x_trace,
        "x-code": args.x_code,
      },
      ...options,
    });
  }
}
