import { describe, expect, it } from "@jest/globals";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { atPace, readsAtPace, takeLaunches } from "../../../lambdas/fleet/calls.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

const place = { accountId: accountIdSchema.parse("444455556666"), region: "eu-central-1" };
const startMs = Date.parse("2026-03-01T12:00:00.000Z");

/** A clock that moves while somebody waits. */
const virtual = () => {
  let nowMs = startMs;
  return {
    table: createMemoryTable(),
    now: () => new Date(nowMs),
    pause: (milliseconds: number) => {
      nowMs += milliseconds;
      return Promise.resolve();
    },
  };
};

const clientOf = ({ now }: ReturnType<typeof virtual>) => {
  const times: number[] = [];
  return {
    times,
    send: (request: { readonly name: string }) => {
      times.push((now().getTime() - startMs) / 1000);
      return Promise.resolve(request.name);
    },
  };
};

describe("reading calls at their pace", () => {
  it("are 25 at once and five a second after them, also where many ask at the same time", async () => {
    const context = virtual();
    const client = clientOf(context);
    const paced = atPace(client, readsAtPace(context, place));
    const asked = Array.from({ length: 60 }, (_, index) => paced.send({ name: String(index) }));
    expect(await Promise.all(asked)).toEqual(asked.map((_, index) => String(index)));
    expect(client.times).toHaveLength(60);
    expect(client.times.filter((second) => second === 0)).toHaveLength(25);
    expect(client.times.at(-1)).toBeCloseTo(35 / 5);
  });

  it("of two invocations share what there is", async () => {
    const context = virtual();
    const client = clientOf(context);
    const one = atPace(client, readsAtPace(context, place));
    const other = atPace(client, readsAtPace(context, place));
    for (let call = 0; call < 20; call += 1) {
      await one.send({ name: "one" });
      await other.send({ name: "other" });
    }
    for (const [first, from] of client.times.entries()) {
      client.times.slice(first).forEach((until, count) => {
        expect(count + 1).toBeLessThanOrEqual(25 + 1e-6 + (until - from) * 5 + 1);
      });
    }
  });

  it("are refused where others have taken the next minute, and made after it", async () => {
    const context = virtual();
    const client = clientOf(context);
    for (let taken = 0; taken < 400; taken += 1) {
      const reads = readsAtPace(context, place);
      try {
        await reads();
      } catch (error) {
        expect(error).toMatchObject({ name: "RetryableThrottled", isOwn: true });
        break;
      }
    }
    await context.pause(5 * 60_000);
    expect(await atPace(client, readsAtPace(context, place)).send({ name: "late" })).toBe("late");
  });

  it("take nothing of launches, nor these of them", async () => {
    const context = virtual();
    const reads = readsAtPace(context, place);
    for (let call = 0; call < 20; call += 1) await reads();
    expect(await takeLaunches(context, { place, calls: 3, withinSeconds: 60 })).toMatchObject({
      granted: 3,
      afterSeconds: 0,
    });
  });
});
