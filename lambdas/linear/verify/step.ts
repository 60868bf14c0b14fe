/**
 * Verify: the replacement is healthy, everything that makes its identity is there, read anew from AWS, it is what the verdict saw
 * in the original, and the proofs of the application hold. A part that is gone is moved again. Then the
 * owner's hook tells others. A load without data that EC2 takes back is verified by its proofs, or its load balancers, where EC2's checks
 * have not passed yet: these are waited for before the record is closed.
 */
import type * as z from "zod";
import { paces } from "../../../core/decide/linear/paces.ts";
import { unprovedIn } from "../../../core/decide/switch/proof.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import { leastMinutes } from "../../../core/policy/proof.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import {
  identityRound,
  moveAgain,
  readStanding,
  type IdentityStanding,
} from "../identity/standing.ts";
import { orGiveUpKept } from "../give-up-kept.ts";
import { readFollowUps } from "../follow-ups.ts";
import { isTelling, tellOthers } from "../hooks.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import {
  proveInGroups,
  readProofs,
  withProofs,
  type ProofClients,
} from "../../evaluation/prove.ts";
import { readOriginal } from "../facts.ts";
import { unprovedNextStep } from "../proof-next-step.ts";
import { type LinearResult, type LinearSession, replacementId, withProgress } from "../session.ts";
import { lookAtTakingOver } from "../taking-over.ts";

const outputSchema = pollingOutput(["VERIFIED", "MOVE_AGAIN", "WAITING", "GIVEN_UP"]);
type Output = z.infer<typeof outputSchema>;

/** `unchecked`: EC2's checks have not passed, and something else is to prove it. */
type Standing = IdentityStanding & { readonly unchecked?: true };

/** Does anything but EC2's checks say that it serves? */
const isProvable = async (session: LinearSession<"ec2" | "elb">): Promise<boolean> => {
  if (session.evaluation.policy.proof.length > 0) return true;
  const { targetGroups } = await readOriginal(session);
  return (await proveInGroups(session, { instanceId: replacementId(session), targetGroups })).holds;
};

const standingNow = async (session: LinearSession<"ec2" | "elb">): Promise<Standing> => {
  const health = await lookAtTakingOver(session, "WAITING");
  if (health.kind === "WAITING") return health;
  const standing = await readStanding(session);
  if (health.kind === "HEALTHY" || standing.kind !== "WHOLE") return standing;
  return (await isProvable(session))
    ? { ...standing, unchecked: true }
    : { kind: "WAITING", sentence: health.sentence };
};

/** The downtime ends here, also where the application is still warming up. */
const servingSince =
  (servingAt: string) =>
  (record: LinearEvaluation): LinearEvaluation =>
    record.progress.servingAt === undefined ? withProgress({ servingAt })(record) : record;

/** As they are now: one that was mended meanwhile is told no longer. */
const withDifferences =
  (differences: readonly string[]) =>
  (record: LinearEvaluation): LinearEvaluation =>
    differences.length === 0 && record.progress.differences === undefined
      ? record
      : withProgress({ differences })(record);

type VerifySession = LinearSession<"backup" | "ec2" | "route53" | ProofClients>;
type Whole = Extract<Standing, { readonly kind: "WHOLE" }>;
type Note = (record: LinearEvaluation) => LinearEvaluation;

/** All holds. */
const verified = async (
  session: VerifySession,
  { replacement }: Whole,
  before: Note,
): Promise<LinearResult<Output>> => {
  const instanceId = replacementId(session);
  const followUps =
    session.evaluation.progress.followUps ?? (await readFollowUps(session, replacement));
  const note: Note = (record) => withProgress({ followUps })(before(record));
  const telling = await tellOthers(session, instanceId);
  if (telling !== undefined) {
    return { ...telling, change: (record) => note(telling.change(record)) };
  }
  const count = session.evaluation.policy.proof.length;
  const also = count === 0 ? "" : ` ${String(count)} proofs of the application hold.`;
  return {
    output: {
      kind: "VERIFIED",
      summary: `${instanceId} is healthy and carries the whole identity.${also}`,
    },
    change: note,
  };
};

/** Of the replacement, once it has the whole identity: an original that was not retired is the way back. */
const proveApplication = async (
  session: VerifySession,
  whole: Whole,
): Promise<LinearResult<Output>> => {
  const instanceId = replacementId(session);
  const { policy, progress } = session.evaluation;
  const servesSince = progress.servingAt ?? session.context.now().toISOString();
  const differences = withDifferences(whole.differences);
  const note: Note = (record) => differences(servingSince(servesSince)(record));
  if (isTelling(session)) return verified(session, whole, note);
  const { targetGroups } = await readOriginal(session);
  const proved = { stage: "after", instanceId, targetGroups, servesSince } as const;
  const proofs = await readProofs(session, proved);
  const unproved = unprovedIn(proofs);
  if (unproved === undefined) {
    return verified(session, whole, (record) => withProofs(proofs)(note(record)));
  }
  const isUnchecked = whole.unchecked === true;
  const waiting = waitFor(session, {
    phase: "proof",
    ...identityRound(session),
    pace: isUnchecked ? paces.verify : paces.proof,
    minutes: policy.proofDeadlineMinutes + leastMinutes(policy.proof),
    sentence: unproved,
    resource: instanceId,
    nextStep: unprovedNextStep,
  });
  // Until then nothing has said that it serves.
  const noteUnproved = isUnchecked ? differences : note;
  return {
    ...waiting,
    change: (record) => withProofs(proofs)(noteUnproved(waiting.change(record))),
  };
};

const verify = async (
  session: VerifySession & LinearSession<"ec2" | "elb">,
): Promise<LinearResult<Output>> => {
  const standing = await standingNow(session);
  if (standing.kind === "WHOLE") return proveApplication(session, standing);
  const { sentence } = standing;
  if (standing.kind === "MOVE_AGAIN") return moveAgain(session, sentence);
  return waitFor(session, {
    phase: "verify",
    ...identityRound(session),
    pace: paces.verify,
    minutes: session.evaluation.policy.moveDeadlineMinutes,
    sentence,
    resource: replacementId(session),
    nextStep: "See who changed it, and give it back what it lacks; then evaluate again, or resume.",
  });
};

export const verifyStep = defineEvaluationStep({
  name: "verify",
  clients: ["backup", "cloudWatch", "ec2", "elb", "route53", "ssm"],
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: outputSchema,
  run: (session) => orGiveUpKept(session, () => verify(session)),
});
