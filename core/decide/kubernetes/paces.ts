/** How often a step of KUBERNETES looks whether it can go on. Nobody is waiting: the old node serves all the while. The drain has a pace of its own. */
import type { Pace } from "../../model/evaluation.ts";

export const paces = {
  /** Something else acts on the group: activities take minutes. */
  group: { firstSeconds: 60, everySeconds: 60, mostSeconds: 180 },
  /** EC2 starts an instance within seconds; EKS takes a minute until its Auto Scaling group launches. */
  launch: { firstSeconds: 10, everySeconds: 10, mostSeconds: 30 },
  /** A node boots and joins within one to three minutes; then its agents come up. */
  join: { firstSeconds: 45, everySeconds: 10, mostSeconds: 30 },
  /** A CSI driver detaches within seconds of the pod's end. */
  detach: { firstSeconds: 5, everySeconds: 5, mostSeconds: 15 },
  /** Five minutes unless its owner says otherwise. Source: ELB API reference, deregistration_delay.timeout_seconds. */
  deregister: { firstSeconds: 15, everySeconds: 15, mostSeconds: 60 },
  /** The group refuses while an activity of its own goes on. */
  terminate: { firstSeconds: 15, everySeconds: 15, mostSeconds: 60 },
  /** A minute or two without hooks, up to 15 with that of a managed node group. */
  gone: { firstSeconds: 45, everySeconds: 15, mostSeconds: 60 },
  /** EC2 ends an instance two minutes after its notice, or a little later. */
  taken: { firstSeconds: 15, everySeconds: 15, mostSeconds: 60 },
} as const satisfies Readonly<Record<string, Pace>>;
