import { describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import { createRandom, uuidOf } from "../../../local/cloud/random.ts";

const seeds = fc.nat(1_000_000);

describe("hexadecimal digits", () => {
  it("are a draw each, whether an odd or an even number is asked for", () => {
    fc.assert(
      fc.property(seeds, fc.nat(40), (seed, digits) => {
        const [random, other] = [createRandom(seed), createRandom(seed)];
        const drawn = Array.from({ length: digits }, () => Math.floor(other.next() * 16));
        expect(random.hex(digits)).toBe(drawn.map((digit) => digit.toString(16)).join(""));
        expect(random.next()).toBe(other.next());
      }),
    );
  });

  it("make a UUID of 32", () => {
    const uuid = uuidOf(createRandom(7));
    expect(uuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(uuid.replaceAll("-", "")).toBe(createRandom(7).hex(32));
  });
});

describe("a fork", () => {
  it("is the same for the same name, and goes by each of its characters", () => {
    const names = ["ec2", "ec2 ", "2ec", "", "ä", "😀", "😁", "\ud83d", "x".repeat(200)];
    const first = names.map((name) => createRandom(1).fork(name).next());
    expect(new Set(first).size).toBe(names.length);
    expect(names.map((name) => createRandom(1).fork(name).next())).toEqual(first);
  });

  it("takes a character beyond 16 bits for one", () => {
    // FNV-1a by code points, as runs that are on record have drawn.
    expect(createRandom(1).fork("😀").integer(0, 1e9)).toBe(254_667_645);
  });
});
