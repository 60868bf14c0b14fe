/**
 * How Spot takes an instance back: perhaps a rebalance recommendation, then the notice (two minutes ahead), then the end. Sources: EC2
 * user guide, "Spot Instance interruption notices", "EC2 instance rebalance recommendations", "Spot Instance interruptions".
 */
import type { Ec2Context } from "./context.ts";
import { emitAbout, stop, terminate } from "./instance-lifecycle.ts";
import { capacityOf, occupants, poolOf } from "./pools.ts";
import { actionOf, announce, fulfil, isPricedOut, isTaken, requestOf } from "./spot-requests.ts";
import type { Instance, RegionState, TakenFor } from "./state.ts";

export interface Interruption {
  readonly atMs: number;
  /**
   * Seconds between notice and end; AWS gives 120, and now and then an end comes early. 0: it comes with no notice at all. Of what
   * hibernates no seconds count: "the hibernation process begins immediately", with the notice.
   */
  readonly noticeSeconds: number;
  /** Seconds between a rebalance recommendation and the notice, 0 for both at once; absent: none is sent. */
  readonly rebalanceSeconds?: number;
  /** Default: for want of capacity. */
  readonly why?: TakenFor;
  /** "If EC2 fails to terminate the instance, the request status is set to fulfilled": it runs on. */
  readonly fails?: true;
}

type Order = Required<Pick<Interruption, "atMs" | "noticeSeconds" | "why">> &
  Pick<Interruption, "fails"> & { readonly instance: Instance };

const isRunningSpot = (instance: Instance): boolean =>
  instance.lifecycle === "spot" && (instance.state === "running" || instance.state === "pending");

const end = (context: Ec2Context, region: RegionState, order: Order): void => {
  const { instance, atMs, why, fails } = order;
  if (!isRunningSpot(instance)) return;
  const request = requestOf(region, instance);
  if (fails === true) {
    if (request !== undefined) fulfil(request, atMs);
    return;
  }
  if (request !== undefined) request.taking = why;
  if (actionOf(request) === "terminate") {
    const code = "Server.SpotInstanceTermination";
    const message = `${code}: Spot Instance termination`;
    terminate(context, region, { instance, atMs, cause: { code, message, transition: code } });
    return;
  }
  const code = "Server.SpotInstanceShutdown";
  const message = `${code}: Spot Instance shutdown`;
  stop(context, region, { instance, atMs, cause: { code, message, transition: code } });
};

const giveNotice = (context: Ec2Context, region: RegionState, order: Order): void => {
  const { instance, atMs, noticeSeconds, why } = order;
  if (!isRunningSpot(instance)) return;
  const request = requestOf(region, instance);
  const action = actionOf(request);
  if (request !== undefined) {
    announce(request, { why, atMs, endsRequest: context.settings.noticeEndsRequest });
  }
  emitAbout(
    context,
    { region, instance, atMs },
    {
      type: "EC2 Spot Instance Interruption Warning",
      detail: { "instance-action": action },
    },
  );
  if (action === "hibernate") {
    end(context, region, order);
    return;
  }
  context.timeline.at(atMs + noticeSeconds * 1000, (dueMs) => {
    end(context, region, { ...order, atMs: dueMs });
  });
};

export const interrupt = (
  context: Ec2Context,
  region: RegionState,
  { rebalanceSeconds, ...asked }: Interruption & { readonly instance: Instance },
): void => {
  const order: Order = { why: "capacity", ...asked };
  const { instance, atMs, noticeSeconds } = order;
  const noticeMs = atMs + (rebalanceSeconds ?? 0) * 1000;
  if (rebalanceSeconds !== undefined && isRunningSpot(instance)) recommend(context, region, order);
  const take = (dueMs: number): void => {
    const due = { ...order, atMs: dueMs };
    if (noticeSeconds > 0) giveNotice(context, region, due);
    else end(context, region, due);
  };
  if (noticeMs > atMs) {
    const request = requestOf(region, instance);
    // Decided by now: the market does not take it a second time.
    if (request !== undefined) request.taking = order.why;
    context.timeline.at(noticeMs, take);
  } else take(atMs);
};

/** A rebalance recommendation, whether a notice follows or not. */
export const recommend = (
  context: Ec2Context,
  region: RegionState,
  { instance, atMs }: { readonly instance: Instance; readonly atMs: number },
): void => {
  const type = "EC2 Instance Rebalance Recommendation";
  emitAbout(context, { region, instance, atMs }, { type, detail: {} });
};

const runningSpot = (context: Ec2Context) =>
  [...context.accounts.values()]
    .flatMap((account) => [...account.regions.values()])
    .flatMap((region) =>
      [...region.instances.values()]
        .filter(isRunningSpot)
        .map((instance) => ({ region, instance })),
    );

/** Seconds of the notice, as a rule; and of an end that came early (aws/aws-node-termination-handler, issue 1022). */
const usualNoticeSeconds = 120;
const earlyNoticeSeconds = 39;

/** Drawn where some ends are early. */
export const noticeSecondsOf = ({ settings, random }: Ec2Context): number =>
  settings.earlyEndShare > 0 && random.next() < settings.earlyEndShare
    ? earlyNoticeSeconds
    : usualNoticeSeconds;

/** Drawn where some ends are recommended ahead. */
const recommendationOf = ({
  settings,
  random,
}: Ec2Context): Pick<Interruption, "rebalanceSeconds"> =>
  settings.recommendedShare > 0 && random.next() < settings.recommendedShare
    ? { rebalanceSeconds: random.integer(...settings.recommendedSeconds) }
    : {};

const isAboveItsPrice = (
  context: Ec2Context,
  region: RegionState,
  running: { readonly instance: Instance; readonly atMs: number },
): boolean => {
  const { instance, atMs } = running;
  const request = requestOf(region, instance);
  const price = context.market.spotPrice(poolOf(region, instance), atMs);
  return request !== undefined && isPricedOut(request, price);
};

/** What exceeds a pool's capacity is taken back, the last launched first, and what would cost more than its owner wants to pay. */
const reclaim = (context: Ec2Context, atMs: number): void => {
  for (const { region, instance } of runningSpot(context)) {
    if (!isTaken(region, instance) && isAboveItsPrice(context, region, { instance, atMs })) {
      const noticeSeconds = noticeSecondsOf(context);
      interrupt(context, region, { instance, atMs, noticeSeconds, why: "price" });
    }
    const pool = poolOf(region, instance);
    const capacity = capacityOf(context, "spot", { pool, atMs });
    const staying = occupants(context, "spot", pool).filter(
      (other) => isRunningSpot(other.instance) && !isTaken(other.region, other.instance),
    );
    for (const victim of staying.slice(capacity)) {
      const noticeSeconds = noticeSecondsOf(context);
      const { instance } = victim;
      const ahead = recommendationOf(context);
      interrupt(context, victim.region, { instance, atMs, noticeSeconds, ...ahead });
    }
  }
};

/** Watches the market as long as Spot Instances run; called after each launch. */
export const watchMarket = (context: Ec2Context): (() => void) => {
  const { marketTickMs } = context.settings;
  let isWatching = false;
  const next = (afterMs: number): void => {
    isWatching = true;
    const atMs = (Math.floor(afterMs / marketTickMs) + 1) * marketTickMs;
    context.timeline.at(atMs, (dueMs) => {
      reclaim(context, dueMs);
      if (runningSpot(context).length > 0) next(dueMs);
      else isWatching = false;
    });
  };
  return () => {
    if (!isWatching && context.settings.marketInterruptions) next(context.clock.now());
  };
};
