import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  createWorld,
  describeOne,
  present,
  refusalOf,
  runningSpot,
  spotLaunchOf,
  type World,
} from "./world.ts";

const rootOf = (world: World, instanceId: string): string =>
  present(present(world.ec2.control.find(instanceId)).volumes[0]).volumeId;

const imageOf = async (world: World, instanceId: string, name: string) => {
  const { ImageId } = world.call("CreateImage", {
    InstanceId: instanceId,
    Name: name,
    NoReboot: true,
  });
  await world.pass(120);
  return present(ImageId);
};

const imageState = (world: World, ImageId: string) =>
  world.call("DescribeImages", { ImageIds: [ImageId] }).Images?.[0]?.State;

describe("images", () => {
  it("are pending for a time that grows with the size", async () => {
    const world = createWorld();
    const [small, large] = [8, 200].map((rootGib) => {
      const id = world.addInstance({ rootGib });
      const Name = `image-${String(rootGib)}`;
      return present(world.call("CreateImage", { InstanceId: id, Name, NoReboot: true }).ImageId);
    });
    await world.pass(60);
    expect(imageState(world, present(small))).toBe("available");
    expect(imageState(world, present(large))).toBe("pending");
    await world.pass(400);
    expect(imageState(world, present(large))).toBe("available");
  });

  it("have every attached volume unless one is left out", () => {
    const world = createWorld();
    const id = world.addInstance({ dataVolumes: [{ sizeGib: 10 }, { sizeGib: 11 }] });
    const { ImageId } = world.call("CreateImage", {
      InstanceId: id,
      Name: "some",
      NoReboot: true,
      BlockDeviceMappings: [{ DeviceName: "/dev/sdf", NoDevice: "" }],
    });
    const image = world.call("DescribeImages", { ImageIds: [present(ImageId)] }).Images?.[0];
    expect(image?.BlockDeviceMappings?.map((each) => each.DeviceName)).toEqual([
      "/dev/xvda",
      "/dev/sdg",
    ]);
  });

  it("reboot the instance unless NoReboot is set", () => {
    const world = createWorld();
    const quiet = world.addInstance();
    const rebooted = world.addInstance();
    world.call("CreateImage", { InstanceId: quiet, Name: "one", NoReboot: true });
    world.call("CreateImage", { InstanceId: rebooted, Name: "two" });
    expect(world.ec2.control.write(quiet).acknowledged).toBe(true);
    expect(world.ec2.control.write(rebooted).acknowledged).toBe(false);
    expect(describeOne(world, rebooted).State?.Name).toBe("running");
  });

  it.each([
    ["a name that is taken", "taken", "InvalidAMIName.Duplicate"],
    ["a name with characters that are not allowed", "no:colons", "InvalidAMIName.Malformed"],
  ])("refuse %s", (_case, Name, code) => {
    const world = createWorld();
    const id = world.addInstance();
    world.call("CreateImage", { InstanceId: id, Name: "taken", NoReboot: true });
    expect(
      refusalOf(() => world.call("CreateImage", { InstanceId: id, Name, NoReboot: true })),
    ).toBe(code);
  });

  it("need an instance that is running or stopped", () => {
    const world = createWorld();
    const id = world.addInstance();
    world.call("StopInstances", { InstanceIds: [id] });
    expect(refusalOf(() => world.call("CreateImage", { InstanceId: id, Name: "too-early" }))).toBe(
      "IncorrectState",
    );
  });

  it("cannot be launched while pending", () => {
    const world = createWorld();
    const id = world.addInstance();
    const { ImageId } = world.call("CreateImage", { InstanceId: id, Name: "n-1", NoReboot: true });
    expect(
      refusalOf(() => world.call("RunInstances", { ...spotLaunchOf(world, id), ImageId })),
    ).toBe("InvalidAMIID.Unavailable");
  });

  it("leave their snapshots when deregistered, and hold them until then", async () => {
    const world = createWorld();
    const id = world.addInstance();
    const ImageId = await imageOf(world, id, "mine");
    const snapshots = world.call("DescribeSnapshots", { OwnerIds: ["self"] }).Snapshots ?? [];
    const SnapshotId = present(snapshots[0]?.SnapshotId);
    expect(refusalOf(() => world.call("DeleteSnapshot", { SnapshotId }))).toBe(
      "InvalidSnapshot.InUse",
    );
    world.call("DeregisterImage", { ImageId });
    expect(refusalOf(() => world.call("DeregisterImage", { ImageId }))).toBe(
      "InvalidAMIID.Unavailable",
    );
    world.call("DeleteSnapshot", { SnapshotId });
    expect(world.call("DescribeSnapshots", { OwnerIds: ["self"] }).Snapshots).toEqual([]);
  });

  it("stall and fail as a scenario says", async () => {
    const world = createWorld();
    const id = world.addInstance();
    const release = world.ec2.control.stallImages((image) => image.name === "stuck");
    world.ec2.control.failImages((image) => image.name === "bad");
    const stuck = await imageOf(world, id, "stuck");
    const bad = await imageOf(world, id, "bad");
    await world.pass(3600);
    expect([imageState(world, stuck), imageState(world, bad)]).toEqual(["pending", "failed"]);
    release();
    await world.pass(1);
    expect(imageState(world, stuck)).toBe("available");
  });
});

