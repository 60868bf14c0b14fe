import { describe, expect, it } from "@jest/globals";
import { listLosses } from "../../../adapters/store/pools.ts";
import { updateTarget } from "../../../adapters/store/targets.ts";
import type { Key } from "../../../adapters/store/table.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { evaluationIdSchema, instanceIdSchema, targetIdSchema } from "../../../core/model/ids.ts";
import type { FunctionName } from "../../../lambdas/access/functions.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import {
  createKiller,
  harmCall,
  refusals,
  watchTable,
  type WatchedTable,
} from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import type { Until } from "../../../local/lab/recalled-runs.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import {
  atFirst,
  isRetirement,
  plain,
  rich,
  throwKillSwitch,
} from "../../../local/lab/scenarios.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

const firstCallOf =
  (operation: string) =>
  (call: {
    readonly operation: string;
    readonly caller: { readonly accountId: string };
  }): boolean =>
    call.operation === operation && call.caller.accountId === accountId;

const effectsOf = ({ effects }: Ending, action: string): readonly unknown[] =>
  effects
    .filter((effect) => effect.action === action)
    .map(({ outcome, found }) => [outcome, found?.kind]);

const until = (undisturbedUntil: Until): LabOptions => ({ ...plain, undisturbedUntil });

const withTable = async (
  options: LabOptions,
): Promise<{ readonly lab: Lab; readonly table: WatchedTable }> => {
  const table = watchTable(createMemoryTable());
  return { lab: await createLab({ ...options, table }), table };
};

/** As a switch since then, or the owner, has left it. */
const pointAt = async ({ table, targetId, clock }: Lab, instanceId: string): Promise<void> => {
  await updateTarget(table, targetIdSchema.parse(targetId), (target) => ({
    ...target,
    instanceId: instanceIdSchema.parse(instanceId),
    updatedAt: new Date(clock.now()).toISOString(),
  }));
};

const isEffect = ({ sk }: Key): boolean => sk.startsWith("EFFECT#");

describe("what the record says of a call", () => {
  it.each([
    ["connection broken after acting", "StopInstances"],
    ["connection broken after acting", "AttachVolume"],
    ["function killed after acting", "CreateImage"],
    ["unavailable", "DetachVolume"],
  ] as const)(
    "that met: %s (%s), is that nobody knew, and what was found since",
    async (harm, operation) => {
      const lab = await createLab({ ...plain, undisturbedUntil: { calls: operation } });
      harmCall(lab.platform, { harm, nth: 1, matches: firstCallOf(operation) });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(effectsOf(story, operation)[0]).toEqual([
        "UNKNOWN",
        expect.stringMatching(/DONE|REPEATED/),
      ]);
      const shown = story.answer["effects"] as readonly {
        readonly outcome: string;
        readonly found?: unknown;
      }[];
      expect(
        shown
          .filter(({ outcome }) => outcome === "UNKNOWN")
          .every(({ found }) => found !== undefined),
      ).toBe(true);
    },
  );

  it("is not that AWS refused it, where our own table refused to write it down", async () => {
    const { lab, table } = await withTable(until({ calls: "AttachVolume" }));
    const failing = new SpotOptimizerError("BrokenPermission", "PutItem: AccessDenied", {
      code: "AccessDenied",
      isOwn: true,
    });
    const release = lab.platform.cloud.faults.before((call) => {
      if (!firstCallOf("AttachVolume")(call)) return;
      release();
      throw refusals.unauthorized();
    });
    const { body } = await lab.evaluate();
    let starts = 0;
    lab.platform.cloud.faults.after(({ operation }) => {
      if (operation === "StartInstances") starts += 1;
    });
    table.setHook((moment, _nth, key) => {
      if (moment === "before" && isEffect(key) && starts === 1) throw failing;
      return undefined;
    });
    const story = await lab.finish(evaluationIdSchema.parse(body["evaluation_id"]));
    expect(story.status).toBe("NEEDS_OPERATOR");
    expect(story.evaluation.rollbackProblem).toContain("PutItem");
    expect(effectsOf(story, "StartInstances")).toEqual([["UNKNOWN", undefined]]);
    expect(lab.control.find(lab.originalId)?.state).toBe("running");
    expect(lab.watch.broken).toEqual([]);
  });
});

