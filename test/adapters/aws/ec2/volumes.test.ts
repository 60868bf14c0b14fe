import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  AttachVolumeCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  type VolumeAttachment,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import {
  attachVolume,
  detachVolume,
  readVolumes,
  setDeleteOnTermination,
} from "../../../../adapters/aws/ec2/volumes.ts";
import { awsError, metadata } from "../aws-error.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

const attached = (change: VolumeAttachment = {}): VolumeAttachment[] => [
  {
    InstanceId: "i-1",
    Device: "/dev/sdf",
    State: "attached",
    DeleteOnTermination: false,
    ...change,
  },
];

const found = (Attachments: VolumeAttachment[]): void => {
  mock.on(DescribeVolumesCommand).resolves({
    Volumes: [
      {
        VolumeId: "vol-1",
        State: Attachments.length === 0 ? "available" : "in-use",
        AvailabilityZone: "eu-central-1a",
        Attachments,
      },
    ],
  });
};

const attach = (): ReturnType<typeof attachVolume> =>
  attachVolume(ec2, { volumeId: "vol-1", instanceId: "i-1", deviceName: "/dev/sdf" });
const detach = (): ReturnType<typeof detachVolume> =>
  detachVolume(ec2, { volumeId: "vol-1", instanceId: "i-1" });

beforeEach(() => {
  mock.reset();
});

describe("reading volumes", () => {
  it("tells where they are, over all pages", async () => {
    const request = {
      Filters: [{ Name: "volume-id", Values: ["vol-1", "vol-2"] }],
      MaxResults: 1000,
    };
    const place = { AvailabilityZone: "eu-central-1a" };
    mock
      .on(DescribeVolumesCommand)
      .resolvesOnce({
        Volumes: [{ VolumeId: "vol-1", State: "in-use", ...place, Attachments: attached() }],
        NextToken: "n",
      })
      .resolvesOnce({
        Volumes: [
          {
            VolumeId: "vol-2",
            State: "available",
            ...place,
            Attachments: attached({ State: "detached" }),
          },
        ],
      });
    await expect(readVolumes(ec2, ["vol-1", "vol-2"])).resolves.toEqual([
      {
        volumeId: "vol-1",
        state: "in-use",
        zoneName: "eu-central-1a",
        attachedTo: "i-1",
        deviceName: "/dev/sdf",
        attachmentState: "attached",
        deleteOnTermination: false,
      },
      { volumeId: "vol-2", state: "available", zoneName: "eu-central-1a" },
    ]);
    expect(mock.commandCalls(DescribeVolumesCommand).map(({ args }) => args[0].input)).toEqual([
      request,
      { ...request, NextToken: "n" },
    ]);
  });

  it("of none asks nothing: an empty filter would mean all", async () => {
    await expect(readVolumes(ec2, [])).resolves.toEqual([]);
    expect(mock.calls()).toHaveLength(0);
  });
});

describe("attaching", () => {
  it("names volume, instance and device", async () => {
    mock.on(AttachVolumeCommand).resolves({ $metadata: metadata("r1") });
    await expect(attach()).resolves.toEqual({ requestId: "r1" });
    expect(mock.commandCalls(AttachVolumeCommand)[0]?.args[0].input).toStrictEqual({
      VolumeId: "vol-1",
      InstanceId: "i-1",
      Device: "/dev/sdf",
    });
  });

  it.each(["attaching", "attached"] as const)("a repetition is success (%s)", async (State) => {
    mock.on(AttachVolumeCommand).rejects(awsError("VolumeInUse"));
    found(attached({ State }));
    await expect(attach()).resolves.toEqual({
      requestId: "req-VolumeInUse",
      doneBefore: expect.stringContaining("found done"),
    });
  });

  it.each([
    ["at another instance", attached({ InstanceId: "i-2" })],
    ["at another device", attached({ Device: "/dev/sdg" })],
    ["on its way out", attached({ State: "detaching" })],
  ])("a volume in use %s is a refusal", async (_what, attachments) => {
    mock.on(AttachVolumeCommand).rejects(awsError("VolumeInUse"));
    found(attachments);
    await expect(attach()).rejects.toMatchObject({ name: "BrokenRequest", code: "VolumeInUse" });
  });

  it("a volume in use that EC2 shows as free is to be asked about again: its readings are behind", async () => {
    mock.on(AttachVolumeCommand).rejects(awsError("VolumeInUse"));
    found([]);
    await expect(attach()).rejects.toMatchObject({
      name: "RetryableNotVisible",
      message: expect.stringContaining("EC2's words about VolumeInUse"),
    });
  });

  it("any other refusal is thrown without a look", async () => {
    mock.on(AttachVolumeCommand).rejects(awsError("InvalidVolume.ZoneMismatch"));
    await expect(attach()).rejects.toMatchObject({ name: "BrokenRequest" });
    expect(mock.commandCalls(DescribeVolumesCommand)).toHaveLength(0);
  });
});

describe("detaching", () => {
  it("is never forced", async () => {
    mock.on(DetachVolumeCommand).resolves({ $metadata: metadata("r1") });
    await expect(detach()).resolves.toEqual({ requestId: "r1" });
    expect(mock.commandCalls(DetachVolumeCommand)[0]?.args[0].input).toStrictEqual({
      VolumeId: "vol-1",
      InstanceId: "i-1",
    });
  });

  it.each([
    ["nowhere", []],
    ["at another instance", attached({ InstanceId: "i-2" })],
    ["on its way out", attached({ State: "detaching" })],
  ])("a repetition is success when the volume is %s", async (_what, attachments) => {
    mock.on(DetachVolumeCommand).rejects(awsError("IncorrectState"));
    found(attachments);
    await expect(detach()).resolves.toEqual({
      requestId: "req-IncorrectState",
      doneBefore: expect.stringContaining("found done"),
    });
  });

  it.each(["available", "detaching"])(
    "a repetition is success when EC2 says that the volume is %s, though it shows it attached",
    async (state) => {
      const message = `Volume 'vol-1' is in the '${state}' state.`;
      mock.on(DetachVolumeCommand).rejects(awsError("IncorrectState", { message }));
      found(attached());
      await expect(detach()).resolves.toMatchObject({
        doneBefore: expect.stringContaining("found done"),
      });
    },
  );

  it("a volume that is still there was not detached", async () => {
    mock.on(DetachVolumeCommand).rejects(awsError("IncorrectState"));
    found(attached());
    await expect(detach()).rejects.toMatchObject({ name: "BrokenRequest" });
  });

  it("a volume that is gone was not detached either", async () => {
    mock.on(DetachVolumeCommand).rejects(awsError("IncorrectState"));
    mock.on(DescribeVolumesCommand).resolves({ Volumes: [] });
    await expect(detach()).rejects.toMatchObject({ name: "BrokenRequest" });
  });
});

describe("delete on termination", () => {
  it("is set for one device of one instance", async () => {
    mock.on(ModifyInstanceAttributeCommand).resolves({ $metadata: metadata("r1") });
    await expect(
      setDeleteOnTermination(ec2, { instanceId: "i-1", deviceName: "/dev/sdf", value: false }),
    ).resolves.toEqual({ requestId: "r1" });
    expect(mock.commandCalls(ModifyInstanceAttributeCommand)[0]?.args[0].input).toStrictEqual({
      InstanceId: "i-1",
      BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { DeleteOnTermination: false } }],
    });
  });
});
