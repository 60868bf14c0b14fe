/**
 * Finds targets whose Spot Instance EC2 has taken back or is about to, and starts their recovery. A sweep comes each quarter of an hour: it finds
 * an end more often than a notice. What its owner has ended is left to the rule about what is gone.
 */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { readRequestStatuses } from "../../../adapters/aws/ec2/spot-request.ts";
import { isAliveIn, isCancelledAlone, isEndAnnounced } from "../../../core/decide/fleet/losses.ts";
import { isWatchedForLoss } from "../../../core/decide/switch/recovery-attempts.ts";
import { sweepStarter } from "../../../core/model/starter.ts";
import type { PlaceReading } from "../../../core/model/place-reading.ts";
import type { Target, TargetOf } from "../../../core/model/target.ts";
import { startRecovery } from "../../evaluation/recover.ts";
import { failedRecoveryOf } from "../../evaluation/recovery-attempt.ts";
import type { Log } from "../../runtime/log.ts";
import type { OneByOne } from "../one-by-one.ts";
import { isTakenByEc2 } from "../taken-by-ec2.ts";
import { noStarts, outcomeOf, type StartCounts, type StartsContext } from "./starts.ts";

type Watched = TargetOf<"LINEAR">;

interface LostInput {
  readonly reading: PlaceReading;
  readonly targets: readonly Target[];
  readonly turns: OneByOne;
  readonly log: Log;
  /** Of the session in the customer's account. */
  readonly ec2: () => Promise<EC2Client>;
}

const findAnnounced = async (
  ec2: EC2Client,
  log: Log,
  running: readonly Watched[],
): Promise<readonly Watched[]> => {
  const statuses = await readRequestStatuses(
    ec2,
    running.map(({ instanceId }) => instanceId),
  );
  return running.filter(({ targetId, instanceId }) => {
    const { code = "" } = statuses.get(instanceId) ?? {};
    if (isCancelledAlone(code)) {
      const what = `Its owner has cancelled the Spot request of ${instanceId}, which runs on`;
      log.info(`${what}: ${targetId} is left as it is.`, { targetId });
    }
    return isEndAnnounced(code);
  });
};

/** @returns those to recover, also where that is not due yet: nothing else is judged of them */
export const findLost = async (input: LostInput): Promise<readonly Watched[]> => {
  const { reading, targets, turns, log } = input;
  const watched = targets.filter(isWatchedForLoss);
  if (watched.length === 0) return [];
  const ec2 = await input.ec2();
  const running = watched.filter(({ instanceId }) => isAliveIn(reading, instanceId));
  const ended = watched.filter((target) => !running.includes(target));
  const name = "Announced ends of Spot Instances are looked for again by the next sweep";
  const announced = await turns.attempt({ name, keys: {} }, () => findAnnounced(ec2, log, running));
  const lost: Watched[] = [];
  for (const target of [...ended, ...(announced ?? [])]) {
    const { targetId } = target;
    const item = {
      name: `What became of the Spot Instance of ${targetId} is looked at again by the next sweep`,
      keys: { targetId },
    };
    if ((await turns.attempt(item, () => isTakenByEc2(ec2, target.instanceId))) === true)
      lost.push(target);
  }
  return lost;
};

/** Down still, although a recovery was tried: said at each sweep until it is up, and an alarm rings as long. */
const tellUnrecovered = async (
  { table, log }: StartsContext,
  { lost, turns }: { readonly lost: readonly Watched[]; readonly turns: OneByOne },
): Promise<void> => {
  const down: string[] = [];
  for (const target of lost) {
    const { targetId } = target;
    const item = { name: `How often ${targetId} was recovered is not known`, keys: { targetId } };
    const failed = await turns.attempt(item, () => failedRecoveryOf(table, target));
    if (failed === undefined) continue;
    const { evaluationId, retryAt } = failed;
    const next = retryAt === undefined ? "not tried again by itself" : `tried again at ${retryAt}`;
    down.push(`${targetId} (last by ${evaluationId}, ${next})`);
  }
  if (down.length === 0) return;
  log.warn(
    `EC2 has taken what serves, and no recovery has brought it back: ${down.join(", ")}. See docs/runbook.md, A load that is not recovered.`,
    { unrecovered: down.length },
  );
};

/** Neither pace nor request limits are asked: each is down. */
export const recoverLost = async (
  context: StartsContext,
  { lost, turns }: { readonly lost: readonly Watched[]; readonly turns: OneByOne },
): Promise<StartCounts> => {
  const counts = { ...noStarts };
  await tellUnrecovered(context, { lost, turns });
  for (const target of lost) {
    const { targetId, instanceId } = target;
    const item = {
      name: `The recovery of ${targetId} could not be started, and is due again at the next sweep`,
      keys: { targetId },
    };
    const found = { instanceId, startedBy: sweepStarter };
    const counted = await turns.attempt(item, async () =>
      outcomeOf(context, target, await startRecovery(context, target, found)),
    );
    counts[counted ?? "failed"] += 1;
  }
  return counts;
};
