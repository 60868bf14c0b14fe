/**
 * May a recovery start the stopped original, which an earlier evaluation keeps for its cool-off, instead of launching? Of a load without data: an
 * original with data lacks what was written since.
 */
import type { LinearProgress } from "../../model/evaluation.ts";
import type { InstanceFacts } from "../../model/instance.ts";
import type { ChangeOf } from "../../model/intent.ts";
import type { Policy } from "../../policy/policy.ts";
import type { HealthJudgement } from "../switch/health.ts";
import { judgeRest } from "../switch/retirement.ts";
import type { OwnersConsent } from "./eligibility/ownership.ts";
import { judgeUseOfOriginal } from "./retirement.ts";
import { travellingInterfaces, travellingPrivateIps } from "./travelling-parts.ts";

/** It is what takes over, or may yet. */
export const standsKept = (kept: LinearProgress["keptOriginal"]): boolean =>
  kept !== undefined && kept.refusal === undefined;

/** EC2's checks pass two to three minutes after a start: what is not proved by then may never be, and a launch is sooner. */
export const keptDeadlineMinutes = 5;

/** What hangs by an attachment would have to leave a stopped original again, should that not take over: what is launched gets it. */
export const mayStartKept = (
  { consistency }: Pick<Policy, "consistency">,
  instance: InstanceFacts,
): boolean =>
  consistency === "stateless" &&
  travellingInterfaces(instance).length + travellingPrivateIps(instance).length === 0;

export interface KeptInput {
  readonly original: InstanceFacts | undefined;
  /** As it was when the verdict was given under which it was retired; undefined when that is not known. */
  readonly before: Pick<InstanceFacts, "volumes"> | undefined;
  readonly retirement: ChangeOf<"RETIRE_ORIGINAL">;
  readonly keptBy: { readonly evaluationId: string; readonly deploymentId: string };
  readonly consent: OwnersConsent;
  readonly now: Date;
}

/**
 * It rests as it was left, its time has not come, its owner uses it for nothing, and no recovery has tried it. Or the last one that did has left it
 * running.
 */
export const isFitToStart = (input: KeptInput): boolean => {
  const { original, before, retirement, keptBy, consent, now } = input;
  if (retirement.isLeftRunning === true) return original?.state === "running";
  if (original === undefined || retirement.takenBy !== undefined) return false;
  const { evaluationId, deploymentId } = keptBy;
  const retired = { ...retirement, evaluationId, deploymentId };
  const rest = judgeRest({ original, retired, successorId: undefined, now });
  const use = judgeUseOfOriginal({ original, before, groups: [], consents: [consent] });
  return rest.kind === "RESTS" && use === undefined;
};

/** May a recovery that is undone leave it running? Nothing healthy is given up; nor is what may yet come up, where nobody else serves. */
export const staysRunning = (
  { kind }: Pick<HealthJudgement, "kind">,
  isOtherGone: boolean,
): boolean => kind === "HEALTHY" || (kind === "WAITING" && isOtherGone);
