import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Item, Table } from "../../../adapters/store/table.ts";
import { cut, readPieces, writePieces } from "../../../local/interpreter/pieces.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { anyCharacter } from "../../any-character.ts";
import { createLab, execute, machine, outcomeOf, task } from "./lab.ts";

const dynamoItemLimit = 400 * 1024;

/** A table that tells what was written. */
const watched = () => {
  const memory = createMemoryTable();
  const puts: { readonly sk: string; readonly bytes: number }[] = [];
  const table: Table = {
    get: (key) => memory.get(key),
    query: (query) => memory.query(query),
    delete: (key, condition) => memory.delete(key, condition),
    put: (item: Item, condition) => {
      puts.push({ sk: item.sk, bytes: Buffer.byteLength(JSON.stringify(item)) });
      return memory.put(item, condition);
    },
  };
  return { table, puts };
};

const loop = machine({
  Count: {
    Type: "Choice",
    Choices: [
      { Variable: "$.kind", StringEquals: "WAITING", Next: "Nap" },
      { Variable: "$.kind", StringEquals: "READY", Next: "Done" },
    ],
  },
  Nap: { Type: "Wait", Seconds: 15, Next: "Count" },
  Done: { Type: "Succeed" },
});

describe("pieces", () => {
  it("never cut a character in two, and join to the same text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter }),
        fc.integer({ min: 2, max: 7 }),
        (text, length) => {
          const pieces = cut(text, length);
          expect(pieces.join("")).toBe(text);
          expect(pieces.every((piece) => piece.isWellFormed() && piece.length <= length)).toBe(
            text.isWellFormed(),
          );
        },
      ),
    );
  });

  it("replace what a process that died left behind", async () => {
    const table = createMemoryTable();
    const key = { pk: "p", sk: "s" };
    await writePieces(table, { ...key, text: "left over" });
    const count = await writePieces(table, { ...key, text: "x".repeat(250_000) });
    expect(count).toBe(3);
    expect(await readPieces(table, { ...key, count })).toBe("x".repeat(250_000));
  });

  it("say which one is missing", async () => {
    await expect(readPieces(createMemoryTable(), { pk: "p", sk: "s", count: 1 })).rejects.toThrow(
      "p s lacks piece 0.",
    );
  });
});

describe("the store", () => {
  it("writes a small item per step, however long the history", async () => {
    const { table, puts } = watched();
    const lab = createLab({}, { table });
    const stateMachineArn = lab.interpreter.register({ name: "workflow", definition: loop });
    const input = { kind: "WAITING" };
    const { executionArn } = await lab.interpreter.start({ stateMachineArn, name: "run", input });
    await lab.clock.run({ atMostMs: lab.clock.now() + 3_600_000 });
    const events = await lab.interpreter.history(executionArn);
    expect(events.length).toBeGreaterThan(900);
    expect(puts.length).toBeLessThan(events.length * 0.9);
    expect(Math.max(...puts.map(({ bytes }) => bytes))).toBeLessThan(16_000);
  });

  it("gives the whole history back from its chunks", async () => {
    const run = async (options: { table?: Table }) => {
      const lab = createLab({}, options);
      const stateMachineArn = lab.interpreter.register({ name: "workflow", definition: loop });
      const input = { kind: "WAITING" };
      const { executionArn } = await lab.interpreter.start({ stateMachineArn, name: "run", input });
      await lab.clock.run({ atMostMs: lab.clock.now() + 900_000 });
      await lab.interpreter.stop({ executionArn });
      return outcomeOf(lab, executionArn);
    };
    expect(await run({ table: createMemoryTable() })).toEqual(await run({}));
  });

  it("holds payloads of nearly 256 KiB within DynamoDB's items", async () => {
    const { table, puts } = watched();
    const text = `${'"'.repeat(60_000)}${"€".repeat(40_000)}`;
    const lab = createLab({ f: () => text, g: () => "small" }, { table });
    const states = machine({
      Ask: task("f", { ResultSelector: { "text.$": "$.Payload" }, Next: "Nap" }),
      Nap: { Type: "Wait", Seconds: 1, Next: "Drop" },
      Drop: task("g"),
    });
    const outcome = await execute(lab, states, { text });
    expect(outcome.result).toEqual({ value: "small" });
    expect(lab.invoked[1]?.payload).toEqual({ text });
    expect(Math.max(...puts.map(({ bytes }) => bytes))).toBeLessThan(dynamoItemLimit);
    expect(outcome.events[1]?.stateEnteredEventDetails?.input).toContain("€€€");
  });
});
