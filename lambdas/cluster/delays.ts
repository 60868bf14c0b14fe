/** What speaks against going on with the group for now, by what was read of it a moment ago. */
import { listIntents } from "../../adapters/store/intents.ts";
import { delaysOf } from "../../core/decide/cluster/eligibility.ts";
import { judgeStandingRaise } from "../../core/decide/cluster/eligibility/standing-raise.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import { changesOf } from "../../core/model/intent.ts";
import type { Postponement } from "../../core/model/verdict.ts";
import { readSubjectFacts } from "../evaluation/facts.ts";
import { policyOf } from "./group.ts";
import type { ClusterSession } from "./session.ts";
import { readStandingRaise } from "./standing-raise.ts";

/** Before a batch is begun, with what none of it is waited for later. */
export const readDelaysBeforeBatch = async (
  session: ClusterSession,
  group: GroupFacts,
): Promise<readonly Postponement[]> => {
  const at = session.now.toISOString();
  const facts = { at, group, policy: policyOf(session, group) };
  const raise = judgeStandingRaise(facts, await readStandingRaise(session));
  return [...(await readDelays(session, group)), ...(raise === undefined ? [] : [raise])];
};

/** A response alone takes any out. */
const readLeftAhead = async ({
  context,
  evaluation,
}: ClusterSession): Promise<ReadonlySet<string>> => {
  if (!isRecovery(evaluation)) return new Set();
  const intents = await listIntents(context.table, evaluation.evaluationId);
  return new Set(changesOf(intents, "DEREGISTER_TARGET").map(({ instanceId }) => instanceId));
};

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
    leftAhead: await readLeftAhead(session),
  });
};
