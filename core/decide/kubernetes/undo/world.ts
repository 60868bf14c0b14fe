/** What an undo of a node's replacement sees, and what it can do: swaps that were not finished, and what we have written on nodes and groups. */
import type { GroupActivity, GroupFacts, LiveGroup } from "../../../model/group.ts";
import type { InstanceState } from "../../../model/instance.ts";
import type { Intent } from "../../../model/intent.ts";
import type { ClusterView } from "../../../model/kubernetes/cluster.ts";
import type { DrainState } from "../../../model/kubernetes/drain.ts";
import type { NodeFacts } from "../../../model/kubernetes/node.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { AskedSince, FoundLaunch } from "../../switch/launches.ts";
import type { RefusedAction, UndoAction, UndoPlan } from "../../switch/undo-plan.ts";
import type { Eviction } from "../drain/replies.ts";

/** Of one of our launches, or of one that EKS made for us, as EC2 shows it. */
export interface FoundNode extends FoundLaunch {
  readonly state: InstanceState;
  /** EC2 has announced that it takes it back. */
  readonly isInterrupted: boolean;
  /** Of the Auto Scaling group of which EC2 shows it as a member. Absent: of none. */
  readonly asgName?: string;
}

/** An Auto Scaling group behind a node group, as it is now. */
export type UndoNodeGroup = Pick<
  LiveGroup,
  "members" | "desiredCapacity" | "minSize" | "suspendedProcesses"
> &
  Pick<GroupFacts, "asgName" | "zones"> & {
    /** Value of the claim tag; absent: the group has none. */
    readonly claim?: string;
  };

export interface KubernetesUndoWorld {
  /** In which the original stands. Undefined: it no longer exists. */
  readonly group: UndoNodeGroup | undefined;
  /** That of the Spot node group. Undefined: the nodes are of a self-managed group, or it no longer exists. */
  readonly spotGroup: UndoNodeGroup | undefined;
  readonly replacements: readonly FoundNode[];
  /** All of the cluster. */
  readonly nodes: readonly NodeFacts[];
  /** Read on demand: where a replacement has to be drained. */
  readonly view?: ClusterView;
  /** The newest of the groups that a node was asked to leave. Read on demand: where the answer was lost. */
  readonly activities?: readonly GroupActivity[];
}
export type KubernetesUndoPart = keyof KubernetesUndoWorld;

export interface KubernetesUndoInput extends KubernetesUndoWorld, AskedSince {
  readonly intents: readonly Intent[];
  readonly refused: readonly RefusedAction[];
  readonly policy: Policy;
  /** Id of the original, by swap. */
  readonly originals: ReadonlyMap<string, string>;
  /** What we write on nodes that we cordon. */
  readonly claim: string;
  /** Of the node that was being drained. Absent: none was. */
  readonly drain?: DrainState;
  /** A person has asked for the roll-back, and knows how far the drain had come. */
  readonly isAsked: boolean;
  /** `node group …`, for sentences. */
  readonly subjectName: string;
}

type ActionOf<Kind extends string, Parts = unknown> = UndoAction & { readonly kind: Kind } & Parts;

/** By the uid another node of the name is left alone. */
interface OfNode {
  readonly nodeName: string;
  readonly nodeUid: string;
}

/** A node that leaves its group with the place that was made for it. */
interface Leaving {
  readonly asgName: string;
  readonly instanceId: string;
  /** Desired capacity of the group as this was planned. */
  readonly desiredSeen: number;
}

/** What is written on a node by one patch; null takes it off. */
export interface NodeMarks {
  readonly isUnschedulable?: boolean;
  readonly annotations?: Readonly<Record<string, string | null>>;
  readonly labels?: Readonly<Record<string, string | null>>;
}

