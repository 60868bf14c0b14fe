/** How a group's capacity stood at one look, as the course of its evaluation tells it. */
import type { CapacityPoint } from "../../model/course.ts";
import { isInService, isOnSpot, type LiveGroup } from "../../model/group.ts";
import { changesOf, type Intent } from "../../model/intent.ts";
import type { Swap } from "../../model/swap.ts";
import { hasActed, lackingMembers, servingMembers, type Ledger } from "./capacity.ts";

interface Looked {
  readonly group: Pick<LiveGroup, "desiredCapacity" | "members">;
  readonly asked: number;
  /** ISO 8601 */
  readonly at: string;
}

/** Of a look that asked the group alone. */
export const shownPoint = ({ group, asked, at }: Looked): CapacityPoint => ({
  at,
  asked,
  desired: group.desiredCapacity,
  inService: group.members.filter(isInService).length,
});

/** Of a look that asked the group, EC2 and the balancers. */
export const wholePoint = (
  looked: Looked & { readonly group: Pick<LiveGroup, "traffic"> },
): CapacityPoint => {
  const serving = servingMembers(looked.group);
  return {
    ...shownPoint(looked),
    serving: serving.length,
    servingOnSpot: serving.filter(isOnSpot).length,
  };
};

/**
 * Of those that are asked for and do not serve, how many are missing by us: their originals were asked to leave although their replacements had not served
 * yet. Others are missing by a scale-out of the owner's, a failed check or an interruption.
 */
export const lackingByUs = (
  { asked }: Pick<Ledger, "asked">,
  group: Pick<LiveGroup, "members" | "traffic">,
  {
    intents,
    swaps,
  }: {
    readonly intents: readonly Intent[];
    readonly swaps: readonly Pick<Swap, "swapId" | "joinedAt">[];
  },
): number => {
  const unproved = new Set(
    swaps.filter(({ joinedAt }) => joinedAt === undefined).map(({ swapId }) => swapId),
  );
  const early = intents.filter(
    (intent) => hasActed(intent) && intent.swapId !== undefined && unproved.has(intent.swapId),
  );
  return Math.min(lackingMembers({ asked }, group), changesOf(early, "REMOVE_MEMBER").length);
};
