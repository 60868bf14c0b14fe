/** Spells a limit as the API does, for sentences that tell an operator which limit to set. */
import { snakeName, type SnakeName } from "../snake-name.ts";
import type { Policy } from "./policy.ts";

/** `acceptChangeOf` is `accept_change_of`: the API refuses any other spelling. */
export const limitName = <Key extends keyof Policy>(key: Key): SnakeName<Key> => snakeName(key);
