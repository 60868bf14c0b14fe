import { describe, expect, it } from "@jest/globals";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { actionsOf, atFirst, isRetirement, rich } from "../../../local/lab/scenarios.ts";

const stateless = { consistency: "stateless", targetGroup: true } as const;

/** Seconds from the first call of one name to the first one of the other after it. */
const secondsBetween = ({ effects }: Ending, from: string, to: string): number => {
  const begun = effects.find(({ action }) => action === from)?.at ?? "";
  const ended = effects.find(({ action, at }) => action === to && at > begun)?.at ?? "";
  return (Date.parse(ended) - Date.parse(begun)) / 1000;
};

/** All has moved by then. */
const refuseStop = (lab: Lab): void => {
  atFirst(lab, "StopInstances", {
    when: "before",
    what: () => {
      throw refusals.unauthorized();
    },
  });
};

/** The owner puts the original into the target group again. */
const registerAgain = async (lab: Lab): Promise<void> => {
  const { cloud } = lab.platform;
  const { accessKeyId } = cloud.identities.addUser({ accountId, name: "administrator" });
  const input = { TargetGroupArn: lab.targetGroupArn, Targets: [{ Id: lab.originalId, Port: 80 }] };
  const service = "elasticloadbalancing";
  await cloud.call({ service, operation: "RegisterTargets", region, accessKeyId, input });
};

const inAMinute = ({ clock }: Lab, happens: () => void | Promise<void>): void => {
  clock.schedule(clock.now() + 60_000, happens);
};

describe.each([0, 300, 3600])("a stateless load whose target group drains for %i s", (delay) => {
  const options: LabOptions = { ...rich.stateless, deregistrationDelaySeconds: delay };

  it("has its original stopped once that has drained, and its addresses moved before", async () => {
    const lab = await createLab(options);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.evaluation.downtimeSeconds).toBeUndefined();
    const drained = secondsBetween(story, "DeregisterTargets", "StopInstances");
    expect(drained).toBeGreaterThanOrEqual(delay);
    expect(drained).toBeLessThan(delay + 90);
    expect(secondsBetween(story, "DeregisterTargets", "AssociateAddress")).toBeLessThan(30);
  });

  it("has its replacement terminated by a roll-back once that has drained", async () => {
    const lab = await createLab(options);
    refuseStop(lab);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    // Last of all our claim is taken from the original.
    const [left, ended, freed] = story.effects.slice(-3);
    expect([left, ended, freed].map((effect) => effect?.action)).toEqual([
      "DeregisterTargets",
      "TerminateInstances",
      "DeleteTags",
    ]);
    const drained = (Date.parse(ended?.at ?? "") - Date.parse(left?.at ?? "")) / 1000;
    expect(drained).toBeGreaterThanOrEqual(delay);
    expect(drained).toBeLessThan(delay + 90);
  });
});

describe("a stateless load that drains", () => {
  it("comes back to its original at once when its replacement is lost meanwhile", async () => {
    const lab = await createLab({ ...stateless, deregistrationDelaySeconds: 3600 });
    atFirst(lab, "DeregisterTargets", {
      when: "after",
      what: () => {
        lab.watch.excuse("replacement");
        lab.control.interrupt(lab.replacement()?.instanceId ?? "", { noticeSeconds: 120 });
      },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(actionsOf(story)).not.toContain("StopInstances");
    expect(await lab.healthOf(lab.originalId)).toBe("healthy");
    // EC2 ends the replacement: its drain of an hour is not waited for.
    const { startedAt, endedAt = "" } = story.evaluation;
    expect(Date.parse(endedAt) - Date.parse(startedAt)).toBeLessThan(1_800_000);
  });

  it("is not stopped where its owner has registered it again", async () => {
    const lab = await createLab({ ...stateless, deregistrationDelaySeconds: 300 });
    atFirst(lab, "DeregisterTargets", {
      when: "after",
      what: () => {
        inAMinute(lab, () => registerAgain(lab));
      },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.cause).toContain("Somebody registered");
    expect(actionsOf(story)).not.toContain("StopInstances");
  });

  it("is stopped at once where its owner has deleted the target group meanwhile", async () => {
    const lab = await createLab({ ...stateless, deregistrationDelaySeconds: 3600 });
    atFirst(lab, "DeregisterTargets", {
      when: "after",
      what: () => {
        inAMinute(lab, () => {
          lab.platform.elb.removeTargetGroup(lab.targetGroupArn ?? "");
        });
      },
    });
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    expect(secondsBetween(story, "DeregisterTargets", "StopInstances")).toBeLessThan(180);
  });
});

describe("a stateful load in a target group", () => {
  const options: LabOptions = { ...rich["stop-and-image"], deregistrationDelaySeconds: 3600 };

  it("is not kept waiting by the drain of its stopped original", async () => {
    const lab = await createLab(options);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.evaluation.downtimeSeconds).toBeLessThan(300);
    expect(secondsBetween(story, "DeregisterTargets", "CreateTags")).toBeLessThan(60);
    expect(story.original?.tags["spot-optimizer:retire-after"]).toBeDefined();
  });

  it("has no replacement that goes on taking writes: a failing one ends before the original starts", async () => {
    const lab = await createLab(options);
    atFirst(lab, isRetirement, {
      when: "before",
      what: () => {
        lab.control.failChecks(({ lifecycle }) => lifecycle === "spot", "system");
        throw refusals.unauthorized();
      },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    const order = actionsOf(story).filter((action) => /Terminate|StartInstances/.test(action));
    expect(order).toEqual(["TerminateInstances", "StartInstances"]);
    // The drain of an hour is not waited for.
    expect(secondsBetween(story, "DeleteTags", "StartInstances")).toBeLessThan(180);
  });
});
