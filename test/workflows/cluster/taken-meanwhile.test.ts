/** Other hands take a member in the instant of our call for it: its place stays then, and is not taken for the one that our call would have taken. */
import { describe, expect, it } from "@jest/globals";
import { keepSpotEvent } from "../../../adapters/store/spot-events.ts";
import { spotEventSchema } from "../../../core/model/spot-event.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import { createKiller, refusals } from "../../../local/lab/harm.ts";
import { after, asOwner, labOf, memberIn, rightBefore, stagesOf } from "./group-days.ts";

describe("a replacement that other hands take in the instant in which a roll-back detaches it", () => {
  it("leaves no place behind: the group ends as large as its owner asks for, below its own maximum", async () => {
    const lab = await labOf({ size: 3, max: 3, zones: 1, policy: { batch_size: 2 } });
    const owner = asOwner(lab);
    lab.platform.cloud.faults.before(({ operation, caller }) => {
      const isOurs = caller.sessionName !== undefined;
      if (isOurs && operation === "TerminateInstanceInAutoScalingGroup" && !isUndoing) {
        throw refusals.unauthorized();
      }
    });
    let isUndoing = false;
    const { taken } = rightBefore(lab, "DetachInstances", (InstanceId) => {
      isUndoing = true;
      return owner("TerminateInstanceInAutoScalingGroup", {
        AutoScalingGroupName: undefined,
        InstanceId,
        ShouldDecrementDesiredCapacity: false,
      });
    });
    const ending = await lab.run();
    expect(taken()).not.toBe("");
    expect(stagesOf(ending.swaps)).toEqual(["UNDONE", "UNDONE"]);
    expect(ending.group).toMatchObject({ desired: 3, max: 3 });
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });
});

describe("a replacement that its owner detaches before its original leaves", () => {
  it.each([
    [
      "and has replaced: its place is taken off, and nobody stays beyond those that he asks for",
      false,
    ],
    ["with its place: what is left is what he asks for", true],
  ])("%s", async (_day, ShouldDecrementDesiredCapacity) => {
    const lab = await labOf({ size: 3, max: 6, zones: 1, policy: { batch_size: 2 } });
    const owner = asOwner(lab);
    after(lab, "SetInstanceProtection", 2, async () => {
      const brought = lab.group()?.members.filter(({ lifecycle }) => lifecycle === "spot") ?? [];
      const InstanceIds = brought.map(({ instanceId }) => instanceId);
      await owner("DetachInstances", { InstanceIds, ShouldDecrementDesiredCapacity });
    });
    const ending = await lab.run();
    expect(ending.group?.desired).toBe(3);
    expect(ending.group?.members).toHaveLength(3);
    expect(lab.capacity.broken).toEqual([]);
  });
});

describe("a replacement that ends while nobody knows yet that our roll-back has detached it", () => {
  it("has left with its place: the other pair's place is taken off too, and the group ends as large as its owner asks for", async () => {
    const lab = await labOf({ size: 3, max: 5, zones: 1, policy: { batch_size: 2 } });
    const { faults } = lab.platform.cloud;
    faults.before(({ operation, caller }) => {
      const isOurs = caller.sessionName !== undefined;
      if (isOurs && operation === "TerminateInstanceInAutoScalingGroup") {
        throw refusals.unauthorized();
      }
    });
    const killer = createKiller();
    faults.after((call) => {
      if (call.operation !== "DetachInstances" || killer.deaths > 0) return undefined;
      lab.platform.ec2.control.interrupt(memberIn(call), { noticeSeconds: 0 });
      return killer.die();
    });
    const ending = await lab.run();
    expect(killer.deaths).toBe(1);
    expect(stagesOf(ending.swaps)).toEqual(["UNDONE", "UNDONE"]);
    expect(ending.group).toMatchObject({ desired: 3, max: 5 });
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });
});

describe("a replacement whose end an event has announced, and EC2 does not show yet", () => {
  it("is not brought into the group", async () => {
    const lab = await labOf({ size: 2, max: 4, zones: 1, policy: { batch_size: 1 } });
    const { accountId, region } = lab.name;
    const { control } = lab.platform.ec2;
    let announced = "";
    lab.platform.cloud.faults.after(async () => {
      const [launched] = control
        .instances(accountId)
        .filter(({ lifecycle, state }) => lifecycle === "spot" && state === "running");
      if (announced !== "" || launched === undefined) return;
      announced = launched.instanceId;
      const at = new Date(lab.account.clock.now()).toISOString();
      const told = { accountId, region, at, receivedAt: at, instanceId: announced };
      const warning = { ...told, kind: "INTERRUPTION_WARNING", action: "terminate" };
      await keepSpotEvent(lab.account.table, spotEventSchema().parse(warning));
    });
    const ending = await lab.run();
    expect(announced).not.toBe("");
    const attached = lab.platform.cloud.journal.filter(
      ({ operation, input }) =>
        operation === "AttachInstances" && JSON.stringify(input).includes(announced),
    );
    expect(attached).toEqual([]);
    expect(ending.swaps[0]).toMatchObject({ stage: "UNDONE" });
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });
});

describe("an original that other hands take in the instant in which we ask it to leave", () => {
  it("has left its place, which the group fills: no more is left than its owner asks for", async () => {
    const lab = await labOf({ size: 2, max: 4, zones: 1, isBehindLoadBalancer: false });
    const owner = asOwner(lab);
    const { taken } = rightBefore(lab, "TerminateInstanceInAutoScalingGroup", (id) =>
      owner("DetachInstances", { InstanceIds: [id], ShouldDecrementDesiredCapacity: false }),
    );
    const ending = await lab.run();
    expect(taken()).not.toBe("");
    expect(ending.group?.desired).toBe(2);
    expect(ending.group?.members).toHaveLength(2);
  });
});
