import {
  DescribeInstancesCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
  type Instance,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { readAttachments, setDeletionFlag } from "../../../../adapters/aws/ec2/deletion-flags.ts";
import { metadata } from "../aws-error.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);
const instanceId = "i-0123456789abcdef0";

const root = {
  DeviceName: "/dev/xvda",
  Ebs: { VolumeId: "vol-root", DeleteOnTermination: true, Status: "attached" },
} as const;
const primary = {
  NetworkInterfaceId: "eni-0",
  Attachment: { AttachmentId: "attach-0", DeviceIndex: 0, DeleteOnTermination: true },
};

const world = (change: Partial<Instance> = {}): void => {
  const instance: Instance = {
    InstanceId: instanceId,
    RootDeviceName: "/dev/xvda",
    BlockDeviceMappings: [root],
    NetworkInterfaces: [primary],
    ...change,
  };
  mock.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances: [instance] }] });
};

beforeEach(() => {
  mock.reset();
});

describe("the deletion flags of an instance", () => {
  it("are read by one call, without what is detached", async () => {
    world({
      BlockDeviceMappings: [
        root,
        { DeviceName: "/dev/sdf", Ebs: { VolumeId: "vol-data", DeleteOnTermination: false } },
        { DeviceName: "/dev/sdg", Ebs: { VolumeId: "vol-gone", Status: "detached" } },
      ],
      NetworkInterfaces: [
        primary,
        { NetworkInterfaceId: "eni-9", Attachment: { Status: "detached" } },
      ],
    });
    expect(await readAttachments(ec2, instanceId)).toEqual({
      volumes: [
        { volumeId: "vol-root", deviceName: "/dev/xvda", isRoot: true, deleteOnTermination: true },
        { volumeId: "vol-data", deviceName: "/dev/sdf", isRoot: false, deleteOnTermination: false },
      ],
      networkInterfaces: [
        {
          networkInterfaceId: "eni-0",
          attachmentId: "attach-0",
          deviceIndex: 0,
          deleteOnTermination: true,
        },
      ],
    });
    expect(mock.calls()).toHaveLength(1);
  });

  it.each<[string, Partial<Instance>]>([
    ["its root volume", { BlockDeviceMappings: [] }],
    ["its primary interface", { NetworkInterfaces: [] }],
  ])("are not known while EC2 does not show %s", async (_what, change) => {
    world(change);
    expect(await readAttachments(ec2, instanceId)).toBeUndefined();
  });

  it("are BrokenFacts where EC2 leaves one out: unknown is not kept", async () => {
    world({ BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeId: "vol-root" } }] });
    await expect(readAttachments(ec2, instanceId)).rejects.toMatchObject({ name: "BrokenFacts" });
  });

  it("are set by the call that fits", async () => {
    mock.on(ModifyInstanceAttributeCommand).resolves({ $metadata: metadata() });
    mock.on(ModifyNetworkInterfaceAttributeCommand).resolves({ $metadata: metadata() });
    await setDeletionFlag(ec2, instanceId, {
      kind: "VOLUME",
      volumeId: "vol-root",
      deviceName: "/dev/xvda",
      isRoot: true,
      deleteOnTermination: false,
    });
    await setDeletionFlag(ec2, instanceId, {
      kind: "INTERFACE",
      networkInterfaceId: "eni-1",
      attachmentId: "attach-1",
      deleteOnTermination: false,
    });
    expect(mock.calls().map(({ args }) => args[0].input)).toEqual([
      {
        InstanceId: instanceId,
        BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { DeleteOnTermination: false } }],
      },
      {
        NetworkInterfaceId: "eni-1",
        Attachment: { AttachmentId: "attach-1", DeleteOnTermination: false },
      },
    ]);
  });
});
