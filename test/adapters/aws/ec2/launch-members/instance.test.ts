/** Are the tables of what is read of an instance true? Each member is changed by itself, and its effect looked for. */
import { describe, expect, it } from "@jest/globals";
import {
  Instance$,
  InstanceNetworkInterface$,
  NetworkInterface$,
  Volume$,
  type Instance,
  type NetworkInterface,
  type Volume,
} from "@aws-sdk/client-ec2";
import { blueprintOfInstance } from "../../../../../adapters/aws/ec2/blueprint-of-instance.ts";
import { toInstanceFacts } from "../../../../../adapters/aws/ec2/instance-facts.ts";
import { volumeMembers } from "../../../../../adapters/aws/ec2/launch-members/instance-parts.ts";
import { instanceMembers } from "../../../../../adapters/aws/ec2/launch-members/instance.ts";
import type { MemberTable } from "../../../../../adapters/aws/ec2/launch-members/member.ts";
import {
  instanceInterfaceMembers,
  networkInterfaceMembers,
} from "../../../../../adapters/aws/ec2/launch-members/network-interface.ts";
import { spotRequest } from "../../../../../adapters/aws/ec2/launch-request.ts";
import { judgeEligibility } from "../../../../../core/decide/linear/eligibility.ts";
import { accountIdSchema } from "../../../../../core/model/ids.ts";
import type { InstanceFacts } from "../../../../../core/model/instance.ts";
import { type Shape, shapeOf } from "../../../../../local/schemas/shape.ts";
import { eligibleInput } from "../../../../core/decide/linear/eligible-facts.ts";
import {
  dataVolume,
  originalImage,
  originalInstance,
  originalStatus,
  primaryInterface,
  rootVolume,
  secondaryInterface,
} from "../original.ts";
import { changedAt, nodesOf, type Leaf } from "./members.ts";

interface Readings {
  readonly instance: Instance;
  readonly volumes: readonly Volume[];
  /** The first is attached, the second only when the instance says so. */
  readonly interfaces: readonly NetworkInterface[];
}

const base: Readings = {
  instance: originalInstance({
    Placement: {
      AvailabilityZone: "eu-central-1a",
      Tenancy: "default",
      GroupName: "ring",
      PartitionNumber: 1,
    },
    Licenses: [{ LicenseConfigurationArn: "arn:lic-1" }],
    Monitoring: { State: "disabled" },
    BlockDeviceMappings: [
      { DeviceName: "/dev/sdf", Ebs: { VolumeId: "vol-data", DeleteOnTermination: false } },
      { DeviceName: "/dev/xvda", Ebs: { VolumeId: "vol-root", DeleteOnTermination: true } },
    ],
    NetworkInterfaces: [{ NetworkInterfaceId: "eni-0" }],
  }),
  volumes: [rootVolume(), dataVolume({ Tags: [{ Key: "backup", Value: "daily" }] })],
  interfaces: [
    primaryInterface({ Ipv6Addresses: [{ Ipv6Address: "2001:db8::2" }] }),
    secondaryInterface({ SourceDestCheck: true, InterfaceType: "interface" }),
  ],
};

/** Where EC2 shows the public address at the interface alone. */
const unlisted: Readings = {
  ...base,
  interfaces: [
    primaryInterface({
      Association: { PublicIp: "198.51.100.1", IpOwnerId: "123456789012" },
      PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: "10.0.0.10" }],
    }),
  ],
};

/** The error's name where there is no answer. */
const answerOf = <Answer>(ask: () => Answer): Answer | string => {
  try {
    return ask();
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
};

/** What a clone that keeps all is launched with, of the same type, so that CPU options count. */
const requestOf = (readings: Readings) =>
  spotRequest(
    {
      blueprint: blueprintOfInstance({ ...readings, userData: undefined, cpuCredits: undefined }),
      keep: "all-devices",
      instanceType: "m5.large",
      imageId: "ami-warm",
      subnetId: "subnet-2",
      clientToken: "so-1",
      tags: {},
    },
    originalImage(),
  );

const factsOf = (readings: Readings): InstanceFacts =>
  toInstanceFacts({
    ...readings,
    accountId: accountIdSchema.parse("123456789012"),
    region: "eu-central-1",
    image: originalImage(),
    status: originalStatus(),
    disableApiTermination: false,
    disableApiStop: false,
    zoneId: "euc1-az2",
  });

const refusalsOf = (readings: Readings): readonly string[] => {
  const judged = judgeEligibility({ ...eligibleInput, instance: factsOf(readings) });
  return judged.kind === "ELIGIBLE" ? [] : judged.objections.map(({ code }) => code);
};

const proveTreatment = ({ member }: Leaf, before: Readings, after: Readings): void => {
  const request = answerOf(() => requestOf(after));
  const facts = answerOf(() => factsOf(after));
  switch (member.treatment) {
    case "copied":
      expect(request).not.toEqual(requestOf(before));
      break;
    case "compared":
      expect(facts).not.toEqual(factsOf(before));
      break;
    case "refused-unless-default":
      expect(refusalsOf(before)).not.toContain("code" in member ? member.code : undefined);
      expect(refusalsOf(after)).toContain("code" in member ? member.code : undefined);
      break;
    default:
      expect(request).toEqual(requestOf(before));
      expect(facts).toEqual(factsOf(before));
  }
};

const cases = (table: MemberTable, shape: Shape): [string, string, Leaf][] =>
  nodesOf(table, shape).map((leaf) => [leaf.path, leaf.member.treatment, leaf]);

describe("of an instance", () => {
  const told = {
    "BlockDeviceMappings.Ebs.VolumeId": "vol-root",
    "Monitoring.State": "enabled",
    Monitoring: { State: "enabled" },
    NetworkInterfaces: [{ NetworkInterfaceId: "eni-0" }, { NetworkInterfaceId: "eni-1" }],
    RootDeviceName: "/dev/sdf",
    State: { Name: "stopped" },
  };

  it.each(cases(instanceMembers, shapeOf(Instance$)))("%s is %s", (_path, _treatment, leaf) => {
    proveTreatment(leaf, base, { ...base, instance: changedAt(base.instance, leaf, told) });
  });
});

describe("of a volume", () => {
  it.each(cases(volumeMembers, shapeOf(Volume$)))("%s is %s", (_path, _treatment, leaf) => {
    const [first, ...others] = base.volumes;
    const changed = changedAt(first ?? {}, leaf, { VolumeId: "vol-other" });
    proveTreatment(leaf, base, { ...base, volumes: [changed, ...others] });
  });
});

describe("of a network interface", () => {
  const told = {
    "Association.PublicIp": undefined,
    "Association.IpOwnerId": "amazon",
    "PrivateIpAddresses.Association.IpOwnerId": "amazon",
  };

  const prove = (leaf: Leaf): void => {
    const before = leaf.path.startsWith("Association") ? unlisted : base;
    const [first, ...others] = before.interfaces;
    const changed = changedAt(first ?? {}, leaf, told);
    proveTreatment(leaf, before, { ...before, interfaces: [changed, ...others] });
  };

  it.each(cases(networkInterfaceMembers, shapeOf(NetworkInterface$)))(
    "%s is %s",
    (_path, _treatment, leaf) => {
      prove(leaf);
    },
  );

  it.each(cases(instanceInterfaceMembers, shapeOf(InstanceNetworkInterface$)))(
    "%s is %s, as the instance shows it",
    (_path, _treatment, leaf) => {
      prove(leaf);
    },
  );
});
