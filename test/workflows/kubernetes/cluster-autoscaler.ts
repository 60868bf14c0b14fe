/**
 * Cluster Autoscaler as a group meets it: it sets the desired capacity from what it remembers of the group, which it reads anew once a minute, and not from what the group shows.
 * Source: kubernetes/autoscaler, cloudprovider/aws, `IncreaseSize` and `DecreaseTargetSize` on the cached group, refreshed every minute.
 */
import type { NodeLab } from "../../../local/lab/node-lab.ts";

const refreshMs = 60_000;

export interface ClusterAutoscaler {
  /** So many more than it remembers; fewer, where machines that it waits for did not come. */
  resize(by: number): Promise<void>;
}

/** Of one of the cluster's groups, by name. */
export const keepAutoscaler = (
  { platform, cluster, account }: Pick<NodeLab, "platform" | "cluster" | "account">,
  groupName: string = cluster.groupName,
): ClusterAutoscaler => {
  const { accountId, region } = cluster.place;
  const { clock, cloud, autoScaling } = platform;
  const name = `autoscaler-of-${cluster.name}`;
  const { accessKeyId } = cloud.identities.addUser({ accountId, name });
  const sizeNow = (): number =>
    autoScaling.control.find({ ...cluster.place, name: groupName })?.desired ?? 0;
  let remembered = sizeNow();
  const refresh = (): void => {
    remembered = sizeNow();
    account.clock.schedule(clock.now() + refreshMs, refresh);
  };
  refresh();
  return {
    resize: async (by) => {
      const DesiredCapacity = remembered + by;
      await cloud.call({
        service: "autoscaling",
        operation: "SetDesiredCapacity",
        region,
        accessKeyId,
        input: { AutoScalingGroupName: groupName, DesiredCapacity, HonorCooldown: false },
      });
      remembered = DesiredCapacity;
    },
  };
};
