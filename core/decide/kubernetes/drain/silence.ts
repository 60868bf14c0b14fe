/** Is a node dead whose kubelet is silent? Silence alone proves nothing, for its pods may run on: EC2 must say so too. */
import { hasEnded, type InstanceHealth } from "../../../model/instance.ts";
import type { NodeFacts } from "../../../model/kubernetes/node.ts";
import { notReadyFor } from "../capacity.ts";

/** The kubelet of a node that is silent for so long ends no pod. */
export const silentSeconds = 5 * 60;

/** @param now ISO 8601 */
export const isSilent = (node: Pick<NodeFacts, "conditions">, now: string): boolean =>
  (notReadyFor(node, now) ?? 0) > silentSeconds;

/** It does not run, or can't be reached. Volumes that can't be reached are another matter, and what EC2 does not know is not said by it. */
export const isShownDead = ({
  state,
  system,
  instance,
}: Pick<InstanceHealth, "state" | "system" | "instance">): boolean =>
  state === "stopped" || hasEnded(state) || system === "impaired" || instance === "impaired";
