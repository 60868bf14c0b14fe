import { describe, expect, it } from "@jest/globals";
import { getTarget } from "../../../adapters/store/targets.ts";
import { readSwitching, updateSwitching } from "../../../adapters/store/switching.ts";
import { accountIdSchema, evaluationIdSchema, targetIdSchema } from "../../../core/model/ids.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab } from "../../../local/lab/lab.ts";
import {
  actionsOf,
  asOwner,
  atFirst,
  letSwitchesBegin,
  throwKillSwitch,
} from "../../../local/lab/scenarios.ts";
import { addWorkload, register, startEvaluation } from "../../../local/lab/subject.ts";

const account = accountIdSchema.parse(accountId);
const switchingOf = (lab: Lab) => readSwitching(lab.table, account);

const patchAccount = async (lab: Lab, body: object): Promise<void> => {
  const { status } = await lab.send("PATCH", `/accounts/${accountId}`, body);
  expect(status).toBe(200);
};

const addNeighbour = (lab: Lab): Promise<string> => {
  const instance = addWorkload(lab.account, { instanceType: "m5.large", elasticIp: true });
  return register(lab.account, instance, {
    isShadowMode: false,
    policyOverrides: { accept_change_of: ["primary-private-ip"] },
  });
};

/** Two that are asked for at the same time. */
const both = async (lab: Lab) => {
  const neighbour = await addNeighbour(lab);
  const [mine, theirs] = await Promise.all(
    [lab.targetId, neighbour].map((id) => startEvaluation(lab.account, id)),
  );
  const stories = [];
  for (const started of [mine, theirs]) {
    stories.push(await lab.finish(evaluationIdSchema.parse(started?.evaluation_id)));
  }
  return { neighbour, stories };
};

const endings = (stories: Awaited<ReturnType<typeof both>>["stories"]) =>
  stories.map(({ evaluation }) => evaluation.outcome?.reason).toSorted();

describe("two switches at a time", () => {
  it("are one on the first day: the other stays, and is due at the next sweep", async () => {
    const lab = await createLab({ maxReplacements: 2 });
    const { stories } = await both(lab);
    expect(endings(stories)).toEqual(["PACE", "SAVINGS_WORTH_THE_RISK"]);
    const stayed = stories.find(({ evaluation }) => evaluation.postponed !== undefined);
    expect(stayed?.status).toBe("STAYED");
    expect(stayed?.intents).toEqual([]);
    const { targetId, endedAt = "" } = stayed?.evaluation ?? {};
    const target = await getTarget(lab.table, targetIdSchema.parse(targetId));
    expect(Date.parse(target?.evaluateAt ?? "")).toBeLessThanOrEqual(Date.parse(endedAt));
    expect((await switchingOf(lab)).running).toEqual([]);
  });

  it("are two where the account says so, as long as they cost no more than they may", async () => {
    const lab = await createLab({ maxReplacements: 2 });
    await patchAccount(lab, { max_concurrent_switches: 2 });
    expect((await both(lab)).stories.map(({ status }) => status)).toEqual(["SWITCHED", "SWITCHED"]);
    const poor = await createLab({ maxReplacements: 2 });
    await patchAccount(poor, { max_concurrent_switches: 2, max_extra_hourly_usd: 0.2 });
    expect(endings((await both(poor)).stories)).toEqual(["PACE", "SAVINGS_WORTH_THE_RISK"]);
  });

  const sameType = { accountId, region: "us-east-1", instanceType: "m5.large" };

  it("don't leave one reservation to nobody: the later one stays", async () => {
    const lab = await createLab({ maxReplacements: 2 });
    lab.control.addReservedInstances({ ...sameType, count: 1 });
    await patchAccount(lab, { max_concurrent_switches: 2 });
    const { stories } = await both(lab);
    expect(endings(stories)).toEqual(["PACE", "SAVINGS_WORTH_THE_RISK"]);
    const stayed = stories.find(({ evaluation }) => evaluation.postponed !== undefined);
    expect(stayed?.evaluation.postponed?.sentence).toContain("would be used by nobody");
    expect(stayed?.intents).toEqual([]);
  });

  it("don't leave it either where a third that used it is stopped meanwhile: the later one is not frozen", async () => {
    const lab = await createLab({ maxReplacements: 2 });
    const third = lab.control.addInstance(sameType);
    lab.control.addReservedInstances({ ...sameType, count: 1 });
    await patchAccount(lab, { max_concurrent_switches: 2 });
    atFirst(lab, "RunInstances", {
      when: "after",
      what: async () => {
        await asOwner(lab)("StopInstances", { InstanceIds: [third] });
      },
    });
    const { stories } = await both(lab);
    expect(stories.map(({ status }) => status).toSorted()).toEqual(["ROLLED_BACK", "SWITCHED"]);
    const back = stories.find(({ status }) => status === "ROLLED_BACK");
    expect(back?.evaluation.failure?.error).toBe("StaleOffer");
    expect(back?.evaluation.failure?.cause).toContain("besides what other switches take away");
    expect(actionsOf(back as Ending)).not.toContain("StopInstances");
  });

  it("that are judged one after the other know of each other", async () => {
    const lab = await createLab({ maxReplacements: 2 });
    lab.control.addReservedInstances({ ...sameType, count: 1 });
    await patchAccount(lab, { max_concurrent_switches: 2 });
    const neighbour = await addNeighbour(lab);
    let late: Promise<{ readonly evaluation_id: string }> | undefined;
    atFirst(lab, "RunInstances", {
      when: "before",
      what: () => {
        late = startEvaluation(lab.account, neighbour);
      },
    });
    const first = await lab.run();
    const { evaluation_id: id } = (await late) ?? { evaluation_id: "" };
    const second = await lab.finish(evaluationIdSchema.parse(id));
    expect(first.status).toBe("SWITCHED");
    expect(second.status).toBe("REFUSED");
    expect(second.evaluation.verdict?.reason).toBe("COVERED_BY_RESERVATION");
    expect(second.evaluation.verdict?.sentence).toContain(lab.originalId);
  });

  it("leave a place that a dead execution has held to the next", async () => {
    const lab = await createLab();
    const dead = {
      evaluationId: evaluationIdSchema.parse("evl-00000000000000000000"),
      region: "us-east-1",
      leaseResource: `instance#${accountId}#i-00000000`,
      takenAt: new Date(lab.clock.now()).toISOString(),
      extraHourlyUsd: 0.1,
    };

    await updateSwitching(lab.table, account, (switching) => ({ ...switching, running: [dead] }));
    expect((await lab.run()).status).toBe("SWITCHED");
  });
});

