/** The simulated EKS: its operations as one service module, the clusters behind them, and the instances that join these. */
import type { AutoScalingControl } from "../autoscaling/control.ts";
import type { ServiceModule } from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import type { Ec2Directory } from "../ec2/directory.ts";
import type { Ec2Listener } from "../ec2/events.ts";
import type { KubeSettings } from "../kubernetes/settings.ts";
import { accessEntryOperations } from "./access-entries.ts";
import { eksAuthorization } from "./authorization.ts";
import { clusterOperations } from "./clusters.ts";
import type { EksContext } from "./context.ts";
import { hearAutoScaling } from "./draining.ts";
import { createControl, hearEc2, type EksControl } from "./control.ts";
import { nodegroupOperations } from "./nodegroups.ts";

export interface Eks extends ServiceModule {
  readonly control: EksControl;
  /** What EC2 tells of its instances. */
  readonly hear: Ec2Listener;
}

interface Neighbours {
  readonly directory: Ec2Directory;
  readonly groups: AutoScalingControl;
}

export const createEks = (
  cloud: Pick<Cloud, "clock" | "random" | "identities">,
  { directory, groups }: Neighbours,
  settings: Partial<KubeSettings> = {},
): Eks => {
  const context: EksContext = {
    clock: cloud.clock,
    cloud,
    random: cloud.random.fork("eks"),
    directory,
    groups,
    settings,
    clusters: new Map(),
    plans: new Set(),
  };
  groups.onEvent((event) => {
    hearAutoScaling(context, event);
  });
  return {
    service: "eks",
    authorization: eksAuthorization(context),
    operations: {
      ...clusterOperations(context),
      ...accessEntryOperations(context),
      ...nodegroupOperations(context),
    },
    control: createControl(context),
    hear: (event) => {
      hearEc2(context, event);
    },
  };
};
