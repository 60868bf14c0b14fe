import { describe, expect, it } from "@jest/globals";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import {
  currentInvocation,
  Invocation,
  tableOfTheLiving,
} from "../../../local/platform/invocation.ts";

const never = new Promise<never>(() => undefined);

const die = (): Promise<never> => {
  currentInvocation()?.kill();
  return never;
};

/** "ended", or the name of the error by which it ended. */
const endOf = async (running: Promise<unknown>): Promise<string> => {
  try {
    await running;
    return "ended";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const killed = (name: string): string => `${name}: Runtime exited with error: signal: killed`;

describe("the process of a function", () => {
  it("is killed alone where functions run at the same time", async () => {
    const [one, other] = [new Invocation("linear-launch"), new Invocation("judge-record")];
    const slow = one.run(async () => {
      await Promise.resolve();
      expect(currentInvocation()).toBe(one);
    });
    const dying = other.run(async () => {
      await Promise.resolve();
      await die();
    });
    expect([await endOf(slow), await endOf(dying)]).toEqual(["ended", killed("judge-record")]);
    expect([one.isKilled, other.isKilled]).toEqual([false, true]);
  });

  it("is killed alone where one runs within the other", async () => {
    const outer = new Invocation("schedule-sweep");
    const inner = new Invocation("judge-decide");
    const ending = outer.run(async () => {
      expect(await endOf(inner.run(die))).toBe(killed("judge-decide"));
      expect(currentInvocation()).toBe(outer);
    });
    expect(await endOf(ending)).toBe("ended");
  });

  it("writes nothing once it is dead, also by what it did at the same time", async () => {
    const table = createMemoryTable();
    const seen = tableOfTheLiving(table);
    const invocation = new Invocation("linear-launch");
    const item = (sk: string) => ({ pk: "a", sk, version: 1, data: {} });
    const ending = invocation.run(async () => {
      await seen.put(item("before"), { ifAbsent: true });
      const late = Promise.resolve().then(() => seen.put(item("late"), { ifAbsent: true }));
      await Promise.all([die(), late]);
    });
    expect(await endOf(ending)).toBe(killed("linear-launch"));
    await new Promise((resolve) => setImmediate(resolve));
    const { items } = await table.query({ partition: "a" });
    expect(items.map(({ sk }) => sk)).toEqual(["before"]);
  });
});
