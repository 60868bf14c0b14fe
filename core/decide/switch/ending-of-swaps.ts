/** What became of many swaps that did not fail as a whole: how many were made, undone, absorbed, or left. */
import type { Swap } from "../../model/swap.ts";
import { counted } from "../offers/figures.ts";
import type { SwitchEnding } from "./outcome.ts";

/** How many are named: the record has all. */
const namedAtMost = 5;

const told = (swaps: readonly Swap[]): string => {
  const named = swaps.slice(0, namedAtMost).map(({ sentence }) => sentence);
  const rest = swaps.length - named.length;
  return [...named, ...(rest > 0 ? [`And ${String(rest)} more.`] : [])]
    .map((sentence) => ` ${sentence}`)
    .join("");
};

export interface SwapsEndingInput {
  /** For sentences: `group web`. */
  readonly name: string;
  /** What is replaced: `member`. */
  readonly noun: string;
  /** What none could be planned for: `batch`. */
  readonly rounds: string;
  /** Of all batches. A member is tried once: there is one for each. */
  readonly swaps: readonly Swap[];
  /** Replacements that had taken over, and have ended since. */
  readonly lost: readonly string[];
  /** Members that were to be replaced as well, and that no batch has tried. */
  readonly untried: number;
}

/** A pair that was made does not stand by that alone: the group launches its own in the place of a replacement that was lost. */
const toldOfLost = (made: readonly Swap[], lost: readonly string[]): string =>
  made
    .flatMap(({ originalId, replacement }) =>
      replacement !== undefined && lost.includes(replacement.instanceId)
        ? [
            ` ${replacement.instanceId}, which had taken over from ${originalId}, has ended since: the group replaces it itself.`,
          ]
        : [],
    )
    .slice(0, namedAtMost)
    .join("");

const toldOfUntried = ({
  untried,
  noun,
  rounds,
}: Pick<SwapsEndingInput, "untried" | "noun" | "rounds">): string =>
  untried === 0
    ? ""
    : ` ${counted(untried, `more ${noun}`)} ${untried === 1 ? "was" : "were"} to be replaced, and no ${rounds} could be planned for ${untried === 1 ? "it" : "them"}.`;

export const endingOfSwaps = ({
  name,
  noun,
  rounds,
  swaps,
  lost,
  untried,
}: SwapsEndingInput): SwitchEnding => {
  const at = (...stages: readonly Swap["stage"][]): readonly Swap[] =>
    swaps.filter(({ stage }) => stages.includes(stage));
  const [done, undone, absorbed] = [at("DONE"), at("UNDONE"), at("ABSORBED")];
  const others = swaps.filter((swap) => ![...done, ...undone, ...absorbed].includes(swap));
  if (others.length > 0) {
    return {
      kind: "HALF_WAY",
      sentence: `Of ${counted(swaps.length, "swap")} in ${name}, ${String(others.length)} ended half-way.${told(others)} Next: look at their intents and effects.`,
    };
  }
  const standing = done.filter(
    ({ replacement }) => replacement === undefined || !lost.includes(replacement.instanceId),
  ).length;
  const all = swaps.length + untried;
  const made = `${String(standing)} of ${counted(all, noun)} of ${name} ${standing === 1 ? "is" : "are"} replaced.`;
  if (standing === all && all > 0) return { kind: "DONE", isOfPairs: true, sentence: made };
  if (done.length > 0) {
    const rest = `${toldOfLost(done, lost)}${told([...absorbed, ...undone])}`;
    return {
      kind: "PARTLY_DONE",
      sentence: `${made}${rest}${toldOfUntried({ untried, noun, rounds })}`,
      ...(lost.length === 0 ? {} : { lost }),
    };
  }
  const launched = swaps.some(({ replacement }) => replacement !== undefined);
  return launched
    ? {
        kind: "ALL_UNDONE",
        sentence: `None of ${counted(swaps.length, "swap")} in ${name} was made.${told([...absorbed, ...undone])}`,
      }
    : {
        kind: "NOTHING_LAUNCHED",
        sentence: `No pool gave capacity to ${name}.${told(undone)}`,
        wasDown: false,
      };
};
