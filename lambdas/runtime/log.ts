/** What steps log through. Keys are ids, never documents. */
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

/**
 * Writes an object for each line. Lambda's own JSON format, which the stack sets, adds time, level, request id and trace id to it
 * (Lambda developer guide, "Working with Lambda function logs": JSON log format). `keys` stand in each line.
 */
export const lambdaLog = (keys: LogKeys): Log => ({
  info: (message, more) => {
    console.info({ ...keys, ...more, message });
  },
  warn: (message, more) => {
    console.warn({ ...keys, ...more, message });
  },
  error: (message, more) => {
    console.error({ ...keys, ...more, message });
  },
});
