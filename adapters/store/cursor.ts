/** Cursors: the last key of a page as opaque base64url with a checksum. What comes back is never trusted. */
import { hash } from "node:crypto";
import { SpotOptimizerError } from "../../core/errors.ts";

/** Against damage on the way, not against forgery: a cursor opens nothing that the list does not show anyway. */
const checksum = (parts: readonly string[]): string =>
  hash("sha256", JSON.stringify(parts)).slice(0, 8);

export const encodeCursor = (parts: readonly string[]): string =>
  Buffer.from(JSON.stringify([...parts, checksum(parts)])).toString("base64url");

export const brokenCursor = (): SpotOptimizerError =>
  new SpotOptimizerError("BrokenInput", "cursor is not one that this list gave out.", {
    resource: "cursor",
    nextStep: "list again without cursor, and use the same filters for every page.",
  });

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    throw brokenCursor();
  }
};

/** @throws BrokenInput naming `cursor` unless `encodeCursor` made it from exactly that many parts. */
export const decodeCursor = (cursor: string, count: number): readonly string[] => {
  const decoded = parse(cursor);
  if (!Array.isArray(decoded) || decoded.length !== count + 1) throw brokenCursor();
  const parts = decoded.slice(0, count).filter((part) => typeof part === "string");
  if (parts.length !== count || encodeCursor(parts) !== cursor) throw brokenCursor();
  return parts;
};
