/**
 * What a roll-back looks at, and what it may do next. The step reads the world into these shapes; they hold no more
 * than the plan needs, so that InstanceFacts and the adapters' readings fit as they are.
 */
import type { RefusedAction, UndoAction, UndoPlan } from "../../switch/undo-plan.ts";
import type { RootTaskStanding } from "../root-move.ts";
import type { HealthJudgement } from "../../switch/health.ts";
import type { InstanceState, InstanceStop } from "../../../model/instance.ts";
import type { ChangeOf, Intent } from "../../../model/intent.ts";
import type { LeftThing } from "../../../model/left-thing.ts";

/** An instance as found; InstanceFacts has this shape. */
export interface FoundInstance {
  readonly instanceId: string;
  /** Of its launch. */
  readonly clientToken?: string;
  readonly state: InstanceState;
  readonly rootDeviceName?: string;
  /** The group of capacity reservations at which it is pointed. */
  readonly capacityGroupArn?: string;
  /** ISO 8601. Moves with each start. */
  readonly launchedAt?: string;
  /** Of one that is stopped or stopping. */
  readonly stop?: InstanceStop;
  /** It carries the tag of this very evaluation. Absent: that was not asked. */
  readonly isTagged?: boolean;
  readonly volumes: readonly {
    readonly volumeId: string;
    readonly deviceName?: string;
    readonly deleteOnTermination?: boolean;
  }[];
  readonly networkInterfaces: readonly {
    readonly networkInterfaceId: string;
    readonly privateAddresses: readonly {
      readonly privateIp: string;
      readonly allocationId?: string;
    }[];
  }[];
}

export interface FoundImage {
  readonly imageId: string;
  readonly name?: string;
  /** As EC2 spells it: pending, available, failed, deregistered … */
  readonly state: string;
  readonly snapshotIds: readonly string[];
}

/** A reservation of On-Demand capacity that an intent claims. */
export interface FoundReservation {
  readonly reservationId: string;
  /** As EC2 spells it: pending, active, cancelled, expired, failed … */
  readonly state: string;
}

/** The security group that was made for the replacement alone. */
export interface FoundIsolation {
  readonly groupId: string;
}

interface FoundVolume {
  readonly volumeId: string;
  /** As EC2 spells it: creating, available, in-use, deleting, deleted, error. */
  readonly state: string;
  /** Instance that it is attached to, also while attaching or detaching. */
  readonly attachedTo?: string;
  readonly deviceName?: string;
  /** attaching, attached, detaching, busy. Absent counts as attached. */
  readonly attachmentState?: string;
  /** Of the attachment; absent when it was not read, and then left as it is. */
  readonly deleteOnTermination?: boolean;
}

export interface FoundInterface {
  readonly networkInterfaceId: string;
  readonly attachedTo?: string;
  readonly attachmentId?: string;
  /** attaching, attached, detaching, detached. Absent counts as attached. */
  readonly attachmentState?: string;
  readonly deleteOnTermination?: boolean;
  /** Primary and secondary. */
  readonly privateIps: readonly string[];
}

export interface FoundAddress {
  readonly allocationId: string;
  /** Absent when it is associated with nothing. */
  readonly networkInterfaceId?: string;
  readonly privateIp?: string;
  readonly associationId?: string;
}

export interface FoundTargetGroup {
  readonly arn: string;
  readonly port: number;
  readonly instanceIds: readonly string[];
  /**
   * Targets that are healthy, or to which nothing is sent while none of the others is healthy. Absent when it was not
   * read: then registration alone counts.
   */
  readonly readyInstanceIds?: readonly string[];
  /** Taken out, and with connections that may still be open. Absent: none. */
  readonly drainingInstanceIds?: readonly string[];
  /** Targets that fail the load balancer's checks, or to which it sends nothing in their zone. Absent: none. */
  readonly failingInstanceIds?: readonly string[];
}

/** What carries the evaluation's tag, besides instances and images. */
export interface FoundThing extends LeftThing {
  /** Instance that holds it, or was launched for it. */
  readonly instanceId?: string;
  /** Image that a snapshot was made for. */
  readonly imageId?: string;
}

