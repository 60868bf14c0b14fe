import { describe, expect, it } from "@jest/globals";
import { loadFacts, loadOffers } from "../../../adapters/store/evaluations.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { actionsOf, atFirst, isRetirement, rich } from "../../../local/lab/scenarios.ts";

const zoneOfOriginal = ({ control, originalId }: Lab): string =>
  control.find(originalId)?.zoneId ?? "";

const allZones = ({ control }: Lab): readonly string[] =>
  control.zones(accountId, region).map(({ id }) => id);

const serve = (lab: Lab, zones: readonly string[]): void => {
  if (!zones.includes(zoneOfOriginal(lab))) lab.watch.excuse("load balancer");
  lab.platform.elb.setZones(lab.loadBalancerArn ?? "", zones);
};

/** Nothing keeps these in their zone. */
const free = {
  stateless: { consistency: "stateless", targetGroup: true },
  "stop-and-image": { consistency: "stop-and-image", targetGroup: true },
} as const satisfies Readonly<Record<string, LabOptions>>;

/** A zone in which the cheapest pool is not. */
const dearZoneFor = async (options: LabOptions): Promise<string> => {
  const lab = await createLab({ ...options, isShadowMode: true });
  const story = await lab.run();
  const cheapest = story.evaluation.verdict?.offers[0]?.zoneId;
  const other = allZones(lab).find((zone) => zone !== cheapest);
  if (cheapest === undefined || other === undefined) throw new Error("There is only one zone.");
  return other;
};

const dearZones = {
  stateless: await dearZoneFor(free.stateless),
  "stop-and-image": await dearZoneFor(free["stop-and-image"]),
};

/** An original in one zone, its load balancer there alone, and the cheapest pool in another. */
const labServedInOneZone = async (way: keyof typeof free): Promise<Lab> => {
  const zone = dearZones[way];
  const lab = await createLab({ ...free[way], instance: { zone } });
  serve(lab, [zone]);
  return lab;
};

const rejectedZones = async (lab: Lab, { evaluationId }: Ending): Promise<ReadonlySet<string>> =>
  new Set(
    ((await loadOffers(lab.table, evaluationId)) ?? [])
      .filter(({ rejection }) => rejection?.code === "ZONE_NOT_SERVED")
      .map(({ pool }) => pool.zoneId),
  );

