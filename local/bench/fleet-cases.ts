/** The fleets of which sweeps are measured, and the accounts that they are in. */
import { updateAccount } from "../../adapters/store/accounts.ts";
import { accountIdSchema } from "../../core/model/ids.ts";
import { connectCustomer, type LabAccount } from "../lab/account.ts";
import { addFleet, type FleetPlace } from "../lab/fleet.ts";
import type { Workload } from "../lab/subject.ts";
import { firstSeed, openBenchAccount } from "./recorded.ts";

export interface FleetCase {
  readonly targets: number;
  readonly accounts: number;
  readonly regions: readonly string[];
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
  { targets: 50, accounts: 1, regions: ["us-east-1"], mostCallsPerTarget: 30 / 50 },
  { targets: 1_000, accounts: 1, regions: ["us-east-1"], mostCallsPerTarget: 0.1 },
  {
    targets: 10_000,
    accounts: 100,
    regions: ["us-east-1", "eu-central-1"],
    emptyRegions,
    mostCallsPerTarget: 0.35,
  },
];

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
    for (const region of regions) await addMixed(account, { accountId, region }, inEach);
    await connectEmpty(account, accountId, empty);
  }
  return account;
};
