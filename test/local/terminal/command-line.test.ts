import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import {
  defineCommandLine,
  readCommand,
  runCommand,
} from "../../../local/terminal/command-line.ts";
import { flag, textAs, wholeNumber } from "../../../local/terminal/option-values.ts";
import { recordingTerminal } from "./recording-terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run sample --",
  usage: "Usage: npm run sample\n",
  parts: { cluster: "Usage: npm run sample -- cluster\n" },
  positional: "mode",
  needs: { stable: "json", prices: "on-demand", "on-demand": "prices" },
  schema: z
    .object({
      mode: z
        .string()
        .refine((mode) => mode !== "sideways", '"sideways" is not a mode')
        .default("linear"),
      seed: wholeNumber({ from: 0, to: 9 }).default(1),
      traces: z.array(z.string()).default([]),
      names: z.array(textAs((text) => (text === "bad" ? undefined : text), String)).optional(),
      json: flag,
      stable: flag,
      prices: z.string().optional(),
      "on-demand": z.string().optional(),
    })
    .refine(({ seed }) => seed !== 9, "Nobody likes a nine"),
});

const defaults = { mode: "linear", seed: 1, traces: [], json: false, stable: false };

const read = (line: string) => readCommand(commandLine, line === "" ? [] : line.split(" "));

describe("a command line", () => {
  it.each([
    ["", {}],
    ["--seed 3 --json", { seed: 3, json: true }],
    ["--seed=3", { seed: 3 }],
    ["cluster --json", { mode: "cluster", json: true }],
    ["--json cluster", { mode: "cluster", json: true }],
    ["--traces a b c --json", { traces: ["a", "b", "c"], json: true }],
    ["--traces a --traces b", { traces: ["a", "b"] }],
    ["--traces a b --names x --traces c", { traces: ["a", "b", "c"], names: ["x"] }],
    ["cluster --traces a b", { mode: "cluster", traces: ["a", "b"] }],
    ["--traces a -- cluster", { mode: "cluster", traces: ["a"] }],
    ["--traces=-a", { traces: ["-a"] }],
    ["--json --stable", { json: true, stable: true }],
    ["--prices p --on-demand o", { prices: "p", "on-demand": "o" }],
  ])("reads %j", (line, options) => {
    expect(read(line)).toEqual({ kind: "RUN", options: { ...defaults, ...options } });
  });

  it.each([
    ["--fast", "Unknown option '--fast': npm run sample -- --help shows what there is."],
    ["--fast=1", "Unknown option '--fast': npm run sample -- --help shows what there is."],
    ["-x", "Unknown option '-x': npm run sample -- --help shows what there is."],
    ["--no-json", "Unknown option '--no-json': npm run sample -- --help shows what there is."],
    ["--toString", "Unknown option '--toString': npm run sample -- --help shows what there is."],
    ["--mode linear", "Unknown option '--mode': npm run sample -- --help shows what there is."],
    ["--seed", "--seed needs a value."],
    ["--seed=", "--seed needs a value."],
    ["--traces --json", '--traces needs a value: "--json" looks like an option.'],
    ["--seed -1", '--seed needs a value: "-1" looks like an option.'],
    ["--json=yes", "--json takes no value."],
    ["--seed 1 --seed 2", "--seed is given twice."],
    ["--json --json", "--json is given twice."],
    ["linear cluster", 'One mode at a time: "linear cluster" names 2.'],
    ["--seed x", '--seed: "x" is not a whole number from 0 to 9.'],
    ["--names good bad", "--names: bad."],
    ["sideways", '"sideways" is not a mode.'],
    ["--seed 9", "Nobody likes a nine."],
    ["--stable", "--stable needs --json."],
    ["--prices p", "--prices and --on-demand need each other."],
    ["--on-demand o", "--on-demand and --prices need each other."],
    ["--seed x --names bad", '--seed: "x" is not a whole number from 0 to 9.'],
  ])("refuses %j in one sentence", (line, sentence) => {
    expect(read(line)).toEqual({ kind: "USAGE_ERROR", sentence });
  });

  it("takes an empty text for a missing value, in a list too", () => {
    for (const args of [
      ["--seed", ""],
      ["--traces", "a", ""],
    ]) {
      expect(readCommand(commandLine, args)).toEqual({
        kind: "USAGE_ERROR",
        sentence: `${args[0] ?? ""} needs a value.`,
      });
    }
  });

  it.each(["--help", "-h", "--fast --help", "--seed x -h", "--traces --help"])(
    "gives help on %j, before all mistakes",
    (line) => {
      expect(read(line)).toEqual({ kind: "HELP" });
    },
  );

  it("asks for what has no default by its name", () => {
    const needy = defineCommandLine({
      command: "x",
      usage: "",
      positional: "mode",
      schema: z.object({ out: z.string(), mode: z.string() }),
    });
    expect(readCommand(needy, ["linear"])).toMatchObject({ sentence: "--out is missing." });
    expect(readCommand(needy, ["--out=o"])).toMatchObject({ sentence: "The mode is missing." });
  });

  it("without a positional key has no place for a lone value", () => {
    const bare = defineCommandLine({
      command: "x",
      usage: "",
      schema: z.object({ json: flag, files: z.array(z.string()).default([]) }),
    });
    for (const line of ["a", "--json a", "--files b -- a"]) {
      expect(readCommand(bare, line.split(" "))).toEqual({
        kind: "USAGE_ERROR",
        sentence: '"a" belongs to no option: x --help shows what there is.',
      });
    }
  });

  it("may take all lone values", () => {
    const greedy = defineCommandLine({
      command: "x",
      usage: "",
      positional: "files",
      schema: z.object({ json: flag, files: z.array(z.string()) }),
    });
    expect(readCommand(greedy, ["a", "--json", "b"])).toEqual({
      kind: "RUN",
      options: { json: true, files: ["a", "b"] },
    });
  });
});

describe("running a command", () => {
  const run = (args: readonly string[]) => {
    const { terminal, said } = recordingTerminal();
    const result = runCommand(commandLine, { args, terminal }, ({ seed }, { stdout }) => {
      stdout(`seed ${String(seed)}\n`);
      return 1;
    });
    return { result, ...said };
  };

  it("hands it options and terminal, and gives back what it gives", () => {
    expect(run(["--seed", "4"])).toMatchObject({ result: 1, stdout: "seed 4\n", stderr: "" });
  });

  it("prints the usage of the part that is named", () => {
    expect(run(["cluster", "--help"])).toMatchObject({
      result: 0,
      stdout: "Usage: npm run sample -- cluster\n",
      stderr: "",
    });
    expect(run(["linear", "--help"])).toMatchObject({ stdout: commandLine.usage });
  });

  it("prints the usage on --help, and ends with 0", () => {
    expect(run(["--help"])).toMatchObject({ result: 0, stdout: commandLine.usage, stderr: "" });
  });

  it("says what is wrong on stderr alone, and ends with 2", () => {
    expect(run(["--seed"])).toMatchObject({
      result: 2,
      stdout: "",
      stderr: "--seed needs a value.\n",
    });
  });
});
