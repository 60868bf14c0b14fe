/** Where simulated time stands, in a file: while nobody runs the world its time rests, and it never goes back. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import * as z from "zod";

const timeSchema = z.object({ atMs: z.int() });

/** Milliseconds since the epoch; undefined where there is none yet. @throws Error for one that is not readable */
export const readTime = (file: string): number | undefined => {
  if (!existsSync(file)) return undefined;
  try {
    return timeSchema.parse(JSON.parse(readFileSync(file, "utf8"))).atMs;
  } catch (error) {
    throw new Error(`${file} is not readable. Start anew with --reset.`, { cause: error });
  }
};

/** Whole or not at all: a crash leaves the one before. */
export const writeTime = (file: string, atMs: number): void => {
  const written = `${file}.new`;
  writeFileSync(written, JSON.stringify({ atMs }));
  renameSync(written, file);
};
