/** What the replacement of nodes has reached so far, beside its swaps. */
import type { InstanceId } from "../ids.ts";
import type { Postponement } from "../verdict.ts";
import type { DrainState } from "./drain.ts";

/** A node as its cluster knows it. */
export interface NodeName {
  readonly instanceId: InstanceId;
  readonly name: string;
  readonly uid: string;
}

/** What the replacement of nodes has reached so far, beside its swaps: one node after the other. */
export interface KubernetesProgress {
  /** Of the node that is replaced now, or was the last; from 1. */
  readonly round?: number;
  /** The one that goes. */
  readonly original?: NodeName;
  /** Those that go after it: they take no pods while it is drained. Absent: there are none. */
  readonly later?: readonly NodeName[];
  /** The one that has joined for it. */
  readonly joined?: NodeName;
  readonly drain?: DrainState;
  /** Of a response: when EC2 takes the node, by the time of its notice. ISO 8601 */
  readonly endsAt?: string;
  /** Nodes that were to be replaced too, when no further one could be begun. */
  readonly untried?: number;
  /** Why no other node is begun, although there are more. */
  readonly ended?: Postponement;
}
