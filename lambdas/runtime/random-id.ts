/** Ids from the random bytes of Node. */
import { randomBytes } from "node:crypto";
import { base32Id } from "../../core/random-id.ts";

export const randomId = (): string => base32Id(randomBytes);
