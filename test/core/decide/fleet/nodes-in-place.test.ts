import { describe, expect, it } from "@jest/globals";
import { judgeInPlace, type BulkJudgement } from "../../../../core/decide/fleet/judge-in-place.ts";
import { productInPlace } from "../../../../core/decide/fleet/product-in-place.ts";
import { subjectsInPlace } from "../../../../core/decide/fleet/subjects-in-place.ts";
import type { GroupFacts } from "../../../../core/model/group.ts";
import type { RegionMarket } from "../../../../core/model/market.ts";
import type { BulkGroup, PlaceReading } from "../../../../core/model/place-reading.ts";
import { nodeReasons } from "../../../../core/model/reasons/node.ts";
import type { TargetOf } from "../../../../core/model/target.ts";
import { groupOf, plainGroup, plainMember, spotMember } from "../cluster/plain-group.ts";
import { members, nodesPolicy, nodesTarget } from "../kubernetes/plain-nodes.ts";
import { linearTarget, plainInstance } from "../linear/eligible-facts.ts";
import { asListedGroup, commonInput, placeOf, regionMarket } from "./in-place.ts";

const ownGroup = groupOf(members, {
  asgName: "workers",
  tags: { "kubernetes.io/cluster/prod": "owned" },
});
const managedTags = { "eks:cluster-name": "prod", "eks:nodegroup-name": "workers" };
const managedGroup = groupOf(members, { asgName: "eks-workers-1", tags: managedTags });

const readingOf = (...groups: readonly GroupFacts[]): PlaceReading => ({
  ...placeOf(plainInstance),
  groups: { kind: "READ", items: groups.map(asListedGroup) },
});

const judge = (
  target: TargetOf<"KUBERNETES">,
  reading: PlaceReading,
  market: RegionMarket = regionMarket,
): Extract<BulkJudgement<"KUBERNETES">, { readonly kind: "JUDGED" }> => {
  const policy = nodesPolicy({ spotNodeGroup: "workers-spot" });
  const judged = judgeInPlace("KUBERNETES", { ...commonInput, policy, market, reading, target });
  if (judged.kind === "JUDGED") return judged;
  throw new Error(judged.failure.cause);
};

/** No pool is worth a move. */
const dearMarket: RegionMarket = {
  ...regionMarket,
  spotPrices: regionMarket.spotPrices.map((price) => ({ ...price, hourlyUsd: 9 })),
};

describe("a node group's verdict from the lists of its place", () => {
  it.each([
    ["self-managed", nodesTarget("ALL"), ownGroup],
    ["managed", nodesTarget("ALL", true), managedGroup],
  ] as const)(
    "of %s nodes is a switch that leaves all open that EKS and the cluster tell",
    (...[, target, group]) => {
      const { verdict, isLookWanted } = judge(target, readingOf(group));
      expect(verdict).toMatchObject({ kind: "SWITCH" });
      expect(verdict.unchecked).toEqual(expect.arrayContaining([...nodeReasons]));
      expect(isLookWanted).toBe(true);
    },
  );

  it("of the last On-Demand node of a group is a switch too: the cluster is not asked yet what else gets traffic", () => {
    const rest = members.slice(1).map((_, index) => spotMember(index + 2));
    for (const last of [[plainMember(1), ...rest], [plainMember(1)]]) {
      const group = groupOf(last, { asgName: "workers", tags: ownGroup.tags });
      const { verdict } = judge(nodesTarget("ALL"), readingOf(group));
      expect(verdict).toMatchObject({ kind: "SWITCH" });
      expect(verdict.unchecked).toContain("ONLY_BALANCED_NODE");
    }
  });

  it("takes a Spot node group that was not asked for yet to come up in any zone", () => {
    const uneven = groupOf([plainMember(1), plainMember(2), plainMember(4)], {
      asgName: "eks-workers-1",
      tags: managedTags,
    });
    const zones = new Set(uneven.members.map(({ zoneName }) => zoneName));
    expect(zones.size).toBeGreaterThan(1);
    expect(judge(nodesTarget("ALL", true), readingOf(uneven)).verdict.kind).toBe("SWITCH");
  });

  it("stays without a look where all nodes are on Spot", () => {
    const onSpot = groupOf(
      [1, 2].map((index) => spotMember(index)),
      { asgName: "workers" },
    );
    const { verdict, isLookWanted } = judge(nodesTarget("ALL"), readingOf(onSpot));
    expect(verdict).toMatchObject({ kind: "STAY", reason: "NODES_ALREADY_SPOT" });
    expect(isLookWanted).toBe(false);
  });

  it("says of a managed group without nodes that there is nothing to replace", () => {
    const empty = groupOf([], { asgName: "eks-workers-1", tags: managedTags, minSize: 0 });
    const { verdict } = judge(nodesTarget("ALL", true), readingOf(empty));
    expect(verdict).toMatchObject({ kind: "STAY", reason: "NODES_ALREADY_SPOT" });
  });

  it("stays by the market without a look where the template decides, and with one where the Spot node group does", () => {
    const own = judge(nodesTarget("ALL"), readingOf(ownGroup), dearMarket);
    expect(own).toMatchObject({ isLookWanted: false });
    expect(own.verdict.kind).not.toBe("SWITCH");
    const managed = judge(nodesTarget("ALL", true), readingOf(managedGroup), dearMarket);
    expect(managed).toMatchObject({ isLookWanted: true });
    expect(managed.verdict.kind).not.toBe("SWITCH");
  });

  it("asks EKS where no group has the tags of the node group", () => {
    const { verdict, isLookWanted } = judge(nodesTarget("ALL", true), readingOf(ownGroup));
    expect(verdict).toMatchObject({ kind: "REFUSE", reason: "NODE_GROUP_NOT_FOUND" });
    expect(isLookWanted).toBe(true);
  });

  it("waits where a member is not in service", () => {
    const [first, ...others] = members;
    const booting = { ...plainMember(1), ...first, lifecycleState: "Pending" };
    const group = groupOf([booting, ...others], { asgName: "workers" });
    const { verdict, isLookWanted } = judge(nodesTarget("ALL"), readingOf(group));
    expect(verdict).toMatchObject({ kind: "STAY", reason: "NOT_ALL_IN_SERVICE" });
    expect(isLookWanted).toBe(false);
  });
});

