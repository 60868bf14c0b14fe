import { expect, it } from "@jest/globals";
import type { Table } from "../../../adapters/store/table.ts";
import type { Pool } from "../../../core/model/market.ts";
import {
  listLosses,
  listRefusals,
  recordLoss,
  recordRefusal,
} from "../../../adapters/store/pools.ts";
import { describeForEachTable } from "./backends.ts";
import { at, evaluationId, targetId } from "./examples.ts";

const pool = (changes: Partial<Pool> = {}): Pool => ({
  region: "eu-central-1",
  zoneId: "euc1-az2",
  instanceType: "m5.large",
  product: "Linux/UNIX",
  ...changes,
});

describeForEachTable("pools", (table) => {
  const losses = (seconds: number, region = "eu-central-1") =>
    listLosses(table(), { region, since: at(seconds) });

  it("lists the losses of a region since a time, inclusive, oldest first", async () => {
    await recordLoss(table(), { pool: pool(), at: at(20), what: "i-1" });
    await recordLoss(table(), { pool: pool({ zoneId: "euc1-az3" }), at: at(10), what: "i-2" });
    await recordLoss(table(), { pool: pool({ region: "us-east-1" }), at: at(15), what: "i-3" });
    expect(await losses(10)).toEqual([
      { zoneId: "euc1-az3", instanceType: "m5.large", at: at(10) },
      { zoneId: "euc1-az2", instanceType: "m5.large", at: at(20) },
    ]);
    expect(await losses(11)).toHaveLength(1);
    expect(await losses(21)).toEqual([]);
    expect(await losses(0, "us-east-1")).toHaveLength(1);
  });

  it("tells a target how many of its own instances a pool held, and no other", async () => {
    const held = { targetId: targetId(1), instances: 3 };
    await recordLoss(table(), { pool: pool(), at: at(10), what: "i-1", held });
    await recordRefusal(table(), { pool: pool(), at: at(20), what: "evl-1#1", held });
    const asked = { region: "eu-central-1", since: at(0) };
    const told = { zoneId: "euc1-az2", instanceType: "m5.large" };
    expect(await listLosses(table(), { ...asked, targetId: targetId(1) })).toEqual([
      { ...told, at: at(10), held: 3 },
    ]);
    expect(await listRefusals(table(), { ...asked, targetId: targetId(1) })).toEqual([
      { ...told, at: at(20), held: 3 },
    ]);
    expect(await listLosses(table(), { ...asked, targetId: targetId(2) })).toEqual([
      { ...told, at: at(10) },
    ]);
    expect(await listRefusals(table(), asked)).toEqual([{ ...told, at: at(20) }]);
  });

  it("counts a loss once, whoever reports it and however late, under the time of the first report", async () => {
    const loss = { pool: pool(), at: at(10), what: "i-1", evaluationId: evaluationId(1) };
    await recordLoss(table(), loss);
    await recordLoss(table(), { ...loss, at: at(75) });
    await recordLoss(table(), { ...loss, at: at(130), evaluationId: evaluationId(2) });
    expect((await losses(0)).map((found) => found.at)).toEqual([at(10)]);
    await recordLoss(table(), { ...loss, what: "i-2" });
    expect(await losses(0)).toHaveLength(2);
  });

  it("records a loss whose report was cut off after its first write, under its first time", async () => {
    let writes = 0;
    const dying = {
      ...table(),
      put: (...args: Parameters<Table["put"]>) => {
        writes += 1;
        if (writes > 1) throw new Error("killed");
        return table().put(...args);
      },
    };
    const loss = { pool: pool(), at: at(10), what: "i-1" };
    await expect(recordLoss(dying, loss)).rejects.toThrow("killed");
    expect(await losses(0)).toEqual([]);
    await recordLoss(table(), { ...loss, at: at(75) });
    expect((await losses(0)).map((found) => found.at)).toEqual([at(10)]);
  });

  it("keeps refusals apart from losses", async () => {
    const refusal = { pool: pool(), at: at(12), what: `${evaluationId(1)}#warm-1` };
    await recordRefusal(table(), refusal);
    await recordRefusal(table(), { ...refusal, at: at(40) });
    expect(await losses(0)).toEqual([]);
    expect(await listRefusals(table(), { region: "eu-central-1", since: at(12) })).toEqual([
      { zoneId: "euc1-az2", instanceType: "m5.large", at: at(12) },
    ]);
    expect(await listRefusals(table(), { region: "eu-central-1", since: at(13) })).toEqual([]);
  });

  it("names the field of a time that is none", async () => {
    await expect(
      recordLoss(table(), { pool: pool(), at: "yesterday", what: "i-1" }),
    ).rejects.toMatchObject({
      name: "BrokenInput",
      resource: "at",
    });
    await expect(
      listLosses(table(), { region: "eu-central-1", since: "yesterday" }),
    ).rejects.toMatchObject({ name: "BrokenInput", resource: "since" });
  });
});
