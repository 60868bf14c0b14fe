/** The size of a managed node group is set as a number: a call that is made again must not take from what its owner has set since. */
import { expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";

it("does not set back a Spot node group that its owner has made larger between two tries", async () => {
  const lab = await createNodeLab({
    isManaged: true,
    nodes: { size: 3, min: 1, max: 6, zones: 1 },
    spotMax: 6,
    policy: { spot_node_group: "spot" },
  });
  const { platform, cluster, account } = lab;
  const { accessKeyId } = platform.cloud.identities.addUser({
    accountId: account.accountId,
    name: "owner",
  });
  const sizes: number[] = [];
  let isOwners = false;
  platform.cloud.faults.before(async ({ operation, input, caller }) => {
    if (operation !== "UpdateNodegroupConfig") return;
    if (caller.sessionName !== undefined) {
      const { scalingConfig } = input as { readonly scalingConfig: { desiredSize: number } };
      sizes.push(scalingConfig.desiredSize);
    }
    if (isOwners || caller.sessionName === undefined) return;
    isOwners = true;
    await platform.cloud.call({
      service: "eks",
      operation: "UpdateNodegroupConfig",
      region: account.region,
      accessKeyId,
      input: {
        clusterName: cluster.name,
        nodegroupName: "spot",
        scalingConfig: { desiredSize: 4 },
      },
    });
    // Our own request is lost: it is made again.
    throw new CloudError("ServerException", "Try again.", 500);
  });
  const ending = await lab.run();
  expect(sizes).toEqual([1]);
  expect(ending.after.spot.desired).toBeGreaterThanOrEqual(4);
});
