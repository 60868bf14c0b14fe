import { describe, expect, it } from "@jest/globals";
import { updateAccount } from "../../../adapters/store/accounts.ts";
import { listEffects } from "../../../adapters/store/evaluations.ts";
import { listIntents, planIntent, updateIntent } from "../../../adapters/store/intents.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { setKillSwitch } from "../../../adapters/store/kill-switch.ts";
import { acquireLease } from "../../../adapters/store/leases.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { leaseSeconds } from "../../../lambdas/evaluation/lease.ts";
import type { EvaluationSession } from "../../../lambdas/evaluation/session.ts";
import {
  actedIntent,
  assertNotStopped,
  perform,
  recordEffect,
  type Performance,
  type RecordedCall,
} from "../../../lambdas/evaluation/perform.ts";
import {
  accountId,
  at,
  evaluationId as anyId,
  instanceId,
  intent,
} from "../../adapters/store/examples.ts";
import { evaluationId, stepUnderTest, type StepUnderTest } from "./step-under-test.ts";

interface Made {
  readonly requestId: string;
  readonly imageId?: string;
}

const image: Performance<Made>["intent"] = {
  id: "image-warm",
  change: { kind: "CREATE_IMAGE", purpose: "warm", imageName: "warm" },
};

const makeImage = (change: Partial<Performance<Made>> = {}): Performance<Made> => ({
  intent: image,
  action: "CreateImage",
  resource: instanceId(1),
  call: () => Promise.resolve({ requestId: "request-1", imageId: "ami-1" }),
  acted: (result, before) =>
    before.kind === "CREATE_IMAGE" && result.imageId !== undefined
      ? { ...before, imageId: result.imageId }
      : before,
  ...change,
});

/** The same call without an intent. */
const alone = ({ action, resource, call }: Performance<Made>): RecordedCall<Made> => ({
  action,
  resource,
  call: () => call(intent("none")),
});

const throttled = new SpotOptimizerError("RetryableThrottled", "Too many requests.", {
  code: "RequestLimitExceeded",
  cause: Object.assign(new Error("Too many"), { $metadata: { requestId: "request-2" } }),
});

const engage = (under: StepUnderTest, scope: "global" | typeof accountId): Promise<unknown> =>
  setKillSwitch(under.table, {
    scope,
    engaged: true,
    reason: "an incident",
    by: "operator",
    now: under.context.now(),
  });

const stored = async (under: StepUnderTest) => ({
  intents: await listIntents(under.table, evaluationId),
  effects: await listEffects(under.table, evaluationId),
});

