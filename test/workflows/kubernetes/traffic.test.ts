import { expect, it } from "@jest/globals";
import { exclusionLabel } from "../../../core/decide/kubernetes/claims.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";

it("ends no node before its load balancers have let go of it: what had begun may end", async () => {
  const lab = await createNodeLab({});
  const { cluster, platform } = lab;
  const { elb, ec2, cloud } = platform;
  const [instanceId = ""] = cluster.instanceIds;
  const vpcId = ec2.control.directory.find({ ...cluster.place, instanceId })?.vpcId ?? "";
  const arn = elb.addTargetGroup({
    ...cluster.place,
    name: "web",
    vpcId,
    port: 30080,
    tags: { "elbv2.k8s.aws/cluster": cluster.name },
    deregistrationDelaySeconds: 300,
  });
  elb.addTarget({ arn, instanceId });
  // As the load balancers' controller does, once it has seen the label.
  cluster.kubernetes.control.onChange(() => {
    const node = lab.mirror.nodeOf(instanceId);
    if (node?.metadata.labels?.[exclusionLabel] === undefined) return;
    elb.membership.deregister(arn, instanceId);
  });
  const connecting: (readonly string[])[] = [];
  cloud.faults.before((call) => {
    if (call.operation !== "TerminateInstanceInAutoScalingGroup") return;
    connecting.push(elb.connecting(instanceId));
  });
  const ending = await lab.run();
  expect(ending.status).toBe("SWITCHED");
  expect(connecting).toEqual([[]]);
  expect(complaintsAboutNodes(lab, ending)).toEqual([]);
});
