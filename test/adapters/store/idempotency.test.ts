import { expect, it } from "@jest/globals";
import { beginRequest, finishRequest, noteReference } from "../../../adapters/store/idempotency.ts";
import { describeForEachTable } from "./backends.ts";
import { after } from "./examples.ts";

const day = 24 * 3600;

describeForEachTable("idempotency", (table) => {
  const begin = (seconds: number, bodyHash = "hash", key = "key-1") =>
    beginRequest(table(), { key, bodyHash, now: after(seconds) });

  it("is NEW once, then IN_PROGRESS, with the reference as soon as it is noted", async () => {
    expect(await begin(0)).toEqual({ kind: "NEW" });
    expect(await begin(1)).toEqual({ kind: "IN_PROGRESS" });
    await noteReference(table(), "key-1", "evl-0123456789");
    expect(await begin(2)).toEqual({ kind: "IN_PROGRESS", reference: "evl-0123456789" });
  });

  it("replays the answer of a finished request", async () => {
    await begin(0);
    await noteReference(table(), "key-1", "evl-0123456789");
    await finishRequest(table(), { key: "key-1", status: 202, body: { evaluation_id: "evl-1" } });
    expect(await begin(day - 1)).toEqual({
      kind: "REPLAY",
      status: 202,
      body: { evaluation_id: "evl-1" },
    });
  });

  it("refuses another body under the same key, finished or not", async () => {
    await begin(0);
    expect(await begin(1, "other")).toEqual({ kind: "MISMATCH" });
    await finishRequest(table(), { key: "key-1", status: 201, body: null });
    expect(await begin(2, "other")).toEqual({ kind: "MISMATCH" });
  });

  it("keeps keys apart", async () => {
    await begin(0);
    expect(await begin(0, "other", "key-2")).toEqual({ kind: "NEW" });
  });

  it("is NEW to one of 50 who begin at once", async () => {
    const results = await Promise.all(Array.from({ length: 50 }, () => begin(0)));
    expect(results.filter((result) => result.kind === "NEW")).toHaveLength(1);
    expect(results.filter((result) => result.kind === "IN_PROGRESS")).toHaveLength(49);
  });

  it("forgets after 24 hours by the time in the entry, though the item is still there", async () => {
    await begin(0);
    await finishRequest(table(), { key: "key-1", status: 202, body: "old" });
    expect(await begin(day, "other")).toEqual({ kind: "NEW" });
    expect(await begin(day + 1, "other")).toEqual({ kind: "IN_PROGRESS" });
  });

  it("begins anew when the first try died before it noted anything", async () => {
    await begin(0);
    expect(await begin(899)).toEqual({ kind: "IN_PROGRESS" });
    expect(await begin(900)).toEqual({ kind: "NEW" });
  });

  it("never begins anew once a reference is noted", async () => {
    await begin(0);
    await noteReference(table(), "key-1", "evl-0123456789");
    expect(await begin(day - 1)).toMatchObject({ kind: "IN_PROGRESS" });
  });

  it.each(["", "x".repeat(1025)])("refuses a key of unusable length", async (key) => {
    await expect(begin(0, "hash", key)).rejects.toMatchObject({
      name: "BrokenInput",
      resource: "Idempotency-Key",
    });
  });

  it("can't finish what was never begun", async () => {
    await expect(
      finishRequest(table(), { key: "key-1", status: 200, body: {} }),
    ).rejects.toMatchObject({ name: "BrokenNotFound" });
  });
});
