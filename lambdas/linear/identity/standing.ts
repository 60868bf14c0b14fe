/**
 * Reads anew whether the replacement has the whole identity, and what else a replacement has of its original: before the original
 * is given up for good, "Verify replacement" and "Retire original" ask here.
 */
import { attachedParts } from "../../../adapters/aws/ec2/attached.ts";
import {
  readReplacement,
  showInstance,
  type ShownInstance,
} from "../../../adapters/aws/ec2/instances.ts";
import { compareReplacement } from "../../../core/decide/linear/likeness.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import type { ReplacementFacts } from "../../../core/model/instance.ts";
import { readOriginal } from "../facts.ts";
import { whatIsWrongWithRoot } from "../moved-root.ts";
import { replacementId, withProgress, type LinearSession } from "../session.ts";
import { nextMoves } from "./next-move.ts";
import { identityPlan } from "./plan.ts";
import { isHeld } from "./there.ts";

export type IdentityStanding =
  /** `differences`: what its owner, or another tool, has made otherwise since it was launched. */
  | {
      readonly kind: "WHOLE";
      readonly differences: readonly string[];
      readonly replacement: ReplacementFacts;
    }
  | { readonly kind: "WAITING"; readonly sentence: string }
  /** It has lost a part, or never had it: "Move identity" brings it. */
  | { readonly kind: "MOVE_AGAIN"; readonly sentence: string };

/** Throws StaleOriginal when somebody else took a part or cut the replacement off. */
const standingOfParts = async (
  session: LinearSession<"ec2" | "elb">,
  replacement: ReplacementFacts,
  attached: ReadonlySet<string>,
): Promise<Exclude<IdentityStanding, { readonly kind: "WHOLE" }> | undefined> => {
  const plan = await identityPlan(session, replacement.networkInterfaces);
  const standings = await nextMoves(session, plan, isHeld(attached, replacement.networkInterfaces));
  const due = standings.find(({ next }) => next.kind === "CALL");
  if (due !== undefined) {
    return { kind: "MOVE_AGAIN", sentence: `${due.move.id} is not at ${replacement.instanceId}.` };
  }
  for (const { next } of standings) {
    if (next.kind === "WAIT") return { kind: "WAITING", sentence: next.sentence };
  }
  return undefined;
};

const compare = async (
  session: LinearSession<never>,
  replacement: ReplacementFacts,
): Promise<IdentityStanding> => {
  const original = await readOriginal(session);
  const pair = { original, replacement };
  const { lacks, differs } = compareReplacement(pair, session.evaluation.policy);
  return lacks.length === 0
    ? { kind: "WHOLE", differences: differs, replacement }
    : {
        kind: "WAITING",
        sentence: `${replacement.instanceId} lacks what ${original.instanceId} had: ${lacks.join("; ")}.`,
      };
};

/** @param shown the replacement, where this invocation has read it already. Default: it is read anew. */
export const readStanding = async (
  session: LinearSession<"ec2" | "elb">,
  shown?: ShownInstance,
): Promise<IdentityStanding> => {
  const instanceId = replacementId(session);
  const { ec2 } = await session.customer();
  const found = shown ?? (await showInstance(ec2, instanceId));
  if (found === undefined) {
    return { kind: "WAITING", sentence: `EC2 does not show ${instanceId}.` };
  }
  const replacement = await readReplacement(ec2, found);
  const { movedRootVolumeId } = session.evaluation.progress;
  const shownRoot = replacement.volumes.find(({ isRoot }) => isRoot);
  const root = movedRootVolumeId && whatIsWrongWithRoot(instanceId, shownRoot, movedRootVolumeId);
  if (root !== undefined) return { kind: "WAITING", sentence: root };
  const parts = await standingOfParts(session, replacement, attachedParts(found));
  return parts ?? compare(session, replacement);
};

/** Whoever takes parts away again and again has a reason: a person must know it. Who resumes the switch gives it as many again. */
const mostReturns = 3;

/** Of the waits for the identity: each time that it is moved has deadlines of its own. Absent: the first time. */
export const identityRound = ({
  evaluation,
}: LinearSession<never>): { readonly round?: number } => {
  const { movedAgain } = evaluation.progress;
  return movedAgain === undefined ? {} : { round: movedAgain + 1 };
};

/** Throws StaleOriginal when it was moved again often enough. */
export const moveAgain = (
  session: LinearSession<never>,
  sentence: string,
): {
  readonly output: { readonly kind: "MOVE_AGAIN"; readonly summary: string };
  readonly change: (record: LinearEvaluation) => LinearEvaluation;
} => {
  const { progress, resolutions = [] } = session.evaluation;
  const movedAgain = (progress.movedAgain ?? 0) + 1;
  if (movedAgain > mostReturns * (1 + resolutions.length)) {
    throw new SpotOptimizerError(
      "StaleOriginal",
      `${sentence} It was moved ${String(mostReturns)} times again, and somebody else takes it away each time.`,
      {
        resource: replacementId(session),
        nextStep: "Settle who does, then evaluate again, or resume.",
      },
    );
  }
  return {
    output: { kind: "MOVE_AGAIN", summary: sentence },
    change: withProgress({ movedAgain }),
  };
};
