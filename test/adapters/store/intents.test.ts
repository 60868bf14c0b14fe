import { expect, it } from "@jest/globals";
import type { Intent } from "../../../core/model/intent.ts";
import { appendEffect, listEffects } from "../../../adapters/store/evaluations.ts";
import {
  commitIntents,
  listIntentsWithCalls,
  getIntent,
  listDueIntents,
  listIntents,
  noteAnswer,
  planIntent,
  updateIntent,
  updateIntents,
} from "../../../adapters/store/intents.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { describeForEachTable } from "./backends.ts";
import { after, at, effect, evaluationId, instanceId, intent } from "./examples.ts";

const retire = (dueInSeconds: number, changes: Partial<Intent> = {}): Intent =>
  intent("retire", {
    status: "COMMITTED",
    actedAt: at(1),
    change: {
      kind: "RETIRE_ORIGINAL",
      instanceId: instanceId(1),
      dueAt: at(dueInSeconds),
      launchedAt: "2026-02-01T00:00:00.000Z",
    },
    ...changes,
  });

const expireImage = (dueInSeconds: number): Intent =>
  intent("expire-image", {
    status: "COMMITTED",
    change: { kind: "EXPIRE_IMAGE", imageId: "ami-0123456789abcdef0", dueAt: at(dueInSeconds) },
  });

