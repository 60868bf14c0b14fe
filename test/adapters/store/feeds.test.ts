import { randomBytes } from "node:crypto";
import { expect, it } from "@jest/globals";
import { loadFeed, saveFeed } from "../../../adapters/store/feeds.ts";
import { feedKey } from "../../../adapters/store/keys.ts";
import { describeForEachTable } from "./backends.ts";
import { at } from "./examples.ts";

const name = "spot-advisor";
/** Random, so that gzip can't make it small. */
const largeBody = (bytes: number) => ({ noise: randomBytes(bytes).toString("base64") });

describeForEachTable("feeds", (table) => {
  const parts = async (): Promise<number> => {
    const { items } = await table().query({ partition: feedKey(name).pk });
    return items.length - 1;
  };

  it("gives nothing before the first save", async () => {
    expect(await loadFeed(table(), name)).toBeUndefined();
  });

  it("gives back body and time of the fetch", async () => {
    const body = { spot_advisor: { "eu-central-1": { Linux: { "m5.large": { s: 71, r: 1 } } } } };
    await saveFeed(table(), { name, fetchedAt: at(0), body });
    expect(await loadFeed(table(), name)).toEqual({ fetchedAt: at(0), body });
  });

  it("replaces small by large by small and leaves no part behind", async () => {
    const bodies = [{ small: 1 }, largeBody(900_000), largeBody(500_000), { small: 2 }];
    const expectedParts = [0, 3, 2, 0];
    for (const [index, body] of bodies.entries()) {
      await saveFeed(table(), { name, fetchedAt: at(index), body });
      expect(await loadFeed(table(), name)).toEqual({ fetchedAt: at(index), body });
      expect(await parts()).toBe(expectedParts[index]);
    }
  });

  it("shows a reader the old or the new body, never a mixture", async () => {
    const bodies = [largeBody(450_000), largeBody(450_000), largeBody(450_000)];
    await saveFeed(table(), { name, fetchedAt: at(0), body: bodies[0] });
    const reads: unknown[] = [];
    const readOn = async (): Promise<void> => {
      for (let n = 0; n < 10; n += 1) reads.push((await loadFeed(table(), name))?.body);
    };
    await Promise.all([
      readOn(),
      saveFeed(table(), { name, fetchedAt: at(1), body: bodies[1] }),
      saveFeed(table(), { name, fetchedAt: at(2), body: bodies[2] }),
    ]);
    expect(reads).toHaveLength(10);
    for (const read of reads) expect(bodies).toContainEqual(read);
  });

  it.each<[string, (data: Record<string, unknown>) => unknown]>([
    ["its bytes changed", (data) => ({ ...data, bytes: Uint8Array.of(1, 2, 3) })],
    ["a part is missing", ({ bytes: _gone, ...data }) => ({ ...data, partKeys: ["BODY#none"] })],
  ])("is refused by name when %s", async (_name, damage) => {
    await saveFeed(table(), { name, fetchedAt: at(0), body: { small: 1 } });
    const head = await table().get(feedKey(name));
    if (head === undefined) throw new Error("The feed was not saved.");
    const data = damage(head.data as Record<string, unknown>);
    await table().put({ ...head, version: head.version + 1, data }, { ifVersion: head.version });
    await expect(loadFeed(table(), name)).rejects.toMatchObject({
      name: "BrokenFacts",
      resource: "FEED#spot-advisor/BODY",
    });
  });

  it("refuses a body that JSON cannot hold", async () => {
    await expect(
      saveFeed(table(), { name, fetchedAt: at(0), body: undefined }),
    ).rejects.toMatchObject({ name: "BrokenInput" });
  });
});
