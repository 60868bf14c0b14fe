import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { mutate } from "../../../local/mutants/mutant.ts";
import { mutants } from "../../../local/mutants/mutants.ts";

const root = join(import.meta.dirname, "../../..");

describe("mutants", () => {
  it.each(mutants)("can still be made: $name", (mutant) => {
    const source = readFileSync(join(root, mutant.file), "utf8");
    const mutated = mutate(source, mutant);
    expect(mutated).not.toBe(source);
    expect(mutated).toContain(mutant.to);
  });

  it("have names of their own", () => {
    const names = mutants.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  const mutant = { name: "m", file: "f.ts", from: "rule()", to: "0", tests: [] };

  it("are refused where the rule is gone or stands twice", () => {
    expect(() => mutate("other()", mutant)).toThrow("stands 0 times in f.ts");
    expect(() => mutate("rule(); rule()", mutant)).toThrow("stands 2 times in f.ts");
  });

  it("put what replaces the rule as it is spelled", () => {
    expect(mutate("a rule() b", { ...mutant, to: "$&" })).toBe("a $& b");
  });
});
