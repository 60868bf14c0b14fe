import { describe, expect, it } from "@jest/globals";
import { setFindByTags } from "../../../../adapters/store/find-by-tags.ts";
import { targetPageSchema } from "../../../../lambdas/api/schemas/targets.ts";
import { addWorkload } from "../../../../local/lab/subject.ts";
import { minuteMs, openSweepLab, passMinutes } from "./place-lab.ts";

const tags = { team: "payments" };

const openTagged = async () => {
  const lab = await openSweepLab();
  const { account, place } = lab;
  await setFindByTags(account.table, place.accountId, { tags, updatedAt: "2026-03-01T00:00:00Z" });
  const { instanceId } = addWorkload(account, { instanceType: "m5.large", tags });
  addWorkload(account, { instanceType: "m5.large", tags: { team: "search" } });
  const registered = async () =>
    (await account.api.get("/lab/instances", targetPageSchema)).items.map(
      ({ instance_id: id, is_shadow_mode: isShadowMode }) => [id, isShadowMode],
    );
  return { lab, instanceId, registered };
};

describe("a sweep of an account whose targets are found by tags", () => {
  it("registers them in shadow mode, once, and judges them from the next sweep on", async () => {
    const { lab, instanceId, registered } = await openTagged();
    expect(await lab.sweep()).toMatchObject({ kind: "SWEPT", judged: 0 });
    expect(await registered()).toEqual([[instanceId, true]]);
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ judged: 1 });
    expect(await registered()).toEqual([[instanceId, true]]);
  });

  it("looks there although nothing is registered yet", async () => {
    const { lab, instanceId, registered } = await openTagged();
    const { clock, platform } = lab.account;
    await platform.functions.invoke("schedule-sweep", {});
    await clock.run({ atMostMs: clock.now() + minuteMs });
    expect(await registered()).toEqual([[instanceId, true]]);
  });

  it("registers neither a replacement with its original's tags nor the stopped original: the target follows its switch", async () => {
    const lab = await openSweepLab();
    const { account, place } = lab;
    const updatedAt = "2026-03-01T00:00:00Z";
    await setFindByTags(account.table, place.accountId, { tags, updatedAt });
    const [targetId] = await lab.add(1, { isShadowMode: false, workload: { tags } });
    const targets = async () => (await account.api.get("/lab/instances", targetPageSchema)).items;
    const [before] = await targets();
    for (let minute = 0; minute < 40; minute += 1) {
      await lab.sweep();
      await passMinutes(lab, 1);
    }
    const [after, ...others] = await targets();
    expect(others).toEqual([]);
    expect(after?.target_id).toBe(targetId);
    expect(after?.instance_id).not.toBe(before?.instance_id);
  });
});
