/**
 * What one invocation sees of a group from which originals leave one after the other. Right before each the group is described again, with its members'
 * traffic and Spot requests; what EC2 says of their machines is read again once it is older than it may be.
 */
import type { GroupFacts } from "../../../core/model/group.ts";
import { readGroupAgain, readGroupOnTop, readGroupShown } from "../group.ts";
import type { LiveSession } from "../session.ts";

/** † So old what EC2 says of the members' machines may be when an original leaves: a removal takes some tenths of a second. */
const holdsMs = 2_000;

export interface Looks {
  /** Right before an original is asked to leave. */
  readonly beforeRemoval: () => Promise<GroupFacts>;
  /** Where those stand that leave already: of this invocation. */
  readonly atThoseLeaving: () => Promise<GroupFacts>;
}

export const openLooks = (session: LiveSession): Looks => {
  let whole: { readonly group: GroupFacts; readonly atMs: number } | undefined;
  let last: GroupFacts | undefined;
  const nowMs = (): number => session.context.now().getTime();
  return {
    beforeRemoval: async () => {
      if (whole !== undefined && nowMs() - whole.atMs <= holdsMs) {
        last = await readGroupOnTop(session, whole.group);
      } else {
        const atMs = nowMs();
        last = await readGroupAgain(session);
        whole = { group: last, atMs };
      }
      return last;
    },
    atThoseLeaving: async () => (last ??= await readGroupShown(session)),
  };
};
