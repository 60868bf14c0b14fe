/**
 * Each call that the record tells had the effect that it says, or says that it is not known; and each call that had an effect
 * is told. Compared with the simulated cloud's journal.
 */
import type { ToldEffect } from "../../../../core/model/evaluation.ts";
import type { JournalEntry } from "../../../cloud/journal.ts";
import type { Judged } from "../promise.ts";

const spell = ({ action, resource, at, outcome }: ToldEffect): string =>
  `${action} of ${resource} at ${at} is ${outcome} in the record`;

const answerTo = (
  { requestId, action }: ToldEffect,
  calls: readonly JournalEntry[],
): JournalEntry | undefined =>
  calls.find((call) => call.requestId === requestId && call.operation === action);

const untrue = (effect: ToldEffect, calls: readonly JournalEntry[]): readonly string[] => {
  if (effect.outcome === "UNKNOWN") return [];
  const call = answerTo(effect, calls);
  if (call === undefined) return [`${spell(effect)}, and there was no such call`];
  const isDone = effect.outcome === "DONE";
  // A fleet that launches nothing is made all the same, and its answer is a refusal for each place: what it launched others look for.
  if (effect.action === "CreateFleet" && !isDone) return [];
  return call.hadEffect === isDone
    ? []
    : [`${spell(effect)}, and it had ${isDone ? "no" : "an"} effect`];
};

/** A launch is of a pool, and a reservation too, which the call spells in parts; an interface goes by its attachment, a volume's flag by its device. */
const nameless: ReadonlySet<string> = new Set([
  "CreateFleet",
  "RunInstances",
  "CreateCapacityReservation",
  "DetachNetworkInterface",
  "ModifyInstanceAttribute",
]);

/** Of this very call, or of one whose answer is not known and that is about the same. */
const tells = (effect: ToldEffect, { requestId, operation, input, at }: JournalEntry): boolean => {
  if (effect.action !== operation) return false;
  if (effect.outcome !== "UNKNOWN") return effect.requestId === requestId;
  const told = JSON.stringify(input);
  // Of a call for several, their ids stand one after the other.
  const isSame =
    nameless.has(operation) || effect.resource.split(" ").every((id) => told.includes(id));
  return isSame && Date.parse(effect.at) <= at;
};

/** A call that was found done, and none was. */
const foundInVain = (effect: ToldEffect, calls: readonly JournalEntry[]): readonly string[] => {
  if (effect.found?.kind !== "DONE" || effect.found.sentence.includes("was not needed")) return [];
  const isDone = calls.some(({ operation, hadEffect }) => operation === effect.action && hadEffect);
  return isDone ? [] : [`${spell(effect)}, found done, and no such call ever had an effect`];
};

export const effectsAreTrue = ({ ending }: Judged): readonly string[] => {
  const { effects, evaluationId } = ending;
  const calls = ending.mutations.filter(({ sessionName }) => sessionName === evaluationId);
  return [
    ...effects.flatMap((effect) => [...untrue(effect, calls), ...foundInVain(effect, calls)]),
    ...calls
      .filter((call) => call.hadEffect && !effects.some((effect) => tells(effect, call)))
      .map(
        ({ operation, at }) =>
          `${operation} at ${new Date(at).toISOString()} had an effect that the record does not tell`,
      ),
  ];
};
