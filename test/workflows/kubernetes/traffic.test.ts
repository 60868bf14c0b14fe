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

it("ends no node that a classic load balancer still has: its controller notices the label within two minutes", async () => {
  const lab = await createNodeLab({});
  const { cluster, platform, account } = lab;
  const { classicElb, cloud } = platform;
  const [instanceId = ""] = cluster.instanceIds;
  const name = { ...cluster.place, name: "shop" };
  classicElb.set({ ...name, instanceIds: cluster.instanceIds });
  let isNoticed = false;
  cluster.kubernetes.control.onChange(() => {
    const node = lab.mirror.nodeOf(instanceId);
    if (node?.metadata.labels?.[exclusionLabel] === undefined || isNoticed) return;
    isNoticed = true;
    account.clock.schedule(account.clock.now() + 90_000, () => {
      classicElb.membership.deregister(name, instanceId);
    });
  });
  const standing: boolean[] = [];
  const removed: number[] = [];
  cloud.faults.before(({ operation, at }) => {
    if (operation !== "TerminateInstanceInAutoScalingGroup") return;
    removed.push(at);
    standing.push(classicElb.membership.isThere(name));
  });
  const ending = await lab.run();
  expect(ending.status).toBe("SWITCHED");
  expect(isNoticed).toBe(true);
  expect(standing).toEqual([true]);
  const cordonedAt = ending.intents.find(({ change }) => change.kind === "CORDON_NODE")?.plannedAt;
  expect((removed[0] ?? 0) - Date.parse(cordonedAt ?? "")).toBeGreaterThanOrEqual(90_000);
  expect(ending.evaluation.verdict?.sentence).toContain("Classic load balancers (shop)");
  expect(complaintsAboutNodes(lab, ending)).toEqual([]);
});
