/**
 * Says when what was launched for a load without data that EC2 takes back may be given its identity though EC2's checks have not passed: these
 * take minutes after a launch, and the notice is two. What proves the application itself is asked instead. Where nothing does, the identity
 * stays at whoever still serves until that is about to end: nothing healthy is given up for what is not proved. That it has moved
 * is not a success: the recovery is one once it is proved.
 */
import { isRecovery, type EvaluationKind } from "../../model/evaluation-kind.ts";
import type { ProofReading } from "../../model/proof.ts";
import type { Policy } from "../../policy/policy.ts";
import { unprovedIn } from "../switch/proof.ts";

/** Does nobody serve it any longer, or will in two minutes, so that there is no time for EC2's checks? */
export const isHastened = (evaluation: {
  readonly kind?: EvaluationKind;
  readonly policy: Pick<Policy, "consistency">;
}): boolean => isRecovery(evaluation) && evaluation.policy.consistency === "stateless";

/** Two looks, and the calls of a move. What serves until its end is given up for so long. */
const lastMs = 10_000;

/** @param takenAt since when, or from when on, the one that EC2 takes is down, ISO 8601; undefined: that is not known */
export const isAboutToEnd = (takenAt: string | undefined, now: Date): boolean =>
  takenAt !== undefined && now.getTime() >= Date.parse(takenAt) - lastMs;

/** What is known of one that runs, and whose checks have not passed. */
export interface TakingOver {
  /** Of the machine itself, as they were asked last; none: its policy names none that can be asked before it has the identity. */
  readonly proofs: readonly ProofReading[];
  /** Of the load balancers. ASKED: they will say, before anything else is moved. NONE: none sends traffic to it. */
  readonly groups: "NONE" | "ASKED" | "READY";
  /** The one that EC2 takes has ended, or is about to. */
  readonly isLast: boolean;
}

/** Undefined: it may. Else why not yet. */
export const whyNotYet = ({ proofs, groups, isLast }: TakingOver): string | undefined => {
  const unproved = unprovedIn(proofs);
  if (unproved !== undefined) return unproved;
  return proofs.length > 0 || groups !== "NONE" || isLast
    ? undefined
    : "Nothing but EC2's checks proves it, and the one that EC2 takes back still serves.";
};