describe("the downtime in the record", () => {
  it("is there when the function that stopped the original died, and the switch was undone", async () => {
    const lab = await createLab(until({ calls: "StopInstances" }));
    const matches = firstCallOf("StopInstances");
    harmCall(lab.platform, { harm: "function killed after acting", nth: 1, matches });
    atFirst(lab, "StopInstances", { when: "before", what: () => throwKillSwitch(lab) });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.downtimeSeconds).toBeGreaterThan(0);
  });

  it("begins with the end of a replacement that somebody else ends while it is rolled back", async () => {
    const lab = await createLab(until({ begins: "linear-retire-original" }));
    let isUndoing = false;
    lab.platform.cloud.faults.before((call) => {
      if (!isRetirement(call)) return;
      isUndoing = true;
      lab.control.failChecks(({ lifecycle }) => lifecycle === "spot", "system");
      throw refusals.unauthorized();
    });
    // The roll-back keeps its root volume, which clients have written to, before it ends it.
    lab.platform.cloud.faults.after(({ operation }) => {
      const replacement = lab.replacement();
      if (!isUndoing || operation !== "ModifyInstanceAttribute" || replacement === undefined)
        return;
      lab.watch.excuse("replacement");
      lab.control.terminateByOwner(replacement.instanceId);
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.progress.replacementLostAt).toBeDefined();
  });

  it("is there for a stateless load whose original was stopped when the switch was undone", async () => {
    const lab = await createLab(rich.stateless);
    lab.platform.cloud.faults.before((call) => {
      if (isRetirement(call)) throw refusals.unauthorized();
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    const [from, to] = [story.evaluation.startedAt, story.evaluation.endedAt ?? ""];
    const seen = lab.watch.unserved.secondsIn({ fromMs: Date.parse(from), toMs: Date.parse(to) });
    expect(Math.abs((story.evaluation.downtimeSeconds ?? 0) - (seen ?? 0))).toBeLessThan(20);
  });

  it("begins with the loss of the replacement, though that comes while the roll-back waits for the original", async () => {
    const lab = await createLab(rich.stateless);
    const { zoneId = "", instanceType = "" } = lab.control.find(lab.originalId) ?? {};
    const pool = { zoneId, instanceType, purchase: "on-demand" } as const;
    atFirst(lab, "StopInstances", {
      when: "after",
      what: () => {
        lab.watch.excuse("replacement");
        lab.control.interrupt(lab.replacement()?.instanceId ?? "", { noticeSeconds: 120 });
        lab.control.setCapacity(pool, 0);
        lab.clock.schedule(lab.clock.now() + 13 * 60_000, () => {
          lab.control.setCapacity(pool, undefined);
        });
      },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.downtimeSeconds).toBeGreaterThan(10 * 60);
    expect(story.evaluation.progress.replacementLostAt).toBeDefined();
  });

  it("of a roll-back ends when the original serves, not when the last image is deleted", async () => {
    const lab = await createLab(until({ calls: "StopInstances" }));
    atFirst(lab, "StopInstances", { when: "after", what: () => throwKillSwitch(lab) });
    let tries = 0;
    lab.platform.cloud.faults.before((call) => {
      if (!firstCallOf("DeregisterImage")(call)) return;
      tries += 1;
      if (tries < 4) throw refusals.unavailable();
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    const { restoredAt = "" } = story.evaluation.progress;
    expect(Date.parse(story.evaluation.endedAt ?? "") - Date.parse(restoredAt)).toBeGreaterThan(0);
  });
});

describe("a record", () => {
  it("comes to its end when the owner has registered the replacement already", async () => {
    const lab = await createLab(until({ calls: "AssociateAddress" }));
    let other: unknown;
    atFirst(lab, "AssociateAddress", {
      when: "after",
      what: async () => {
        const replacement = lab.replacement();
        const { body } = await lab.send("POST", "/lab/instances", {
          account_id: accountId,
          instance_id: replacement?.instanceId,
          instance_type: replacement?.instanceType,
          availability_zone: replacement?.zoneName,
          pipeline_mode: "LINEAR",
        });
        other = body["target_id"];
      },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.evaluation.outcome?.sentence).toContain(`Target ${lab.targetId} does not follow`);
    expect(story.evaluation.outcome?.sentence).toContain(String(other));
    expect((await lab.evaluate()).status).toBe(202);
  });

  it("leaves alone a target that was pointed at another instance meanwhile", async () => {
    const lab = await createLab(plain);
    const another = lab.control.addInstance({ accountId, region, instanceType: "m5.large" });
    atFirst(lab, "AssociateAddress", { when: "after", what: () => pointAt(lab, another) });
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    const target = (await lab.send("GET", `/lab/instances/${lab.targetId}`)).body;
    expect(target["instance_id"]).toBe(another);
  });

  it("gives the target the type and the zone of the replacement", async () => {
    const lab = await createLab(until("END"));
    const { swap, status } = await lab.run();
    expect(status).toBe("SWITCHED");
    const target = (await lab.send("GET", `/lab/instances/${lab.targetId}`)).body;
    expect(target["instance_type"]).toBe(swap?.replacement?.pool.instanceType);
    expect(target["availability_zone"]).toBe(lab.replacement()?.zoneName);
    // As registered it would be refused from now on, were it still of the original's type.
    const second = await lab.run();
    expect(second.evaluation.verdict?.sentence).not.toContain("was registered as");
  });

  it("needs a person where what serves can no longer be read", async () => {
    const lab = await createLab(until({ begins: "linear-retire-original" }));
    let isRetired = false;
    lab.platform.cloud.faults.after((call) => {
      if (isRetirement(call)) isRetired = true;
    });
    lab.platform.cloud.faults.before(({ operation }) => {
      if (isRetired && operation === "DescribeInstanceStatus") throw refusals.unauthorized();
    });
    const story = await lab.run();
    expect(story.status).toBe("NEEDS_OPERATOR");
    expect(story.evaluation.outcome?.sentence).toContain("see which of the two serves");
    expect(story.isLeaseHeld).toBe(false);
  });
});

describe("a step that comes when its evaluation has ended", () => {
  const steps = [
    "judge-open-evaluation",
    "linear-freeze-original",
    "linear-move-identity",
    "linear-retire-original",
    "linear-roll-back",
  ] as const satisfies readonly FunctionName[];

  it.each(steps)("%s is refused, changes nothing, and keeps nobody waiting", async (name) => {
    const lab = await createLab(until("END"));
    const story = await lab.run();
    const calls = lab.watch.mutations().length;
    const { evaluationId } = story;
    await expect(lab.platform.functions.invoke(name, { evaluationId })).rejects.toMatchObject({
      name: "StaleLease",
    });
    expect(lab.watch.mutations()).toHaveLength(calls);
    const now = (await lab.send("GET", `/evaluations/${evaluationId}`)).body;
    expect(now).toEqual(story.answer);
    expect((await lab.evaluate()).status).toBe(202);
  });

  it("judge-record answers as it did, and leaves the target to whoever switched it since", async () => {
    const lab = await createLab(until("END"));
    const { evaluationId } = await lab.run();
    const another = lab.control.addInstance({ accountId, region, instanceType: "m5.large" });
    await pointAt(lab, another);
    const before = (await lab.send("GET", `/lab/instances/${lab.targetId}`)).body;
    const answer = await lab.platform.functions.invoke("judge-record", { evaluationId, state: {} });
    expect(answer).toMatchObject({ kind: "SWITCHED" });
    expect(before["instance_id"]).toBe(another);
    expect((await lab.send("GET", `/lab/instances/${lab.targetId}`)).body).toEqual(before);
  });

  it("judge-record lets the leases go, where the one that recorded it died before it could", async () => {
    const { lab, table } = await withTable(plain);
    const killer = createKiller();
    const { body } = await lab.evaluate();
    const id = evaluationIdSchema.parse(body["evaluation_id"]);
    let hasEnded = false;
    table.setHook((moment, _nth, key) => {
      if (moment === "after" && key.sk === "RECORD" && key.pk.endsWith(id)) hasEnded = true;
      const isRelease = hasEnded && key.pk.startsWith("LEASE#");
      return isRelease && moment === "before" && killer.deaths === 0 ? killer.die() : undefined;
    });
    const story = await lab.finish(id);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(killer.deaths).toBe(1);
    expect(story.isLeaseHeld).toBe(false);
  });
});

describe("a loss of a pool", () => {
  it("is remembered once, however often the step that saw it is repeated", async () => {
    const { lab, table } = await withTable(until({ calls: "StopInstances" }));
    atFirst(lab, "StopInstances", {
      when: "after",
      what: () => {
        lab.watch.excuse("replacement");
        lab.control.interrupt(lab.replacement()?.instanceId ?? "", { noticeSeconds: 120 });
      },
    });
    const killer = createKiller();
    const { body } = await lab.evaluate();
    table.setHook((moment, _nth, key) =>
      moment === "after" &&
      key.pk.startsWith("POOL#") &&
      key.sk.startsWith("LOSS#") &&
      killer.deaths < 2
        ? killer.die()
        : undefined,
    );
    const story = await lab.finish(evaluationIdSchema.parse(body["evaluation_id"]));
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(killer.deaths).toBe(2);
    const losses = await listLosses(lab.table, { region, since: new Date(0).toISOString() });
    expect(losses).toHaveLength(1);
  });

  it("is not told of a replacement that somebody terminated", async () => {
    const lab = await createLab(until({ calls: "StopInstances" }));
    atFirst(lab, "StopInstances", {
      when: "after",
      what: async () => {
        lab.watch.excuse("replacement");
        const { accessKeyId } = lab.platform.cloud.identities.addUser({
          accountId,
          name: "owner-2",
        });
        await lab.platform.cloud.call({
          service: "ec2",
          operation: "TerminateInstances",
          region,
          accessKeyId,
          input: { InstanceIds: [lab.replacement()?.instanceId] },
        });
      },
    });
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    expect(await listLosses(lab.table, { region, since: new Date(0).toISOString() })).toEqual([]);
  });
});
