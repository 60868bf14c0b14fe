import { describe, expect, it } from "@jest/globals";
import { account, createWorld, present, region } from "./world.ts";

describe("what scenarios see of EC2", () => {
  it("has as holder of an Elastic IP the instance that runs with it", async () => {
    const world = createWorld();
    const { control } = world.ec2;
    const original = world.addInstance({ elasticIp: true });
    const [allocationId] = present(control.find(original)).allocationIds;
    const holder = () => control.holderOf(account, present(allocationId));
    expect(holder()).toBe(original);
    expect(control.holderOf("999988887777", present(allocationId))).toBeUndefined();
    expect(control.holderOf(account, "eipalloc-00000000000000000")).toBeUndefined();
    const other = world.addInstance();
    const [NetworkInterfaceId] = present(control.find(other)).networkInterfaceIds;
    const AllocationId = present(allocationId);
    world.call("AssociateAddress", { AllocationId, NetworkInterfaceId, AllowReassociation: true });
    expect(holder()).toBe(other);
    world.call("StopInstances", { InstanceIds: [other] });
    await world.pass(120);
    expect(control.find(other)?.state).toBe("stopped");
    expect(control.find(other)?.allocationIds).toEqual([AllocationId]);
    expect(holder()).toBeUndefined();
  });

  it("has as proved what runs and has passed all of its checks, as its statuses say", async () => {
    const world = createWorld();
    const { control } = world.ec2;
    const id = world.addInstance();
    expect(control.proved(account)).toEqual([id]);
    const release = control.failChecks((instance) => instance.id === id);
    expect(control.proved(account)).toEqual([]);
    release();
    expect(control.proved(account)).toEqual([id]);
    world.call("StopInstances", { InstanceIds: [id] });
    await world.pass(120);
    expect(control.proved(account)).toEqual([]);
    world.call("StartInstances", { InstanceIds: [id] });
    await world.pass(60);
    expect(control.find(id)).toMatchObject({ state: "running", region });
    expect(control.proved(account)).toEqual([]);
    await world.pass(600);
    expect(control.proved(account)).toEqual([id]);
  });
});
