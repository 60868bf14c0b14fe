import { describe, expect, it } from "@jest/globals";
import { gzipSync } from "node:zlib";
import { everyUnit } from "../../../local/backtest/recording.ts";
import { readTraceFile } from "../../../local/backtest/trace-file.ts";
import { temporaryFiles } from "./temporary-files.ts";

const { write } = temporaryFiles();

const meta = '# {"gap_seconds": 300, "unit_capacity": 16}';

const read = (text: string) => readTraceFile(write("trace.csv", text));

describe("a trace file", () => {
  it("holds a count per zone and tick", () => {
    const market = read(`${meta}\ntick,east,west\n0,16,0\n1,3,2\n`);
    expect(market).toEqual({
      name: "trace",
      gapSeconds: 300,
      ticks: 2,
      zones: ["east", "west"],
      capacity: [Int32Array.of(16, 3), Int32Array.of(0, 2)],
      price: [Float64Array.of(0.3, 0.3), Float64Array.of(0.3, 0.3)],
    });
  });

  it("holds all units or none where unit_capacity is 1", () => {
    const market = read('# {"gap_seconds": 60, "unit_capacity": 1}\ntick,east\n0,1\n1,0\n');
    expect(market.capacity).toEqual([Int32Array.of(everyUnit, 0)]);
  });

  it("may be gzipped, whatever its name, and have the other line ends", () => {
    const text = `${meta}\r\ntick,east\r\n7,1\r\n8,2\r\n\r\n`;
    const market = readTraceFile(write("packed", gzipSync(text)));
    expect(market).toMatchObject({ ticks: 2, capacity: [Int32Array.of(1, 2)] });
  });

  it("may have a zone that never holds anything", () => {
    expect(read(`${meta}\ntick,east\n0,0\n`).capacity).toEqual([Int32Array.of(0)]);
  });

  it.each([
    ["2023-02-15", Date.UTC(2023, 1, 15)],
    ["2023-05-01 (README; folder says 04-19)", Date.UTC(2023, 4, 1)],
    ["2023-05-01T12:30:00", Date.UTC(2023, 4, 1, 12, 30)],
    ["2023-05-01T12:30:00+02:00", Date.UTC(2023, 4, 1, 10, 30)],
    ["spring 2023", undefined],
  ])("that starts %j states its time where it begins with a date", (start, startMs) => {
    const json = JSON.stringify({
      gap_seconds: 60,
      unit_capacity: 1,
      start,
      name: "named",
      instance_type: "p2.xlarge",
    });
    const market = read(`# ${json}\ntick,east\n0,1\n`);
    expect(market).toMatchObject({ name: "named", instanceType: "p2.xlarge" });
    expect(market.startMs).toBe(startMs);
  });
});

describe("a malformed trace file", () => {
  const header = `${meta}\ntick,east,west`;

  it.each([
    ["", "trace.csv, line 1: the file is empty."],
    ["\n\n", "trace.csv, line 1: the file is empty."],
    ["tick,east\n0,1\n", "trace.csv, line 1: must be # followed by JSON."],
    ["# {gap}\n", "trace.csv, line 1: what follows the # is not JSON."],
    ['# {"unit_capacity": 1}', /^trace\.csv, line 1: gap_seconds: /],
    ['# {"gap_seconds": 60}', /^trace\.csv, line 1: unit_capacity: /],
    ['# {"gap_seconds": 0, "unit_capacity": 1}', /^trace\.csv, line 1: gap_seconds: /],
    ['# {"gap_seconds": 60, "unit_capacity": 1.5}', /^trace\.csv, line 1: unit_capacity: /],
    [meta, "trace.csv, line 2: the header must be tick,<zone>,…."],
    [`${meta}\ntime,east\n`, "trace.csv, line 2: the header must be tick,<zone>,…."],
    [`${meta}\ntick\n0\n`, "trace.csv, line 2: the header must be tick,<zone>,…."],
    [`${meta}\ntick,east,\n0,1,1\n`, "trace.csv, line 2: a zone has no name."],
    [`${meta}\ntick,east,east\n0,1,1\n`, "trace.csv, line 2: zone east is named twice."],
    [`${header}\n`, "trace.csv, line 3: there is no tick."],
    [`${header}\n0,1\n`, "trace.csv, line 3: 2 columns instead of 3."],
    [`${header}\n0,1,1\n\n1,1,1\n`, "trace.csv, line 4: 1 columns instead of 3."],
    [`${header}\n0,1,\n`, "trace.csv, line 3: west has no value."],
    [
      `${header}\n0,-1,1\n`,
      'trace.csv, line 3: east is "-1", which is not a whole number of 0 or more.',
    ],
    [
      `${header}\n0,1,0.5\n`,
      'trace.csv, line 3: west is "0.5", which is not a whole number of 0 or more.',
    ],
    [`${header}\n0,17,1\n`, "trace.csv, line 3: east is 17, which is above unit_capacity 16."],
    [`${header}\n0,1,1\n2,1,1\n`, "trace.csv, line 4: tick 2 follows tick 0."],
    [`${header}\n0,1,1\n0,1,1\n`, "trace.csv, line 4: tick 0 follows tick 0."],
    [
      `${header}\nx,1,1\n`,
      'trace.csv, line 3: tick is "x", which is not a whole number of 0 or more.',
    ],
  ])("%j is refused with its line", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("is refused with its name where the archive is damaged", () => {
    const bytes = gzipSync(`${header}\n0,1,1\n`).subarray(0, 20);
    expect(() => readTraceFile(write("cut.csv.gz", bytes))).toThrow(
      "cut.csv.gz is a damaged gzip file.",
    );
  });
});
