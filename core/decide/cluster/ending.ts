/** What became of a conversion that did not fail as a whole: how many of its swaps were made, undone, absorbed, or left. */
import type { Swap } from "../../model/swap.ts";
import { counted } from "../offers/figures.ts";
import type { SwitchEnding } from "../switch/outcome.ts";

/** How many are named: the record has all. */
const namedAtMost = 5;

const told = (swaps: readonly Swap[]): string => {
  const named = swaps.slice(0, namedAtMost).map(({ sentence }) => sentence);
  const rest = swaps.length - named.length;
  return [...named, ...(rest > 0 ? [`And ${String(rest)} more.`] : [])]
    .map((sentence) => ` ${sentence}`)
    .join("");
};

/** @param swaps of all batches */
export const endingOfCluster = (asgName: string, swaps: readonly Swap[]): SwitchEnding => {
  const at = (...stages: readonly Swap["stage"][]): readonly Swap[] =>
    swaps.filter(({ stage }) => stages.includes(stage));
  const [done, undone, absorbed] = [at("DONE"), at("UNDONE"), at("ABSORBED")];
  const others = swaps.filter((swap) => ![...done, ...undone, ...absorbed].includes(swap));
  if (others.length > 0) {
    return {
      kind: "HALF_WAY",
      sentence: `Of ${counted(swaps.length, "swap")} in group ${asgName}, ${String(others.length)} ended half-way.${told(others)} Next: look at their intents and effects.`,
    };
  }
  const made = `${String(done.length)} of ${counted(swaps.length, "member")} of group ${asgName}`;
  if (done.length === swaps.length && swaps.length > 0) {
    return {
      kind: "DONE",
      isOfPairs: true,
      sentence: `${made} ${done.length === 1 ? "is" : "are"} replaced.`,
    };
  }
  if (done.length > 0) {
    return {
      kind: "PARTLY_DONE",
      sentence: `${made} ${done.length === 1 ? "is" : "are"} replaced.${told([...absorbed, ...undone])}`,
    };
  }
  const launched = swaps.some(({ replacement }) => replacement !== undefined);
  return launched
    ? {
        kind: "ALL_UNDONE",
        sentence: `None of ${counted(swaps.length, "swap")} in group ${asgName} was made.${told([...absorbed, ...undone])}`,
      }
    : {
        kind: "NOTHING_LAUNCHED",
        sentence: `No pool gave capacity to group ${asgName}.${told(undone)}`,
        wasDown: false,
      };
};
