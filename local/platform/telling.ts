/** What the services of customers' accounts tell EventBridge, and the queues to which it may deliver. */
import type { AutoScaling } from "../cloud/autoscaling/service.ts";
import type { Cloud } from "../cloud/dispatch.ts";
import type { Ec2 } from "../cloud/ec2/service.ts";
import { createEventBridge, type EventBridge } from "../cloud/eventbridge/service.ts";
import type { EventBridgeSettings } from "../cloud/eventbridge/settings.ts";
import { createFis, type Fis } from "../cloud/fis/service.ts";
import { Queues } from "../cloud/sqs/queues.ts";

export interface Telling {
  readonly queues: Queues;
  readonly eventBridge: EventBridge;
  readonly fis: Fis;
}

export const simulateTelling = (
  cloud: Cloud,
  { ec2, autoScaling }: { readonly ec2: Ec2; readonly autoScaling: AutoScaling },
  settings: Partial<EventBridgeSettings> = {},
): Telling => {
  const queues = new Queues(cloud);
  const eventBridge = createEventBridge(cloud, { queues, settings });
  const fis = createFis(cloud, ec2.control);
  ec2.control.onEvent(eventBridge.hear);
  autoScaling.control.onEvent(eventBridge.hear);
  fis.control.onEvent(eventBridge.hear);
  return { queues, eventBridge, fis };
};
