import { describe, expect, it } from "@jest/globals";
import type { Run } from "../../../local/cloud/ssm/commands.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { harmCall } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLabLost, region, type LabOptions } from "../../../local/lab/lab.ts";
import { atFirst, lossy, richOnSpot, throwKillSwitch } from "../../../local/lab/scenarios.ts";
import { enrolled } from "../../../local/platform/customer-group.ts";
import { doubtful } from "../fail-each-call.ts";
import { pass } from "./recovery-lab.ts";

const quiesce = { kind: "before_freeze", document: "quiesce-database", seconds: 60 };
const withData = richOnSpot["stop-and-image"];

interface Warned {
  readonly lab: Lab;
  /** Seconds from the notice until the hook began to run on the doomed one. */
  readonly ran: readonly number[];
  /** Seconds from the notice until that instance was asked to end by us; undefined: it was not. */
  readonly endedByUs: () => number | undefined;
}

interface How {
  readonly options?: LabOptions;
  /** Of the instance, at the notice. Default: 1. */
  readonly ageHours?: number;
  readonly run?: () => Run;
  readonly hasAgent?: boolean;
}

const warn = async ({ options = withData, ageHours = 1, run, hasAgent = true }: How = {}) => {
  const ageSeconds = ageHours * 3_600;
  const lab = await createLabLost(options, { noticeSeconds: 120, rebalanceSeconds: ageSeconds });
  await pass(lab, ageSeconds * 1000);
  const noticedMs = lab.clock.now();
  const seconds = (): number => (lab.clock.now() - noticedMs) / 1000;
  const ran: number[] = [];
  if (hasAgent) lab.platform.ssm.installAgents(accountId);
  lab.platform.ssm.addDocument({
    accountId,
    region,
    name: quiesce.document,
    tags: enrolled,
    run: (instanceId) => {
      if (instanceId === lab.originalId) ran.push(seconds());
      return run?.() ?? { exitCode: 0, lastsMs: 2_000 };
    },
  });
  const policy_overrides = {
    consistency: options.consistency,
    accept_change_of: ["primary-private-ip"],
    hooks: [quiesce],
  };
  const path = `/lab/instances/${lab.targetId}`;
  expect((await lab.send("PATCH", path, { policy_overrides })).status).toBe(200);
  let ended: number | undefined;
  lab.platform.cloud.faults.after(({ operation, input }) => {
    const { InstanceIds: ids = [] } = input as { readonly InstanceIds?: readonly string[] };
    if (operation === "TerminateInstances" && ids.includes(lab.originalId)) ended ??= seconds();
  });
  return { lab, ran, endedByUs: () => ended } satisfies Warned;
};

const expectRecovered = async (lab: Lab, story: Ending): Promise<void> => {
  expect(await complaintsAbout(lab, story)).toEqual([]);
  expect(story.status).toBe("SWITCHED");
};

const downtimeOf = ({ evaluation }: Ending): number => evaluation.downtimeSeconds ?? Infinity;

/** From the hook, which stops it from serving, until its successor serves. */
const quietSeconds = ({ evaluation }: Ending, ran: Warned["ran"]): number => {
  const { takenAt = "", servingAt = "" } = evaluation.progress;
  return (Date.parse(servingAt) - Date.parse(takenAt)) / 1000 + 120 - (ran[0] ?? 0);
};

describe("the hook before the freeze, on an instance with data that EC2 takes back", () => {
  it("runs once its host is proved, and the instance is ended at once: no second is lost until EC2 does", async () => {
    const { lab, ran, endedByUs } = await warn();
    const story = await lab.run();
    await expectRecovered(lab, story);
    expect(ran).toHaveLength(1);
    expect(ran[0]).toBeLessThan(75);
    expect(endedByUs()).toBeLessThan(90);
    expect(endedByUs()).toBeGreaterThan(ran[0] ?? Infinity);
    expect(story.evaluation.hooks).toMatchObject([
      { hook: "before_freeze", instanceId: lab.originalId, hasSucceeded: true },
    ]);
    expect(quietSeconds(story, ran)).toBeLessThan(100);
  });

  it("runs half a minute before the end in its first hour, which EC2 bills only where we end it", async () => {
    const { lab, ran, endedByUs } = await warn({ ageHours: 0.5 });
    const story = await lab.run();
    await expectRecovered(lab, story);
    expect(ran).toHaveLength(1);
    expect(ran[0]).toBeGreaterThanOrEqual(90);
    expect(ran[0]).toBeLessThan(100);
    expect(endedByUs()).toBeUndefined();
    expect(quietSeconds(story, ran)).toBeGreaterThan(100);
  });

  it("runs half a minute before the end where the host is not proved by then", async () => {
    const options = { ...withData, settings: { checksMs: 200_000 } };
    const { lab, ran, endedByUs } = await warn({ options });
    const story = await lab.run();
    await expectRecovered(lab, story);
    expect(ran[0]).toBeGreaterThanOrEqual(90);
    expect(ran[0]).toBeLessThan(105);
    expect(endedByUs()).toBeUndefined();
  });

  const failing: readonly (readonly [string, How, string])[] = [
    ["fails", { run: () => ({ exitCode: 3 }) }, "exit code 3"],
    ["does not end", { run: () => ({ exitCode: 0, lastsMs: 3_600_000 }) }, "before_freeze"],
    ["cannot run, for no agent answers", { hasAgent: false }, "was not run"],
  ];
  it.each(failing)(
    "that %s neither ends the instance nor delays the recovery, and the record says so",
    async (_name, how, words) => {
      const without = await createLabLost(withData, { noticeSeconds: 120 });
      const undisturbed = downtimeOf(await without.run());
      const { lab, endedByUs } = await warn(how);
      const story = await lab.run();
      await expectRecovered(lab, story);
      expect(endedByUs()).toBeUndefined();
      expect(story.evaluation.outcome?.sentence).toContain(words);
      // The longest time between two looks; what EC2 takes is drawn.
      expect(downtimeOf(story)).toBeLessThan(undisturbed + 15);
    },
  );

  const calls = ["SendCommand", "TerminateInstances"] as const;
  const cases = calls.flatMap((operation) => doubtful.map((harm) => ({ operation, harm })));
  it.each(cases)("survives $harm of $operation", async ({ operation, harm }) => {
    const { lab, ran } = await warn();
    harmCall(lab.platform, { harm, nth: 1, matches: (call) => call.operation === operation });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(ran.length).toBeLessThanOrEqual(1);
  });

  it("is followed by no call that ends it where the kill switch was thrown", async () => {
    const { lab, endedByUs } = await warn();
    atFirst(lab, "SendCommand", { when: "after", what: () => throwKillSwitch(lab) });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(endedByUs()).toBeUndefined();
    expect(story.status).toBe("ROLLED_BACK");
  });
});

describe("the same hook of a load without data", () => {
  it("runs once its successor is proved with its identity, and before the end", async () => {
    const instance = { ...lossy.instance, secondaryInterfaces: 0, elasticIpOnSecondary: false };
    const { lab, ran, endedByUs } = await warn({ options: { ...lossy, instance } });
    const story = await lab.run();
    await expectRecovered(lab, story);
    expect(ran).toHaveLength(1);
    expect(ran[0]).toBeLessThan(120);
    expect(endedByUs()).toBeUndefined();
    expect(story.evaluation.hooks).toMatchObject([{ hasSucceeded: true }]);
  });
});
