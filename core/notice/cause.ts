/** What makes two notices one message: account, kind, error and resource, whichever of its members each tells of. Times, prices, sentences and our own ids never count. */
import { canonicalJson } from "../canonical.ts";
import type { Notice } from "../model/notice.ts";

/** The same for the same cause, and another for another. */
export const causeOf = ({
  accountId,
  kind,
  error,
  resource,
}: Pick<Notice, "accountId" | "error" | "kind" | "resource">): string =>
  canonicalJson([accountId, kind, error, resource]);
