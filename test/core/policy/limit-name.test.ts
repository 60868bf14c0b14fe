import { describe, expect, it } from "@jest/globals";
import type * as z from "zod";
import { limitName } from "../../../core/policy/limit-name.ts";
import { policySchema, type Policy } from "../../../core/policy/policy.ts";
import { camelKeys, snakeKeys } from "../../../lambdas/api/letter-case.ts";
import { policyOverridesJsonSchema } from "../../../lambdas/api/schemas/policy.ts";
import { pages, readPage } from "../../docs/pages.ts";
import { readSource, sourcesBelow, textsOf } from "../../architecture/sources.ts";

const limits = Object.keys(policySchema().shape) as (keyof Policy)[];
const namesOfApi = Object.keys((policyOverridesJsonSchema as unknown as z.ZodObject).shape);

/** Limits that the core and the API spell differently, as the core does. */
const coreSpelling = new RegExp(
  `\\b(${limits.filter((limit) => limitName(limit) !== limit).join("|")})\\b`,
);

/** A string that is the key alone is code, as in `limitName("maxRisk")`; one that says more is read by people. */
const misspelt = (texts: readonly string[]): readonly string[] =>
  texts.filter(
    (text) => coreSpelling.exec(text)?.[0].length !== text.length && coreSpelling.test(text),
  );

describe("limitName", () => {
  it.each(limits)("spells %s as the API takes and shows it", (limit) => {
    const name = limitName(limit);
    expect(namesOfApi).toContain(name);
    expect(snakeKeys({ [limit]: 1 })).toEqual({ [name]: 1 });
    expect(camelKeys({ [name]: 1 })).toEqual({ [limit]: 1 });
  });

  it("leaves no limit of the API without a name", () => {
    expect(limits.map((limit) => limitName(limit) as string).sort()).toEqual(namesOfApi.sort());
  });
});

describe("what operators read", () => {
  it("would be found if it spelt a limit as the core does", () => {
    const source = 'f(`Add ${x} to acceptChangeOf.`, "maxRisk"); // maxRisk is a limit';
    expect(misspelt(textsOf(source))).toEqual([" to acceptChangeOf."]);
  });

  it.each(["core", "adapters", "lambdas", "statemachines", "infra", "local"])(
    "names limits as the API does in the sentences of %s",
    (folder) => {
      const found = sourcesBelow(folder).flatMap((path) => {
        const source = readSource(path);
        // Most say no such name at all, and need no parsing.
        const texts = coreSpelling.test(source) ? textsOf(source) : [];
        return misspelt(texts).map((text) => `${path}: ${text}`);
      });
      expect(found).toEqual([]);
    },
  );

  it.each(pages)("names limits as the API does in %s", (page) => {
    expect(
      readPage(page)
        .split("\n")
        .filter((line) => coreSpelling.test(line)),
    ).toEqual([]);
  });

  it("names no limit in another limit's reason that the API does not know", () => {
    const words = Object.values(policySchema().shape).flatMap((schema) => {
      const { unit, description } = schema.meta() ?? {};
      return [...`${String(unit)} ${String(description)}`.matchAll(/[a-z]+(?:_[a-z]+)+/g)];
    });
    expect(words.length).toBeGreaterThan(0);
    expect(words.map(([word]) => word).filter((word) => !namesOfApi.includes(word))).toEqual([]);
  });
});
