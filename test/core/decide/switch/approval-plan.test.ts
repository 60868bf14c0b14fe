import { describe, expect, it } from "@jest/globals";
import { planOf, type PlanInput } from "../../../../core/decide/switch/approval-plan.ts";
import { changesOfGroup } from "../../../../core/decide/cluster/changes.ts";
import { changesOfNodes, incarnationOfNodes } from "../../../../core/decide/kubernetes/changes.ts";
import { changesOfInstance } from "../../../../core/decide/linear/changes.ts";
import { poolKey } from "../../../../core/model/market.ts";
import { effectivePolicy } from "../../../../core/policy/policy.ts";

const pool = {
  region: "us-east-1",
  zoneId: "use1-az4",
  instanceType: "m5.large",
  product: "Linux/UNIX",
};

const input: PlanInput = {
  subjectName: "i-0a1b2c3d4e5f60718",
  incarnation: { launchedAt: "2026-03-01T10:00:00.000Z" },
  verdict: {
    kind: "SWITCH",
    reason: "SAVINGS_WORTH_THE_RISK",
    sentence: "It saves 67 %.",
    offers: [pool],
    savings: { hourlyUsd: 0.06, monthlyUsd: 44, percent: 67 },
    modelVersion: "hazard-1",
    policyVersion: "pol-000000000000",
    judgedAt: "2026-03-01T12:00:00.000Z",
  },
  offers: [{ pool, spotHourlyUsd: 0.03, onDemandHourlyUsd: 0.096, savingsPercent: 67 }],
  market: { onDemand: [{ instanceType: "m5.large", hourlyUsd: 0.096 }] },
  need: { standing: { kind: "ON_DEMAND" } },
  downtimeSeconds: 360,
  changes: ["another instance id"],
};

describe("what a person is asked to agree to", () => {
  it("has the verdict's pools at what they cost, and what is saved", () => {
    expect(planOf(input)).toEqual({
      kind: "SWITCH",
      subject: input.subjectName,
      launchedAt: "2026-03-01T10:00:00.000Z",
      pools: [{ key: poolKey(pool), hourlyUsd: 0.03, savingsPercent: 67 }],
      savingsPercent: 67,
      downtimeSeconds: 360,
      changes: ["another instance id"],
    });
  });

  it("is a move where it leaves a Spot pool", () => {
    const risk = { probability: 0.1, horizonHours: 1, modelVersion: "hazard-1" };
    const standing = { kind: "SPOT", spotHourlyUsd: 0.04, risk } as const;
    for (const need of [
      { standing },
      { ...input.need, standsIn: { ...pool, zoneId: "use1-az1" } },
    ]) {
      const { kind, pools } = planOf({ ...input, need });
      expect(kind).toBe("MOVE");
      // Known of the On-Demand price alone.
      expect(pools[0]).not.toHaveProperty("savingsPercent");
    }
  });

  it("is a way back at the On-Demand price, whether or not the offers have it", () => {
    const { savings: _none, ...others } = input.verdict;
    const verdict = { ...others, kind: "FALLBACK_ON_DEMAND" as const };
    for (const offers of [input.offers, []]) {
      expect(planOf({ ...input, verdict, offers })).toMatchObject({
        kind: "FALL_BACK",
        pools: [{ hourlyUsd: 0.096 }],
      });
    }
  });
});

describe("what will be another", () => {
  it("says of an instance what its owner has accepted, and what runs meanwhile", () => {
    const policy = effectivePolicy("LINEAR", {
      acceptChangeOf: ["public-ip"],
      hooks: [{ kind: "before_freeze", document: "quiesce", seconds: 60 }],
    });
    expect(changesOfInstance(policy)).toEqual([
      "another instance id",
      "another public-ip",
      `stopped meanwhile: ${policy.consistency}, ${policy.rootTransfer}`,
      "before_freeze runs quiesce",
    ]);
    expect(changesOfInstance({ ...policy, consistency: "stateless" })).toContain(
      "launched anew, with nothing carried over",
    );
  });

  it("says of a group how many at a time, and what becomes of its originals", () => {
    const policy = effectivePolicy("CLUSTER", { batchSize: 3, onDemandBase: 2 });
    expect(changesOfGroup(policy)).toEqual([
      "members are replaced, 3 at a time; 2 stay On-Demand",
      "originals are terminated through the group",
    ]);
    expect(changesOfGroup({ ...policy, keepOriginalsHours: 24 })).toContain(
      "originals are kept stopped for 24 h",
    );
  });

  it("says of nodes what may become of their pods", () => {
    const policy = effectivePolicy("KUBERNETES", {
      spotNodeGroup: "spot",
      deletePodsAtDeadline: true,
      allowUnmanagedPods: true,
    });
    expect(changesOfNodes(policy)).toEqual([
      "nodes are drained and replaced, one after the other",
      "new nodes in node group spot",
      "pods that can't be evicted are deleted at the deadline",
      "pods that nothing makes anew end",
    ]);
  });

  it("knows no subject that the facts do not show", () => {
    expect(incarnationOfNodes({ observedAt: "2026-03-01T12:00:00.000Z" })).toEqual({});
  });
});
