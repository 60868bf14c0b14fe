/** What the owner of the account does meanwhile, who knows nothing of a switch: starts, stops, tags, groups, registrations. */
import type { DescribeInstancesResult } from "@aws-sdk/client-ec2";
import { CloudError } from "../cloud/contract.ts";
import type { Lab } from "../lab/contract.ts";
import { asOwner, throwKillSwitch } from "../lab/scenarios.ts";
import { accountId, region } from "../lab/lab.ts";
import { afterCall, type Kind, type Scene } from "./disturbance.ts";

const minuteMs = 60_000;

/** An owner who is told no lets it be. */
const ask = async (lab: Lab, operation: string, input: unknown): Promise<boolean> => {
  const service = operation.endsWith("Targets") ? "elasticloadbalancing" : "ec2";
  try {
    await asOwner(lab, service)(operation, input);
    return true;
  } catch (error) {
    if (error instanceof CloudError) return false;
    throw error;
  }
};

const tags = afterCall("the owner tags the original", async ({ lab }) => {
  await ask(lab, "CreateTags", {
    Resources: [lab.originalId],
    Tags: [{ Key: "Team", Value: "payments" }],
  });
});

/** What becomes of it is his: that the product leaves it as he has it is judged by the other rules. */
const forgiveState = ({ lab, forgive }: Scene): void => {
  lab.watch.excuse("original");
  forgive(/the original is (running|pending|stopped|stopping)$/);
};

const starts = afterCall("the owner starts the original, if it rests,", async (scene) => {
  const { lab } = scene;
  if (lab.control.find(lab.originalId)?.state !== "stopped") return;
  forgiveState(scene);
  // With half of its identity it serves at some addresses: what is recorded lasts until it has all.
  scene.forgiveLateness();
  await ask(lab, "StartInstances", { InstanceIds: [lab.originalId] });
});

const stops = afterCall("the owner stops the original, if it runs,", async (scene) => {
  const { lab } = scene;
  if (lab.control.find(lab.originalId)?.state !== "running") return;
  forgiveState(scene);
  // A replacement that nobody needs is ended, though nobody serves then.
  scene.forgive(/was terminated while nobody else was proved to serve$/);
  // Between a look of a roll-back and its call.
  scene.forgive(/which is stopping and not ready$/);
  // His stop is left as it is: there is no way back to hold.
  scene.forgive(/the capacity for the way back was given up before the original ran$/);
  // It is down by his own stop, not by ours.
  scene.forgive(/^0 s of downtime are recorded/);
  await ask(lab, "StopInstances", { InstanceIds: [lab.originalId] });
});

const regroups = afterCall(
  "the owner gives the original another security group",
  async ({ lab }) => {
    // After days EC2 has forgotten it.
    if (lab.control.find(lab.originalId)?.state === undefined) return;
    const answer = (await asOwner(lab)("DescribeInstances", {
      InstanceIds: [lab.originalId],
    })) as DescribeInstancesResult;
    const [primary] = answer.Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces ?? [];
    const groupId = "sg-0123456789abcdef0";
    lab.control.addSecurityGroup({ accountId, region, groupId });
    await ask(lab, "ModifyNetworkInterfaceAttribute", {
      NetworkInterfaceId: primary?.NetworkInterfaceId,
      Groups: [groupId],
    });
  },
);

const targetOf = ({ targetGroupArn, originalId }: Lab) => ({
  TargetGroupArn: targetGroupArn,
  Targets: [{ Id: originalId, Port: 80 }],
});

const registers = afterCall(
  "the owner registers the original in its target group",
  async ({ lab, forgive }) => {
    if (lab.targetGroupArn === undefined) return;
    lab.watch.excuse("load balancer");
    if (await ask(lab, "RegisterTargets", targetOf(lab))) {
      forgive(/^the target group has /);
    }
  },
);

const deregisters = afterCall(
  "the owner takes the original out of its target group",
  async ({ lab, forgive }) => {
    if (lab.targetGroupArn === undefined) return;
    lab.watch.excuse("load balancer");
    if (await ask(lab, "DeregisterTargets", targetOf(lab))) {
      forgive(/^the target group has |in the target group$/);
      // The original no longer has it.
      forgive(/nobody had looked where arn:/);
    }
  },
);

const terminatesReplacement = afterCall("the owner terminates the replacement", async ({ lab }) => {
  const replacement = lab.replacement();
  if (replacement?.state !== "running") return;
  lab.watch.excuse("replacement");
  await ask(lab, "TerminateInstances", { InstanceIds: [replacement.instanceId] });
});

/** As one more target, which is not his to optimise yet. */
const registersReplacement = afterCall(
  "the replacement is registered as a target",
  async ({ lab, forgive }) => {
    const replacement = lab.replacement();
    if (replacement?.state !== "running") return;
    const { status } = await lab.send("POST", "/lab/instances", {
      account_id: accountId,
      instance_id: replacement.instanceId,
      instance_type: replacement.instanceType,
      availability_zone: replacement.zoneName,
      pipeline_mode: "LINEAR",
    });
    if (status < 300) forgive(/^the target's /);
  },
);

const forgetsTarget = afterCall("the target is deleted", async ({ lab, forgive }) => {
  lab.watch.forget(true);
  const { status } = await lab.send("DELETE", `/lab/instances/${lab.targetId}`);
  if (status < 300) forgive(/^the target's /);
  else lab.watch.forget(false);
});

const killSwitch = afterCall("the kill switch is thrown", ({ lab }) => throwKillSwitch(lab));

const killSwitchForAWhile = afterCall(
  "the kill switch is thrown, and lifted after a while,",
  async ({ lab }, random) => {
    await throwKillSwitch(lab);
    lab.clock.schedule(lab.clock.now() + random.integer(1, 120) * minuteMs, async () => {
      await lab.send("PUT", "/kill-switch", { engaged: false, reason: "drill" });
    });
  },
);

export const ownersActs: readonly Kind[] = [
  tags,
  starts,
  stops,
  regroups,
  registers,
  deregisters,
  terminatesReplacement,
  registersReplacement,
  forgetsTarget,
  killSwitch,
  killSwitchForAWhile,
];
