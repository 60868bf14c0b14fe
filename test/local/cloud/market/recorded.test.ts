import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { recordedMarket } from "../../../../local/cloud/market/recorded.ts";
import { account, createWorld, present, startMs } from "../ec2/world.ts";

const files = {
  "price-test-us-east-1.csv": [
    "instance_type,az,timestamp_utc,spot_usd_per_h",
    "m3.large,us-east-1a,2016-02-25T00:00:00,0.0200",
    "m3.large,us-east-1a,2016-02-25T02:00:00,0.5000",
    "m3.large,us-east-1a,2016-02-25T03:00:00,0.0300",
    "m3.large,us-east-1b,2016-02-25T01:00:00,0.0250",
    "hi1.4xlarge,us-east-1b,2016-02-25T01:00:00,0.3000",
    "",
  ].join("\n"),
  "ondemand-test.csv": "instance_type,ondemand_usd_per_h\nm3.large,0.133\n",
  "instance-types-test.csv": [
    "instance_type,vcpu,ram_gb,emr",
    "m3.large,2,7.5,1",
    "m7g.2xlarge,8,32,1",
    "",
  ].join("\n"),
  "spot-advisor-test.csv": [
    "region,os,instance_type,savings_pct,interruption_band",
    "us-east-1,Linux,m3.large,77,2",
    "",
  ].join("\n"),
  "catalog-price-sample.csv": [
    "instance_type,vcpu,ram_gib,ondemand_usd_per_h,spot_usd_per_h,region,az_id",
    "m7g.2xlarge,8,32,0.3264,0.1292,us-west-2,usw2-az1",
    "",
  ].join("\n"),
};

const folders: string[] = [];
/** A folder with these files, some of them changed; names that end in .gz are compressed. */
const folderOf = (changes: Readonly<Record<string, string | undefined>> = {}): string => {
  const dir = mkdtempSync(join(tmpdir(), "recorded-market-"));
  folders.push(dir);
  const all: Readonly<Record<string, string | undefined>> = { ...files, ...changes };
  for (const [name, text] of Object.entries(all)) {
    if (text !== undefined) {
      writeFileSync(join(dir, name), name.endsWith(".gz") ? gzipSync(text) : text);
    }
  }
  return dir;
};

afterAll(() => {
  for (const dir of folders) rmSync(dir, { recursive: true });
});

const at = (time: string): number => Date.parse(`2016-02-25T${time}Z`);
const pool = {
  region: "us-east-1",
  zoneId: "use1-az1",
  instanceType: "m3.large",
  product: "Linux/UNIX",
};

