import { describe, expect, it } from "@jest/globals";
import { noticeMs } from "../../../core/model/spot-status.ts";
import type { FaultCall } from "../../../local/cloud/faults.ts";
import type { Run } from "../../../local/cloud/ssm/commands.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLabLost, region, type LabOptions } from "../../../local/lab/lab.ts";
import { actionsOf, atFirst, throwKillSwitch } from "../../../local/lab/scenarios.ts";
import { healthyHolder } from "../../../local/lab/service.ts";
import { enrolled } from "../../../local/platform/customer-group.ts";
import { evaluationsOf, minuteMs, pass, sweep, targetOf } from "./recovery-lab.ts";

/** An Elastic IP, and nothing that hangs on the Spot Instance until its end; EC2's checks take as long as AWS's do. */
const single = {
  consistency: "stateless",
  settings: { checksMs: 150_000, bootMs: 20_000 },
} as const satisfies LabOptions;
const balanced = { ...single, targetGroup: true } as const satisfies LabOptions;

const host = "shop.example.com";
const http = { kind: "http", url: `https://${host}/health` };
const document = { kind: "ssm-document", document: "prove-application", seconds: 60 };

interface Noticed {
  readonly lab: Lab;
  /** Seconds from the notice until the call was made; undefined: it was not. */
  readonly secondsUntil: (operation: string) => number | undefined;
}

/** @param seconds after which EC2 ends what it has announced to end in two minutes */
const notice = async (options: LabOptions, seconds = noticeMs / 1000): Promise<Noticed> => {
  const lab = await createLabLost(options, { noticeSeconds: seconds });
  const noticedMs = lab.clock.now();
  const made = new Map<string, number>();
  lab.platform.cloud.faults.after(({ operation, caller }: FaultCall) => {
    if (caller.accountId === accountId && !made.has(operation)) {
      made.set(operation, (lab.clock.now() - noticedMs) / 1000);
    }
  });
  return { lab, secondsUntil: (operation) => made.get(operation) };
};

const prove = async (lab: Lab, proof: object): Promise<void> => {
  const path = `/lab/instances/${lab.targetId}`;
  const policy_overrides = {
    consistency: "stateless",
    accept_change_of: ["primary-private-ip"],
    proof: [proof],
  };
  expect((await lab.send("PATCH", path, { policy_overrides })).status).toBe(200);
};

const addDocument = async (lab: Lab, run: () => Run): Promise<void> => {
  lab.platform.ssm.installAgents(accountId);
  const { document: name } = document;
  lab.platform.ssm.addDocument({ accountId, region, name, tags: enrolled, run });
  await prove(lab, document);
};

/** As its clients find it behind the Elastic IP. */
const serve = async (lab: Lab): Promise<void> => {
  const [allocationId = ""] = lab.watch.allocationIds;
  lab.platform.network.serve(host, () =>
    healthyHolder(lab.account, allocationId) === undefined ? undefined : 200,
  );
  await prove(lab, http);
};

const unservedSeconds = ({ watch }: Lab, { evaluation: { startedAt, endedAt = "" } }: Ending) =>
  watch.unserved.secondsIn({ fromMs: Date.parse(startedAt), toMs: Date.parse(endedAt) });

const expectSwitched = async (lab: Lab, story: Ending): Promise<void> => {
  expect(story.status).toBe("SWITCHED");
  expect(await complaintsAbout(lab, story)).toEqual([]);
};

