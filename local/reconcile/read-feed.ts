/**
 * Reads a file of the Spot Instance data feed: tab-separated, gzip, a line for each instance and hour. Source: EC2 user guide, "Spot Instance
 * data feed". It has no file for an hour without Spot, and none in China, GovCloud and the opt-in regions.
 */
import { nanoOf } from "./amount.ts";
import type { BillFile, BillRow } from "./bill-row.ts";
import { bytesOf, textOfFile } from "./open-table.ts";
import { sha256Of, utcOf } from "./read-bill.ts";
import { RefusalError } from "./refusal.ts";

const hourMs = 3_600_000;

/** Timestamp, UsageType, Operation, InstanceID, MyBidID, MyMaxPrice, MarketPrice, Charge, Version. */
const width = 9;

/** `111122223333.2026-11-01-05.001.…gz` */
const accountIn = (name: string): string => /(?:^|[/\\])(\d{12})\./.exec(name)?.[1] ?? "";

const chargeOf = (text: string, name: string): bigint => {
  const [amount = "", currency = "USD"] = text.split(" ");
  if (currency !== "USD") {
    throw new RefusalError("NOT_USD", `${name} is in ${currency}: only bills in USD are compared.`);
  }
  const nano = nanoOf(amount);
  if (nano !== undefined) return nano;
  throw new RefusalError("UNREADABLE", `${name}: a charge is "${text}".`);
};

const rowOf = (line: string, name: string): BillRow => {
  const cells = line.split("\t");
  const [timestamp = "", usageType = "", operation = "", instanceId = ""] = cells;
  const atMs = utcOf(timestamp.replace(/ UTC$/, ""));
  if (cells.length !== width || Number.isNaN(atMs)) {
    throw new RefusalError("UNREADABLE", `${name}: a line is not of the Spot data feed: ${line}`);
  }
  return {
    becomes: "USAGE",
    lineType: "Usage",
    kind: "SPOT",
    usageType,
    accountId: accountIn(name),
    resourceId: instanceId,
    hourMs: Math.floor(atMs / hourMs) * hourMs,
    lastsMs: hourMs,
    nanoUsd: chargeOf(cells[7] ?? "", name),
    identity: [timestamp, usageType, operation, instanceId].join(" "),
    isInvoiced: false,
  };
};

/** @throws RefusalError for all that makes the file useless, with its name */
export const readFeed = (path: string, name: string): BillFile => {
  const bytes = bytesOf(path, name);
  // † Lines that start with # are comments.
  const lines = textOfFile(bytes, name)
    .split(/\r?\n/)
    .filter((line) => line !== "" && !line.startsWith("#"));
  return {
    name,
    sha256: sha256Of(bytes),
    format: "Spot data feed",
    assemblyId: undefined,
    rows: lines.map((line) => rowOf(line, name)),
    hasResources: true,
    unusedColumns: [],
  };
};
