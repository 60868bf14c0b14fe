/** The fleets of which sweeps are measured, and the accounts that they are in. */
import { updateAccount } from "../../adapters/store/accounts.ts";
import { accountIdSchema } from "../../core/model/ids.ts";
import { connectCustomer, type LabAccount } from "../lab/account.ts";
import { addFleet, type FleetPlace } from "../lab/fleet.ts";
import { registerGroup } from "../lab/group-subject.ts";
import { giveAccess, registerNodes } from "../lab/node-subject.ts";
import type { Workload } from "../lab/subject.ts";
import { addCluster } from "../platform/customer-cluster.ts";
import { addGroup } from "../platform/customer-group.ts";
import { firstSeed, openBenchAccount } from "./recorded.ts";

export interface FleetCase {
  readonly targets: number;
  readonly accounts: number;
  readonly regions: readonly string[];
  /** In each place, three members each: among the targets. */
  readonly groupsInEach: number;
  /** In each of so many places a cluster with a managed node group: among the targets. */
  readonly clusters: number;
  /** Connected as well, with nothing in them: each is read once a day. */
  readonly emptyRegions?: readonly string[];
  /** Of calls in customers' accounts, for each target. */
  readonly mostCallsPerTarget: number;
}

/** With the two in use the 17 that every account has. Source: AWS account management guide, "Regions enabled by default". */
const emptyRegions = [
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "eu-north-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "sa-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
] as const;

export const fleetCases: readonly FleetCase[] = [
  {
    targets: 50,
    accounts: 1,
    regions: ["us-east-1"],
    groupsInEach: 4,
    clusters: 1,
    mostCallsPerTarget: 30 / 50,
  },
  {
    targets: 1_000,
    accounts: 1,
    regions: ["us-east-1"],
    groupsInEach: 40,
    clusters: 1,
    mostCallsPerTarget: 0.1,
  },
  {
    targets: 10_000,
    accounts: 100,
    regions: ["us-east-1", "eu-central-1"],
    groupsInEach: 1,
    clusters: 4,
    emptyRegions,
    mostCallsPerTarget: 0.35,
  },
];

/** Until members serve and nodes are ready. */
const startMs = 3 * 60_000;

const types = ["m5.large", "c5.xlarge", "r5.large", "m5.xlarge"] as const;

/** Of ten: six in somebody's group, three that are worth no switch, and one that would be switched and is in shadow mode. */
const refusedOf10 = 6;
const stayingOf10 = 3;

const group = { "aws:autoscaling:groupName": "web" };

const workloadOf = (index: number): Workload => ({
  instanceType: types[index % types.length] ?? "m5.large",
  ...(index % 10 < refusedOf10 && { tags: group }),
});

const addMixed = async (account: LabAccount, place: FleetPlace, count: number): Promise<void> => {
  const staying = Math.floor((count * stayingOf10) / 10);
  await addFleet(account, {
    place,
    count: staying,
    workloadOf: (index) => ({ instanceType: types[index % types.length] ?? "m5.large" }),
    target: { policyOverrides: { acceptChangeOf: ["primary-private-ip"], minSavingsPercent: 95 } },
  });
  // Of the seven that are left of ten.
  await addFleet(account, {
    place,
    count: count - staying,
    workloadOf: (index) => workloadOf(Math.floor((index % 7) * (refusedOf10 / 6))),
  });
};

interface FleetAccount {
  /** Of the customer. */
  readonly account: LabAccount;
  readonly place: FleetPlace;
}

/** Each behind a target group of its own, in shadow mode; every other one is refused by what its owner has tagged it with. */
const addGroups = async ({ account, place }: FleetAccount, count: number): Promise<void> => {
  const { platform, clock } = account;
  const names = Array.from({ length: count }, (_, index) => `web-${String(index)}`);
  for (const [index, name] of names.entries()) {
    const tags = index % 2 === 0 ? {} : { "spot-optimizer:enabled": "false" };
    addGroup({ platform, ...place }, { name, size: 3, min: 1, max: 6, tags });
  }
  await clock.run({ atMostMs: clock.now() + startMs });
  for (const name of names)
    await registerGroup(account, { ...place, name }, { isShadowMode: true });
};

const addNodes = async ({ account, place }: FleetAccount): Promise<void> => {
  const { platform, clock } = account;
  const tags = { "eks:cluster-name": "shop", "eks:nodegroup-name": "workers" };
  const cluster = addCluster({ platform, ...place }, "shop", {
    isManaged: true,
    nodes: { tags, size: 3, zones: 2 },
  });
  await giveAccess(account, cluster);
  await clock.run({ atMostMs: clock.now() + startMs });
  const policy = { spot_node_group: cluster.spotNodeGroup };
  await registerNodes(account, cluster, { scope: "ALL", isShadowMode: true, policy });
};

const accountIdOf = (index: number): string => String(500_000_000_000 + index);

/** Without the dry runs that verifying the role in each of them would take. */
const connectEmpty = async (
  { platform, table }: LabAccount,
  accountId: string,
  regions: readonly string[],
): Promise<void> => {
  platform.ec2.control.addAccount(accountId, regions);
  await updateAccount(table, accountIdSchema.parse(accountId), (account) => ({
    ...account,
    regions: [...account.regions, ...regions],
  }));
};

export const buildFleet = async ({
  targets,
  accounts,
  regions,
  groupsInEach,
  clusters,
  emptyRegions: empty = [],
}: FleetCase): Promise<LabAccount> => {
  // A region without a zone: nothing can be launched there.
  const account = await openBenchAccount(firstSeed, (market) => ({
    ...market,
    regions: [...market.regions, ...empty],
  }));
  const inEach = targets / accounts / regions.length;
  for (let index = 0; index < accounts; index += 1) {
    const accountId = accountIdOf(index);
    const name = `fleet ${String(index)}`;
    await connectCustomer(account.platform, account.api, { accountId, name, regions });
    for (const [nth, region] of regions.entries()) {
      const place = { accountId, region };
      const ofCustomer = { account: { ...account, ...place }, place };
      const hasCluster = index * regions.length + nth < clusters;
      await addGroups(ofCustomer, groupsInEach);
      if (hasCluster) await addNodes(ofCustomer);
      await addMixed(account, place, inEach - groupsInEach - (hasCluster ? 1 : 0));
    }
    await connectEmpty(account, accountId, empty);
  }
  return account;
};
