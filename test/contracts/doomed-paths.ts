/** Members of groups behind a Network Load Balancer whose end EC2 announces, and does not bring about, while their replacements are given up. */
import { listEvaluations } from "../../adapters/store/evaluations.ts";
import { targetIdSchema } from "../../core/model/ids.ts";
import type { GroupOfOwner } from "../../local/platform/customer-group.ts";
import { warn } from "./told-paths.ts";
import { denied, hourMs, letSwitchesBegin, type PathWalked, type Walk } from "./walk.ts";

/** A converted group. */
export interface Converted {
  readonly group: GroupOfOwner;
  readonly targetId: string;
}

/** What was launched is lost once the member has left its target group. */
const lostOnceLeft = ({ stage, recorder }: Walk): (() => void) => {
  const { ec2, cloud } = stage.platform;
  let launched = "";
  let isDone = false;
  return cloud.faults.after(({ operation }, output) => {
    const by = recorder.running();
    if (by === "cluster-launch" && operation === "RunInstances") {
      const { Instances = [] } = output as {
        readonly Instances?: readonly { InstanceId: string }[];
      };
      launched = Instances[0]?.InstanceId ?? launched;
    }
    if (by !== "cluster-register" || operation !== "DeregisterTargets" || isDone) return;
    isDone = true;
    ec2.control.interrupt(launched, { noticeSeconds: 0 });
  });
};

const paths: readonly (Pick<PathWalked, "name" | "ends"> & {
  readonly arrange: (walk: Walk) => () => void;
})[] = [
  {
    name: "a doomed member, whose replacement is lost once it has left its balancer",
    ends: "ROLLED_BACK",
    arrange: lostOnceLeft,
  },
  {
    name: "a doomed member, whose replacement may not be attached",
    ends: "ROLLED_BACK",
    arrange: denied("cluster-attach", "AttachInstances"),
  },
];

export const walkDoomed = async (
  walk: Walk,
  convert: (name: string) => Promise<Converted>,
): Promise<readonly PathWalked[]> => {
  const { stage } = walk;
  const { clock, platform, table } = stage;
  const walked: PathWalked[] = [];
  for (const { name, ends, arrange } of paths) {
    const { group, targetId } = await convert(name);
    const [member] = platform.autoScaling.control.find(group.name)?.members ?? [];
    const doomed = member?.instanceId ?? "";
    const release = arrange(walk);
    platform.ec2.control.interrupt(doomed, { fails: true });
    await warn(stage, doomed);
    await clock.run({ atMostMs: clock.now() + 2 * hourMs });
    release();
    const { items } = await listEvaluations(table, {
      targetId: targetIdSchema.parse(targetId),
      limit: 1,
    });
    const sentence = items[0]?.outcome?.sentence ?? "";
    walked.push({ name, ends, ended: items[0]?.status ?? "nowhere", sentence });
    await letSwitchesBegin(stage);
  }
  return walked;
};
