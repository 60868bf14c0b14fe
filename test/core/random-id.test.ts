import { randomBytes } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { base32Id } from "../../core/random-id.ts";
import { readSource, sourcesBelow } from "../architecture/sources.ts";

describe("base32Id", () => {
  it("gives 20 characters that fit all our ids", () => {
    expect(base32Id(randomBytes)).toMatch(/^[0-9a-hjkmnp-tv-z]{20}$/);
  });

  it("is the only one that spells random bytes in the product", () => {
    const sources = sourcesBelow("core", "adapters", "lambdas");
    const spellers = sources.filter((path) =>
      /0123456789abcdefghjkmnpqrstvwxyz|randomUUID/.test(readSource(path)),
    );
    expect(spellers).toEqual(["core/random-id.ts"]);
  });

  it("uses 5 bits of each byte, evenly", () => {
    const bytes = (count: number): Uint8Array =>
      Uint8Array.from({ length: count }, (_, i) => i + 32);
    expect(base32Id(bytes)).toBe("0123456789abcdefghjk");
  });
});
