/** What an evaluation saw is for people to look at: a roll-back adds to it, and where its item is damaged nothing else changes. */
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { courseKey } from "../../adapters/store/keys.ts";
import type { Table } from "../../adapters/store/table.ts";
import { evaluationIdSchema } from "../../core/model/ids.ts";
import { evaluationSchema } from "../../lambdas/api/schemas/evaluations.ts";
import type { LabAccount } from "../../local/lab/account.ts";
import { createGroupLab } from "../../local/lab/group-lab.ts";
import { createNodeLab } from "../../local/lab/node-lab.ts";
import type { Platform } from "../../local/platform/platform.ts";

const damage = async (table: Table, evaluationId: string): Promise<boolean> => {
  const item = await table.get(courseKey(evaluationIdSchema.parse(evaluationId)));
  if (item === undefined) return false;
  const version = z.number().parse(item["version"]);
  const broken = { ...item, data: new Uint8Array([1, 2, 3]), version: version + 1 };
  const { kind } = await table.put(broken, { ifVersion: version });
  return kind === "WRITTEN";
};

const pageSchema = z.object({ items: z.tuple([z.object({ evaluation_id: z.string() })]) });

/** As soon as a call of that name was made. */
const damagedAfter = (
  { account, platform }: { readonly account: LabAccount; readonly platform: Platform },
  operation: string,
) => {
  let damaged = 0;
  platform.cloud.faults.after(async (call) => {
    if (call.operation !== operation || damaged > 0) return;
    const page = await account.api.send({ method: "GET", path: "/evaluations" });
    const [one] = pageSchema.parse(JSON.parse(page.text)).items;
    if (await damage(account.table, one.evaluation_id)) damaged += 1;
  });
  return { damaged: () => damaged };
};

const shown = async ({ api }: LabAccount, evaluationId: string) =>
  evaluationSchema.parse(
    JSON.parse((await api.send({ method: "GET", path: `/evaluations/${evaluationId}` })).text),
  );

describe("what an evaluation saw, where its item is damaged", () => {
  it("is left out of a group's record, and the group is converted all the same", async () => {
    const lab = await createGroupLab({});
    const { damaged } = damagedAfter(lab, "AttachInstances");
    const { status, evaluationId } = await lab.run();
    const record = await shown(lab.account, evaluationId);
    expect(damaged()).toBe(1);
    expect(status).toBe("SWITCHED");
    expect(record).toMatchObject({ status: "SWITCHED", capacity: [] });
    expect(lab.capacity.broken).toEqual([]);
  });

  it("is left out of a node's record, and the node is replaced all the same", async () => {
    const lab = await createNodeLab({});
    const { damaged } = damagedAfter(lab, "AttachInstances");
    const { status, evaluationId } = await lab.run();
    const record = await shown(lab.account, evaluationId);
    expect(damaged()).toBe(1);
    expect(status).toBe("SWITCHED");
    expect(record).toMatchObject({ status: "SWITCHED", budgets: [] });
    expect(lab.capacity.broken()).toEqual([]);
  });
});

describe("the course of a group whose batch is undone", () => {
  it("goes on through the roll-back: what is asked for stays, and our surplus goes", async () => {
    const lab = await createGroupLab({ policy: { batch_size: 2 } });
    let stopped = 0;
    lab.platform.cloud.faults.after(async ({ operation, caller }) => {
      if (operation !== "AttachInstances" || caller.sessionName === undefined) return;
      stopped += 1;
      const body = { engaged: true, reason: "drill" };
      await lab.account.api.send({ method: "PUT", path: "/kill-switch", body });
    });
    const { status, evaluationId } = await lab.run();
    const { capacity, phases } = await shown(lab.account, evaluationId);
    const from = phases.find(({ name }) => name === "roll-back")?.started_at ?? "";
    expect([stopped, status]).toEqual([1, "ROLLED_BACK"]);
    expect(new Set(capacity.map(({ asked }) => asked))).toEqual(new Set([4]));
    const undone = capacity.filter(({ at }) => at > from);
    expect(undone.map(({ desired, serving }) => [desired, serving])).toEqual([
      [6, 6],
      [5, 5],
      [4, 4],
    ]);
    expect(capacity.filter(({ lacking_by_us: byUs }) => byUs !== undefined)).toEqual([]);
  });
});
