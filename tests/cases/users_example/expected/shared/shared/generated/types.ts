// Generated from shared/spec by `make generate-from-spec`. Do not edit.

/** The data models and events of the project as they stand in JSON, as `shared/spec` describes them. */

/**
 * A whole number of 64 bits. Beyond 2^53 a number of JavaScript loses its last digits: an id
 * that may grow so large is better a `uuid` or a `string`.
 */
export type Integer = number;

/** A date and a time as ISO 8601: "2026-01-31T12:30:00Z". */
export type DateTimeString = string;

/** A UUID: "0190a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4b". */
export type UuidString = string;

/** An operation failed. */
export interface OperationFailed {
  operation: string;
  code: string;
  message: string;
  event_id: string | null;
  time: DateTimeString;
}

/**
 * A person known to the system.
 *
 * The variant `Create` of `User`.
 */
export interface UserCreate {
  name: string;
  email?: string | null;
}

/** A user is gone. */
export interface UserDeleted {
  user_id: Integer;
}

/** People to be registered together, or not at all. */
export interface UserImportBatch {
  /** Chosen by whoever asks. */
  batch: UuidString;
  users: UserCreate[];
}

/** A batch of people was registered. */
export interface UserImportResult {
  batch: UuidString;
  user_ids: Integer[];
}

/**
 * A person known to the system.
 *
 * The variant `Read` of `User`.
 */
export interface UserRead {
  id: Integer;
  name: string;
  email: string | null;
}

/** What each event carries, by the name of the event. */
export interface EventMap {
  /** A user was registered. */
  "user.created": UserRead;
  /** A user was deleted. */
  "user.deleted": UserDeleted;
  /** A batch of people was registered. */
  "user.import.completed": UserImportResult;
  /** A batch of people could not be registered. */
  "user.import.failed": OperationFailed;
  /** A batch of people is to be registered. */
  "user.import.requested": UserImportBatch;
}
