/** Tells what becomes of an account that is off-boarded, and begins that once somebody has agreed to this very plan. */
import { hash } from "node:crypto";
import { findTaggedOf } from "../../adapters/aws/ec2/tagged.ts";
import { updateAccount } from "../../adapters/store/accounts.ts";
import { readDeploymentId } from "../../adapters/store/deployment.ts";
import { listEvaluations } from "../../adapters/store/evaluations.ts";
import { readOffBoarding, writeOffBoarding } from "../../adapters/store/off-boardings.ts";
import { readUnclaimedIn } from "../../adapters/store/unclaimed.ts";
import { canonicalJson } from "../../core/canonical.ts";
import {
  planOffBoarding,
  type OffBoardingFacts,
  type OffBoardingPlan,
} from "../../core/decide/off-boarding.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import type { OffBoarding } from "../../core/model/off-boarding.ts";
import { taggedKinds } from "../../core/model/tagged-thing.ts";
import { deploymentTag } from "../../core/model/tags.ts";
import type { Target } from "../../core/model/target.ts";
import { listDueOf, listTargetsOf } from "../evaluation/account-holdings.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem } from "./problem.ts";

export interface OffBoardingTold {
  readonly hash: string;
  readonly targets: readonly Target[];
  readonly plan: OffBoardingPlan;
  /** Why nothing was read of the account, so that nothing is done there. */
  readonly unread?: string;
}

type Things = OffBoardingFacts["things"];

const readThingsIn = async (
  context: ApiContext,
  account: Account,
  region: string,
): Promise<Things> => {
  const value = await readDeploymentId(context.table);
  // Without one nothing was ever begun, and nothing can carry our tag.
  if (value === undefined) return [];
  const { ec2 } = await context.customer(account, region, `off-board-${context.randomId()}`);
  const read = await Promise.all(
    taggedKinds
      .filter((kind) => kind !== "resource-group")
      .map((kind) => findTaggedOf(kind, ec2, { key: deploymentTag, value })),
  );
  return read.flat().map((thing) => ({ ...thing, region }));
};

/** A role that is gone must not keep its account here for ever; any other failure is AWS's, and passes. */
const readThings = async (
  context: ApiContext,
  account: Account,
): Promise<{ readonly things: Things; readonly unread?: string }> => {
  const { accountId, status, regions } = account;
  if (status !== "ACTIVE") {
    return { things: [], unread: `Account ${accountId} is ${status}. Verify it first to be read.` };
  }
  try {
    const read = regions.map((region) => readThingsIn(context, account, region));
    return { things: (await Promise.all(read)).flat() };
  } catch (error) {
    const isDenied = error instanceof SpotOptimizerError && error.name === "BrokenPermission";
    if (!isDenied) throw error;
    return { things: [], unread: error.message };
  }
};

const unclaimedOf = async (
  { table }: ApiContext,
  { accountId, regions }: Account,
): Promise<ReadonlySet<string>> => {
  const rows = await Promise.all(
    regions.map((region) => readUnclaimedIn(table, { accountId, region })),
  );
  return new Set(rows.flat().map(({ row }) => row.id));
};

/** Throws the problem 400 for an id that may not be ended. */
const requireKnown = (end: readonly string[], { decisions }: OffBoardingPlan): void => {
  const mayEnd = decisions.filter((row) => row.mayEnd).map(({ id }) => id);
  const unknown = end.filter((id) => !mayEnd.includes(id));
  if (unknown.length === 0) return;
  throw new ApiProblem("invalid-parameter", `Not to be decided: ${unknown.join(", ")}.`, {
    errors: [{ field: "end", message: `may name: ${mayEnd.join(", ") || "nothing"}` }],
  });
};

