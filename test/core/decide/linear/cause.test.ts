import { describe, expect, it } from "@jest/globals";
import { causesOf } from "../../../../core/decide/linear/cause.ts";
import { evaluationTag, managedByTag } from "../../../../core/model/tags.ts";
import { fullInstance } from "./full-instance.ts";

describe("what a cause names", () => {
  const reader = causesOf(fullInstance);

  it("was there before us if the facts name it, however deep", () => {
    const [volume] = fullInstance.volumes;
    const [networkInterface] = fullInstance.networkInterfaces;
    const theirs = [
      fullInstance.instanceId,
      volume?.volumeId,
      networkInterface?.networkInterfaceId,
      networkInterface?.securityGroupIds[0],
      fullInstance.targetGroups[0]?.arn,
    ];
    expect(theirs.map((id) => reader.isTheirs(id ?? "missing"))).toEqual(theirs.map(() => true));
    expect(reader.isTheirs("i-0aaaaaaaaaaaaaaaa")).toBe(false);
  });

  it("is the number of the owner's tags, without AWS's and ours", () => {
    const tags = {
      Name: "shop",
      team: "web",
      "aws:autoscaling:groupName": "x",
      [evaluationTag]: "evl-1",
      [managedByTag.key]: managedByTag.value,
    };
    expect(causesOf({ ...fullInstance, tags }).factNow("tags")).toBe("2 tags");
  });

  it("is what is attached, or the type", () => {
    expect(reader.factNow("attachments")).toContain(fullInstance.instanceType);
    expect(reader.factNow("type")).toBe(fullInstance.instanceType);
  });

  it("can't be read of an instance that EC2 does not show", () => {
    const unseen = causesOf(undefined);
    expect(unseen.factNow("tags")).toBeUndefined();
    expect(unseen.isTheirs(fullInstance.instanceId)).toBe(false);
  });
});
