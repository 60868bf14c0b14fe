import { describe, expect, it } from "@jest/globals";
import {
  isAboutToEnd,
  isHastened,
  whyNotYet,
  type TakingOver,
} from "../../../../core/decide/linear/taking-over.ts";

const proof = (holds: boolean): TakingOver["proofs"][number] => ({
  stage: "healthy",
  name: "document prove",
  holds,
  sentence: holds ? "Success." : "Failed.",
  at: "2026-03-02T09:00:40Z",
});

const unknown: TakingOver = { proofs: [], groups: "NONE", isLast: false };

describe("what takes over before EC2's checks have passed", () => {
  const may: readonly (readonly [string, Partial<TakingOver>])[] = [
    ["its owner's document has succeeded", { proofs: [proof(true)] }],
    ["its load balancers will say", { groups: "ASKED" }],
    ["its load balancers find it healthy", { groups: "READY" }],
    ["nobody else will serve", { isLast: true }],
  ];
  it.each(may)("may where %s", (_name, known) => {
    expect(whyNotYet({ ...unknown, ...known })).toBeUndefined();
  });

  it("may not where nothing proves it and the other serves", () => {
    expect(whyNotYet(unknown)).toContain("still serves");
  });

  it.each([{}, { groups: "READY" as const }, { isLast: true }])(
    "may not where its owner's document does not succeed: %j",
    (known) => {
      expect(whyNotYet({ ...unknown, ...known, proofs: [proof(true), proof(false)] })).toContain(
        "Failed.",
      );
    },
  );
});

describe("the last moment", () => {
  const at = (second: string): Date => new Date(`2026-03-02T09:01:${second}Z`);
  it("is ten seconds before the announced end", () => {
    expect(isAboutToEnd("2026-03-02T09:02:00Z", at("49.999"))).toBe(false);
    expect(isAboutToEnd("2026-03-02T09:02:00Z", at("50.000"))).toBe(true);
  });

  it("is not where the end is not known", () => {
    expect(isAboutToEnd(undefined, at("59.000"))).toBe(false);
  });
});

describe("haste", () => {
  it.each([
    ["RECOVER", "stateless", true],
    ["RECOVER", "stop-and-image", false],
    ["FALL_BACK", "stateless", false],
    ["SWITCH", "stateless", false],
  ] as const)("%s of a load that is %s: %s", (kind, consistency, isHasty) => {
    expect(isHastened({ kind, policy: { consistency } })).toBe(isHasty);
  });
});
