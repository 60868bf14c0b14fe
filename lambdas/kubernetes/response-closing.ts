/** How the response to a notice ended: what the node had on it when EC2 took it, and who launches another. */
import { readInstanceState } from "../../adapters/aws/ec2/instances.ts";
import { counted } from "../../core/decide/offers/figures.ts";
import type { SwitchEnding } from "../../core/decide/switch/outcome.ts";
import type { DrainState } from "../../core/model/kubernetes/drain.ts";
import type { ClosingSession } from "../evaluation/closing.ts";
import { warnedOf, wasReleased } from "./warned.ts";

type Session = ClosingSession<"KUBERNETES">;

const toldOfPods = (drain: DrainState | undefined): string => {
  if (drain === undefined) return "None of its pods was evicted.";
  const { evicted, left, blockers } = drain;
  const evictions = `${counted(evicted, "pod")} had been evicted by then`;
  return left === 0
    ? `${evictions}, and none was left.`
    : [
        `${evictions}, and ${counted(left, "pod")} ended with it.`,
        ...blockers.map(({ sentence }) => sentence),
      ].join(" ");
};

export const endingOfResponse = async (session: Session): Promise<SwitchEnding> => {
  const { evaluation } = session;
  const { instanceId } = warnedOf(session);
  const { ec2 } = await session.customer();
  const state = await readInstanceState(ec2, instanceId);
  if (state !== undefined && state !== "terminated") {
    return {
      kind: "HALF_WAY",
      sentence: `EC2 shows node ${instanceId} as ${state}. Next: see what holds pods on it, and end it.`,
    };
  }
  const isReleased = await wasReleased(session);
  const { asgName, nodeGroup } = evaluation.subject;
  const successor = isReleased
    ? `Group ${asgName ?? ""} was let launch another at its notice.`
    : `Node group ${nodeGroup} launches another for it by itself.`;
  return {
    kind: "DONE",
    sentence: `EC2 has taken node ${instanceId}. ${toldOfPods(evaluation.progress.drain)} ${successor}`,
    ...(isReleased ? { isOnDemand: true } : {}),
  };
};
