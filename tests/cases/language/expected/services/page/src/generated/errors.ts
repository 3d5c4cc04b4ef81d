// Generated from services/*/spec by `make generate-from-spec`. Do not edit.

/** Why services refuse what is asked of them: a class for each code in their answers. */

import * as http from "./http.ts";

/** Answered as 409. */
export class CaseExists extends http.OperationError {
  static override readonly status = 409;
  static override readonly code = "case-exists";
}

/** Answered as 409. */
export class Conflict extends http.OperationError {
  static override readonly status = 409;
  static override readonly code = "conflict";
}

/** Answered as 503. */
export class DeskClosed extends http.OperationError {
  static override readonly status = 503;
  static override readonly code = "desk-closed";
}

/** Answered as 422. */
export class Invalid extends http.OperationError {
  static override readonly status = 422;
  static override readonly code = "invalid";
}

/** Answered as 404. */
export class NotFound extends http.OperationError {
  static override readonly status = 404;
  static override readonly code = "not-found";
}

/** Answered as 412. */
export class PreconditionFailed extends http.OperationError {
  static override readonly status = 412;
  static override readonly code = "precondition-failed";
}

/** Answered as 409. */
export class SoldOut extends http.OperationError {
  static override readonly status = 409;
  static override readonly code = "sold-out";
}
