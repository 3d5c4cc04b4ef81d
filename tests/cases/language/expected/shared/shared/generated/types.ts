// Generated from shared/spec by `make generate-from-spec`. Do not edit.

/** The data models and events of the project as they stand in JSON, as `shared/spec` describes them. */

/**
 * A whole number of 64 bits. Beyond 2^53 a number of JavaScript loses its last digits: an id
 * that may grow so large is better a `uuid` or a `string`.
 */
export type Integer = number;

/** A decimal number as text, so that no digit is lost: "19.90". */
export type DecimalString = string;

/** Bytes in base64. Services write its URL-safe alphabet (`-` and `_`), and read both alphabets. */
export type Base64String = string;

/** A date: "2026-01-31". */
export type DateString = string;

/** A time of day: "12:30:00". */
export type TimeString = string;

/** A date and a time as ISO 8601: "2026-01-31T12:30:00Z". */
export type DateTimeString = string;

/** A duration as ISO 8601: "P1DT2H". */
export type DurationString = string;

/** A UUID: "0190a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4b". */
export type UuidString = string;

/** Any value that JSON can hold. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [key: string]: JsonValue };

/** The values of `AliasedClass`. */
export const AliasedClass = {
  CLASS: "class",
  NONE: "None",
  IMPORT: "import",
} as const;
export type AliasedClass = (typeof AliasedClass)[keyof typeof AliasedClass];

/** The values of `DefaultsLevel`. */
export const DefaultsLevel = {
  LOW: "low",
  HIGH: "high",
} as const;
export type DefaultsLevel = (typeof DefaultsLevel)[keyof typeof DefaultsLevel];

/** The values of `DefaultsLevels`. */
export const DefaultsLevels = {
  LOW: "low",
  HIGH: "high",
} as const;
export type DefaultsLevels = (typeof DefaultsLevels)[keyof typeof DefaultsLevels];

/** The values of `FindThingsColours`. */
export const FindThingsColours = {
  RED: "red",
  GREEN: "green",
} as const;
export type FindThingsColours = (typeof FindThingsColours)[keyof typeof FindThingsColours];

/** The values of `FindThingsKind`. */
export const FindThingsKind = {
  NEW: "new",
  USED: "used",
} as const;
export type FindThingsKind = (typeof FindThingsKind)[keyof typeof FindThingsKind];

/** The values of `ShowDefaultsTheme`. */
export const ShowDefaultsTheme = {
  DARK: "dark",
  LIGHT: "light",
} as const;
export type ShowDefaultsTheme = (typeof ShowDefaultsTheme)[keyof typeof ShowDefaultsTheme];

/** The values of `SweepKind`. */
export const SweepKind = {
  STALE: "stale",
  BROKEN: "broken",
} as const;
export type SweepKind = (typeof SweepKind)[keyof typeof SweepKind];

/** The values of `SweepThingsKind`. */
export const SweepThingsKind = {
  ALL: "all",
  OLD: "old",
} as const;
export type SweepThingsKind = (typeof SweepThingsKind)[keyof typeof SweepThingsKind];

/** The values of `ThingColours`. */
export const ThingColours = {
  RED: "red",
  GREEN: "green",
} as const;
export type ThingColours = (typeof ThingColours)[keyof typeof ThingColours];

/** The values of `ThingKind`. */
export const ThingKind = {
  IN_STOCK: "in stock",
  SOLD_OUT: "sold-out",
  VALUE_3D: "3d",
} as const;
export type ThingKind = (typeof ThingKind)[keyof typeof ThingKind];

