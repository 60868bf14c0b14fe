import { beforeEach, describe, expect, it } from "@jest/globals";
import { setFindByTags } from "../../../adapters/store/find-by-tags.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { listTargets, updateTarget } from "../../../adapters/store/targets.ts";
import type { FoundInstance } from "../../../core/model/found-instance.ts";
import { accountIdSchema, instanceIdSchema } from "../../../core/model/ids.ts";
import type { Target } from "../../../core/model/target.ts";
import { registerTagged } from "../../../lambdas/evaluation/register-tagged.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

const accountId = accountIdSchema.parse("444455556666");
const place = { accountId, region: "eu-central-1" };
const now = new Date("2026-03-01T12:00:00.000Z");
const team = { team: "payments" };
const group = { "aws:autoscaling:groupName": "web" };

const found = (n: number, tags: Readonly<Record<string, string>>): FoundInstance => ({
  instanceId: instanceIdSchema.parse(`i-${String(n).padStart(17, "0")}`),
  instanceType: "m5.large",
  zoneName: "eu-central-1a",
  state: "running",
  tags,
});

const fleet = [
  found(1, team),
  found(2, { ...team, ...group }),
  found(3, { ...team, ...group }),
  found(4, { team: "search" }),
  found(5, { ...team, "karpenter.sh/nodepool": "default" }),
];

describe("targets that are found by tags", () => {
  let table: Table;
  beforeEach(() => {
    table = createMemoryTable();
  });

  const registered = async (): Promise<readonly Target[]> =>
    (await listTargets(table, { accountId, limit: 100 })).items;
  const sweep = async () =>
    registerTagged({ table, now }, place, { found: fleet, targets: await registered() });
  const findBy = (tags: Readonly<Record<string, string>>) =>
    setFindByTags(table, accountId, { tags, updatedAt: now.toISOString() });

  it("are registered in shadow mode, a group once", async () => {
    await findBy(team);
    await sweep();
    const targets = await registered();
    expect(targets.map(({ pipelineMode }) => pipelineMode).sort()).toEqual(["CLUSTER", "LINEAR"]);
    expect(targets.every(({ isShadowMode }) => isShadowMode)).toBe(true);
  });

  it("are left as they are by later sweeps: only a person ends shadow mode, and his word stands", async () => {
    await findBy(team);
    await sweep();
    for (const { targetId } of await registered()) {
      await updateTarget(table, targetId, (target) => ({ ...target, isShadowMode: false }));
    }
    expect(await sweep()).toEqual([]);
    const targets = await registered();
    expect(targets).toHaveLength(2);
    expect(targets.every(({ isShadowMode }) => !isShadowMode)).toBe(true);
  });

  it("are none where the account finds nothing by tags", async () => {
    expect(await sweep()).toEqual([]);
    await findBy({});
    expect(await sweep()).toEqual([]);
    expect(await registered()).toEqual([]);
  });

  it("must have all tags, value for value", async () => {
    await findBy({ ...team, stage: "prod" });
    expect(await sweep()).toEqual([]);
  });
});
