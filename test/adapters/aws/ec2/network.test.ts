import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  AssignPrivateIpAddressesCommand,
  AssociateAddressCommand,
  AttachNetworkInterfaceCommand,
  DescribeAddressesCommand,
  DescribeNetworkInterfacesCommand,
  DetachNetworkInterfaceCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
  type NetworkInterfaceAttachment,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import {
  assignPrivateIps,
  associateAddress,
  attachInterface,
  detachInterface,
  findInterfacesHolding,
  readAddresses,
  readInterfaces,
  setInterfaceDeleteOnTermination,
} from "../../../../adapters/aws/ec2/network.ts";
import { awsError, metadata } from "../aws-error.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

beforeEach(() => {
  mock.reset();
});

const attachment = (change: NetworkInterfaceAttachment = {}): NetworkInterfaceAttachment => ({
  AttachmentId: "eni-attach-1",
  InstanceId: "i-1",
  DeviceIndex: 1,
  Status: "attached",
  DeleteOnTermination: false,
  ...change,
});

const foundInterface = (Attachment: NetworkInterfaceAttachment | undefined): void => {
  mock.on(DescribeNetworkInterfacesCommand).resolves({
    NetworkInterfaces: [
      {
        NetworkInterfaceId: "eni-1",
        SubnetId: "subnet-1",
        Status: Attachment === undefined ? "available" : "in-use",
        Attachment,
        PrivateIpAddresses: [
          { Primary: false, PrivateIpAddress: "10.0.0.21" },
          { Primary: true, PrivateIpAddress: "10.0.0.20" },
        ],
      },
    ],
  });
};

describe("interfaces", () => {
  it("are told with their attachment and addresses, the primary one first", async () => {
    foundInterface(attachment());
    await expect(readInterfaces(ec2, ["eni-1"])).resolves.toEqual([
      {
        networkInterfaceId: "eni-1",
        subnetId: "subnet-1",
        status: "in-use",
        attachedTo: "i-1",
        attachmentId: "eni-attach-1",
        attachmentState: "attached",
        deviceIndex: 1,
        deleteOnTermination: false,
        privateIps: ["10.0.0.20", "10.0.0.21"],
      },
    ]);
    expect(mock.commandCalls(DescribeNetworkInterfacesCommand)[0]?.args[0].input).toEqual({
      Filters: [{ Name: "network-interface-id", Values: ["eni-1"] }],
      MaxResults: 1000,
    });
  });

  it.each([undefined, attachment({ Status: "detached" })])(
    "that are free belong to nobody",
    async (one) => {
      foundInterface(one);
      const [reading] = await readInterfaces(ec2, ["eni-1"]);
      expect(reading).not.toHaveProperty("attachedTo");
      expect(reading).not.toHaveProperty("attachmentId");
    },
  );

  it("are read over all pages, and none is asked for by an empty list", async () => {
    const free = { SubnetId: "subnet-1", Status: "available" } as const;
    mock
      .on(DescribeNetworkInterfacesCommand)
      .resolvesOnce({
        NetworkInterfaces: [{ NetworkInterfaceId: "eni-1", ...free }],
        NextToken: "n",
      })
      .resolvesOnce({ NetworkInterfaces: [{ NetworkInterfaceId: "eni-2", ...free }] });
    await expect(readInterfaces(ec2, ["eni-1", "eni-2"])).resolves.toHaveLength(2);
    await expect(readInterfaces(ec2, [])).resolves.toEqual([]);
    expect(mock.calls()).toHaveLength(2);
  });

  it("that hold an address are found in its subnet, for another has the same addresses in another VPC", async () => {
    foundInterface(attachment());
    const privateIps = ["10.0.0.21", "10.0.0.22"];
    const found = await findInterfacesHolding(ec2, { subnetId: "subnet-1", privateIps });
    expect(found.map(({ networkInterfaceId }) => networkInterfaceId)).toEqual(["eni-1"]);
    expect(mock.commandCalls(DescribeNetworkInterfacesCommand)[0]?.args[0].input).toEqual({
      Filters: [
        { Name: "subnet-id", Values: ["subnet-1"] },
        { Name: "addresses.private-ip-address", Values: privateIps },
      ],
      MaxResults: 1000,
    });
  });

  it("that hold none of no addresses are not asked for", async () => {
    await expect(
      findInterfacesHolding(ec2, { subnetId: "subnet-1", privateIps: [] }),
    ).resolves.toEqual([]);
    expect(mock.calls()).toHaveLength(0);
  });
});