/** Why operations are refused: `code` in problem documents (RFC 9457). */
export const ErrorCode = {
  CaseExists: "case-exists",
  Conflict: "conflict",
  DeskClosed: "desk-closed",
  Invalid: "invalid",
  NotFound: "not-found",
  PreconditionFailed: "precondition-failed",
  SoldOut: "sold-out",
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** Some of many items, in their order. */
export interface Page<Item> {
  items: Item[];
  /** What to send as `cursor` for the items after these; null if there are none. */
  next_cursor: string | null;
}

/**
 * Names that Python has other uses for.
 *
 * The variant `Create` of `Aliased`.
 */
export interface AliasedCreate {
  /** Who sent it. */
  from: string;
  /** @default "None" */
  class?: AliasedClass;
  /** @default 1 */
  copy?: Integer;
  json?: JsonValue | null;
  /** @default {} */
  notes?: JsonValue;
  /** @default [1] */
  list?: Integer[];
  /** @default "a" */
  str?: string;
  self?: Integer[] | null;
  type: string;
}

/**
 * Names that Python has other uses for.
 *
 * The variant `Key` of `Aliased`.
 */
export interface AliasedKey {
  /** Who sent it. */
  from: string;
  copy: Integer;
}

/**
 * Names that Python has other uses for.
 *
 * The variant `Read` of `Aliased`.
 */
export interface AliasedRead {
  /** Who sent it. */
  from: string;
  class: AliasedClass;
  copy: Integer;
  json: JsonValue | null;
  notes: JsonValue;
  schema: string;
  list: Integer[];
  str: string;
  self: Integer[] | null;
  type: string;
}

/**
 * Names that Python has other uses for.
 *
 * The variant `Update` of `Aliased`.
 */
export interface AliasedUpdate {
  /** Who sent it. */
  from?: string;
  class?: AliasedClass;
  copy?: Integer;
  json?: JsonValue | null;
  notes?: JsonValue;
  list?: Integer[];
  str?: string;
  self?: Integer[] | null;
  type?: string;
}

/** The model `Case`. */
export interface Case {
  number: Integer;
  opened: DateTimeString | null;
}

/** The variant `Open` of `Case`. */
export interface CaseOpen {
  number: Integer;
}

/** As a service answers it. What is sent to a service is `CompanyInput`. */
export interface Company {
  name: string;
  owner: Person | null;
}

/** As it is sent to a service: what has a default may be left out. Answers are `Company`. */
export interface CompanyInput {
  /** @default "nobody" */
  name?: string;
  owner?: PersonInput | null;
}

/** A default of every type. */
export interface Defaults {
  count: Integer;
  share: number;
  price: DecimalString;
  rate: DecimalString;
  is_on: boolean;
  title: string;
  picture: Base64String;
  day: DateString;
  opens: TimeString;
  closes: TimeString;
  since: DateTimeString;
  until: DateTimeString;
  local: DateTimeString;
  lasts: DurationString;
  blinks: DurationString;
  never: DurationString;
  code: UuidString;
  contact: string;
  page: string;
  extra: JsonValue;
  level: DefaultsLevel;
  levels: DefaultsLevels[];
  marks: string[];
  days: DateString[];
  prices: { [key: string]: DecimalString };
  free: { [key: string]: Integer };
  steps: (DurationString | null)[][];
  gaps: (Integer | null)[];
  rows: { [key: string]: Integer }[];
  mixed: JsonValue[];
  seen: DateTimeString | null;
  cases: Case[];
  note: string | null;
}

/** An operation failed. */
export interface OperationFailed {
  operation: string;
  code: string;
  message: string;
  event_id: string | null;
  time: DateTimeString;
}

/** As a service answers it. What is sent to a service is `PersonInput`. */
export interface Person {
  works_at: Company | null;
  knows: Person[];
}

/** As it is sent to a service: what has a default may be left out. Answers are `Person`. */
export interface PersonInput {
  works_at?: CompanyInput | null;
  knows: PersonInput[];
}

/** The variant `Create` of `Shelf`. */
export interface ShelfCreate {
  label: string;
  price: DecimalString;
  code: UuidString;
  made_on: DateString;
  added_at: DateTimeString;
}

/** The variant `Read` of `Shelf`. */
export interface ShelfRead {
  id: Integer;
  label: string;
  price: DecimalString;
  code: UuidString;
  made_on: DateString;
  added_at: DateTimeString;
  version: Integer;
}

/** The model `ShelfRemoved`. */
export interface ShelfRemoved {
  shelf_id: Integer;
}

/** The variant `Update` of `Shelf`. */
export interface ShelfUpdate {
  label?: string;
  price?: DecimalString;
  code?: UuidString;
  made_on?: DateString;
  added_at?: DateTimeString;
}

/** The model `Sweep`. */
export interface Sweep {
  /** @default 30 */
  days?: Integer;
  /** @default "stale" */
  kind?: SweepKind;
}

/**
 * Something that is sold: "quoted", 'single', back\slash, """three""", {braces} and {{ two }}.
 *
 * - A list, the lines of which are long enough that they must be wrapped somewhere before the
 *   margin is reached;
 * - tab   and bell "\a".
 *
 * The variant `Create` of `Thing`.
 */
export interface ThingCreate {
  /**
   * It says "hello"
   * \ and """.
   */
  name: string;
  /** @default "in stock" */
  kind?: ThingKind;
  colours?: ThingColours[] | null;
  /** @default [] */
  tags?: string[];
  /** @default ["a\"b"] */
  notes?: string[];
  /** @default {"a": "1"} */
  labels?: { [key: string]: string };
  /** @example "9.99" */
  price: DecimalString;
  /** @default 1 */
  weight?: number;
  /**
   * @default false
   * @deprecated
   */
  is_fragile?: boolean;
  picture?: Base64String | null;
  made_on: DateString;
  opens_at?: TimeString | null;
  lasts: DurationString;
  code: UuidString;
  contact: string;
  page: string;
  extra?: JsonValue | null;
  sizes: Integer[];
  /**
   * A description so long that its literal would not fit into one line of the generated module,
   * wherever that was broken; therefore it is cut.
   */
  matrix?: { [key: string]: Integer | null }[] | null;
  maker?: CompanyInput | null;
}

/**
 * Something that is sold: "quoted", 'single', back\slash, """three""", {braces} and {{ two }}.
 *
 * - A list, the lines of which are long enough that they must be wrapped somewhere before the
 *   margin is reached;
 * - tab   and bell "\a".
 *
 * The variant `Name` of `Thing`.
 */
export interface ThingName {
  id: Integer;
  /**
   * It says "hello"
   * \ and """.
   */
  name: string;
}

/**
 * Something that is sold: "quoted", 'single', back\slash, """three""", {braces} and {{ two }}.
 *
 * - A list, the lines of which are long enough that they must be wrapped somewhere before the
 *   margin is reached;
 * - tab   and bell "\a".
 *
 * The variant `Read` of `Thing`.
 */
export interface ThingRead {
  id: Integer;
  /**
   * It says "hello"
   * \ and """.
   */
  name: string;
  kind: ThingKind;
  colours: ThingColours[] | null;
  tags: string[];
  notes: string[];
  labels: { [key: string]: string };
  /** @example "9.99" */
  price: DecimalString;
  weight: number;
  /** @deprecated */
  is_fragile: boolean;
  made_on: DateString;
  opens_at: TimeString | null;
  added_at: DateTimeString;
  lasts: DurationString;
  code: UuidString;
  contact: string;
  page: string;
  extra: JsonValue | null;
  sizes: Integer[];
  /**
   * A description so long that its literal would not fit into one line of the generated module,
   * wherever that was broken; therefore it is cut.
   */
  matrix: { [key: string]: Integer | null }[] | null;
  maker: Company | null;
  parts: ThingRead[];
}

/**
 * Something that is sold: "quoted", 'single', back\slash, """three""", {braces} and {{ two }}.
 *
 * - A list, the lines of which are long enough that they must be wrapped somewhere before the
 *   margin is reached;
 * - tab   and bell "\a".
 *
 * The variant `Update` of `Thing`.
 */
export interface ThingUpdate {
  /**
   * It says "hello"
   * \ and """.
   */
  name?: string;
  kind?: ThingKind;
  colours?: ThingColours[] | null;
  tags?: string[];
  notes?: string[];
  labels?: { [key: string]: string };
  /** @example "9.99" */
  price?: DecimalString;
  weight?: number;
  /** @deprecated */
  is_fragile?: boolean;
  picture?: Base64String | null;
  made_on?: DateString;
  opens_at?: TimeString | null;
  lasts?: DurationString;
  code?: UuidString;
  contact?: string;
  page?: string;
  extra?: JsonValue | null;
  sizes?: Integer[];
  /**
   * A description so long that its literal would not fit into one line of the generated module,
   * wherever that was broken; therefore it is cut.
   */
  matrix?: { [key: string]: Integer | null }[] | null;
  maker?: CompanyInput | null;
}

/** What each event carries, by the name of the event. */
export interface EventMap {
  "case.closed": CaseOpen;
  "check.failed": OperationFailed;
  "message.copied": AliasedKey;
  "shelf.removed": ShelfRemoved;
  "sweep.done": Sweep;
  "sweep.wanted": Sweep;
  /**
   * A thing is new.
   *
   * Told once, "\\ and """.
   */
  "thing.added": ThingName;
  "thing.checked": Case;
  "thing.removed": ThingName;
}
