import { describe, expect, it } from "@jest/globals";
import { createTarget } from "../../../../adapters/store/targets.ts";
import { targetSchema } from "../../../../core/model/target.ts";
import { registerGroup } from "../../../../local/lab/group-subject.ts";
import { addGroup } from "../../../../local/platform/customer-group.ts";
import { openSweepLab, passMinutes } from "./place-lab.ts";

describe("targets of one group and of its members both, in one sweep", () => {
  it("are judged each by its own facts: the group is switched without that member, and nothing is started twice", async () => {
    const lab = await openSweepLab();
    const { account, place } = lab;
    const name = { ...place, name: "web-blue" };
    addGroup(account, { name: name.name });
    await passMinutes(lab, 5);
    const groupTarget = await registerGroup(account, name, {});
    const members = account.platform.autoScaling.control.find(name)?.members ?? [];
    const member = members[1];
    const at = new Date(account.clock.now()).toISOString();
    const memberTarget = targetSchema().parse({
      ...place,
      targetId: "tgt-0member0001",
      instanceId: member?.instanceId,
      instanceType: member?.instanceType,
      availabilityZone: member?.zoneName,
      pipelineMode: "LINEAR",
      isShadowMode: false,
      policyOverrides: { acceptChangeOf: ["primary-private-ip"], consistency: "stateless" },
      createdAt: at,
      updatedAt: at,
    });
    await createTarget(account.table, memberTarget);
    expect(await lab.sweep()).toMatchObject({ judged: 2, failed: 0, started: 1 });
    const judged = new Map((await lab.runs()).map((run) => [run.targetId as string, run]));
    expect(judged.get(memberTarget.targetId)).toMatchObject({
      kind: "REFUSE",
      reason: "IN_AUTO_SCALING_GROUP",
    });
    expect(judged.get(groupTarget)).toMatchObject({ kind: "SWITCH" });
    expect(await lab.started()).toEqual([groupTarget]);
    await passMinutes(lab, 3 * 60);
    const after = account.platform.autoScaling.control.find(name)?.members ?? [];
    const ids = after.map(({ instanceId }) => instanceId);
    // Its owner has asked for something else of this one: the group's switch leaves it where it is.
    expect(ids).toContain(member?.instanceId);
    expect(ids.filter((id) => members.some(({ instanceId }) => instanceId === id))).toEqual([
      member?.instanceId,
    ]);
    expect(after).toHaveLength(members.length);
    await lab.sweep();
    expect(await lab.started()).toEqual([groupTarget]);
  });
});
