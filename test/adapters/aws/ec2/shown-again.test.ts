import {
  DescribeInstancesCommand,
  EC2Client,
  type Instance,
  type InstanceNetworkInterface,
  type NetworkInterface,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { toInstanceFacts } from "../../../../adapters/aws/ec2/instance-facts.ts";
import { readInstanceAsShown } from "../../../../adapters/aws/ec2/shown-again.ts";
import { accountIdSchema } from "../../../../core/model/ids.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import {
  dataVolume,
  originalInstance,
  primaryInterface,
  rootVolume,
  secondaryInterface,
} from "./original.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

/** As an instance shows an interface: without the allocation of an Elastic IP, and without its tags. */
const shownOf = ({
  NetworkInterfaceId,
  SourceDestCheck,
  Groups,
  Attachment,
  PrivateIpAddresses = [],
}: NetworkInterface): InstanceNetworkInterface => ({
  NetworkInterfaceId,
  SourceDestCheck,
  Groups,
  Attachment,
  PrivateIpAddresses: PrivateIpAddresses.map(({ Association, ...address }) => ({
    ...address,
    ...(Association && {
      Association: { PublicIp: Association.PublicIp, IpOwnerId: Association.IpOwnerId },
    }),
  })),
});

const interfaces = [primaryInterface(), secondaryInterface()];
const asShown = (change: Partial<Instance> = {}): Instance =>
  originalInstance({ NetworkInterfaces: interfaces.map(shownOf), ...change });

const before: InstanceFacts = {
  ...toInstanceFacts({
    accountId: accountIdSchema.parse("123456789012"),
    region: "eu-central-1",
    zoneId: "euc1-az2",
    instance: asShown(),
    volumes: [rootVolume(), dataVolume()],
    interfaces,
    image: undefined,
    status: undefined,
    disableApiTermination: false,
    disableApiStop: false,
  }),
  imageExists: true,
  targetGroups: [{ arn: "tg-1", port: 80 }],
};

/** EC2, with that instance. */
const world = (instance: Instance): void => {
  mock.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances: [instance] }] });
};

const withPrimary = (change: Partial<InstanceNetworkInterface>): Partial<Instance> => ({
  NetworkInterfaces: [{ ...shownOf(primaryInterface()), ...change }, shownOf(secondaryInterface())],
});

const address = (change: object, primary = "10.0.0.10"): Partial<Instance> =>
  withPrimary({
    PrivateIpAddresses: [
      { Primary: true, PrivateIpAddress: primary, ...change },
      { Primary: false, PrivateIpAddress: "10.0.0.11" },
    ],
  });

beforeEach(() => {
  mock.reset();
});

describe("an instance as it is shown again", () => {
  it("takes one call while it has what it had", async () => {
    world(asShown({ State: { Name: "stopped" } }));
    const again = await readInstanceAsShown(ec2, before);
    expect(again).toMatchObject({ facts: { ...before, state: "stopped" }, added: [] });
    expect(mock.calls()).toHaveLength(1);
  });

  it("takes none where it was shown right before", async () => {
    world(asShown());
    const instance = asShown({ State: { Name: "stopped" } });
    const again = await readInstanceAsShown(ec2, before, { instance, state: "stopped" });
    expect(again?.facts.state).toBe("stopped");
    expect(mock.calls()).toHaveLength(0);
  });

  it("is told with what it says of itself now", async () => {
    const launched = new Date("2026-02-01T00:00:00Z");
    world(asShown({ LaunchTime: launched, Tags: [{ Key: "Name", Value: "other" }] }));
    const again = await readInstanceAsShown(ec2, before);
    expect(again?.facts).toMatchObject({
      launchedAt: launched.toISOString(),
      tags: { Name: "other" },
    });
  });

  it("is told without a part that is gone, and without the Elastic IP that has left", async () => {
    world(
      asShown({
        BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeId: "vol-root" } }],
        ...address({}),
      }),
    );
    const again = await readInstanceAsShown(ec2, before);
    expect(again?.facts.volumes.map(({ volumeId }) => volumeId)).toEqual(["vol-root"]);
    const [primary] = again?.facts.networkInterfaces ?? [];
    expect(primary?.privateAddresses[0]).toEqual({ privateIp: "10.0.0.10", primary: true });
    expect(mock.calls()).toHaveLength(1);
  });

  it("is told with the flags, groups and check of today", async () => {
    const mappings = [
      { DeviceName: "/dev/xvda", Ebs: { VolumeId: "vol-root", DeleteOnTermination: false } },
      { DeviceName: "/dev/sdf", Ebs: { VolumeId: "vol-data", DeleteOnTermination: true } },
    ];
    const changed = { Groups: [{ GroupId: "sg-new" }], SourceDestCheck: false };
    world(asShown({ BlockDeviceMappings: mappings, ...withPrimary(changed) }));
    const again = await readInstanceAsShown(ec2, before);
    const flags = again?.facts.volumes.map(({ volumeId, deleteOnTermination }) => [
      volumeId,
      deleteOnTermination,
    ]);
    expect(flags).toEqual([
      ["vol-data", true],
      ["vol-root", false],
    ]);
    const [primary] = again?.facts.networkInterfaces ?? [];
    expect(primary).toMatchObject({ securityGroupIds: ["sg-new"], sourceDestCheck: false });
  });

  it.each<[string, Partial<Instance>]>([
    [
      "volume vol-9 on /dev/sdg",
      { BlockDeviceMappings: [{ DeviceName: "/dev/sdg", Ebs: { VolumeId: "vol-9" } }] },
    ],
    [
      "volume vol-data on /dev/sdg",
      { BlockDeviceMappings: [{ DeviceName: "/dev/sdg", Ebs: { VolumeId: "vol-data" } }] },
    ],
    [
      "network interface eni-9 at index 0",
      { NetworkInterfaces: [shownOf(primaryInterface({ NetworkInterfaceId: "eni-9" }))] },
    ],
    ["private address 10.0.0.99", address({}, "10.0.0.99")],
    [
      "Elastic IP 198.51.100.9 at 10.0.0.10",
      address({ Association: { PublicIp: "198.51.100.9", IpOwnerId: "123456789012" } }),
    ],
  ])("says that %s was not there", async (name, change) => {
    world(asShown(change));
    const again = await readInstanceAsShown(ec2, before);
    expect(again?.added).toEqual([name]);
    expect(mock.calls()).toHaveLength(1);
  });

  it.each<[string, Partial<Instance>]>([
    ["the addresses of an interface", withPrimary({ PrivateIpAddresses: undefined })],
    ["where an interface is attached", withPrimary({ Attachment: undefined })],
  ])("is BrokenFacts where EC2 does not say %s", async (_what, change) => {
    world(asShown(change));
    await expect(readInstanceAsShown(ec2, before)).rejects.toMatchObject({ name: "BrokenFacts" });
  });

  it("takes an address that EC2 lends for none of its owner's", async () => {
    world(asShown(address({ Association: { PublicIp: "203.0.113.5", IpOwnerId: "amazon" } })));
    const again = await readInstanceAsShown(ec2, before);
    const [primary] = again?.facts.networkInterfaces ?? [];
    expect(primary?.privateAddresses[0]).toEqual({
      privateIp: "10.0.0.10",
      primary: true,
      publicIp: "203.0.113.5",
    });
    expect(mock.calls()).toHaveLength(1);
  });

  it("is nothing where EC2 does not show it", async () => {
    mock.on(DescribeInstancesCommand).resolves({ Reservations: [] });
    await expect(readInstanceAsShown(ec2, before)).resolves.toBeUndefined();
  });
});
