import { randomBytes } from "node:crypto";
import { expect, it } from "@jest/globals";
import fc from "fast-check";
import type {
  Evaluation,
  EvaluationHead,
  LinearEvaluation,
  StoredFacts,
} from "../../../core/model/evaluation.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import {
  appendEffect,
  createEvaluation,
  getEvaluation,
  listEffects,
  listEvaluations,
  loadFacts,
  loadOffers,
  saveFacts,
  saveOffers,
  updateEvaluation,
} from "../../../adapters/store/evaluations.ts";
import type { EvaluationFilter } from "../../../adapters/store/evaluations.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { effectivePolicy, type Policy } from "../../../core/policy/policy.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { describeForEachTable, readAllPages } from "./backends.ts";
import {
  accountId,
  at,
  effect,
  evaluation,
  evaluationId,
  instanceFacts,
  targetId,
} from "./examples.ts";

const facts = (changes: Partial<InstanceFacts> = {}): StoredFacts<"LINEAR"> => ({
  observedAt: at(0),
  instance: instanceFacts(changes),
});

const addPhase = (table: Table, name: string): Promise<Evaluation> =>
  updateEvaluation(table, evaluationId(1), (old) => ({
    ...old,
    phases: [...old.phases, { name, startedAt: at(0) }],
  }));

/** What records of all modes have. */
const headOf = (record: LinearEvaluation): EvaluationHead => {
  const { mode: _mode, subject: _subject, progress: _progress, ...head } = record;
  return head;
};

/** The step's own retry: contention is an answer that asks for another try. */
const persistently = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "RetryableContention") throw error;
    }
  }
};

const listAll = async (
  table: Table,
  filter: Omit<EvaluationFilter, "cursor">,
): Promise<Evaluation[]> =>
  (
    await readAllPages((cursor) =>
      listEvaluations(table, { ...filter, ...(cursor !== undefined && { cursor }) }),
    )
  ).flat();

