/** Any character of Unicode that stands by itself. fast-check's own "binary" makes a table of all of them: a second, and 120 MB that its worker keeps. */
import * as fc from "fast-check";

const firstSurrogate = 0xd800;
const surrogates = 0x800;
const lastCharacter = 0x10ffff;

export const anyCharacter: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: lastCharacter - surrogates })
  .map((place) => String.fromCodePoint(place < firstSurrogate ? place : place + surrogates));