describeForEachTable("intents", (table) => {
  const due = async (seconds: number, limit = 10) =>
    (await listDueIntents(table(), { now: after(seconds), limit })).map((one) => one.evaluationId);

  it("are listed in the order planned, whatever their names and times", async () => {
    for (const id of ["stop", "launch-1", "attach", "image"]) {
      await planIntent(table(), evaluationId(1), intent(id));
    }
    await planIntent(table(), evaluationId(2), intent("other"));
    const listed = await listIntents(table(), evaluationId(1));
    expect(listed.map(({ id }) => id)).toEqual(["stop", "launch-1", "attach", "image"]);
  });

  it("that could not be carried out are due again at their next time, and not before", async () => {
    await planIntent(table(), evaluationId(1), retire(100));
    await updateIntent(table(), evaluationId(1), "retire", (stored) => ({
      ...stored,
      retryAt: at(300),
    }));
    expect(await due(200)).toEqual([]);
    expect(await due(300)).toEqual([evaluationId(1)]);
    const [found] = await listDueIntents(table(), { now: after(300), limit: 10 });
    expect(found?.intent.change).toMatchObject({ dueAt: at(100) });
  });

  it("are planned once: the stored one is returned to a step that is tried again", async () => {
    const first = await planIntent(table(), evaluationId(1), intent("stop", { fence: 1 }));
    await updateIntent(table(), evaluationId(1), "stop", (stored) => ({
      ...stored,
      status: "ACTED",
      actedAt: at(5),
    }));
    const second = await planIntent(table(), evaluationId(1), intent("stop", { fence: 9 }));
    expect(first.intent).toEqual(intent("stop"));
    expect(second.intent).toEqual(intent("stop", { status: "ACTED", actedAt: at(5) }));
    expect(await listIntents(table(), evaluationId(1))).toEqual([second.intent]);
  });

  it("are planned once by two who plan at the same time", async () => {
    const planned = await Promise.all(
      [1, 2].map((fence) => planIntent(table(), evaluationId(1), intent("stop", { fence }))),
    );
    expect(planned[0]?.item).toEqual(planned[1]?.item);
    expect(planned.map(({ isFirst }) => isFirst).sort()).toEqual([false, true]);
    expect(await listIntents(table(), evaluationId(1))).toEqual([planned[0]?.intent]);
  });

  it("that AWS refused are planned anew, and keep what it answered", async () => {
    const refused = await planIntent(
      table(),
      evaluationId(1),
      intent("stop", { callDigest: "1a" }),
    );
    const effect = {
      action: "StopInstances",
      resource: "i-1",
      at: at(1),
      requestId: "r1",
    } as const;
    await noteAnswer(table(), refused, { ...effect, outcome: "REFUSED" }, (stored) => ({
      ...stored,
      status: "UNDONE",
      undoneAt: at(1),
    }));
    const again = intent("stop", { fence: 2, plannedAt: at(9), callDigest: "2b" });
    const planned = await planIntent(table(), evaluationId(1), again);
    expect(planned).toMatchObject({ intent: again, isFirst: true });
    expect(await listIntents(table(), evaluationId(1))).toEqual([again]);
    const [stored] = await listIntentsWithCalls(table(), evaluationId(1));
    expect(stored?.effects).toHaveLength(1);
    // Until something is known of that call, it may have acted.
    expect((await planIntent(table(), evaluationId(1), again)).isFirst).toBe(false);
  });

  it("are found by name, and planned and changed without a look at the others", async () => {
    const queried: unknown[] = [];
    const watched = {
      ...bound(table()),
      query: (input: Parameters<Table["query"]>[0]) => {
        queried.push(input);
        return table().query(input);
      },
    };
    const planned = await planIntent(watched, evaluationId(1), intent("stop"));
    await noteAnswer(watched, planned, effect(1), (stored) => ({ ...stored, status: "ACTED" }));
    expect(await getIntent(watched, evaluationId(1), "stop")).toMatchObject({ status: "ACTED" });
    expect(await getIntent(watched, evaluationId(1), "start")).toBeUndefined();
    await appendEffect(watched, evaluationId(1), effect(2));
    expect(queried).toEqual([]);
  });

  it("are believed where they lag only once they have acted", async () => {
    const planned = await planIntent(table(), evaluationId(1), intent("stop"));
    const early = await table().get(planned.item);
    const lagging: Table = {
      ...bound(table()),
      get: (key, reading) =>
        reading === "EVENTUAL" ? Promise.resolve(early) : table().get(key, reading),
    };
    await noteAnswer(table(), planned, effect(1), (stored) => ({ ...stored, status: "ACTED" }));
    expect(await getIntent(lagging, evaluationId(1), "stop")).toMatchObject({ status: "ACTED" });
  });

  it("carry the effects that were noted with them, in order of time among the others", async () => {
    const planned = await planIntent(table(), evaluationId(1), intent("move"));
    await appendEffect(table(), evaluationId(1), effect(2));
    for (const seconds of [3, 1]) {
      await noteAnswer(table(), planned, effect(seconds), (stored) => ({
        ...stored,
        status: "ACTED",
      }));
    }
    expect(await listEffects(table(), evaluationId(1))).toEqual([effect(1), effect(2), effect(3)]);
    expect(await listIntents(table(), evaluationId(1))).toEqual([
      intent("move", { status: "ACTED" }),
    ]);
  });

  it("are changed together, all but those that stay as they are", async () => {
    for (const id of ["stop", "start"]) await planIntent(table(), evaluationId(1), intent(id));
    await updateIntents(table(), evaluationId(1), (stored) =>
      stored.id === "stop" ? { ...stored, status: "COMMITTED" } : stored,
    );
    expect(await listIntents(table(), evaluationId(1))).toEqual([
      intent("stop", { status: "COMMITTED" }),
      intent("start"),
    ]);
  });

  it("are committed by one item, but for those that become due, and what is planned later is not", async () => {
    const asStored: Intent[] = [
      intent("stop", { status: "ACTED" }),
      intent("image", { status: "UNDONE" }),
      retire(600, { status: "ACTED" }),
    ];
    for (const one of asStored) await planIntent(table(), evaluationId(1), one);
    for (const _attempt of ["the first", "one that repeats it"]) {
      await commitIntents(table(), evaluationId(1), {
        committedAt: at(300),
        change: (stored) => ({ ...stored, fence: 9 }),
      });
    }
    await planIntent(table(), evaluationId(1), intent("later", { plannedAt: at(301) }));
    expect(await listIntents(table(), evaluationId(1))).toEqual([
      intent("stop", { status: "COMMITTED" }),
      intent("image", { status: "UNDONE" }),
      retire(600, { fence: 9 }),
      intent("later", { plannedAt: at(301) }),
    ]);
    expect(await due(600)).toEqual([evaluationId(1)]);
  });

  it("are committed although the table answers the first writing with a conflict", async () => {
    await planIntent(table(), evaluationId(1), intent("stop", { status: "ACTED" }));
    let conflicts = 1;
    const contended: Table = {
      get: (key, reading) => table().get(key, reading),
      query: (input) => table().query(input),
      delete: (key, condition) => table().delete(key, condition),
      put: (item, condition) =>
        (conflicts -= 1) >= 0
          ? Promise.resolve({ kind: "CONFLICT" })
          : table().put(item, condition),
    };
    await commitIntents(contended, evaluationId(1), {
      committedAt: at(300),
      change: (stored) => stored,
    });
    expect(await listIntents(table(), evaluationId(1))).toEqual([
      intent("stop", { status: "COMMITTED" }),
    ]);
  });

  it("lose no change of two who change at the same time", async () => {
    await planIntent(table(), evaluationId(1), intent("stop"));
    const bump = (): Promise<Intent> =>
      updateIntent(table(), evaluationId(1), "stop", (stored) => ({
        ...stored,
        fence: stored.fence + 1,
      }));
    await Promise.all([bump(), bump(), bump()]);
    expect((await listIntents(table(), evaluationId(1)))[0]?.fence).toBe(4);
  });

  it("can't be changed when they were never planned", async () => {
    await expect(
      updateIntent(table(), evaluationId(1), "stop", (stored) => stored),
    ).rejects.toMatchObject({
      name: "BrokenNotFound",
      message: expect.stringContaining(`intent stop of evaluation ${evaluationId(1)}`),
    });
  });

  it("are due from their time on, longest due first", async () => {
    await planIntent(table(), evaluationId(1), retire(300));
    await planIntent(table(), evaluationId(2), retire(100));
    await planIntent(table(), evaluationId(3), intent("stop"));
    await planIntent(table(), evaluationId(4), expireImage(200));
    expect(await due(99)).toEqual([]);
    expect(await due(100)).toEqual([evaluationId(2)]);
    expect(await due(300)).toEqual([evaluationId(2), evaluationId(4), evaluationId(1)]);
    expect(await due(300, 1)).toEqual([evaluationId(2)]);
  });

  it.each(["PLANNED", "ACTED", "UNDONE", "SETTLED"] as const)(
    "are not due while their evaluation may still roll back, nor after their end: %s",
    async (status) => {
      await planIntent(table(), evaluationId(1), retire(100));
      await updateIntent(table(), evaluationId(1), "retire", (stored) => ({ ...stored, status }));
      expect(await due(200)).toEqual([]);
    },
  );

  it("become due when their evaluation is committed", async () => {
    await planIntent(table(), evaluationId(1), retire(100, { status: "ACTED" }));
    expect(await due(200)).toEqual([]);
    await updateIntent(table(), evaluationId(1), "retire", () => retire(100));
    expect(await due(200)).toEqual([evaluationId(1)]);
  });

  it("follow a later due time", async () => {
    await planIntent(table(), evaluationId(1), retire(100));
    await updateIntent(table(), evaluationId(1), "retire", () => retire(500));
    expect(await due(200)).toEqual([]);
    expect(await due(500)).toEqual([evaluationId(1)]);
  });

  it("are judged by what is stored, not by an index that lags", async () => {
    await planIntent(table(), evaluationId(1), retire(100));
    const behind = table();
    const [told] = (await behind.query({ index: "gsi2", partition: "DUE" })).items;
    await updateIntent(table(), evaluationId(1), "retire", (stored) => ({
      ...stored,
      status: "SETTLED",
    }));
    // An index that lags tells the key still; the item is read by it.
    const read = told === undefined ? undefined : await behind.get(told);
    const stale = { items: read === undefined ? [] : [read] };
    expect(stale.items).toHaveLength(1);
    const lagging = { ...bound(behind), query: () => Promise.resolve(stale) };
    expect(await listDueIntents(lagging, { now: after(200), limit: 10 })).toEqual([]);
  });
});

const bound = (table: Table): Table => ({
  get: (key) => table.get(key),
  put: (item, condition) => table.put(item, condition),
  delete: (key, condition) => table.delete(key, condition),
  query: (input) => table.query(input),
});