describe("a call that changes something", () => {
  it("is made after kill switch, lease and intent, and is noted with its request id", async () => {
    const under = await stepUnderTest();
    const session = await under.session();
    under.events.length = 0;
    const result = await perform(
      session,
      makeImage({
        call: () => {
          under.events.push("call");
          return Promise.resolve({ requestId: "request-1", imageId: "ami-1" });
        },
      }),
    );
    expect(result).toEqual({ requestId: "request-1", imageId: "ami-1" });
    expect(under.events).toEqual([
      "read KILL_SWITCH",
      "read KILL_SWITCH",
      "read LEASE",
      "write INTENT",
      "call",
      "write INTENT",
    ]);
    expect(await stored(under)).toEqual({
      intents: [
        {
          id: "image-warm",
          status: "ACTED",
          fence: 1,
          plannedAt: at(0),
          actedAt: at(0),
          change: { ...image.change, imageId: "ami-1" },
        },
      ],
      effects: [
        {
          action: "CreateImage",
          resource: instanceId(1),
          at: at(0),
          requestId: "request-1",
          outcome: "DONE",
        },
      ],
    });
  });

  it("keeps what stood there before and the digest of the first call's parameters, whatever a retry says", async () => {
    const under = await stepUnderTest();
    const first = { swapId: "swap-2", before: { maxSize: 6, warmPool: null }, callDigest: "1a" };
    const failing = makeImage({
      intent: { ...image, ...first },
      call: () => Promise.reject(throttled),
    });
    await expect(perform(await under.session(), failing)).rejects.toBe(throttled);
    const again = { ...image, ...first, before: { maxSize: 7, warmPool: null }, callDigest: "2b" };
    await perform(await under.session(), makeImage({ intent: again }));
    expect((await stored(under)).intents).toMatchObject([{ ...first, status: "ACTED" }]);
  });

  it("is given the intent as an earlier attempt wrote it", async () => {
    const under = await stepUnderTest();
    const earlier = intent("retire-original", {
      change: {
        kind: "RETIRE_ORIGINAL",
        instanceId: instanceId(1),
        dueAt: at(100),
        launchedAt: "2026-02-01T00:00:00.000Z",
      },
    });
    await planIntent(under.table, evaluationId, earlier);
    under.pass(50);
    const seen: unknown[] = [];
    await perform(await under.session(), {
      intent: {
        id: "retire-original",
        change: {
          kind: "RETIRE_ORIGINAL",
          instanceId: instanceId(1),
          dueAt: at(150),
          launchedAt: "2026-02-01T00:00:00.000Z",
        },
      },
      action: "CreateTags",
      resource: instanceId(1),
      call: ({ change }) => {
        seen.push(change);
        return Promise.resolve({ requestId: "request-1" });
      },
    });
    expect(seen).toEqual([earlier.change]);
    const [intentNow] = (await stored(under)).intents;
    expect(intentNow).toMatchObject({ change: earlier.change, status: "ACTED", plannedAt: at(0) });
  });

  it("leaves its intent open when it fails, for it may have acted, and is noted as refused", async () => {
    const under = await stepUnderTest();
    const performance = makeImage({ call: () => Promise.reject(throttled) });
    await expect(perform(await under.session(), performance)).rejects.toBe(throttled);
    expect(await stored(under)).toMatchObject({
      intents: [{ id: "image-warm", status: "PLANNED" }],
      effects: [{ outcome: "REFUSED", requestId: "request-2", message: "Too many requests." }],
    });
  });

  const answered = (name: "BrokenPermission" | "RetryableUnavailable", metadata: object) =>
    new SpotOptimizerError(name, "No.", {
      code: "No",
      cause: Object.assign(new Error("No."), { $metadata: metadata }),
    });
  const refusal = answered("BrokenPermission", { httpStatusCode: 403, attempts: 1 });
  const failing = (error: Error) => makeImage({ call: () => Promise.reject(error) });

  it.each([
    ["closes its intent where AWS refused it at once: it has not acted", refusal, "UNDONE"],
    [
      "leaves its intent open where an earlier request of the SDK's may have acted",
      answered("BrokenPermission", { httpStatusCode: 403, attempts: 2 }),
      "PLANNED",
    ],
    [
      "leaves its intent open where AWS failed",
      answered("RetryableUnavailable", { httpStatusCode: 503, attempts: 1 }),
      "PLANNED",
    ],
  ] as const)("%s", async (_name, error, status) => {
    const under = await stepUnderTest();
    await expect(perform(await under.session(), failing(error))).rejects.toBe(error);
    expect((await stored(under)).intents).toMatchObject([{ status }]);
  });

  it("is noted as unknown where what was refused is another call, by which its answer was to be understood", async () => {
    const under = await stepUnderTest();
    const other = new SpotOptimizerError("BrokenPermission", "DescribeImages: not authorized.", {
      code: "UnauthorizedOperation",
      action: "DescribeImages",
      cause: refusal.cause,
    });
    await expect(perform(await under.session(), failing(other))).rejects.toBe(other);
    expect(await stored(under)).toMatchObject({
      intents: [{ status: "PLANNED" }],
      effects: [{ outcome: "UNKNOWN", requestId: "unknown", message: other.message }],
    });
  });

  it("leaves its intent open where a retry is refused: the first call may have acted", async () => {
    const under = await stepUnderTest();
    await expect(perform(await under.session(), failing(throttled))).rejects.toBe(throttled);
    await expect(perform(await under.session(), failing(refusal))).rejects.toBe(refusal);
    expect((await stored(under)).intents).toMatchObject([{ status: "PLANNED" }]);
  });

  it("opens its intent again before it is made anew: it may act this time", async () => {
    const under = await stepUnderTest();
    await expect(perform(await under.session(), failing(refusal))).rejects.toBe(refusal);
    await expect(perform(await under.session(), failing(throttled))).rejects.toBe(throttled);
    expect((await stored(under)).intents).toMatchObject([{ status: "PLANNED" }]);
  });

  it("leaves its intent open when the function dies of an error that nobody knows", async () => {
    const under = await stepUnderTest();
    const performance = makeImage({ call: () => Promise.reject(new TypeError("a bug")) });
    await expect(perform(await under.session(), performance)).rejects.toThrow("a bug");
    expect(await stored(under)).toMatchObject({
      intents: [{ status: "PLANNED" }],
      effects: [{ outcome: "UNKNOWN", message: "No answer was noted." }],
    });
  });

  it("whose answer was lost is noted as unknown, and as done once it was made again", async () => {
    const under = await stepUnderTest();
    const lost = new SpotOptimizerError("RetryableUnavailable", "CreateImage: ECONNRESET", {
      code: "ECONNRESET",
    });
    const losing = makeImage({ call: () => Promise.reject(lost) });
    await expect(perform(await under.session(), losing)).rejects.toBe(lost);
    under.pass(5);
    await perform(await under.session(), makeImage());
    expect((await stored(under)).effects).toMatchObject([
      { at: at(0), outcome: "UNKNOWN", message: lost.message, requestId: "unknown" },
      { at: at(5), outcome: "DONE", requestId: "request-1" },
    ]);
  });

  it.each([
    ["with an intent", perform],
    ["alone", (session, made) => recordEffect(session, alone(made))],
  ] as const satisfies readonly (readonly [
    string,
    (session: EvaluationSession, made: Performance<Made>) => Promise<unknown>,
  ])[])(
    "is in the record %s before it is made: a function that dies, or a table that fails, leaves it unknown",
    async (_how, make) => {
      const under = await stepUnderTest();
      const session = await under.session();
      const failing = new SpotOptimizerError("BrokenPermission", "PutItem: AccessDenied", {
        code: "AccessDenied",
        isOwn: true,
      });
      let isCalled = false;
      const table: Table = {
        ...under.table,
        put: (item, condition) =>
          isCalled ? Promise.reject(failing) : under.table.put(item, condition),
      };
      const made = makeImage({
        call: () => {
          isCalled = true;
          return Promise.resolve({ requestId: "request-1", imageId: "ami-1" });
        },
      });
      const cutOff = { ...session, context: { ...session.context, table } };
      await expect(make(cutOff, made)).rejects.toBe(failing);
      expect((await stored(under)).effects).toMatchObject([
        { action: "CreateImage", outcome: "UNKNOWN", message: "No answer was noted." },
      ]);
    },
  );

  it("leaves nothing behind in the record where it was answered in time", async () => {
    const under = await stepUnderTest();
    const { requestId } = await recordEffect(await under.session(), alone(makeImage()));
    expect((await stored(under)).effects).toEqual([
      { action: "CreateImage", resource: instanceId(1), at: at(0), requestId, outcome: "DONE" },
    ]);
  });

  it("that was answered with a refusal has changed nothing: its intent is closed", async () => {
    const under = await stepUnderTest();
    const result = await perform(
      await under.session(),
      makeImage({
        call: () => Promise.resolve({ requestId: "request-1" }),
        refused: ({ imageId }) => (imageId === undefined ? "No capacity." : undefined),
      }),
    );
    expect(result.requestId).toBe("request-1");
    expect(await stored(under)).toMatchObject({
      intents: [{ status: "UNDONE", change: image.change }],
      effects: [{ outcome: "REFUSED", message: "No capacity.", requestId: "request-1" }],
    });
  });

  it("is not made in shadow mode, and nothing is written", async () => {
    const under = await stepUnderTest({ evaluation: { isShadowMode: true } });
    const session = await under.session();
    under.events.length = 0;
    let calls = 0;
    const counted = makeImage({
      call: () => {
        calls += 1;
        return Promise.resolve({ requestId: "request-1" });
      },
    });
    await expect(perform(session, counted)).rejects.toMatchObject({
      name: "BrokenRequest",
      message: expect.stringContaining("shadow mode"),
    });
    expect(calls).toBe(0);
    expect(under.events).toEqual([]);
  });
});

