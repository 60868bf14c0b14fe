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

  it.each([
    ["EACH, in LAB", labAccount, "EACH", false, "LINEAR", "APPROVAL_REQUIRED"],
    ["EACH, though it was switched", prodAccount, "EACH", true, "CLUSTER", "APPROVAL_REQUIRED"],
    ["the first in PROD", prodAccount, "FIRST_IN_PROD", false, "LINEAR", "APPROVAL_REQUIRED"],
    ["the first in PROD, and it was", prodAccount, "FIRST_IN_PROD", true, "CLUSTER", "PROCEED"],
    ["the first in PROD, in LAB", labAccount, "FIRST_IN_PROD", false, "CLUSTER", "PROCEED"],
    ["what targets say", prodAccount, "AS_TARGETS_SAY", false, "KUBERNETES", "PROCEED"],
  ] as const)("where the account's owner wants to be asked about %s", (...args) => {
    const [, account, switches, wasSwitched, mode, kind] = args;
    const policy = { ...effectivePolicy(mode), allowProdLinear: true };
    const asked = { account, mode, isShadowMode: false, policy, verdict, wasSwitched };
    expect(authorizeSwitch({ ...asked, approvals: { switches } }).kind).toBe(kind);
    const must = { ...asked, policy: { ...policy, requireApproval: true } };
    expect(authorizeSwitch({ ...must, approvals: { switches } }).kind).toBe("APPROVAL_REQUIRED");
    expect(authorizeSwitch({ ...must, isShadowMode: true, approvals: { switches } }).kind).toBe(
      "SHADOW",
    );
    expect(authorizeSwitch({ ...must, isRecovery: true, approvals: { switches } })).toEqual({
      kind: "PROCEED",
      sentence: "It is launched anew at once: no approval is waited for.",
    });
  });

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
