/** A cluster autoscaler that sets the size of a group from its own memory, in the minutes in which a node of it is replaced. */
import { describe, expect, it } from "@jest/globals";
import { keepAutoscaler } from "./cluster-autoscaler.ts";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import {
  createNodeLab,
  type NodeEnding,
  type NodeLab,
  type NodeLabOptions,
} from "../../../local/lab/node-lab.ts";

const oneZone = { nodes: { size: 3, min: 1, max: 8, zones: 1 } } as const satisfies NodeLabOptions;
const managed = {
  ...oneZone,
  isManaged: true,
  spotMax: 6,
  policy: { spot_node_group: "spot" },
} as const satisfies NodeLabOptions;

/** Once, right after our call of that name in the account. */
const afterOurs = (lab: NodeLab, operation: string, act: () => Promise<void>): void => {
  const release = lab.platform.cloud.faults.after(async (call) => {
    if (call.operation !== operation || call.caller.sessionName === undefined) return;
    release();
    await act();
  });
};

/** Once, right after our first eviction. */
const afterEviction = (lab: NodeLab, act: () => Promise<void>): void => {
  const release = lab.cluster.kubernetes.faults.after(async (call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    release();
    await act();
  });
};

const evictions = ({ cluster, begin }: NodeLab): number =>
  cluster.kubernetes.journal
    .slice(begin.kubernetes)
    .filter((call) => call.resource === "pods/eviction" && !call.isDryRun && isOurCall(call))
    .length;

const bothStay = (lab: NodeLab, ending: NodeEnding): void => {
  expect(ending.swaps.map(({ stage }) => stage)).toEqual(["ABSORBED"]);
  expect(ending.status).not.toBe("NEEDS_OPERATOR");
  const { own, spot } = ending.after;
  const members = [...own.members, ...spot.members].map(({ instanceId }) => instanceId);
  for (const { originalId, replacement } of ending.swaps) {
    expect(members).toEqual(expect.arrayContaining([originalId, replacement?.instanceId]));
  }
  const cordoned = ending.after.nodes.filter(({ spec }) => spec.unschedulable === true);
  expect(cordoned).toEqual([]);
  expect(lab.capacity.broken()).toEqual([]);
};

describe("the cluster autoscaler sets the size from its own memory", () => {
  it("above ours before the node is cordoned: both nodes stay, and no pod is evicted for nothing", async () => {
    const lab = await createNodeLab(oneZone);
    const autoscaler = keepAutoscaler(lab);
    afterOurs(lab, "AttachInstances", () => autoscaler.resize(2));
    const ending = await lab.run();
    expect(ending.after.own.desired).toBe(5);
    bothStay(lab, ending);
    expect(evictions(lab)).toBe(0);
    expect(ending.evaluation.outcome?.sentence).toContain("5");
  });

  it("back to what it was before ours: our node is one of these, and no other is taken for it", async () => {
    const lab = await createNodeLab(oneZone);
    const autoscaler = keepAutoscaler(lab);
    afterOurs(lab, "AttachInstances", () => autoscaler.resize(0));
    const ending = await lab.run();
    expect(ending.after.own.desired).toBe(3);
    expect(lab.capacity.broken()).toEqual([]);
    const ours = changesByUs(lab);
    expect(ours).not.toContain("TerminateInstanceInAutoScalingGroup");
    expect(ending.after.own.members).toHaveLength(3);
  });

  it("while the cluster is read for the last time, with the node drained: both nodes stay", async () => {
    const lab = await createNodeLab(oneZone);
    const autoscaler = keepAutoscaler(lab);
    let isSet = false;
    afterEviction(lab, async () => {
      await Promise.resolve();
      // Of the steps after the drain the last one alone asks for these, and the cluster after them.
      afterOurs(lab, "DescribeLoadBalancers", async () => {
        isSet = true;
        await autoscaler.resize(1);
      });
    });
    const ending = await lab.run();
    expect(isSet).toBe(true);
    expect(changesByUs(lab)).not.toContain("TerminateInstanceInAutoScalingGroup");
    bothStay(lab, ending);
  });

  it("in the middle of the drain: it stops, the old node takes pods again, and nobody is asked", async () => {
    const lab = await createNodeLab({
      ...oneZone,
      workloads: [
        {
          kind: "Deployment",
          name: "web",
          replicas: 24,
          cpu: "50m",
          budget: { maxUnavailable: 1 },
        },
      ],
    });
    const autoscaler = keepAutoscaler(lab);
    afterEviction(lab, () => autoscaler.resize(2));
    const ending = await lab.run();
    bothStay(lab, ending);
  });

  it("of the Spot node group beside a managed one: the node of the other stays too", async () => {
    const lab = await createNodeLab(managed);
    const autoscaler = keepAutoscaler(lab, lab.cluster.spotGroupName);
    afterEviction(lab, () => autoscaler.resize(1));
    const ending = await lab.run();
    bothStay(lab, ending);
    expect(ending.after.own.desired).toBe(lab.before.own.desired);
  });
});

/** In the account, by names. */
const changesByUs = ({ platform, cluster, begin }: NodeLab): readonly string[] =>
  platform.cloud.journal
    .slice(begin.cloud)
    .filter(
      ({ accountId, mutating, dryRun, sessionName }) =>
        accountId === cluster.place.accountId && mutating && !dryRun && sessionName !== undefined,
    )
    .map(({ operation }) => operation);