describe("what keeps a call from being made", () => {
  const cases: readonly {
    readonly what: string;
    readonly stop: (under: StepUnderTest) => Promise<unknown>;
    readonly error: string;
    readonly says: string;
  }[] = [
    {
      what: "the kill switch of all",
      stop: (under) => engage(under, "global"),
      error: "StaleKillSwitch",
      says: "an incident",
    },
    {
      what: "the kill switch of the account",
      stop: (under) => engage(under, accountId),
      error: "StaleKillSwitch",
      says: "an incident",
    },
    {
      what: "a lease that somebody else has",
      stop: (under) => {
        under.pass(leaseSeconds + 1);
        return acquireLease(under.table, {
          resource: under.resource,
          owner: anyId(2),
          now: under.context.now(),
          seconds: leaseSeconds,
        });
      },
      error: "StaleLease",
      says: anyId(2),
    },
  ];

  it.each(cases)("is $what, also when it came after the step had begun", async (stopped) => {
    const under = await stepUnderTest();
    const session = await under.session();
    await stopped.stop(under);
    let calls = 0;
    const counted = makeImage({
      call: () => {
        calls += 1;
        return Promise.resolve({ requestId: "request-1" });
      },
    });
    await expect(perform(session, counted)).rejects.toMatchObject({
      name: stopped.error,
      message: expect.stringContaining(stopped.says),
    });
    expect(calls).toBe(0);
    expect(await stored(under)).toEqual({ intents: [], effects: [] });
  });

  it("is an account that was disabled before the step began", async () => {
    const under = await stepUnderTest();
    await updateAccount(under.table, accountId, (account) => ({ ...account, status: "DISABLED" }));
    await expect(assertNotStopped(await under.session())).rejects.toMatchObject({
      name: "StaleKillSwitch",
      message: expect.stringContaining("was disabled meanwhile"),
    });
  });

  it("is nothing when the switch was lifted", async () => {
    const under = await stepUnderTest();
    await engage(under, "global");
    await setKillSwitch(under.table, {
      scope: "global",
      engaged: false,
      reason: "it is over",
      by: "operator",
      now: under.context.now(),
    });
    await expect(assertNotStopped(await under.session())).resolves.toBeUndefined();
  });
});

describe("a call without an intent, as a roll-back makes it", () => {
  it("is recorded, and is not stopped by the kill switch", async () => {
    const under = await stepUnderTest();
    await engage(under, "global");
    await recordEffect(await under.session(), {
      action: "StartInstances",
      resource: instanceId(1),
      call: () => Promise.resolve({ requestId: "request-1" }),
    });
    expect(await stored(under)).toMatchObject({
      intents: [],
      effects: [{ action: "StartInstances", outcome: "DONE", requestId: "request-1" }],
    });
  });
});

describe("an intent that has acted", () => {
  it("is found by its id only once it is known to have acted", async () => {
    const under = await stepUnderTest();
    const session = await under.session();
    expect(await actedIntent(session, "stop")).toBeUndefined();
    await planIntent(session.context.table, evaluationId, intent("stop"));
    expect(await actedIntent(session, "stop")).toBeUndefined();
    const acted = await updateIntent(session.context.table, evaluationId, "stop", (before) => ({
      ...before,
      status: "ACTED",
    }));
    expect(await actedIntent(session, "stop")).toEqual(acted);
    expect(await actedIntent(session, "launch")).toBeUndefined();
  });
});
