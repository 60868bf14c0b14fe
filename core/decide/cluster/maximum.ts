/** Room for a batch in a group that is at its maximum: when it may be made, and when it is handed back. */
import { isLeavingGroup, type GroupFacts, type LiveGroup } from "../../model/group.ts";
import type { ChangeOf } from "../../model/intent.ts";

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
  /** What its owner asks for: our own surplus is not in it. */
  readonly asked: number;
  readonly raised: Pick<Raise, "maxOriginal" | "maxRaised"> | undefined;
}): HeadRoom => {
  const { group, count, asked, raised } = input;
  const needed = group.desiredCapacity + count;
  if (needed <= group.maxSize) return { kind: "ENOUGH" };
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
      sentence: `Somebody has taken the room that was made in group ${group.asgName}: ${String(asked)} are asked for, above its maximum of ${String(raised.maxOriginal)}.`,
    };
  }
  return {
    kind: "RAISE",
    maxOriginal: isOurs ? raised.maxOriginal : group.maxSize,
    maxRaised: needed,
  };
};

export type Restore =
  /** As it was already. */
  | { readonly kind: "DONE" }
  | { readonly kind: "RESTORE" }
  /** Somebody has changed it since: that stands. */
  | { readonly kind: "THEIRS"; readonly sentence: string }
  /** It would end members, or start a change of the group's own: asked again later. */
  | { readonly kind: "NOT_NOW"; readonly sentence: string };

/** AWS lowers the desired capacity to a maximum below it, and ends members. */
export const judgeRestoreOfMax = (
  { asgName, maxOriginal, maxRaised }: Raise,
  { maxSize, desiredCapacity, members }: LiveGroup,
): Restore => {
  if (maxSize === maxOriginal) return { kind: "DONE" };
  if (maxSize !== maxRaised) {
    return {
      kind: "THEIRS",
      sentence: `Somebody set the maximum of group ${asgName} to ${String(maxSize)} meanwhile: it stays.`,
    };
  }
  const size = members.filter((member) => !isLeavingGroup(member)).length;
  if (Math.max(desiredCapacity, size) <= maxOriginal) return { kind: "RESTORE" };
  return {
    kind: "NOT_NOW",
    sentence: `The maximum of group ${asgName} stays ${String(maxRaised)} instead of ${String(maxOriginal)} while ${String(Math.max(desiredCapacity, size))} are wanted or there: lowering it would end members. Next: lower it once fewer are wanted.`,
  };
};
