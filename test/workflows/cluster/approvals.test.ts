import { describe, expect, it } from "@jest/globals";
import { updateApproval } from "../../../adapters/store/approvals.ts";
import { isOfFindings } from "../../../core/model/approval.ts";
import { createGroupLab } from "../../../local/lab/group-lab.ts";
import { approvalsOf, newestOf, setSettings, startedBy } from "../approver.ts";

describe("the conversion of a group to which a person must agree", () => {
  it("waits with nothing touched, and is made within the bounds once he has", async () => {
    const lab = await createGroupLab({ policy: { require_approval: true, batch_size: 2 } });
    const before = lab.group();
    const asking = await lab.run();
    expect(asking.status).toBe("AWAITING_APPROVAL");
    expect([asking.intents, asking.effects, asking.swaps]).toEqual([[], [], []]);
    expect(lab.group()).toEqual(before);
    const approval = await newestOf(lab);
    expect(approval.bounds).toMatchObject({
      subject: `group ${lab.name.name}`,
      groupArn: expect.stringContaining(lab.name.name),
      maxDowntimeMinutes: 0,
      changes: expect.arrayContaining([expect.stringContaining("2 at a time")]),
    });
    const ending = await lab.finish(await startedBy(lab, approval));
    expect(ending.status).toBe("SWITCHED");
    expect(ending.group?.members.every(({ lifecycle }) => lifecycle === "spot")).toBe(true);
    expect(await newestOf(lab)).toMatchObject({ status: "CONSUMED" });
  });

  it("places members in pools that were agreed to alone", async () => {
    const lab = await createGroupLab({ policy: { require_approval: true } });
    await lab.run();
    const approval = await newestOf(lab);
    const type = "m5a.large";
    const poolKeys = approval.bounds.poolKeys.filter((key) => key.includes(`#${type}#`));
    expect(poolKeys).not.toEqual([]);
    const bounds = { ...approval.bounds, poolKeys, minSavingsPercent: 0 };
    await updateApproval(lab.account.table, approval.approvalId, (one) =>
      isOfFindings(one) ? one : { ...one, bounds },
    );
    const ending = await lab.finish(await startedBy(lab, approval));
    const spot = ending.group?.members.filter(({ lifecycle }) => lifecycle === "spot") ?? [];
    expect(
      new Set(ending.swaps.flatMap(({ replacement }) => replacement?.pool.instanceType ?? [])),
    ).toEqual(new Set([type]));
    expect(spot.length).toBeGreaterThan(0);
  });

  it("brings it back to On-Demand where the account's owner wants to be asked", async () => {
    const lab = await createGroupLab({ policy: { batch_size: 4 } });
    expect((await lab.run()).status).toBe("SWITCHED");
    await setSettings(lab, { switches: "EACH" });
    expect((await lab.run("ON_DEMAND")).status).toBe("AWAITING_APPROVAL");
    const [approval] = await approvalsOf(lab);
    expect(approval).toMatchObject({ kind: "FALL_BACK" });
    const ending = await lab.finish(await startedBy(lab, await newestOf(lab)));
    expect(ending.status).toBe("FELL_BACK");
  });
});
