import { describe, expect, it } from "@jest/globals";
import { readInstanceFacts } from "../../../../adapters/aws/ec2/instances.ts";
import { readSubnets } from "../../../../adapters/aws/ec2/subnets.ts";
import { readPlace } from "../../../../adapters/aws/fleet/read-place.ts";
import type { PlaceReading } from "../../../../core/model/place-reading.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import type { FaultCall } from "../../../../local/cloud/faults.ts";
import {
  accountId,
  addFleet,
  openPlace,
  region,
  startMs,
  type PlaceAccount,
} from "./place-account.ts";

const read = ({ clients }: PlaceAccount, takesGroups = false): Promise<PlaceReading> =>
  readPlace(clients, { accountId, region, now: new Date(startMs), takesGroups });

const isNextPage = ({ input }: FaultCall): boolean =>
  typeof input === "object" && input !== null && "NextToken" in input;

describe("a place without groups", () => {
  it("has each instance with the facts that a reading of it alone has, but for what no list tells", async () => {
    const place = await openPlace();
    const ids = addFleet(place, 24);
    const reading = await read(place);
    expect(reading.unreadable).toEqual([]);
    expect(reading.instances.map(({ instanceId }) => instanceId)).toEqual([...ids].sort());
    for (const instanceId of ids) {
      const alone = await readInstanceFacts(place.clients.ec2, { instanceId, accountId, region });
      const {
        disableApiTermination: _termination,
        disableApiStop: _stop,
        targetGroups: _groups,
        ...rest
      } = alone ?? {};
      expect(reading.instances.find((found) => found.instanceId === instanceId)).toEqual(rest);
    }
  });

  it("has the subnets of each VPC as a reading of that VPC has them", async () => {
    const place = await openPlace();
    addFleet(place, 1);
    const { subnets, instances } = await read(place);
    const vpcId = instances[0]?.vpcId ?? "";
    const own = subnets.filter((subnet) => subnet.vpcId === vpcId);
    expect(own.map(({ vpcId: _of, ...subnet }) => subnet)).toEqual(
      await readSubnets(place.clients.ec2, { vpcId }),
    );
  });

  it("takes eight calls for 50 instances and at most fourteen for 1,000, and no bucket of EC2's runs dry", async () => {
    const small = await openPlace();
    addFleet(small, 50);
    await read(small);
    expect(small.calls().toSorted()).toEqual([
      "DescribeImages",
      "DescribeInstanceStatus",
      "DescribeInstances",
      "DescribeNetworkInterfaces",
      "DescribeReservedInstances",
      "DescribeRouteTables",
      "DescribeSubnets",
      "DescribeVolumes",
    ]);
    const large = await openPlace();
    addFleet(large, 1000);
    expect((await read(large)).instances).toHaveLength(1000);
    expect(large.calls().length).toBeLessThanOrEqual(14);
  });

  it("is one call where nothing is there", async () => {
    const place = await openPlace();
    expect(await read(place)).toMatchObject({ instances: [], groups: { kind: "NOT_ASKED" } });
    expect(place.calls()).toEqual(["DescribeInstances"]);
  });

  it.each(["DescribeInstances", "DescribeVolumes", "DescribeNetworkInterfaces"])(
    "is not read at all where a later page of %s fails",
    async (operation) => {
      const place = await openPlace({ pageSize: 10 });
      addFleet(place, 25);
      place.account.platform.cloud.faults.before((call) => {
        if (call.operation === operation && isNextPage(call)) {
          throw new CloudError("InternalError", "An internal error has occurred", 500);
        }
      });
      await expect(read(place)).rejects.toMatchObject({ name: "RetryableUnavailable" });
    },
  );

  it("is told to be throttled where EC2 throttles a list", async () => {
    const place = await openPlace();
    addFleet(place, 3);
    place.account.platform.cloud.faults.before(({ operation }) => {
      if (operation === "DescribeInstanceStatus") {
        throw new CloudError("RequestLimitExceeded", "Request limit exceeded.", 503);
      }
    });
    await expect(read(place)).rejects.toMatchObject({ name: "RetryableThrottled" });
  });

  it("says of the one whose description lacks what EC2 always sends that it can't be read, and reads the others", async () => {
    const place = await openPlace();
    const [first = ""] = addFleet(place, 3);
    place.account.platform.cloud.faults.after(({ operation }, output) => {
      if (operation !== "DescribeInstances") return;
      const { Reservations = [] } = output as {
        Reservations?: { Instances?: { InstanceId?: string; PlatformDetails?: string }[] }[];
      };
      for (const instance of Reservations.flatMap(({ Instances = [] }) => Instances)) {
        if (instance.InstanceId === first) delete instance.PlatformDetails;
      }
    });
    const { instances, unreadable } = await read(place);
    expect(instances).toHaveLength(2);
    expect(unreadable).toMatchObject([{ id: first, failure: { error: "BrokenFacts" } }]);
  });
});
