/** What every mode asks before a person's decision about a switch that was left open is carried out, and how it answers. */
import type { Evaluation } from "../../model/evaluation.ts";

export type ResolutionPlan =
  | { readonly kind: "POSSIBLE"; readonly steps: readonly string[] }
  | { readonly kind: "REFUSED"; readonly sentence: string };

export interface ResumeInput {
  readonly evaluation: Pick<Evaluation, "evaluationId" | "authorization">;
  /** Why nothing may be changed now: kill switch, or account disabled. */
  readonly stopped?: string;
}

export const isWanted = ({
  evaluation: { authorization, evaluationId },
}: ResumeInput): string | undefined =>
  authorization?.kind === "PROCEED"
    ? undefined
    : `Evaluation ${evaluationId} was never to be carried out: there is no switch to go on with.`;

export const isNotStopped = ({ stopped }: ResumeInput): string | undefined =>
  stopped === undefined ? undefined : `${stopped} Lift that first; roll-back and adopt don't wait.`;

export interface TakenInput {
  readonly replacements: readonly string[];
  /** Instances of these that another target is registered for, and by which. */
  readonly registeredElsewhere: Readonly<Record<string, string>>;
}

/** @param input.replacements those that the roll-back would end */
export const isNobodyElses = ({
  replacements,
  registeredElsewhere,
}: TakenInput): string | undefined => {
  const taken = replacements.find((instanceId) => registeredElsewhere[instanceId] !== undefined);
  return taken === undefined
    ? undefined
    : `The replacement ${taken} is registered as ${registeredElsewhere[taken] ?? "another target"}, and would be ended: delete that target first, or adopt.`;
};

/** The sentence of the first that speaks against it. */
export const firstRefusal = <Input>(
  refusals: readonly ((input: Input) => string | undefined)[],
  input: Input,
): string | undefined => {
  for (const refusal of refusals) {
    const sentence = refusal(input);
    if (sentence !== undefined) return sentence;
  }
  return undefined;
};
