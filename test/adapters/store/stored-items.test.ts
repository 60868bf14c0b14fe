import { describe, expect, it } from "@jest/globals";
import type { Attributes } from "../../../adapters/store/attribute-values.ts";
import { fromItemAttributes } from "../../../adapters/store/item-attributes.ts";
import * as governanceKeys from "../../../adapters/store/governance-keys.ts";
import * as fleetKeys from "../../../adapters/store/fleet-keys.ts";
import * as ledgerKeys from "../../../adapters/store/ledger-keys.ts";
import * as noticeKeys from "../../../adapters/store/notice-keys.ts";
import * as otherItemsKeys from "../../../adapters/store/keys.ts";
import { itemSchemaVersion } from "../../../adapters/store/schema.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { describeForEachTable } from "./backends.ts";
import {
  contentOf,
  fixtureKinds,
  fixtureVersions,
  isPart,
  readFixture,
  writtenRows,
} from "./stored-items/fixture.ts";
import { otherKeys, storedKinds } from "./stored-items/kinds.ts";

const kindNames = Object.keys(storedKinds);

const kindOf = (name: string) => {
  const kind = storedKinds[name];
  if (kind === undefined) throw new Error(`There is no kind ${name}.`);
  return kind;
};

const nameOf = (row: Attributes): string => `${row["pk"]?.S ?? ""}/${row["sk"]?.S ?? ""}`;

/** Of what is stored under its digest: one more field is another digest, and not another form. */
const withoutDigests = <T>(content: T): T =>
  JSON.parse(JSON.stringify(content).replaceAll(/\b[0-9a-f]{64}\b/g, "its digest")) as T;

const contentsOf = (rows: readonly Attributes[]): Readonly<Record<string, unknown>> =>
  withoutDigests(
    Object.fromEntries(
      rows.filter((row) => !isPart(row)).map((row) => [nameOf(row), contentOf(row)]),
    ),
  );

describeForEachTable("every kind of stored item", (table) => {
  it.each(kindNames)("is read as it was written, with every field: %s", async (name) => {
    const { write, read, value } = kindOf(name);
    await write(table());
    expect(await read(table())).toEqual(value);
  });
});

describe("the fixtures of stored items", () => {
  it("know every key of the table: a new kind of item needs a sample", () => {
    const named = Object.values(storedKinds).flatMap((kind) => kind.keys);
    const keys = Object.keys({
      ...otherItemsKeys,
      ...governanceKeys,
      ...ledgerKeys,
      ...fleetKeys,
      ...noticeKeys,
    });
    expect([...new Set([...named, ...otherKeys])].toSorted()).toEqual(keys.toSorted());
  });

  it("are there for each kind in the present version (npm run fixtures writes them), and for none that is to come", () => {
    expect(fixtureKinds(itemSchemaVersion).toSorted()).toEqual(kindNames.toSorted());
    expect(fixtureVersions()).toEqual(
      Array.from({ length: itemSchemaVersion }, (_, index) => index + 1),
    );
  });

  const all = fixtureVersions().flatMap((version) =>
    fixtureKinds(version).map((kind) => ({ version, kind })),
  );

  it.each(all)("of version $version are read by this one: $kind", async ({ version, kind }) => {
    const { rows, value } = readFixture(version, kind);
    const table = createMemoryTable();
    for (const row of rows) await table.put(fromItemAttributes(row), { ifAbsent: true });
    // A limit that came later has its default besides; nothing that was stored is lost.
    expect({ read: await kindOf(kind).read(table) }).toMatchObject({ read: value as object });
  });

  it.each(kindNames)("of the present version say what is stored now: %s", async (kind) => {
    const written = contentsOf(await writtenRows(kindOf(kind)));
    // A field may be added. One that is gone or has another form needs a new version.
    expect(written).toMatchObject(contentsOf(readFixture(itemSchemaVersion, kind).rows));
  });

  it.each(all)("say which version wrote them: $kind of $version", ({ version, kind }) => {
    for (const row of readFixture(version, kind).rows) {
      expect(row["schema"]).toEqual({ N: String(version) });
    }
  });

  it.each(kindNames)("are refused where a later version wrote them: %s", (kind) => {
    const later = String(itemSchemaVersion + 1);
    for (const row of readFixture(itemSchemaVersion, kind).rows) {
      const { pk, sk } = fromItemAttributes(row);
      expect(() => fromItemAttributes({ ...row, schema: { N: later } })).toThrow(
        expect.objectContaining({
          name: "BrokenFacts",
          resource: `${pk}/${sk}`,
          message: expect.stringContaining(
            `was written by a later release (schema ${later}; this one reads up to ${String(itemSchemaVersion)}).`,
          ),
        }),
      );
    }
  });
});
