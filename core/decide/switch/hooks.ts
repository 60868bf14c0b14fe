/** What is told of the owner's hooks: how each run ended, and what that means for him. */
import type { HookRun } from "../../model/command.ts";
import { isRecovery } from "../../model/evaluation-kind.ts";
import type { Evaluation, Outcome } from "../../model/evaluation.ts";
import type { IntentWithCalls } from "../../model/intent.ts";
import { nextOfCommand, sentenceOnEnd } from "./command.ts";

const runOf = (planned: IntentWithCalls, now: Date): readonly HookRun[] => {
  const { intent, effects } = planned;
  const { change, plannedAt } = intent;
  if (change.kind !== "RUN_COMMAND" || change.hook === undefined) return [];
  const { hook, document, instanceId } = change;
  const run = { hook, document, instanceId };
  const next = nextOfCommand(planned, now);
  if (next.kind === "ENDED") {
    const { hasSucceeded, at } = next.end;
    return [{ ...run, hasSucceeded, sentence: sentenceOnEnd(change, next.end), at }];
  }
  // Not run at all: what kept it from it is the failure that ended the switch.
  if (next.kind === "SEND" && hook === "before_freeze") return [];
  const words = effects.at(-1)?.message;
  const sentence =
    next.kind === "SEND"
      ? `Document ${document} was not run on ${instanceId}: ${words ?? "it was not sent."}`
      : `Whether document ${document} succeeded on ${instanceId} is not known.`;
  return [{ ...run, hasSucceeded: false, sentence, at: plannedAt }];
};

/** In the order planned. */
export const hookRuns = (planned: readonly IntentWithCalls[], now: Date): readonly HookRun[] =>
  planned.flatMap((each) => runOf(each, now));

const isSwitched = ({ status }: Outcome): boolean =>
  status === "SWITCHED" || status === "PARTLY_SWITCHED" || status === "FELL_BACK";

type Hooked = Pick<Evaluation, "policy" | "kind">;

/** A switch without it is not made; what EC2 takes back ends all the same. */
const endsWithoutHook = ({ kind, policy }: Hooked): boolean =>
  isRecovery({ ...(kind && { kind }) }) && policy.consistency !== "stateless";

/** Its agent did not answer in time, so that no command was made. */
const missed = (evaluation: Hooked, runs: readonly HookRun[]): readonly string[] =>
  evaluation.policy.hooks
    .filter(({ kind }) => !runs.some(({ hook }) => hook === kind))
    .flatMap(({ kind, document }) => {
      if (kind === "after_switch") {
        return [
          `Hook ${kind} was not run: Systems Manager did not manage the replacement in time. Next: run document ${document} by hand.`,
        ];
      }
      return endsWithoutHook(evaluation)
        ? [
            `Hook ${kind} was not run: the instance had ended by then, or Systems Manager did not manage it. What it had not written to its volumes is lost.`,
          ]
        : [];
    });

const sentenceOn = (outcome: Outcome, run: HookRun): readonly string[] => {
  const { hook, instanceId, hasSucceeded, sentence } = run;
  if (hook === "before_freeze" && !isSwitched(outcome)) {
    return [`Hook ${hook} was run on ${instanceId}: see that what it did is taken back.`];
  }
  return hasSucceeded ? [] : [`Hook ${hook}: ${sentence}`];
};

/** With what its owner must know of hooks that ran for nothing, failed, or did not run. */
export const withHooks = (
  outcome: Outcome,
  evaluation: Hooked,
  runs: readonly HookRun[],
): Outcome => {
  const sentences = [
    ...runs.flatMap((run) => sentenceOn(outcome, run)),
    ...(isSwitched(outcome) ? missed(evaluation, runs) : []),
  ];
  return sentences.length === 0
    ? outcome
    : { ...outcome, sentence: [outcome.sentence, ...sentences].join(" ") };
};
