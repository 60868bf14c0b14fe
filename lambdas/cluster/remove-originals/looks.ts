/**
 * What one invocation sees of a group from which originals leave one after the other. Right before each all that may have changed is read again: the group, its
 * members' machines, their Spot requests and their traffic. † A Spot request does not tell at once of an instance that has ended without a notice.
 */
import type { GroupFacts } from "../../../core/model/group.ts";
import { readGroupAgain, readGroupShown } from "../group.ts";
import type { LiveSession } from "../session.ts";

export interface Looks {
  /** Right before an original is asked to leave. */
  readonly beforeRemoval: () => Promise<GroupFacts>;
  /** Where those stand that leave already: of this invocation. */
  readonly atThoseLeaving: () => Promise<GroupFacts>;
}

export const openLooks = (session: LiveSession): Looks => {
  let last: GroupFacts | undefined;
  return {
    beforeRemoval: async () => {
      last = await readGroupAgain(session);
      return last;
    },
    atThoseLeaving: async () => (last ??= await readGroupShown(session)),
  };
};
