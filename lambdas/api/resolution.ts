/** Reads what a person's decision about an evaluation rests on: record, intents, target, and the instances as EC2 shows them. */
import { findHoldings, readHoldings } from "../../adapters/aws/ec2/instance-holdings.ts";
import { readStandingsOf } from "../../adapters/aws/ec2/instances.ts";
import { loadFacts, loadStory } from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { planResolution, type ResolutionInput } from "../../core/decide/linear/resolution.ts";
import type { ResolutionPlan } from "../../core/decide/switch/resolution.ts";
import type { Account } from "../../core/model/account.ts";
import type { LinearEvaluation, StoredFacts } from "../../core/model/evaluation.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import { changesOf, type Intent } from "../../core/model/intent.ts";
import type { GroupWish, InstanceWish, ResolutionWish } from "../../core/model/resolution.ts";
import type { Swap } from "../../core/model/swap.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem, invalid } from "./problem.ts";
import { latestBegun, readRegistrations, requireAccount, whyStopped } from "./resolution-facts.ts";
import { readGroupPlan, type LeftOpenGroup } from "./resolution-group.ts";

type LeftOpenInstance = {
  readonly mode: "LINEAR";
  readonly evaluation: LinearEvaluation;
  readonly swap: Swap | undefined;
  readonly wish: InstanceWish;
};

/** With what is asked for, as the mode takes it. */
export type LeftOpen =
  LeftOpenInstance | ({ readonly mode: "CLUSTER" | "KUBERNETES" } & LeftOpenGroup);

/** Throws the problem 422 that names `serving`. */
const instanceWish = (wish: ResolutionWish): InstanceWish => {
  if (wish.kind !== "ADOPT") return wish;
  const { kind, serving } = wish;
  if (serving !== undefined) return { kind, serving };
  throw invalid("body", [{ field: "serving", message: "must name the instance that serves" }]);
};

/** Throws the problem 422 that names `serving`. */
const groupWish = (wish: ResolutionWish): GroupWish => {
  if (wish.kind !== "ADOPT" || wish.serving === undefined) return { kind: wish.kind };
  const message = "must be absent: a group is adopted as it stands";
  throw invalid("body", [{ field: "serving", message }]);
};

/** Throws the problems 404, and 422 for what its mode does not take. */
export const requireLeftOpen = async (
  context: ApiContext,
  id: EvaluationId,
  wish: ResolutionWish,
): Promise<LeftOpen> => {
  const stored = await loadStory(context.table, id);
  if (stored === undefined) {
    throw new ApiProblem("not-found", `There is no evaluation ${id}.`, {
      errors: [{ field: "id", message: "is not an evaluation" }],
    });
  }
  const { evaluation, swaps } = stored;
  switch (evaluation.mode) {
    case "LINEAR":
      return { mode: "LINEAR", evaluation, swap: swaps[0], wish: instanceWish(wish) };
    case "CLUSTER":
    case "KUBERNETES":
      return { mode: evaluation.mode, evaluation, swaps, wish: groupWish(wish) };
  }
};

type InEc2 = Pick<ResolutionInput, "original" | "replacements" | "servingState" | "servingHolds">;

const servingOf = (wish: InstanceWish): readonly string[] =>
  wish.kind === "ADOPT" ? [wish.serving] : [];

const readInstances = async (
  context: ApiContext,
  {
    evaluation,
    account,
    intents,
  }: { evaluation: LinearEvaluation; account: Account; intents: readonly Intent[] },
  wish: InstanceWish,
): Promise<InEc2> => {
  const { evaluationId, region, subject } = evaluation;
  const { ec2 } = await context.customer(account, region, evaluationId);
  const launched = changesOf(intents, "LAUNCH_INSTANCE").flatMap(
    ({ instanceId = [] }) => instanceId,
  );
  const [tagged, standings, [servingHolds]] = await Promise.all([
    findHoldings(ec2, { key: evaluationTag, value: evaluationId }),
    readStandingsOf(ec2, [...new Set([subject.instanceId, ...launched, ...servingOf(wish)])]),
    readHoldings(ec2, servingOf(wish)),
  ]);
  const named = standings.filter(({ instanceId }) => launched.includes(instanceId));
  const untagged = named.filter(
    (found) => !tagged.some(({ instanceId }) => instanceId === found.instanceId),
  );
  const serving = standings.find(({ instanceId }) => servingOf(wish).includes(instanceId));
  return {
    original: standings.find(({ instanceId }) => instanceId === subject.instanceId),
    // The original carries the tag once it was retired.
    replacements: [...tagged, ...untagged].filter(
      ({ instanceId }) => instanceId !== subject.instanceId,
    ),
    servingState: serving?.state,
    ...(servingHolds === undefined ? {} : { servingHolds }),
  };
};

/** The original as it was before anything moved. */
const readBefore = async (
  { table }: ApiContext,
  { evaluationId }: LinearEvaluation,
  wish: InstanceWish,
): Promise<Pick<ResolutionInput, "before">> => {
  if (wish.kind !== "ADOPT") return {};
  const facts = await loadFacts(table, evaluationId);
  if (facts === undefined) return {};
  // What is stored of an evaluation is of its mode.
  const { instance: before } = facts as StoredFacts<"LINEAR">;
  return before === undefined ? {} : { before };
};

const readInstancePlan = async (
  context: ApiContext,
  { evaluation, swap, wish }: LeftOpenInstance,
): Promise<ResolutionPlan> => {
  const account = await requireAccount(context, evaluation);
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const [inEc2, target, stopped, latest, before] = await Promise.all([
    readInstances(context, { evaluation, account, intents }, wish),
    getTarget(context.table, evaluation.targetId),
    whyStopped(context, account),
    latestBegun(context, evaluation),
    readBefore(context, evaluation, wish),
  ]);
  const ids = [...inEc2.replacements.map(({ instanceId }) => instanceId), ...servingOf(wish)];
  return planResolution(
    {
      evaluation,
      swap,
      intents,
      ...latest,
      ...before,
      ...(stopped === undefined ? {} : { stopped }),
      targetInstanceId: target?.instanceId,
      ...inEc2,
      registeredElsewhere: await readRegistrations(context, evaluation.targetId, ids),
    },
    wish,
  );
};

/** What the decision would do, as things are now, or why it can't be carried out. Changes nothing. */
export const readPlan = (context: ApiContext, found: LeftOpen): Promise<ResolutionPlan> =>
  found.mode === "LINEAR" ? readInstancePlan(context, found) : readGroupPlan(context, found);
