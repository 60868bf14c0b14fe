/** A fleet as one finds it: most of it plain, some of it of others, protected, bound to an address, on Spot already, or made by code. */
import type { InstanceDeclaration } from "../../cloud/ec2/scenario-instance.ts";
import { createRandom, type Random } from "../../cloud/random.ts";
import type { LabAccount } from "../../lab/account.ts";
import { giveAccess } from "../../lab/node-subject.ts";
import { addCluster } from "../../platform/customer-cluster.ts";
import { addGroup, enrolled } from "../../platform/customer-group.ts";

type Declaration = Omit<InstanceDeclaration, "accountId" | "region" | "instanceType">;

const types = ["m5.large", "m5.xlarge", "c5.large", "c5.xlarge", "r5.large", "m6i.large"] as const;

/** How many of a hundred, and what they are. */
const kinds: readonly (readonly [number, Declaration])[] = [
  [40, { tags: { team: "payments" } }],
  [15, { tags: { team: "search", ManagedBy: "terraform" } }],
  [10, { sharedTags: {}, tags: { team: "old" } }],
  [10, { tags: { team: "web" }, publicIp: true }],
  [8, { tags: { team: "data" }, dataVolumes: [{ sizeGib: 200 }], elasticIp: true }],
  [7, { tags: { team: "data" }, disableApiTermination: true }],
  [5, { tags: { team: "batch" }, lifecycle: "spot" }],
  [3, { tags: { team: "build", Schedule: "office-hours" } }],
  [2, { tags: { team: "lab", "elasticbeanstalk:environment-name": "shop" } }],
];

const kindOf = (random: Random): Declaration => {
  let share = random.integer(0, 99);
  for (const [percent, kind] of kinds) {
    if (share < percent) return kind;
    share -= percent;
  }
  return {};
};

export const fleetSize = 300;

const groups = [
  { name: "web-blue", size: 4, min: 2, max: 8 },
  { name: "workers", size: 6, min: 2, max: 12, isBehindLoadBalancer: false },
  { name: "at-maximum", size: 3, min: 3, max: 3 },
] as const;

const nodeTags = {
  "eks:cluster-name": "shop",
  "eks:nodegroup-name": "workers",
  "kubernetes.io/cluster/shop": "owned",
};

/** 300 instances, three groups and a cluster with its nodes. */
export const addMixedFleet = async (account: LabAccount, seed: number): Promise<void> => {
  const { platform, accountId, region } = account;
  const random = createRandom(seed).fork("fleet");
  for (let count = 0; count < fleetSize; count += 1) {
    const instanceType = types[random.integer(0, types.length - 1)] ?? types[0];
    const subnets = platform.ec2.control.fleet.subnets({ accountId, region }, instanceType);
    const subnetId = subnets[count % subnets.length]?.id;
    platform.ec2.control.addInstance({
      accountId,
      region,
      instanceType,
      ...(subnetId === undefined ? {} : { subnetId }),
      sharedTags: enrolled,
      ...kindOf(random),
    });
  }
  for (const group of groups) addGroup({ platform, accountId, region }, group);
  const cluster = addCluster({ platform, accountId, region }, "shop", {
    isManaged: true,
    nodes: { size: 3, min: 1, max: 6, tags: nodeTags },
  });
  await giveAccess(account, cluster);
};