describeForEachTable("evaluations", (table) => {
  it("are read back as created, once", async () => {
    expect(await createEvaluation(table(), evaluation(1))).toEqual({ kind: "WRITTEN" });
    expect(await createEvaluation(table(), evaluation(1, { startedBy: "sweep" }))).toEqual({
      kind: "CONFLICT",
    });
    expect(await getEvaluation(table(), evaluationId(1))).toEqual(evaluation(1));
    expect(await getEvaluation(table(), evaluationId(2))).toBeUndefined();
  });

  const clusterRecord: Evaluation = {
    ...headOf(evaluation(1)),
    mode: "CLUSTER",
    subject: { kind: "GROUP", accountId, region: "eu-central-1", asgName: "web-blue" },
    progress: { batch: 1, ledger: { asked: 4, absorbed: 0 } },
  };

  it.each<Evaluation>([evaluation(1), clusterRecord])(
    "have the defaults of their mode for limits that came after them: $mode",
    async (record) => {
      const policy = effectivePolicy(record.mode, { minSavingsPercent: 20 });
      const { fallbackPercent: _one, maxRisk: _two, ...earlier } = policy;
      await createEvaluation(table(), { ...record, policy: earlier as Policy });
      expect((await getEvaluation(table(), record.evaluationId))?.policy).toEqual(policy);
    },
  );

  it("raise their version with each write, and with none that changes nothing", async () => {
    await createEvaluation(table(), evaluation(1));
    expect((await addPhase(table(), "scrape")).version).toBe(2);
    await updateEvaluation(table(), evaluationId(1), (old) => old);
    expect((await addPhase(table(), "filter")).version).toBe(3);
    expect((await getEvaluation(table(), evaluationId(1)))?.version).toBe(3);
  });

  it("lose nothing when ten steps write at once", async () => {
    await createEvaluation(table(), evaluation(1));
    const names = Array.from({ length: 10 }, (_, n) => `phase-${String(n)}`);
    await Promise.all(names.map((name) => persistently(() => addPhase(table(), name))));
    const stored = await getEvaluation(table(), evaluationId(1));
    expect(stored?.phases.map((phase) => phase.name).toSorted()).toEqual(names.toSorted());
    expect(stored?.version).toBe(11);
  });

  it("give up with RetryableContention, naming the evaluation, after five collisions", async () => {
    await createEvaluation(table(), evaluation(1));
    let tries = 0;
    const alwaysLate: Table = {
      get: (key) => table().get(key),
      put: () => {
        tries += 1;
        return Promise.resolve({ kind: "CONFLICT" });
      },
      delete: (key, condition) => table().delete(key, condition),
      query: (input) => table().query(input),
    };
    await expect(addPhase(alwaysLate, "scrape")).rejects.toMatchObject({
      name: "RetryableContention",
      resource: `evaluation ${evaluationId(1)}`,
    });
    expect(tries).toBe(5);
  });

  it("can't be updated when absent", async () => {
    await expect(addPhase(table(), "scrape")).rejects.toMatchObject({
      name: "BrokenNotFound",
      resource: `evaluation ${evaluationId(1)}`,
    });
  });

  it("keep facts and offers, the last ones saved", async () => {
    expect(await loadFacts(table(), evaluationId(1))).toBeUndefined();
    expect(await loadOffers(table(), evaluationId(1))).toBeUndefined();
    await saveFacts(table(), evaluationId(1), facts({ tags: { a: "1" } }));
    await saveFacts(table(), evaluationId(1), facts());
    const pool = { region: "eu-central-1", zoneId: "z", instanceType: "m5.large", product: "L" };
    await saveOffers(table(), evaluationId(1), [{ pool, spotHourlyUsd: 0.0417 }]);
    expect(await loadFacts(table(), evaluationId(1))).toEqual(facts());
    expect(await loadOffers(table(), evaluationId(1))).toEqual([{ pool, spotHourlyUsd: 0.0417 }]);
  });

  it("keep facts larger than the 400 KB of an item, byte for byte", async () => {
    const large = facts({ tags: { noise: randomBytes(1_500_000).toString("base64") } });
    await saveFacts(table(), evaluationId(1), large);
    const loaded = await loadFacts(table(), evaluationId(1));
    expect(JSON.stringify(loaded) === JSON.stringify(large)).toBe(true);
  });

  it("list effects in order of time, and those of one instant as they were appended", async () => {
    const sameInstant = ["z", "a", "m"].map((requestId) => effect(5, { requestId, at: at(5) }));
    for (const one of [effect(7), ...sameInstant, effect(2)]) {
      await appendEffect(table(), evaluationId(1), one);
    }
    const expected = [effect(2), ...sameInstant, effect(7)];
    expect(await listEffects(table(), evaluationId(1))).toEqual(expected);
    expect(await listEffects(table(), evaluationId(2))).toEqual([]);
  });

  it("count an effect that is appended again once, and lose none appended at once", async () => {
    await appendEffect(table(), evaluationId(1), effect(1));
    await appendEffect(table(), evaluationId(1), effect(1));
    await Promise.all(
      [2, 3, 4, 5, 6].map((n) => appendEffect(table(), evaluationId(1), effect(n))),
    );
    expect(await listEffects(table(), evaluationId(1))).toHaveLength(6);
  });
});

const story: readonly Partial<LinearEvaluation>[] = [
  { status: "SWITCHED" },
  { status: "RUNNING", targetId: targetId(2) },
  { status: "STAYED" },
  { status: "PENDING" },
  { status: "SWITCHED", targetId: targetId(2) },
  { status: "RUNNING" },
  { status: "SWITCHED" },
];