export type KubernetesUndoAction =
  /** The original takes pods again, and our marks are taken off: those that still say what we wrote. */
  | ActionOf<"UNCORDON", OfNode & { readonly marks: NodeMarks }>
  /** What the cluster autoscaler was told of the new node. */
  | ActionOf<"RESTORE_KEEP", OfNode & { readonly marks: NodeMarks }>
  /** It is to be emptied, under our claim. */
  | ActionOf<"CORDON_REPLACEMENT", OfNode & { readonly marks: NodeMarks }>
  /** It stays after all. */
  | ActionOf<"UNCORDON_REPLACEMENT", OfNode & { readonly marks: NodeMarks }>
  /** As many as budgets and workloads allow now; what the API answers shows at the next look. */
  | ActionOf<"EVICT", OfNode & { readonly evictions: readonly Eviction[] }>
  /** A replacement that EC2 takes back leaves the group together with its place: the group would launch another one for it. */
  | ActionOf<"DETACH", Leaving>
  /** Empty; the desired capacity is lowered by it. */
  | ActionOf<"TERMINATE_IN_GROUP", Leaving>
  /** Empty, and of no group. */
  | ActionOf<"TERMINATE_REPLACEMENT", { readonly instanceId: string }>
  /** What was made for the swap is the group's: its original has left, or, `isAbsorbed`, somebody has taken the place that it added, and both stay. */
  | ActionOf<
      "KEEP_PAIR",
      { readonly swapId: string; readonly sentence: string; readonly isAbsorbed?: true }
    >
  | ActionOf<"UNPROTECT", { readonly asgName: string; readonly instanceIds: readonly string[] }>
  | ActionOf<"RESUME_AZ_REBALANCE", { readonly asgName: string }>
  | ActionOf<"RELEASE_CLAIM", { readonly asgName: string; readonly claim: string }>
  /** Nothing is called: what is to be restored is as it was, or, `isTheirs`, somebody has changed it since. */
  | ActionOf<
      "NOTE_RESTORED",
      {
        readonly sentence: string;
        readonly isTheirs?: true;
        /** Of a node that has left with its place: the desired capacity that our call met. Absent: not known, or nobody has left. */
        readonly desiredMet?: number;
      }
    >
  /** Nothing is called: an original whose removal was not answered has left by our call, and an activity tells which desired capacity that met. */
  | ActionOf<"NOTE_REMOVED", { readonly intentId: string; readonly desiredMet: number }>
  /** Nothing is called: the janitor goes on trying. */
  | ActionOf<"LEAVE_TO_JANITOR", { readonly intentIds: readonly string[] }>;

export type KubernetesUndoPlan = UndoPlan<KubernetesUndoAction, KubernetesUndoPart>;

const groups = ["group", "spotGroup"] as const;

const touched: Readonly<Record<KubernetesUndoAction["kind"], readonly KubernetesUndoPart[]>> = {
  UNCORDON: ["nodes"],
  RESTORE_KEEP: ["nodes"],
  CORDON_REPLACEMENT: ["nodes"],
  UNCORDON_REPLACEMENT: ["nodes"],
  EVICT: ["view"],
  DETACH: groups,
  TERMINATE_IN_GROUP: [...groups, "replacements"],
  TERMINATE_REPLACEMENT: ["replacements"],
  // Intents alone: none of the readings holds it.
  KEEP_PAIR: [],
  UNPROTECT: groups,
  RESUME_AZ_REBALANCE: groups,
  RELEASE_CLAIM: groups,
  NOTE_RESTORED: [],
  NOTE_REMOVED: [],
  LEAVE_TO_JANITOR: [],
};

export const touchedBy = ({ kind }: KubernetesUndoAction): readonly KubernetesUndoPart[] =>
  touched[kind];

/** Nothing brings back a pod or an instance that has ended; a resumed process acts at once. */
const irreversible: ReadonlySet<KubernetesUndoAction["kind"]> = new Set([
  "EVICT",
  "DETACH",
  "TERMINATE_IN_GROUP",
  "TERMINATE_REPLACEMENT",
  "RESUME_AZ_REBALANCE",
  "KEEP_PAIR",
]);

export const isIrreversible = ({ kind }: KubernetesUndoAction): boolean => irreversible.has(kind);

/** They change nothing that speaks for or against another action. */
export const leavesRest = ({ kind }: KubernetesUndoAction): boolean =>
  kind === "KEEP_PAIR" ||
  kind === "LEAVE_TO_JANITOR" ||
  kind === "NOTE_RESTORED" ||
  kind === "NOTE_REMOVED" ||
  kind === "RELEASE_CLAIM";