describe("the product whose market a verdict needs", () => {
  const windows = (group: GroupFacts): GroupFacts => ({
    ...group,
    ...(group.template !== undefined && {
      template: { ...group.template, platformDetails: "Windows" },
    }),
  });

  it("is what the instance runs, or what the template launches", () => {
    expect(productInPlace(readingOf(), linearTarget)).toBe("Linux/UNIX");
    expect(productInPlace(readingOf(windows(ownGroup)), nodesTarget("ALL"))).toBe("Windows");
    expect(productInPlace(readingOf(windows(managedGroup)), nodesTarget("ALL", true))).toBe(
      "Windows",
    );
  });

  it("is none where nothing rests on a market", () => {
    const licensed = { ...plainInstance, platformDetails: "Windows with SQL Server Standard" };
    expect(productInPlace(placeOf(licensed), linearTarget)).toBeUndefined();
    expect(productInPlace(placeOf(), linearTarget)).toBeUndefined();
  });
});

describe("what could be a target", () => {
  it("are groups, node groups, and instances that no group has", () => {
    const member = { ...plainInstance, instanceId: plainMember(1).instanceId };
    const listedMember = {
      ...plainInstance,
      instanceId: plainMember(9).instanceId,
      tags: { "aws:autoscaling:groupName": "elsewhere" },
    };
    const ended = {
      ...plainInstance,
      instanceId: plainMember(8).instanceId,
      state: "terminated" as const,
    };
    const reading: PlaceReading = {
      ...placeOf(plainInstance, member, listedMember, ended),
      groups: {
        kind: "READ",
        items: [plainGroup, ownGroup, managedGroup].map((group): BulkGroup => asListedGroup(group)),
      },
    };
    expect(subjectsInPlace(reading)).toMatchObject([
      { mode: "CLUSTER", asgName: "web", member: { instanceId: plainMember(1).instanceId } },
      { mode: "KUBERNETES", clusterName: "prod", nodeGroup: "workers", isManaged: false },
      { mode: "KUBERNETES", clusterName: "prod", nodeGroup: "workers", isManaged: true },
      { mode: "LINEAR", instanceId: plainInstance.instanceId, instanceType: "m5.large" },
    ]);
  });

  it("are node groups also where the nodes alone say of which cluster they are", () => {
    const node = {
      ...plainInstance,
      instanceId: plainMember(1).instanceId,
      tags: { "kubernetes.io/cluster/prod": "owned" },
    };
    const reading: PlaceReading = {
      ...placeOf(node),
      groups: { kind: "READ", items: [asListedGroup(plainGroup)] },
    };
    expect(subjectsInPlace(reading)).toMatchObject([
      {
        mode: "KUBERNETES",
        asgName: "web",
        clusterName: "prod",
        nodeGroup: "web",
        isManaged: false,
      },
    ]);
  });
});
