/** A recovery by CreateFleet from the launch template that the janitor keeps ready. */
import { describe, expect, it } from "@jest/globals";
import { addLaunchTurn } from "../../../adapters/store/launch-turns.ts";
import { listRefusals, recordLoss } from "../../../adapters/store/pools.ts";
import { accountIdSchema, evaluationIdSchema } from "../../../core/model/ids.ts";
import type { Pool } from "../../../core/model/market.ts";
import { poolsToTry } from "../../../core/model/pools-to-try.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { harmCall, isMutation } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLabLost, region } from "../../../local/lab/lab.ts";
import { asOwner, lossy, stepsOf } from "../../../local/lab/scenarios.ts";
import { doubtful } from "../fail-each-call.ts";
import { evaluationsOf, targetOf, withoutRoom } from "./recovery-lab.ts";

const kept = { ...lossy, hasTemplate: true };
const lost = () => createLabLost(kept);

const operations = (lab: Lab): readonly string[] =>
  lab.watch.mutations().map(({ operation }) => operation);

const isFull = "InsufficientInstanceCapacity";

const refusedPools = async (lab: Lab): Promise<readonly string[]> => {
  const since = new Date(0).toISOString();
  const found = await listRefusals(lab.table, { region, since });
  return [...new Set(found.map(({ instanceType }) => instanceType))].sort();
};

/** As their owner. @returns how many there were */
const deleteTemplates = async (lab: Lab): Promise<number> => {
  const { LaunchTemplates: templates = [] } = (await asOwner(lab)(
    "DescribeLaunchTemplates",
    {},
  )) as { readonly LaunchTemplates?: readonly { readonly LaunchTemplateId: string }[] };
  for (const { LaunchTemplateId } of templates) {
    await asOwner(lab)("DeleteLaunchTemplate", { LaunchTemplateId });
  }
  return templates.length;
};

