import { describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import { compareUtf8 } from "../../../adapters/store/table-query.ts";

/** Few characters, so that texts have beginnings in common; some of them are surrogates, in pairs and alone. */
const text = fc.array(
  fc.constantFrom(
    "a",
    "b",
    "\u00E9",
    "\uD7FF",
    "\uE000",
    "\uFFFD",
    "\u{1F600}",
    "\u{10FFFF}",
    "\uD83D",
  ),
  { maxLength: 4 },
);

describe("the order of sort keys", () => {
  it("is that of their bytes in UTF-8", () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        const [one, other] = [left.join(""), right.join("")];
        const wanted = Buffer.compare(Buffer.from(one), Buffer.from(other));
        expect(compareUtf8(one, other)).toBe(wanted);
      }),
      { numRuns: 1000 },
    );
  });
});
