import { expect, it } from "@jest/globals";
import { setQuarantine } from "../../../adapters/store/pool-quarantines.ts";
import { readRegionMemory, recordLoss, recordRefusal } from "../../../adapters/store/pools.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import { poolKey } from "../../../core/model/market.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { readHerdMemory } from "../../../lambdas/evaluation/herd-memory.ts";
import type { EvaluationSession } from "../../../lambdas/evaluation/session.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

const pool = {
  region: "us-east-1",
  zoneId: "use1-az1",
  instanceType: "m5.large",
  product: "Linux/UNIX",
};
const now = new Date("2026-03-02T12:00:00Z");
const at = (second: number): string =>
  new Date(Date.parse("2026-03-02T10:00:00Z") + second * 1000).toISOString();

const sessionOn = (table: Table): EvaluationSession =>
  ({
    context: { table },
    now,
    evaluation: {
      region: pool.region,
      accountId: "444455556666",
      targetId: "tgt-0123456789",
      policy: { quarantine: { mode: "decay", hours: 168 } },
    },
  }) as unknown as EvaluationSession;

it("an evaluation weighs what a pool took within three minutes as one loss, and each refusal by itself", async () => {
  const table = createMemoryTable();
  for (let index = 0; index < 200; index += 1) {
    await recordLoss(table, { pool, at: at(index % 100), what: `i-${String(index)}` });
  }
  await recordLoss(table, { pool, at: at(600), what: "i-later" });
  for (const what of ["one", "other"]) await recordRefusal(table, { pool, at: at(0), what });
  const { losses, refusals } = await readHerdMemory(sessionOn(table));
  expect(losses.map((loss) => loss.at)).toEqual([at(0), at(600)]);
  expect(refusals).toHaveLength(2);
});

it("an evaluation and a sweep are told the same of quarantines: pool, end and reason of those in force", async () => {
  const table = createMemoryTable();
  const { region } = pool;
  const until = "2026-03-02T13:00:00.000Z";
  const set = { reason: "Incident 4711", since: at(0), setBy: "arn:aws:iam::1:user/ben" };
  await setQuarantine(table, { pool, until, ...set });
  await setQuarantine(table, { pool: { ...pool, zoneId: "use1-az2" }, until: at(60), ...set });
  const quarantined = [{ poolKey: poolKey(pool), until, reason: "Incident 4711" }];
  expect(await readHerdMemory(sessionOn(table))).toMatchObject({ quarantined });
  const ofRegion = await readRegionMemory(table, { region, since: at(0), now });
  expect(ofRegion.of(targetIdSchema.parse("tgt-0123456789"), now)).toEqual({
    losses: [],
    refusals: [],
    quarantined,
  });
});