/** Changes nothing. @throws problem 400 naming `end`; what AWS answers */
export const tellOffBoarding = async (
  context: ApiContext,
  account: Account,
  end: readonly string[],
): Promise<OffBoardingTold> => {
  const { accountId } = account;
  const { things, unread } = await readThings(context, account);
  const targets = await listTargetsOf(context.table, accountId);
  const due = await listDueOf(context.table, accountId);
  const plan = planOffBoarding({
    targets,
    due: due.map(({ evaluation, intent }) => ({
      region: evaluation.region,
      change: intent.change,
    })),
    things,
    unclaimed: await unclaimedOf(context, account),
    end: new Set(end),
  });
  requireKnown(end, plan);
  const named = { accountId, targets: targets.map(({ targetId }) => targetId), plan, unread };
  const digest = hash("sha256", canonicalJson(named));
  return { hash: digest, targets, plan, ...(unread === undefined ? {} : { unread }) };
};

/** Nothing of it is known to be anywhere. */
export const isNothingLeft = (
  { status }: Account,
  { targets, plan, unread }: OffBoardingTold,
): boolean =>
  targets.length === 0 &&
  Object.values(plan).every((rows: readonly unknown[]) => rows.length === 0) &&
  (unread === undefined || status === "PENDING");

const unfinished = ["PENDING", "RUNNING", "NEEDS_OPERATOR"] as const;

/** Throws the problem 409 naming an evaluation that goes on, or has left something open. */
const requireNoneRuns = async (
  { table }: ApiContext,
  targets: readonly Target[],
): Promise<void> => {
  for (const { targetId } of targets) {
    const { items } = await listEvaluations(table, { targetId, limit: 1 });
    const open = items.find(({ status }) => unfinished.some((each) => each === status));
    if (open === undefined) continue;
    const { evaluationId, status } = open;
    throw new ApiProblem(
      status === "NEEDS_OPERATOR" ? "evaluation-unfinished" : "evaluation-running",
      `Evaluation ${evaluationId} of ${targetId} is ${status}. Off-board the account when that has ended.`,
      { evaluationId },
    );
  }
};

const yearMs = 365 * 86_400_000;
/** As many as an account may have. */
const mostFreezes = 50;

const freezeReason = "The account is off-boarded.";

/** No switch begins meanwhile; what EC2 takes is recovered until its target is forgotten. */
const freeze = async ({ table, now }: ApiContext, { accountId }: Account): Promise<void> => {
  const from = now().toISOString();
  const until = new Date(now().getTime() + yearMs).toISOString();
  await updateAccount(table, accountId, (stored) => {
    const others = (stored.freezes ?? []).filter(({ reason }) => reason !== freezeReason);
    const ours = { from, until, reason: freezeReason };
    return { ...stored, freezes: [...others.slice(1 - mostFreezes), ours] };
  });
};

const thaw = async ({ table }: ApiContext, { accountId }: Account): Promise<void> => {
  await updateAccount(table, accountId, ({ freezes = [], ...stored }) => {
    const others = freezes.filter(({ reason }) => reason !== freezeReason);
    return others.length === 0 ? stored : { ...stored, freezes: others };
  });
};

/**
 * From here on it is carried out by the function on its schedule, which waits for an evaluation that has begun all the same: each
 * target is forgotten under its lease. Frozen before it is looked whether one runs. @throws problem 409
 */
export const beginOffBoarding = async (
  context: ApiContext,
  account: Account,
  agreed: { readonly told: OffBoardingTold; readonly end: readonly string[]; readonly by: string },
): Promise<OffBoarding> => {
  const { told, end, by } = agreed;
  const isDecidedAnew = (await readOffBoarding(context.table, account.accountId)) !== undefined;
  await freeze(context, account);
  try {
    await requireNoneRuns(context, told.targets);
  } catch (error) {
    if (!isDecidedAnew) await thaw(context, account);
    throw error;
  }
  const offBoarding: OffBoarding = {
    accountId: account.accountId,
    plan: told.hash,
    by,
    at: context.now().toISOString(),
    end: [...end],
    isReachable: told.unread === undefined,
    waitsFor: [],
  };
  await writeOffBoarding(context.table, offBoarding);
  return offBoarding;
};
