/**
 * What LINEAR is about to change at an instance: images, a replacement, and what moves to it. A launch is written the
 * same way in every mode.
 */
import type { EvaluationId } from "../ids.ts";

/** A part of the identity through which clients reach whoever holds it. */
interface Reaching {
  /** Right before the call that brought it to the replacement; absent until that call is known to have acted. ISO 8601 */
  readonly reachedAt?: string;
}

export type InstanceChange =
  | {
      readonly kind: "CREATE_IMAGE";
      readonly purpose: "warm" | "final";
      readonly imageName: string;
      readonly imageId?: string;
      /** Noted before the image is deregistered: afterwards nothing of EC2's tells whose they were. */
      readonly snapshotIds?: readonly string[];
    }
  /** Of the root volume that an ended Spot Instance has left: the image is registered from it. */
  | {
      readonly kind: "CREATE_SNAPSHOT";
      readonly volumeId: string;
      readonly snapshotId?: string;
    }
  | {
      readonly kind: "LAUNCH_INSTANCE";
      readonly clientToken: string;
      readonly poolKey: string;
      readonly imageId: string;
      readonly subnetId: string;
      /** By CreateFleet: all pools and subnets that it may have launched in. Until its answer is known the two above are the first of them. */
      readonly places?: readonly { readonly poolKey: string; readonly subnetId: string }[];
      readonly instanceId?: string;
      readonly spotRequestId?: string;
    }
  /**
   * A security group without any rule, in which a replacement of a stateful load starts: booted from an image of an original that runs, it
   * would do the same work a second time. The janitor deletes it after the switch.
   */
  | {
      readonly kind: "ISOLATE";
      readonly groupName: string;
      readonly vpcId: string;
      /** Once the switch is made. ISO 8601 */
      readonly dueAt: string;
      readonly groupId?: string;
      /** EC2 has shown that no rule is left: a group is made with one that lets everything out. */
      readonly isClosed?: true;
    }
  /** The replacement has its last root, and the original rests: its interface is given the original's groups. */
  | {
      readonly kind: "END_ISOLATION";
      readonly instanceId: string;
      readonly networkInterfaceId: string;
      readonly securityGroupIds: readonly string[];
    }
  /** The tag by which another deployment sees that one works on the original, and its end. */
  | { readonly kind: "CLAIM_ORIGINAL"; readonly instanceId: string; readonly claim: string }
  | { readonly kind: "RELEASE_CLAIM"; readonly instanceId: string; readonly claim: string }
  | { readonly kind: "STOP_INSTANCE"; readonly instanceId: string }
  /**
   * A recovery takes the stopped original, which an earlier evaluation keeps for its cool-off: that one's retirement is cancelled. No call. Undone, it
   * is stopped again where we have started it, and the cool-off goes on.
   */
  | {
      readonly kind: "TAKE_KEPT";
      readonly instanceId: string;
      /** The evaluation that keeps it, and its intent to retire it. */
      readonly keptBy: EvaluationId;
      readonly retirementId: string;
    }
  | { readonly kind: "START_KEPT"; readonly instanceId: string }
  /**
   * On-Demand capacity for the original, held while it is stopped: its way back. Nobody but who names it, or its group, can use it.
   * `before` says what the original's setting was.
   */
  | {
      readonly kind: "RESERVE_CAPACITY";
      readonly clientToken: string;
      readonly instanceType: string;
      readonly zoneName: string;
      /** As EC2 spells it: `Linux/UNIX`, `Windows` … */
      readonly platform: string;
      readonly tenancy: string;
      /** EC2 ends it within the hour after that, whatever becomes of us. ISO 8601 */
      readonly endsAt: string;
      /** When the janitor cancels it: at its end, or right after a switch that was carried out. ISO 8601 */
      readonly dueAt: string;
      readonly reservationId?: string;
      readonly reservationArn?: string;
      /** EC2 has said that the capacity can be used. */
      readonly isActive?: true;
    }
  /** The group of reservations at which the stopped original is pointed before a roll-back starts it. */
  | {
      readonly kind: "GROUP_CAPACITY";
      readonly groupName: string;
      readonly groupArn?: string;
      /** The reservation that is in it; absent until that is known to be so. */
      readonly reservationArn?: string;
    }
  | {
      readonly kind: "REPLACE_ROOT";
      readonly instanceId: string;
      /** What the new root is made of; absent where it is a volume that there is already. */
      readonly imageId?: string;
      readonly volumeId?: string;
      readonly taskId?: string;
    }
  | {
      readonly kind: "MOVE_VOLUME";
      readonly volumeId: string;
      readonly fromInstanceId: string;
      readonly toInstanceId: string;
      readonly deviceName: string;
      readonly deleteOnTermination: boolean;
      /** The original's root: a task of EC2's makes it the replacement's, and nothing detaches it from there. */
      readonly isRoot?: true;
    }
  /** The root volume goes back to the original within the switch: EC2 did not make it the replacement's. */
  | {
      readonly kind: "RETURN_ROOT";
      readonly volumeId: string;
      readonly instanceId: string;
      readonly deviceName: string;
    }
  /** A deletion flag as it was before the root volume was to move. */
  | {
      readonly kind: "RETURN_FLAG";
      readonly instanceId: string;
      readonly deviceName: string;
      readonly deleteOnTermination: boolean;
    }
  /** A deletion flag of its owner's, at what serves On-Demand again. */
  | {
      readonly kind: "RETURN_INTERFACE_FLAG";
      readonly instanceId: string;
      readonly attachmentId: string;
      readonly networkInterfaceId: string;
      readonly deleteOnTermination: boolean;
    }
  | (Reaching & {
      readonly kind: "MOVE_INTERFACE";
      readonly networkInterfaceId: string;
      readonly fromInstanceId: string;
      readonly toInstanceId: string;
      readonly deviceIndex: number;
      readonly deleteOnTermination: boolean;
    })
  | (Reaching & {
      readonly kind: "MOVE_PRIVATE_IPS";
      readonly privateIps: readonly string[];
      readonly fromInterfaceId: string;
      readonly toInterfaceId: string;
    })
  | (Reaching & {
      readonly kind: "MOVE_ADDRESS";
      readonly allocationId: string;
      readonly fromInterfaceId: string;
      readonly fromPrivateIp: string;
      readonly toInterfaceId: string;
      readonly toPrivateIp: string;
    })
  | (Reaching & {
      readonly kind: "MOVE_TARGET_GROUP";
      readonly targetGroupArn: string;
      readonly port: number;
      readonly fromInstanceId: string;
      readonly toInstanceId: string;
    })
  /** The Spot Instance that a way back leaves: it can't be stopped. Nothing undoes it. */
  | {
      readonly kind: "END_ORIGINAL";
      readonly instanceId: string;
      /** EC2, or its owner, has ended it before we did: no call of this evaluation has. */
      readonly isByOthers?: true;
    }
  /** The first replacement, once the one from the final image has proved itself. */
  | { readonly kind: "RELEASE_HELD"; readonly instanceId: string }
  /** The replacement's root volume outlives it: a Spot interruption must not take what was written since. */
  | {
      readonly kind: "KEEP_ROOT";
      readonly instanceId: string;
      readonly deviceName: string;
      /** EC2 no longer says it once the instance has ended. */
      readonly volumeId: string;
    }
  /** So do a data volume and a secondary interface that somebody made deletable at the replacement. */
  | {
      readonly kind: "KEEP_VOLUME";
      readonly instanceId: string;
      readonly deviceName: string;
      readonly volumeId: string;
    }
  | {
      readonly kind: "KEEP_INTERFACE";
      readonly instanceId: string;
      readonly attachmentId: string;
      readonly networkInterfaceId: string;
    }
  /**
   * The root volume of a replacement that served and was given up: writes since then are on it, and the original lacks
   * them. Kept when the instance ends; never undone. Without a volume: it went with the instance, and the writes are lost.
   */
  | {
      readonly kind: "KEEP_WRITES";
      readonly instanceId: string;
      readonly volumeId?: string;
      readonly deviceName?: string;
      /** ISO 8601 */
      readonly since: string;
    }
  /** An image that we made: deleted with its snapshots by the janitor once `dueAt` has passed. */
  | {
      readonly kind: "EXPIRE_IMAGE";
      readonly imageId: string;
      readonly dueAt: string;
    }
  /**
   * A launch template of what serves on Spot, for a recovery by CreateFleet: the janitor makes it, and deletes it once the target stands elsewhere.
   * It costs nothing.
   */
  | {
      readonly kind: "KEEP_TEMPLATE";
      readonly templateName: string;
      readonly dueAt: string;
      readonly templateId?: string;
    }
  /** The stopped original: terminated by the janitor once `dueAt` has passed. */
  | {
      readonly kind: "RETIRE_ORIGINAL";
      readonly instanceId: string;
      readonly dueAt: string;
      /** Of a member of a group: its volumes and interfaces then, which end with it. Absent: all that could leave it has left. */
      readonly partIds?: readonly string[];
      /** As EC2 showed it when it was retired, ISO 8601: a later one tells of a start since. */
      readonly launchedAt: string;
      /** The recovery that has taken it, whether it serves since or was given back: none takes it a second time. */
      readonly takenBy?: EvaluationId;
      /** That recovery was undone and has left it running, for nothing else was known to serve: the next one takes it. */
      readonly isLeftRunning?: true;
    };
