/** Reads what a person's decision about an evaluation rests on: record, intents, target, and the instances as EC2 shows them. */
import { findHoldings, readHoldings } from "../../adapters/aws/ec2/instance-holdings.ts";
import { readStandingsOf } from "../../adapters/aws/ec2/instances.ts";
import { getAccount } from "../../adapters/store/accounts.ts";
import { loadFacts, loadStory } from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { engagedFor } from "../../adapters/store/kill-switch.ts";
import { readLease } from "../../adapters/store/leases.ts";
import { findTargetOf, getTarget } from "../../adapters/store/targets.ts";
import {
  planResolution,
  type ResolutionInput,
  type ResolutionPlan,
} from "../../core/decide/linear/resolution.ts";
import type { Account } from "../../core/model/account.ts";
import type { LinearEvaluation, StoredFacts } from "../../core/model/evaluation.ts";
import { instanceIdSchema, type EvaluationId, type TargetId } from "../../core/model/ids.ts";
import { changesOf, type Intent } from "../../core/model/intent.ts";
import type { ResolutionWish } from "../../core/model/resolution.ts";
import type { Swap } from "../../core/model/swap.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem } from "./problem.ts";

export interface LeftOpen {
  readonly evaluation: LinearEvaluation;
  readonly swap: Swap | undefined;
}

/** Throws the problems 404, and 422 for an evaluation of a mode without a workflow. */
export const requireLeftOpen = async (context: ApiContext, id: EvaluationId): Promise<LeftOpen> => {
  const stored = await loadStory(context.table, id);
  if (stored === undefined) {
    throw new ApiProblem("not-found", `There is no evaluation ${id}.`, {
      errors: [{ field: "id", message: "is not an evaluation" }],
    });
  }
  const { evaluation, swaps } = stored;
  if (evaluation.mode === "LINEAR") return { evaluation, swap: swaps[0] };
  throw new ApiProblem(
    "mode-not-available",
    `Evaluation ${id} is of ${evaluation.mode}, which has no workflow in this version.`,
  );
};

const requireAccount = async (
  context: ApiContext,
  { accountId, evaluationId }: LinearEvaluation,
): Promise<Account> => {
  const account = await getAccount(context.table, accountId);
  if (account !== undefined) return account;
  const sentence = `Account ${accountId} of evaluation ${evaluationId} is no longer connected.`;
  throw new ApiProblem("conflict", sentence);
};

const whyStopped = async (
  { table }: ApiContext,
  { accountId, status }: Account,
): Promise<string | undefined> => {
  const engaged = await engagedFor(table, accountId);
  if (engaged !== undefined) return `The kill switch is on: ${engaged.reason}.`;
  return status === "DISABLED" ? `Account ${accountId} is DISABLED.` : undefined;
};

type InEc2 = Pick<ResolutionInput, "original" | "replacements" | "servingState" | "servingHolds">;

const servingOf = (wish: ResolutionWish): readonly string[] =>
  wish.kind === "ADOPT" ? [wish.serving] : [];

const readInstances = async (
  context: ApiContext,
  {
    evaluation,
    account,
    intents,
  }: { evaluation: LinearEvaluation; account: Account; intents: readonly Intent[] },
  wish: ResolutionWish,
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

/** Which of the instances another target is registered for. */
const readRegistrations = async (
  { table }: ApiContext,
  targetId: TargetId,
  instanceIds: readonly string[],
): Promise<Readonly<Record<string, string>>> => {
  const found: Record<string, string> = {};
  for (const instanceId of new Set(instanceIds)) {
    const target = await findTargetOf(table, instanceIdSchema.parse(instanceId));
    if (target !== undefined && target.targetId !== targetId) found[instanceId] = target.targetId;
  }
  return found;
};

const latestBegun = async (
  { table }: ApiContext,
  { evaluationId, leases }: LinearEvaluation,
): Promise<Pick<ResolutionInput, "supersededBy">> => {
  const lease = await readLease(table, leases.at(-1)?.resource ?? leases[0].resource);
  const begunBy = lease?.begunBy;
  return begunBy === undefined || begunBy === evaluationId ? {} : { supersededBy: begunBy };
};

/** The original as it was before anything moved. */
const readBefore = async (
  { table }: ApiContext,
  { evaluationId }: LinearEvaluation,
  wish: ResolutionWish,
): Promise<Pick<ResolutionInput, "before">> => {
  if (wish.kind !== "ADOPT") return {};
  const facts = await loadFacts(table, evaluationId);
  if (facts === undefined) return {};
  // What is stored of an evaluation is of its mode.
  const { instance: before } = facts as StoredFacts<"LINEAR">;
  return before === undefined ? {} : { before };
};

/** What the decision would do, as things are now, or why it can't be carried out. Changes nothing. */
export const readPlan = async (
  context: ApiContext,
  { evaluation, swap }: LeftOpen,
  wish: ResolutionWish,
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
