import { describe, expect, it } from "@jest/globals";
import { namesOneOf, oldNames } from "../../../../core/decide/linear/old-names.ts";
import { plainInstance, primaryEni } from "./eligible-facts.ts";

const address = { privateIp: "10.0.0.7", primary: true, publicIp: "203.0.113.7" };
const lent = {
  ...plainInstance,
  region: "eu-central-1",
  autoAssignedPublicIp: "203.0.113.7",
  networkInterfaces: [{ ...primaryEni, privateAddresses: [address] }],
};

describe("the names that an original had", () => {
  it("are its addresses and EC2's names for them, where its subnet had lent the public one", () => {
    expect(oldNames(lent)).toEqual([
      "203.0.113.7",
      "ec2-203-0-113-7.eu-central-1.compute.amazonaws.com",
      "10.0.0.7",
      "ip-10-0-0-7.eu-central-1.compute.internal",
      `${plainInstance.instanceId}.eu-central-1.compute.internal`,
    ]);
  });

  it("are spelled otherwise in us-east-1", () => {
    expect(oldNames({ ...lent, region: "us-east-1" })).toEqual([
      "203.0.113.7",
      "ec2-203-0-113-7.compute-1.amazonaws.com",
      "10.0.0.7",
      "ip-10-0-0-7.ec2.internal",
      `${plainInstance.instanceId}.ec2.internal`,
    ]);
  });

  it("are none where no public address is lost", () => {
    const { autoAssignedPublicIp: _none, ...withoutPublic } = lent;
    expect(oldNames(withoutPublic)).toEqual([]);
    const [eni] = lent.networkInterfaces;
    const elastic = {
      ...primaryEni,
      ...eni,
      privateAddresses: [{ ...address, allocationId: "eipalloc-1" }],
    };
    expect(oldNames({ ...lent, networkInterfaces: [elastic] })).toEqual([]);
  });
});

describe("a record's value", () => {
  const names = ["203.0.113.7", "ec2-203-0-113-7.compute-1.amazonaws.com"];

  it.each([
    ["203.0.113.7", true],
    ["EC2-203-0-113-7.compute-1.amazonaws.com.", true],
    ['"v=spf1 ip4:203.0.113.7 -all"', true],
    ["203.0.113.70", false],
    ["1203.0.113.7", false],
    ["www.ec2-203-0-113-7.compute-1.amazonaws.com", false],
    ["", false],
  ])("%s names one of them: %s", (value, isMeant) => {
    expect(namesOneOf(value, names)).toBe(isMeant);
  });
});
