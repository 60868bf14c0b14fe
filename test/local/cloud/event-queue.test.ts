import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { EventQueue } from "../../../local/cloud/event-queue.ts";

const drain = (queue: EventQueue<number>): readonly number[] => {
  const taken: number[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) taken.push(next.event);
  return taken;
};

describe("the queue of events", () => {
  it("gives them in order of time and, at one time, as they came, without those that were cancelled", () => {
    const entry = fc.record({ atMs: fc.integer({ min: 0, max: 9 }), isCancelled: fc.boolean() });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), (entries) => {
        const queue = new EventQueue<number>();
        const cancels = entries.map(({ atMs }, index) => queue.add(atMs, index));
        for (const [index, { isCancelled }] of entries.entries()) {
          if (isCancelled) cancels[index]?.();
        }
        const expected = entries
          .map((each, index) => ({ ...each, index }))
          .filter(({ isCancelled }) => !isCancelled)
          .sort((one, other) => one.atMs - other.atMs || one.index - other.index)
          .map(({ index }) => index);
        expect(queue.length).toBe(expected.length);
        expect(drain(queue)).toEqual(expected);
        expect(queue.length).toBe(0);
      }),
    );
  });

  it("is as long as before when something that was taken or cancelled is cancelled", () => {
    const queue = new EventQueue<number>();
    const cancels = [queue.add(1, 1), queue.add(2, 2), queue.add(3, 3)];
    queue.take();
    cancels[0]?.();
    cancels[1]?.();
    cancels[1]?.();
    expect(queue.length).toBe(1);
    expect(queue.peek()?.event).toBe(3);
  });
});
