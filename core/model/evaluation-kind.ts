/** Says what an evaluation is to bring about. Every kind reads, judges, moves and records by the same steps. */

export const evaluationKinds = [
  /** From On-Demand to Spot. */
  "SWITCH",
  /** The way back: from Spot to On-Demand, because somebody asked for it. */
  "FALL_BACK",
  /** From the Spot pool in which it stands to a better one, or to On-Demand, because that is worth it: nobody asked for a place. */
  "MOVE",
  /** Launched anew, on Spot or On-Demand, because EC2 has taken the Spot Instance back, or is about to. */
  "RECOVER",
  /** Of one node that EC2 has announced to take back: it is emptied in time, and its group launches another. */
  "RESPOND",
] as const;
export type EvaluationKind = (typeof evaluationKinds)[number];

/** @param of a record, or of facts; those made before there were kinds have none, and are of a switch */
export const kindOf = ({ kind = "SWITCH" }: { readonly kind?: EvaluationKind }): EvaluationKind =>
  kind;

export const isResponse = (evaluation: { readonly kind?: EvaluationKind }): boolean =>
  kindOf(evaluation) === "RESPOND";

export const isRecovery = (evaluation: { readonly kind?: EvaluationKind }): boolean =>
  kindOf(evaluation) === "RECOVER";

/** It leaves a Spot Instance that lives: of that nothing is kept. */
export const leavesSpot = (evaluation: { readonly kind?: EvaluationKind }): boolean =>
  kindOf(evaluation) === "FALL_BACK" || kindOf(evaluation) === "MOVE";
