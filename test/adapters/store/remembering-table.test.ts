import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  getIntent,
  listIntents,
  planCall,
  planIntent,
  updateIntent,
} from "../../../adapters/store/intents.ts";
import { intentKey } from "../../../adapters/store/keys.ts";
import { acquireLease, readLease } from "../../../adapters/store/leases.ts";
import { rememberingTable, tableOfInvocation } from "../../../adapters/store/remembering-table.ts";
import type { Item, Table } from "../../../adapters/store/table.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { after, effect, evaluationId, intent } from "./examples.ts";

const id = evaluationId(1);

/** What reaches the table itself. */
const counting = (table: Table) => {
  const asked: string[] = [];
  const counted: Table = {
    get: (key, reading) => {
      asked.push(`get ${reading ?? "CONSISTENT"}`);
      return table.get(key, reading);
    },
    put: (item, condition) => {
      asked.push("put");
      return table.put(item, condition);
    },
    query: (input) => {
      asked.push("query");
      return table.query(input);
    },
    delete: (key, condition) => {
      asked.push("delete");
      return table.delete(key, condition);
    },
  };
  return { asked, counted };
};

describe("the table of one invocation", () => {
  let base: Table;
  let asked: string[];
  let table: Table;
  beforeEach(() => {
    base = createMemoryTable();
    const { asked: all, counted } = counting(base);
    asked = all;
    table = tableOfInvocation(counted, id);
  });

  it("reads a plan once, and none of its intents after that", async () => {
    await planIntent(base, id, intent("stop"));
    expect(await listIntents(table, id)).toEqual([intent("stop")]);
    expect(await listIntents(table, id)).toEqual([intent("stop")]);
    expect(await getIntent(table, id, "stop")).toEqual(intent("stop"));
    expect(await getIntent(table, id, "start")).toBeUndefined();
    expect(asked).toEqual(["query"]);
  });

  it("reads the whole plan where one intent must be known for certain", async () => {
    await planIntent(base, id, intent("stop"));
    expect(await getIntent(table, id, "stop")).toEqual(intent("stop"));
    expect(await getIntent(table, id, "start")).toBeUndefined();
    expect(asked).toEqual(["get EVENTUAL", "query"]);
  });

  it("reads the plan once for all who ask for it at the same time", async () => {
    await planIntent(base, id, intent("stop"));
    const found = await Promise.all(
      ["start", "attach", "stop"].map((one) => getIntent(table, id, one)),
    );
    expect(found).toEqual([undefined, undefined, intent("stop")]);
    expect(asked.filter((one) => one === "query")).toEqual(["query"]);
  });

  it("does not take a reading for the plan during which it has written", async () => {
    await planIntent(base, id, intent("stop"));
    const written = Promise.withResolvers<undefined>();
    const slow: Table = {
      ...counting(base).counted,
      query: async (input) => {
        const page = await base.query(input);
        await written.promise;
        return page;
      },
    };
    const behind = tableOfInvocation(slow, id);
    const reading = listIntents(behind, id);
    const stored = await base.get(intentKey(id, "stop"));
    const data = { ...(stored?.data as object), intent: intent("stop", { status: "ACTED" }) };
    await behind.put({ ...intentKey(id, "stop"), version: 2, data }, { ifVersion: 1 });
    written.resolve(undefined);
    await reading;
    expect(await listIntents(behind, id)).toEqual([intent("stop", { status: "ACTED" })]);
  });

  it("knows what it wrote itself, in the order planned", async () => {
    await listIntents(table, id);
    await planIntent(table, id, intent("stop"));
    await planIntent(table, id, intent("image"));
    await updateIntent(table, id, "stop", (stored) => ({ ...stored, status: "ACTED" }));
    const plan = [intent("stop", { status: "ACTED" }), intent("image")];
    expect(await listIntents(table, id)).toEqual(plan);
    expect(await listIntents(base, id)).toEqual(plan);
    expect(asked).toEqual(["query", "put", "put", "put"]);
  });

  it("does not try to make an intent that a reading has shown which may be behind", async () => {
    await planIntent(base, id, intent("stop", { status: "ACTED" }));
    expect(await getIntent(table, id, "stop")).toEqual(intent("stop", { status: "ACTED" }));
    await planCall(table, id, { intent: intent("stop"), effect: effect(1) });
    expect(asked).toEqual(["get EVENTUAL", "query", "put"]);
  });

  it("does not try to make what it knows to be there", async () => {
    await planIntent(base, id, intent("stop"));
    await listIntents(table, id);
    const again = await planCall(table, id, { intent: intent("stop"), effect: effect(1) });
    expect(again.isFirst).toBe(false);
    expect(asked).toEqual(["query", "put"]);
  });

  it("reads anew what somebody else has written since, and loses no change of theirs", async () => {
    await planIntent(base, id, intent("stop"));
    await listIntents(table, id);
    await updateIntent(base, id, "stop", (stored) => ({ ...stored, fence: 7 }));
    await planIntent(base, id, intent("start"));
    await updateIntent(table, id, "stop", (stored) => ({ ...stored, status: "ACTED" }));
    const plan = [intent("stop", { fence: 7, status: "ACTED" }), intent("start")];
    expect(await listIntents(table, id)).toEqual(plan);
    expect(await listIntents(base, id)).toEqual(plan);
  });

  it("does not say that an intent is absent while its writing is under way", async () => {
    await listIntents(table, id);
    const writing = planIntent(table, id, intent("stop"));
    const reading = listIntents(table, id);
    await writing;
    await reading;
    expect(await listIntents(table, id)).toEqual([intent("stop")]);
  });

  it("forgets all where a write fails: it may have acted", async () => {
    await planIntent(base, id, intent("stop"));
    const failing: Table = {
      ...counting(base).counted,
      put: async (item, condition) => {
        await base.put(item, condition);
        throw new Error("The answer was lost.");
      },
    };
    const doubtful = tableOfInvocation(failing, id);
    await listIntents(doubtful, id);
    const change = updateIntent(doubtful, id, "stop", (stored) => ({ ...stored, status: "ACTED" }));
    await expect(change).rejects.toThrow("lost");
    expect(await listIntents(doubtful, id)).toEqual([intent("stop", { status: "ACTED" })]);
  });

  it("asks anew for each lease, and for the plan of another evaluation", async () => {
    const wanted = { resource: "instance#1", owner: id, now: after(0), seconds: 60 };
    await acquireLease(base, wanted);
    for (let time = 0; time < 2; time += 1) {
      await readLease(table, wanted.resource);
      await listIntents(table, evaluationId(2));
    }
    expect(asked).toEqual(["get CONSISTENT", "query", "get CONSISTENT", "query"]);
  });
});

describe("a table that remembers", () => {
  const key = { pk: "P#1", sk: "RECORD" };
  const item = (version: number): Item => ({ ...key, version, data: { version } });

  it("believes no reading that may be behind, and remembers what is deleted", async () => {
    const { asked, counted } = counting(createMemoryTable());
    const table = rememberingTable(counted, () => true);
    await table.get(key, "EVENTUAL");
    expect(await table.get(key)).toBeUndefined();
    await table.put(item(1), { ifAbsent: true });
    expect(await table.get(key)).toEqual(item(1));
    expect(await table.delete(key, { ifVersion: 1 })).toEqual({ kind: "WRITTEN" });
    expect(await table.get(key, "EVENTUAL")).toBeUndefined();
    expect(asked).toEqual(["get EVENTUAL", "get CONSISTENT", "put", "delete"]);
  });
});
