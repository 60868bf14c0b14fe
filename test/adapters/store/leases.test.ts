import { expect, it } from "@jest/globals";
import {
  acquireLease,
  isHeld,
  readLease,
  releaseLease,
  renewLease,
} from "../../../adapters/store/leases.ts";
import { updateRestore } from "../../../adapters/store/restores.ts";
import { describeForEachTable } from "./backends.ts";
import { after, at } from "./examples.ts";

const resource = "i-0123456789abcdef0";

describeForEachTable("leases", (table) => {
  const acquire = (owner: string, seconds: number) =>
    acquireLease(table(), { resource, owner, now: after(seconds), seconds: 60 });
  const release = (owner: string, fence: number) =>
    releaseLease(table(), { resource, owner, fence });

  it("gives a free lease to the first who asks and tells the second who has it", async () => {
    expect(await acquire("first", 0)).toEqual({ kind: "HELD", fence: 1, expiresAt: at(60) });
    expect(await acquire("second", 59)).toEqual({
      kind: "BUSY",
      owner: "first",
      expiresAt: at(60),
    });
  });

  it("gives an expired lease to another, with a larger fence", async () => {
    await acquire("first", 0);
    expect(await acquire("second", 60)).toEqual({ kind: "HELD", fence: 2, expiresAt: at(120) });
  });

  it("gives no fence a second time after a restore of the table, new or known", async () => {
    await acquire("first", 0);
    const epoch = 1_772_366_400;
    const reason = "Restored";
    await updateRestore(table(), () => ({
      restoreId: "rst-1",
      epoch,
      at: at(1),
      by: "ops",
      reason,
    }));
    expect(await acquire("second", 60)).toMatchObject({ kind: "HELD", fence: epoch + 1 });
    const other = { resource: "i-other", owner: "third", now: after(60), seconds: 60 };
    expect(await acquireLease(table(), other)).toMatchObject({ kind: "HELD", fence: epoch + 1 });
  });

  it("leaves it as it is until a third of it is gone", async () => {
    await acquire("first", 0);
    expect(await acquire("first", 19)).toEqual({ kind: "HELD", fence: 1, expiresAt: at(60) });
    expect(await acquire("first", 20)).toEqual({ kind: "HELD", fence: 1, expiresAt: at(80) });
  });

  it("gives it to the same owner again with the same fence, even when it expired in between", async () => {
    await acquire("first", 0);
    expect(await acquire("first", 30)).toEqual({ kind: "HELD", fence: 1, expiresAt: at(90) });
    expect(await acquire("first", 500)).toEqual({ kind: "HELD", fence: 1, expiresAt: at(560) });
  });

  it("raises the fence strictly with each new owner, and after each release", async () => {
    const fences: number[] = [];
    for (const [index, owner] of ["a", "b", "a", "a", "c"].entries()) {
      const held = await acquire(owner, index * 100);
      if (held.kind === "HELD") fences.push(held.fence);
      if (index === 2 && held.kind === "HELD") await release(owner, held.fence);
    }
    expect(fences).toEqual([1, 2, 3, 4, 5]);
  });

  it("is renewed for its holder alone, and never taken where it is free", async () => {
    const renew = (owner: string, fence: number, seconds: number) =>
      renewLease(table(), { resource, owner, fence, now: after(seconds), seconds: 60 });
    expect(await renew("first", 1, 0)).toEqual({ kind: "LOST", lease: undefined });
    await acquire("first", 0);
    expect(await renew("first", 1, 19)).toEqual({ kind: "HELD", fence: 1, expiresAt: at(60) });
    expect(await renew("first", 1, 500)).toEqual({ kind: "HELD", fence: 1, expiresAt: at(560) });
    expect(await renew("first", 2, 500)).toMatchObject({ kind: "LOST" });
    await release("first", 1);
    expect(await renew("first", 1, 501)).toMatchObject({
      kind: "LOST",
      lease: { owner: "first", isReleased: true },
    });
    await acquire("second", 502);
    expect(await renew("first", 1, 503)).toMatchObject({
      kind: "LOST",
      lease: { owner: "second" },
    });
  });

  it("has one winner among 50 who ask at once", async () => {
    const owners = Array.from({ length: 50 }, (_, n) => `owner-${String(n)}`);
    const results = await Promise.all(owners.map((owner) => acquire(owner, 0)));
    const held = results.filter((result) => result.kind === "HELD");
    expect(held).toEqual([{ kind: "HELD", fence: 1, expiresAt: at(60) }]);
    const winner = owners[results.findIndex((result) => result.kind === "HELD")];
    for (const result of results) {
      if (result.kind === "BUSY") expect(result.owner).toBe(winner);
    }
  });

  it("is renewed for its holder alone, and never taken where it is free", async () => {
    const renew = (owner: string, fence: number, seconds: number) =>
      renewLease(table(), { resource, owner, fence, now: after(seconds), seconds: 60 });
    expect(await renew("first", 1, 0)).toEqual({ kind: "LOST", lease: undefined });
    await acquire("first", 0);
    expect(await renew("first", 1, 19)).toEqual({ kind: "HELD", fence: 1, expiresAt: at(60) });
    expect(await renew("first", 1, 500)).toEqual({ kind: "HELD", fence: 1, expiresAt: at(560) });
    expect(await renew("first", 2, 500)).toMatchObject({ kind: "LOST" });
    await release("first", 1);
    expect(await renew("first", 1, 501)).toMatchObject({
      kind: "LOST",
      lease: { owner: "first", isReleased: true },
    });
    await acquire("second", 502);
    expect(await renew("first", 1, 503)).toMatchObject({
      kind: "LOST",
      lease: { owner: "second" },
    });
  });

  it("has one winner among 50 who ask for an expired one at once", async () => {
    await acquire("before", 0);
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) => acquire(`owner-${String(n)}`, 61)),
    );
    expect(results.filter((result) => result.kind === "HELD")).toEqual([
      { kind: "HELD", fence: 2, expiresAt: at(121) },
    ]);
  });

  it("is renewed by its owner under its fence", async () => {
    await acquire("first", 0);
    expect(await acquire("first", 30)).toEqual({ kind: "HELD", fence: 1, expiresAt: at(90) });
    expect(await acquire("second", 89)).toMatchObject({ kind: "BUSY" });
  });

  it("is LOST to the owner before when another took it, and stays lost when that one lets go", async () => {
    await acquire("first", 0);
    await acquire("second", 61);
    expect(await release("first", 1)).toEqual({ kind: "LOST" });
    expect(await release("second", 2)).toEqual({ kind: "RELEASED" });
    expect(await release("first", 1)).toEqual({ kind: "LOST" });
  });

  it("is LOST when it never existed, was released, or the fence is an old one", async () => {
    expect(await release("first", 1)).toEqual({ kind: "LOST" });
    await acquire("first", 0);
    await release("first", 1);
    expect(await release("first", 1)).toEqual({ kind: "LOST" });
    await acquire("first", 2);
    expect(await release("first", 1)).toEqual({ kind: "LOST" });
    expect(await release("first", 2)).toEqual({ kind: "RELEASED" });
  });

  it("is free at once when it is released", async () => {
    await acquire("first", 0);
    expect(await release("first", 1)).toEqual({ kind: "RELEASED" });
    expect(await acquire("second", 1)).toMatchObject({ kind: "HELD", fence: 2 });
  });

  it("can be read by anyone, and is judged by the time in it", async () => {
    expect(await readLease(table(), resource)).toBeUndefined();
    await acquire("first", 0);
    const lease = await readLease(table(), resource);
    expect(lease).toEqual({
      resource,
      owner: "first",
      fence: 1,
      expiresAt: at(60),
      isReleased: false,
    });
    expect(lease && isHeld(lease, after(59))).toBe(true);
    expect(lease && isHeld(lease, after(60))).toBe(false);
    await release("first", 1);
    const released = await readLease(table(), resource);
    expect(released && isHeld(released, after(1))).toBe(false);
  });

  const begin = (owner: string, seconds: number, leftOpen: readonly string[] = []) =>
    acquireLease(table(), {
      resource,
      owner,
      now: after(seconds),
      seconds: 60,
      begins: true,
      leftOpen: (begunBy) => Promise.resolve(leftOpen.includes(begunBy)),
    });

  it("is not given to an evaluation while the one that was begun before has left something open", async () => {
    await begin("evl-one", 0);
    await release("evl-one", 1);
    const unfinished = { kind: "UNFINISHED", evaluationId: "evl-one" };
    expect(await begin("evl-two", 1, ["evl-one"])).toEqual(unfinished);
    expect(await readLease(table(), resource)).toMatchObject({ owner: "evl-one", fence: 1 });
    expect(await begin("evl-two", 2)).toMatchObject({ kind: "HELD", fence: 2, begunBy: "evl-two" });
  });

  it("stands in the way too where the one before expired and never gave it back", async () => {
    await begin("evl-one", 0);
    expect(await begin("evl-two", 61, ["evl-one"])).toMatchObject({ kind: "UNFINISHED" });
    expect(await begin("evl-one", 62, ["evl-one"])).toMatchObject({ kind: "HELD", fence: 1 });
  });

  it("remembers who was begun last, whoever holds it since only to undo or to change a target", async () => {
    await begin("evl-one", 0);
    await release("evl-one", 1);
    await begin("evl-two", 1);
    await release("evl-two", 2);
    for (const owner of ["change-1", "evl-one"]) {
      const held = await acquire(owner, 2);
      expect(held).toMatchObject({ kind: "HELD", begunBy: "evl-two" });
      if (held.kind === "HELD") await release(owner, held.fence);
    }
    expect(await begin("evl-three", 3, ["evl-two"])).toMatchObject({ kind: "UNFINISHED" });
  });
});
