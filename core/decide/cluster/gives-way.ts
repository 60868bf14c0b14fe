/** A conversion between two batches gives way where EC2 takes members back: who is told of that waits for it to end, and answers at once. */
import type { GroupFacts } from "../../model/group.ts";
import type { Postponement } from "../../model/verdict.ts";
import type { Policy } from "../../policy/policy.ts";
import { counted } from "../offers/figures.ts";
import { soon } from "../switch/group/delays.ts";
import { toLaunchAnew } from "./convertible.ts";

export interface GivingWay {
  readonly group: GroupFacts;
  readonly policy: Pick<Policy, "moveOwnersSpot">;
  /** What the conversion has brought itself. */
  readonly brought: readonly { readonly instanceId: string; readonly evaluationId: string }[];
  /** ISO 8601 */
  readonly at: string;
}

/** Undefined: no member is announced that a response would launch anew. */
export const givesWay = ({ group, policy, brought, at }: GivingWay): Postponement | undefined => {
  const placed = [...(group.placed ?? []), ...brought];
  const { members } = toLaunchAnew({ ...group, placed }, policy);
  return members.length === 0
    ? undefined
    : soon(
        { at },
        {
          reason: "NOT_ALL_IN_SERVICE",
          sentence: `EC2 takes ${counted(members.length, "member")} of group ${group.asgName} back: that is answered first.`,
        },
      );
};
