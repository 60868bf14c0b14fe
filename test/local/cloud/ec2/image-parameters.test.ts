import { beforeEach, describe, expect, it } from "@jest/globals";
import type { Call } from "../../../../local/cloud/contract.ts";
import { ParameterStore } from "../../../../local/cloud/ssm/parameters.ts";
import { account, createWorld, region, type World } from "./world.ts";

const place = { accountId: account, region };
const name = "/golden/ami";
const ImageId = `resolve:ssm:${name}`;

describe("an image that is named by a parameter", () => {
  let world: World;
  let store: ParameterStore;
  let images: readonly string[];

  const imageOf = (id: string): string => world.ec2.control.find(id)?.imageId ?? "";

  beforeEach(() => {
    world = createWorld();
    store = new ParameterStore();
    world.ec2.useParameters(store);
    images = [1, 2].map(() => imageOf(world.addInstance()));
    store.put({ ...place, name, value: images[0] ?? "" });
  });

  const template = (imageId = ImageId, named = "golden"): string =>
    world.call("CreateLaunchTemplate", {
      LaunchTemplateName: named,
      LaunchTemplateData: { ImageId: imageId, InstanceType: "m5.large" },
    }).LaunchTemplate?.LaunchTemplateId ?? "";

  const shown = (LaunchTemplateId: string, ResolveAlias?: boolean): string | undefined =>
    world.call("DescribeLaunchTemplateVersions", {
      LaunchTemplateId,
      ...(ResolveAlias === undefined ? {} : { ResolveAlias }),
    }).LaunchTemplateVersions?.[0]?.LaunchTemplateData?.ImageId;

  it("is shown as it is stated, and resolved where that is asked for", () => {
    const id = template();
    expect([shown(id), shown(id, false), shown(id, true)]).toEqual([ImageId, ImageId, images[0]]);
    store.put({ ...place, name, value: images[1] ?? "" });
    expect(shown(id, true)).toBe(images[1]);
  });

  it("is launched as the parameter names it at that moment, or as one of its versions did", () => {
    const LaunchTemplate = { LaunchTemplateId: template() };
    const launched = (input: object): string | undefined =>
      world.call("RunInstances", { MinCount: 1, MaxCount: 1, LaunchTemplate, ...input })
        .Instances?.[0]?.ImageId;
    expect(launched({})).toBe(images[0]);
    store.put({ ...place, name, value: images[1] ?? "" });
    expect(launched({})).toBe(images[1]);
    expect(launched({ ImageId: `${ImageId}:1` })).toBe(images[0]);
    expect(launched({ ImageId: images[0] })).toBe(images[0]);
  });

  it("is refused where the parameter is not there, or is of another type", () => {
    const id = template();
    expect(() => template("resolve:ssm:/other", "other")).toThrow(/\/other was not found/);
    store.put({ ...place, name, value: "text", dataType: "text" });
    expect(() => shown(id, true)).toThrow(/^Unsupported data type/);
    store.delete(place, name);
    expect(() => shown(id, true)).toThrow(/was not found/);
    expect(shown(id)).toBe(ImageId);
  });

  it("is resolved for whoever may read the parameter", () => {
    const LaunchTemplateId = template();
    store.put({ ...place, name, value: images[0] ?? "", tags: { team: "shop" } });
    const call: Call = {
      service: "ec2",
      operation: "DescribeLaunchTemplateVersions",
      region,
      caller: { accountId: account, arn: "arn:aws:iam::222233334444:role/test" },
      requestId: "r",
      at: world.clock.now(),
    };
    const asks = (input: object) =>
      (
        world.ec2.authorization?.["DescribeLaunchTemplateVersions"]?.(call, input as never) ?? []
      ).map(({ action, resources }) => [
        action,
        ...resources.map(({ arn, key }) => [arn, key("aws:ResourceTag/team")]),
      ]);
    const own = ["ec2:DescribeLaunchTemplateVersions", ["*", undefined]];
    const arn = `arn:aws:ssm:${region}:${account}:parameter/golden/ami`;
    expect(asks({ LaunchTemplateId })).toEqual([own]);
    expect(asks({ LaunchTemplateId, ResolveAlias: true })).toEqual([
      own,
      ["ssm:GetParameters", [arn, "shop"]],
    ]);
  });
});
