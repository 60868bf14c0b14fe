import { DescribeInstancesCommand, DescribeVolumesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { readVolumeKeys } from "../../../../adapters/aws/ec2/volume-keys.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);
const key = "arn:aws:kms:eu-central-1:111122223333:key/one";

beforeEach(() => {
  mock.reset();
});

describe("volumes of instances, with their keys", () => {
  it("are read for all at once, page after page, with whether each is a root", async () => {
    const device = (DeviceName: string, VolumeId: string) => ({ DeviceName, Ebs: { VolumeId } });
    mock
      .on(DescribeInstancesCommand, { Filters: [{ Name: "instance-id", Values: ["i-1", "i-2"] }] })
      .resolves({
        Reservations: [
          {
            Instances: [
              {
                InstanceId: "i-1",
                RootDeviceName: "/dev/xvda",
                BlockDeviceMappings: [device("/dev/xvda", "vol-1"), device("/dev/sdf", "vol-2")],
              },
            ],
          },
        ],
      });
    mock
      .on(DescribeVolumesCommand, {
        Filters: [{ Name: "attachment.instance-id", Values: ["i-1", "i-2"] }],
      })
      .resolvesOnce({
        Volumes: [{ VolumeId: "vol-1", Encrypted: true, KmsKeyId: key }],
        NextToken: "next",
      })
      .resolvesOnce({
        Volumes: [
          { VolumeId: "vol-2", Encrypted: true, KmsKeyId: key },
          { VolumeId: "vol-3", Encrypted: false },
        ],
      });
    await expect(readVolumeKeys(ec2, ["i-1", "i-2"])).resolves.toEqual([
      { volumeId: "vol-1", isRoot: true, keyId: key },
      { volumeId: "vol-2", isRoot: false, keyId: key },
      { volumeId: "vol-3", isRoot: false },
    ]);
  });

  it("of no instance are not asked for", async () => {
    await expect(readVolumeKeys(ec2, [])).resolves.toEqual([]);
    expect(mock.calls()).toHaveLength(0);
  });
});
