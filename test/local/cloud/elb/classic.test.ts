import {
  DescribeInstanceHealthCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  DescribeLoadBalancersCommand as DescribeNewOnesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/cloud/clock.ts";
import { createCloud } from "../../../../local/cloud/dispatch.ts";
import { createClassicElb } from "../../../../local/cloud/elb/classic.ts";
import { createElb } from "../../../../local/cloud/elb/service.ts";
import { localClient } from "../../../../local/wire/front/client-config.ts";

const region = "us-east-1";

const openWorld = () => {
  const cloud = createCloud({ clock: new VirtualClock(0), seed: 1, throttle: false });
  const accountId = cloud.identities.ownAccountId;
  const classic = createClassicElb(cloud);
  cloud.serve(classic, createElb(cloud, { zones: () => [], find: () => undefined }));
  const options = { region, front: "in-process", credentials: cloud.identities.operator } as const;
  return {
    set: (name: string, instanceIds: readonly string[]) => {
      classic.set({ accountId, region, name, instanceIds });
    },
    elb: localClient(ElasticLoadBalancingClient, cloud, options),
    elbV2: localClient(ElasticLoadBalancingV2Client, cloud, options),
  };
};

describe("classic load balancers", () => {
  it("are told by the version of the request from those of target groups, with the same signing name", async () => {
    const { set, elb, elbV2 } = openWorld();
    set("web", ["i-1", "i-2"]);
    const { LoadBalancerDescriptions: classic } = await elb.send(
      new DescribeLoadBalancersCommand({}),
    );
    expect(
      classic?.map(({ LoadBalancerName, Instances }) => [LoadBalancerName, Instances]),
    ).toEqual([["web", [{ InstanceId: "i-1" }, { InstanceId: "i-2" }]]]);
    expect((await elbV2.send(new DescribeNewOnesCommand({}))).LoadBalancers).toEqual([]);
  });

  it("come in pages, and are missed by name", async () => {
    const { set, elb } = openWorld();
    for (const name of ["a", "b", "c"]) set(name, []);
    const first = await elb.send(new DescribeLoadBalancersCommand({ PageSize: 2 }));
    const rest = await elb.send(new DescribeLoadBalancersCommand({ Marker: first.NextMarker }));
    const names = [first, rest].map(({ LoadBalancerDescriptions = [] }) =>
      LoadBalancerDescriptions.map(({ LoadBalancerName }) => LoadBalancerName),
    );
    expect(names).toEqual([["a", "b"], ["c"]]);
    await expect(
      elb.send(new DescribeLoadBalancersCommand({ LoadBalancerNames: ["d"] })),
    ).rejects.toMatchObject({ name: "AccessPointNotFoundException" });
  });

  it("tell the state of all that are registered, and of one by its id", async () => {
    const { set, elb } = openWorld();
    set("web", ["i-1", "i-2"]);
    const statesOf = async (Instances?: { readonly InstanceId: string }[]) => {
      const LoadBalancerName = "web";
      const answer = await elb.send(
        new DescribeInstanceHealthCommand({ LoadBalancerName, Instances }),
      );
      return answer.InstanceStates?.map(({ InstanceId, State }) => [InstanceId, State]);
    };
    expect(await statesOf()).toEqual([
      ["i-1", "InService"],
      ["i-2", "InService"],
    ]);
    expect(await statesOf([{ InstanceId: "i-3" }])).toEqual([["i-3", "OutOfService"]]);
    const unknown = new DescribeInstanceHealthCommand({ LoadBalancerName: "gone" });
    await expect(elb.send(unknown)).rejects.toMatchObject({
      name: "AccessPointNotFoundException",
    });
  });
});
