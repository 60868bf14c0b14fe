/**
 * The customer of a group: what policies, people and deployments do to it at given times. The same script is played in the run that is
 * judged and in its twin without us, so members are named by their place among the first ones, not by id.
 */
import type { ProcessName } from "../cloud/autoscaling/state.ts";
import type { GroupName } from "../cloud/autoscaling/control.ts";
import { CloudError } from "../cloud/contract.ts";
import type { Platform } from "../platform/platform.ts";

/** Seconds after the script began. */
interface AtTime {
  readonly afterSeconds: number;
}

/** One of the first members by its place, from 0 on. When it has left, the one that stands at that place now is meant. */
interface OfMember {
  readonly member: number;
}

export type OwnerEvent = AtTime &
  (
    | { readonly kind: "POLICY"; readonly desired: number }
    | { readonly kind: "DESIRED"; readonly desired: number }
    | {
        readonly kind: "SIZES";
        readonly min?: number;
        readonly max?: number;
        readonly desired?: number;
      }
    | { readonly kind: "MAXIMUM_RAISED"; readonly max: number }
    | { readonly kind: "SUSPEND"; readonly processes: readonly ProcessName[] }
    | { readonly kind: "RESUME"; readonly processes: readonly ProcessName[] }
    | { readonly kind: "REFRESH" }
    | { readonly kind: "SHIFT"; readonly zoneName: string | undefined }
    | { readonly kind: "DELETE" }
    | ({ readonly kind: "PROTECT"; readonly isProtected: boolean } & OfMember)
    | ({ readonly kind: "TERMINATE"; readonly decrements: boolean } & OfMember)
    /** It ends outside of the group's hands. */
    | ({ readonly kind: "LOSE" } & OfMember)
    | ({ readonly kind: "APPLICATION"; readonly answers: boolean } & OfMember)
  );

interface Scripted {
  readonly platform: Platform;
  readonly group: GroupName;
  readonly accessKeyId: string;
  /** Ids of the first members. */
  readonly first: readonly string[];
}

const memberAt = ({ platform, group, first }: Scripted, { member: place }: OfMember): string => {
  const inService = (platform.autoScaling.control.find(group)?.members ?? []).filter(
    ({ state }) => state === "InService",
  );
  const ids = inService.map(({ instanceId }) => instanceId);
  const wanted = first[place];
  if (wanted !== undefined && ids.includes(wanted)) return wanted;
  return ids[place % Math.max(1, ids.length)] ?? "";
};

const call = async (
  { platform, group, accessKeyId }: Scripted,
  operation: string,
  input: object,
): Promise<void> => {
  await platform.cloud.call({
    service: "autoscaling",
    operation,
    region: group.region,
    accessKeyId,
    input: { AutoScalingGroupName: group.name, ...input },
  });
};

/** What needs no call of the API. */
const happen = (scripted: Scripted, event: OwnerEvent): boolean => {
  const { platform, group } = scripted;
  const { control } = platform.autoScaling;
  switch (event.kind) {
    case "POLICY":
      control.applyPolicy(group, event);
      return true;
    case "MAXIMUM_RAISED":
      control.raiseMaximum(group, event.max);
      return true;
    case "REFRESH":
      control.startRefresh(group);
      return true;
    case "SHIFT":
      control.shiftZone(group, event.zoneName);
      return true;
    case "LOSE":
      platform.ec2.control.terminateByOwner(memberAt(scripted, event));
      return true;
    case "APPLICATION":
      platform.elb.setApplicationHealthy(memberAt(scripted, event), event.answers);
      return true;
    default:
      return false;
  }
};

const order = (
  scripted: Scripted,
  event: OwnerEvent,
): readonly [operation: string, input: object] | undefined => {
  switch (event.kind) {
    case "DESIRED":
      return ["SetDesiredCapacity", { DesiredCapacity: event.desired }];
    case "SIZES":
      return [
        "UpdateAutoScalingGroup",
        { MinSize: event.min, MaxSize: event.max, DesiredCapacity: event.desired },
      ];
    case "SUSPEND":
      return ["SuspendProcesses", { ScalingProcesses: event.processes }];
    case "RESUME":
      return ["ResumeProcesses", { ScalingProcesses: event.processes }];
    case "DELETE":
      return ["DeleteAutoScalingGroup", { ForceDelete: true }];
    case "PROTECT":
      return [
        "SetInstanceProtection",
        {
          InstanceIds: [memberAt(scripted, event)],
          ProtectedFromScaleIn: event.isProtected,
        },
      ];
    case "TERMINATE":
      return [
        "TerminateInstanceInAutoScalingGroup",
        {
          InstanceId: memberAt(scripted, event),
          ShouldDecrementDesiredCapacity: event.decrements,
        },
      ];
    default:
      return undefined;
  }
};

/** Plays the script from now on. What AWS refuses the customer stays refused: he is told of it, and does nothing more. */
export const playOwner = (
  platform: Platform,
  group: GroupName,
  events: readonly OwnerEvent[],
): { readonly refused: readonly string[] } => {
  const refused: string[] = [];
  const { accountId } = group;
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "group-owner" });
  const members = platform.autoScaling.control.find(group)?.members ?? [];
  const first = members.map(({ instanceId }) => instanceId);
  const scripted = { platform, group, accessKeyId, first };
  const begin = platform.clock.now();
  for (const event of events) {
    platform.clock.schedule(begin + event.afterSeconds * 1000, async () => {
      if (happen(scripted, event)) return;
      const [operation, input] = order(scripted, event) ?? [];
      if (operation === undefined || input === undefined) return;
      try {
        await call(scripted, operation, input);
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        refused.push(`${event.kind}: ${error.message}`);
      }
    });
  }
  return { refused };
};
