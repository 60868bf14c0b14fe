/** Finds the target that is meant: by its id, or by its instance's. */
import type { Context } from "./context.ts";
import { Failure } from "./failure.ts";

/** The API itself takes these. */
const isId = (name: string): boolean => /^(?:tgt|i)-[0-9a-z]+$/.test(name);

/** @throws Failure where it is not an id */
export const targetIdOf = async (_context: Context, name: string): Promise<string> => {
  if (isId(name)) return Promise.resolve(name);
  throw new Failure("NOT_FOUND", `There is no target ${name}`, { next: "spot targets list" });
};
