import { describe, expect, it } from "@jest/globals";
import { listRefusals } from "../../../adapters/store/pools.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { FaultCall } from "../../../local/cloud/faults.ts";
import { isDryRun } from "../../../local/cloud/journal.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { actionsOf, asOwner, atFirst, plain, rich } from "../../../local/lab/scenarios.ts";

const noCapacity = new CloudError(
  "InsufficientInstanceCapacity",
  "There is no Spot capacity available that matches your request.",
  500,
);

const isLaunch = ({ service, operation, input }: FaultCall): boolean =>
  operation === "RunInstances" && !isDryRun(service, input);

const unlaunched: LabOptions = { ...plain, undisturbedUntil: { calls: "RunInstances" } };

const empty = (lab: Lab, count: number, error = noCapacity): void => {
  let refused = 0;
  lab.platform.cloud.faults.before((call) => {
    if (!isLaunch(call) || refused >= count) return;
    refused += 1;
    throw error;
  });
};

describe("a launch that EC2 has no room for", () => {
  it("in the first three pools takes the fourth, and the record has the three", async () => {
    const lab = await createLab(unlaunched);
    empty(lab, 3);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    const { failed, replacement } = story.swap ?? {};
    const offers = story.evaluation.verdict?.offers ?? [];
    expect(failed?.map(({ pool }) => pool)).toEqual(offers.slice(0, 3));
    expect(failed?.map(({ code }) => code)).toEqual(
      Array.from({ length: 3 }, () => "InsufficientInstanceCapacity"),
    );
    expect(replacement?.pool).toEqual(offers[3]);
    const refused = story.effects.filter(({ outcome }) => outcome === "REFUSED");
    expect(refused.map(({ action }) => action)).toEqual(
      Array.from({ length: 3 }, () => "RunInstances"),
    );
    // Against the pool that was taken, not the one that was wished for.
    const { monthlyUsd = 0 } = story.evaluation.estimatedSavings ?? {};
    expect(monthlyUsd).toBeLessThanOrEqual(story.evaluation.verdict?.savings?.monthlyUsd ?? 0);
  });

  it("is remembered for every evaluation to come: the next one finds those pools risky", async () => {
    const lab = await createLab(unlaunched);
    empty(lab, Infinity);
    const first = await lab.run();
    const refused = await listRefusals(lab.platform.table, {
      region,
      since: "2000-01-01T00:00:00Z",
    });
    expect(refused.map(({ zoneId, instanceType }) => ({ zoneId, instanceType }))).toEqual(
      (first.evaluation.verdict?.offers ?? []).map(({ zoneId, instanceType }) => ({
        zoneId,
        instanceType,
      })),
    );
    expect(refused.length).toBeGreaterThan(0);
    const second = await lab.run();
    const again = second.evaluation.verdict?.offers ?? [];
    expect(again).not.toEqual(first.evaluation.verdict?.offers);
  });

  it.each([
    ["Unsupported", "The requested configuration is not supported."],
    ["UnsupportedOperation", "The instance type does not support what was asked for."],
    [
      "InvalidParameterCombination",
      "Placement groups may not be used with instances of type 'm5a.large'.",
    ],
    ["InvalidPlacementGroup.Unknown", "The Placement Group is unknown."],
  ])("for %s takes the next pool, and is not remembered", async (code, message) => {
    const lab = await createLab(unlaunched);
    empty(lab, 1, new CloudError(code, message));
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.swap?.failed).toMatchObject([{ kind: "UNSUITABLE", code }]);
    const since = "2000-01-01T00:00:00Z";
    expect(await listRefusals(lab.platform.table, { region, since })).toEqual([]);
  });

  it("in any pool stays, says what each answered, and takes its image away again", async () => {
    const lab = await createLab(unlaunched);
    empty(lab, Infinity);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("STAYED");
    expect(story.executionStatus).toBe("SUCCEEDED");
    expect(story.evaluation.outcome?.reason).toBe("NO_CAPACITY_IN_ANY_OFFER");
    for (const { instanceType } of story.evaluation.verdict?.offers ?? []) {
      expect(story.evaluation.outcome?.sentence).toContain(instanceType);
    }
    expect(actionsOf(story)).toContain("DeregisterImage");
    expect(story.original?.state).toBe("running");
  });

  it("in any pool for the relaunch starts the original again", async () => {
    const lab = await createLab(rich.relaunch);
    let launches = 0;
    lab.platform.cloud.faults.before((call) => {
      if (!isLaunch(call)) return;
      launches += 1;
      if (launches > 1) throw new CloudError("InsufficientInstanceCapacity", "None.", 500);
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.outcome?.reason).toBe("NO_CAPACITY_IN_ANY_OFFER");
  });

  it("for want of quota asks no other pool of that class, and stays", async () => {
    const lab = await createLab(unlaunched);
    lab.control.setQuota({ accountId, purchase: "spot", quotaClass: "Standard", vcpus: 0 });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("STAYED");
    expect(story.evaluation.outcome?.sentence).toContain("MaxSpotInstanceCountExceeded");
    expect(actionsOf(story).filter((action) => action === "RunInstances")).toHaveLength(1);
  });

  it("for want of addresses takes another subnet of the zone, with the blueprint read once", async () => {
    // A data volume keeps it in its zone.
    const lab = await createLab({ ...plain, policy: { max_offers: 1 } });
    const zone = lab.control.find(lab.originalId)?.zoneId ?? "";
    const egress = "internet-gateway";
    lab.control.addSubnet({ accountId, region, zone, egress, mapPublicIp: true });
    const subnets = new Set<string>();
    let blueprints = 0;
    lab.platform.cloud.faults.before((call) => {
      const { input } = call;
      const { Attribute } = input as { readonly Attribute?: string };
      if (Attribute === "userData") blueprints += 1;
      if (!isLaunch(call)) return;
      const { NetworkInterfaces: [first] = [], SubnetId } = input as {
        readonly NetworkInterfaces?: readonly { readonly SubnetId?: string }[];
        readonly SubnetId?: string;
      };
      subnets.add(first?.SubnetId ?? SubnetId ?? "");
      if (subnets.size === 1) {
        throw new CloudError(
          "InsufficientFreeAddressesInSubnet",
          "There are not enough free addresses.",
        );
      }
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(subnets.size).toBe(2);
    expect(blueprints).toBe(1);
  });
});

describe("a replacement that does not prove itself", () => {
  it.each(["system", "instance", "attachedEbs"] as const)(
    "by its %s check is given up, and the original never noticed",
    async (check) => {
      const lab = await createLab({
        ...rich["stop-and-image"],
        undisturbedUntil: { calls: "RunInstances" },
      });
      lab.control.failChecks((instance) => instance.lifecycle === "spot", check);
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
      expect(story.evaluation.failure?.error).toBe("BrokenReplacement");
      expect(new Set(lab.watch.moments.map(({ original }) => original))).toEqual(
        new Set(["running"]),
      );
      expect(story.evaluation.downtimeSeconds).toBeUndefined();
    },
  );

  it("because it boots to its end is given up, with EC2's reason", async () => {
    const lab = await createLab(unlaunched);
    lab.control.failBoots((instance) => instance.lifecycle === "spot");
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.cause).toContain("Client.InternalError");
  });

  it("because its application never answers the load balancer is given up", async () => {
    const lab = await createLab({
      ...rich["stop-and-image"],
      undisturbedUntil: { calls: "RegisterTargets" },
    });
    lab.platform.cloud.faults.before(({ operation }) => {
      const replacement = lab.replacement();
      if (operation !== "RegisterTargets" || replacement === undefined) return;
      lab.platform.elb.setApplicationHealthy(replacement.instanceId, false);
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.error).toBe("BrokenDeadline");
    expect(story.evaluation.failure?.cause).toContain("unhealthy");
  });
});

describe("a replacement in a target group", () => {
  /** The group's load balancer at the first registration: while it is so, the original is what serves. */
  const atRegistration = async (happens: (lab: Lab) => void): Promise<[Lab, Ending]> => {
    const lab = await createLab({
      consistency: "stateless",
      targetGroup: true,
      undisturbedUntil: { calls: "RegisterTargets" },
    });
    atFirst(lab, "RegisterTargets", {
      when: "before",
      what: () => {
        happens(lab);
      },
    });
    return [lab, await lab.run()];
  };

  it("to which nothing is sent does not stand for an original that gets traffic: it is given up", async () => {
    const [lab, story] = await atRegistration(
      ({ platform, control, originalId, loadBalancerArn }) => {
        platform.elb.setZones(loadBalancerArn ?? "", [control.find(originalId)?.zoneId ?? ""]);
      },
    );
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.cause).toContain("The replacement gets no traffic");
    expect(await lab.membersOf(lab.targetGroupArn ?? "")).toEqual([lab.originalId]);
  });

  it("to which nothing is sent has no health to wait for where the original gets none either", async () => {
    const [lab, story] = await atRegistration(({ platform, targetGroupArn, watch }) => {
      watch.excuse("load balancer");
      platform.elb.setLoadBalancer(targetGroupArn ?? "", undefined);
    });
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
  });

  it("that its owner terminates meanwhile is given up, and the original never left the group", async () => {
    const lab = await createLab(rich.stateless);
    atFirst(lab, "RegisterTargets", {
      when: "after",
      what: async () => {
        const replacement = lab.replacement();
        if (replacement === undefined) throw new Error("There is no replacement to stop.");
        lab.watch.excuse("replacement");
        await asOwner(lab)("TerminateInstances", { InstanceIds: [replacement.instanceId] });
      },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(await lab.membersOf(lab.targetGroupArn ?? "")).toEqual([lab.originalId]);
  });
});

describe("an image", () => {
  it("that never comes is given up at its deadline, and nothing is left of it", async () => {
    const lab = await createLab({ policy: { image_deadline_minutes: 30 } });
    lab.control.stallImages(() => true);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.error).toBe("BrokenDeadline");
    expect(story.evaluation.failure?.cause).toContain("image_deadline_minutes");
  });

  it("of the stopped original that never comes starts the original again", async () => {
    const lab = await createLab({ ...plain, policy: { image_deadline_minutes: 30 } });
    lab.control.stallImages((image) => image.name.endsWith("-final"));
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(actionsOf(story)).toContain("StartInstances");
  });

  it.each(["warm", "final"])("that EC2 fails to make (%s) is given up", async (purpose) => {
    const lab = await createLab(plain);
    lab.control.failImages((image) => image.name.endsWith(`-${purpose}`));
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.error).toBe("BrokenRequest");
  });
});
