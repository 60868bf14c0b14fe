import { describe, expect, it } from "@jest/globals";
import { readGroup } from "../../../../adapters/aws/autoscaling/group.ts";
import { readPlace } from "../../../../adapters/aws/fleet/read-place.ts";
import { getAccount } from "../../../../adapters/store/accounts.ts";
import type { BulkGroup, PlaceReading } from "../../../../core/model/place-reading.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import {
  addGroup,
  enrolled,
  type GroupDescription,
} from "../../../../local/platform/customer-group.ts";
import {
  accountId,
  addFleet,
  openPlace,
  region,
  startMs,
  type PlaceAccount,
} from "./place-account.ts";

const read = ({ clients }: PlaceAccount): Promise<PlaceReading> =>
  readPlace(clients, { accountId, region, now: new Date(startMs), takesGroups: true });

const groupsOf = ({ groups }: PlaceReading): readonly BulkGroup[] => {
  if (groups.kind === "READ") return groups.items;
  throw new Error("The groups were not read.");
};

/** What the workflow reads of the group, without what no list tells. */
const readAlone = async ({ account }: PlaceAccount, asgName: string) => {
  const registered = await getAccount(account.table, accountId);
  if (registered === undefined) throw new Error("The account is not registered.");
  const { functions } = account.platform;
  const context = functions.contextOf("cluster-check-group");
  const clients = await context.customer(registered, region, "test");
  const reading = await readGroup(clients, { asgName, accountId, region, linearTargets: [] });
  const {
    hooks: _hooks,
    refreshes: _refreshes,
    activities: _activities,
    alarmsInBreach: _breaches,
    stack: _stack,
    traffic: _traffic,
    placementGroup: _placement,
    linearTargets: _targets,
    ...rest
  } = reading?.facts ?? {};
  return rest;
};

const descriptions: readonly GroupDescription[] = [
  { name: "web", tags: enrolled },
  { name: "batch", isBehindLoadBalancer: false, size: 2, zones: 1 },
  { name: "ring", member: { placementGroup: "near", keyName: "ops" }, size: 1 },
  { name: "old", definition: { MaxInstanceLifetime: 86_400 } },
];

describe("the groups of a place", () => {
  it("are each what a reading of it alone shows, but for what no list tells", async () => {
    const place = await openPlace();
    for (const description of descriptions) addGroup(place.account, description);
    const found = groupsOf(await read(place));
    expect(found.map(({ asgName }) => asgName).toSorted()).toEqual(["batch", "old", "ring", "web"]);
    for (const { trafficSources, placementGroupName, ...group } of found) {
      expect(group).toEqual(await readAlone(place, group.asgName));
      expect(trafficSources).toHaveLength(group.asgName === "batch" ? 0 : 1);
      expect(placementGroupName === undefined || placementGroupName === "near").toBe(true);
    }
  });

  it("take six calls more than a place without any, and so few with 30 groups", async () => {
    const place = await openPlace({ pageSize: 1000 });
    for (let index = 0; index < 30; index += 1) {
      addGroup(place.account, { name: `group-${String(index)}`, size: 1 });
    }
    addFleet(place, 20);
    const before = place.calls().length;
    expect(groupsOf(await read(place))).toHaveLength(30);
    const made = place.calls().slice(before);
    expect(made.length).toBeLessThanOrEqual(15);
    expect(made).toEqual(
      expect.arrayContaining([
        "DescribeAccountSettings",
        "DescribeAutoScalingGroups",
        "DescribeLaunchTemplateVersions",
        "DescribePolicies",
        "DescribeScheduledActions",
      ]),
    );
  });

  it.each(["DescribeAutoScalingGroups", "DescribePolicies", "DescribeLaunchTemplateVersions"])(
    "are not read where %s fails, and instances are all the same",
    async (operation) => {
      const place = await openPlace();
      addGroup(place.account, {});
      addFleet(place, 2);
      place.account.platform.cloud.faults.before((call) => {
        if (call.operation === operation)
          throw new CloudError("ServerException", "Try again.", 500);
      });
      const { groups, instances } = await read(place);
      expect(groups).toMatchObject({ kind: "FAILED", failure: { error: "RetryableUnavailable" } });
      expect(instances).toHaveLength(6);
    },
  );
});
