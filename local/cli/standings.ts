/** Words, marks and tones for how a target stands, in the order in which the fleet is shown. */
import type { Tone } from "../terminal/paint.ts";

interface Shown {
  readonly mark: string;
  readonly word: string;
  readonly tone?: Tone;
}

const standings: Readonly<Record<string, Shown>> = {
  NEEDS_OPERATOR: { mark: "!", word: "Needs operator", tone: "bad" },
  DEGRADED: { mark: "×", word: "Degraded", tone: "bad" },
  INTERRUPTED: { mark: "↯", word: "Interrupted", tone: "bad" },
  AWAITING_APPROVAL: { mark: "◷", word: "Awaiting approval", tone: "warning" },
  ROLLED_BACK: { mark: "↩", word: "Rolled back", tone: "warning" },
  PARTLY_SWITCHED: { mark: "◧", word: "Partly switched", tone: "warning" },
  FALLBACK: { mark: "↓", word: "Fallback", tone: "warning" },
  SWITCHING: { mark: "◔", word: "Switching", tone: "run" },
  MOVING: { mark: "◔", word: "Moving", tone: "run" },
  ON_SPOT: { mark: "◆", word: "On Spot", tone: "run" },
  SWITCHED: { mark: "✓", word: "Switched", tone: "good" },
  SHADOW: { mark: "◐", word: "Shadow", tone: "shadow" },
  ON_DEMAND: { mark: "□", word: "On-Demand" },
  QUEUED: { mark: "…", word: "Queued" },
  STAYED: { mark: "=", word: "Stayed" },
  REFUSED: { mark: "⊘", word: "Refused" },
};

/** One that a newer API knows is shown as it comes. */
const shownOf = (standing: string): Shown =>
  Object.hasOwn(standings, standing)
    ? (standings[standing] ?? { mark: "?", word: standing })
    : { mark: "?", word: standing };

/** @param moving of MOVING: how many members or nodes are under way */
export const standingText = (standing: string, moving: number | null): string => {
  const { mark, word } = shownOf(standing);
  return `${mark} ${word}${moving === null ? "" : ` ${String(moving)}`}`;
};

export const standingTone = (standing: string): Tone | undefined => shownOf(standing).tone;

export const standingNames = Object.keys(standings);

const urgent = standingNames.indexOf("MOVING");

/** What needs a person or is being moved comes first; the others are alike. */
export const urgencyOf = (standing: string): number => {
  const place = standingNames.indexOf(standing);
  return place === -1 || place > urgent ? urgent + 1 : place;
};

export const shadowMark = "◐";
