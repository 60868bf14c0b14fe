/**
 * Watch requests: reads the status of Spot requests of PROD targets with data, twice in each minute, and starts the recovery of what EC2 has announced
 * to end. The events of AWS come by best effort, and a sweep meets the two minutes of a notice one time in eight. The targets are those that the last
 * sweep of their place found: where there are none, one query is all that it costs.
 */
import type { EC2Client } from "@aws-sdk/client-ec2";
import * as z from "zod";
import { readRequestStatuses } from "../../../adapters/aws/ec2/spot-request.ts";
import { getAccount } from "../../../adapters/store/accounts.ts";
import { getTarget } from "../../../adapters/store/targets.ts";
import { listWatched } from "../../../adapters/store/watched-places.ts";
import { isEndAnnounced } from "../../../core/decide/fleet/losses.ts";
import { isWatchedForLoss } from "../../../core/decide/switch/recovery-attempts.ts";
import { watchStarter } from "../../../core/model/starter.ts";
import type { WatchedPlace } from "../../../core/model/watched-place.ts";
import { startRecovery } from "../../evaluation/recover.ts";
import type { StartContext } from "../../evaluation/start.ts";
import { takeCalls } from "../../fleet/calls.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne, type OneByOne } from "../one-by-one.ts";
import { isTakenByEc2 } from "../taken-by-ec2.ts";

type Context = StepContext<"ec2"> & StartContext;
type Watched = WatchedPlace["targets"][number];

const sessionName = "watch-requests";

/** Between the beginnings of the two looks. */
const betweenMs = 30_000;

/** Where sweeps have taken more of what EC2's request limits leave, the place is looked at half a minute later. */
const withinSeconds = 5;

/** Of one call. */
const mostIds = 200;

/** It may stand elsewhere since the last sweep, or be deleted. */
const recover = async (
  context: Context,
  ec2: EC2Client,
  { targetId, instanceId }: Watched,
): Promise<boolean> => {
  const target = await getTarget(context.table, targetId);
  if (target === undefined || !isWatchedForLoss(target)) return false;
  if (target.instanceId !== instanceId || !(await isTakenByEc2(ec2, instanceId))) return false;
  const found = { instanceId, startedBy: watchStarter };
  const { kind } = await startRecovery(context, target, found);
  if (kind === "STARTED") context.log.info(`EC2 takes ${instanceId} of ${targetId} back.`);
  return kind === "STARTED";
};

interface Look {
  readonly place: WatchedPlace;
  readonly turns: OneByOne;
}

/** @returns how many recoveries were started; undefined: it was not looked */
const lookAt = async (context: Context, { place, turns }: Look): Promise<number | undefined> => {
  const { accountId, region, targets } = place;
  const account = await getAccount(context.table, accountId);
  if (account === undefined || account.status === "DISABLED") return undefined;
  const calls = Math.ceil(targets.length / mostIds);
  const { granted, afterSeconds } = await takeCalls(context, "DESCRIBE", {
    place,
    calls,
    withinSeconds,
  });
  if (granted < calls) return undefined;
  await context.pause(afterSeconds * 1000);
  const { ec2 } = await context.customer(account, region, sessionName);
  const ids = targets.map(({ instanceId }) => instanceId);
  const statuses = await readRequestStatuses(ec2, ids);
  let started = 0;
  for (const watched of targets) {
    if (!isEndAnnounced(statuses.get(watched.instanceId)?.code ?? "")) continue;
    const { targetId } = watched;
    const name = `The recovery of ${targetId} could not be started, and is due again in half a minute`;
    const item = { name, keys: { targetId } };
    if ((await turns.attempt(item, () => recover(context, ec2, watched))) === true) started += 1;
  }
  return started;
};

/** All at once: a place that does not answer keeps none of the others waiting. */
const lookAtAll = async (
  context: Context,
  places: readonly WatchedPlace[],
  turns: OneByOne,
): Promise<readonly (number | undefined)[]> =>
  Promise.all(
    places.map((place) => {
      const { accountId, region } = place;
      const name = `Spot requests in ${region} of account ${accountId} are read again in half a minute`;
      return turns.attempt({ name, keys: { accountId, region } }, () =>
        lookAt(context, { place, turns }),
      );
    }),
  );

const countSchema = z.int().nonnegative();
const outputSchema = z.object({
  kind: z.literal("WATCHED"),
  summary: z.string(),
  /** Read, both times together. */
  looks: countSchema,
  started: countSchema,
});

export const watchRequestsStep: Step<unknown, z.infer<typeof outputSchema>, Context> = {
  name: "watch-requests",
  clients: ["ec2"],
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const { table, now, pause } = context;
    const beganMs = now().getTime();
    const places = (await listWatched(table)).filter(({ targets }) => targets.length > 0);
    const turns = oneByOne(context);
    const looks: (number | undefined)[] = [];
    if (places.length > 0) {
      looks.push(...(await lookAtAll(context, places, turns)));
      await pause(Math.max(0, beganMs + betweenMs - now().getTime()));
      looks.push(...(await lookAtAll(context, places, turns)));
    }
    turns.finish();
    const made = looks.filter((started) => started !== undefined);
    const started = made.reduce((sum, each) => sum + each, 0);
    const summary = `${String(made.length)} looks at ${String(places.length)} places, ${String(started)} recoveries started.`;
    return { kind: "WATCHED", summary, looks: made.length, started };
  },
};
