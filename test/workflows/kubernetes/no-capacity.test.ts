/** No node comes: no pool has one, or somebody takes back what would have brought one. Nothing was given up, and what was begun is undone: it has stayed, as in every mode. */
import { describe, expect, it } from "@jest/globals";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab, type NodeLab, type NodeLabOptions } from "../../../local/lab/node-lab.ts";
import { smallMarketTypes } from "../../../local/lab/small-market.ts";
import { keepAutoscaler } from "./cluster-autoscaler.ts";

const own = { nodes: { size: 3, min: 1, max: 8, zones: 1 } } as const satisfies NodeLabOptions;
const managed = {
  ...own,
  isManaged: true,
  spotMax: 6,
  policy: { spot_node_group: "spot" },
} as const satisfies NodeLabOptions;

const emptyPools = ({ platform, cluster }: NodeLab): void => {
  const { control } = platform.ec2;
  const { accountId, region } = cluster.place;
  for (const { id: zoneId } of control.zones(accountId, region)) {
    for (const instanceType of smallMarketTypes) control.setCapacity({ zoneId, instanceType }, 0);
  }
};

/** Right after our call, as often as it is made. */
const setBack = (lab: NodeLab): void => {
  const autoscaler = keepAutoscaler(lab, lab.cluster.spotGroupName);
  lab.platform.cloud.faults.after(async ({ operation, caller }) => {
    if (operation !== "UpdateNodegroupConfig" || caller.sessionName === undefined) return;
    await autoscaler.resize(0);
  });
};

describe("a node for which no other comes", () => {
  it.each([
    ["no pool has one", own, emptyPools, "No pool gave capacity"],
    [
      "the cluster autoscaler sets the size of the Spot node group back",
      managed,
      setBack,
      "somebody has set its size back",
    ],
  ])("has stayed where %s", async (_, options, trouble, told) => {
    const lab = await createNodeLab(options);
    trouble(lab);
    const ending = await lab.run();
    expect([ending.status, ending.evaluation.outcome?.reason]).toEqual([
      "STAYED",
      "NO_CAPACITY_IN_ANY_OFFER",
    ]);
    expect(ending.evaluation.outcome?.sentence).toContain(told);
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
    expect(ending.after.spot.desired).toBe(lab.before.spot.desired);
  });
});
