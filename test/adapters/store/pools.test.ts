import { expect, it } from "@jest/globals";
import type { Pool } from "../../../core/model/market.ts";
import {
  listLosses,
  listRefusals,
  recordLoss,
  recordRefusal,
} from "../../../adapters/store/pools.ts";
import { describeForEachTable } from "./backends.ts";
import { at, evaluationId } from "./examples.ts";

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
    await recordLoss(table(), { pool: pool(), at: at(20) });
    await recordLoss(table(), { pool: pool({ zoneId: "euc1-az3" }), at: at(10) });
    await recordLoss(table(), { pool: pool({ region: "us-east-1" }), at: at(15) });
    expect(await losses(10)).toEqual([
      { zoneId: "euc1-az3", instanceType: "m5.large", at: at(10) },
      { zoneId: "euc1-az2", instanceType: "m5.large", at: at(20) },
    ]);
    expect(await losses(11)).toHaveLength(1);
    expect(await losses(21)).toEqual([]);
    expect(await losses(0, "us-east-1")).toHaveLength(1);
  });

  it("counts a loss that is reported twice once, and two evaluations' losses twice", async () => {
    const loss = { pool: pool(), at: at(10), evaluationId: evaluationId(1) };
    await recordLoss(table(), loss);
    await recordLoss(table(), { ...loss, at: "2026-03-01T10:00:10Z" });
    await recordLoss(table(), { ...loss, evaluationId: evaluationId(2) });
    expect(await losses(0)).toHaveLength(2);
  });

  it("keeps refusals apart from losses", async () => {
    const refusal = { pool: pool(), at: at(12), evaluationId: evaluationId(1) };
    await recordRefusal(table(), refusal);
    await recordRefusal(table(), refusal);
    expect(await losses(0)).toEqual([]);
    expect(await listRefusals(table(), { region: "eu-central-1", since: at(12) })).toEqual([
      { zoneId: "euc1-az2", instanceType: "m5.large", at: at(12) },
    ]);
    expect(await listRefusals(table(), { region: "eu-central-1", since: at(13) })).toEqual([]);
  });

  it("names the field of a time that is none", async () => {
    await expect(recordLoss(table(), { pool: pool(), at: "yesterday" })).rejects.toMatchObject({
      name: "BrokenInput",
      resource: "at",
    });
    await expect(
      listLosses(table(), { region: "eu-central-1", since: "yesterday" }),
    ).rejects.toMatchObject({ name: "BrokenInput", resource: "since" });
  });
});
