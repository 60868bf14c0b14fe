/** The enforcer's way: who has no owner is flagged, told, stopped and ended as persons agree, and leaves the list once it is gone. */
import * as z from "zod";
import type { LabAccount } from "../../local/lab/account.ts";

const minuteMs = 60_000;

/** EC2 shows instances without the tags that they have. */
const hideTags = ({ platform }: LabAccount): (() => void) =>
  platform.cloud.faults.after(({ operation }, output) => {
    if (operation !== "DescribeInstances") return;
    const { Reservations } = output as {
      readonly Reservations: readonly { readonly Instances: { Tags?: unknown }[] }[];
    };
    for (const { Instances } of Reservations) for (const each of Instances) delete each.Tags;
  });

const pendingSchema = z.object({
  items: z.array(z.object({ approval_id: z.string(), bounds_hash: z.string() })),
});

const agree = async ({ api }: LabAccount): Promise<void> => {
  const { items } = await api.get("/approvals?status=PENDING", pendingSchema);
  for (const { approval_id: id, bounds_hash } of items) {
    await api.send({
      method: "POST",
      path: `/approvals/${id}/approve`,
      body: { bounds_hash },
      headers: { "spot-optimizer-identity": "ben" },
    });
  }
};

export const walkEnforcer = async (stage: LabAccount): Promise<void> => {
  const { accountId, api, clock, platform, region } = stage;
  const pass = async (runs: number, minutes = 60): Promise<void> => {
    for (let run = 0; run < runs; run += 1) {
      await clock.run({ atMostMs: clock.now() + minutes * minuteMs });
      await platform.functions.invoke("enforce-scan-place", {});
      await platform.functions.invoke("enforce-carry-out", {});
    }
  };
  const topic_arn = platform.sns.addTopic({ accountId, region, name: "spot-optimizer-notices" });
  const body = { mode: "ON", topic_arn, terminate_after_days: 1 };
  await api.send({ method: "PUT", path: `/accounts/${accountId}/enforcer`, body });
  platform.ec2.control.addInstance({ accountId, region, instanceType: "m5.large" });
  const container = { accountId, region, instanceType: "m5.large" };
  const instanceIds = [platform.ec2.control.addInstance(container)];
  platform.ecs.addCluster({ accountId, region, instanceIds });
  const showTags = hideTags(stage);
  await pass(1);
  showTags();
  await pass(21);
  await pass(1, 147 * 60);
  await pass(2);
  await agree(stage);
  await pass(30);
  await agree(stage);
  await pass(5);
};