describeForEachTable("list of evaluations", (table) => {
  const tell = async (): Promise<void> => {
    for (const [index, changes] of story.entries()) {
      await createEvaluation(table(), evaluation(index + 1, changes));
    }
  };

  it.each<[string, Omit<EvaluationFilter, "limit">, number[]]>([
    ["all", {}, [7, 6, 5, 4, 3, 2, 1]],
    ["of a target", { targetId: targetId(2) }, [5, 2]],
    ["of an open status", { status: "RUNNING" }, [6, 2]],
    ["of a closed status", { status: "SWITCHED" }, [7, 5, 1]],
    ["of target and status", { targetId: targetId(1), status: "SWITCHED" }, [7, 1]],
    ["from a time, inclusive", { from: at(5) }, [7, 6, 5]],
    ["to a time, inclusive", { to: at(3) }, [3, 2, 1]],
    ["between times in another form", { from: "2026-03-01T10:00:02Z", to: at(4) }, [4, 3, 2]],
    ["of target within times", { targetId: targetId(1), from: at(2), to: at(6) }, [6, 4, 3]],
    ["of nothing", { status: "REFUSED" }, []],
  ])("newest first: %s", async (_name, filter, expected) => {
    await tell();
    for (const limit of [1, 2, 3, 10]) {
      const listed = await listAll(table(), { ...filter, limit });
      expect(listed.map((one) => one.evaluationId)).toEqual(expected.map(evaluationId));
    }
  });

  it("has no cursor on its last page", async () => {
    await tell();
    const page = await listEvaluations(table(), { limit: story.length });
    expect(page.items).toHaveLength(story.length);
    expect(page.cursor).toBeUndefined();
  });

  it("neither skips nor repeats what is closed or begun between two pages", async () => {
    await tell();
    const first = await listEvaluations(table(), { limit: 3 });
    for (const n of [2, 4, 6]) {
      await updateEvaluation(table(), evaluationId(n), (old) => ({ ...old, status: "STAYED" }));
    }
    await createEvaluation(table(), evaluation(8));
    const rest = await readAllPages((cursor) =>
      listEvaluations(table(), { limit: 3, cursor: cursor ?? first.cursor ?? "" }),
    );
    const ids = [...first.items, ...rest.flat()].map((one) => one.evaluationId);
    expect(ids).toEqual([7, 6, 5, 4, 3, 2, 1].map(evaluationId));
  });

  it.each<[string, Omit<EvaluationFilter, "limit">, string]>([
    ["a corrupted cursor", { cursor: "bm9uc2Vuc2U" }, "cursor"],
    ["a time that is none", { from: "yesterday" }, "from"],
    ["an end that is none", { to: "31.12." }, "to"],
  ])("refuses %s by name", async (_name, filter, resource) => {
    await tell();
    await expect(listEvaluations(table(), { limit: 2, ...filter })).rejects.toMatchObject({
      name: "BrokenInput",
      resource,
    });
  });

  it("refuses a cursor under other filters, and a limit that is none", async () => {
    await tell();
    const { cursor } = await listEvaluations(table(), { limit: 2 });
    await expect(
      listEvaluations(table(), { limit: 2, status: "RUNNING", cursor: cursor ?? "" }),
    ).rejects.toMatchObject({ name: "BrokenInput", resource: "cursor" });
    await expect(listEvaluations(table(), { limit: 0 })).rejects.toMatchObject({
      name: "BrokenInput",
      resource: "limit",
    });
  });
});

it("pages of any size give every evaluation of any mixture once, in order", async () => {
  const status = fc.constantFrom("PENDING", "RUNNING", "STAYED", "SWITCHED");
  const mixture = fc.array(fc.record({ second: fc.nat(5), status }), { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(mixture, fc.integer({ min: 1, max: 8 }), async (entries, limit) => {
      const table = createMemoryTable();
      for (const [index, entry] of entries.entries()) {
        const changes = {
          status: entry.status as Evaluation["status"],
          startedAt: at(entry.second),
        };
        await createEvaluation(table, evaluation(index + 1, changes));
      }
      const listed = await listAll(table, { limit });
      const orders = listed.map((one) => `${one.startedAt}#${one.evaluationId}`);
      expect(orders).toHaveLength(entries.length);
      expect(new Set(orders).size).toBe(entries.length);
      expect(orders).toEqual(orders.toSorted().toReversed());
    }),
    { numRuns: 50 },
  );
});
