/** The code of an error of Node's: `EADDRINUSE`, `ENOENT` … Undefined for what has none. */
export const errorCodeOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
