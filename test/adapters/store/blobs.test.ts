import { randomBytes } from "node:crypto";
import { expect, it } from "@jest/globals";
import { loadBlob, saveBlob } from "../../../adapters/store/blobs.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { describeForEachTable } from "./backends.ts";
import { at } from "./examples.ts";

const key = { pk: "BLOB#sample", sk: "BODY" };
const info = (minute: number) => ({ writtenAt: at(minute) });
const save = (table: Table, body: unknown, minute = 0): Promise<void> =>
  saveBlob(table, key, { info: info(minute), body });
/** Random, so that gzip can't make it small. */
const largeBody = (bytes: number) => ({ noise: randomBytes(bytes).toString("base64") });

describeForEachTable("large values", (table) => {
  const parts = async (): Promise<number> => {
    const { items } = await table().query({ partition: key.pk });
    return items.length - 1;
  };

  it("gives nothing before the first save", async () => {
    expect(await loadBlob(table(), key)).toBeUndefined();
  });

  it("gives back the body, and what is told of it", async () => {
    const body = { spot_advisor: { "eu-central-1": { Linux: { "m5.large": { s: 71, r: 1 } } } } };
    await save(table(), body);
    expect(await loadBlob(table(), key)).toEqual({ info: info(0), body });
  });

  it("replaces small by large by small and leaves no part behind", async () => {
    const bodies = [{ small: 1 }, largeBody(900_000), largeBody(500_000), { small: 2 }];
    const expectedParts = [0, 3, 2, 0];
    for (const [index, body] of bodies.entries()) {
      await save(table(), body, index);
      expect(await loadBlob(table(), key)).toEqual({ info: info(index), body });
      expect(await parts()).toBe(expectedParts[index]);
    }
  });

  it("shows a reader the old or the new body, never a mixture", async () => {
    const bodies = [largeBody(450_000), largeBody(450_000), largeBody(450_000)];
    await save(table(), bodies[0]);
    const reads: unknown[] = [];
    const readOn = async (): Promise<void> => {
      for (let n = 0; n < 10; n += 1) reads.push((await loadBlob(table(), key))?.body);
    };
    await Promise.all([readOn(), save(table(), bodies[1], 1), save(table(), bodies[2], 2)]);
    expect(reads).toHaveLength(10);
    for (const read of reads) expect(bodies).toContainEqual(read);
  });

  it.each<[string, (data: Record<string, unknown>) => unknown]>([
    ["its bytes changed", (data) => ({ ...data, bytes: Uint8Array.of(1, 2, 3) })],
    ["a part is missing", ({ bytes: _gone, ...data }) => ({ ...data, partKeys: ["BODY#none"] })],
  ])("is refused by name when %s", async (_name, damage) => {
    await save(table(), { small: 1 });
    const head = await table().get(key);
    if (head === undefined) throw new Error("It was not saved.");
    const data = damage(head.data as Record<string, unknown>);
    await table().put({ ...head, version: head.version + 1, data }, { ifVersion: head.version });
    await expect(loadBlob(table(), key)).rejects.toMatchObject({
      name: "BrokenFacts",
      resource: "BLOB#sample/BODY",
    });
  });

  it("refuses a body that JSON cannot hold", async () => {
    await expect(save(table(), undefined)).rejects.toMatchObject({ name: "BrokenInput" });
  });
});
