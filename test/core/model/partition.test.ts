import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import {
  isServedRegion,
  regionSchema,
  servedRegionSchema,
  servedZoneSchema,
} from "../../../core/model/partition.ts";

/** The SDK's own table, which AWS brings up to date with each new region. */
const sdkTable = readFileSync(
  "node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js",
  "utf8",
);

const regions = z
  .object({
    partitions: z.array(z.object({ id: z.string(), regions: z.record(z.string(), z.unknown()) })),
  })
  .parse(JSON.parse(/\{[^]*\}/.exec(sdkTable)?.[0] ?? ""))
  .partitions.flatMap(({ id, regions: names }) =>
    Object.keys(names).map((region) => ({ id, region })),
  )
  // `aws-global` and its like are not regions.
  .filter(({ region }) => !region.endsWith("-global"));

const messageOf = (region: string): string | undefined =>
  servedRegionSchema.safeParse(region).error?.issues[0]?.message;

describe("partitions", () => {
  it("are compared with all regions that the SDK knows", () => {
    expect(regions.length).toBeGreaterThan(40);
    expect(new Set(regions.map(({ id }) => id)).size).toBeGreaterThan(5);
  });

  it.each(regions.filter(({ id }) => id === "aws"))("of $region is served", ({ region }) => {
    expect(servedRegionSchema.safeParse(region).success).toBe(true);
    expect(servedZoneSchema.safeParse(`${region}a`).success).toBe(true);
    expect(isServedRegion(region)).toBe(true);
  });

  it.each(regions.filter(({ id }) => id !== "aws"))(
    "of $region is $id, which is refused by its name",
    ({ id, region }) => {
      // The closed ones are several: aws-iso, aws-iso-b …
      const named = id.startsWith("aws-iso") ? "aws-iso" : id;
      expect(messageOf(region)).toContain(`partition ${named} (`);
      expect(servedZoneSchema.safeParse(`${region}a`).error?.issues[0]?.message).toContain(
        `partition ${named} (`,
      );
      expect(isServedRegion(region)).toBe(false);
      // What is stored already can still be read.
      expect(regionSchema.safeParse(region).success).toBe(true);
    },
  );

  it.each(["Frankfurt", "eu-central", "eu-central-1a", "", "eu-central-1-1", 5])(
    "of %p is not asked for: it is not a region",
    (value) => {
      expect(servedRegionSchema.safeParse(value).error?.issues[0]?.message).toMatch(
        /must be an AWS|expected string|must be a text/,
      );
    },
  );
});
