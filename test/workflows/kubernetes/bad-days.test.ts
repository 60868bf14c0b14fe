/** Bad days of a drain that only the whole workflow shows; docs/workflows/kubernetes-days.md tells them. */
import { describe, expect, it } from "@jest/globals";
import { exclusionLabel } from "../../../core/decide/kubernetes/claims.ts";
import type { NodeObject, Pod } from "../../../local/cloud/kubernetes/objects.ts";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import {
  createNodeLab,
  type NodeEnding,
  type NodeLab,
  type NodeLabOptions,
} from "../../../local/lab/node-lab.ts";

describe("a cluster that does not answer as it should, in the middle of a drain", () => {
  it("401 for 60 s mid-drain: the run goes on, and nothing is rolled back", async () => {
    const lab = await createNodeLab({});
    let since: number | undefined;
    let refused = 0;
    lab.cluster.kubernetes.faults.before((call) => {
      if (!isOurCall(call)) return;
      if (call.verb === "create" && call.resource === "pods/eviction" && !call.isDryRun) {
        since ??= call.at;
      }
      if (since === undefined || call.at - since > 60_000 || call.at === since) return;
      refused += 1;
      throw refuse(401, "Unauthorized", { message: "Unauthorized" });
    });
    const ending = await lab.run();
    expect(refused).toBeGreaterThan(0);
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
  });
});

describe("an interruption that EC2 announces for the new node, in the middle of a drain", () => {
  it("is seen before the next eviction: the pods that are left stay where they are", async () => {
    const lab = await createNodeLab({
      nodes: { size: 2, min: 1, max: 6, zones: 1 },
      workloads: [
        {
          kind: "Deployment",
          name: "web",
          replicas: 8,
          cpu: "50m",
          budget: { maxUnavailable: 1 },
        },
      ],
    });
    const { cluster, platform } = lab;
    let evictions = 0;
    cluster.kubernetes.faults.after((call) => {
      if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
      if (ended) return;
      evictions += 1;
      if (evictions > 1) return;
      const { members = [] } =
        platform.autoScaling.control.find({ ...cluster.place, name: cluster.groupName }) ?? {};
      const fresh = members.find(({ instanceId }) => !cluster.instanceIds.includes(instanceId));
      platform.ec2.control.interrupt(fresh?.instanceId ?? "", { noticeSeconds: 120 });
    });
    // What the roll-back evicts leaves the new node.
    let ended = false;
    cluster.kubernetes.faults.before((call) => {
      ended ||= call.resource === "nodes" && call.verb === "patch" && evictions > 0;
    });
    const ending = await lab.run();
    expect(evictions).toBe(1);
    expect(ending.status).toBe("ROLLED_BACK");
    expect(lab.invariant.broken).toEqual([]);
  });
});

/** All pods of a Deployment on three nodes of one zone, and a new one for each in turn. */
const threeNodes = {
  nodes: { size: 3, min: 1, max: 6, zones: 1 },
  scope: "ALL",
  workloads: [
    { kind: "Deployment", name: "web", replicas: 9, cpu: "50m", budget: { maxUnavailable: 1 } },
  ],
} as const satisfies NodeLabOptions;

/** What runs on Spot nodes alone leaves least room there: the scheduler would rather take a node that goes later. */
const fullerWhenNew = {
  nodes: { size: 3, min: 0, max: 6, zones: 1 },
  scope: "ALL",
  isManaged: true,
  policy: { spot_node_group: "spot" },
  workloads: [
    ...["one", "two", "three", "four", "five", "six"].map((name) => ({
      kind: "Deployment" as const,
      name,
      replicas: 1,
      cpu: "50m",
    })),
    {
      kind: "DaemonSet",
      name: "agent",
      cpu: "900m",
      pod: { nodeSelector: { "eks.amazonaws.com/capacityType": "SPOT" } },
    },
  ],
} as const satisfies NodeLabOptions;

interface SeenCordon {
  readonly instanceId: string;
  readonly isCordoned: boolean;
  readonly isExcluded: boolean;
}

const cordonOf = ({ metadata, spec }: NodeObject): SeenCordon => ({
  instanceId: spec.providerID?.split("/").at(-1) ?? "",
  isCordoned: spec.unschedulable === true,
  isExcluded: metadata.labels?.[exclusionLabel] !== undefined,
});

