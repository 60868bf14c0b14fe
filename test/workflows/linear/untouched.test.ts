import { describe, expect, it } from "@jest/globals";
import type { Ending } from "../../../local/lab/contract.ts";
import { createLab, type LabOptions } from "../../../local/lab/lab.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";

/** Runs it, and proves that nothing was changed. */
const untouched = async (options: LabOptions): Promise<Ending> => {
  const lab = await createLab(options);
  const story = await lab.run();
  expect(await complaintsAbout(lab, story)).toEqual([]);
  expect(story.mutations).toEqual([]);
  expect(story.effects).toEqual([]);
  expect(story.intents).toEqual([]);
  return story;
};

describe("an evaluation that must not change anything", () => {
  it("in shadow mode ends with the verdict and makes no mutating call at all", async () => {
    const story = await untouched({ isShadowMode: true });
    expect(story.status).toBe("SHADOWED");
    expect(story.evaluation.verdict?.kind).toBe("SWITCH");
    expect(story.executionStatus).toBe("SUCCEEDED");
  });

  it("where a person must agree ends as AWAITING_APPROVAL, with neither lease nor token", async () => {
    const story = await untouched({ policy: { require_approval: true } });
    expect(story.status).toBe("AWAITING_APPROVAL");
    expect(story.isLeaseHeld).toBe(false);
    expect(story.evaluation.authorization).toMatchObject({
      kind: "APPROVAL_REQUIRED",
      approval: { boundsHash: expect.stringMatching(/^[\w-]{43}$/) },
      bounds: { subject: story.original?.instanceId },
    });
  });

  it("of a PROD account is refused unless the policy allows it", async () => {
    const story = await untouched({ environment: "PROD" });
    expect(story.status).toBe("REFUSED");
    expect(story.evaluation.verdict?.reason).toBe("PROD_NOT_ALLOWED");
  });

  it.each([
    ["the saving is too small", { min_savings_percent: 90 }, "SAVINGS_BELOW_MINIMUM"],
    ["every pool is too risky", { max_risk: 0 }, "NO_CANDIDATE_UNDER_MAX_RISK"],
    [
      "no type is left",
      { excluded_types: ["m5", "m5a", "m6a", "m6i", "m7i", "r6i", "r5"] },
      "NO_CANDIDATE",
    ],
  ])("stays when %s, and says so", async (_name, policy, reason) => {
    const story = await untouched({ policy });
    expect(story.status).toBe("STAYED");
    expect(story.evaluation.verdict?.reason).toBe(reason);
    expect(story.evaluation.outcome?.sentence).not.toBe("");
  });

  it.each([
    ["it is a Spot Instance", { lifecycle: "spot" }, "ALREADY_SPOT"],
    ["it is protected", { disableApiTermination: true }, "TERMINATION_PROTECTED"],
    [
      "a volume is shared",
      { dataVolumes: [{ sizeGib: 8, multiAttach: true }] },
      "MULTI_ATTACH_VOLUME",
    ],
    [
      "its root is an instance store",
      { rootDeviceType: "instance-store" },
      "ROOT_ON_INSTANCE_STORE",
    ],
    ["it routes for others", { sourceDestCheck: false }, "ROUTER_OR_NAT"],
    [
      "it is of an Auto Scaling group",
      { tags: { "aws:autoscaling:groupName": "web" } },
      "IN_AUTO_SCALING_GROUP",
    ],
    ["it is on a host of its own", { tenancy: "dedicated" }, "TENANCY_NOT_SHARED"],
    [
      "it has a lent public address",
      { elasticIp: false, publicIp: true },
      "PUBLIC_IP_WOULD_CHANGE",
    ],
  ] as const satisfies readonly (readonly [string, LabOptions["instance"], string])[])(
    "refuses when %s, before the market is looked at",
    async (_name, instance, reason) => {
      const story = await untouched({ instance });
      expect(story.status).toBe("REFUSED");
      expect(story.evaluation.verdict?.reason).toBe(reason);
      expect(story.evaluation.phases.map(({ name }) => name)).not.toContain("scrape");
    },
  );

  it("refuses when the primary address would change and nobody has accepted that", async () => {
    const story = await untouched({ policy: { accept_change_of: [] } });
    expect(story.evaluation.verdict?.reason).toBe("PRIMARY_PRIVATE_IP_WOULD_CHANGE");
  });

  it("refuses what a Reserved Instance pays for already, with the number", async () => {
    const lab = await createLab();
    lab.control.addReservedInstances({
      accountId: "444455556666",
      region: "us-east-1",
      instanceType: "m5.large",
      count: 1,
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.evaluation.verdict?.reason).toBe("COVERED_BY_RESERVATION");
    expect(story.mutations).toEqual([]);
  });
});

describe("a PROD account whose owner allows LINEAR", () => {
  it("is switched like any other", async () => {
    const lab = await createLab({
      environment: "PROD",
      policy: { allow_prod_linear: true, accept_unproved: true },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
  });
});
