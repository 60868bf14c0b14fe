/** Whether a caller asks for a table, and how such an answer is headed. */
import type { ApiRequest } from "./context.ts";

export const csvMediaType = "text/csv";

export const csvHeaders = {
  "content-type": `${csvMediaType}; charset=utf-8; header=present`,
} as const;

export const asksForCsv = (request: ApiRequest): boolean =>
  (request.req.header("accept") ?? "")
    .split(",")
    .some((range) => range.split(";")[0]?.trim().toLowerCase() === csvMediaType);
