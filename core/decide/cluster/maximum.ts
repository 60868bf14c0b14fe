/** Room for a batch in a group that is at its maximum: when it may be made, and when it is handed back. */
import { isLeavingGroup, type GroupFacts, type LiveGroup } from "../../model/group.ts";
import type { ChangeOf } from "../../model/intent.ts";
import type { Restore } from "../switch/restore.ts";

type Raise = ChangeOf<"RAISE_MAX">;

export type HeadRoom =
  | { readonly kind: "ENOUGH" }
  | { readonly kind: "RAISE"; readonly maxOriginal: number; readonly maxRaised: number }
  /** A policy would take it. */
  | { readonly kind: "NOT_NOW"; readonly sentence: string };

/**
 * For so many more, right before they are attached. `raised`: what this evaluation has raised already, so that its first value is kept; where somebody
 * has changed the maximum since, his counts.
 */
export const headRoomFor = (input: {
  readonly group: Pick<LiveGroup, "maxSize" | "desiredCapacity"> &
    Pick<GroupFacts, "asgName" | "alarmsInBreach">;
  readonly count: number;
  readonly raised: StandingRaise | undefined;
  /** What the owner asks for by now, without our surplus. */
  readonly asked: number;
  /** What was raised before and could not be handed back. */
  readonly standing?: StandingRaise | undefined;
}): HeadRoom => {
  const { group, count, asked, raised, standing } = input;
  const needed = group.desiredCapacity + count;
  if (needed <= group.maxSize) return { kind: "ENOUGH" };
  const sentence = whyNoSecondRaise(group, standing, count);
  if (sentence !== undefined) return { kind: "NOT_NOW", sentence };
  if (group.alarmsInBreach.length > 0) {
    return {
      kind: "NOT_NOW",
      sentence: `Group ${group.asgName} is at its maximum of ${String(group.maxSize)} while ${group.alarmsInBreach.join(", ")} is in ALARM: its scaling policy would take a raised maximum.`,
    };
  }
  const isOurs = raised !== undefined && raised.maxRaised === group.maxSize;
  if (isOurs && asked > raised.maxOriginal) {
    return {
      kind: "NOT_NOW",
      sentence: `Group ${group.asgName} itself asks for ${String(asked)} since its maximum was raised from ${String(raised.maxOriginal)} to ${String(raised.maxRaised)}: that room is taken, and it is not raised a second time.`,
    };
  }
  return {
    kind: "RAISE",
    maxOriginal: isOurs ? raised.maxOriginal : group.maxSize,
    maxRaised: needed,
  };
};

/** What an earlier evaluation has raised and could not hand back yet. */
export type StandingRaise = Pick<Raise, "maxOriginal" | "maxRaised">;

/** Raised a second time it would only feed what has taken the room of the first time. Undefined: there is room enough, or that maximum no longer stands. */
export const whyNoSecondRaise = (
  {
    asgName,
    maxSize,
    desiredCapacity,
  }: Pick<LiveGroup, "maxSize" | "desiredCapacity"> & Pick<GroupFacts, "asgName">,
  standing: StandingRaise | undefined,
  count: number,
): string | undefined =>
  standing === undefined || standing.maxRaised !== maxSize || desiredCapacity + count <= maxSize
    ? undefined
    : `Group ${asgName} still has the maximum of ${String(maxSize)} that we raised from ${String(standing.maxOriginal)}, and its own capacity has taken that room: it is not raised a second time. Nothing is done until it can be handed back.`;

export const staysRaised = ({ asgName, maxOriginal, maxRaised }: Raise): string =>
  `The maximum of group ${asgName} stays ${String(maxRaised)} instead of ${String(maxOriginal)} while more than ${String(maxOriginal)} are wanted or there: lowering it would end members. It is lowered once they are not.`;

/** AWS lowers the desired capacity to a maximum below it, and ends members. */
export const judgeRestoreOfMax = (
  raise: Raise,
  { maxSize, desiredCapacity, members }: LiveGroup,
): Restore => {
  const { asgName, maxOriginal, maxRaised } = raise;
  if (maxSize === maxOriginal) return { kind: "DONE" };
  if (maxSize !== maxRaised) {
    return {
      kind: "THEIRS",
      sentence: `Somebody set the maximum of group ${asgName} to ${String(maxSize)} meanwhile: it stays.`,
    };
  }
  const size = members.filter((member) => !isLeavingGroup(member)).length;
  if (Math.max(desiredCapacity, size) <= maxOriginal) return { kind: "RESTORE" };
  return { kind: "NOT_NOW", sentence: staysRaised(raise) };
};
