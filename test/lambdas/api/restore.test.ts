/** A restored table of DynamoDB has lost settings: the kill switch stays on until they were read back. */
import { describe, expect, it } from "@jest/globals";
import { noteRestoredTable } from "../../../adapters/store/restores.ts";
import { noteReconciled, reconcile } from "../../../lambdas/api/reconciliation.ts";
import { declareRestore } from "../../../lambdas/api/restore.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { apiUnderTest } from "./api-under-test.ts";

const tableName = "spot-optimizer-prod-2";
const who = { by: "arn:aws:iam::111122223333:user/ops", reason: "INC-4711" };

const restored = async () => {
  const named = Object.assign(createMemoryTable(), { name: tableName });
  const { context, table } = apiUnderTest({ table: named, emulated: false });
  await declareRestore(context, who);
  const readBack = (name: string, seconds: number) =>
    noteRestoredTable(table, {
      tableName: name,
      at: new Date(context.now().getTime() + seconds * 1000).toISOString(),
    });
  const answer = async () => {
    const { hash, hasItsSettings } = await reconcile(context);
    return { hasItsSettings, done: noteReconciled(context, { ...who, hash }) };
  };
  return { readBack, answer };
};

describe("a restored table whose settings were not read back", () => {
  it("does not count as looked at, and says which command sets them", async () => {
    const { answer } = await restored();
    const { hasItsSettings, done } = await answer();
    expect(hasItsSettings).toBe(false);
    await expect(done).rejects.toThrow("npm run restore -- --table NAME --reason WHY --apply");
  });

  it.each([
    { what: "another table's were", name: "spot-optimizer-prod", seconds: 1 },
    { what: "they were before it was restored", name: tableName, seconds: -1 },
  ])("is not helped where $what", async ({ name, seconds }) => {
    const { readBack, answer } = await restored();
    await readBack(name, seconds);
    const { hasItsSettings, done } = await answer();
    expect(hasItsSettings).toBe(false);
    await expect(done).rejects.toThrow("settings of the table");
  });

  it("counts once they are read back", async () => {
    const { readBack, answer } = await restored();
    await readBack(tableName, 0);
    const { hasItsSettings, done } = await answer();
    expect(hasItsSettings).toBe(true);
    expect((await done).reconciled).toMatchObject(who);
  });
});
