/**
 * Reads a trace: line 1 `# {json}` with gap_seconds and unit_capacity, line 2 `tick,<zone>,…`, then a row per tick with
 * how many units each zone could hold. With unit_capacity 1 a zone holds all units or none. A zone that is empty at
 * every tick is allowed: it just never holds a unit. Blank lines count only at the end of the file, as nothing.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import * as z from "zod";
import { everyUnit, type Recording } from "./recording.ts";

/** Spot price where no price is recorded, as a share of On-Demand. */
const assumedSpotPrice = 0.3;

const metaSchema = z.object({
  gap_seconds: z.number().positive(),
  unit_capacity: z.int().positive(),
  name: z.string().min(1).optional(),
  instance_type: z.string().min(1).optional(),
  start: z.string().optional(),
});

type Meta = z.infer<typeof metaSchema>;

interface TraceText {
  readonly file: string;
  readonly lines: readonly string[];
}

const malformed = (file: string, line: number, what: string): Error =>
  new Error(`${file}, line ${String(line)}: ${what}.`);

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const unpack = (file: string, bytes: Buffer): Buffer => {
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new Error(`${file} is a damaged gzip file.`, { cause: error });
  }
};

const readText = (path: string): TraceText => {
  const file = basename(path);
  const text = unpack(file, readFileSync(path)).toString("utf8").trimEnd();
  if (text === "") throw malformed(file, 1, "the file is empty");
  return { file, lines: text.split(/\r?\n/) };
};

const parseMeta = ({ file, lines }: TraceText): Meta => {
  const [line = ""] = lines;
  if (!line.startsWith("#")) throw malformed(file, 1, "must be # followed by JSON");
  let json: unknown;
  try {
    json = JSON.parse(line.slice(1));
  } catch (error) {
    throw new Error(`${file}, line 1: what follows the # is not JSON.`, { cause: error });
  }
  const { success, data, error } = metaSchema.safeParse(json);
  if (success) return data;
  const [issue] = error.issues;
  throw malformed(file, 1, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is wrong"}`);
};

const parseZones = ({ file, lines }: TraceText): readonly string[] => {
  const [tick, ...zones] = (lines[1] ?? "").split(",").map((name) => name.trim());
  if (tick !== "tick" || zones.length === 0) {
    throw malformed(file, 2, "the header must be tick,<zone>,…");
  }
  if (zones.includes("")) throw malformed(file, 2, "a zone has no name");
  const twice = zones.find((zone, index) => zones.indexOf(zone) !== index);
  if (twice !== undefined) throw malformed(file, 2, `zone ${twice} is named twice`);
  return zones;
};

interface RowRules {
  readonly file: string;
  readonly zones: readonly string[];
  readonly unitCapacity: number;
}

const parseCount = (
  text: string,
  { file, zones, unitCapacity }: RowRules,
  at: { readonly line: number; readonly zone: number },
): number => {
  const fail = (what: string) => malformed(file, at.line, `${zones[at.zone] ?? ""} ${what}`);
  if (text === "") throw fail("has no value");
  if (!/^\d+$/.test(text)) throw fail(`is "${text}", which is not a whole number of 0 or more`);
  const count = Number(text);
  if (count > unitCapacity) {
    throw fail(`is ${text}, which is above unit_capacity ${String(unitCapacity)}`);
  }
  return unitCapacity === 1 ? count * everyUnit : count;
};

const parseTick = (
  text: string,
  file: string,
  { line, previous }: { readonly line: number; readonly previous: number | undefined },
): number => {
  if (!/^\d+$/.test(text)) {
    throw malformed(file, line, `tick is "${text}", which is not a whole number of 0 or more`);
  }
  const tick = Number(text);
  if (previous !== undefined && tick !== previous + 1) {
    throw malformed(file, line, `tick ${text} follows tick ${String(previous)}`);
  }
  return tick;
};

const parseRows = ({ file, lines }: TraceText, rules: RowRules): readonly Int32Array[] => {
  const { zones } = rules;
  if (lines.length < 3) throw malformed(file, 3, "there is no tick");
  const capacity = zones.map(() => new Int32Array(lines.length - 2));
  let previous: number | undefined;
  for (let row = 0; row < lines.length - 2; row += 1) {
    const line = row + 3;
    const [tick = "", ...cells] = (lines[row + 2] ?? "").split(",");
    if (cells.length !== zones.length) {
      const columns = `${String(cells.length + 1)} columns instead of ${String(zones.length + 1)}`;
      throw malformed(file, line, columns);
    }
    previous = parseTick(tick.trim(), file, { line, previous });
    for (const [zone, column] of capacity.entries()) {
      column[row] = parseCount(cells[zone]?.trim() ?? "", rules, { line, zone });
    }
  }
  return capacity;
};

/** Time of the ISO date, or date and time, that the text begins with. A time without a zone is UTC. */
const startMsOf = (start = ""): number | undefined => {
  const [found] =
    /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?/.exec(start) ?? [];
  if (found === undefined) return undefined;
  const atMs = Date.parse(/^[^T]*$|Z$|[+-]\d\d:\d\d$/.test(found) ? found : `${found}Z`);
  return Number.isNaN(atMs) ? undefined : atMs;
};

/**
 * The market of a trace file, gzipped or plain. It is called by its metadata's name, or else by its file's.
 *
 * @throws Error naming file and line of what is malformed, or the system's error for a file that can't be read.
 */
export const readTraceFile = (path: string): Recording => {
  const text = readText(path);
  const meta = parseMeta(text);
  const zones = parseZones(text);
  const rules = { file: text.file, zones, unitCapacity: meta.unit_capacity };
  const capacity = parseRows(text, rules);
  const ticks = capacity[0]?.length ?? 0;
  const startMs = startMsOf(meta.start);
  return {
    name: meta.name ?? text.file.replace(/\.csv(\.gz)?$/, ""),
    gapSeconds: meta.gap_seconds,
    ticks,
    zones,
    capacity,
    price: zones.map(() => new Float64Array(ticks).fill(assumedSpotPrice)),
    ...(startMs === undefined ? {} : { startMs }),
    ...(meta.instance_type === undefined ? {} : { instanceType: meta.instance_type }),
  };
};
