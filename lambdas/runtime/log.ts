/** What steps log through: Powertools' Logger in Lambda, a plain one elsewhere. Keys are ids, never documents. */
export type LogKeys = Readonly<Record<string, string | number | boolean>>;

export interface Log {
  info(message: string, keys?: LogKeys): void;
  warn(message: string, keys?: LogKeys): void;
  error(message: string, keys?: LogKeys): void;
}

/** Drops everything: for tests and for the demo, which tells its story itself. */
export const silentLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