describe.each(["stateless", "stop-and-image"] as const)(
  "the zones of a load balancer (%s)",
  (way) => {
    it("keep the replacement out of a zone that is not served, though its pools are the cheapest", async () => {
      const lab = await labServedInOneZone(way);
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      expect(lab.replacement()?.zoneId).toBe(zoneOfOriginal(lab));
      const others = allZones(lab).filter((zone) => zone !== zoneOfOriginal(lab));
      expect(await rejectedZones(lab, story)).toEqual(new Set(others));
    });

    it("stand in the facts of the verdict, and in the record as read before the freeze", async () => {
      const lab = await labServedInOneZone(way);
      const story = await lab.run();
      const loadBalancers = [{ arn: lab.loadBalancerArn, zoneIds: [zoneOfOriginal(lab)] }];
      const groups = [{ arn: lab.targetGroupArn, port: 80, loadBalancers }];
      expect(await loadFacts(lab.table, story.evaluationId)).toMatchObject({
        instance: { targetGroups: groups },
      });
      const { trafficBeforeFreeze } = story.evaluation.progress;
      expect(trafficBeforeFreeze?.targetGroups).toEqual(groups);
      expect(story.answer["progress"]).toMatchObject({
        traffic_before_freeze: {
          target_groups: [
            {
              arn: lab.targetGroupArn,
              load_balancers: [{ arn: lab.loadBalancerArn, zone_ids: [zoneOfOriginal(lab)] }],
            },
          ],
        },
      });
    });

    it("are a refusal where the original itself gets no traffic, with what to do", async () => {
      const lab = await createLab(free[way]);
      const served = allZones(lab).filter((zone) => zone !== zoneOfOriginal(lab));
      serve(lab, served);
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("REFUSED");
      expect(story.evaluation.outcome?.reason).toBe("ZONE_WITHOUT_LOAD_BALANCER");
      const { sentence = "" } = story.evaluation.outcome ?? {};
      for (const named of [lab.targetGroupArn, lab.loadBalancerArn, ...served]) {
        expect(sentence).toContain(named);
      }
      expect(sentence).toContain("enable that zone for the load balancer");
    });

    it("lost after the verdict undo the switch before the original is stopped or leaves its group", async () => {
      const lab = await labServedInOneZone(way);
      const zone = zoneOfOriginal(lab);
      atFirst(lab, "RunInstances", {
        when: "after",
        what: () => {
          serve(
            lab,
            allZones(lab).filter((each) => each !== zone),
          );
        },
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
      expect(story.evaluation.failure?.error).toBe("StaleOriginal");
      expect(story.evaluation.failure?.cause).toContain(`, not ${zone}`);
      expect(actionsOf(story)).not.toContain("StopInstances");
      expect(actionsOf(story)).not.toContain("DeregisterTargets");
    });

    it("lost where only the replacement stands are found before the original is given up", async () => {
      const zone = dearZones[way];
      const lab = await createLab({ ...free[way], instance: { zone } });
      atFirst(lab, "RunInstances", {
        when: "after",
        what: () => {
          serve(lab, [zone]);
        },
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
      expect(story.evaluation.failure?.error).toBe("StaleOriginal");
      expect(story.evaluation.failure?.cause).toContain(`serves ${zone}, not `);
      expect(actionsOf(story)).not.toContain("StopInstances");
      expect(actionsOf(story)).not.toContain("RegisterTargets");
    });

    it("that can't be read are a failure, not an absence", async () => {
      const lab = await createLab(free[way]);
      lab.watch.excuse("load balancer");
      lab.platform.elb.removeLoadBalancer(lab.loadBalancerArn ?? "");
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("DEGRADED");
      expect(story.evaluation.failure?.cause).toContain("DescribeLoadBalancers");
    });

    it("do not matter to a group that no load balancer uses: no health is waited for", async () => {
      const lab = await createLab(rich[way]);
      lab.watch.excuse("load balancer");
      lab.platform.elb.setLoadBalancer(lab.targetGroupArn ?? "", undefined);
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
    });
  },
);

describe("a load balancer that changes after the stop", () => {
  it("and cuts the replacement off is found at once: the original comes back and serves", async () => {
    const zone = dearZones["stop-and-image"];
    const lab = await createLab({ ...free["stop-and-image"], instance: { zone } });
    atFirst(lab, "StopInstances", {
      when: "after",
      what: () => {
        serve(lab, [zone]);
      },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.cause).toContain("The replacement gets no traffic");
    expect(await lab.healthOf(lab.originalId)).toBe("healthy");
  });

  it("and no longer forwards to the group has no replacement's health to wait for", async () => {
    const lab = await createLab(rich["stop-and-image"]);
    atFirst(lab, "StopInstances", {
      when: "after",
      what: () => {
        lab.platform.elb.setLoadBalancer(lab.targetGroupArn ?? "", undefined);
      },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
  });
});

describe("a relaunch after the stop", () => {
  it("takes no pool of a zone that the load balancer has lost meanwhile", async () => {
    const options = { ...free["stop-and-image"], policy: { root_transfer: "relaunch" } };
    const zone = dearZones["stop-and-image"];
    const lab = await createLab({ ...options, maxReplacements: 2, instance: { zone } });
    let lost = "";
    atFirst(lab, "StopInstances", {
      when: "after",
      what: () => {
        lost = lab.replacement()?.zoneId ?? "";
        serve(
          lab,
          allZones(lab).filter((each) => each !== lost),
        );
      },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.evaluation.progress.failedRelaunches).toMatchObject([
      { pool: { zoneId: lost }, code: "NoSubnetToLaunchInto" },
    ]);
    expect(story.swap?.replacement?.pool.zoneId).not.toBe(lost);
  });
});

describe("a roll-back", () => {
  it("takes no healthy replacement out of the group for an original that gets no traffic", async () => {
    const zone = dearZones.stateless;
    const lab = await createLab({ ...free.stateless, instance: { zone } });
    lab.platform.cloud.faults.before((call) => {
      if (!isRetirement(call) || lab.replacement() === undefined) return;
      serve(
        lab,
        allZones(lab).filter((each) => each !== zone),
      );
      throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
    });
    const story = await lab.run();
    expect(story.status).toBe("NEEDS_OPERATOR");
    expect(story.evaluation.rollbackProblem).toContain("is not healthy in");
    const served = lab.replacement()?.instanceId ?? "";
    expect(await lab.healthOf(served)).toBe("healthy");
    expect(actionsOf(story)).not.toContain("TerminateInstances");
  });
});
