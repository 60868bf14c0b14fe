/**
 * How Spot takes an instance back: perhaps a rebalance recommendation, then the notice (two minutes ahead), then
 * the end. And what follows for its request; a persistent one launches again.
 */
import { CloudError } from "../contract.ts";
import type { Ec2Context } from "./context.ts";
import { emitAbout, stop, terminate } from "./instance-lifecycle.ts";
import { capacityOf, occupants, poolOf } from "./pools.ts";
import { relaunch } from "./run-instances.ts";
import { lostCode, requestOf, setStatus, settleRequest } from "./spot-requests.ts";
import type { Instance, RegionState, SpotRequest } from "./state.ts";

export interface Interruption {
  readonly atMs: number;
  /** Seconds between notice and end; AWS gives 120. 0: the end comes with no notice at all. */
  readonly noticeSeconds: number;
  /** Seconds between a rebalance recommendation and the notice; absent: none is sent. */
  readonly rebalanceSeconds?: number;
}

const isRunningSpot = (instance: Instance): boolean =>
  instance.lifecycle === "spot" && (instance.state === "running" || instance.state === "pending");

const end = (
  context: Ec2Context,
  region: RegionState,
  order: { readonly instance: Instance; readonly atMs: number },
): void => {
  const { instance, atMs } = order;
  if (!isRunningSpot(instance)) return;
  const request = requestOf(region, instance);
  if (request === undefined || request.interruptionBehavior === "terminate") {
    const code = "Server.SpotInstanceTermination";
    terminate(context, region, {
      instance,
      atMs,
      cause: { code, message: `${code}: Spot Instance termination`, transition: code },
    });
    return;
  }
  const code = "Server.SpotInstanceShutdown";
  stop(context, region, {
    instance,
    atMs,
    cause: { code, message: `${code}: Spot Instance shutdown`, transition: code },
  });
  request.state = "disabled";
  setStatus(request, "instance-stopped-no-capacity", atMs);
};

const announce = (context: Ec2Context, request: SpotRequest, atMs: number): void => {
  if (request.interruptionBehavior !== "terminate") {
    setStatus(request, "marked-for-stop", atMs);
    return;
  }
  if (!context.settings.noticeEndsRequest) {
    setStatus(request, "marked-for-termination", atMs);
    return;
  }
  setStatus(request, lostCode, atMs);
  request.state = request.type === "one-time" ? "closed" : "open";
};

const giveNotice = (
  context: Ec2Context,
  region: RegionState,
  order: { readonly instance: Instance; readonly atMs: number; readonly noticeSeconds: number },
): void => {
  const { instance, atMs, noticeSeconds } = order;
  if (!isRunningSpot(instance)) return;
  const request = requestOf(region, instance);
  const action = request?.interruptionBehavior ?? "terminate";
  if (request !== undefined) announce(context, request, atMs);
  emitAbout(
    context,
    { region, instance, atMs },
    {
      type: "EC2 Spot Instance Interruption Warning",
      detail: { "instance-action": action },
    },
  );
  context.timeline.at(atMs + noticeSeconds * 1000, (dueMs) => {
    end(context, region, { instance, atMs: dueMs });
  });
};

export const interrupt = (
  context: Ec2Context,
  region: RegionState,
  order: Interruption & { readonly instance: Instance },
): void => {
  const { instance, atMs, noticeSeconds, rebalanceSeconds } = order;
  const noticeMs = atMs + (rebalanceSeconds ?? 0) * 1000;
  if (rebalanceSeconds !== undefined && isRunningSpot(instance)) {
    emitAbout(
      context,
      { region, instance, atMs },
      {
        type: "EC2 Instance Rebalance Recommendation",
        detail: {},
      },
    );
  }
  const take = (dueMs: number): void => {
    if (noticeSeconds > 0) {
      giveNotice(context, region, { instance, atMs: dueMs, noticeSeconds });
    } else {
      end(context, region, { instance, atMs: dueMs });
    }
  };
  if (noticeMs > atMs) context.timeline.at(noticeMs, take);
  else take(atMs);
};

/** How long an open persistent request waits before it tries (again). */
const relaunchMs = 60_000;

const tryRelaunch = (
  context: Ec2Context,
  region: RegionState,
  attempt: { readonly requestId: string; readonly atMs: number },
): void => {
  const { requestId, atMs } = attempt;
  context.timeline.at(atMs, (dueMs) => {
    const request = region.spotRequests.get(requestId);
    if (request?.state !== "open") return;
    try {
      relaunch(context, region, request);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      setStatus(request, "capacity-not-available", dueMs);
      tryRelaunch(context, region, { requestId, atMs: dueMs + relaunchMs });
    }
  });
};

/** Wire into `Ec2Context.terminated`. */
export const afterTermination =
  (context: Ec2Context) =>
  (region: RegionState, instance: Instance, atMs: number): void => {
    settleRequest(region, instance, atMs);
    const request = requestOf(region, instance);
    if (request?.state === "open") {
      tryRelaunch(context, region, { requestId: request.id, atMs: atMs + relaunchMs / 2 });
    }
  };

/** The market is looked at this often when its outages interrupt. */
const marketTickMs = 300_000;

const runningSpot = (context: Ec2Context) =>
  [...context.accounts.values()]
    .flatMap((account) => [...account.regions.values()])
    .flatMap((region) =>
      [...region.instances.values()]
        .filter(isRunningSpot)
        .map((instance) => ({ region, instance })),
    );

const isMarked = (region: RegionState, instance: Instance): boolean =>
  /^marked-for-|-no-capacity$/.test(requestOf(region, instance)?.status.code ?? "");

/** What exceeds a pool's capacity is taken back, the last launched first. */
const reclaim = (context: Ec2Context, atMs: number): void => {
  for (const { region, instance } of runningSpot(context)) {
    const pool = poolOf(region, instance);
    const capacity = capacityOf(context, "spot", { pool, atMs });
    const staying = occupants(context, "spot", pool).filter(
      (other) => isRunningSpot(other.instance) && !isMarked(other.region, other.instance),
    );
    for (const victim of staying.slice(capacity)) {
      interrupt(context, victim.region, { instance: victim.instance, atMs, noticeSeconds: 120 });
    }
  }
};

/** Watches the market as long as Spot Instances run; called after each launch. */
export const watchMarket = (context: Ec2Context): (() => void) => {
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
