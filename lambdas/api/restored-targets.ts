/** Reads, place by place, which instances stand for the targets of a restored table. */
import { readStandingsOf } from "../../adapters/aws/ec2/instances.ts";
import { findRunningFor } from "../../adapters/aws/ec2/running-for.ts";
import { judgeRestoredTarget, type RestoredTarget } from "../../core/decide/restored-target.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { inGroups } from "../../core/in-groups.ts";
import type { Account } from "../../core/model/account.ts";
import type { Place } from "../../core/model/place.ts";
import type { Target } from "../../core/model/target.ts";
import { listTargetsOf } from "../evaluation/account-holdings.ts";
import type { ApiContext } from "./context.ts";

export interface ConnectedPlace {
  readonly account: Account;
  readonly region: string;
}

export interface ComparedTargets {
  /** Those of which the table does not say what is. */
  readonly targets: readonly RestoredTarget[];
  /** Their roles do not let anything be read. */
  readonly unread: readonly Place[];
}

type Ec2 = Awaited<ReturnType<ApiContext["customer"]>>["ec2"];

/** A filter takes at most so many values. Source: EC2 API reference, Filter. */
const mostValues = 200;

/** By the target's tag alone, whichever deployment the others name: a table from before the first switch has forgotten its own. */
const compareSome = async (
  ec2: Ec2,
  targets: readonly Target[],
): Promise<readonly RestoredTarget[]> => {
  const shown = await readStandingsOf(
    ec2,
    targets.map(({ instanceId }) => instanceId),
  );
  const states = new Map(shown.map(({ instanceId, state }) => [instanceId, state]));
  const running = await findRunningFor(
    ec2,
    targets.map(({ targetId }) => targetId),
  );
  return targets.flatMap(
    (target) =>
      judgeRestoredTarget(target, {
        state: states.get(target.instanceId),
        running: running.get(target.targetId) ?? [],
      }) ?? [],
  );
};

const comparePlace = async (
  context: ApiContext,
  { account, region }: ConnectedPlace,
  targets: readonly Target[],
): Promise<readonly RestoredTarget[]> => {
  if (targets.length === 0) return [];
  const session = `restore-${context.randomId()}`;
  const { ec2 } = await context.customer(account, region, session);
  const compared: RestoredTarget[] = [];
  for (const some of inGroups(targets, mostValues)) {
    compared.push(...(await compareSome(ec2, some)));
  }
  return compared;
};

/** Groups and node groups are targets by their names, and stand for whichever members they have. */
const isOneInstance = ({ pipelineMode }: Target): boolean => pipelineMode === "LINEAR";

const compareOrTell = async (
  context: ApiContext,
  place: ConnectedPlace,
): Promise<ComparedTargets> => {
  const { account, region } = place;
  const { accountId } = account;
  const targets = (await listTargetsOf(context.table, accountId)).filter(
    (target) => target.region === region && isOneInstance(target),
  );
  try {
    return { targets: await comparePlace(context, place, targets), unread: [] };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenPermission") throw error;
    return { targets: [], unread: [{ accountId, region }] };
  }
};

/** All places at once: a reading is two calls per 200 targets. @throws what AWS answers */
export const compareTargets = async (
  context: ApiContext,
  places: readonly ConnectedPlace[],
): Promise<ComparedTargets> => {
  const compared = await Promise.all(places.map((place) => compareOrTell(context, place)));
  return {
    targets: compared.flatMap(({ targets }) => targets),
    unread: compared.flatMap(({ unread }) => unread),
  };
};