/** Each time that a node is cordoned or uncordoned, in order. */
const watchCordons = ({ mirror }: NodeLab): readonly SeenCordon[] => {
  const seen: SeenCordon[] = [];
  mirror.onChange(({ plural, object, before }) => {
    if (plural !== "nodes" || before === undefined) return;
    const [was, is] = [cordonOf(before as NodeObject), cordonOf(object as NodeObject)];
    if (was.isCordoned !== is.isCordoned) seen.push(is);
  });
  return seen;
};

/** `2 cordoned`, the nodes in the order in which they go. */
const tell = (seen: readonly SeenCordon[], { swaps }: NodeEnding): readonly string[] =>
  seen.map(({ instanceId, isCordoned, isExcluded }) => {
    const place = swaps.findIndex(({ originalId }) => originalId === instanceId) + 1;
    const how = isCordoned ? "cordoned" : "free";
    return `${String(place)} ${how}${isExcluded ? ", out of load balancers" : ""}`;
  });

describe("several nodes of a group in one run", () => {
  it("two nodes in one run: a pod that is evicted from the first never lands on the second", async () => {
    const lab = await createNodeLab(fullerWhenNew);
    // A new node may have the address of one that is gone, and its name.
    const old = new Set(lab.before.nodes.map(({ metadata }) => metadata.uid));
    const landed: string[] = [];
    lab.mirror.onChange(({ plural, object, before }) => {
      if (plural !== "pods" || (object as Pod).metadata.labels?.app === "agent") return;
      const { nodeName } = (object as Pod).spec;
      if (nodeName === undefined) return;
      if (before !== undefined && "nodeName" in (before as Pod).spec) return;
      landed.push(old.has(lab.mirror.node(nodeName)?.metadata.uid ?? "") ? "old" : "new");
    });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(landed).toEqual(Array.from({ length: 6 }, () => "new"));
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
  });

  it("those that go later keep their place in load balancers, and take pods again once the first is gone", async () => {
    const lab = await createNodeLab(threeNodes);
    const seen = watchCordons(lab);
    const ending = await lab.run();
    expect(tell(seen, ending)).toEqual([
      "2 cordoned",
      "3 cordoned",
      "1 cordoned, out of load balancers",
      "2 free",
      "3 free",
      "3 cordoned",
      "2 cordoned, out of load balancers",
      "3 free",
      "3 cordoned, out of load balancers",
    ]);
  });

  it("a roll-back gives all of them back as they were, that which was drained first", async () => {
    const lab = await createNodeLab(threeNodes);
    const seen = watchCordons(lab);
    const release = lab.cluster.kubernetes.faults.before((call) => {
      if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
      release();
      throw refuse(403, "Forbidden", {
        message: 'User "us" cannot create resource "pods/eviction" in API group ""',
      });
    });
    const ending = await lab.run();
    expect(ending.status).toBe("ROLLED_BACK");
    const freed = seen.filter(({ isCordoned }) => !isCordoned);
    expect(freed).toHaveLength(3);
    expect(freed[0]?.instanceId).toBe(ending.swaps[0]?.originalId);
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
  });
});

describe("pods that tolerate a cordon", () => {
  it("keep their node, which is left as it is; one without them goes", async () => {
    const operator = {
      kind: "Deployment",
      name: "operator",
      replicas: 4,
      cpu: "50m",
      pod: { tolerations: [{ operator: "Exists" }] },
    } as const;
    const web = { kind: "Deployment", name: "web", replicas: 6, cpu: "50m" } as const;
    const nodes = { size: 2, min: 1, max: 6, zones: 1 };
    const refused = await createNodeLab({ nodes, scope: "ALL", workloads: [web, operator] });
    const ending = await refused.run();
    expect(ending.status).toBe("REFUSED");
    expect(ending.evaluation.verdict?.reason).toBe("POD_TOLERATES_CORDON");
    expect(ending.after).toEqual(refused.before);

    const zone = { "topology.kubernetes.io/zone": "us-east-1a" };
    const kept = { ...operator, pod: { ...operator.pod, nodeSelector: zone } };
    const lab = await createNodeLab({
      nodes: { ...nodes, zones: 2 },
      scope: "ALL",
      workloads: [web, kept],
    });
    const { status, swaps } = await lab.run();
    expect(status).toBe("PARTLY_SWITCHED");
    expect(swaps.map(({ stage }) => stage)).toEqual(["DONE"]);
    expect(lab.invariant.broken).toEqual([]);
  });
});
