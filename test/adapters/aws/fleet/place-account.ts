/** A customer's account on the simulated cloud, asked with its own role's keys, and who counts what was asked. */
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import type { PlaceClients } from "../../../../adapters/aws/fleet/read-place.ts";
import { accountIdSchema } from "../../../../core/model/ids.ts";
import { customerRoleName } from "../../../../lambdas/access/customer-role.ts";
import { createMemoryTable } from "../../../../local/platform/memory-table.ts";
import { customerAccountId, openAccount, type LabAccount } from "../../../../local/lab/account.ts";
import { addWorkload, type Workload } from "../../../../local/lab/subject.ts";
import { smallMarket } from "../../../../local/lab/small-market.ts";
import { localClient } from "../../../../local/wire/front/client-config.ts";
import type { Ec2Settings } from "../../../../local/cloud/ec2/settings.ts";

export const region = "us-east-1";
export const accountId = accountIdSchema.parse(customerAccountId);
export const startMs = Date.parse("2026-03-02T09:00:00Z");

export interface PlaceAccount {
  readonly account: LabAccount;
  readonly clients: PlaceClients;
  /** Operations that were called since, in order. */
  calls(): readonly string[];
}

export const openPlace = async (settings: Partial<Ec2Settings> = {}): Promise<PlaceAccount> => {
  const account = await openAccount({
    market: smallMarket,
    seed: 1,
    startMs,
    region,
    version: "0.0.0",
    name: "workshop",
    front: "direct",
    throttle: true,
    settings,
    table: createMemoryTable("quick"),
  });
  const { cloud } = account.platform;
  const credentials = cloud.identities.openSession({
    roleArn: `arn:aws:iam::${customerAccountId}:role/${customerRoleName}`,
    sessionName: "test",
  });
  const options = { region, front: "direct", credentials } as const;
  const before = cloud.journal.length;
  return {
    account,
    clients: {
      ec2: localClient(EC2Client, cloud, options),
      autoScaling: localClient(AutoScalingClient, cloud, options),
    },
    calls: () => cloud.journal.slice(before).map(({ operation }) => operation),
  };
};

/** Instances as an account may have them: with parts, addresses and settings of each kind. */
const shapes: readonly Workload[] = [
  { instanceType: "m5.large" },
  { instanceType: "m5.large", dataVolumes: [{ sizeGib: 100 }] },
  { instanceType: "r5.large", elasticIp: true, keyName: "ops" },
  { instanceType: "m6i.large", secondaryInterfaces: 1, secondaryPrivateIps: 1 },
  { instanceType: "c5.large", state: "stopped" },
  { instanceType: "m5.large", lifecycle: "spot" },
  { instanceType: "m5.large", publicIp: true, ipv6Count: 1, placementGroup: "near" },
  { instanceType: "m5.large", tags: { Name: "db" }, disableApiTermination: true },
];

export const addFleet = (
  { account }: PlaceAccount,
  count: number,
  among: readonly Workload[] = shapes,
): readonly string[] => {
  const { control } = account.platform.ec2;
  const [first] = control.fleet.subnets({ accountId, region }, "m5.large");
  // Two addresses at most each; a subnet is full at 251.
  const subnets = Array.from({ length: Math.ceil(count / 100) }, () =>
    control.addSubnet({ accountId, region, zone: first?.zoneId ?? "" }),
  );
  return Array.from({ length: count }, (_, index) => {
    const subnetId = subnets[Math.floor(index / 100)] ?? "";
    const workload = among[index % among.length] ?? { instanceType: "m5.large" };
    return addWorkload(account, { ...workload, subnetId }).instanceId;
  });
};