describe("a load without data for which a launch template is kept", () => {
  it("is launched anew by CreateFleet, like its lost one and with its whole identity", async () => {
    const lab = await lost();
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(operations(lab)).toContain("CreateFleet");
    expect(operations(lab)).not.toContain("RunInstances");
    // A template is made beforehand, or not at all.
    expect(operations(lab)).not.toContain("CreateLaunchTemplate");
    const [server] = story.replacements;
    expect(server?.lifecycle).toBe("spot");
    expect(await targetOf(lab)).toMatchObject({ instanceId: server?.instanceId });
  });

  it("goes to On-Demand by CreateFleet, tagged as a fallback, where no pool has room", async () => {
    const lab = await lost();
    lab.control.refusePlaces(({ purchase }) => (purchase === "spot" ? isFull : undefined));
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
    expect(operations(lab)).not.toContain("RunInstances");
    expect(story.replacements[0]?.tags["spot-optimizer:purpose"]).toBe("fallback");
  });

  it("remembers those pools alone that have no room, and none for which EC2 took no more calls", async () => {
    const lab = await lost();
    let calls = 0;
    const full = new Set<string>();
    const end = lab.control.refusePlaces(({ instanceType }) => {
      calls += 1;
      // Of the first pools there is none; the others are not even asked.
      if (full.size < 2 || full.has(instanceType)) {
        full.add(instanceType);
        return isFull;
      }
      if (calls > 16) end();
      return "RequestLimitExceeded";
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(await refusedPools(lab)).toEqual([...full].sort());
    expect(full.has(story.replacements[0]?.instanceType ?? "")).toBe(false);
  });

  it("launches in one call where the first pool has no room, and remembers that pool", async () => {
    const lab = await lost();
    const full: string[] = [];
    lab.control.refusePlaces(({ instanceType }) => {
      if (full.length === 0) full.push(instanceType);
      return full[0] === instanceType ? isFull : undefined;
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(operations(lab).filter((operation) => operation === "CreateFleet")).toHaveLength(1);
    expect(await refusedPools(lab)).toEqual(full);
  });

  it("goes to On-Demand where the Spot quota is used up, and no pool is blamed", async () => {
    const lab = await lost();
    lab.control.refusePlaces(({ purchase }) =>
      purchase === "spot" ? "MaxSpotInstanceCountExceeded" : undefined,
    );
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
    expect(await refusedPools(lab)).toEqual([]);
  });

  it("is launched by RunInstances where its owner has deleted the template", async () => {
    const lab = await lost();
    expect(await deleteTemplates(lab)).toBe(1);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(operations(lab)).toContain("RunInstances");
  });

  it("may be switched again, for the fleet that launched it manages nothing", async () => {
    const lab = await lost();
    lab.control.refusePlaces(({ purchase }) => (purchase === "spot" ? isFull : undefined));
    await lab.run();
    const path = `/lab/instances/${lab.targetId}/evaluate`;
    const { body } = await lab.send("POST", path, {});
    const again = await lab.finish(evaluationIdSchema.parse(body["evaluation_id"]));
    expect(again.evaluation.verdict).not.toHaveProperty("objections");
    expect(again.evaluation.outcome?.reason).not.toBe("FLEET_MANAGED");
  });

  it("launches one instance though the answer is lost, EC2 is slow to show it, and the template is deleted meanwhile", async () => {
    const lab = await createLabLost({ ...kept, settings: { visibilityMs: [20_000, 30_000] } });
    let isLost = false;
    lab.platform.cloud.faults.before(({ operation }) => {
      // AWS does not say whether it looks for the token first.
      if (operation !== "CreateFleet" || !isLost) return;
      throw new CloudError("InvalidLaunchTemplateId.NotFound", "It does not exist.", 400);
    });
    lab.platform.cloud.faults.after(async ({ operation }) => {
      if (operation !== "CreateFleet" || isLost) return;
      isLost = true;
      await deleteTemplates(lab);
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    });
    const story = await lab.run();
    expect(isLost).toBe(true);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.replacements).toHaveLength(1);
    expect(operations(lab)).not.toContain("RunInstances");
  });

  it("launches one instance though each answer of CreateFleet is lost once", async () => {
    const lab = await lost();
    const seen = new Map<unknown, number>();
    lab.platform.cloud.faults.after(({ operation, input }) => {
      if (operation !== "CreateFleet") return;
      const { ClientToken: token } = input as { readonly ClientToken?: string };
      const count = (seen.get(token) ?? 0) + 1;
      seen.set(token, count);
      if (count === 1) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.replacements).toHaveLength(1);
  });
});

const idOf = (index: number) => evaluationIdSchema.parse(`evl-${String(index).padStart(20, "0")}`);

/** So many others have just launched by CreateFleet that its bucket is empty, and ten are before it: it has seconds to wait. */
const amongMany = async (lab: Lab): Promise<void> => {
  const place = { accountId: accountIdSchema.parse(accountId), region };
  const at = new Date(lab.clock.now()).toISOString();
  for (let index = 0; index < 50; index += 1) {
    const call = { kind: "CALL", evaluationId: idOf(index), at, call: "CreateFleet" } as const;
    await addLaunchTurn(lab.table, place, call);
  }
  for (let index = 50; index < 60; index += 1) {
    const waiter = { standsAlone: true, bootSeconds: 999 };
    await addLaunchTurn(lab.table, place, {
      kind: "WAITER",
      evaluationId: idOf(index),
      at,
      ...waiter,
    });
  }
};

/** As soon as it is decided where it may go, and before it is its turn. */
const onceDecided = (lab: Lab, act: (first: Pool) => Promise<void>): void => {
  const look = async (): Promise<void> => {
    const [evaluation] = await evaluationsOf(lab);
    const [first] = evaluation?.verdict === undefined ? [] : poolsToTry(evaluation);
    if (first !== undefined) return act(first);
    lab.clock.schedule(lab.clock.now() + 50, look);
  };
  lab.clock.schedule(lab.clock.now() + 50, look);
};

/** Says of another's loss, which the test has told, that the simulated cloud has none like it. */
const anothersLoss = ["2 losses of pools are remembered, and there were 1"];

const launchesOf = (lab: Lab): readonly string[] =>
  operations(lab).filter((name) => name === "CreateFleet" || name === "RunInstances");

describe("a recovery for which the bucket of CreateFleet is empty", () => {
  it("is launched by RunInstances from that call's own bucket", async () => {
    const lab = await lost();
    await amongMany(lab);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(launchesOf(lab)).toEqual(["RunInstances"]);
  });

  it("is launched in a pool that has taken nothing meanwhile, where there is one", async () => {
    const lab = await lost();
    await amongMany(lab);
    const taken: Pool[] = [];
    onceDecided(lab, async (pool) => {
      taken.push(pool);
      const at = new Date(lab.clock.now()).toISOString();
      await recordLoss(lab.table, { pool, at, what: "i-of-another" });
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual(anothersLoss);
    expect(launchesOf(lab)).toEqual(["RunInstances"]);
    const [server] = story.replacements;
    const [first] = taken;
    expect(first).toBeDefined();
    expect([server?.instanceType, server?.zoneId]).not.toEqual([
      first?.instanceType,
      first?.zoneId,
    ]);
  });

  it("asks several pools by CreateFleet once the one that it has asked has no room", async () => {
    const lab = await lost();
    await amongMany(lab);
    withoutRoom(lab, () => true);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(launchesOf(lab)).toEqual(["RunInstances", "CreateFleet"]);
  });

  it("asks by RunInstances again, in the same pool, where the answer was lost and EC2 is slow to show what it has launched", async () => {
    const lab = await createLabLost({ ...kept, settings: { visibilityMs: [20_000, 30_000] } });
    await amongMany(lab);
    const tokens: unknown[] = [];
    lab.platform.cloud.faults.after(async ({ operation, input }) => {
      const { ClientToken: token, DryRun: isDry } = input as {
        readonly ClientToken?: string;
        readonly DryRun?: boolean;
      };
      if (operation !== "RunInstances" || isDry === true) return;
      tokens.push(token);
      if (tokens.length > 1) return;
      const [evaluation] = await evaluationsOf(lab);
      const [pool] = evaluation === undefined ? [] : poolsToTry(evaluation);
      if (pool !== undefined) {
        const at = new Date(lab.clock.now()).toISOString();
        await recordLoss(lab.table, { pool, at, what: "i-of-another" });
      }
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual(anothersLoss);
    expect(story.status).toBe("SWITCHED");
    expect(story.replacements).toHaveLength(1);
    expect(new Set(tokens).size).toBe(1);
    expect(launchesOf(lab)).not.toContain("CreateFleet");
  });
});

const steps = await stepsOf(kept, createLabLost);
const launches = steps.filter(({ operation }) => operation === "CreateFleet");

describe("a recovery by CreateFleet, whichever harm meets the call", () => {
  it("makes that call once", () => {
    expect(launches).toHaveLength(1);
  });

  it.each(doubtful)("is made, or given up with nothing left, when it meets: %s", async (harm) => {
    const lab = await lost();
    const nth = launches[0]?.nth ?? 0;
    const harmed = harmCall(lab.platform, { harm, nth, matches: isMutation(accountId) });
    const story = await lab.run();
    expect(harmed.isDone()).toBe(true);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe(harm === "unauthorized" ? "ROLLED_BACK" : "SWITCHED");
  });
});
