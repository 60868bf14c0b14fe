/** What our code does not do, done by a session of our role: a judge that excuses too much would not find it. */
import type { GroupLab } from "../../../local/lab/group-lab.ts";
import type { Fault } from "../../../local/property/cluster/faults.ts";

export interface Wrong {
  /** Of our role, right after the first of this operation. */
  readonly after: string;
  readonly operation: string;
  readonly input: (lab: GroupLab) => object;
}

export const doing = ({ after, operation, input }: Wrong): Fault => ({
  sentence: `${operation} after ${after}`,
  isRefusal: false,
  begin: (lab) => {
    const { cloud } = lab.platform;
    const { accountId, region, name } = lab.name;
    const role = cloud.identities.addRole({
      accountId,
      name: "wrong",
      allow: ["*"],
      trustedPrincipals: [],
    });
    const { accessKeyId } = cloud.identities.openSession({
      roleArn: role.arn,
      sessionName: "wrong",
    });
    let isDone = false;
    cloud.faults.after(async (call) => {
      if (isDone || call.operation !== after || call.caller.sessionName === undefined) return;
      isDone = true;
      await cloud.call({
        service: "autoscaling",
        operation,
        region,
        accessKeyId,
        input: { AutoScalingGroupName: name, ...input(lab) },
      });
    });
  },
});
