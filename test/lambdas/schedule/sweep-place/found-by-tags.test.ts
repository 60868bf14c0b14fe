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
});
