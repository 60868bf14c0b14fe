import { describe, expect, it } from "@jest/globals";
import type { RegisterImageCommandInput } from "@aws-sdk/client-ec2";
import { createWorld, present, refusalOf } from "./world.ts";

const registered = (SnapshotId: string): RegisterImageCommandInput => ({
  Name: "of-a-snapshot",
  Architecture: "x86_64",
  VirtualizationType: "hvm",
  RootDeviceName: "/dev/xvda",
  BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId } }],
});

describe("RegisterImage", () => {
  it("makes an image of plain Linux from a snapshot that is complete, whatever the volume had run", async () => {
    const world = createWorld();
    const id = world.addInstance({ platformDetails: "Windows" });
    const VolumeId = present(world.ec2.control.find(id)).volumes[0]?.volumeId ?? "";
    const { SnapshotId = "" } = world.call("CreateSnapshot", { VolumeId });
    expect(refusalOf(() => world.call("RegisterImage", registered(SnapshotId)))).toBe(
      "IncorrectState",
    );
    await world.pass(120);
    const { ImageId } = world.call("RegisterImage", registered(SnapshotId));
    await world.pass(30);
    const [image] = world.call("DescribeImages", { ImageIds: [present(ImageId)] }).Images ?? [];
    expect(image).toMatchObject({ State: "available", PlatformDetails: "Linux/UNIX" });
    expect(image?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId).toBe(SnapshotId);
    expect(refusalOf(() => world.call("RegisterImage", registered(SnapshotId)))).toBe(
      "InvalidAMIName.Duplicate",
    );
    expect(refusalOf(() => world.call("DeleteSnapshot", { SnapshotId }))).toBe(
      "InvalidSnapshot.InUse",
    );
  });
});
