/** The group as it is now: read again before each decision, on top of what the gate has found out. */
import { readGroupSince } from "../../adapters/aws/autoscaling/group-since.ts";
import { readLiveGroup } from "../../adapters/aws/autoscaling/group.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import { readGroupTags, policyOfGroup } from "../../core/policy/group-tags.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { absent, readSubjectFacts } from "../evaluation/facts.ts";
import type { ClusterSession, LiveClientName, LiveSession } from "./session.ts";

/** As the gate found it. Throws BrokenFacts when it has not run, or has found no group. */
export const readJudgedGroup = async (session: ClusterSession): Promise<GroupFacts> => {
  const { group } = await readSubjectFacts<"CLUSTER">(session);
  if (group === undefined) throw absent(session, "group");
  return group;
};

/** What applies to the group: its owner's tags over what is registered. */
export const policyOf = ({ evaluation }: ClusterSession, { tags }: GroupFacts): Policy =>
  policyOfGroup(evaluation.policy, readGroupTags(tags));

/** Nothing that we do about a group makes it vanish: somebody deleted it. */
const gone = ({ evaluation }: ClusterSession): SpotOptimizerError =>
  new SpotOptimizerError(
    "StaleOriginal",
    `Group ${evaluation.subject.asgName} no longer exists: somebody deleted it meanwhile.`,
    {
      resource: evaluation.subject.asgName,
      nextStep: "Nothing: what was launched for it is ended. Delete the target.",
    },
  );

/** Sizes, members, suspended processes and traffic as they are now; the rest as the gate found it. Throws StaleOriginal where the group is gone. */
export const readGroupAgain = async (session: LiveSession): Promise<GroupFacts> => {
  const before = await readJudgedGroup(session);
  const live = await readLiveGroup(await session.customer(), before);
  if (live === undefined) throw gone(session);
  return { ...before, ...live };
};

/** All of it that may have changed since it was judged, with what acts on it. Throws StaleOriginal where the group is gone. */
export const readGroupSinceJudged = async (
  session: ClusterSession<LiveClientName | "cloudWatch">,
): Promise<GroupFacts> => {
  const { accountId, region } = session.evaluation;
  const before = await readJudgedGroup(session);
  const found = await readGroupSince(await session.customer(), before, { accountId, region });
  if (found === undefined) throw gone(session);
  return found;
};
