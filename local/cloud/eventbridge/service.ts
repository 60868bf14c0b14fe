/**
 * EventBridge's classic event buses: a default one in each account and region, on which AWS services tell, and custom ones; rules and
 * their targets. Source: EventBridge user guide, "Event buses", and as each file says.
 */
import type { AwsEvent } from "../aws-event.ts";
import type { ServiceModule } from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import type { Queues } from "../sqs/queues.ts";
import { Buses } from "./buses.ts";
import { deliver, type DeliveryContext, type HarmHook } from "./delivery.ts";
import { eventBridgeOperations } from "./operations.ts";
import { reach, type Reachable } from "./reach.ts";
import { usualDelivery, type EventBridgeSettings } from "./settings.ts";
import type { Bus, Delivery, Place } from "./state.ts";

interface Dropped extends Delivery {
  readonly error: string;
}

export interface EventBridge extends ServiceModule {
  readonly control: {
    /** ARN of a custom bus. */
    addBus(place: Place, name: string): string;
    putRule: Buses["putRule"];
    removeRule: Buses["removeRule"];
    /** Asked at each attempt, the first too. Returns the hook's removal. */
    harm(hook: HarmHook): () => void;
    /** What no dead-letter queue took. */
    readonly dropped: readonly Dropped[];
  };
  /** A service tells: on the default bus of the event's account and region. */
  readonly hear: (event: AwsEvent) => void;
}

interface EventBridgeParts {
  readonly queues: Queues;
  readonly invoke?: Reachable["invoke"];
  readonly settings?: Partial<EventBridgeSettings>;
}

const controlsOf = (buses: Buses, hooks: Set<HarmHook>) => ({
  addBus: (place: Place, name: string): string => buses.add(place, name).arn,
  putRule: buses.putRule.bind(buses),
  removeRule: buses.removeRule.bind(buses),
  harm: (hook: HarmHook): (() => void) => {
    hooks.add(hook);
    return () => {
      hooks.delete(hook);
    };
  },
});

export const createEventBridge = (
  cloud: Pick<Cloud, "clock" | "random" | "identities">,
  { queues, invoke = () => undefined, settings = {} }: EventBridgeParts,
): EventBridge => {
  const { clock, identities } = cloud;
  const random = cloud.random.fork("eventbridge");
  const buses = new Buses();
  const hooks = new Set<HarmHook>();
  const dropped: Dropped[] = [];
  const accept = (bus: Bus, event: AwsEvent): void => {
    const sinceMs = clock.now();
    for (const rule of bus.rules.values()) {
      if (!rule.pattern({ ...event })) continue;
      for (const target of rule.targets) deliver(context, { event, bus, rule, target, sinceMs });
    }
  };
  const reachable: Reachable = {
    identities,
    queues,
    busAt: (arn) => buses.at(arn),
    accept,
    invoke,
  };
  const context: DeliveryContext = {
    clock,
    random,
    settings: { ...usualDelivery, ...settings },
    queues,
    hooks,
    dropped: (delivery, error) => {
      dropped.push({ ...delivery, error });
    },
    reach: (delivery) => reach(reachable, delivery),
  };
  return {
    service: "events",
    operations: eventBridgeOperations({ buses, random, accept }),
    hear: (event) => {
      const { lostShare } = context.settings;
      if (lostShare > 0 && random.next() < lostShare) return;
      const { account: accountId, region } = event;
      accept(buses.named({ accountId, region }), event);
    },
    control: { ...controlsOf(buses, hooks), dropped },
  };
};
