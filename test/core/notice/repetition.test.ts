import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Message, Notice } from "../../../core/model/notice.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { causeOf } from "../../../core/notice/cause.ts";
import { foldTold, type Told } from "../../../core/notice/fold.ts";
import { membersOf } from "../../../core/notice/members.ts";
import {
  dueChannels,
  dueOn,
  isAcknowledged,
  nextDue,
  withFailure,
  withSent,
} from "../../../core/notice/repetition.ts";

const hourMs = 3_600_000;
const startMs = Date.parse("2026-11-01T00:00:00.000Z");
const at = (hours: number): string => new Date(startMs + hours * hourMs).toISOString();

const noticeAt = (hours: number, change: Partial<Notice> = {}): Notice => ({
  kind: "ROLLED_BACK",
  accountId: accountIdSchema.parse("444455556666"),
  error: "BrokenQuota",
  resource: "tgt-01j9z0x3k4m5n6p7q8r9",
  sentence: "It was rolled back.",
  figures: {},
  nextStep: "Look.",
  path: "/evaluations/evl-01j9z0x3k4m5n6p7q8r9",
  at: at(hours),
  ...change,
});

const told = (
  notice: Notice,
  key = `${notice.at}#${notice.member ?? ""}${notice.state ?? ""}`,
): Told => ({
  key,
  notice,
});

const fold = (before: Message | undefined, ...notices: readonly Notice[]): Message => {
  const [first = told(noticeAt(0)), ...others] = notices.map((one) => told(one));
  return foldTold("ntc-00000000000000000000", before, [first, ...others]);
};

const sendAll = (message: Message, hours: number): Message =>
  dueChannels(message, new Date(at(hours))).reduce(
    (sent, channel) => withSent(sent, channel, { as: message, at: at(hours), messageId: "m" }),
    message,
  );

describe("a cause", () => {
  it("is account, kind, error and resource, and never a time, a sentence or a figure", () => {
    const one = noticeAt(0);
    const again = noticeAt(9, {
      sentence: "Other words.",
      figures: { monthly_usd: 4 },
      state: "x",
    });
    expect(causeOf(again)).toBe(causeOf(one));
    expect(causeOf(noticeAt(0, { member: "i-1" }))).toBe(causeOf(one));
    const others = [{ kind: "DEGRADED" }, { error: "BrokenFacts" }, { resource: "i-1" }] as const;
    const all = others.map((change) => causeOf(noticeAt(0, change)));
    expect(new Set([causeOf(one), ...all]).size).toBe(4);
  });
});

