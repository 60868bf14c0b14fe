/** All that can be seen of the simulated world at one instant, read at the services themselves: no call is made and no time passes. */
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import { duringCall } from "../cloud/call-draws.ts";
import type { ServiceModule } from "../cloud/contract.ts";
import type { Platform } from "../platform/platform.ts";

const region = "us-east-1";

const reads = {
  ec2: [
    "DescribeInstances",
    "DescribeVolumes",
    "DescribeSnapshots",
    "DescribeAddresses",
    "DescribeNetworkInterfaces",
    "DescribeSpotInstanceRequests",
    "DescribeCapacityReservations",
    "DescribeLaunchTemplates",
    "DescribeSecurityGroups",
    "DescribeTags",
  ],
  autoScaling: [
    "DescribeAutoScalingGroups",
    "DescribeAutoScalingInstances",
    "DescribeScalingActivities",
  ],
  elb: ["DescribeLoadBalancers", "DescribeTargetGroups"],
} as const;

const plurals = ["nodes", "pods", "deployments", "replicasets", "poddisruptionbudgets"] as const;

export interface Picture {
  readonly atMs: number;
  /** What each reading of each account answered, and what each cluster holds, as JSON. */
  readonly seen: Readonly<Record<string, string>>;
}

const written = (value: unknown): string => JSON.stringify(value);

const readOf = async (
  { service, operations }: ServiceModule,
  { accountId, atMs }: { readonly accountId: string; readonly atMs: number },
  operation: string,
): Promise<string> => {
  const handler = operations[operation];
  if (handler === undefined) throw new Error(`${service}:${operation} is not served.`);
  const caller = { accountId, arn: `arn:aws:iam::${accountId}:root` };
  const call = { service, operation, region, caller, requestId: "picture", at: atMs };
  const input = operation === "DescribeSnapshots" ? { OwnerIds: ["self"] } : {};
  return written(await handler(call, input as never));
};

/** Resource versions are counted by writes, of which each is in the picture itself. */
const objectsOf = ({ control }: KubeCluster, plural: (typeof plurals)[number]): string =>
  written(control.list(plural));

export const pictureOf = async (
  { ec2, autoScaling, elb, eks, clock }: Platform,
  accountIds: readonly string[],
): Promise<Picture> => {
  const atMs = clock.now();
  const seen: Record<string, string> = {};
  await duringCall("picture", async () => {
    for (const accountId of accountIds) {
      for (const [name, module] of Object.entries({ ec2, autoScaling, elb })) {
        for (const operation of reads[name as keyof typeof reads]) {
          seen[`${accountId} ${operation}`] = await readOf(module, { accountId, atMs }, operation);
        }
      }
    }
  });
  for (const { name, kubernetes } of eks.control.clusters()) {
    for (const plural of plurals) seen[`${name} ${plural}`] = objectsOf(kubernetes, plural);
  }
  return { atMs, seen };
};

const around = 60;

/** Where two texts begin to differ. */
const difference = (one: string, other: string): string => {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const part = (text: string): string => text.slice(Math.max(0, at - around), at + around);
  return `was …${part(one)}…, is …${part(other)}…`;
};

/** What is not as it was, by what was read. */
export const differences = (before: Picture, after: Picture): readonly string[] =>
  Object.entries(before.seen)
    .filter(([what, text]) => after.seen[what] !== text)
    .map(([what, text]) => `${what}: ${difference(text, after.seen[what] ?? "")}`);
