/**
 * How many pods of a workload without a budget may be evicted now. Its owner has set no limit, so the API has none: up to fifty of one Deployment would
 * go at once.
 */
import type { DrainedWorkload } from "../../../model/kubernetes/drain.ts";
import type { NodeName } from "../../../model/kubernetes/progress.ts";
import { isReady } from "../budgets.ts";
import { isSettled, type WorkloadLook } from "./workloads.ts";

/** As much of a workload as Deployments give up in a roll-out unless told otherwise. */
const share = 0.25;

/** None of those that it had before the drain is anywhere else. */
const isAllHere = ({ living, made }: WorkloadLook, node: Pick<NodeName, "name">): boolean =>
  living.every((pod) => pod.nodeName === node.name || made.includes(pod));

const atOnce = (look: WorkloadLook, node: Pick<NodeName, "name">): number =>
  isAllHere(look, node) ? 1 : Math.max(1, Math.floor(look.living.length * share));

/** Evicted, and not settled elsewhere. A tick that was cut off has told nobody of its last evictions: those that leave tell of them. */
const inMotion = (
  { made, leaving }: WorkloadLook,
  drained: DrainedWorkload | undefined,
  now: string,
): number =>
  Math.max(
    (drained?.evicted ?? 0) - (drained?.settled ?? 0),
    made.filter((pod) => !isSettled(pod, now)).length,
    leaving.length - made.length,
  );

export interface RoomInput {
  readonly look: WorkloadLook;
  readonly drained: DrainedWorkload | undefined;
  readonly node: Pick<NodeName, "name">;
  /** ISO 8601 */
  readonly now: string;
}

export const workloadRoom = ({ look, drained, node, now }: RoomInput): number =>
  Math.max(0, atOnce(look, node) - inMotion(look, drained, now));

/** Of one whose pods go singly: whether all that were evicted are Ready elsewhere, however long that takes. */
export const isReplaced = (
  look: WorkloadLook | undefined,
  { created, evicted }: DrainedWorkload,
): boolean => created >= evicted && (look?.made ?? []).every(isReady);
