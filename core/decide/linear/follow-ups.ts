/** Tells what names an original, or an address of it, and does not follow to its replacement: its owner sees to it. */
import type { BackedUp } from "../../model/backed-up.ts";
import type { DnsRecord } from "../../model/dns-record.ts";
import type {
  InstanceFacts,
  NetworkInterfaceFacts,
  ReplacementFacts,
} from "../../model/instance.ts";
import { primaryAddress, primaryInterface } from "./travelling-parts.ts";

/** Alarms with the original among the dimensions of their metrics. */
export type AlarmsFound =
  | {
      readonly kind: "READ";
      readonly names: readonly string[];
      /** There are more alarms than were read. */
      readonly isPart: boolean;
    }
  /** With AWS's words. */
  | { readonly kind: "UNREAD"; readonly because: string };

/** What AWS Backup has recovery points of, of the parts that stay behind. */
export type BackupsFound =
  | { readonly kind: "READ"; readonly found: readonly BackedUp[] }
  /** With AWS's words. */
  | { readonly kind: "UNREAD"; readonly because: string };

/** Records of Route 53 that name an address or a name which is the original's no longer. */
export type RecordsFound =
  | {
      readonly kind: "READ";
      readonly found: readonly DnsRecord[];
      /** There are more zones or records than were read. */
      readonly isPart: boolean;
    }
  /** With AWS's words. */
  | { readonly kind: "UNREAD"; readonly because: string };

interface FollowUpInput {
  /** As the verdict was given on it. */
  readonly original: InstanceFacts;
  readonly replacement: ReplacementFacts;
  readonly alarms: AlarmsFound;
  readonly backups: BackupsFound;
  /** Absent: no address was lost that they could name. */
  readonly records?: RecordsFound;
}

const privateIpOf = (found: NetworkInterfaceFacts | undefined): string | undefined =>
  found?.privateAddresses.find(({ primary }) => primary)?.privateIp;

const publicIpOf = (found: NetworkInterfaceFacts | undefined): string | undefined =>
  found?.privateAddresses.find(({ primary }) => primary)?.publicIp;

const privateAddress = ({ original, replacement }: FollowUpInput): readonly string[] => {
  const had = primaryAddress(original)?.privateIp;
  const has = privateIpOf(primaryInterface(replacement));
  return had === undefined || had === has
    ? []
    : [
        `The primary private address was ${had} and is ${has ?? "unknown"}: change what names the old one (private DNS zones, configuration files, allow-lists).`,
      ];
};

/** One that its subnet had lent; an Elastic IP has moved. */
const publicAddress = ({ original, replacement }: FollowUpInput): readonly string[] => {
  const had = original.autoAssignedPublicIp;
  if (had === undefined || primaryAddress(original)?.allocationId !== undefined) return [];
  const has = publicIpOf(primaryInterface(replacement));
  return [
    `The public address was ${had}, which EC2 has lent to others by now, and is ${has ?? "none"}: change records that name the old one (DNS of other accounts and providers, allow-lists).`,
  ];
};

/** More would not be read. */
const mostTold = 20;

const toldRecord = ({ zone, zoneId, name, type }: DnsRecord): string =>
  `${name} ${type} in zone ${zone} (${zoneId})`;

const records = ({ original, records: read }: FollowUpInput): readonly string[] => {
  if (read === undefined) return [];
  const { instanceId } = original;
  if (read.kind === "UNREAD") {
    return [
      `Records of Route 53 could not be read (${read.because}): see whether any names an address of ${instanceId}.`,
    ];
  }
  const { found, isPart } = read;
  const more = found.length > mostTold ? `, and ${String(found.length - mostTold)} more` : "";
  const told = found.slice(0, mostTold).map(toldRecord).join(", ");
  return [
    ...(found.length === 0
      ? []
      : [
          `Records of Route 53 name what was an address or a name of ${instanceId}, and lead to others by now: ${told}${more}. Change them.`,
        ]),
    ...(isPart
      ? [
          `There are more zones or records of Route 53 than were read: see whether others name an address of ${instanceId}.`,
        ]
      : []),
  ];
};

const ipv6 = ({ original, replacement }: FollowUpInput): readonly string[] => {
  const had = primaryInterface(original)?.ipv6Count ?? 0;
  return had === 0
    ? []
    : [
        `Of the primary interface ${String(had)} IPv6 address(es) did not follow, and the replacement has ${String(primaryInterface(replacement)?.ipv6Count ?? 0)}: assign what is missing, and change AAAA records.`,
      ];
};

const alarms = ({ original: { instanceId }, alarms: found }: FollowUpInput): readonly string[] => {
  if (found.kind === "UNREAD") {
    return [
      `Alarms of CloudWatch could not be read (${found.because}): see whether any names ${instanceId}.`,
    ];
  }
  return [
    ...(found.names.length === 0
      ? []
      : [
          `Alarms of CloudWatch that name ${instanceId} watch the stopped original: point them at the replacement (${found.names.join(", ")}).`,
        ]),
    ...(found.isPart
      ? [
          `There are more alarms of CloudWatch than were read: see whether others name ${instanceId}.`,
        ]
      : []),
  ];
};

/** The instance, and its root volume where that is not the replacement's: by these a plan may name it. */
export const partsThatStay = (
  { accountId, region, instanceId, volumes }: InstanceFacts,
  replacement: ReplacementFacts,
): readonly { readonly arn: string; readonly name: string }[] => {
  const has = new Set(replacement.volumes.map(({ volumeId }) => volumeId));
  const arnOf = (kind: string, name: string) => ({
    arn: `arn:aws:ec2:${region}:${accountId}:${kind}/${name}`,
    name,
  });
  const roots = volumes.filter(({ isRoot, volumeId }) => isRoot && !has.has(volumeId));
  return [arnOf("instance", instanceId), ...roots.map(({ volumeId }) => arnOf("volume", volumeId))];
};

const backups = ({ original: { instanceId }, backups: read }: FollowUpInput): readonly string[] => {
  if (read.kind === "UNREAD") {
    return [
      `What AWS Backup has of ${instanceId} could not be read (${read.because}): see whether a plan names it, or its root volume.`,
    ];
  }
  return read.found.map(({ name, at, vault }) => {
    const last = [
      ...(at === undefined ? [] : [`of ${at}`]),
      ...(vault === undefined ? [] : [`in vault ${vault}`]),
    ];
    return `AWS Backup has recovery points of ${name}${last.length === 0 ? "" : `, the last ${last.join(" ")}`}: a plan that names it by its id does not back up the replacement. Name that, or select by tags.`;
  });
};

const unread = ({ original: { instanceId } }: FollowUpInput): string =>
  `Not read, and left to its owner: plans of AWS Backup that have not run yet, associations of Systems Manager, dashboards and others that name ${instanceId} by its id. What selects by tags goes on, for the replacement carries them.`;

export const followUpsOf = (input: FollowUpInput): readonly string[] => [
  ...privateAddress(input),
  ...publicAddress(input),
  ...records(input),
  ...ipv6(input),
  ...alarms(input),
  ...backups(input),
  unread(input),
];
