/** The table of what is kept has every kind of item, each once, and says of each what the code does. */
import { describe, expect, it } from "@jest/globals";
import { keptSeconds } from "../../adapters/store/retention.ts";
import { retentionRows } from "../../local/docs/retention-rows.ts";
import { rowsOfKey } from "../../local/docs/retention-table.ts";
import { readSamples } from "../../local/docs/stored-samples.ts";

const samples = readSamples().map(({ pk, sk, ttl }) => ({
  key: `${pk?.S ?? ""} / ${sk?.S ?? ""}`,
  rows: rowsOfKey(pk?.S ?? "", sk?.S ?? ""),
  expires: ttl !== undefined,
}));

describe("the table of what is kept, and for how long", () => {
  it("has every kind of key of the state table, in one row each", () => {
    expect(samples.length).toBeGreaterThan(90);
    const misplaced = samples.filter(({ rows }) => rows.length !== 1).map(({ key }) => key);
    expect(misplaced).toEqual([]);
  });

  it("has no row, and no beginning of a key, of which nothing is stored", () => {
    const beginnings = retentionRows.flatMap(({ keys }) => keys);
    const unused = beginnings.filter(
      ([partition, sort]) =>
        !samples.some(({ key }) => {
          const [pk = "", sk = ""] = key.split(" / ");
          return pk.startsWith(partition) && sk.startsWith(sort);
        }),
    );
    expect(unused).toEqual([]);
  });

  it("says that a kind expires if, and only if, the store gives it a time to live", () => {
    for (const row of retentionRows) {
      const expiring = samples.filter(({ rows, expires }) => rows.includes(row) && expires);
      expect({ what: row.what, expires: expiring.length > 0 }).toEqual({
        what: row.what,
        expires: typeof row.kept === "number",
      });
    }
  });

  it("knows every time that the code keeps something, and no other", () => {
    const told = retentionRows.map(({ kept }) => kept).filter((kept) => typeof kept === "number");
    expect([...new Set(told)].toSorted()).toEqual(
      [...new Set(Object.values(keptSeconds))].toSorted(),
    );
  });
});
