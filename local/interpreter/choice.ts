/** The rules of Choice states, compiled to functions. */

import type { ChoiceRule } from "../../statemachines/asl.ts";
import { runtimeFailure } from "./failures.ts";
import type { Json } from "./json.ts";
import { parsePath, readPath } from "./paths.ts";

export interface CompiledRule {
  readonly matches: (input: Json) => boolean;
  readonly next: string;
}

/**
 * A value of another type is never a match; a path that leads nowhere ends the execution.
 * @throws TypeError if the definition was not validated before
 */
export const compileRule = ({ Variable, StringEquals, Next }: ChoiceRule): CompiledRule => {
  const path = parsePath(Variable);
  if (path === undefined) throw new TypeError(`Variable is not a path: ${Variable}`);
  const matches = (input: Json): boolean => {
    const found = readPath(path, input);
    if (found.isFound) return found.value === StringEquals;
    throw runtimeFailure(
      `Invalid path '${path.text}': The choice state's condition path references an invalid value.`,
    );
  };
  return { matches, next: Next };
};
