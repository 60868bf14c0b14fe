/** Which members, announced while others of their group are answered for, join the batch of those. */
import type { InstanceId } from "../../model/ids.ts";

/**
 * Of the 120 s of a notice a boot takes 60, a balancer's checks 20, and our own calls some ten: so long those that were announced first can wait for one
 * more to boot beside them. Later ones have a batch of their own.
 */
const joinsWithinMs = 30_000;

export interface JoiningInput {
  /** Of the group as it was judged. */
  readonly members: readonly { readonly instanceId: InstanceId }[];
  /** Whose end an event has announced since the response began. */
  readonly announced: ReadonlyMap<InstanceId, unknown>;
  /** Those that it has decided about, whatever it has decided. */
  readonly decided: readonly string[];
  /** When the response began, ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601 */
  readonly at: string;
}

export const joiningMembers = (input: JoiningInput): readonly InstanceId[] => {
  if (Date.parse(input.at) - Date.parse(input.startedAt) > joinsWithinMs) return [];
  return input.members
    .map(({ instanceId }) => instanceId)
    .filter((id) => input.announced.has(id) && !input.decided.includes(id));
};
