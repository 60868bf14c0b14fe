/** Wiring for the functions that start evaluations. */
import { randomBytes } from "node:crypto";
import { SFNClient } from "@aws-sdk/client-sfn";
import { sdkRetry } from "../../adapters/aws/retry.ts";

/** Crockford's base 32: digits and letters that are not taken for each other. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** 20 characters of base 32: 100 bits, unguessable. */
export const randomId = (): string =>
  Array.from(randomBytes(20), (byte) => alphabet.charAt(byte % alphabet.length)).join("");

export const workflowClient = (region: string): SFNClient => new SFNClient({ region, ...sdkRetry });
