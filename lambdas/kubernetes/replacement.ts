/** The instance behind the new node, as EC2 shows it. What its pool takes back is remembered for others. */
import { readSpotHealth } from "../../adapters/aws/ec2/health.ts";
import type { ReplacementInstance } from "../../core/decide/kubernetes/capacity.ts";
import { isRestfulRequest, isTakenByPool } from "../../core/decide/switch/health.ts";
import { rememberTaken } from "../evaluation/remember-taken.ts";
import type { Launched } from "../evaluation/swap-changes.ts";
import type { KubernetesSession } from "./session.ts";

/** Undefined: EC2 does not show it. */
export const readReplacementInstance = async (
  session: KubernetesSession<"ec2">,
  { replacement }: Launched,
): Promise<ReplacementInstance | undefined> => {
  const { ec2 } = await session.customer();
  const { instanceId, pool } = replacement;
  const health = await readSpotHealth(ec2, instanceId);
  if (isTakenByPool(health)) await rememberTaken(session, { pool, instanceId });
  const { state, spotStatus } = health;
  return state === undefined
    ? undefined
    : { state, isInterrupted: spotStatus !== undefined && !isRestfulRequest(spotStatus) };
};