describe("a stateless load whose end EC2 has announced", () => {
  it("is proved by its load balancer, has its address long before the end, and is not down", async () => {
    const { lab, secondsUntil } = await notice(balanced);
    const story = await lab.run();
    await expectSwitched(lab, story);
    expect(secondsUntil("RegisterTargets")).toBeLessThan(45);
    expect(secondsUntil("AssociateAddress")).toBeLessThan(60);
    expect(unservedSeconds(lab, story)).toBe(0);
    expect(story.evaluation.downtimeSeconds).toBe(0);
    // The record is closed once EC2's checks have passed, too.
    const { startedAt, endedAt = "" } = story.evaluation;
    expect(Date.parse(endedAt) - Date.parse(startedAt)).toBeGreaterThan(150_000);
  });

  it("is given neither an address nor anything else while its load balancer does not find it healthy", async () => {
    const { lab, secondsUntil } = await notice(balanced);
    atFirst(lab, "RegisterTargets", {
      when: "before",
      what: () => {
        lab.platform.elb.setApplicationHealthy(lab.replacement()?.instanceId ?? "", false);
      },
    });
    lab.clock.schedule(lab.clock.now() + 90_000, () => {
      lab.platform.elb.setApplicationHealthy(lab.replacement()?.instanceId ?? "", true);
    });
    const story = await lab.run();
    await expectSwitched(lab, story);
    expect(secondsUntil("AssociateAddress")).toBeGreaterThan(90);
    expect(unservedSeconds(lab, story)).toBe(0);
    expect(story.evaluation.downtimeSeconds).toBe(0);
  });

  it("is proved by its owner's document before it has the address", async () => {
    const { lab, secondsUntil } = await notice(single);
    await addDocument(lab, () => ({ exitCode: 0, lastsMs: 2_000 }));
    const story = await lab.run();
    await expectSwitched(lab, story);
    expect(secondsUntil("AssociateAddress")).toBeLessThan(70);
    expect(story.evaluation.downtimeSeconds).toBe(0);
  });

  it("is not given the address while that document fails, also after the end", async () => {
    const { lab, secondsUntil } = await notice(single);
    let isWell = false;
    await addDocument(lab, () => ({ exitCode: isWell ? 0 : 1 }));
    lab.clock.schedule(lab.clock.now() + 140_000, () => {
      isWell = true;
    });
    const story = await lab.run();
    await expectSwitched(lab, story);
    expect(secondsUntil("AssociateAddress")).toBeGreaterThan(140);
    expect(story.evaluation.downtimeSeconds).toBeGreaterThan(20);
  });

  it("gets its address in the last ten seconds where nothing can prove it before, and is proved there at once", async () => {
    const { lab, secondsUntil } = await notice(single);
    await serve(lab);
    const story = await lab.run();
    await expectSwitched(lab, story);
    const second = secondsUntil("AssociateAddress");
    expect(second).toBeGreaterThanOrEqual(110);
    expect(second).toBeLessThan(120);
    expect(unservedSeconds(lab, story)).toBe(0);
    expect(story.evaluation.downtimeSeconds ?? 99).toBeLessThan(5);
  });

  it("counts as down until EC2's checks have passed where nothing else says that it serves", async () => {
    const { lab, secondsUntil } = await notice(single);
    const story = await lab.run();
    await expectSwitched(lab, story);
    expect(secondsUntil("AssociateAddress")).toBeLessThan(120);
    expect(unservedSeconds(lab, story)).toBe(0);
    expect(story.evaluation.downtimeSeconds).toBeGreaterThan(40);
  });

  it("gets it as soon as the one that EC2 takes has ended, though that is earlier than announced", async () => {
    const { lab, secondsUntil } = await notice(single, 39);
    await serve(lab);
    const story = await lab.run();
    await expectSwitched(lab, story);
    expect(secondsUntil("AssociateAddress")).toBeLessThan(60);
  });

  it("gets it as soon as the replacement runs where EC2 gave no notice", async () => {
    const lab = await createLabLost(single);
    await serve(lab);
    const beganMs = lab.clock.now();
    const story = await lab.run();
    await expectSwitched(lab, story);
    const { servingAt = "" } = story.evaluation.progress;
    expect(Date.parse(servingAt) - beganMs).toBeLessThan(60_000);
  });
});

describe("a replacement that has taken over before EC2's checks have passed", () => {
  const lost: readonly (readonly [string, (lab: Lab, instanceId: string) => void])[] = [
    [
      "fails them",
      ({ control }, instanceId) => {
        control.failChecks(({ id }) => id === instanceId, "instance");
      },
    ],
    [
      "is taken back itself",
      ({ control }, instanceId) => {
        control.interrupt(instanceId, { noticeSeconds: 0 });
      },
    ],
  ];

  it.each(lost)("and %s is given up, and the load is recovered again", async (_name, harm) => {
    const { lab } = await notice(single);
    let isHarmed = false;
    lab.platform.cloud.faults.after(({ operation }) => {
      if (operation !== "AssociateAddress" || isHarmed) return;
      isHarmed = true;
      lab.watch.excuse("replacement");
      harm(lab, lab.replacement()?.instanceId ?? "");
    });
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.replacements.every(({ state }) => state === "terminated")).toBe(true);
    await pass(lab, 15 * minuteMs);
    await sweep(lab, 40 * minuteMs);
    expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
    const { instanceId = "" } = (await targetOf(lab)) ?? {};
    expect(lab.control.find(instanceId)?.allocationIds).toEqual([...lab.watch.allocationIds]);
  });

  it("is given nothing by the kill switch that is thrown before it has the address", async () => {
    const { lab } = await notice(single);
    atFirst(lab, "RunInstances", { when: "after", what: () => throwKillSwitch(lab) });
    const story = await lab.run();
    expect(actionsOf(story)).not.toContain("AssociateAddress");
    expect(story.status).toBe("ROLLED_BACK");
  });
});
