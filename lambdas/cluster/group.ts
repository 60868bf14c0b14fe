/** The group as it is now: read again before each decision, on top of what the gate has found out. */
import { readGroup, readLiveGroup } from "../../adapters/aws/autoscaling/group.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import { readGroupTags, policyOfGroup } from "../../core/policy/group-tags.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { absent, readSubjectFacts } from "../evaluation/facts.ts";
import type { ClusterSession, LiveSession, WholeSession } from "./session.ts";
import type { DueSession } from "../evaluation/session.ts";

/** As the gate found it. Throws BrokenFacts when it has not run, or has found no group. */
export const readJudgedGroup = async (session: DueSession<"CLUSTER">): Promise<GroupFacts> => {
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

/** All of it anew, with what acts on it. Throws StaleOriginal where the group is gone. */
export const readGroupWhole = async (session: WholeSession): Promise<GroupFacts> => {
  const { accountId, region, subject } = session.evaluation;
  const { linearTargets, placed = [], stopProtected } = await readJudgedGroup(session);
  const { asgName } = subject;
  const clients = await session.customer();
  const reading = await readGroup(clients, { asgName, accountId, region, linearTargets });
  if (reading === undefined) throw gone(session);
  return {
    ...reading.facts,
    placed,
    ...(stopProtected === undefined ? {} : { stopProtected }),
  };
};
