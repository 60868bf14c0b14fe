/** Ids that nobody can guess, in characters that fit all our names and AWS's. */

/** Crockford's alphabet in lower case: no i, l, o, u. 32 characters, so that each byte gives one evenly. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** 20 × 5 bits = 100 bits: no two are ever alike, and ExternalIds of two are beyond guessing. */
const idLength = 20;

/** @param randomBytes a cryptographic source, such as Node's. */
export const base32Id = (randomBytes: (count: number) => Uint8Array): string =>
  Array.from(randomBytes(idLength), (byte) => alphabet.charAt(byte % alphabet.length)).join("");
