/** Size and cold import time of each Lambda bundle, against our aims. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import * as z from "zod";
import { functionNames } from "../../lambdas/access/functions.ts";
import { median } from "./median.ts";

export interface BundleFigures {
  readonly name: string;
  readonly minifiedBytes: number;
  /** By gzip, which is what zip does to the files in it. */
  readonly zippedBytes: number;
  /** Reading, compiling and running the bundle's top level in a fresh process; medians. */
  readonly importMs: number;
  /** Processor time of the same, which other programs on the machine disturb less. */
  readonly importCpuMs: number;
  /** Processor time of a process that imports it ÷ that of one that imports an empty handler, taken in turn. */
  readonly timesEmpty: number;
  readonly meets: {
    /** Absent for the API, for which no downtime waits. */
    readonly size?: boolean;
    readonly importTime?: boolean;
    readonly timesEmpty: boolean;
  };
}

export const bundleAims = {
  minifiedBytes: 1_000_000,
  /** Of a step that carries the client of Kubernetes: those that look at every kind of target of a region are the largest. */
  withClusterBytes: 1_200_000,
  importMs: 150,
  timesEmpty: { step: 3, api: 5 },
} as const;

/** An odd number, so that the median is a measurement. */
const runs = 9;

/** All that any of our handlers reads at start-up. */
export const handlerEnvironment = {
  AWS_REGION: "us-east-1",
  TABLE_NAME: "bench",
  ADVISOR_FEED_URL: "https://advisor.invalid/feed.json",
  LINEAR_STATE_MACHINE_ARN: "arn:aws:states:us-east-1:111122223333:stateMachine:bench",
  CLUSTER_STATE_MACHINE_ARN: "arn:aws:states:us-east-1:111122223333:stateMachine:bench",
  SWEEP_PLACE_FUNCTION_ARN: "arn:aws:lambda:us-east-1:111122223333:function:bench",
  RESTORE_MARKS_FUNCTION_ARN: "arn:aws:lambda:us-east-1:111122223333:function:bench",
  EVENT_BUS_NAME: "bench",
  EVENT_BUS_ARN: "arn:aws:events:us-east-1:111122223333:event-bus/bench",
  OWN_ACCOUNT_ID: "111122223333",
  PRODUCT_VERSION: "bench",
  PREFLIGHT_PLACE_FUNCTION_ARN: "arn:aws:lambda:us-east-1:111122223333:function:bench",
  NOTICE_BUS_NAME: "bench",
  WEBHOOK_KEY_ARN: "arn:aws:kms:us-east-1:111122223333:key/bench",
  API_URL: "https://api.invalid",
  METRICS_NAMESPACE: "bench",
  TRUSTED_ROLE_PATTERN: "arn:aws:iam::111122223333:role/spot-optimizer/bench/customer/*",
} as const;

const timedImport = `
  const since = performance.now();
  const cpuSince = process.cpuUsage();
  require(process.argv[1]);
  const ms = performance.now() - since;
  const spent = ({ user, system }) => (user + system) / 1000;
  const cpuMs = spent(process.cpuUsage(cpuSince));
  console.log(JSON.stringify({ ms, cpuMs, wholeCpuMs: spent(process.cpuUsage()) }));`;

/** `wholeCpuMs`: of the process, from its beginning. */
const timesSchema = z.object({ ms: z.number(), cpuMs: z.number(), wholeCpuMs: z.number() });

const importOnce = (name: string, file: string): z.infer<typeof timesSchema> => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=commonjs", "--eval", timedImport, file],
    { env: handlerEnvironment, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`The bundle of ${name} does not load: ${stderr.slice(-500)}`);
  return timesSchema.parse(JSON.parse(stdout));
};

/** What any handler is, and no more. */
const emptyHandler = "exports.handler = async () => ({});\n";

/** The handler, and the parts that it loads on demand. */
const codeIn = (folder: string): readonly Buffer[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".cjs"))
    .map((file) => readFileSync(join(folder, file)));

const sum = (values: readonly number[]): number => values.reduce((one, other) => one + other, 0);

/** A token for a cluster begins so: who makes one carries the client of Kubernetes. */
const makesClusterToken = (files: readonly Buffer[]): boolean =>
  files.some((code) => code.includes("k8s-aws-v1."));

/** Of a step. */
const aimOf = (files: readonly Buffer[]): number =>
  makesClusterToken(files) ? bundleAims.withClusterBytes : bundleAims.minifiedBytes;

const measure = (name: string, folder: string): BundleFigures => {
  const file = resolve(folder, name, "handler.cjs");
  const empty = resolve(folder, "empty.cjs");
  writeFileSync(empty, emptyHandler);
  const files = codeIn(resolve(folder, name));
  const minifiedBytes = sum(files.map(({ length }) => length));
  const inTurn = Array.from({ length: runs }, () => ({
    full: importOnce(name, file),
    empty: importOnce("an empty handler", empty),
  }));
  const importMs = median(inTurn.map(({ full }) => full.ms));
  const timesEmpty =
    median(inTurn.map(({ full }) => full.wholeCpuMs)) /
    median(inTurn.map(({ empty: nothing }) => nothing.wholeCpuMs));
  const isApi = name === "api";
  return {
    name,
    minifiedBytes,
    zippedBytes: sum(files.map((code) => gzipSync(code).length)),
    importMs: Math.round(importMs),
    importCpuMs: Math.round(median(inTurn.map(({ full }) => full.cpuMs))),
    timesEmpty,
    meets: {
      timesEmpty: timesEmpty <= bundleAims.timesEmpty[isApi ? "api" : "step"],
      ...(isApi
        ? {}
        : {
            size: minifiedBytes <= aimOf(files),
            importTime: importMs <= bundleAims.importMs,
          }),
    },
  };
};

/** @throws Error naming the bundle that doesn't load */
export const measureBundles = (folder: string): readonly BundleFigures[] =>
  functionNames.map((name) => measure(name, folder));
