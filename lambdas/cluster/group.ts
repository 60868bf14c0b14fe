/** The group as it is now: read again before each decision, on top of what the gate has found out. */
import { describeGroup } from "../../adapters/aws/autoscaling/describe.ts";
import { readGroupSince } from "../../adapters/aws/autoscaling/group-since.ts";
import { readLiveGroup } from "../../adapters/aws/autoscaling/group.ts";
import { shownGroup } from "../../adapters/aws/autoscaling/live-group.ts";
import { readTrafficAgain } from "../../adapters/aws/group-traffic.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import type { GroupTargets } from "../../core/model/group-traffic.ts";
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

/** Launched anew at once, whatever the owner has a conversion take at a time. */
const mostTakenTogether = 10;

/** What applies to the group: its owner's tags over what is registered. What EC2 takes back can't be kept. */
export const policyOf = ({ evaluation }: ClusterSession, { tags }: GroupFacts): Policy => {
  const policy = policyOfGroup(evaluation.policy, readGroupTags(tags));
  return isRecovery(evaluation)
    ? { ...policy, batchSize: mostTakenTogether, keepOriginalsHours: 0 }
    : policy;
};

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

const describe = async (session: LiveSession, asgName: string) => {
  const { autoScaling } = await session.customer();
  const shown = await describeGroup(autoScaling, asgName);
  if (shown === undefined) throw gone(session);
  return shown;
};

/** What the group itself shows by now, by one call; the rest as the gate found it. Throws StaleOriginal where it is gone. */
export const readGroupShown = async (session: LiveSession): Promise<GroupFacts> => {
  const before = await readJudgedGroup(session);
  return { ...before, ...shownGroup(await describe(session, before.asgName), before) };
};

/** Who is healthy in which of its target groups. Throws StaleOriginal where the group is gone. */
export const readTargetGroups = async (session: LiveSession): Promise<readonly GroupTargets[]> => {
  const { asgName, traffic } = await readJudgedGroup(session);
  const clients = await session.customer();
  const [now] = await Promise.all([
    readTrafficAgain(clients, { ...traffic, classic: [] }),
    describe(session, asgName),
  ]);
  return now.targetGroups;
};

/** All of it that may have changed since it was judged, with what acts on it. Throws StaleOriginal where the group is gone. */
export const readGroupSinceJudged = async (session: WholeSession): Promise<GroupFacts> => {
  const found = await readGroupSince(await session.customer(), await readJudgedGroup(session));
  if (found === undefined) throw gone(session);
  return found;
};
