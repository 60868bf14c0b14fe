import { expect, it } from "@jest/globals";
import type { AwsEvent } from "../../../../local/cloud/aws-event.ts";
import { createFis } from "../../../../local/cloud/fis/service.ts";
import { createRandom } from "../../../../local/cloud/random.ts";
import { account, createWorld, region, runningSpot, startMs } from "../ec2/world.ts";

it("an experiment tells its states, recommends at once, and its interruption is told as its own", async () => {
  const world = createWorld();
  const id = await runningSpot(world, world.addInstance());
  const fis = createFis({ clock: world.clock, random: createRandom(5) }, world.ec2.control);
  const events: AwsEvent[] = [];
  fis.control.onEvent((event) => events.push(event));
  world.ec2.control.onEvent((event) => events.push(event));
  const experimentId = fis.control.interruptSpot({
    accountId: account,
    region,
    instanceIds: [id],
    minutesBefore: 5,
  });
  await world.pass(600);
  const seconds = (time: string) => Math.round((Date.parse(time) - startMs) / 1000) - 25;
  const status = ({ detail }: AwsEvent) =>
    (detail["new-state"] as { status: string } | undefined)?.status ?? detail["state"];
  expect(events.map((event) => [seconds(event.time), event["detail-type"], status(event)])).toEqual(
    [
      [0, "FIS Experiment State Change", "initiating"],
      [0, "FIS Experiment State Change", "running"],
      [0, "EC2 Instance Rebalance Recommendation", undefined],
      [180, "EC2 Spot Instance Interruption Warning", undefined],
      [300, "EC2 Instance State-change Notification", "shutting-down"],
      [330, "EC2 Instance State-change Notification", "terminated"],
      [360, "FIS Experiment State Change", "completed"],
    ],
  );
  expect(events[0]).toMatchObject({
    source: "aws.fis",
    account,
    region,
    detail: { "experiment-id": experimentId, "old-state": { status: "pending" } },
  });
  expect(world.ec2.control.find(id)?.spotStatus).toBe("instance-terminated-by-experiment");
});

it("what an experiment stopped, EC2 does not start again, and its owner may", async () => {
  const world = createWorld();
  const original = world.addInstance();
  const image = world.ec2.control.find(original)?.imageId;
  const answer = world.call("RunInstances", {
    MinCount: 1,
    MaxCount: 1,
    ImageId: image,
    InstanceType: "m5.large",
    InstanceMarketOptions: {
      MarketType: "spot",
      SpotOptions: { SpotInstanceType: "persistent", InstanceInterruptionBehavior: "stop" },
    },
  });
  await world.pass(25);
  const id = answer.Instances?.[0]?.InstanceId ?? "";
  const fis = createFis({ clock: world.clock, random: createRandom(5) }, world.ec2.control);
  fis.control.interruptSpot({ accountId: account, region, instanceIds: [id] });
  expect(world.ec2.control.find(id)?.spotStatus).toBe("marked-for-stop-by-experiment");
  await world.pass(900);
  expect(world.ec2.control.find(id)).toMatchObject({
    state: "stopped",
    spotStatus: "instance-stopped-by-experiment",
  });
  world.call("StartInstances", { InstanceIds: [id] });
  expect(world.ec2.control.find(id)?.spotStatus).toBe("fulfilled");
});
