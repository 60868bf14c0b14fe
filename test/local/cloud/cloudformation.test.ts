import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "@jest/globals";
import { createCloudFormation, tagsOfStack } from "../../../local/cloud/cloudformation/service.ts";
import { localClientConfig } from "../../../local/wire/front/client-config.ts";
import { createFixture, refusalOf } from "./cloud-fixture.ts";

const create = () => {
  const { cloud } = createFixture();
  const service = createCloudFormation(cloud);
  cloud.serve(service);
  const place = { accountId: cloud.identities.ownAccountId, region: "eu-west-1" };
  const client = new CloudFormationClient(
    localClientConfig(cloud, { region: place.region, credentials: cloud.identities.operator }),
  );
  const describeNamed = async (StackName?: string) =>
    (await client.send(new DescribeStacksCommand({ StackName }))).Stacks ?? [];
  return { service, place, describeNamed };
};

describe("a stack", () => {
  it("is told by its name and its id, with its status and its outermost stack", async () => {
    const { service, place, describeNamed } = create();
    const rootId = service.addStack({ ...place, name: "all" });
    const id = service.addStack({ ...place, name: "shop", rootId });
    service.setStatus(id, "UPDATE_IN_PROGRESS");
    const [byName] = await describeNamed("shop");
    expect(byName).toMatchObject({
      StackId: id,
      StackName: "shop",
      StackStatus: "UPDATE_IN_PROGRESS",
      RootId: rootId,
    });
    expect(await describeNamed(id)).toEqual([byName]);
    expect(await describeNamed()).toHaveLength(2);
    expect(tagsOfStack(id, "Web")).toMatchObject({ "aws:cloudformation:stack-name": "shop" });
  });

  it("that was deleted is told by its id alone, and that is never of another account's or region's", async () => {
    const { service, place, describeNamed } = create();
    const id = service.addStack({ ...place, name: "shop", status: "DELETE_COMPLETE" });
    expect((await describeNamed(id))[0]?.StackStatus).toBe("DELETE_COMPLETE");
    const absent = { code: "ValidationError", status: 400 };
    expect(await refusalOf(describeNamed("shop"))).toMatchObject(absent);
    const foreign = service.addStack({ ...place, region: "eu-central-1", name: "other" });
    expect(await refusalOf(describeNamed(foreign))).toMatchObject(absent);
    service.forget(id);
    expect(await refusalOf(describeNamed(id))).toMatchObject(absent);
  });
});
