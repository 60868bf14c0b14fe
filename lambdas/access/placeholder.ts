/** How a workflow names a function: infra and the local platform both substitute it. */
import type { FunctionName } from "./functions.ts";

/** `linear-launch` → `LinearLaunch`: the placeholder in a workflow definition, and the construct's id. */
export const placeholderOf = (name: FunctionName): string =>
  name
    .split("-")
    .map((part) => `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`)
    .join("");