describe("attaching an interface", () => {
  const attach = (): ReturnType<typeof attachInterface> =>
    attachInterface(ec2, { networkInterfaceId: "eni-1", instanceId: "i-1", deviceIndex: 1 });

  it("names interface, instance and index", async () => {
    mock
      .on(AttachNetworkInterfaceCommand)
      .resolves({ $metadata: metadata("r1"), AttachmentId: "eni-attach-2" });
    await expect(attach()).resolves.toEqual({ requestId: "r1", attachmentId: "eni-attach-2" });
    expect(mock.commandCalls(AttachNetworkInterfaceCommand)[0]?.args[0].input).toStrictEqual({
      NetworkInterfaceId: "eni-1",
      InstanceId: "i-1",
      DeviceIndex: 1,
    });
  });

  it("a repetition is success, with the attachment that is found", async () => {
    mock.on(AttachNetworkInterfaceCommand).rejects(awsError("InvalidNetworkInterface.InUse"));
    foundInterface(attachment());
    await expect(attach()).resolves.toEqual({
      requestId: "req-InvalidNetworkInterface.InUse",
      attachmentId: "eni-attach-1",
      doneBefore: expect.stringContaining("found done"),
    });
  });

  it.each([
    ["at another instance", attachment({ InstanceId: "i-2" })],
    ["at another index", attachment({ DeviceIndex: 2 })],
    ["on its way out", attachment({ Status: "detaching" })],
  ])("an interface in use %s is a refusal", async (_what, one) => {
    mock.on(AttachNetworkInterfaceCommand).rejects(awsError("InvalidNetworkInterface.InUse"));
    foundInterface(one);
    await expect(attach()).rejects.toMatchObject({ name: "BrokenRequest" });
  });
});

it("an interface in use that EC2 shows as free is to be asked about again: its readings are behind", async () => {
  mock.on(AttachNetworkInterfaceCommand).rejects(awsError("InvalidNetworkInterface.InUse"));
  mock.on(DescribeNetworkInterfacesCommand).resolves({
    NetworkInterfaces: [{ NetworkInterfaceId: "eni-1", SubnetId: "subnet-1", Status: "available" }],
  });
  await expect(
    attachInterface(ec2, { networkInterfaceId: "eni-1", instanceId: "i-1", deviceIndex: 1 }),
  ).rejects.toMatchObject({ name: "RetryableNotVisible" });
});

describe("detaching an interface", () => {
  it("is never forced", async () => {
    mock.on(DetachNetworkInterfaceCommand).resolves({ $metadata: metadata("r1") });
    await expect(detachInterface(ec2, { attachmentId: "eni-attach-1" })).resolves.toEqual({
      requestId: "r1",
    });
    expect(mock.commandCalls(DetachNetworkInterfaceCommand)[0]?.args[0].input).toStrictEqual({
      AttachmentId: "eni-attach-1",
    });
  });

  it("an attachment that is gone is success, another refusal is not", async () => {
    mock
      .on(DetachNetworkInterfaceCommand)
      .rejectsOnce(awsError("InvalidAttachmentID.NotFound"))
      .rejectsOnce(awsError("OperationNotPermitted"));
    const detach = (): Promise<unknown> => detachInterface(ec2, { attachmentId: "eni-attach-1" });
    await expect(detach()).resolves.toEqual({
      requestId: "req-InvalidAttachmentID.NotFound",
      doneBefore: expect.stringContaining("found done"),
    });
    await expect(detach()).rejects.toMatchObject({ name: "BrokenRequest" });
  });
});

