/** Terminates what we have stopped and persons have agreed to end: read again, written down, ordered. */
import { terminateInstance } from "../../../adapters/aws/ec2/instances.ts";
import { wasRefused } from "../../../adapters/aws/translate-error.ts";
import type { StoredFinding } from "../../../adapters/store/enforcer.ts";
import { isAgreed } from "../../../core/enforce/due.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { asFound, judgeAgain } from "./judge-again.ts";
import { change, keysOf, noteInAudit, requireLetGo, without, type Run } from "./run.ts";

const order = async (run: Run, planned: StoredFinding): Promise<void> => {
  const { finding } = planned;
  try {
    await requireLetGo(run);
    const { requestId } = await terminateInstance(run.clients.ec2, finding.instanceId);
    await noteInAudit(run, finding, {
      action: "TERMINATE_INSTANCE",
      detail: { requestId, agreed: finding.agreed },
    });
    const { termination } = finding;
    if (termination !== undefined) {
      await change(run, planned, { ...finding, termination: { ...termination, requestId } });
    }
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    if (error.name !== "StaleKillSwitch" && !wasRefused(error)) throw error;
    // Nothing was done: persons are asked anew.
    const back = without(finding, "termination", "agreed");
    await change(run, planned, { ...back, status: "STOPPED" });
    run.context.log.warn(`${finding.instanceId} was not terminated: ${error.message}`, {
      ...keysOf(finding),
      error: error.name,
    });
  }
};

/** Stopped since our stop, without an owner, and unprotected: else it is left alone. */
export const terminateNow = async (run: Run, stored: StoredFinding): Promise<void> => {
  const { finding } = stored;
  const now = run.context.now();
  if (!isAgreed(finding, "TERMINATE_INSTANCES", now)) return;
  const judged = await judgeAgain(run, finding);
  if (judged === undefined) return;
  const { instance, standing } = judged;
  const isAsStopped =
    instance.state === "stopped" && instance.launchedAt === finding.stop?.launchedAt;
  const found = asFound(finding, judged, now);
  if (standing.kind === "OWNED" || !isAsStopped || found.verdict === "REPORT") {
    await change(run, stored, without(found, "agreed"));
    return;
  }
  const planned = await change(run, stored, {
    ...found,
    status: "TERMINATING",
    termination: { plannedAt: now.toISOString() },
  });
  if (planned !== undefined) await order(run, planned);
};
