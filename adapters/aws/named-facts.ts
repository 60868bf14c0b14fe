/** Tells which fact about a subject an error code of AWS names. Source of the codes: EC2 API reference, "Error codes for the Amazon EC2 API". */
import type { FactKind } from "../../core/model/target.ts";
import { bareCode } from "./error-codes.ts";

const kindsByCode: ReadonlyMap<string, FactKind> = new Map([
  ["TagLimitExceeded", "tags"],
  ["AttachmentLimitExceeded", "attachments"],
  ["Unsupported", "type"],
  ["UnsupportedOperation", "type"],
  ["InvalidInstanceType", "type"],
]);

/** Undefined: none that is read. */
export const factKindOf = (code: string): FactKind | undefined => kindsByCode.get(bareCode(code));
