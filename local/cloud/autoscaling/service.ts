/**
 * The simulated EC2 Auto Scaling: all operations as one service module, with the control surface beside them. Its members are instances of
 * the simulated EC2.
 */
import type { Call, Handler, ServiceModule } from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import { createTimeline } from "../ec2/timeline.ts";
import { authorizationOf } from "./authorization.ts";
import type { AutoScalingContext, Neighbours } from "./context.ts";
import { createControl, type AutoScalingControl } from "./control.ts";
import { groupOperations } from "./group-operations.ts";
import { groupReads } from "./group-reads.ts";
import { hearChecks, hearEc2, hearTargets, wake } from "./happenings.ts";
import { memberOperations } from "./member-operations.ts";
import { processOperations } from "./process-operations.ts";
import { readOperations } from "./reads.ts";
import { scheduleOperations } from "./schedule-operations.ts";
import { defaultSettings, type AutoScalingSettings } from "./settings.ts";
import { standbyOperations } from "./standby-operations.ts";
import { tagOperations } from "./tag-operations.ts";

export interface AutoScaling extends ServiceModule {
  readonly control: AutoScalingControl;
}

/** Until the first group nothing is listened to, and no time is waited for. */
const startOnce = (context: () => AutoScalingContext): (() => void) => {
  let isStarted = false;
  return () => {
    if (isStarted) return;
    isStarted = true;
    const { fleet, targets } = context();
    fleet.listen({
      event: (event) => {
        hearEc2(context(), event);
      },
      checks: () => {
        hearChecks(context());
      },
    });
    targets.listen((arn) => {
      hearTargets(context(), arn);
    });
  };
};

const contextOf = (
  cloud: Pick<Cloud, "clock" | "random">,
  neighbours: Neighbours,
  settings: AutoScalingSettings,
): AutoScalingContext => {
  const context: AutoScalingContext = {
    ...neighbours,
    clock: cloud.clock,
    random: cloud.random.fork("autoscaling"),
    settings,
    timeline: createTimeline(cloud.clock),
    regions: new Map(),
    memberships: new Map(),
    completions: new WeakMap(),
    contended: new Map(),
    blocked: new Set(),
    rolesMissing: new Set(),
    listeners: new Set(),
    watchers: new Set(),
    start: startOnce(() => context),
    wake: (group, afterMs = settings.reconcileMs) => {
      wake(context, group, afterMs);
    },
    emit: (event) => {
      for (const listener of [...context.listeners]) listener(event);
    },
    changed: (group, change) => {
      for (const watcher of [...context.watchers]) watcher(group, change);
    },
  };
  return context;
};

/** Before each call the past happens. */
const withTime = (
  { timeline }: AutoScalingContext,
  operations: ServiceModule["operations"],
): ServiceModule["operations"] => {
  const timed = Object.entries(operations).map(([name, handler]) => {
    const whenSettled: Handler<never, unknown> = (call: Call, input: never) => {
      timeline.settle();
      return handler(call, input);
    };
    return [name, whenSettled] as const;
  });
  return Object.fromEntries(timed);
};

export const createAutoScaling = (
  cloud: Pick<Cloud, "clock" | "random">,
  neighbours: Neighbours,
  settings: Partial<AutoScalingSettings> = {},
): AutoScaling => {
  const context = contextOf(cloud, neighbours, { ...defaultSettings, ...settings });
  const operations: ServiceModule["operations"] = {
    ...groupOperations(context),
    ...groupReads(context),
    ...memberOperations(context),
    ...standbyOperations(context),
    ...processOperations(context),
    ...readOperations(context),
    ...scheduleOperations(context),
    ...tagOperations(context),
  };
  return {
    service: "autoscaling",
    operations: withTime(context, operations),
    authorization: authorizationOf(context, Object.keys(operations)),
    control: createControl(context),
  };
};
