/** Why bill files and ledger can't be held against each other: a name for scripts, a sentence for people. */

export type RefusalName =
  | "UNKNOWN_FORMAT"
  | "MISSING_COLUMN"
  | "UNREADABLE"
  | "UNSUPPORTED_COMPRESSION"
  | "NOT_USD"
  | "NOT_HOURLY"
  | "MISSING_DAY"
  | "TWO_VERSIONS"
  | "OVERLAPPING_FILES"
  | "OVERLAPPING_LEDGER"
  | "NO_COMMON_HOURS";

export class RefusalError extends Error {
  readonly refusal: RefusalName;

  constructor(refusal: RefusalName, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = "RefusalError";
    this.refusal = refusal;
  }
}
