/** Looks what has become of a stop or a termination that was written down: EC2's word alone says that it came about. */
import { readSeenInstance } from "../../../adapters/aws/ec2/seen-instances.ts";
import type { StoredFinding } from "../../../adapters/store/enforcer.ts";
import { restarted } from "../../../core/enforce/grace.ts";
import type { Finding } from "../../../core/model/enforcer.ts";
import type { SeenInstance } from "../../../core/model/seen-instance.ts";
import { change, keysOf, without, type Run } from "./run.ts";

/** EC2 shows an order within seconds; a run that has planned one is over by then. */
const shownMs = 2 * 60_000;

const isRecent = (plannedAt: string, now: Date): boolean =>
  now.getTime() - Date.parse(plannedAt) < shownMs;

const afterStop = (finding: Finding, instance: SeenInstance, now: Date): Finding => {
  const { stop } = finding;
  const { state, launchedAt } = instance;
  const seen = { ...finding, state };
  if (stop === undefined || state === "stopping") return seen;
  if (state === "stopped") {
    return { ...seen, status: "STOPPED", stop: { ...stop, stoppedAt: now.toISOString() } };
  }
  if (state !== "running" || isRecent(stop.plannedAt, now)) return seen;
  // Started again by its owner; or it was never ordered, and is judged again.
  return launchedAt === stop.launchedAt
    ? { ...without(seen, "stop"), status: "FLAGGED" }
    : restarted({ ...seen, launchedAt }, now);
};

const afterTermination = (finding: Finding, instance: SeenInstance, now: Date): Finding => {
  const { termination } = finding;
  const { state } = instance;
  const seen = { ...finding, state };
  if (state === "terminated" || state === "shutting-down") {
    return { ...seen, status: state === "terminated" ? "TERMINATED" : "TERMINATING" };
  }
  if (termination === undefined || isRecent(termination.plannedAt, now)) return seen;
  return { ...without(seen, "termination"), status: "STOPPED" };
};

/** @returns as it is stored then */
export const verify = async (run: Run, stored: StoredFinding): Promise<StoredFinding> => {
  const { finding } = stored;
  const instance = await readSeenInstance(run.clients.ec2, finding.instanceId);
  if (instance === undefined) return stored;
  const now = run.context.now();
  const next =
    finding.status === "STOPPING"
      ? afterStop(finding, instance, now)
      : afterTermination(finding, instance, now);
  if (next.status === finding.status && next.state === finding.state) return stored;
  const { log } = run.context;
  if (next.status === "STOPPED" && finding.status === "STOPPING") {
    log.info(`${finding.instanceId} is stopped.`, keysOf(finding));
  }
  return (await change(run, stored, next)) ?? stored;
};
