/**
 * The customer of a group: what policies, people and deployments do to it at given times. The same script is played in the run that is
 * judged and in its twin without us, so members are named by their place among the first ones, not by id.
 */
import type { ProcessName } from "../cloud/autoscaling/state.ts";
import type { GroupName, GroupSummary } from "../cloud/autoscaling/control.ts";
import { CloudError } from "../cloud/contract.ts";
import type { Platform } from "../platform/platform.ts";

/** Seconds after the script began. */
interface AtTime {
  readonly afterSeconds: number;
}

/**
 * One of the first members by its place, from 0 on. When it does not serve any longer, one that does is meant: of the same zone, so that both runs lose the same.
 */
interface OfMember {
  readonly member: number;
}

/** What the customer does, or what happens to his group. */
export type OwnerAct =
  | { readonly kind: "POLICY"; readonly desired: number }
  | { readonly kind: "DESIRED"; readonly desired: number }
  | {
      readonly kind: "SIZES";
      readonly min?: number;
      readonly max?: number;
      readonly desired?: number;
    }
  /** A scheduled action that is due a minute later. */
  | { readonly kind: "SCHEDULED"; readonly desired: number }
  | { readonly kind: "MAXIMUM_RAISED"; readonly max: number }
  | { readonly kind: "SUSPEND"; readonly processes: readonly ProcessName[] }
  | { readonly kind: "RESUME"; readonly processes: readonly ProcessName[] }
  | { readonly kind: "REFRESH" }
  /** One more version of the group's launch template, with this detailed monitoring. */
  | { readonly kind: "TEMPLATE"; readonly monitoring: boolean }
  | { readonly kind: "SHIFT"; readonly zoneName: string | undefined }
  | { readonly kind: "DELETE" }
  /** Left out where the member has left. */
  | ({ readonly kind: "PROTECT"; readonly isProtected: boolean } & OfMember)
  | ({ readonly kind: "TERMINATE"; readonly decrements: boolean } & OfMember)
  /** It ends outside of the group's hands. */
  | ({ readonly kind: "LOSE" } & OfMember)
  | ({ readonly kind: "APPLICATION"; readonly answers: boolean } & OfMember)
  /** Its application does not answer for so long. */
  | ({ readonly kind: "SILENT"; readonly seconds: number } & OfMember)
  /** No member that serves now answers for so long. */
  | { readonly kind: "FLAPPING"; readonly seconds: number };

export type OwnerEvent = AtTime & OwnerAct;

interface Scripted {
  readonly platform: Platform;
  readonly group: GroupName;
  readonly accessKeyId: string;
  readonly first: GroupSummary["members"];
}

interface Order {
  /** Default: autoscaling, with the name of the group. */
  readonly service?: "autoscaling" | "ec2";
  readonly operation: string;
  readonly input: object;
}

const memberAt = ({ platform, group, first }: Scripted, { member: place }: OfMember): string => {
  const serving = platform.autoScaling.control.serving(group);
  const members = platform.autoScaling.control.find(group)?.members ?? [];
  const wanted = first[place];
  if (wanted !== undefined && serving.includes(wanted.instanceId)) return wanted.instanceId;
  const inService = members.filter(({ state }) => state === "InService");
  const found = inService.filter(({ instanceId }) => serving.includes(instanceId));
  const inZone = found.filter(({ zoneName }) => zoneName === wanted?.zoneName);
  const among = [inZone, found, inService].find(({ length }) => length > 0) ?? [];
  return among[place % Math.max(1, among.length)]?.instanceId ?? "";
};

/** From now on none of them answers; after so long all do. */
const silence = (
  { platform: { clock, elb } }: Scripted,
  ids: readonly string[],
  seconds: number,
): void => {
  for (const id of ids) elb.setApplicationHealthy(id, false);
  clock.schedule(clock.now() + seconds * 1000, () => {
    for (const id of ids) elb.setApplicationHealthy(id, true);
  });
};

const call = async (
  { platform, group, accessKeyId }: Scripted,
  { service = "autoscaling", operation, input }: Order,
): Promise<void> => {
  const named = service === "autoscaling" ? { AutoScalingGroupName: group.name } : {};
  const { region } = group;
  await platform.cloud.call({
    service,
    operation,
    region,
    accessKeyId,
    input: { ...named, ...input },
  });
};

