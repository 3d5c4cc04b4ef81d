// Generated from services/shop/spec by `make generate-from-spec`. Do not edit.

/** The service `shop` as `page` calls it. */

import * as errors from "../errors.ts";
import {
  atLeastOne,
  type CallOptions,
  type ClientOptions,
  entityTag,
  HttpClient,
  type IdempotentCallOptions,
  newIdempotencyKey,
  segment,
} from "../http.ts";
import type * as types from "../types.ts";

export interface AddManyArguments {
  payload: types.ThingCreate[];
}

export interface BuyThingArguments {
  payload: types.ThingName;
  thing_id: types.Integer;
  x_tenant?: string | null | undefined;
  /** @default false */
  gift?: boolean | undefined;
}

export interface ChangeShelfArguments {
  payload: types.ShelfUpdate;
  shelf_id: types.Integer;
  /**
   * The ETag of what you have seen, or `*`; answered 412 if it is another by now, 428 without
   * it.
   */
  if_match: number | "*";
}

export interface FindThingsArguments {
  /**
   * How many.
   *
   * @default 20
   */
  limit?: types.Integer | undefined;
  named?: string | null | undefined;
  /** @default "new" */
  kind?: types.FindThingsKind | undefined;
  since: types.DateTimeString;
  /** @default false */
  exact?: boolean | undefined;
  /** @default ["red"] */
  colours?: types.FindThingsColours[] | undefined;
  sizes?: types.Integer[] | null | undefined;
  codes: string[];
}

export interface ListDaysArguments {
  least: types.DecimalString;
  /**
   * The most items of the page.
   *
   * @default 20
   */
  limit?: types.Integer | undefined;
  /** `next_cursor` of the page before; left out, the first page. */
  cursor?: string | null | undefined;
}

export interface ListShelvesArguments {
  label?: string | null | undefined;
  /**
   * The most items of the page.
   *
   * @default 2
   */
  limit?: types.Integer | undefined;
  /** `next_cursor` of the page before; left out, the first page. */
  cursor?: string | null | undefined;
}

export interface RemoveShelfArguments {
  shelf_id: types.Integer;
  /**
   * The ETag of what you have seen, or `*`; answered 412 if it is another by now, 428 without
   * it.
   */
  if_match: number | "*";
}

export interface ReplaceThingArguments {
  payload: types.ThingUpdate;
  thing_id: types.Integer;
  /** @default false */
  force?: boolean | undefined;
}

export interface ReturnThingArguments {
  thing_id: types.Integer;
}

export interface ShowShelfArguments {
  shelf_id: types.Integer;
  /** The ETag of what you have; 304 is answered, without a body, if it is still that. */
  if_none_match?: number | undefined;
}

export interface ShowThingArguments {
  shelf: string;
  thing_id: types.Integer;
}

/** Calls `shop`, by default through the server that the page came from. */
export class ShopClient {
  readonly #http: HttpClient;

  constructor(options: ClientOptions = {}) {
    this.#http = new HttpClient("/api/shop", options);
  }

