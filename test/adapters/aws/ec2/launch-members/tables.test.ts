import { describe, expect, it } from "@jest/globals";
import {
  Instance$,
  InstanceNetworkInterface$,
  InstanceTypeInfo$,
  NetworkInterface$,
  RequestLaunchTemplateData$,
  ResponseLaunchTemplateData$,
  RunInstancesRequest$,
  Volume$,
} from "@aws-sdk/client-ec2";
import { volumeMembers } from "../../../../../adapters/aws/ec2/launch-members/instance-parts.ts";
import { instanceMembers } from "../../../../../adapters/aws/ec2/launch-members/instance.ts";
import { instanceTypeMembers } from "../../../../../adapters/aws/ec2/launch-members/instance-type.ts";
import { launchTemplateMembers } from "../../../../../adapters/aws/ec2/launch-members/launch-template.ts";
import type { MemberTable } from "../../../../../adapters/aws/ec2/launch-members/member.ts";
import {
  instanceInterfaceMembers,
  networkInterfaceMembers,
} from "../../../../../adapters/aws/ec2/launch-members/network-interface.ts";
import { runInstancesMembers } from "../../../../../adapters/aws/ec2/launch-members/run-instances.ts";
import { type Shape, shapeOf } from "../../../../../local/schemas/shape.ts";
import { leavesOf, schemaPaths, structureOf } from "./members.ts";
import { told } from "./told.ts";

const tables: readonly (readonly [string, MemberTable, Shape])[] = [
  ["RunInstancesRequest", runInstancesMembers, shapeOf(RunInstancesRequest$)],
  ["Instance", instanceMembers, shapeOf(Instance$)],
  ["InstanceNetworkInterface", instanceInterfaceMembers, shapeOf(InstanceNetworkInterface$)],
  ["NetworkInterface", networkInterfaceMembers, shapeOf(NetworkInterface$)],
  ["Volume", volumeMembers, shapeOf(Volume$)],
  ["InstanceTypeInfo", instanceTypeMembers, shapeOf(InstanceTypeInfo$)],
  ["ResponseLaunchTemplateData", launchTemplateMembers, shapeOf(ResponseLaunchTemplateData$)],
];

describe("the table of", () => {
  it.each(tables)("%s lists each member of the SDK's schema, and no other", (_, table, shape) => {
    const listed = leavesOf(table, shape).map(({ path }) => path);
    expect([...listed].sort()).toEqual(schemaPaths(table, shape));
  });

  it("launch templates lists each member of the request's schema as well", () => {
    const request = shapeOf(RequestLaunchTemplateData$);
    expect(Object.keys(launchTemplateMembers).sort()).toEqual([...request.members.keys()].sort());
    const listed = leavesOf(launchTemplateMembers, shapeOf(ResponseLaunchTemplateData$));
    expect(listed.map(({ path }) => path)).toEqual(
      expect.arrayContaining([...schemaPaths(launchTemplateMembers, request)]),
    );
  });

  /** Of interfaces each is read by itself, and has a table of its own. */
  const elsewhere = ["NetworkInterfaces"];

  it.each(tables)("%s looks into each structure that is taken", (_, table, shape) => {
    const whole = leavesOf(table, shape).filter(
      ({ member, shape: own }) =>
        ["copied", "compared"].includes(member.treatment) && structureOf(own).kind === "structure",
    );
    expect(whole.map(({ path }) => path).filter((path) => !elsewhere.includes(path))).toEqual([]);
  });

  it.each(tables)("%s says in a sentence why a member is not taken", (_, table, shape) => {
    const reasons = leavesOf(table, shape).flatMap(({ member }) =>
      "reason" in member ? [member.reason] : [],
    );
    for (const reason of reasons) expect(reason).toMatch(/^[A-Z].* .*†?\.$/);
  });
});

describe("what a clone has otherwise, and is told", () => {
  it.each(tables)("at %s is this and no more", (name, table, shape) => {
    const found = leavesOf(table, shape).filter(({ member }) => member.treatment === "told");
    expect(found.map(({ path }) => path).sort()).toEqual(told[name]);
  });
});
