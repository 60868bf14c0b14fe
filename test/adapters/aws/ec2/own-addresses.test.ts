import { describe, expect, it } from "@jest/globals";
import {
  readAddresses,
  readOwnInterfaces,
  releaseAddress,
} from "../../../../adapters/aws/ec2/own-addresses.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import { dayMs, openPlace, place, refuseNext, startMs } from "../simulated-place.ts";

describe("the addresses of an account", () => {
  it("are read by three calls, with what forbids to take one for waste", async () => {
    const { ec2, service, calls } = openPlace();
    const { control } = service;
    const idle = control.addAddress({ ...place, tags: { owner: "web" } });
    const managed = control.addAddress({ ...place, traits: { serviceManaged: "rnat" } });
    const brought = control.addAddress({ ...place, traits: { publicIpv4Pool: "ipv4pool-ec2-1" } });
    const mail = control.addAddress({ ...place, traits: { reverseName: "mail.example.com." } });
    const given = control.addAddress({
      ...place,
      traits: { transfer: { toAccountId: "999988887777", expiresAt: startMs + dayMs } },
    });
    const { addresses, transfers, reverseNames } = await readAddresses(ec2);
    const byId = new Map(addresses.map((address) => [address.allocationId, address]));
    expect(byId.get(idle)).toEqual({
      allocationId: idle,
      publicIp: byId.get(idle)?.publicIp,
      publicIpv4Pool: "amazon",
      tags: { owner: "web" },
    });
    expect(byId.get(managed)?.serviceManaged).toBe("rnat");
    expect(byId.get(brought)?.publicIpv4Pool).toBe("ipv4pool-ec2-1");
    expect(reverseNames).toEqual(new Map([[mail, "mail.example.com."]]));
    expect(transfers).toEqual([
      {
        allocationId: given,
        status: "pending",
        toAccountId: "999988887777",
        expiresAt: "2026-03-03T10:00:00.000Z",
      },
    ]);
    expect([...calls()].sort()).toEqual([
      "DescribeAddressTransfers",
      "DescribeAddresses",
      "DescribeAddressesAttribute",
    ]);
  });

  it("say what has them, and whose interface that is", async () => {
    const { ec2, service } = openPlace();
    const allocationId = service.control.addAddress(place);
    const other = service.control.addAddress(place);
    const networkInterfaceId = service.control.addInterface({
      ...place,
      allocationId,
      traits: { ownerId: "999988887777" },
    });
    const { addresses } = await readAddresses(ec2, [allocationId]);
    expect(addresses).toEqual([
      expect.objectContaining({
        allocationId,
        networkInterfaceId,
        networkInterfaceOwnerId: "999988887777",
      }),
    ]);
    expect(other).not.toBe(allocationId);
  });
});

describe("the network interfaces of an account", () => {
  it("are read with what EC2 hides, over pages of five", async () => {
    const { ec2, service } = openPlace({ pageSize: 5 });
    const { control } = service;
    const allocationId = control.addAddress(place);
    const idle = control.addInterface({ ...place, allocationId });
    const hidden = control.addInterface({
      ...place,
      interfaceType: "natGateway",
      traits: {
        isRequesterManaged: true,
        operator: { principal: "eks.amazonaws.com", isHidden: true },
      },
    });
    for (let more = 0; more < 6; more += 1) control.addInterface(place);
    const found = await readOwnInterfaces(ec2);
    expect(found).toHaveLength(8);
    const { addresses } = await readAddresses(ec2);
    expect(found.find((one) => one.networkInterfaceId === idle)).toMatchObject({
      status: "available",
      interfaceType: "interface",
      isRequesterManaged: false,
      isOperatorManaged: false,
      publicIps: [addresses[0]?.publicIp],
    });
    expect(found.find((one) => one.networkInterfaceId === hidden)).toMatchObject({
      interfaceType: "natGateway",
      isRequesterManaged: true,
      isOperatorManaged: true,
    });
  });
});

describe("the release of an address", () => {
  it("is done once, and found done by a repetition", async () => {
    const { ec2, service } = openPlace();
    const allocationId = service.control.addAddress(place);
    const first = await releaseAddress(ec2, allocationId);
    expect(first.doneBefore).toBeUndefined();
    const again = await releaseAddress(ec2, allocationId);
    expect(again.doneBefore).toContain("InvalidAllocationID.NotFound");
  });

  it("is refused of one that was associated meanwhile", async () => {
    const { ec2, service } = openPlace();
    const allocationId = service.control.addAddress(place);
    service.control.addInterface({ ...place, allocationId });
    await expect(releaseAddress(ec2, allocationId)).rejects.toMatchObject({
      code: "InvalidIPAddress.InUse",
    });
    await expect(readAddresses(ec2)).resolves.toMatchObject({ addresses: [{ allocationId }] });
  });

  it("is found done of one that another account has by now", async () => {
    const { ec2, service } = openPlace();
    const allocationId = service.control.addAddress(place);
    service.control.giveAddressAway(place, allocationId);
    const { doneBefore } = await releaseAddress(ec2, allocationId);
    expect(doneBefore).toContain("AuthFailure");
  });

  it("is not taken for done where EC2 still lists the address", async () => {
    const { ec2, service, cloud } = openPlace();
    const allocationId = service.control.addAddress(place);
    refuseNext(cloud, "ReleaseAddress", new CloudError("AuthFailure", "Not yours."));
    await expect(releaseAddress(ec2, allocationId)).rejects.toMatchObject({
      name: "BrokenPermission",
    });
    refuseNext(cloud, "ReleaseAddress", new CloudError("InvalidAllocationID.NotFound", "None."));
    await expect(releaseAddress(ec2, allocationId)).rejects.toMatchObject({
      name: "RetryableNotVisible",
    });
  });

  it("is refused of one that a service manages", async () => {
    const { ec2, service } = openPlace();
    const allocationId = service.control.addAddress({
      ...place,
      traits: { serviceManaged: "alb" },
    });
    await expect(releaseAddress(ec2, allocationId)).rejects.toMatchObject({
      code: "OperationNotPermitted",
    });
  });
});
