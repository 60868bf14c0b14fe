import { expect, it } from "@jest/globals";
import type { Key, Table } from "../../../adapters/store/table.ts";
import { itemSchemaVersion } from "../../../adapters/store/schema.ts";
import { fromItemAttributes } from "../../../adapters/store/item-attributes.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { fixtureKinds, readFixture } from "../../adapters/store/stored-items/fixture.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { rich } from "../../../local/lab/scenarios.ts";

/** `EVALUATION RECORD#PROGRESS`, `POOL LOSS`: the words of the keys, without the names of what they are of. */
const kindOf = ({ pk, sk }: Key): string => {
  const words = sk.split("#").filter((part) => /^[A-Z_]+$/.test(part));
  return `${pk.split("#")[0] ?? ""} ${words.join("#")}`;
};

const noting = (kinds: Set<string>): Table => {
  const table = createMemoryTable();
  return {
    get: (key, reading) => table.get(key, reading),
    query: (input) => table.query(input),
    delete: (key, condition) => table.delete(key, condition),
    put: (item, condition) => {
      kinds.add(kindOf(item));
      return table.put(item, condition);
    },
  };
};

const fixtures: ReadonlySet<string> = new Set(
  fixtureKinds(itemSchemaVersion)
    .flatMap((kind) => readFixture(itemSchemaVersion, kind).rows)
    .map((row) => kindOf(fromItemAttributes(row))),
);

it("a switch stores nothing of which there is no fixture", async () => {
  const written = new Set<string>();
  const lab = await createLab({ ...rich["stop-and-image"], table: noting(written) });
  expect((await lab.run()).status).toBe("SWITCHED");
  expect(written).toContain("EVALUATION RECORD#PROGRESS");
  // STATES is what the laptop's interpreter keeps in the same table; AWS keeps its own.
  const ours = [...written].filter((kind) => !kind.startsWith("STATES "));
  expect(ours.filter((kind) => !fixtures.has(kind))).toEqual([]);
});
