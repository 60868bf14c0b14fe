/** Whether a group may still be converted: its owner, and others, may have said otherwise since it was judged. */
import {
  judgeGroupEligibility,
  objectionOfOwner,
  type GroupEligibilityInput,
} from "../../core/decide/cluster/eligibility.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import { readSubjectFacts } from "../evaluation/facts.ts";
import type { ClusterSession } from "./session.ts";

/** What a launch was asked about, and how the risk model stands, as the gate has found it. */
const inputOf = async (
  session: ClusterSession,
  group: GroupFacts,
): Promise<GroupEligibilityInput & { readonly group: GroupFacts }> => {
  const { policy, deploymentId } = session.evaluation;
  const facts = await readSubjectFacts<"CLUSTER">(session);
  const { templateType: type, launch, riskModel, kind } = facts;
  return {
    account: await session.account(),
    target: await session.target(),
    policy,
    deploymentId,
    group,
    type,
    at: session.now.toISOString(),
    ...(riskModel === undefined ? {} : { riskModel }),
    ...(launch === undefined ? {} : { launch }),
    ...(kind === undefined ? {} : { kind }),
  };
};

/** By all rules of the gate: nothing of the next batch exists yet. Undefined: it may. */
export const whyNotAllowed = async (
  session: ClusterSession,
  group: GroupFacts,
): Promise<string | undefined> => {
  const judged = judgeGroupEligibility(await inputOf(session, group));
  return judged.kind === "INELIGIBLE" ? judged.objections[0]?.sentence : undefined;
};

/** By those about who runs it: how it is set while our batch stands in it is partly our own doing. Undefined: he lets us. */
export const whyOwnerObjects = async (
  session: ClusterSession,
  group: GroupFacts,
): Promise<string | undefined> => objectionOfOwner(await inputOf(session, group))?.sentence;
