/** What an undo of a group sees, and what it can do: pairs that were not finished, and settings that we have changed. */
import type { Ledger } from "../capacity.ts";
import type { GroupActivity, GroupFacts, GroupSizes, LiveGroup } from "../../../model/group.ts";
import type { Intent } from "../../../model/intent.ts";
import type { InstanceState } from "../../../model/instance.ts";
import type { AskedSince, FoundLaunch } from "../../switch/launches.ts";
import type { RefusedAction, UndoAction, UndoPlan } from "../../switch/undo-plan.ts";

/** Of one of our launches, as EC2 shows it. */
export interface FoundReplacement extends FoundLaunch {
  readonly state: InstanceState;
  /** Of the group of which EC2 shows it as a member. Absent: of none. */
  readonly asgName?: string;
}

export interface KeptOriginal {
  readonly instanceId: string;
  readonly state: InstanceState;
}

/** The group as it is now, with what the restore looks at. */
export type UndoGroup = LiveGroup &
  GroupSizes &
  Pick<GroupFacts, "asgName" | "zones" | "settings"> & {
    /** Value of the claim tag; absent: the group has none. */
    readonly claim?: string;
    /** Target groups that it has named, and does not any longer: what we have registered there is still in them. Absent: none. */
    readonly formerTargetGroups?: LiveGroup["traffic"]["targetGroups"];
  };

export interface UndoWorld {
  /** Undefined: the group no longer exists. */
  readonly group: UndoGroup | undefined;
  readonly replacements: readonly FoundReplacement[];
  /** Originals that were marked to be kept stopped, as EC2 shows them; one that it does not show is left out. */
  readonly kept: readonly KeptOriginal[];
  /** The newest of the group. Read on demand: where the answer to a removal is not known. */
  readonly activities?: readonly GroupActivity[];
}
export type UndoPart = keyof UndoWorld;

export interface UndoInput extends UndoWorld, AskedSince {
  readonly intents: readonly Intent[];
  readonly refused: readonly RefusedAction[];
  /** As it stood at the last look of a step. Absent: nothing was planned. */
  readonly ledger?: Ledger;
  readonly asgName: string;
  /** Id of the original, by swap. */
  readonly originals: ReadonlyMap<string, string>;
}

type ActionOf<Kind extends string, Parts = unknown> = UndoAction & { readonly kind: Kind } & Parts;

/** A member that leaves with what an attach has added. */
interface Leaving {
  readonly asgName: string;
  readonly instanceId: string;
  /** Desired capacity of the group as this was planned. */
  readonly desiredSeen: number;
  readonly undoes: string;
}

export type ClusterUndoAction =
  /** Replacements that stay are as protected as the group makes its own members. */
  | ActionOf<"UNPROTECT", { readonly asgName: string; readonly instanceIds: readonly string[] }>
  /** The pair stands: its original has left, or the group's owner has taken what it added. What was made for it is the group's. */
  | ActionOf<"KEEP_PAIR", { readonly swapId: string; readonly sentence: string }>
  /** An original that was detached to be kept: until it is stopped it runs and is billed, outside of any group. */
  | ActionOf<"STOP_ORIGINAL", { readonly instanceId: string }>
  /** Its marks are taken off again: it stays a member, or others have taken it. */
  | ActionOf<"CANCEL_RETIREMENT", { readonly instanceId: string; readonly undoes: string }>
  /** Our own attach, taken back with the desired capacity. */
  | ActionOf<"DETACH", Leaving>
  /** Of an attached replacement that has ended the desired capacity is left: one member leaves with it. */
  | ActionOf<"TERMINATE_SURPLUS", Leaving>
  | ActionOf<
      "LEAVE_TARGET_GROUP",
      { readonly arn: string; readonly port: number; readonly instanceId: string }
    >
  /** A member that EC2 had announced to take, and has not. */
  | ActionOf<
      "REGISTER_AGAIN",
      { readonly arn: string; readonly port: number; readonly instanceId: string }
    >
  | ActionOf<"TERMINATE_REPLACEMENT", { readonly instanceId: string }>
  | ActionOf<"RESUME_AZ_REBALANCE", { readonly asgName: string }>
  | ActionOf<"RESTORE_MAX", { readonly asgName: string; readonly maxSize: number }>
  | ActionOf<"RELEASE_CLAIM", { readonly asgName: string; readonly claim: string }>
  /** Nothing is called: what is to be restored is as it was, or, `isTheirs`, somebody has changed it since. */
  | ActionOf<
      "NOTE_RESTORED",
      {
        readonly sentence: string;
        readonly isTheirs?: true;
        /** Of a member that has left with what an attach had added: the desired capacity that our call met. Absent: not known, or nobody has left. */
        readonly desiredMet?: number;
      }
    >
  /** Nothing is called: an original whose removal was not answered has left by our call, and an activity tells which desired capacity that met. */
  | ActionOf<"NOTE_REMOVED", { readonly intentId: string; readonly desiredMet: number }>
  /** Nothing is called: its owner wants more just now than it would allow. The evaluation ends, and the janitor goes on trying. */
  | ActionOf<"LEAVE_TO_JANITOR", { readonly intentIds: readonly string[] }>;

export type ClusterUndoPlan = UndoPlan<ClusterUndoAction, UndoPart>;

const touched: Readonly<Record<ClusterUndoAction["kind"], readonly UndoPart[]>> = {
  UNPROTECT: ["group"],
  // Intents alone: none of the readings holds it.
  KEEP_PAIR: [],
  STOP_ORIGINAL: ["kept"],
  CANCEL_RETIREMENT: [],
  DETACH: ["group"],
  TERMINATE_SURPLUS: ["group"],
  LEAVE_TARGET_GROUP: ["group"],
  REGISTER_AGAIN: ["group"],
  TERMINATE_REPLACEMENT: ["replacements"],
  RESUME_AZ_REBALANCE: ["group"],
  RESTORE_MAX: ["group"],
  RELEASE_CLAIM: ["group"],
  NOTE_RESTORED: [],
  NOTE_REMOVED: [],
  LEAVE_TO_JANITOR: [],
};

export const touchedBy = ({ kind }: ClusterUndoAction): readonly UndoPart[] => touched[kind];

/**
 * Nothing brings back an instance that has ended; a member that is detached, or a lowered maximum, takes capacity away. A resumed process may launch and end at
 * once, and whoever has suspended it a moment before is not seen after it.
 */
const irreversible: ReadonlySet<ClusterUndoAction["kind"]> = new Set([
  "DETACH",
  "TERMINATE_SURPLUS",
  "TERMINATE_REPLACEMENT",
  "RESTORE_MAX",
  "RESUME_AZ_REBALANCE",
  "KEEP_PAIR",
]);

export const isIrreversible = ({ kind }: ClusterUndoAction): boolean => irreversible.has(kind);

/** They change nothing that speaks for or against another action. */
export const leavesRest = ({ kind }: ClusterUndoAction): boolean =>
  kind === "KEEP_PAIR" ||
  kind === "CANCEL_RETIREMENT" ||
  kind === "LEAVE_TO_JANITOR" ||
  kind === "NOTE_RESTORED" ||
  kind === "NOTE_REMOVED" ||
  kind === "RELEASE_CLAIM";