describe("writes", () => {
  it("are acknowledged only by a running instance with the volume attached", async () => {
    const world = createWorld();
    const id = world.addInstance();
    expect(world.ec2.control.write(id)).toEqual({ acknowledged: true, writes: 1 });
    world.call("StopInstances", { InstanceIds: [id] });
    expect(world.ec2.control.write(id)).toEqual({ acknowledged: false, writes: 1 });
    await world.pass(31);
    expect(world.ec2.control.write(id).acknowledged).toBe(false);
  });

  it("before an image are in its clones, those after it are not", async () => {
    const world = createWorld();
    const id = world.addInstance();
    for (let count = 0; count < 3; count++) world.ec2.control.write(id);
    const ImageId = await imageOf(world, id, "three");
    world.ec2.control.write(id);
    const clone = present(
      world.call("RunInstances", { ...spotLaunchOf(world, id), ImageId }).Instances?.[0]
        ?.InstanceId,
    );
    expect(world.ec2.control.writesOn(clone)).toBe(3);
    expect(world.ec2.control.writesOn(id)).toBe(4);
  });

  it("none that was acknowledged before the stop is lost through a final image", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 }),
        async (pauses) => {
          const world = createWorld();
          const id = world.addInstance();
          let acknowledged = 0;
          const write = (): void => {
            if (world.ec2.control.write(id).acknowledged) acknowledged += 1;
          };
          await imageOf(world, id, "warm");
          for (const seconds of pauses) {
            write();
            await world.pass(seconds);
          }
          world.call("StopInstances", { InstanceIds: [id] });
          await world.pass(31);
          write();
          const ImageId = await imageOf(world, id, "final");
          const launch = { ...spotLaunchOf(world, id), ImageId };
          const clone = present(world.call("RunInstances", launch).Instances?.[0]?.InstanceId);
          expect(world.ec2.control.writesOn(clone)).toBe(acknowledged);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("replace-root-volume tasks", () => {
  const taskState = (world: World, id: string | undefined) =>
    world.call("DescribeReplaceRootVolumeTasks", { ReplaceRootVolumeTaskIds: [present(id)] })
      .ReplaceRootVolumeTasks?.[0]?.TaskState;

  it("give the instance the image's content, pending → in-progress → succeeded", async () => {
    const world = createWorld();
    const original = world.addInstance();
    const clone = await runningSpot(world, original);
    world.ec2.control.write(original);
    const ImageId = await imageOf(world, original, "final");
    const before = rootOf(world, clone);
    const task = world.call("CreateReplaceRootVolumeTask", {
      InstanceId: clone,
      ImageId,
      DeleteReplacedRootVolume: true,
    }).ReplaceRootVolumeTask;
    expect(task?.TaskState).toBe("pending");
    await world.pass(15);
    expect(taskState(world, task?.ReplaceRootVolumeTaskId)).toBe("in-progress");
    expect(world.ec2.control.write(clone).acknowledged).toBe(false);
    await world.pass(40);
    expect(taskState(world, task?.ReplaceRootVolumeTaskId)).toBe("succeeded");
    expect(world.ec2.control.writesOn(clone)).toBe(1);
    expect(rootOf(world, clone)).not.toBe(before);
    expect(refusalOf(() => world.call("DescribeVolumes", { VolumeIds: [before] }))).toBe(
      "InvalidVolume.NotFound",
    );
  });

  it("begin the checks anew", async () => {
    const world = createWorld();
    const id = world.addInstance();
    world.call("CreateReplaceRootVolumeTask", { InstanceId: id });
    await world.pass(50);
    const [status] =
      world.call("DescribeInstanceStatus", { InstanceIds: [id] }).InstanceStatuses ?? [];
    expect(status?.InstanceStatus?.Status).toBe("initializing");
  });

  it("fail when the instance is lost meanwhile", async () => {
    const world = createWorld();
    const clone = await runningSpot(world, world.addInstance());
    const task = world.call("CreateReplaceRootVolumeTask", { InstanceId: clone });
    world.ec2.control.interrupt(clone, { noticeSeconds: 0 });
    await world.pass(60);
    expect(taskState(world, task.ReplaceRootVolumeTask?.ReplaceRootVolumeTaskId)).toBe("failed");
  });

  it("take a snapshot of the root's own lineage only", async () => {
    const world = createWorld();
    const [one, other] = [world.addInstance(), world.addInstance()];
    const VolumeId = rootOf(world, other);
    const { SnapshotId } = world.call("CreateSnapshot", { VolumeId });
    await world.pass(60);
    const replace = (InstanceId: string) => () =>
      world.call("CreateReplaceRootVolumeTask", { InstanceId, SnapshotId });
    expect(refusalOf(replace(one))).toBe("InvalidParameterValue");
    expect(refusalOf(replace(other))).toBe("not refused");
  });

  it("take an available volume of the same zone, encrypted if the root is", async () => {
    const world = createWorld();
    const id = world.addInstance({ rootEncrypted: true });
    const AvailabilityZone = describeOne(world, id).Placement?.AvailabilityZone;
    const [plain, encrypted] = [false, true].map((Encrypted) =>
      present(world.call("CreateVolume", { AvailabilityZone, Size: 8, Encrypted }).VolumeId),
    );
    await world.pass(5);
    const replace = (VolumeId: string | undefined) => () =>
      world.call("CreateReplaceRootVolumeTask", { InstanceId: id, VolumeId });
    expect(refusalOf(replace(plain))).toBe("InvalidParameterValue");
    expect(refusalOf(replace(encrypted))).toBe("not refused");
    await world.pass(60);
    expect(rootOf(world, id)).toBe(encrypted);
  });

  /** A clone, and a volume that is to be its root. */
  const withSpare = async () => {
    const world = createWorld();
    const clone = await runningSpot(world, world.addInstance());
    const AvailabilityZone = describeOne(world, clone).Placement?.AvailabilityZone;
    const spare = present(world.call("CreateVolume", { AvailabilityZone, Size: 8 }).VolumeId);
    await world.pass(5);
    const replace = () =>
      present(
        world.call("CreateReplaceRootVolumeTask", { InstanceId: clone, VolumeId: spare })
          .ReplaceRootVolumeTask?.ReplaceRootVolumeTaskId,
      );
    return { world, clone, spare, replace };
  };

  it.each([true, false])(
    "give the volume the old root's device and its deletion flag, %s",
    async (DeleteOnTermination) => {
      const { world, clone, spare, replace } = await withSpare();
      const { RootDeviceName: DeviceName } = describeOne(world, clone);
      const BlockDeviceMappings = [{ DeviceName, Ebs: { DeleteOnTermination } }];
      world.call("ModifyInstanceAttribute", { InstanceId: clone, BlockDeviceMappings });
      replace();
      await world.pass(60);
      const [attachment] =
        world.call("DescribeVolumes", { VolumeIds: [spare] }).Volumes?.[0]?.Attachments ?? [];
      expect(attachment).toMatchObject({
        InstanceId: clone,
        Device: DeviceName,
        DeleteOnTermination,
      });
    },
  );

  it("refuse a volume that another instance has", async () => {
    const { world, spare, replace } = await withSpare();
    const other = world.addInstance({ state: "stopped" });
    world.call("AttachVolume", { InstanceId: other, VolumeId: spare, Device: "/dev/sdz" });
    expect(refusalOf(replace)).toBe("IncorrectState");
  });

  it("fail with the old root still there, through failing", async () => {
    const { world, clone, spare, replace } = await withSpare();
    world.ec2.control.failRootTasks(() => true);
    const before = rootOf(world, clone);
    const task = replace();
    await world.pass(39);
    expect(taskState(world, task)).toBe("failing");
    expect(refusalOf(replace)).toBe("IncorrectState");
    await world.pass(20);
    expect(taskState(world, task)).toBe("failed");
    expect(rootOf(world, clone)).toBe(before);
    const [volume] = world.call("DescribeVolumes", { VolumeIds: [spare] }).Volumes ?? [];
    expect(volume?.State).toBe("available");
  });

  it("fail and leave the instance without a root, through failing-detached", async () => {
    const { world, clone, replace } = await withSpare();
    world.ec2.control.failRootTasks(() => true, "failed-detached");
    const before = rootOf(world, clone);
    const task = replace();
    await world.pass(39);
    expect(taskState(world, task)).toBe("failing-detached");
    await world.pass(20);
    expect(taskState(world, task)).toBe("failed-detached");
    const held = describeOne(world, clone).BlockDeviceMappings ?? [];
    expect(held.map(({ Ebs }) => Ebs?.VolumeId)).not.toContain(before);
    const [volume] = world.call("DescribeVolumes", { VolumeIds: [before] }).Volumes ?? [];
    expect(volume?.State).toBe("available");
  });

  it.each([
    ["a stopped instance", { state: "stopped" as const }, "IncorrectInstanceState"],
    ["a Marketplace product", { productCodes: ["abc"] }, "UnsupportedOperation"],
  ])("refuse %s", (_case, declaration, code) => {
    const world = createWorld();
    const InstanceId = world.addInstance(declaration);
    expect(refusalOf(() => world.call("CreateReplaceRootVolumeTask", { InstanceId }))).toBe(code);
  });

  it("can be made to refuse Spot, which AWS does not document", async () => {
    const world = createWorld({ replaceRootOnSpot: false });
    const InstanceId = await runningSpot(world, world.addInstance());
    expect(refusalOf(() => world.call("CreateReplaceRootVolumeTask", { InstanceId }))).toBe(
      "UnsupportedOperation",
    );
  });

  it("are the same for the same client token", () => {
    const world = createWorld();
    const InstanceId = world.addInstance();
    const [one, two] = [1, 2].map(
      () =>
        world.call("CreateReplaceRootVolumeTask", { InstanceId, ClientToken: "t" })
          .ReplaceRootVolumeTask?.ReplaceRootVolumeTaskId,
    );
    expect(one).toBe(two);
  });
});

describe("volumes", () => {
  const moving = async () => {
    const world = createWorld();
    const original = world.addInstance({ dataVolumes: [{ sizeGib: 20 }], state: "stopped" });
    const clone = await runningSpot(world, original);
    const VolumeId = present(present(world.ec2.control.find(original)).volumes[1]).volumeId;
    return { world, original, clone, VolumeId };
  };

  it("move from a stopped instance to its clone, with what is on them", async () => {
    const { world, clone, VolumeId } = await moving();
    world.call("DetachVolume", { VolumeId });
    expect(
      refusalOf(() =>
        world.call("AttachVolume", { VolumeId, InstanceId: clone, Device: "/dev/sdf" }),
      ),
    ).toBe("VolumeInUse");
    await world.pass(5);
    world.call("AttachVolume", { VolumeId, InstanceId: clone, Device: "/dev/sdf" });
    expect(world.ec2.control.write(VolumeId).acknowledged).toBe(false);
    await world.pass(3);
    expect(world.ec2.control.write(VolumeId)).toEqual({ acknowledged: true, writes: 1 });
  });

  it("attached by hand outlive the instance", async () => {
    const { world, clone, VolumeId } = await moving();
    world.call("DetachVolume", { VolumeId });
    await world.pass(5);
    world.call("AttachVolume", { VolumeId, InstanceId: clone, Device: "/dev/sdf" });
    world.call("TerminateInstances", { InstanceIds: [clone] });
    await world.pass(40);
    const [volume] = world.call("DescribeVolumes", { VolumeIds: [VolumeId] }).Volumes ?? [];
    expect(volume?.State).toBe("available");
  });

  it("cannot be attached over a device that is taken", async () => {
    const { world, clone, VolumeId } = await moving();
    world.call("DetachVolume", { VolumeId });
    await world.pass(5);
    expect(
      refusalOf(() =>
        world.call("AttachVolume", { VolumeId, InstanceId: clone, Device: "/dev/xvda" }),
      ),
    ).toBe("InvalidParameterValue");
  });

  it("stay in their zone", async () => {
    const world = createWorld();
    const id = world.addInstance();
    const zone = describeOne(world, id).Placement?.AvailabilityZone;
    const elsewhere = world.ec2.control
      .zones("222233334444", "us-east-1")
      .find((each) => each.name !== zone);
    const VolumeId = present(
      world.call("CreateVolume", { AvailabilityZone: elsewhere?.name, Size: 1 }).VolumeId,
    );
    await world.pass(5);
    expect(
      refusalOf(() => world.call("AttachVolume", { VolumeId, InstanceId: id, Device: "/dev/sdf" })),
    ).toBe("InvalidVolume.ZoneMismatch");
  });

  it("that are root are detached only when stopped, and without root nothing starts", async () => {
    const world = createWorld();
    const id = world.addInstance();
    const VolumeId = rootOf(world, id);
    expect(refusalOf(() => world.call("DetachVolume", { VolumeId }))).toBe("OperationNotPermitted");
    world.call("StopInstances", { InstanceIds: [id] });
    await world.pass(31);
    world.call("DetachVolume", { VolumeId });
    await world.pass(5);
    expect(refusalOf(() => world.call("StartInstances", { InstanceIds: [id] }))).toBe(
      "IncorrectInstanceState",
    );
  });

  it.each([
    ["DetachVolume", "of one that is not attached", "IncorrectState"],
    ["DeleteVolume", "of one that is not attached", "not refused"],
  ] as const)("%s %s: %s", async (operation, _case, code) => {
    const { world, VolumeId } = await moving();
    world.call("DetachVolume", { VolumeId });
    await world.pass(5);
    expect(refusalOf(() => world.call(operation, { VolumeId }))).toBe(code);
  });

  it("that are attached cannot be deleted", async () => {
    const { world, VolumeId } = await moving();
    expect(refusalOf(() => world.call("DeleteVolume", { VolumeId }))).toBe("VolumeInUse");
  });

  it("of an encrypted snapshot cannot be unencrypted", async () => {
    const world = createWorld();
    const id = world.addInstance({ rootEncrypted: true });
    const { SnapshotId } = world.call("CreateSnapshot", { VolumeId: rootOf(world, id) });
    const AvailabilityZone = describeOne(world, id).Placement?.AvailabilityZone;
    const create = (Encrypted?: boolean) => () =>
      world.call("CreateVolume", { AvailabilityZone, SnapshotId, Encrypted });
    expect(refusalOf(create())).toBe("IncorrectState");
    await world.pass(60);
    expect(refusalOf(create(false))).toBe("InvalidParameterDependency");
    expect(create()().Encrypted).toBe(true);
  });
});
