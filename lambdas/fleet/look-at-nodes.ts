/** Looks closely at nodes that would be replaced, as their gate does: what stands against them after a stage is not worth the calls of the next. */
import { judgeNodesEligibility } from "../../core/decide/kubernetes/eligibility.ts";
import type { NodesLook } from "../../core/model/close-look.ts";
import type { KubernetesFacts } from "../../core/model/kubernetes/facts.ts";
import { nodeGroupSubject } from "../../core/model/subject.ts";
import type { TargetOf } from "../../core/model/target.ts";
import {
  gatherFromAws,
  gatherFromCluster,
  tryEvictions,
  type NodesAsked,
  type Stage,
} from "../kubernetes/check-node/gather.ts";
import { launchOf, type Asking } from "./asking.ts";
import { policyOf } from "./place.ts";

type NodesTarget = TargetOf<"KUBERNETES">;

const askedFor = ({ context, clients, session }: Asking, target: NodesTarget): NodesAsked => {
  const { account, deploymentId } = session;
  const { accountId, region } = target;
  const subject = nodeGroupSubject(target);
  return {
    context,
    evaluation: { accountId, region, subject, policy: policyOf(target), deploymentId },
    account: () => Promise.resolve(account),
    target: () => Promise.resolve(target),
    customer: () => Promise.resolve(clients),
  };
};

/** EKS launches what joins a managed node group. */
const trialsOf = async (
  asking: Asking,
  asked: NodesAsked,
  stage: Stage,
): Promise<KubernetesFacts> => {
  const { facts, reading } = stage;
  const trials = await tryEvictions(asked, stage);
  const isOurs = reading !== undefined && facts.nodeGroup === undefined;
  const launch = isOurs ? { launch: await launchOf(asking, await asked.target(), reading) } : {};
  return { ...facts, trials, ...launch };
};

/** By the gate itself: of what was not read yet no verdict says anything. */
const isRefused = (
  { account, reading }: Asking["session"],
  { evaluation: { policy } }: NodesAsked,
  { facts, target, against }: Concluded,
): boolean => {
  const known = { ...facts, observedAt: reading.readAt };
  const judged = judgeNodesEligibility({ account, target, policy, facts: known });
  if (judged.kind === "ELIGIBLE" || against === undefined) return false;
  const codes: readonly string[] =
    judged.kind === "INELIGIBLE"
      ? judged.objections.map(({ code }) => code)
      : judged.delays.map(({ reason }) => reason);
  return codes.includes(against);
};

interface Concluded {
  readonly facts: KubernetesFacts;
  readonly target: NodesTarget;
  readonly against: string | undefined;
}

/** @param reasonAgainst why what is known so far would leave them where they are; undefined: it would not */
export const lookAtNodes = async (
  asking: Asking,
  target: NodesTarget,
  reasonAgainst: (look: NodesLook) => Promise<string | undefined>,
): Promise<NodesLook> => {
  const { context, session } = asking;
  const asked = askedFor(asking, target);
  const readAt = context.now().toISOString();
  const isDone = async ({ facts }: Stage): Promise<boolean> => {
    const against = await reasonAgainst({ readAt, facts });
    return isRefused(session, asked, { facts, target, against });
  };
  const fromAws = await gatherFromAws(asked);
  if (await isDone(fromAws)) return { readAt, facts: fromAws.facts };
  const stage = await gatherFromCluster(asked, fromAws);
  if (await isDone(stage)) return { readAt, facts: stage.facts };
  return { readAt, facts: await trialsOf(asking, asked, stage) };
};
