import { expect, it } from "@jest/globals";
import { createNodeLab, type NodeLab } from "../../../local/lab/node-lab.ts";
import { enrolled } from "../../../local/platform/customer-group.ts";

/** Its owner has given one of the two node groups a launch template of his. */
const giveTemplate = ({ platform, cluster }: NodeLab, spot: boolean): void => {
  const { place, name, spotNodeGroup, spotGroupName, nodeGroup, groupName } = cluster;
  platform.eks.control.addNodegroup({
    cluster: { ...place, name },
    name: spot ? spotNodeGroup : nodeGroup,
    capacityType: spot ? "SPOT" : "ON_DEMAND",
    instanceTypes: ["m5.large"],
    subnetIds: platform.ec2.control.fleet.subnets(place, "m5.large").map(({ id }) => id),
    groupName: spot ? spotGroupName : groupName,
    tags: enrolled,
    launchTemplate: { id: spot ? "lt-2" : "lt-1", version: "3" },
  });
};

const managed = { isManaged: true, policy: { spot_node_group: "spot" } } as const;

it("moves no node to a Spot node group without the launch template by which its own has security groups, user data and disks", async () => {
  const lab = await createNodeLab(managed);
  giveTemplate(lab, false);
  const ending = await lab.run();
  expect(ending.status).toBe("REFUSED");
  expect(ending.evaluation.verdict).toMatchObject({
    reason: "SPOT_NODE_GROUP_UNLIKE",
    sentence: expect.stringContaining('"launchTemplate":{"id":"lt-1","version":"3"}'),
  });
  expect(ending.after).toEqual(lab.before);
});

it("moves it where both have one: whether they say the same, their owner knows", async () => {
  const lab = await createNodeLab(managed);
  giveTemplate(lab, false);
  giveTemplate(lab, true);
  expect((await lab.run()).status).toBe("SWITCHED");
});
