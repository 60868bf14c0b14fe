/** Finds and reads the files of a recorded market in one folder, by the beginning of their names. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readCsv } from "./csv.ts";

interface RecordedPrice {
  readonly instanceType: string;
  readonly zoneName: string;
  readonly atMs: number;
  readonly hourlyUsd: number;
}

export interface RecordedBand {
  readonly region: string;
  readonly os: string;
  readonly instanceType: string;
  readonly savingsPercent: number;
  readonly band: number;
}

interface RecordedType {
  readonly instanceType: string;
  readonly vcpu: number;
  readonly memoryGib: number;
  readonly emr: boolean;
}

export interface RecordedSample {
  readonly instanceType: string;
  readonly region: string;
  readonly zoneId: string;
  readonly onDemandUsd: number;
  readonly spotUsd: number;
}

export interface RecordedFiles {
  readonly prices: readonly RecordedPrice[];
  readonly onDemand: readonly { readonly instanceType: string; readonly hourlyUsd: number }[];
  readonly bands: readonly RecordedBand[];
  readonly types: readonly RecordedType[];
  readonly samples: readonly RecordedSample[];
  readonly about?: string;
}

/** Path of the one file whose name begins so, `.csv` or `.csv.gz`. */
const findFile = (dir: string, prefix: string): string | undefined => {
  const names = readdirSync(dir).filter(
    (name) => name.startsWith(prefix) && /\.csv(\.gz)?$/.test(name),
  );
  if (names.length > 1) {
    throw new Error(`${dir} has more than one ${prefix}… file: ${names.sort().join(", ")}.`);
  }
  return names[0] === undefined ? undefined : join(dir, names[0]);
};

const requireFile = (dir: string, prefix: string): string => {
  const path = findFile(dir, prefix);
  if (path === undefined) throw new Error(`${dir} has no ${prefix}….csv or .csv.gz file.`);
  return path;
};

const readBands = (path: string | undefined): readonly RecordedBand[] =>
  path === undefined
    ? []
    : readCsv(
        path,
        ["region", "os", "instance_type", "savings_pct", "interruption_band"],
        (row) => ({
          region: row.text("region"),
          os: row.text("os"),
          instanceType: row.text("instance_type"),
          savingsPercent: row.number("savings_pct"),
          band: row.number("interruption_band"),
        }),
      );

const readSamples = (path: string | undefined): readonly RecordedSample[] =>
  path === undefined
    ? []
    : readCsv(
        path,
        ["instance_type", "region", "az_id", "ondemand_usd_per_h", "spot_usd_per_h"],
        (row) => ({
          instanceType: row.text("instance_type"),
          region: row.text("region"),
          zoneId: row.text("az_id"),
          onDemandUsd: row.number("ondemand_usd_per_h"),
          spotUsd: row.number("spot_usd_per_h"),
        }),
      );

/** One paragraph, whose line ends mean nothing. */
const readAbout = (dir: string): Pick<RecordedFiles, "about"> => {
  const path = join(dir, "about.txt");
  return existsSync(path)
    ? { about: readFileSync(path, "utf8").trim().replaceAll(/\s+/g, " ") }
    : {};
};

/**
 * Needed: price-…, ondemand-…, instance-types-…. Used if there: spot-advisor-…, catalog-price-sample, and about.txt, which
 * says where the others are from.
 */
export const readRecordedFiles = (dir: string): RecordedFiles => ({
  prices: readCsv(
    requireFile(dir, "price-"),
    ["instance_type", "az", "timestamp_utc", "spot_usd_per_h"],
    (row) => ({
      instanceType: row.text("instance_type"),
      zoneName: row.zoneName("az"),
      atMs: row.utc("timestamp_utc"),
      hourlyUsd: row.number("spot_usd_per_h"),
    }),
  ),
  onDemand: readCsv(
    requireFile(dir, "ondemand-"),
    ["instance_type", "ondemand_usd_per_h"],
    (row) => ({
      instanceType: row.text("instance_type"),
      hourlyUsd: row.number("ondemand_usd_per_h"),
    }),
  ),
  types: readCsv(
    requireFile(dir, "instance-types-"),
    ["instance_type", "vcpu", "ram_gb", "emr"],
    (row) => ({
      instanceType: row.text("instance_type"),
      vcpu: row.number("vcpu"),
      memoryGib: row.number("ram_gb"),
      emr: row.number("emr") === 1,
    }),
  ),
  bands: readBands(findFile(dir, "spot-advisor-")),
  samples: readSamples(findFile(dir, "catalog-price-sample")),
  ...readAbout(dir),
});
