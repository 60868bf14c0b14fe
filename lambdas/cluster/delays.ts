/** What speaks against going on with the group for now, by what was read of it a moment ago. */
import { delaysOf } from "../../core/decide/cluster/eligibility.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import type { Postponement } from "../../core/model/verdict.ts";
import { readSubjectFacts } from "../evaluation/facts.ts";
import type { ClusterSession } from "./session.ts";

export const readDelays = async (
  session: ClusterSession,
  group: GroupFacts,
): Promise<readonly Postponement[]> => {
  const { templateType: type } = await readSubjectFacts<"CLUSTER">(session);
  return delaysOf({
    account: await session.account(),
    target: await session.target(),
    policy: session.evaluation.policy,
    type,
    at: session.now.toISOString(),
    group,
  });
};
