/** The shape of a promise that is judged: of each call, at each instant, or at the end. */
import { retireAfterTag } from "../../../core/model/tags.ts";
import type { Intent } from "../../../core/model/intent.ts";
import type { InstanceSummary } from "../../cloud/ec2/control-reads.ts";
import type { FaultCall } from "../../cloud/faults.ts";
import type { Belongings, Ending, Lab, Moment, Subject } from "../contract.ts";

/** An evaluation that is over, and who must serve now: nobody can be named where it ended otherwise. */
export interface Judged {
  readonly lab: Lab;
  readonly ending: Ending;
  /** SWITCHED: to Spot, or back. HELD: the replacement serves with the newer writes, and a person must decide. FORWARD: nobody may serve yet, and nothing can go back. ADOPTED: one has said who serves. */
  readonly end: "SWITCHED" | "AS_IT_WAS" | "HELD" | "FORWARD" | "ADOPTED" | "OTHERWISE";
  readonly server: InstanceSummary | undefined;
}

/** What is seen right before a call. */
export interface BeforeCall {
  readonly subject: Subject;
  readonly instances: readonly InstanceSummary[];
  /** Of the original, as it was at first. */
  readonly dataVolumeIds: readonly string[];
  /** Of the original, as it was at first. */
  readonly rootVolumeId: string;
  /** ARNs of the target groups through which the instance may have open connections. */
  readonly connecting: (instanceId: string) => readonly string[];
  /** It runs and has passed its checks. */
  readonly isProved: (instanceId: string) => boolean;
  /** So it is, its application answers the load balancers, and EC2 has not announced to take it back. */
  readonly isServing: (instanceId: string) => boolean;
  /** The function that makes the call; undefined for the API. */
  readonly by: string | undefined;
  /** When that function began it ran, had passed its checks, and EC2 had not announced to take it back. */
  readonly wasFit: (instanceId: string) => boolean;
  /** Reservations that hold On-Demand capacity in which the original alone can start, or runs. */
  readonly heldReturns: readonly string[];
  /** What of the original's identity clients find there: addresses, interfaces, target groups. */
  readonly held: (instance: InstanceSummary) => readonly string[];
  /** Clients have found something of it there, now or earlier. */
  readonly hasServed: (instanceId: string) => boolean;
  /** ARNs of the original's target groups in which the instance is healthy. */
  readonly healthyIn: (instanceId: string) => readonly string[];
  /** Parts of the original's identity about which no function has asked AWS since the last of them moved. */
  readonly unread: readonly string[];
  /** Of the evaluation that makes the call, as they are stored. */
  readonly intents: () => Promise<readonly Intent[]>;
}

/** Each gives sentences that say what was broken. */
export interface Promised {
  /** Before a mutating call in the customer's account. */
  readonly ofCall?: (
    call: FaultCall,
    world: BeforeCall,
  ) => string | undefined | Promise<string | undefined>;
  readonly atMoment?: (
    moment: Moment,
    world: {
      readonly subject: Subject;
      readonly belongings: Belongings;
      readonly excused: ReadonlySet<string>;
      /** The target was deleted. */
      readonly isForgotten: boolean;
      /** On-Demand capacity is held that the original alone can start in, or runs in; or was, to the reservation's end date. */
      readonly isReturnHeld: () => boolean;
    },
  ) => readonly string[];
  readonly atEnd?: (judged: Judged) => readonly string[] | Promise<readonly string[]>;
}

export const isAlive = (state: string): boolean => state === "running" || state === "pending";
export const isKept = (state: string): boolean =>
  state !== "terminated" && state !== "shutting-down";

/** EC2 forgets one an hour after its end. */
export const hasGone = (state: string): boolean => !isKept(state) || state === "gone";

/** Of a call to EC2 that names instances. */
export const instanceIdsIn = (input: unknown): readonly string[] => {
  const { InstanceIds: ids } = input as { readonly InstanceIds?: string | readonly string[] };
  return typeof ids === "string" ? [ids] : (ids ?? []);
};

/** Volume id. */
export const rootOf = (instance: InstanceSummary | undefined): string | undefined =>
  instance?.volumes.find(({ deviceName }) => deviceName === instance.rootDeviceName)?.volumeId;

interface Named {
  readonly VolumeId?: string;
  readonly Targets?: readonly { readonly Id?: string }[];
  readonly Resources?: readonly string[];
  readonly Tags?: readonly { readonly Key?: string }[];
}

/** Is the original, or a part of it, given up by the call? */
export const givesUpOriginal = (
  { operation, input }: FaultCall,
  { subject: { originalId }, instances }: BeforeCall,
): boolean => {
  const {
    VolumeId: volume,
    Targets: targets = [],
    Resources: tagged = [],
    Tags: tags = [],
  } = input as Named;
  switch (operation) {
    case "StopInstances":
    case "TerminateInstances":
      return instanceIdsIn(input).includes(originalId);
    case "DeregisterTargets":
      return targets.some(({ Id: id }) => id === originalId);
    case "DetachVolume":
      return instances.some(
        ({ instanceId, volumes }) =>
          instanceId === originalId && volumes.some(({ volumeId }) => volumeId === volume),
      );
    case "CreateTags":
      return tagged.includes(originalId) && tags.some(({ Key: key }) => key === retireAfterTag);
    default:
      return false;
  }
};
