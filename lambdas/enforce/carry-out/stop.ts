/** Stops an instance: read again, counted, written down, ordered. Never with Force, and never into hibernation. */
import { stopInstance } from "../../../adapters/aws/ec2/instances.ts";
import { wasRefused } from "../../../adapters/aws/translate-error.ts";
import { updateEnforcerPlace, type StoredFinding } from "../../../adapters/store/enforcer.ts";
import { leftOfCap, mayStopNow, withStop } from "../../../core/enforce/cap.ts";
import { isAgreed } from "../../../core/enforce/due.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { EnforcerPlace, Finding } from "../../../core/model/enforcer.ts";
import { asFound, judgeAgain, type JudgedAgain } from "./judge-again.ts";
import { change, keysOf, noteInAudit, requireLetGo, without, type Run } from "./run.ts";

const mayStop = (finding: Finding, { instance, standing }: JudgedAgain, now: Date): boolean => {
  if (standing.kind === "OWNED" || instance.state !== "running") return false;
  if (finding.verdict === "REPORT") return false;
  return finding.verdict === "STOP" || isAgreed(finding, "STOP_INSTANCES", now);
};

/** Counted before its call: two runs at once don't share a place in the cap. @returns false: there is none left, or another stop was made just now */
const count = async (run: Run, finding: Finding, now: Date): Promise<boolean> => {
  const { context, enforced } = run;
  const stop = { instanceId: finding.instanceId, at: now.toISOString() };
  let isCounted = false;
  const mayCount = (stored: EnforcerPlace): boolean =>
    stored.paused === undefined &&
    mayStopNow(stored, now) &&
    (isAgreed(finding, "STOP_INSTANCES", now) || leftOfCap(stored, now) > 0);
  await updateEnforcerPlace(context.table, enforced.place, (stored) => {
    isCounted = stored !== undefined && mayCount(stored);
    return stored !== undefined && isCounted ? withStop(stored, stop, now) : stored;
  });
  return isCounted;
};

/** EC2 has said that it did nothing: the owner may have protected it since it was read. */
const takeBack = async (
  run: Run,
  planned: StoredFinding,
  error: SpotOptimizerError,
): Promise<void> => {
  const { finding } = planned;
  await change(run, planned, { ...without(finding, "stop"), status: "FLAGGED" });
  run.context.log.warn(`${finding.instanceId} was not stopped: ${error.message}`, {
    ...keysOf(finding),
    error: error.name,
  });
};

const order = async (run: Run, planned: StoredFinding): Promise<void> => {
  const { finding } = planned;
  const { instanceId } = finding;
  try {
    await requireLetGo(run);
    const { requestId } = await stopInstance(run.clients.ec2, instanceId);
    const { stop } = finding;
    await noteInAudit(run, finding, {
      action: "STOP_INSTANCE",
      detail: { requestId, ...(finding.agreed !== undefined && { agreed: finding.agreed }) },
    });
    if (stop !== undefined) {
      await change(run, planned, { ...finding, stop: { ...stop, requestId } });
    }
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    // Of any other nobody knows whether it acted: the next run looks.
    if (error.name !== "StaleKillSwitch" && !wasRefused(error)) throw error;
    await takeBack(run, planned, error);
  }
};

/** One step: whatever stands against it by now is noted, and it is left alone. @returns whether a stop was written down */
export const stopNow = async (run: Run, stored: StoredFinding): Promise<boolean> => {
  const judged = await judgeAgain(run, stored.finding);
  if (judged === undefined) return false;
  const now = run.context.now();
  const found = asFound(stored.finding, judged, now);
  if (!mayStop(found, judged, now)) {
    await change(run, stored, found);
    return false;
  }
  if (!(await count(run, found, now))) return false;
  const { launchedAt } = judged.instance;
  const planned = await change(run, stored, {
    ...found,
    status: "STOPPING",
    stop: { plannedAt: now.toISOString(), launchedAt },
  });
  if (planned === undefined) return false;
  await order(run, planned);
  return true;
};
