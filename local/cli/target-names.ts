/** Finds the target that is meant: by its id, by its instance's, or by a name that no other has. */
import type { Context } from "./context.ts";
import { Failure } from "./failure.ts";
import { readFleet } from "./fleet.ts";

/** The API itself takes these. */
const isId = (name: string): boolean =>
  /^(?:tgt-[0-9a-z]{20}|i-(?:[0-9a-f]{8}|[0-9a-f]{17}))$/.test(name);

/** @throws Failure where no target, or several, have the name */
export const targetIdOf = async (context: Context, name: string): Promise<string> => {
  if (isId(name)) return name;
  const { rows } = await readFleet(context);
  const found = rows.filter((row) => row.name === name);
  const [first, ...others] = found;
  if (first === undefined) {
    throw new Failure("NOT_FOUND", `There is no target ${name}`, { next: "spot targets list" });
  }
  if (others.length === 0) return first.target_id;
  throw new Failure("USAGE", `${String(found.length)} targets are called ${name}`, {
    next: `one of ${found.map(({ target_id: id }) => id).join(", ")}`,
  });
};
