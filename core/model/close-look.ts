/** What was read of one subject alone, once the lists of its place said that it would switch. */
import type { CommandFacts } from "./command.ts";
import type { ClusterFacts } from "./evaluation.ts";
import type { InstanceFacts, InstanceState } from "./instance.ts";
import type { KubernetesFacts } from "./kubernetes/facts.ts";
import type { LaunchFacts } from "./launch-check.ts";
import type { PipelineMode } from "./pipeline-mode.ts";
import type { UnreadOfInstance } from "./place-reading.ts";

export interface InstanceLook {
  /** ISO 8601 */
  readonly readAt: string;
  /** Of the instance as it was looked at: with another of either the look does not hold. */
  readonly launchedAt: string;
  readonly state: InstanceState;
  readonly instance: Pick<InstanceFacts, UnreadOfInstance | "domainJoined" | "placementGroup">;
  /** Elastic IPs and target groups of it that their owner has not enrolled. */
  readonly unenrolled: readonly string[];
  readonly launch: LaunchFacts;
  /** Absent: the policy names no document. */
  readonly commands?: CommandFacts;
}

/** Of one reading of the place. */
interface Looked<Facts> {
  /** ISO 8601 */
  readonly readAt: string;
  readonly facts: Facts;
  /** It was made for an earlier reading of the same day: what passes by itself may have come or gone since. */
  readonly isKept?: true;
}

/** The facts on a group as its workflow reads them. */
export type GroupLook = Looked<Pick<ClusterFacts, "group" | "launch" | "standing">>;

/** The facts on the nodes as their workflow reads them. */
export type NodesLook = Looked<KubernetesFacts>;

interface LookByMode {
  readonly LINEAR: InstanceLook;
  readonly CLUSTER: GroupLook;
  readonly KUBERNETES: NodesLook;
}
export type CloseLook<Mode extends PipelineMode> = LookByMode[Mode];