describe("a message", () => {
  it("is due at once when its cause is new, on every channel", () => {
    expect(dueChannels(fold(undefined, noticeAt(0)), new Date(at(0)))).toEqual([
      "SNS",
      "WEBHOOK",
      "EVENT_BUS",
    ]);
  });

  it("is repeated to persons after a day while it is told, and not before", () => {
    const sent = sendAll(fold(undefined, noticeAt(0)), 0);
    expect(nextDue(sent)).toBeUndefined();
    const again = fold(sent, noticeAt(1));
    expect(dueOn(again, "SNS")).toBe(at(24));
    expect(dueOn(again, "WEBHOOK")).toBe(at(24));
    expect(dueOn(again, "EVENT_BUS")).toBe(at(1));
  });

  it("whose state has changed is due at once", () => {
    const sent = sendAll(fold(undefined, noticeAt(0, { state: "one" })), 0);
    expect(dueOn(fold(sent, noticeAt(1, { state: "other" })), "SNS")).toBe(at(1));
  });

  it("is due at once when one is added to its list, and not when one of them is told again", () => {
    const sent = sendAll(fold(undefined, noticeAt(0, { member: "one" })), 0);
    const again = sendAll(fold(sent, noticeAt(1, { member: "one" })), 1);
    expect(dueOn(again, "SNS")).toBe(at(24));
    const two = fold(again, noticeAt(2, { member: "other" }));
    expect(dueOn(two, "SNS")).toBe(at(2));
    expect(membersOf(two)).toEqual(["other", "one"]);
    const known = { ...two, acknowledged: { by: "ada", at: at(2), joined: two.joined ?? 0 } };
    expect(isAcknowledged(known)).toBe(true);
    const both = sendAll(fold(two, noticeAt(3, { member: "one" })), 3);
    expect(dueOn(fold(both, noticeAt(4, { member: "one" })), "SNS")).toBe(at(27));
    expect(isAcknowledged(fold(known, noticeAt(5, { member: "third" })))).toBe(false);
  });

  it("lists whom it has told of within a day, the last 500 of them", () => {
    const first = fold(
      undefined,
      noticeAt(0, { member: "early" }),
      noticeAt(2, { member: "late" }),
    );
    const after = fold(first, noticeAt(25, { member: "new" }));
    expect(membersOf(after)).toEqual(["new", "late"]);
    expect(after.joined).toBe(3);
    const many = Array.from({ length: 600 }, (_, index) =>
      noticeAt(index / 60, { member: `i-${String(index)}` }),
    );
    const listed = membersOf(fold(undefined, ...many));
    expect([listed.length, listed[0], listed.at(-1)]).toEqual([500, "i-599", "i-100"]);
  });

  it("that needs an operator is repeated each hour until somebody acknowledges it, and again once it has changed", () => {
    const kind = "NEEDS_OPERATOR";
    const sent = sendAll(fold(undefined, noticeAt(0, { kind, state: "evl-1" })), 0);
    expect(dueOn(sent, "SNS")).toBe(at(1));
    const twice = sendAll(sent, 1);
    expect(dueOn(twice, "SNS")).toBe(at(2));
    expect(dueOn(twice, "EVENT_BUS")).toBeUndefined();
    const known = { ...twice, acknowledged: { by: "ada", at: at(1), state: "evl-1" } };
    expect(isAcknowledged(known)).toBe(true);
    expect(nextDue(known)).toBeUndefined();
    const changed = fold(known, noticeAt(5, { kind, state: "evl-2" }));
    expect(isAcknowledged(changed)).toBe(false);
    expect(dueOn(changed, "SNS")).toBe(at(5));
  });

  it("of what has passed is not repeated until it is told again", () => {
    const kind = "NEEDS_OPERATOR";
    const over = { ...sendAll(fold(undefined, noticeAt(0, { kind })), 0), overAt: at(1) };
    expect(nextDue(over)).toBeUndefined();
    expect(dueOn(fold(over, noticeAt(3, { kind })), "SNS")).toBe(at(1));
  });

  it("that was not taken is tried after one minute, then twice as long each time, an hour at most", () => {
    let message = fold(undefined, noticeAt(0));
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      message = withFailure(message, "SNS", { at: at(0), error: "refused" });
      const retryAt = message.sent.SNS?.failing?.retryAt ?? "";
      waits.push((Date.parse(retryAt) - startMs) / 60_000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(withSent(message, "SNS", { as: message, at: at(1) }).sent.SNS?.failing).toBeUndefined();
  });
});

const tellings = fc.array(
  fc.record({ minutes: fc.integer({ min: 0, max: 6000 }), state: fc.constantFrom("a", "b") }),
  { minLength: 1, maxLength: 60 },
);

describe("whatever is told in whatever order", () => {
  it("is counted once, however it is split and however often it is met", () => {
    fc.assert(
      fc.property(tellings, fc.integer({ min: 1, max: 60 }), (given, split) => {
        const all = given.map(({ minutes, state }, index) =>
          told(noticeAt(minutes / 60, { state }), String(index)),
        );
        const [first, ...others] = all as [Told, ...Told[]];
        const id = "ntc-00000000000000000000";
        const whole = foldTold(id, undefined, [first, ...others]);
        expect(foldTold(id, whole, [first, ...others])).toBe(whole);
        const [head, ...rest] = all.slice(0, split) as [Told, ...Told[]];
        const half = foldTold(id, undefined, [head, ...rest]);
        // A run that died before it had let anything go: all are met again, and more.
        const met = foldTold(id, half, [first, ...others]);
        expect(met.times).toBe(all.length);
        expect(met.firstAt).toBe(whole.firstAt);
        expect(met.lastAt).toBe(whole.lastAt);
      }),
    );
  });

  it("reaches persons at once when it changes, and else once a day at most", () => {
    fc.assert(
      fc.property(tellings, (given) => {
        const byTime = [...given].sort((one, other) => one.minutes - other.minutes);
        let message: Message | undefined;
        const sentAt: number[] = [];
        let changes = 0;
        let state: string | undefined;
        for (let minute = 0; minute <= 6000 + 24 * 60; minute += 1) {
          const now = byTime.filter(({ minutes }) => minutes === minute);
          if (now.length > 0) {
            const notices = now.map((one, index) =>
              told(
                noticeAt(minute / 60, { state: one.state }),
                `${String(minute)}#${String(index)}`,
              ),
            );
            message = foldTold("ntc-00000000000000000000", message, notices as [Told, ...Told[]]);
            if (message.latest.state !== state) changes += 1;
            ({ state } = message.latest);
          }
          if (message === undefined) continue;
          const hours = minute / 60;
          if (dueChannels(message, new Date(at(hours))).includes("SNS")) sentAt.push(minute);
          message = sendAll(message, hours);
        }
        expect(message === undefined ? undefined : nextDue(message)).toBeUndefined();
        expect(sentAt.length).toBeGreaterThanOrEqual(changes);
        expect(sentAt.length).toBeLessThanOrEqual(changes + Math.ceil(7440 / 1440));
      }),
      { numRuns: 20 },
    );
  });
});