  /** Add many. */
  async addMany(
    args: AddManyArguments,
    options: CallOptions = {},
  ): Promise<{ [key: string]: types.ThingRead }> {
    return this.#http.call({
      method: "POST",
      path: "/things/many",
      payload: args.payload,
      ...options,
    });
  }

  /**
   * Takes effect once under each key.
   *
   * @throws {errors.SoldOut} answered as 409
   */
  async buyThing(
    args: BuyThingArguments,
    options: IdempotentCallOptions = {},
  ): Promise<types.ThingRead> {
    return this.#http.call({
      method: "POST",
      path: `/things/${segment(args.thing_id)}/bought`,
      query: {
        gift: args.gift,
      },
      headers: {
        "x-tenant": args.x_tenant,
      },
      payload: args.payload,
      errors: [errors.SoldOut],
      ...options,
      idempotencyKey: options.idempotencyKey ?? newIdempotencyKey(),
    });
  }

  /**
   * Change shelf.
   *
   * @throws {errors.NotFound} answered as 404
   * @throws {errors.PreconditionFailed} answered as 412
   */
  async changeShelf(
    args: ChangeShelfArguments,
    options: IdempotentCallOptions = {},
  ): Promise<types.ShelfRead> {
    return this.#http.call({
      method: "PATCH",
      path: `/shelves/${segment(args.shelf_id)}`,
      headers: {
        "if-match": entityTag(args.if_match),
      },
      payload: args.payload,
      errors: [errors.NotFound, errors.PreconditionFailed],
      ...options,
      idempotencyKey: options.idempotencyKey ?? newIdempotencyKey(),
    });
  }

  /** Find things. */
  async findThings(
    args: FindThingsArguments,
    options: CallOptions = {},
  ): Promise<types.ThingRead[]> {
    return this.#http.call({
      method: "GET",
      path: "/things",
      query: {
        limit: args.limit,
        named: args.named,
        kind: args.kind,
        since: args.since,
        exact: args.exact,
        colours: atLeastOne(args.colours),
        sizes: args.sizes,
        codes: args.codes,
      },
      ...options,
    });
  }

  /**
   * List days.
   *
   * @deprecated
   */
  async listDays(
    args: ListDaysArguments,
    options: CallOptions = {},
  ): Promise<types.Page<types.ShelfRead>> {
    return this.#http.call({
      method: "GET",
      path: "/shelves/days",
      query: {
        least: args.least,
        limit: args.limit,
        cursor: args.cursor,
      },
      ...options,
    });
  }

  /**
   * Asks for page after page of `listDays`, as long as the items of them are wanted.
   *
   * @deprecated
   */
  async *iterListDays(
    args: Omit<ListDaysArguments, "cursor">,
    options: CallOptions = {},
  ): AsyncGenerator<types.ShelfRead, void> {
    let cursor: string | null | undefined;
    do {
      const page = await this.listDays({ ...args, cursor }, options);
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor !== null);
  }

  /** The newest first. */
  async listShelves(
    args: ListShelvesArguments = {},
    options: CallOptions = {},
  ): Promise<types.Page<types.ShelfRead>> {
    return this.#http.call({
      method: "GET",
      path: "/shelves",
      query: {
        label: args.label,
        limit: args.limit,
        cursor: args.cursor,
      },
      ...options,
    });
  }

  /** Asks for page after page of `listShelves`, as long as the items of them are wanted. */
  async *iterListShelves(
    args: Omit<ListShelvesArguments, "cursor"> = {},
    options: CallOptions = {},
  ): AsyncGenerator<types.ShelfRead, void> {
    let cursor: string | null | undefined;
    do {
      const page = await this.listShelves({ ...args, cursor }, options);
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor !== null);
  }

  /** Ping. */
  async ping(options: CallOptions = {}): Promise<void> {
    await this.#http.call({
      method: "POST",
      path: "/things/ping",
      ...options,
    });
  }

  /**
   * Remove shelf.
   *
   * @throws {errors.NotFound} answered as 404
   * @throws {errors.PreconditionFailed} answered as 412
   */
  async removeShelf(args: RemoveShelfArguments, options: CallOptions = {}): Promise<void> {
    await this.#http.call({
      method: "DELETE",
      path: `/shelves/${segment(args.shelf_id)}`,
      headers: {
        "if-match": entityTag(args.if_match),
      },
      errors: [errors.NotFound, errors.PreconditionFailed],
      ...options,
    });
  }

  /** Replace thing. */
  async replaceThing(
    args: ReplaceThingArguments,
    options: CallOptions = {},
  ): Promise<types.ThingRead> {
    return this.#http.call({
      method: "PUT",
      path: `/things/${segment(args.thing_id)}`,
      query: {
        force: args.force,
      },
      payload: args.payload,
      ...options,
    });
  }

  /** Return thing. */
  async returnThing(
    args: ReturnThingArguments,
    options: IdempotentCallOptions = {},
  ): Promise<void> {
    await this.#http.call({
      method: "DELETE",
      path: `/things/${segment(args.thing_id)}/bought`,
      ...options,
      idempotencyKey: options.idempotencyKey ?? newIdempotencyKey(),
    });
  }

  /**
   * Show shelf.
   *
   * @throws {errors.NotFound} answered as 404
   */
  async showShelf(args: ShowShelfArguments, options: CallOptions = {}): Promise<types.ShelfRead> {
    return this.#http.call({
      method: "GET",
      path: `/shelves/${segment(args.shelf_id)}`,
      headers: {
        "if-none-match": entityTag(args.if_none_match),
      },
      errors: [errors.NotFound],
      ...options,
    });
  }

  /** Shows a thing: "quoted", back\slash and """. */
  async showThing(args: ShowThingArguments, options: CallOptions = {}): Promise<types.ThingRead> {
    return this.#http.call({
      method: "GET",
      path: `/things/${segment(args.shelf)}/${segment(args.thing_id)}`,
      ...options,
    });
  }
}
