/** How often a conversion of a group looks whether it can go on. Nobody is waiting: the originals serve all the while. */
import type { Pace } from "../../model/evaluation.ts";

export const paces = {
  /** Something else acts on the group: activities take minutes. */
  group: { firstSeconds: 60, everySeconds: 60, mostSeconds: 180 },
  /** EC2 makes its checks about once a minute, and needs two to three minutes after a launch until they have passed. */
  checks: { firstSeconds: 150, everySeconds: 30, mostSeconds: 60 },
  /** Documents take seconds. */
  proof: { firstSeconds: 5, everySeconds: 10, mostSeconds: 30 },
  /** Two to ten checks of a load balancer, 5 to 30 seconds apart. */
  targets: { firstSeconds: 20, everySeconds: 15, mostSeconds: 30 },
  /** The group refuses while an activity of its own goes on. */
  attach: { firstSeconds: 15, everySeconds: 15, mostSeconds: 60 },
  /** Pending lasts some three seconds after an attach; a warm-up lasts minutes. */
  service: { firstSeconds: 10, everySeconds: 15, mostSeconds: 60 },
  /** EC2 ends the original two minutes after it has announced that. */
  recovery: { firstSeconds: 5, everySeconds: 5, mostSeconds: 30 },
  /** The deregistration delay, 300 seconds unless set, and terminating hooks. */
  removal: { firstSeconds: 30, everySeconds: 30, mostSeconds: 60 },
} as const satisfies Readonly<Record<string, Pace>>;
