/** A conversion that has failed is not tried again by itself at once: later and later, and at once where a person asks. */
import { describe, expect, it } from "@jest/globals";
import { getTarget } from "../../../adapters/store/targets.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import { createGroupLab, type GroupLab } from "../../../local/lab/group-lab.ts";

const hourMs = 3_600_000;

const attemptOf = async ({ account, targetId }: GroupLab) =>
  (await getTarget(account.table, targetIdSchema.parse(targetId)))?.failedAttempt;

/** What we launch never answers its load balancer. */
const silentLab = async (): Promise<GroupLab> => {
  const lab = await createGroupLab({ size: 2, policy: { batch_size: 2 } });
  const { control } = lab.platform.ec2;
  control.onEvent(() => {
    for (const { instanceId, tags } of control.instances(lab.name.accountId)) {
      if ("spot-optimizer:evaluation" in tags) {
        lab.platform.elb.setApplicationHealthy(instanceId, false);
      }
    }
  });
  return lab;
};

const sweepAfter = async ({ account, platform }: GroupLab, hours: number): Promise<void> => {
  const { clock } = account;
  await clock.run({ atMostMs: clock.now() + hours * hourMs });
  await platform.functions.invoke("schedule-sweep", {});
  await clock.run({ atMostMs: clock.now() + hourMs });
};

const launchesOf = ({ platform }: GroupLab): number =>
  platform.cloud.journal.filter(
    ({ operation, dryRun, hadEffect }) => operation === "RunInstances" && !dryRun && hadEffect,
  ).length;

describe("a group whose replacements never serve", () => {
  it("is left alone by the sweep at first, tried again later, and then later still", async () => {
    const lab = await silentLab();
    const first = await lab.run();
    expect(first.status).toBe("ROLLED_BACK");
    const one = await attemptOf(lab);
    expect(Date.parse(one?.retryAt ?? "") - Date.parse(one?.at ?? "")).toBe(hourMs);
    const launched = launchesOf(lab);
    await lab.platform.functions.invoke("schedule-sweep", {});
    await lab.account.clock.run({ atMostMs: lab.account.clock.now() + hourMs / 2 });
    expect(launchesOf(lab)).toBe(launched);
    await sweepAfter(lab, 7);
    expect(launchesOf(lab)).toBeGreaterThan(launched);
    const two = await attemptOf(lab);
    expect(two?.evaluationId).not.toBe(one?.evaluationId);
    expect(Date.parse(two?.retryAt ?? "") - Date.parse(two?.at ?? "")).toBe(2 * hourMs);
  });

  it("is tried at once where a person asks, and remembered no longer once that succeeds", async () => {
    const lab = await silentLab();
    await lab.run();
    const { elb, ec2 } = lab.platform;
    ec2.control.onEvent(() => {
      for (const { instanceId } of ec2.control.instances(lab.name.accountId)) {
        elb.setApplicationHealthy(instanceId, true);
      }
    });
    expect((await lab.run()).status).toBe("SWITCHED");
    expect(await attemptOf(lab)).toBeUndefined();
  });
});
