/** Boots whose length is drawn: until the software on an instance answers, its checks have not passed. */
import { describe, expect, it } from "@jest/globals";
import { boots } from "../../../../local/cloud/ec2/settings.ts";
import { createRandom, logNormal } from "../../../../local/cloud/random.ts";
import { createWorld, describeOne, present, runningSpot, spotLaunchOf } from "./world.ts";

/** Each boot takes so long, by chance or not. */
const lasting = (seconds: number) => ({
  answersAfter: { p50Ms: seconds * 1000, p95Ms: seconds * 1000 },
});

const checksOf = (world: ReturnType<typeof createWorld>, instanceId: string) =>
  world.call("DescribeInstanceStatus", { InstanceIds: [instanceId] }).InstanceStatuses?.[0]
    ?.InstanceStatus?.Status;

describe("a boot whose length is drawn", () => {
  it.each(Object.entries(boots))(
    "%s: half are within the median, and 95 of 100 within the other",
    (_name, times) => {
      const random = createRandom(5);
      const drawn = Array.from({ length: 20_000 }, () => logNormal(random, times));
      const shareWithin = (ms: number): number =>
        drawn.filter((each) => each <= ms).length / drawn.length;
      expect(Math.abs(shareWithin(times.p50Ms) - 0.5)).toBeLessThan(0.01);
      expect(Math.abs(shareWithin(times.p95Ms) - 0.95)).toBeLessThan(0.005);
    },
  );

  it("passes its checks when the software answers, and not before", async () => {
    const world = createWorld(lasting(60));
    const id = await runningSpot(world, world.addInstance());
    await world.pass(34);
    expect(checksOf(world, id)).toBe("initializing");
    await world.pass(1);
    expect(checksOf(world, id)).toBe("ok");
  });

  it("is shown running half-way at the latest", async () => {
    const world = createWorld(lasting(10));
    const { Instances } = world.call("RunInstances", spotLaunchOf(world, world.addInstance()));
    const id = present(Instances?.[0]?.InstanceId);
    await world.pass(4);
    expect(describeOne(world, id).State?.Name).toBe("pending");
    await world.pass(1);
    expect(describeOne(world, id).State?.Name).toBe("running");
    expect(checksOf(world, id)).toBe("initializing");
  });

  it("begins anew with a reboot", async () => {
    const world = createWorld(lasting(60));
    const id = await runningSpot(world, world.addInstance());
    await world.pass(60);
    world.call("RebootInstances", { InstanceIds: [id] });
    await world.pass(59);
    expect(checksOf(world, id)).toBe("initializing");
    await world.pass(1);
    expect(checksOf(world, id)).toBe("ok");
  });

  it("begins anew with another root volume, once that is there", async () => {
    const world = createWorld({ ...lasting(60), replaceRootMs: 40_000 });
    const id = await runningSpot(world, world.addInstance());
    await world.pass(60);
    world.call("CreateReplaceRootVolumeTask", { InstanceId: id });
    await world.pass(99);
    expect(checksOf(world, id)).toBe("initializing");
    await world.pass(1);
    expect(checksOf(world, id)).toBe("ok");
  });
});
