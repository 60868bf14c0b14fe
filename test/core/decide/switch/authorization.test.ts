import { describe, expect, it } from "@jest/globals";
import { authorizeSwitch } from "../../../../core/decide/switch/authorization.ts";
import { verdictKinds, type Verdict } from "../../../../core/model/verdict.ts";
import { effectivePolicy } from "../../../../core/policy/policy.ts";
import { observedAt, policyWith } from "../offers/choice-samples.ts";
import { labAccount } from "../linear/eligible-facts.ts";

const verdict: Verdict = {
  kind: "SWITCH",
  reason: "SAVINGS_WORTH_THE_RISK",
  sentence: "r5.large in use1-az4 saves 67 %.",
  offers: [],
  modelVersion: "hazard-1",
  policyVersion: "pol-000000000000",
  judgedAt: observedAt,
};
const prodAccount = { ...labAccount, environment: "PROD" } as const;

describe("authorization of a switch", () => {
  it.each([
    ["LAB, live", labAccount, false, {}, "PROCEED"],
    ["LAB in shadow", labAccount, true, {}, "SHADOW"],
    ["LAB with approval", labAccount, false, { requireApproval: true }, "APPROVAL_REQUIRED"],
    ["LAB in shadow, with approval", labAccount, true, { requireApproval: true }, "SHADOW"],
    ["PROD, allowed", prodAccount, false, { allowProdLinear: true }, "PROCEED"],
    ["PROD, not allowed", prodAccount, false, {}, "APPROVAL_REQUIRED"],
    ["PROD in shadow", prodAccount, true, {}, "SHADOW"],
  ] as const)("of %s", (...[, account, isShadowMode, policy, kind]) => {
    const authorization = authorizeSwitch({
      account,
      mode: "LINEAR",
      isShadowMode,
      policy: policyWith(policy),
      verdict,
    });
    expect(authorization.kind).toBe(kind);
    expect(authorization.sentence).toMatch(/\.$/);
  });

  it.each(["CLUSTER", "KUBERNETES"] as const)(
    "of %s in PROD is a person's decision, and names no limit that only LINEAR has",
    (mode) => {
      const policy = effectivePolicy(mode);
      const authorization = authorizeSwitch({
        account: prodAccount,
        mode,
        isShadowMode: false,
        policy,
        verdict,
      });
      expect(authorization.kind).toBe("APPROVAL_REQUIRED");
      expect(authorization.sentence).not.toContain("allow_prod_linear");
    },
  );

  it.each(verdictKinds.filter((kind) => kind !== "SWITCH"))("is never given to a %s", (kind) => {
    expect(() =>
      authorizeSwitch({
        account: labAccount,
        mode: "LINEAR",
        isShadowMode: false,
        policy: policyWith(),
        verdict: { ...verdict, kind },
      }),
    ).toThrow(expect.objectContaining({ name: "BrokenInput" }));
  });
});
