import { beforeEach, describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import { openAccount, type LabAccount } from "../../../local/lab/account.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import { addWorkload } from "../../../local/lab/subject.ts";
import { asgTag, memberTags, webTarget } from "./api-under-test.ts";

const membership = { cluster_name: "prod-eu", node_group: "workers" };
const group = { pipeline_mode: "CLUSTER", metadata: { asg_name: "web-blue" } };
const node = { pipeline_mode: "KUBERNETES", cluster_membership: membership };

describe("a member on the simulated cloud", () => {
  let account: LabAccount;
  beforeEach(async () => {
    account = await openAccount({
      market: smallMarket,
      seed: 1,
      startMs: Date.parse("2026-03-02T09:00:00Z"),
      region: "us-east-1",
      version: "0.0.0",
      name: "workshop",
    });
  });

  const register = (instanceId: string, zone: string, body: object) =>
    account.api.send({
      method: "POST",
      path: "/lab/instances",
      body: {
        ...webTarget,
        account_id: account.accountId,
        instance_id: instanceId,
        availability_zone: zone,
        ...body,
      },
    });

  it("is taken for its own group, and for no other", async () => {
    const member = addWorkload(account, { instanceType: "m5.large", tags: memberTags });
    const ask = (body: object) => register(member.instanceId, member.zoneName, body);
    expect(await ask({ ...group, metadata: { asg_name: "web-green" } })).toMatchObject({
      status: 422,
      text: expect.stringContaining(`${asgTag}=web-blue`),
    });
    expect(
      await ask({ ...node, cluster_membership: { ...membership, node_group: "b" } }),
    ).toMatchObject({ status: 422, text: expect.stringContaining("eks:nodegroup-name=workers") });
    expect(await ask(group)).toMatchObject({ status: 201 });
    const second = addWorkload(account, { instanceType: "m5.large", tags: memberTags });
    expect(await register(second.instanceId, second.zoneName, node)).toMatchObject({ status: 201 });
  });

  it("is not taken when it is not there, or when we may not look at it", async () => {
    expect(await register("i-0123456789abcdef0", "us-east-1a", group)).toMatchObject({
      status: 422,
      text: expect.stringContaining("EC2 shows no i-0123456789abcdef0"),
    });
    const member = addWorkload(account, { instanceType: "m5.large", tags: memberTags });
    account.platform.cloud.faults.before((call) => {
      if (call.operation !== "DescribeInstances") return;
      throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
    });
    expect(await register(member.instanceId, member.zoneName, group)).toMatchObject({
      status: 502,
    });
  });
});