export interface RollbackInput {
  readonly originalId: string;
  /** The evaluation that was begun at the original since: what is not this evaluation's own is not touched. Absent: none. */
  readonly supersededBy?: string;
  /** ISO 8601 */
  readonly now: string;
  /** Since when this roll-back asks EC2 for all that the intents may have made. ISO 8601 */
  readonly askedSince: string;
  /** Undefined when EC2 does not show it. */
  readonly original: FoundInstance | undefined;
  /** Result of judgeHealth, where it was read: while false, no address returns. Absent: running is enough. */
  readonly isOriginalHealthy?: boolean;
  /** A Spot Instance that EC2 is taking back, in words: nothing is given back to it. Absent: it is not. */
  readonly originalTaken?: string;
  /** When the first part that clients follow was brought to the replacement, as far as the record says. ISO 8601 */
  readonly servedFrom?: string;
  /** The replacement to which the identity moves; absent where nothing that clients follow was to move yet. */
  readonly serving?: { readonly instanceId: string; readonly health: HealthJudgement };
  /** Absent: it is not. What a replacement of a stateful load is still told is lost with it. */
  readonly isStateless?: boolean;
  /** The original is a Spot Instance whose data are taken from it after its end. Absent: it is not. */
  readonly takesDataBack?: boolean;
  /** EC2 took the original, a Spot Instance: nothing can return to it. Absent: it did not. */
  readonly isRecovery?: boolean;
  /**
   * The original as it was before anything moved, from the stored facts. Says which Elastic IPs travel along with
   * a private address: should the replacement be lost, they are associated with nothing and no intent names them.
   * Undefined only when no facts were stored.
   */
  readonly before: FoundInstance | undefined;
  /** They are not tried again; what does not depend on them is done, and then a person must look. */
  readonly refused?: readonly RefusedAction[];
  /** All intents of the evaluation, in the order planned. */
  readonly intents: readonly Intent[];
  /** Every instance that an intent claims, by id or by client token, in any state. */
  readonly replacements: readonly FoundInstance[];
  /** Every image that an intent claims, by id or by name; one that is gone is left out. */
  readonly images: readonly FoundImage[];
  /**
   * All else that carries the evaluation's tag, and instances and images that no intent claims. Absent until it was looked at:
   * towards the end, when nothing else is to be done.
   */
  readonly tagged?: readonly FoundThing[];
  /** The volumes that the intents name; one that EC2 does not show is left out (this holds for all that follow). */
  readonly volumes: readonly FoundVolume[];
  /** The interfaces that the intents name, and whichever holds a private IP that they name. */
  readonly interfaces: readonly FoundInterface[];
  /** Those that the intents name, and those that `before` shows on private IPs that the intents name. */
  readonly addresses: readonly FoundAddress[];
  readonly targetGroups: readonly FoundTargetGroup[];
  /** Those that an intent claims, by id or by the evaluation's tag. Absent until it was looked at: where one is used or ended. */
  readonly reservations?: readonly FoundReservation[];
  /** What EC2 shows of it: at most one. Absent until it was looked at, when the replacements have ended. */
  readonly isolation?: readonly FoundIsolation[];
  /** EC2's task that gives the original's root volume to the replacement. Absent: none was planned, or none was made. */
  readonly rootTask?: RootTaskStanding;
}

/** One call. Each is harmless when it acted already: a world read a moment ago may be stale. */
export type RollbackAction = UndoAction & RollbackCall;