describe("changes of identity are exactly these requests", () => {
  it("delete on termination of an interface", async () => {
    mock.on(ModifyNetworkInterfaceAttributeCommand).resolves({ $metadata: metadata("r1") });
    await expect(
      setInterfaceDeleteOnTermination(ec2, {
        networkInterfaceId: "eni-1",
        attachmentId: "eni-attach-1",
        value: true,
      }),
    ).resolves.toEqual({ requestId: "r1" });
    expect(
      mock.commandCalls(ModifyNetworkInterfaceAttributeCommand)[0]?.args[0].input,
    ).toStrictEqual({
      NetworkInterfaceId: "eni-1",
      Attachment: { AttachmentId: "eni-attach-1", DeleteOnTermination: true },
    });
  });

  it("private addresses are taken over from whoever holds them", async () => {
    mock.on(AssignPrivateIpAddressesCommand).resolves({ $metadata: metadata("r1") });
    await expect(
      assignPrivateIps(ec2, { interfaceId: "eni-1", privateIps: ["10.0.0.9"] }),
    ).resolves.toEqual({ requestId: "r1" });
    expect(mock.commandCalls(AssignPrivateIpAddressesCommand)[0]?.args[0].input).toStrictEqual({
      NetworkInterfaceId: "eni-1",
      PrivateIpAddresses: ["10.0.0.9"],
      AllowReassignment: true,
    });
  });

  it("an Elastic IP is bound to one private address, from wherever it is", async () => {
    mock
      .on(AssociateAddressCommand)
      .resolves({ $metadata: metadata("r1"), AssociationId: "eipassoc-1" });
    await expect(
      associateAddress(ec2, {
        allocationId: "eipalloc-1",
        interfaceId: "eni-1",
        privateIp: "10.0.0.9",
      }),
    ).resolves.toEqual({ requestId: "r1", associationId: "eipassoc-1" });
    expect(mock.commandCalls(AssociateAddressCommand)[0]?.args[0].input).toStrictEqual({
      AllocationId: "eipalloc-1",
      NetworkInterfaceId: "eni-1",
      PrivateIpAddress: "10.0.0.9",
      AllowReassociation: true,
    });
  });

  it.each([
    ["InvalidAllocationID.NotFound", "BrokenNotFound"],
    ["AuthFailure", "BrokenPermission"],
    ["InsufficientFreeAddressesInSubnet", "BrokenRequest"],
  ])("%s is %s", async (code, name) => {
    mock.on(AssociateAddressCommand).rejects(awsError(code));
    await expect(
      associateAddress(ec2, { allocationId: "e", interfaceId: "eni-1", privateIp: "10.0.0.9" }),
    ).rejects.toMatchObject({ name });
  });
});

describe("Elastic IPs", () => {
  it("are told with what they are bound to; an empty string is nothing", async () => {
    mock
      .on(DescribeAddressesCommand, {
        Filters: [{ Name: "allocation-id", Values: ["eipalloc-1", "eipalloc-2"] }],
      })
      .resolves({
        Addresses: [
          {
            AllocationId: "eipalloc-1",
            PublicIp: "198.51.100.1",
            AssociationId: "eipassoc-1",
            NetworkInterfaceId: "eni-1",
            PrivateIpAddress: "10.0.0.9",
            InstanceId: "i-1",
          },
          { AllocationId: "eipalloc-2", PublicIp: "198.51.100.2", InstanceId: "" },
        ],
      });
    await expect(readAddresses(ec2, ["eipalloc-1", "eipalloc-2"])).resolves.toEqual([
      {
        allocationId: "eipalloc-1",
        publicIp: "198.51.100.1",
        associationId: "eipassoc-1",
        networkInterfaceId: "eni-1",
        privateIp: "10.0.0.9",
        instanceId: "i-1",
      },
      { allocationId: "eipalloc-2", publicIp: "198.51.100.2" },
    ]);
  });

  it("of none ask nothing", async () => {
    await expect(readAddresses(ec2, [])).resolves.toEqual([]);
    expect(mock.calls()).toHaveLength(0);
  });
});
