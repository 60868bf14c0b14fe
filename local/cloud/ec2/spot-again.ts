/**
 * What EC2 does for a persistent Spot request after an interruption: it starts what it stopped, and launches anew what was terminated.
 * Sources: EC2 user guide, "Stop interrupted Spot Instances", "State changes for a Spot request", Persistent requests.
 */
import { CloudError } from "../contract.ts";
import type { Ec2Context } from "./context.ts";
import { boot, hasRoot, terminate } from "./instance-lifecycle.ts";
import { capacityOf, occupants, poolOf } from "./pools.ts";
import { relaunch } from "./run-instances.ts";
import {
  fulfil,
  isPricedOut,
  isStoppedByEc2,
  requestOf,
  setStatus,
  settleRequest,
  settleStop,
} from "./spot-requests.ts";
import type { Instance, RegionState, SpotRequest } from "./state.ts";

/** How long a request waits before EC2 tries (again). †: AWS gives no figure. */
const retryMs = 60_000;

const endedByService = {
  code: "Server.SpotInstanceTermination",
  message: "Server.SpotInstanceTermination: Spot Instance termination",
  transition: "Server.SpotInstanceTermination",
} as const;

/** "If a stopped Spot Instance's request is cancelled, EC2 terminates it": its status is then `instance-terminated-by-service`. */
export const endStopped = (
  context: Ec2Context,
  region: RegionState,
  { instance, atMs }: { readonly instance: Instance; readonly atMs: number },
): void => {
  const request = requestOf(region, instance);
  if (request !== undefined) request.taking = undefined;
  terminate(context, region, { instance, atMs, cause: endedByService });
};

const canRunAgain = (
  context: Ec2Context,
  region: RegionState,
  stopped: {
    readonly instance: Instance;
    readonly request: SpotRequest;
    readonly atMs: number;
  },
): boolean => {
  const { instance, request, atMs } = stopped;
  const pool = poolOf(region, instance);
  if (isPricedOut(request, context.market.spotPrice(pool, atMs))) return false;
  const capacity = capacityOf(context, "spot", { pool, atMs });
  return occupants(context, "spot", pool).length < capacity;
};

/** As soon as the very pool has room, in the zone and of the type that it had. */
const tryRestart = (
  context: Ec2Context,
  region: RegionState,
  attempt: { readonly instance: Instance; readonly atMs: number },
): void => {
  const { instance, atMs } = attempt;
  context.timeline.at(atMs, (dueMs) => {
    const request = requestOf(region, instance);
    if (request?.state !== "disabled" || instance.state !== "stopped") return;
    // "If you detach the root volume … EC2 attempts to start the instance, the start fails and EC2 terminates it."
    if (!hasRoot(region, instance)) {
      endStopped(context, region, { instance, atMs: dueMs });
    } else if (canRunAgain(context, region, { instance, request, atMs: dueMs })) {
      boot(context, region, { instance, atMs: dueMs, isStart: true });
      fulfil(request, dueMs);
    } else {
      tryRestart(context, region, { instance, atMs: dueMs + retryMs });
    }
  });
};

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
      tryRelaunch(context, region, { requestId, atMs: dueMs + retryMs });
    }
  });
};

/** Wire into `Ec2Context.stopped`. */
export const afterStop =
  (context: Ec2Context) =>
  (region: RegionState, instance: Instance, atMs: number): void => {
    settleStop(region, instance, atMs);
    const request = requestOf(region, instance);
    if (request?.state === "disabled" && isStoppedByEc2(request)) {
      tryRestart(context, region, { instance, atMs: atMs + retryMs });
    }
  };

/** Wire into `Ec2Context.terminated`. */
export const afterTermination =
  (context: Ec2Context) =>
  (region: RegionState, instance: Instance, atMs: number): void => {
    settleRequest(region, instance, atMs);
    const request = requestOf(region, instance);
    if (request?.state === "open") {
      tryRelaunch(context, region, { requestId: request.id, atMs: atMs + retryMs / 2 });
    }
  };