const fallSilent = (scripted: Scripted, event: OwnerAct): boolean => {
  const { platform, group } = scripted;
  if (event.kind === "SILENT") silence(scripted, [memberAt(scripted, event)], event.seconds);
  else if (event.kind === "FLAPPING") {
    silence(scripted, platform.autoScaling.control.serving(group), event.seconds);
  } else return false;
  return true;
};

/** What needs no call of the API. */
const happen = (scripted: Scripted, event: OwnerAct): boolean => {
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
    case "LOSE": {
      const id = memberAt(scripted, event);
      // None is in service.
      if (id !== "") platform.ec2.control.terminateByOwner(id);
      return true;
    }
    case "APPLICATION":
      platform.elb.setApplicationHealthy(memberAt(scripted, event), event.answers);
      return true;
    case "SCHEDULED":
      control.schedule(group, {
        ScheduledActionName: `desired-${String(event.desired)}`,
        StartTime: new Date(platform.clock.now() + 60_000),
        DesiredCapacity: event.desired,
      });
      return true;
    default:
      return false;
  }
};

const orderOfMember = (scripted: Scripted, event: OwnerAct): Order | undefined => {
  if (event.kind === "PROTECT") {
    const id = scripted.first[event.member]?.instanceId ?? "";
    return {
      operation: "SetInstanceProtection",
      input: { InstanceIds: [id], ProtectedFromScaleIn: event.isProtected },
    };
  }
  if (event.kind === "TERMINATE") {
    return {
      operation: "TerminateInstanceInAutoScalingGroup",
      input: {
        InstanceId: memberAt(scripted, event),
        ShouldDecrementDesiredCapacity: event.decrements,
      },
    };
  }
  return undefined;
};

const order = (scripted: Scripted, event: OwnerAct): Order | undefined => {
  switch (event.kind) {
    case "DESIRED":
      return { operation: "SetDesiredCapacity", input: { DesiredCapacity: event.desired } };
    case "SIZES":
      return {
        operation: "UpdateAutoScalingGroup",
        input: { MinSize: event.min, MaxSize: event.max, DesiredCapacity: event.desired },
      };
    case "SUSPEND":
      return { operation: "SuspendProcesses", input: { ScalingProcesses: event.processes } };
    case "RESUME":
      return { operation: "ResumeProcesses", input: { ScalingProcesses: event.processes } };
    case "DELETE":
      return { operation: "DeleteAutoScalingGroup", input: { ForceDelete: true } };
    case "TEMPLATE":
      return {
        service: "ec2",
        operation: "CreateLaunchTemplateVersion",
        input: {
          LaunchTemplateName: scripted.group.name,
          SourceVersion: "$Latest",
          LaunchTemplateData: { Monitoring: { Enabled: event.monitoring } },
        },
      };
    default:
      return orderOfMember(scripted, event);
  }
};

export interface GroupOwner {
  /** What AWS refused him: he is told of it, and does nothing more. */
  readonly refused: readonly string[];
  /** At once. What is about a group that is gone is left out. */
  act(event: OwnerAct): Promise<void>;
}

/** Members are named by their places among the first ones, by default those of now. */
export const createGroupOwner = (
  platform: Platform,
  group: GroupName,
  first: GroupSummary["members"] = platform.autoScaling.control.find(group)?.members ?? [],
): GroupOwner => {
  const refused: string[] = [];
  const { accountId } = group;
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "group-owner" });
  const scripted = { platform, group, accessKeyId, first };
  return {
    refused,
    act: async (event) => {
      if (platform.autoScaling.control.find(group) === undefined) return;
      try {
        if (fallSilent(scripted, event) || happen(scripted, event)) return;
        const ordered = order(scripted, event);
        if (ordered !== undefined) await call(scripted, ordered);
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        refused.push(`${event.kind}: ${error.message}`);
      }
    },
  };
};

/** Plays the script from now on. */
export const playOwner = (
  platform: Platform,
  group: GroupName,
  events: readonly OwnerEvent[],
): Pick<GroupOwner, "refused"> => {
  const owner = createGroupOwner(platform, group);
  const begin = platform.clock.now();
  for (const event of events) {
    platform.clock.schedule(begin + event.afterSeconds * 1000, () => owner.act(event));
  }
  return owner;
};