describe("the recorded market", () => {
  let market: ReturnType<typeof recordedMarket>;
  beforeAll(() => {
    market = recordedMarket({ dir: folderOf() });
  });

  it("gives the last recorded change as the price, and none before the first", () => {
    expect(market.spotPrice(pool, at("01:59:59"))).toBe(0.02);
    expect(market.spotPrice(pool, at("02:00:00"))).toBe(0.5);
    expect(market.spotPrice({ ...pool, zoneId: "use1-az2" }, at("00:30:00"))).toBeUndefined();
  });

  it("says where it begins and ends", () => {
    expect(market.range).toEqual({ startMs: at("00:00:00"), endMs: at("03:00:00") });
  });

  it("takes the nth zone letter as the nth zone id", () => {
    expect(market.zones("us-east-1")).toEqual(["use1-az1", "use1-az2"]);
  });

  it("holds instances while the price is not above On-Demand", () => {
    expect(market.capacity(pool, at("01:00:00"))).toBe(20);
    expect(market.capacity(pool, at("02:30:00"))).toBe(0);
    expect(market.capacity(pool, at("03:30:00"))).toBe(20);
  });

  it("leaves out types without a specification, by name", () => {
    expect(market.withoutSpecification).toEqual(["hi1.4xlarge"]);
    expect(market.findType("hi1.4xlarge")).toBeUndefined();
  });

  it("derives limits from the family and says so", () => {
    expect(market.findType("m3.large")).toMatchObject({
      derived: true,
      hypervisor: "xen",
      virtualizationTypes: ["hvm", "paravirtual"],
      instanceStore: { disks: 1, gbEach: 32 },
      currentGeneration: false,
      memoryMib: 7680,
    });
    expect(market.findType("m7g.2xlarge")).toMatchObject({
      hypervisor: "nitro",
      architectures: ["arm64"],
      bootModes: ["uefi"],
    });
  });

  it("knows the sample's prices in their regions for the whole range", () => {
    const sample = {
      ...pool,
      region: "us-west-2",
      zoneId: "usw2-az1",
      instanceType: "m7g.2xlarge",
    };
    expect(market.spotPrice(sample, at("00:00:00"))).toBe(0.1292);
    expect(market.onDemand("us-west-2", "m7g.2xlarge", "Linux/UNIX")).toBe(0.3264);
  });

  it("serves recorded bands, and none for a type that the feed lacks", () => {
    const bands = market.advisor().spot_advisor["us-east-1"]?.["Linux"] ?? {};
    expect(bands).toEqual({ "m3.large": { s: 77, r: 2 } });
  });

  it("includes the last change before the start in a history, newest first", () => {
    const history = market.priceHistory({
      region: "us-east-1",
      fromMs: at("02:30:00"),
      toMs: at("04:00:00"),
      zoneIds: ["use1-az1"],
    });
    expect(history.map((change) => change.hourlyUsd)).toEqual([0.03, 0.5]);
  });

  it("reads gzipped files as well", () => {
    const dir = folderOf({
      "ondemand-test.csv": undefined,
      "ondemand-test.csv.gz": files["ondemand-test.csv"],
    });
    expect(recordedMarket({ dir }).onDemand("us-east-1", "m3.large", "Linux/UNIX")).toBe(0.133);
  });

  it("carries a simulated EC2 whose clock starts inside the range", async () => {
    const world = createWorld({}, market);
    expect(world.clock.now()).toBe(startMs);
    const id = world.addInstance({ instanceType: "m3.large" });
    expect(present(world.ec2.control.find(id)).accountId).toBe(account);
    await world.pass(1);
    const { InstanceTypes } = world.call("DescribeInstanceTypes", {});
    expect(InstanceTypes?.map((type) => type.InstanceType)).toEqual(["m3.large"]);
  });

  const price = (line: string) => ({
    "price-test-us-east-1.csv": `instance_type,az,timestamp_utc,spot_usd_per_h\nm3.large,us-east-1a,2016-02-25T00:00:00,0.02\n${line}\n`,
  });

  it.each([
    [
      "a price that is not a number",
      price("m3.large,us-east-1a,2016-02-25T00:00:00,abc"),
      /price-test-us-east-1\.csv, line 3: spot_usd_per_h is "abc"/,
    ],
    [
      "a negative price",
      price("m3.large,us-east-1a,2016-02-25T00:00:00,-1"),
      /line 3: spot_usd_per_h is "-1"/,
    ],
    [
      "a time that is none",
      price("m3.large,us-east-1a,yesterday,0.1"),
      /line 3: timestamp_utc is "yesterday"/,
    ],
    ["a line with too few columns", price("m3.large,us-east-1a"), /line 3: 2 columns instead of 4/],
    [
      "an empty type",
      price(",us-east-1a,2016-02-25T00:00:00,0.1"),
      /line 3: instance_type is empty/,
    ],
    [
      "a zone that is none",
      price("m3.large,nowhere,2016-02-25T00:00:00,0.1"),
      /"nowhere", which is not a zone name/,
    ],
    [
      "a column that is missing",
      { "ondemand-test.csv": "type,price\n" },
      /ondemand-test\.csv, line 1: column instance_type/,
    ],
    ["a file that is missing", { "ondemand-test.csv": undefined }, /no ondemand-….csv/],
    [
      "two files of one kind",
      { "ondemand-other.csv": "instance_type,ondemand_usd_per_h\n" },
      /more than one ondemand-… file/,
    ],
  ] as const)("refuses %s and says where", (_case, changes, message) => {
    const dir = folderOf(changes);
    expect(() => recordedMarket({ dir })).toThrow(message);
  });
});
