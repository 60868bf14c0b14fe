import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import {
  createGroupLab,
  type GroupEnding,
  type GroupLab,
  type GroupLabOptions,
} from "../../../local/lab/group-lab.ts";
import { isMutation } from "../../../local/lab/harm.ts";
import type { FaultCall } from "../../../local/cloud/faults.ts";

const labOf = async (options: GroupLabOptions) => {
  const lab = await createGroupLab(options);
  const before = lab.group();
  if (before === undefined) throw new Error("The laboratory has no group.");
  return { ...lab, before };
};

/** Our mutating calls of that operation, before each is carried out; counted from 1. */
const atEach = (
  { platform, name }: GroupLab,
  operation: string,
  happens: (call: FaultCall, nth: number) => void,
): void => {
  const isOurs = isMutation(name.accountId);
  let seen = 0;
  platform.cloud.faults.before((call) => {
    if (call.operation !== operation || !isOurs(call)) return;
    seen += 1;
    happens(call, seen);
  });
};

interface Filtered {
  readonly Filters?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
}

describe("pairs of one batch", () => {
  it("are registered and attached by one call, of which each has its own effect and intent", async () => {
    const lab = await labOf({ size: 3, policy: { batch_size: 3 } });
    const made: string[] = [];
    for (const operation of ["RegisterTargets", "AttachInstances"]) {
      atEach(lab, operation, () => made.push(operation));
    }
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(made).toEqual(["RegisterTargets", "AttachInstances"]);
    for (const operation of made) {
      const effects = ending.effects.filter(({ action }) => action === operation);
      expect(new Set(effects.map(({ requestId }) => requestId)).size).toBe(1);
      const replaced = ending.swaps.map(({ replacement }) => replacement?.instanceId ?? "");
      expect(
        effects.map(({ swapId, resource, outcome }) => [swapId, resource.split(" ")[0], outcome]),
      ).toEqual(ending.swaps.map(({ swapId }, index) => [swapId, replaced[index], "DONE"]));
    }
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });

  it("are attached one by one where the group does not take them all: what it refuses is undone alone", async () => {
    const lab = await labOf({ size: 3, policy: { batch_size: 3 } });
    atEach(lab, "AttachInstances", (call, nth) => {
      const { InstanceIds: [first = ""] = [] } = call.input as {
        readonly InstanceIds?: readonly string[];
      };
      if (nth === 1) lab.platform.ec2.control.terminateByOwner(first);
    });
    const ending = await lab.run();
    expect(ending.status).toBe("PARTLY_SWITCHED");
    expect(ending.swaps.map(({ stage }) => stage)).toEqual(["UNDONE", "DONE", "DONE"]);
    const attaches = ending.effects.filter(({ action }) => action === "AttachInstances");
    expect(attaches.map(({ outcome }) => outcome).toSorted()).toEqual([
      "DONE",
      "DONE",
      "REFUSED",
      "REFUSED",
      "REFUSED",
      "REFUSED",
    ]);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });

  it("that were launched before EC2 throttled stand in the record, and nobody looks for them", async () => {
    const lab = await labOf({ size: 4, policy: { batch_size: 4 } });
    atEach(lab, "RunInstances", (_call, nth) => {
      if (nth === 3 || nth === 4)
        throw new CloudError("RequestLimitExceeded", "Request limit exceeded.", 503);
    });
    const soughtTokens: string[] = [];
    lab.platform.cloud.faults.before(({ operation, input }) => {
      if (operation !== "DescribeInstances") return;
      for (const { Name, Values } of (input as Filtered).Filters ?? []) {
        if (Name === "client-token") soughtTokens.push(...Values);
      }
    });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(new Set(soughtTokens).size).toBe(1);
    const launches = ending.intents.filter(({ change }) => change.kind === "LAUNCH_INSTANCE");
    expect(launches.map(({ swapId }) => swapId)).toEqual(["swap-1", "swap-2", "swap-3", "swap-4"]);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });
});

describe("max_extra_hourly_usd of the account", () => {
  const patch = async ({ account }: GroupLab, body: object): Promise<void> => {
    const path = `/accounts/${account.accountId}`;
    expect((await account.api.send({ method: "PATCH", path, body })).status).toBe(200);
  };

  it("holds for as many as a batch makes at a time, and what goes back to On-Demand at its price", async () => {
    // m5.large is $0.096 an hour On-Demand, and its like some four cents on Spot.
    const lab = await labOf({ size: 4, policy: { batch_size: 4, max_offers: 1 } });
    const runUnder = async (most: number, to?: "ON_DEMAND"): Promise<GroupEnding> => {
      await patch(lab, { max_extra_hourly_usd: most });
      return lab.run(to);
    };
    const dear = await runUnder(0.08);
    expect(dear.evaluation.postponed).toMatchObject({ reason: "PACE" });
    expect(dear.evaluation.postponed?.sentence).toContain("raise it, or this one is never made");
    expect((await runUnder(0.3)).status).toBe("SWITCHED");
    const back = await runUnder(0.3, "ON_DEMAND");
    expect(back.evaluation.postponed).toMatchObject({ reason: "PACE" });
    expect(back.evaluation.postponed?.sentence).toContain("costs $0.3840/h");
    expect((await runUnder(0.4, "ON_DEMAND")).status).toBe("FELL_BACK");
  });
});
