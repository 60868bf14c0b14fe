/** Looks at a node that is drained: what is on it, what stands in the way, what has come up elsewhere, and whether anything has changed since the last look. */
import type { ClusterView } from "../../../model/kubernetes/cluster.ts";
import type { Blocker, DrainState } from "../../../model/kubernetes/drain.ts";
import type { NodeFacts } from "../../../model/kubernetes/node.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import type { NodeName } from "../../../model/kubernetes/progress.ts";
import { notReadyFor } from "../capacity.ts";
import type { PodStanding } from "../pods/standing.ts";
import { longestGrace } from "./deadlines.ts";
import { isInTheWay, podsOnNode, type NodePod, type Patience } from "./node-pods.ts";
import { lacks, type Lack } from "./replacements.ts";
import type { TickProgress } from "./replies.ts";
import type { TickMemory } from "./tick.ts";
import {
  isSettled,
  lookAtWorkloads,
  reckonWorkloads,
  secondsSince,
  type WorkloadLook,
} from "./workloads.ts";

export interface LookInput extends TickProgress {
  /** Read right before, and consistent: at least both nodes, all pods of the original, and all pods and budgets of `namespacesInDrain`. */
  readonly view: ClusterView;
  readonly original: NodeName;
  /** EC2's own checks of the old instance have failed, or it does not run: asked of one that is silent. Absent: not known to be so. */
  readonly isImpaired?: boolean;
  readonly standingOf: (pod: PodFacts) => PodStanding;
  /** ISO 8601 */
  readonly now: string;
}

export interface Looked {
  readonly old: NodeFacts;
  readonly looks: ReadonlyMap<string, WorkloadLook>;
  readonly onNode: readonly NodePod[];
  /** Those that stand in the way. */
  readonly left: readonly NodePod[];
  readonly lacking: readonly Lack[];
  readonly state: DrainState;
}

export const lookAt = (input: LookInput, old: NodeFacts): Looked => {
  const { view, original, state: before, now, standingOf } = input;
  const looks = lookAtWorkloads(view.pods, original, before);
  const webhookServices = view.webhookServices ?? [];
  const onNode = podsOnNode(view.pods, original.name, { standingOf, looks, webhookServices });
  const notReadySeconds = notReadyFor(old, now);
  const patience: Patience = { now, notReadySeconds, isImpaired: input.isImpaired === true };
  const left = onNode.filter((found) => isInTheWay(found, patience));
  const { emptySince, ...rest } = before;
  const state: DrainState = {
    ...rest,
    left: left.length,
    progressAt: left.length < before.left ? now : before.progressAt,
    graceSeconds: longestGrace(
      before,
      left.map(({ pod }) => pod),
    ),
    workloads: reckonWorkloads(before, looks, now),
    ...(left.length === 0 ? { emptySince: emptySince ?? now } : {}),
  };
  return { old, looks, onNode, left, state, lacking: lacks({ state, looks, now }) };
};

const movingSeconds = 10;

/** A pod is over a minute before it is overdue: one that ends within the next minute is worth waiting for. */
const endsWithinSeconds = 2 * 60;

const printOf = ({ view }: LookInput, { left, state }: Looked): string =>
  JSON.stringify([
    left.map(({ pod, standing }) => [pod.uid, standing.kind]).toSorted(),
    view.budgets.map(({ namespace, name, disruptionsAllowed }) => [
      namespace,
      name,
      disruptionsAllowed,
    ]),
    state.workloads.map(({ key, created, settled }) => [key, created, settled]),
  ]);

export const remember = (
  input: LookInput,
  looked: Looked,
  refusals: readonly Blocker[],
): TickMemory => {
  const { memory, now } = input;
  const print = printOf(input, looked);
  return {
    ...memory,
    refusals,
    ...(print === memory.print ? {} : { print, changedAt: now }),
  };
};

const endsSoon = ({ standing }: NodePod, now: string): boolean =>
  standing.kind === "TERMINATING" &&
  secondsSince(now, standing.overdueAt) < 0 &&
  secondsSince(now, standing.overdueAt) > -endsWithinSeconds;

export const isMoving = ({ now }: LookInput, looked: Looked, memory: TickMemory): boolean =>
  secondsSince(now, memory.changedAt) < movingSeconds ||
  looked.left.some((found) => endsSoon(found, now)) ||
  looked.state.workloads.some(({ key }) =>
    looked.looks.get(key)?.made.some((pod) => !isSettled(pod, now)),
  );