/** The replacement goes after the original was stopped: a roll-back with a downtime. */
const loseReplacement = (lab: Lab): void => {
  atFirst(lab, "CreateReplaceRootVolumeTask", {
    when: "after",
    what: () => {
      const replacement = lab.replacement();
      if (replacement !== undefined) lab.control.terminateByOwner(replacement.instanceId);
      lab.watch.excuse("replacement");
    },
  });
};

describe("a roll-back with a downtime", () => {
  it("stops new switches of the account until a person resets it", async () => {
    const lab = await createLab();
    loseReplacement(lab);
    const first = await lab.run();
    expect(first.status).toBe("ROLLED_BACK");
    expect((await switchingOf(lab)).halt).toMatchObject({ evaluationIds: [first.evaluationId] });
    const halted = await lab.run();
    expect([halted.status, halted.evaluation.outcome?.reason]).toEqual([
      "STAYED",
      "ACCOUNT_HALTED",
    ]);
    expect(halted.intents).toEqual([]);
    await letSwitchesBegin(lab);
    const other = await startEvaluation(lab.account, await addNeighbour(lab));
    const story = await lab.finish(evaluationIdSchema.parse(other.evaluation_id));
    expect(story.evaluation.status).toBe("SWITCHED");
  });

  it("keeps a switch that goes on from stopping its original", async () => {
    const lab = await createLab();
    atFirst(lab, "RunInstances", {
      when: "after",
      what: async () => {
        const at = new Date(lab.clock.now()).toISOString();
        const evaluationIds = [evaluationIdSchema.parse("evl-00000000000000000000")];
        await updateSwitching(lab.table, account, (switching) => ({
          ...switching,
          halt: { at, error: "BrokenReplacement", evaluationIds },
        }));
      },
    });
    const story = await lab.run();
    expect([story.status, story.evaluation.outcome?.reason]).toEqual(["STAYED", "ACCOUNT_HALTED"]);
    expect(story.orphans).toEqual([]);
    expect(story.evaluation.progress.frozenAt).toBeUndefined();
  });

  it("by the kill switch is a person's own act, and stops nothing", async () => {
    const lab = await createLab();
    atFirst(lab, "StopInstances", { when: "after", what: () => throwKillSwitch(lab) });
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    expect((await switchingOf(lab)).halt).toBeUndefined();
  });
});