type RollbackCall =
  /** The intent becomes UNDONE: the janitor must no longer terminate the original. */
  | { readonly kind: "CANCEL_RETIREMENT"; readonly undoes: string }
  /** DeleteTags, by key and value: the claim of another deployment stays. */
  | { readonly kind: "RELEASE_CLAIM"; readonly instanceId: string; readonly claim: string }
  /** AssociateAddress; may take it from the replacement. */
  | {
      readonly kind: "RETURN_ADDRESS";
      readonly allocationId: string;
      readonly networkInterfaceId: string;
      readonly privateIp: string;
    }
  /** AssignPrivateIpAddresses; may take them from the replacement. */
  | {
      readonly kind: "RETURN_PRIVATE_IPS";
      readonly networkInterfaceId: string;
      readonly privateIps: readonly string[];
    }
  | {
      readonly kind: "DETACH_INTERFACE";
      readonly networkInterfaceId: string;
      readonly attachmentId: string;
      readonly instanceId: string;
    }
  | {
      readonly kind: "ATTACH_INTERFACE";
      readonly networkInterfaceId: string;
      readonly instanceId: string;
      readonly deviceIndex: number;
    }
  /** What an attachment loses on its way: AWS sets it anew on each attach. */
  | {
      readonly kind: "RESTORE_INTERFACE_DELETION";
      readonly networkInterfaceId: string;
      readonly attachmentId: string;
      readonly deleteOnTermination: boolean;
    }
  | {
      readonly kind: "ATTACH_VOLUME";
      readonly volumeId: string;
      readonly instanceId: string;
      readonly deviceName: string;
    }
  | {
      readonly kind: "RESTORE_VOLUME_DELETION";
      readonly volumeId: string;
      readonly instanceId: string;
      readonly deviceName: string;
      readonly deleteOnTermination: boolean;
    }
  /** The stopped original takes the capacity that is held for it in the group; without it, other On-Demand capacity. */
  | {
      readonly kind: "POINT_ORIGINAL";
      readonly instanceId: string;
      readonly groupArn: string;
    }
  | { readonly kind: "START_ORIGINAL"; readonly instanceId: string }
  /** What runs in it runs on. */
  | { readonly kind: "CANCEL_RESERVATION"; readonly reservationId: string }
  | { readonly kind: "DELETE_CAPACITY_GROUP"; readonly groupName: string }
  | { readonly kind: "DELETE_ISOLATION_GROUP"; readonly groupId: string }
  /** RegisterTargets of the original. */
  | {
      readonly kind: "RETURN_TARGET_GROUP";
      readonly arn: string;
      readonly port: number;
      readonly instanceId: string;
    }
  /** DeregisterTargets of a replacement. */
  | {
      readonly kind: "LEAVE_TARGET_GROUP";
      readonly arn: string;
      readonly port: number;
      readonly instanceId: string;
    }
  /** What the original gets back must outlive the replacement. */
  | {
      readonly kind: "KEEP_VOLUME";
      readonly volumeId: string;
      readonly instanceId: string;
      readonly deviceName: string;
    }
  | {
      readonly kind: "KEEP_INTERFACE";
      readonly networkInterfaceId: string;
      readonly attachmentId: string;
    }
  /** The root volume of a replacement that served is to outlive it, and an intent says so. */
  | {
      readonly kind: "KEEP_WRITES";
      readonly instanceId: string;
      readonly since: string;
      readonly volumeId: string;
      readonly deviceName: string;
    }
  /** Of one that has ended already: an intent says where its writes are; without a volume they are lost. No call. */
  | {
      readonly kind: "NOTE_WRITES";
      readonly instanceId: string;
      readonly since: string;
      readonly volumeId?: string;
    }
  /** The root volume goes with the replacement after all: there is nothing on it that the original lacks. */
  | {
      readonly kind: "RELEASE_ROOT";
      readonly instanceId: string;
      readonly deviceName: string;
    }
  | { readonly kind: "TERMINATE_REPLACEMENT"; readonly instanceId: string }
  /** Of a recovery: the kept original is stopped again where it was started, and its cool-off goes on; unless it may serve, and nobody else does. */
  | {
      readonly kind: "GIVE_BACK_KEPT";
      readonly taking: ChangeOf<"TAKE_KEPT">;
      readonly undoes: string;
    }
  /** DeregisterImage (also while pending), then its snapshots. */
  | {
      readonly kind: "DELETE_IMAGE";
      readonly imageId: string;
      readonly snapshotIds: readonly string[];
    }
  /** Of an image that was deregistered. */
  | { readonly kind: "DELETE_SNAPSHOT"; readonly snapshotId: string };

/** What is read on its own; a member of RollbackInput rests on one of these. */
export type RollbackPart =
  /** The original itself: its state, and the volumes that it shows. */
  | "original"
  /** Whether the original passes EC2's checks. */
  | "checks"
  /** How the replacement is to which the identity moves. */
  | "serving"
  | "replacements"
  | "images"
  | "tagged"
  | "volumes"
  | "interfaces"
  | "addresses"
  | "targetGroups"
  | "reservations"
  | "isolation"
  | "rootTask";

export type RollbackPlan = UndoPlan<RollbackAction, RollbackPart>;
