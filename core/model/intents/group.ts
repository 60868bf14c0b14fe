/**
 * What CLUSTER is about to change at a group: its settings while it is converted, and who its members are. A launch is written as in every
 * mode (LAUNCH_INSTANCE). What `before` holds is what the restore puts back.
 */
import type { PlaceLeaving } from "./place-leaving.ts";

export type GroupChange =
  /** The tag by which another deployment sees that one works on the group. */
  | { readonly kind: "CLAIM_GROUP"; readonly asgName: string; readonly claim: string }
  /** Room for the surplus of a batch. Handed back only while the maximum is still ours, and the desired capacity fits. */
  | {
      readonly kind: "RAISE_MAX";
      readonly asgName: string;
      readonly maxOriginal: number;
      readonly maxRaised: number;
    }
  /** So that a surplus does not make the group balance its zones. */
  | {
      readonly kind: "SUSPEND_AZ_REBALANCE";
      readonly asgName: string;
      /** As the group shows it after our call: another one tells that its owner suspended it meanwhile. Absent until it was read. */
      readonly reason?: string;
    }
  /**
   * A scale-in between in-service and the end of the swap must not take the replacement. A refresh waits an hour for protected members, and fails
   * then: taken off first, whatever else is undone.
   */
  | {
      readonly kind: "PROTECT_MEMBERS";
      readonly asgName: string;
      readonly instanceIds: readonly string[];
    }
  /**
   * All members in service that were not protected before, from right before an attach until what was attached serves. A scale-in in between could take
   * originals alone. Released as the first thing of any undo, for a refresh waits for them too.
   */
  | {
      readonly kind: "HOLD_MEMBERS";
      readonly asgName: string;
      readonly instanceIds: readonly string[];
    }
  /** The replacement gets healthy in a target group before it is a member: if it never becomes one, nobody but us takes it out again. */
  | {
      readonly kind: "REGISTER_TARGET";
      readonly targetGroupArn: string;
      readonly port: number;
      readonly instanceId: string;
    }
  /** EC2 takes the member, and its balancer needs the time of the notice. It is registered again where EC2 does not take it, and it stays. */
  | {
      readonly kind: "DEREGISTER_TARGET";
      readonly targetGroupArn: string;
      readonly port: number;
      readonly instanceId: string;
    }
  /** Raises the desired capacity by one for each. `before` says what it was. */
  | (PlaceLeaving & {
      readonly kind: "ATTACH_MEMBERS";
      readonly asgName: string;
      readonly instanceIds: readonly string[];
    })
  /** Through its group, the desired capacity lowered by it: `before` says what that was. Nothing undoes it. */
  | {
      readonly kind: "REMOVE_MEMBER";
      readonly asgName: string;
      readonly instanceId: string;
      /** `terminate` runs hooks; `detach` leaves it running, to be stopped and kept. */
      readonly how: "terminate" | "detach";
      readonly activityId?: string;
      /** Desired capacity that the call met: another than was seen where somebody has set it in between. Absent: neither its answer nor an activity told. */
      readonly desiredBefore?: number;
      /** Desired capacity at the look right before the call that acted: `before` is of the first that was tried. */
      readonly desiredSeen?: number;
    };

/** Settings of a group that are its owner's, and that the janitor puts back where the evaluation could not, or died. */
export const settingKinds = [
  "HOLD_MEMBERS",
  "PROTECT_MEMBERS",
  "SUSPEND_AZ_REBALANCE",
  "RAISE_MAX",
] as const;
export type SettingKind = (typeof settingKinds)[number];
